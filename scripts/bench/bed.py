"""What every bench has: our programs, the peers, sizes, a folder for inputs, homes and servers that go with the run."""

import contextlib
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.request

import measure

KEY, SECRET = "imgn-bench-key", "imgn-bench-secret"


class Missing(Exception):
    """What a bench needs and this machine has not."""


class Bed:
    def __init__(self, programs, minio, scratch, quick, corpora):
        self.programs, self.minio = pathlib.Path(programs), pathlib.Path(minio)
        self.scratch, self.quick = pathlib.Path(scratch), quick
        self.corpora = corpora and pathlib.Path(corpora)
        self.runs = 3 if quick else 5

    def size(self, quick, usual):
        return quick if self.quick else usual

    def ours(self, name):
        return self.programs / name

    def peer(self, name):
        found = shutil.which(name)
        if found is None:
            raise Missing(f"{name} is not installed")
        return found

    def bench(self, *words):
        return measure.run([self.ours("imgn-bench"), *words])

    # --- Inputs, made once

    def large_photos(self):
        """Real photos of some megabytes where there are any, else drawn ones."""
        made = self.scratch / "large"
        if not made.exists():
            corpus = self.corpora / "large" if self.corpora else None
            if corpus and corpus.is_dir():
                made.mkdir()
                for photo in sorted(corpus.iterdir()):
                    if photo.suffix.lower() == ".jpg":
                        shutil.copy(photo, made / f"{photo.stem}.jpg")
            else:
                self.bench("drawn", made, 24, 4000)
        return sorted(made.iterdir())

    def copies(self, name, count):
        """So many large photos, of which no two are alike."""
        made = self.scratch / name
        if not made.exists():
            photos = self.large_photos()
            made.mkdir()
            for number in range(count):
                bytes_ = photos[number % len(photos)].read_bytes()
                # What follows a picture's end belongs to the file.
                (made / f"{number:05}.jpg").write_bytes(bytes_ + number.to_bytes(8, "big"))
            settle(made)
        return made

    def small_photos(self, name, count, size=0):
        made = self.scratch / name
        if not made.exists():
            self.bench("small", made, count, "--size", size)
            settle(made)
        return made

    @contextlib.contextmanager
    def folder(self, prefix):
        made = pathlib.Path(tempfile.mkdtemp(prefix=f"{prefix}-", dir=self.scratch))
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)

    @contextlib.contextmanager
    def home(self):
        with self.folder("home") as made:
            yield Home(self, made)

    @contextlib.contextmanager
    def server(self):
        with self.folder("minio") as made:
            server = Minio(self.minio, made)
            try:
                yield server
            finally:
                server.stop()


def settle(folder):
    """Dates files an hour back: they came to rest long ago."""
    then = time.time() - 3600
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (then, then))
    os.sync()


class Home:
    """A library of its own and the program that works on it."""

    def __init__(self, bed, folder):
        self.bed, self.path = bed, folder
        self.library = folder / "library"
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
        }

    def command(self, *words):
        return [self.bed.ours("imgn-cli"), "--library", self.library, *words]

    def cli(self, *words, **more):
        return measure.run(self.command(*words), env=self.env, **more)

    def watch_folder(self, folder):
        self.cli("folder", "add", folder)

    def add_nowhere(self):
        """A destination that is not there: nothing goes up, everything else is done."""
        place = self.path / "nowhere"
        place.mkdir()
        self.cli("destination", "add", "folder", "--name", "nowhere", place)
        place.rename(self.path / "away")

    def add_bucket(self, server, bucket):
        self.cli("destination", "add", "s3", "--name", "home", "--endpoint", server.url, "--bucket", bucket, "--create-bucket")

    def ask(self, sql):
        """One row of the library, also while it is open elsewhere."""
        with contextlib.closing(sqlite3.connect(f"file:{self.library}/library.db?mode=ro", uri=True, timeout=30)) as db:
            return db.execute(sql).fetchone()

    def is_indexed(self, count):
        return lambda: self.ask(
            "SELECT count(*) FILTER (WHERE kind <> 'new'), count(*) FROM file WHERE gone_at IS NULL"
        ) == (count, count)

    def is_shown(self, count):
        indexed = self.is_indexed(count)
        return lambda: indexed() and self.ask("SELECT count(*) FROM photo WHERE thumb = 'wanted'") == (0,)

    def index(self, count, done):
        """Watches until all so many files are read."""
        return self.cli("sync", "--watch", until=done(count))


class Minio:
    """A server of our own on a free port of this machine."""

    def __init__(self, program, folder):
        if not program.is_file():
            raise Missing("minio is not installed")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = folder / "data"
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "MINIO_ROOT_USER": KEY,
            "MINIO_ROOT_PASSWORD": SECRET,
            "MINIO_BROWSER": "off",
            "MINIO_UPDATE": "off",
            "MINIO_PROMETHEUS_AUTH_TYPE": "public",
        }
        self.process = subprocess.Popen(
            [program, "server", self.data, "--address", f"127.0.0.1:{self.port}", "--quiet"],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            measure.wait_for(lambda: self.get("/minio/health/live") is not None, self.process)
        except BaseException:
            self.stop()
            raise

    def stop(self):
        self.process.kill()
        self.process.wait()

    def get(self, path):
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return None

    def requests(self):
        """How many S3 requests it has answered so far."""
        metrics = self.get("/minio/metrics/v3/api/requests")
        if metrics is None:
            raise measure.Failed("the server does not say how many requests it had")
        lines = [line for line in metrics.splitlines() if line.startswith("minio_api_requests_total{")]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)

    def empty(self, bucket):
        """Removes what a bucket holds, beneath the server: each run begins with an empty one."""
        for entry in (self.data / bucket).iterdir():
            shutil.rmtree(entry)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
