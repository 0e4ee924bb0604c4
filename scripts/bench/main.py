"""Runs imgn and its peers in turn, and prints one table. Called by `./dev bench`.

A bench is a function that measures and gives rows; what it needs and this machine has not is said in its row.
"""

import argparse
import os
import pathlib
import platform
import subprocess
import sys

import folders
import measure
import pictures
import table
import upload
from bed import Bed, Missing

BENCHES = {
    "thumbnails": pictures.thumbnails,
    "progressive": pictures.progressive,
    "pipeline": pictures.pipeline,
    "metadata": pictures.metadata,
    "rescan": folders.rescan,
    "first-index": folders.first_index,
    "upload": upload.lane,
    "one-large": upload.one_large,
    "latency": folders.latency,
    "burst": folders.burst,
    "many": folders.many,
}
VERSIONS = {
    "imgn": ["imgn-cli", "--version"],
    "vipsthumbnail": ["vipsthumbnail", "--vips-version"],
    "exiftool": ["exiftool", "-ver"],
    "exiv2": ["exiv2", "--version"],
    "syncthing": ["syncthing", "--version"],
    "s5cmd": ["s5cmd", "version"],
    "rclone": ["rclone", "version"],
}


def main():
    words = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    words.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(BENCHES)}")
    words.add_argument("--quick", action="store_true", help="small sizes, three runs: to see that it works")
    words.add_argument("--json", metavar="FILE", help="write the figures there too")
    for hidden in ("programs", "minio", "scratch"):
        words.add_argument(f"--{hidden}", required=True, help=argparse.SUPPRESS)
    words.add_argument("--corpora", help=argparse.SUPPRESS)
    asked = words.parse_args()
    unknown = [name for name in asked.names if name not in BENCHES]
    if unknown:
        words.error(f"there is no bench {unknown[0]!r}; there are: {', '.join(BENCHES)}")
    os.environ["PATH"] = f"{asked.programs}:{os.environ['PATH']}"

    bed = Bed(asked.programs, asked.minio, asked.scratch, asked.quick, asked.corpora)
    rows, failed = [], False
    for name in asked.names or BENCHES:
        bench = BENCHES[name]
        print(f"==> {name}: {(bench.__doc__ or '').strip()}", file=sys.stderr, flush=True)
        try:
            rows.extend(bench(bed))
        except Missing as missing:
            rows.append(table.Row((bench.__doc__ or "").split()[0], name, not_run=str(missing)))
        except (measure.Failed, OSError) as failure:
            failed = True
            print(f"    failed: {failure}", file=sys.stderr)
            rows.append(table.Row((bench.__doc__ or "").split()[0], name, not_run="it failed; see above"))
    about = machine(bed)
    print(file=sys.stderr)
    table.show(rows)
    print()
    for line in about:
        print(line)
    if asked.json:
        pathlib.Path(asked.json).write_text(table.as_json(rows, about) + "\n")
    return 1 if failed else 0


def machine(bed):
    model = "an unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    load = os.getloadavg()[2]
    lines = [
        f"{os.cpu_count()} cores of {model}, {platform.system()} {platform.release()}; load {load:.1f} over the last 15 minutes",
        f"medians of {bed.runs} runs in turn; ratio is ours divided by theirs, so that less is better",
    ]
    versions = [f"{name} {version(command)}" for name, command in VERSIONS.items()]
    try:
        vips = pictures.need_vips()
        versions.append(f"libvips in process {vips.version(0)}.{vips.version(1)}.{vips.version(2)}")
    except Missing as missing:
        versions.append(str(missing))
    return [*lines, " · ".join(versions)]


def version(command):
    try:
        out = subprocess.run(command, capture_output=True, text=True, timeout=30).stdout
    except OSError:
        return "is not installed"
    return next((word.strip("v,") for word in out.split() if word.strip("v,")[:1].isdigit()), "of an unknown version")


if __name__ == "__main__":
    sys.exit(main())
