"""The real window on a display without a screen: from its start to the first photo that is painted."""

import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import time
import urllib.request

import measure
from bed import Missing, free_port

# Answers at once: a script that waits for a frame may be asked of a page that is about to be left, and then waits seconds for nothing.
PAINTED = """
return [...document.querySelectorAll('[data-testid=tile] img')].some((image) => image.complete && image.naturalWidth > 0);
"""


def opened(bed, home):
    """Cost until a photo of the gallery is painted."""
    for tool in ("Xvfb", "WebKitWebDriver"):
        if shutil.which(tool) is None:
            raise Missing(f"{tool} is not installed")
    with contextlib.ExitStack() as stack:
        display = stack.enter_context(screen(home))
        env = {
            **home.env,
            "DISPLAY": display,
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            "GDK_BACKEND": "x11",
            "GSETTINGS_BACKEND": "memory",
            "XDG_RUNTIME_DIR": str(home.path),
            "LC_ALL": "C.UTF-8",
            "TAURI_AUTOMATION": "true",
            "TAURI_WEBVIEW_AUTOMATION": "true",
        }
        port = free_port()
        driver = subprocess.Popen(
            ["WebKitWebDriver", f"--port={port}"],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        stack.callback(end, driver)
        measure.wait_for(lambda: answers(port), driver)
        watch = measure.Watch(driver.pid)
        watch.start()
        begun = time.monotonic()
        app = {"binary": str(bed.ours("imgn")), "args": ["--library", str(home.library)]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": app}}}
        session = ask(port, "POST", "/session", wanted)["sessionId"]
        script = {"script": PAINTED, "args": []}
        # The page answers when it has time: how long that takes is what is measured.
        measure.wait_for(lambda: ask(port, "POST", f"/session/{session}/execute/sync", script), driver, rest=0)
        wall = time.monotonic() - begun
        # What is read in the background after the first picture counts too.
        time.sleep(2)
        watch.stop()
        process = next(pid for pid in measure.tree(driver.pid) if name(pid) == "imgn")
        os.kill(process, signal.SIGTERM)
        measure.wait_for(lambda: name(process) != "imgn")
        return measure.Cost(wall, watch.cpu, watch.memory)


@contextlib.contextmanager
def screen(home):
    while True:
        display = f":{random.randint(200, 900)}"
        server = subprocess.Popen(
            ["Xvfb", display, "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        socket = pathlib.Path(f"/tmp/.X11-unix/X{display[1:]}")
        while server.poll() is None and not socket.exists():
            time.sleep(measure.LOOK)
        if server.poll() is None:
            break
    try:
        yield display
    finally:
        end(server)


def ask(port, method, path, body=None):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)["value"]


def answers(port):
    try:
        return ask(port, "GET", "/status")["ready"]
    except OSError:
        return False


def name(pid):
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    name, rest = stat.split("(", 1)[1].rsplit(") ", 1)
    return None if rest.startswith("Z") else name


def end(process):
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
