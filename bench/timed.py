"""Runs a command and prints its wall and cpu seconds and its peak of memory in MiB.

A process of its own, and a small one: the peak of a process counts from that of whoever forked it.
"""

import os
import sys
import time

IN_MIB = 1 / 2**20 if sys.platform == "darwin" else 1 / 2**10
"""ru_maxrss counts bytes there and kibibytes elsewhere."""


def main(command: list[str]) -> int:
    """The exit code of the command; the numbers are the last line on stdout."""
    started = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - started
    print(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * IN_MIB)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
