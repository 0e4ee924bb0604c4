#!/usr/bin/python3
"""A window that files can be dragged out of: drag_source.py X Y FILE...

Prints READY when it stands, BEGIN and END around a drag, and REFUSED when nobody took it.
"""

import pathlib
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

x, y = int(sys.argv[1]), int(sys.argv[2])
addresses = [pathlib.Path(name).absolute().as_uri() for name in sys.argv[3:]]


def say(word):
    print(word, flush=True)
    return False


stood = False


def stands(window, _event):
    """Ready where it was sent to: a window that was just mapped may not be there yet."""
    global stood
    at = window.get_window().get_origin()
    if not window.get_mapped() or (at[1], at[2]) != (x, y):
        window.move(x, y)
        return False
    if not stood:
        stood = True
        say("READY")
    return False


window = Gtk.Window(title="drag source")
window.set_decorated(False)
window.set_default_size(200, 200)
handle = Gtk.EventBox()
handle.add(Gtk.Label(label="drag me"))
window.add(handle)
handle.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
handle.drag_source_add_uri_targets()
handle.connect("drag-begin", lambda *_: say("BEGIN"))
handle.connect("drag-data-get", lambda _w, _c, data, *_: data.set_uris(addresses))
handle.connect("drag-failed", lambda *_: say("REFUSED"))
handle.connect("drag-end", lambda *_: say("END"))
window.connect("map-event", stands)
window.connect("configure-event", stands)
window.move(x, y)
window.show_all()
GLib.timeout_add_seconds(120, Gtk.main_quit)
Gtk.main()
