"""P1–P4: thumbnails and metadata, beside libvips, exiftool and exiv2."""

import os
import sys

import measure
from table import Row

# Runs in a process of its own, so that its processor time is its own.
VIPS = """
import sys, pyvips
pyvips.cache_set_max(0)
for path in sys.argv[2:]:
    small = pyvips.Image.thumbnail(path, 512, size="down")
    if sys.argv[1] == "pixels":
        small.write_to_memory()
    else:
        small.webpsave_buffer(Q=80)
"""
PROGRESSIVE = """
import sys, pyvips
for path, to in zip(sys.argv[1::2], sys.argv[2::2]):
    pyvips.Image.new_from_file(path).jpegsave(to, Q=90, interlace=True)
"""
# Every scan of each, and the mean of every eight by eight pixels; prints the decibels between that and the first paint.
NEAR = """
import math, sys, pyvips
for path, paint in zip(sys.argv[1::2], sys.argv[2::2]):
    paint = pyvips.Image.new_from_file(paint)
    full = pyvips.Image.new_from_file(path)
    whole = [-(-side // 8) * 8 for side in (full.width, full.height)]
    full = full.embed(0, 0, *whole, extend="copy").shrink(8, 8).autorot()
    if full.get_typeof("icc-profile-data"):
        full = full.icc_transform("srgb")
    if full.width != paint.width:
        full = full.resize(paint.width / full.width, vscale=paint.height / full.height)
    print(10 * math.log10(255 ** 2 / ((paint - full) ** 2).avg()))
"""
VIPS_NAME = "libvips in process"


def vips(script, *words):
    # One thread: what is compared is processor time.
    return measure.run([sys.executable, "-c", script, *words], env={**os.environ, "VIPS_CONCURRENCY": "1"})


def need_vips():
    from bed import Missing

    try:
        import pyvips
    except (ImportError, OSError) as error:
        raise Missing(f"pyvips: {error}") from error
    return pyvips


def thumbnails(bed):
    """P1"""
    need_vips()
    return compare(bed, "P1", "JPEG", bed.large_photos(), ("≤ 0.75", "≤ 0.95"))


def progressive(bed):
    """P3"""
    need_vips()
    made = bed.scratch / "progressive"
    if not made.exists():
        made.mkdir()
        photos = bed.large_photos()
        vips(PROGRESSIVE, *[path for photo in photos for path in (photo, made / photo.name)])
    photos = sorted(made.iterdir())
    return [*compare(bed, "P3", "progressive JPEG", photos, ("≤ 0.85", "")), *first_paints(bed, photos)]


def first_paints(bed, photos):
    costs = measure.alternate(
        bed.runs,
        {
            "ours": lambda: bed.bench("first-paints", *photos),
            "pixels": lambda: vips(VIPS, "pixels", *photos),
        },
    )
    ours, theirs = (1000 * measure.median(costs[side], "cpu") / len(photos) for side in ("ours", "pixels"))
    with bed.folder("paints") as paints:
        bed.bench("first-paints", "--into", paints, *photos)
        pairs = [path for photo in photos for path in (photo, paints / photo.name)]
        near = sorted(float(line) for line in vips(NEAR, *pairs).out.split())
    note = f"median {near[len(near) // 2]:.1f} dB"
    return [
        Row("P3", "first paint from the first scan", ours, "ms", VIPS_NAME, theirs, "≤ 0.35", note="CPU; theirs: every scan"),
        Row("P3", "the same beside all scans at its size, least", near[0], "dB", least="≥ 30", note=note),
    ]


def compare(bed, goal, what, photos, wanted):
    costs = measure.alternate(
        bed.runs,
        {
            "ours": lambda: bed.bench("thumbnails", *photos),
            "webp": lambda: vips(VIPS, "webp", *photos),
            "pixels": lambda: vips(VIPS, "pixels", *photos),
        },
    )
    each = {name: 1000 * measure.median(of, "cpu") / len(photos) for name, of in costs.items()}
    note = "CPU a photo; ours: decode, shrink, sRGB, thumbhash, WebP"
    return [
        Row(goal, f"{what} → 512 px, both as WebP", each["ours"], "ms", VIPS_NAME, each["webp"], wanted[0], note=note),
        Row(goal, f"{what} → 512 px, its pixels only", each["ours"], "ms", VIPS_NAME, each["pixels"], wanted[1]),
    ]


def pipeline(bed):
    """P2"""
    tool = bed.peer("vipsthumbnail")
    count = bed.size(24, 120)
    photos = bed.copies("pipeline", count)

    def ours():
        with bed.home() as home:
            home.watch_folder(photos)
            home.add_nowhere()
            return home.index(count, home.is_shown)

    def theirs():
        with bed.folder("out") as out:
            script = f'ls "$1"/*.jpg | tr "\\n" "\\0" | xargs -0 -P 2 -n {count // 4} "$2" --size 512x512 -o "$3/%s.jpg"'
            env = {**os.environ, "VIPS_CONCURRENCY": "1"}
            return measure.run(["sh", "-c", script, "sh", photos, tool, out], env=env)

    costs = measure.alternate(bed.runs, {"ours": ours, "theirs": theirs})
    wall = [measure.median(costs[side], "wall") for side in ("ours", "theirs")]
    memory = [measure.median(costs[side], "memory") for side in ("ours", "theirs")]
    peer = "vipsthumbnail, 2 at a time"
    what = f"{count} photos: hash, metadata, thumbnail, thumbhash"
    note = "ours is the whole program with its library on disk"
    return [
        Row("P2", what, wall[0], "s", peer, wall[1], "≤ 0.6", note=note),
        Row("P2", "the same, memory at most", memory[0], "MiB", peer, memory[1], "≤ 0.5"),
    ]


def metadata(bed):
    """P4"""
    exiftool, exiv2 = bed.peer("exiftool"), bed.peer("exiv2")
    count = bed.size(500, 2_000)
    made = bed.scratch / "metadata"
    if not made.exists():
        made.mkdir()
        photos = bed.large_photos()
        for number in range(count):
            os.link(photos[number % len(photos)], made / f"{number:05}.jpg")
    pipe = 'find "$1" -type f -print0 | xargs -0 "$2" -q -PEkt pr >/dev/null 2>&1; true'
    costs = measure.alternate(
        bed.runs,
        {
            "ours": lambda: bed.bench("metadata", made),
            "exiftool": lambda: measure.run(["sh", "-c", '"$1" -fast2 -json -q "$2" >/dev/null', "sh", exiftool, made]),
            "exiv2": lambda: measure.run(["sh", "-c", pipe, "sh", made, exiv2]),
        },
    )
    wall = {name: measure.median(of, "wall") for name, of in costs.items()}
    what = f"metadata of {count:,} files"
    return [
        Row("P4", what, wall["ours"], "s", "exiftool -fast2, one batch", wall["exiftool"], "≤ 0.02"),
        Row("P4", what, wall["ours"], "s", "exiv2", wall["exiv2"], "≤ 0.33"),
    ]
