"""Starts the second emulator of AWS: for the tests of this crate, and for those of the command line."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading

READY = "Running on http"


def ends_with_us():
    """Linux ends the emulator when this program ends, also when that is killed."""
    death_signal = 1
    ctypes.CDLL(None).prctl(death_signal, signal.SIGKILL)


def started(home, **settings):
    """The emulator on a free port of loopback, and that port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # Without a host it listens on all addresses.
    places = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "HOME": home, "TMPDIR": home}
    server = subprocess.Popen(
        [os.path.join(os.path.dirname(sys.executable), "ministack")],
        env={"PATH": os.environ.get("PATH", ""), **settings, **places},
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=ends_with_us,
    )
    said = []
    for line in server.stdout:
        said.append(line)
        if READY in line:
            # What it prints from now on must not fill the pipe.
            threading.Thread(target=server.stdout.read, daemon=True).start()
            return server, port
    sys.exit("".join(said))
