"""P5, P6, P12 and very many files: reading folders, beside find and Syncthing."""

import http.client
import json
import os
import re
import statistics
import time
import urllib.request

import measure
from bed import Missing, free_port
from table import Row

READ = re.compile(r"read a folder.*?\bmilliseconds=([\d.]+)")
CHANGED = re.compile(r"read a folder.*?\bchanged=(\d+)")


def rescan(bed):
    """P5"""
    count = bed.size(10_000, 100_000)
    photos = bed.small_photos(f"small-{count}", count)
    with bed.home() as home:
        home.watch_folder(photos)
        home.add_nowhere()
        home.index(count, home.is_shown)
        return [unchanged(bed, home, photos, count)]


def unchanged(bed, home, photos, count):
    def ours():
        env = {**home.env, "IMGN_LOG": "library::rescan=debug", "NO_COLOR": "1"}
        # 3 and 4: its destination is away, as it is meant to be.
        cost = measure.run(home.command("sync", "--once"), env=env, codes=(3, 4))
        text = re.sub(r"\x1b\[[0-9;]*m", "", cost.out)
        # The first is that of the start, beside all else that begins then.
        cost.wall = float(READ.findall(text)[-1]) / 1000
        if set(CHANGED.findall(text)) != {"0"}:
            raise measure.Failed("files that did not change were written")
        return cost

    def theirs():
        return measure.run(["sh", "-c", "find \"$1\" -printf '%s %T@ %i\\n' >/dev/null", "sh", photos])

    costs = measure.alternate(bed.runs, {"ours": ours, "theirs": theirs})
    wall = [measure.median(costs[side], "wall") for side in ("ours", "theirs")]
    what = f"reading {count:,} unchanged files again"
    return Row("P5", what, wall[0], "s", "find -printf", wall[1], "≤ 1.2", note="no row written")


def first_index(bed):
    """P6"""
    syncthing = bed.peer("syncthing")
    count, size = bed.size(1_000, 5_000), 200_000
    photos = bed.small_photos("first-index", count, size)

    def ours():
        with bed.home() as home:
            home.watch_folder(photos)
            home.add_nowhere()
            return home.index(count, home.is_indexed)

    costs = measure.alternate(bed.runs, {"ours": ours, "theirs": lambda: syncthing_scan(bed, syncthing, photos, count)})
    wall = [measure.median(costs[side], "wall") for side in ("ours", "theirs")]
    what = f"first index of {count:,} files of {size // 1000} kB"
    note = "from the start of each program; ours makes thumbnails meanwhile"
    return [Row("P6", what, wall[0], "s", "Syncthing's first scan", wall[1], "≤ 0.8", note=note)]


def syncthing_scan(bed, program, photos, count):
    with bed.folder("syncthing") as home:
        env = {"PATH": os.environ["PATH"], "HOME": str(home), "STNORESTART": "1", "STNOUPGRADE": "1"}
        measure.run([program, "generate", "--home", home, "--no-default-folder"], env=env)
        port = free_port()
        config = home / "config.xml"
        text = config.read_text()
        key = re.search(r"<apikey>(.*?)</apikey>", text)[1]
        device = re.search(r'<device id="([^"]+)"', text)[1]
        text = re.sub(r"<address>127\.0\.0\.1:\d+</address>", f"<address>127.0.0.1:{port}</address>", text)
        for option in ("globalAnnounceEnabled", "localAnnounceEnabled", "relaysEnabled", "natEnabled", "startBrowser"):
            text = re.sub(f"<{option}>true<", f"<{option}>false<", text)
        text = re.sub(r"<listenAddress>[^<]*</listenAddress>", "<listenAddress>tcp://127.0.0.1:0</listenAddress>", text)
        text = re.sub(r"<crashReportingEnabled>true<", "<crashReportingEnabled>false<", text)
        folder = (
            f'<folder id="photos" label="photos" path="{photos}" type="sendonly" rescanIntervalS="0" '
            f'fsWatcherEnabled="false"><device id="{device}"></device><markerName>.</markerName></folder>'
        )
        config.write_text(text.replace("<device id", folder + "<device id", 1))

        def scanned():
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/rest/db/status?folder=photos", headers={"X-API-Key": key}
            )
            try:
                with urllib.request.urlopen(request, timeout=5) as answer:
                    status = json.load(answer)
            except (OSError, http.client.HTTPException):
                return False
            return status["localFiles"] == count and status["state"] == "idle"

        return measure.run(
            [program, "serve", "--home", home, "--no-browser", "--no-restart", "--no-upgrade"],
            env=env,
            until=scanned,
            codes=(0, 1, 2),
        )


