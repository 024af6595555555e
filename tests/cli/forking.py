"""Runs of build-site that cost no start of Python: forks of a process that has it imported.

They are processes of their own, with their own directory, environment and streams, and die like
any other. What Python itself reads when it starts, PYTHON… and the locale, has no effect here.
"""

import atexit
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from threading import Lock

CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Limits:
    """What a run may not do, whoever starts it."""

    file_size: int | None = None
    """Bytes a file may grow to; writing more fails as on a full disk."""
    unprivileged: bool = False
    """Modes of files bind even root."""
    dies_at: tuple[int, int] | None = None
    """Killed before the step of this number that makes or moves a file, or before the removal of
    the second number that follows that step; 0 is the step itself."""
    dies_at_step: int | None = None
    """Killed before the step of this number that starts git, or makes, moves or removes a path."""


UNLIMITED = Limits()


@dataclass(frozen=True)
class Run:
    """One run from outside: its number, what it says, and how it ends."""

    pid: int
    told: int
    out: int
    err: int

    def kill(self, ending=signal.SIGKILL):
        """Send a signal; a run that has ended already does not mind."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, ending)

    def is_alive(self):
        """Whether it has not come to its end yet."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def wait(self, timeout=90):
        """Exit code (negative for a signal), stdout and stderr, once it has ended."""
        streams = (self.told, self.out, self.err)
        try:
            code, out, err = _read_all(streams, time.monotonic() + timeout)
        except TimeoutError:
            self.kill()
            raise
        finally:
            for stream in streams:
                os.close(stream)
        return int(code), out, err


class ForkServer:
    """The process that is forked. Runs may be started from any thread."""

    def __init__(self):
        self._lock = Lock()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.cli.fork_server", str(theirs.fileno())],
                cwd=CHECKOUT,
                env={"PATH": os.defpath, "PYTHONPATH": str(CHECKOUT)},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def start(self, arguments, directory, environment, limits=UNLIMITED):
        """A run in a directory, with this environment and nothing else."""
        order = {"arguments": arguments, "directory": str(directory), "environment": environment}
        text = json.dumps(order | asdict(limits)).encode()
        pipes = [os.pipe() for _ in range(3)]
        theirs = [write for _, write in pipes]
        with self._lock:
            socket.send_fds(self._control, [len(text).to_bytes(4, "big")], theirs)
            self._control.sendall(text)
        for descriptor in theirs:
            os.close(descriptor)
        told, out, err = (read for read, _ in pipes)
        return Run(int(_read_line(told)), told, out, err)

    def close(self):
        """End the server; runs under way go on."""
        self._control.close()
        self._process.wait(10)


@cache
def fork_server():
    """The one of this test process."""
    server = ForkServer()
    atexit.register(server.close)
    return server


def _read_line(stream):
    line = b""
    while not line.endswith(b"\n"):
        line += os.read(stream, 1) or b"\n"
    return line


def _read_all(streams, deadline):
    """Everything that comes out of each of the streams, once all of them have ended."""
    heard = dict.fromkeys(streams, b"")
    with selectors.DefaultSelector() as selector:
        for stream in streams:
            selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(deadline - time.monotonic())
            if not ready:
                raise TimeoutError("a run did not end")
            for key, _ in ready:
                chunk = os.read(key.fd, 65536)
                heard[key.fd] += chunk
                if not chunk:
                    selector.unregister(key.fd)
    return tuple(heard.values())
