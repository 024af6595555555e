"""The process behind `forking`: has all of build-site imported, and forks for every run.

Started with the number of a socket. An order is its length in four bytes, with three descriptors
(who is told, stdout, stderr), and then arguments, directory, environment and limits as JSON.
"""

import ctypes
import gc
import importlib
import json
import os
import pkgutil
import resource
import signal
import socket
import sys
import time
import traceback

import generator
from generator.cli import main

CAPABILITIES = 0x20080522
"""Version 3 of Linux' interface to them."""
MAKINGS = {"os.mkdir", "os.rename"}
REMOVALS = {"os.remove", "os.rmdir"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def serve(control):
    """Fork for each order until nobody is there to give one."""
    for module in pkgutil.walk_packages(generator.__path__, "generator."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    while True:
        length, descriptors, _, _ = socket.recv_fds(control, 4, 3)
        if not length:
            return
        order = control.recv(int.from_bytes(length, "big"), socket.MSG_WAITALL)
        if os.fork() == 0:
            control.close()
            watch(json.loads(order), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def watch(order, told, out, err):
    """Start the run, tell its number, and at its end how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        os.close(told)
        become(order, out, err)
    os.close(out)
    os.close(err)
    os.write(told, b"%d\n" % pid)
    _, status = os.waitpid(pid, 0)
    os.write(told, b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def become(order, out, err):
    """Be the run that was ordered, to its end."""
    try:
        os.setsid()
        os.dup2(out, 1)
        os.dup2(err, 2)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8")
        sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace")
        os.chdir(order["directory"])
        os.environ.clear()
        os.environ.update(order["environment"])
        time.tzset()
        limit(order["file_size"], order["unprivileged"])
        if order["dies_at"]:
            die_at(*order["dies_at"])
        if order["dies_at_step"]:
            die_at_step(order["dies_at_step"])
        sys.argv = ["build-site", *order["arguments"]]
        main()
    finally:
        traceback.print_exc()
        os._exit(70)


def limit(file_size, unprivileged):
    """Take from this process, for good, what the run must do without."""
    if file_size is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    if unprivileged and os.geteuid() == 0:
        header = (ctypes.c_uint32 * 2)(CAPABILITIES, 0)
        assert ctypes.CDLL(None).capset(header, (ctypes.c_uint32 * 6)()) == 0


def die_at(making, removal):
    """Be killed just before this step: a making, or a removal after it and before the next."""
    made = removed = 0

    def count(event, arguments):
        nonlocal made, removed
        if event in MAKINGS or (event == "open" and arguments[2] & WRITING):
            made, removed = made + 1, 0
        elif event in REMOVALS:
            removed += 1
        else:
            return
        if made >= making and removed >= removal:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def die_at_step(number):
    """Be killed just before this step: git is started, or a path is made, moved or removed."""
    steps = 0

    def count(event, arguments):
        nonlocal steps
        if (
            event == "subprocess.Popen"
            or (event in MAKINGS | REMOVALS and arguments[-1] == -1)
            or (event == "open" and not isinstance(arguments[0], int) and arguments[2] & WRITING)
        ):
            steps += 1
            if steps == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as given:
        serve(given)
