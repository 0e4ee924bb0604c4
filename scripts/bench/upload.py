"""P7 and P8: bringing photos into a bucket, beside s5cmd and rclone."""

import os
import shutil

import measure
from bed import KEY, SECRET
from table import Row


def lane(bed):
    """P7"""
    s5cmd, rclone = bed.peer("s5cmd"), bed.peer("rclone")
    count = bed.size(100, 500)
    photos = bed.copies("upload", count)
    gigabytes = sum(path.stat().st_size for path in photos.iterdir()) / 1e9
    keys = {"PATH": os.environ["PATH"], "HOME": str(bed.scratch), "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    requests, seen = [], {"originals": [], "again": []}

    with bed.server() as server:

        def ours():
            with bed.home() as home:
                home.watch_folder(photos)
                home.add_bucket(server, "ours")
                originals = "SELECT count(*) FROM copy WHERE confirmed_at IS NOT NULL"
                seen["originals"].append(home.cli("sync", "--watch", until=lambda: home.ask(originals) == (count,)))
                shutil.rmtree(home.library)
                server.empty("ours")
                home.watch_folder(photos)
                home.add_bucket(server, "ours")
                before = server.requests()
                whole = home.cli("sync", "--once")
                requests.append((server.requests() - before) / count)
                before = server.requests()
                again = home.cli("sync", "--once")
                again.requests = server.requests() - before
                seen["again"].append(again)
                server.empty("ours")
                return whole

        def with_s5cmd():
            words = [s5cmd, "--endpoint-url", server.url]
            cost = measure.run([*words, "sync", f"{photos}/", "s3://theirs/"], env=keys)
            again.append(measure.run([*words, "sync", f"{photos}/", "s3://theirs/"], env=keys))
            server.empty("theirs")
            return cost

        def with_rclone():
            remote = f":s3,provider=Minio,env_auth=true,endpoint='{server.url}':theirs"
            cost = measure.run([rclone, "copy", "--transfers", "16", "--config", "/dev/null", photos, remote], env=keys)
            server.empty("theirs")
            return cost

        again = []
        measure.run([s5cmd, "--endpoint-url", server.url, "mb", "s3://theirs"], env=keys)
        costs = measure.alternate(bed.runs, {"ours": ours, "s5cmd": with_s5cmd, "rclone": with_rclone})

    wall = {name: measure.median(of, "wall") for name, of in costs.items()}
    cpu = {name: measure.median(of, "cpu") / gigabytes for name, of in costs.items()}
    memory = {name: measure.median(of, "memory") for name, of in costs.items()}
    originals = measure.median(seen["originals"], "wall")
    cpu_originals = (measure.median(seen["originals"], "cpu") - measure.median(seen["originals"], "spare_cpu")) / gigabytes
    memory_originals = measure.median(seen["originals"], "brisk_memory")
    what = f"{count} photos, {gigabytes:.1f} GB, to MinIO"
    but_thumbnails = "but for the workers that make thumbnails meanwhile"
    whole = "with hashes, metadata, thumbnails, sidecars and proof"
    asked = sorted(requests)[len(requests) // 2]
    return [
        Row("P7", f"{what}: originals", originals, "s", "s5cmd", wall["s5cmd"], "≤ 1.0", note="until each is confirmed"),
        Row("P7", f"{what}: originals", originals, "s", "rclone --transfers 16", wall["rclone"], "≤ 1.0"),
        Row("P7", f"{what}: whole library", wall["ours"], "s", "s5cmd", wall["s5cmd"], note=whole),
        Row("P7", "client CPU a GB, originals", cpu_originals, "s", "s5cmd", cpu["s5cmd"], "≤ 0.5", note=but_thumbnails),
        Row("P7", "client CPU a GB, whole library", cpu["ours"], "s", "s5cmd", cpu["s5cmd"], note="thumbnails included"),
        Row("P7", "client memory, originals", memory_originals, "MiB", "s5cmd", memory["s5cmd"], "≤ 1.0", note=but_thumbnails),
        Row("P7", "client memory, whole library", memory["ours"], "MiB", "s5cmd", memory["s5cmd"], note="all media workers included"),
        Row("P7", "requests a new object, whole library", asked, least="≤ 3.05"),
        Row("P7", "nothing changed: requests", float(max(run.requests for run in seen["again"])), least="≤ 0"),
        Row(
            "P7", "nothing changed: time", measure.median(seen["again"], "wall"), "s", "s5cmd sync", measure.median(again, "wall"), "≤ 1.0"
        ),
    ]


def one_large(bed):
    """P8"""
    s5cmd = bed.peer("s5cmd")
    size = bed.size(300_000_000, 1_000_000_000)
    folder = bed.scratch / "one large"
    if not folder.exists():
        folder.mkdir()
        path = folder / "large.jpg"
        path.write_bytes(bed.large_photos()[0].read_bytes())
        # What follows a picture's end belongs to the file.
        os.truncate(path, size)
        os.utime(path, (0, 1_500_000_000))
    keys = {"PATH": os.environ["PATH"], "HOME": str(bed.scratch), "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    with bed.server() as server:

        def ours():
            with bed.home() as home:
                home.watch_folder(folder)
                home.add_bucket(server, "ours")
                cost = home.cli("sync", "--once")
                server.empty("ours")
                return cost

        def theirs():
            command = [s5cmd, "--endpoint-url", server.url, "cp", folder / "large.jpg", "s3://theirs/"]
            cost = measure.run(command, env=keys)
            server.empty("theirs")
            return cost

        measure.run([s5cmd, "--endpoint-url", server.url, "mb", "s3://theirs"], env=keys)
        costs = measure.alternate(bed.runs, {"ours": ours, "theirs": theirs})
    wall = [measure.median(costs[side], "wall") for side in ("ours", "theirs")]
    memory = [measure.median(costs[side], "memory") for side in ("ours", "theirs")]
    what = f"one file of {size / 1e9:.1f} GB to MinIO"
    return [
        Row("P8", what, wall[0], "s", "s5cmd", wall[1], "≤ 1.05", note="ours hashes it before and waits for the proof"),
        Row("P8", "the same, memory at most", memory[0], "MiB", least="≤ 128", note=f"s5cmd: {memory[1]:.0f} MiB"),
    ]
