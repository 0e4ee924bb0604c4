"""What a program costs: wall time, processor time, and the most memory of it and all that it starts.

Two sides of one comparison run in turn, in changing order, and their medians are compared: machines are noisy.
"""

import os
import pathlib
import signal
import statistics
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

TICK = os.sysconf("SC_CLK_TCK")
LOOK = 0.02
PATIENCE = 3600


class Failed(Exception):
    """A program that was measured did not do its work."""


@dataclass
class Cost:
    wall: float
    cpu: float
    memory: float
    """MiB, each page once (PSS), of all processes at once."""
    out: str = ""
    spare_cpu: float = 0.0
    """Of `cpu`, what processes took that give way to all others."""
    brisk_memory: float = 0.0
    """Of `memory`, the most without those."""


def run(command, *, env=None, until=None, after=None, codes=(0,)):
    """Runs a program to its end; with `until`, to the moment when that holds, and then interrupts it.

    `after` is called with the process id once `until` holds, before the interrupt.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.monotonic()
        process = subprocess.Popen(
            [str(word) for word in command], env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
        watch = Watch(process.pid)
        watch.start()
        cpu = spare = None
        try:
            if until is not None:
                wait_for(until, process)
                wall = time.monotonic() - begun
                cpu, spare = cpu_of_tree(process.pid)
                if after is not None:
                    after(process.pid)
                process.send_signal(signal.SIGINT)
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        finally:
            watch.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        if until is None:
            wall = time.monotonic() - begun
            # Children that it did not wait for are in no usage.
            cpu, spare = max(usage.ru_utime + usage.ru_stime, watch.cpu), watch.spare
        text = [read_again(stream) for stream in (out, err)]
        if process.returncode not in codes:
            raise Failed(f"{' '.join(map(str, command))}: exit {process.returncode}\n{text[0][-2000:]}{text[1][-2000:]}")
        return Cost(wall, cpu, watch.memory, text[0] + text[1], spare, watch.brisk_memory)


def alternate(runs, sides):
    """Runs each side so often, in turn. `sides`: functions by name, each giving a Cost."""
    costs = {name: [] for name in sides}
    for turn in range(runs):
        names = list(sides)
        for name in names if turn % 2 == 0 else reversed(names):
            costs[name].append(sides[name]())
    return costs


def median(costs, what):
    return statistics.median(getattr(cost, what) for cost in costs)


def wait_for(holds, process=None, rest=10):
    """Looks until it holds; between two looks it rests `rest` times as long as a look took."""
    begun = time.monotonic()
    while True:
        looked = time.monotonic()
        if holds():
            return
        if process is not None and process.poll() is not None:
            raise Failed(f"{process.args[0]} ended by itself with {process.returncode}")
        if time.monotonic() - begun > PATIENCE:
            raise Failed("nothing more happened")
        # To count a hundred thousand rows takes the cores of what is measured.
        time.sleep(max(LOOK, rest * (time.monotonic() - looked)))


class Watch(threading.Thread):
    """Looks every so often at what a process and its descendants take.

    Looking takes the same cores, and the more of them the more processes there are: a twentieth of the time at most.
    """

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.ended = pid, threading.Event()
        self.memory = self.brisk_memory = self.cpu = self.spare = 0.0

    def run(self):
        pause = LOOK
        while not self.ended.wait(pause):
            begun = time.monotonic()
            memory = [(memory_of(process) / 1024, nice_of(process)) for process in tree(self.pid)]
            self.memory = max(self.memory, sum(size for size, _ in memory))
            self.brisk_memory = max(self.brisk_memory, sum(size for size, nice in memory if nice <= 0))
            cpu, spare = cpu_of_tree(self.pid)
            self.cpu, self.spare = max(self.cpu, cpu), max(self.spare, spare)
            pause = max(LOOK, 20 * (time.monotonic() - begun))

    def stop(self):
        self.ended.set()
        self.join()


def tree(pid):
    """A process and all its descendants."""
    found = [pid]
    for process in found:
        tasks = pathlib.Path(f"/proc/{process}/task")
        try:
            names = os.listdir(tasks)
        except OSError:
            continue
        for name in names:
            try:
                found.extend(map(int, (tasks / name / "children").read_text().split()))
            except OSError:
                continue
    return found


def memory_of(pid):
    try:
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def cpu_of_tree(pid):
    """Of all, and of those among them that give way to others."""
    ticks = spare = 0
    for process in tree(pid):
        fields = stat_of(process)
        if fields is None:
            continue
        # utime, stime, and those of the children that have ended
        taken = sum(int(field) for field in fields[11:15])
        ticks += taken
        spare += taken if int(fields[NICE]) > 0 else 0
    return ticks / TICK, spare / TICK


NICE = 16


def nice_of(pid):
    fields = stat_of(pid)
    return int(fields[NICE]) if fields else 0


def stat_of(pid):
    """What proc(5) tells from the third field on."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    except OSError:
        return None


def read_again(stream):
    stream.seek(0)
    return stream.read().decode(errors="replace")