def latency(bed):
    """P12"""
    count = bed.size(20, 100)
    photos = [path.read_bytes() for path in bed.large_photos()]
    with bed.server() as server, bed.home() as home:
        pictures = home.path / "Pictures"
        pictures.mkdir()
        home.watch_folder(pictures)
        home.add_bucket(server, "photos")
        closed = {}

        def confirmed(least):
            return lambda: home.ask("SELECT count(*) FROM copy WHERE confirmed_at IS NOT NULL")[0] >= least

        def write(number):
            path = pictures / f"{number:04}.jpg"
            path.write_bytes(photos[number % len(photos)] + number.to_bytes(8, "big"))
            closed[path.name] = time.time() * 1000

        def come(_):
            for number in range(1, count + 1):
                write(number)
                measure.wait_for(confirmed(number + 1))

        write(0)
        home.cli("sync", "--watch", until=confirmed(1), after=come)
        taken = []
        for name, when in closed.items():
            at = home.ask(
                "SELECT copy.confirmed_at FROM copy JOIN photo ON photo.id = copy.photo "
                f"WHERE photo.name = '{name}'"
            )[0]
            taken.append(at - when)
    # The first was there before the program.
    taken = sorted(taken[1:])
    p95 = taken[int(len(taken) * 0.95)]
    note = f"median {statistics.median(taken):.0f} ms; {count} photos of some megabytes, one after the other, to MinIO"
    return [Row("P12", "file closed → in the bucket and verified, p95", p95, "ms", least="≤ 500", note=note)]


def burst(bed):
    """P12"""
    count = bed.size(10_000, 100_000)
    photo = bed.small_photos("one", 1)
    photo = next(path for path in photo.rglob("*.jpg")).read_bytes()
    with bed.home() as home:
        pictures = home.path / "Pictures"
        (pictures / "0").mkdir(parents=True)
        home.watch_folder(pictures)
        home.add_nowhere()
        (pictures / "0/first.jpg").write_bytes(photo)
        taken = {}

        def come(_):
            begun = time.monotonic()
            for number in range(count):
                folder = pictures / f"{number // 1000}"
                folder.mkdir(exist_ok=True)
                (folder / f"{number}.jpg").write_bytes(photo + number.to_bytes(8, "big"))
            taken["written"] = time.monotonic() - begun
            measure.wait_for(lambda: home.ask("SELECT count(*) FROM file WHERE gone_at IS NULL") == (count + 1,))
            taken["known"] = time.monotonic() - begun
            measure.wait_for(home.is_indexed(count + 1))
            taken["indexed"] = time.monotonic() - begun

        home.cli("sync", "--watch", until=home.is_shown(1), after=come)
        missed = count + 1 - home.ask("SELECT count(*) FROM file WHERE kind = 'photo' AND gone_at IS NULL")[0]
    note = "written in {written:.0f} s, all known after {known:.0f} s, all indexed after {indexed:.0f} s".format(**taken)
    return [Row("P12", f"a burst of {count:,} files: missed", missed, "files", least="≤ 0", note=note)]


def many(bed):
    """A folder of 100,000 files"""
    few, count = 1_000, bed.size(10_000, 100_000)
    rows = []
    with bed.home() as small, bed.home() as large:
        for home, files in ((small, few), (large, count)):
            photos = bed.small_photos(f"small-{files}", files)
            home.watch_folder(photos)
            home.add_nowhere()
            cost = home.index(files, home.is_shown)
        rows.append(
            Row("", f"{count:,} small files: first index with thumbnails", cost.wall, "s", note=f"{cost.memory:.0f} MiB at most")
        )
        rows.append(unchanged(bed, large, photos, count))
        costs = measure.alternate(
            bed.runs, {"large": lambda: large.cli("status"), "small": lambda: small.cli("status")}
        )
        wall = [1000 * measure.median(costs[side], "wall") for side in ("large", "small")]
        rows.append(Row("", f"imgn-cli status, {count:,} photos", wall[0], "ms", f"itself with {few:,}", wall[1], "≤ 1.15"))
        for text in ("lake garda 2015", "img_0042", "fujifilm", "summer 2018"):
            found = json.loads(bed.bench("search", large.library, text).out)
            worst = max(found, key=lambda step: step["milliseconds"])
            note = f"slowest: {worst['text']!r}, {worst['found']:,} found"
            rows.append(Row("", f"search as one types {text!r}", worst["milliseconds"], "ms", least="≤ 100", note=note))
        rows.extend(cold_start(bed, small, large, count))
    return rows


def cold_start(bed, small, large, count):
    from window import opened

    what = f"window opened, first photo painted, {count:,} photos"
    try:
        costs = measure.alternate(bed.runs, {"large": lambda: opened(bed, large), "small": lambda: opened(bed, small)})
    except Missing as missing:
        return [Row("P11", what, least="≤ 1.15", not_run=str(missing))]
    wall = [measure.median(costs[side], "wall") for side in ("large", "small")]
    memory = [measure.median(costs[side], "memory") for side in ("large", "small")]
    return [
        Row("P11", what, wall[0], "s", "itself with 1,000", wall[1], "≤ 1.15"),
        Row("P11", "the same, memory at most", memory[0], "MiB", "itself with 1,000", memory[1], "≤ 1.2"),
    ]
