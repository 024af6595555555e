"""A crew: all of the work is done once, an error comes home, and nobody stays behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
# In a process of its own: a test runner has threads, which a fork would lose.
WORK = """
import os, sys, time
from generator.errors import SealError
from generator.render.crew import each

def work(number):
    if number == {failing}:
        raise SealError("here", "does not open", "try another")
    time.sleep({seconds})
    return number * number, os.getpid()

try:
    found = list(each(range(40), work, {hands}))
except SealError as error:
    print(error.where, error.what, error.hint)
else:
    print(sorted(item * 10_000 + square for item, (square, _) in found))
    print(len({{pid for _, (_, pid) in found}} - {{os.getpid()}}))
"""
SQUARES = str([number * 10_000 + number * number for number in range(40)])


def started(hands, failing=-1, seconds=0.0):
    program = WORK.format(hands=hands, failing=failing, seconds=seconds)
    return subprocess.Popen(
        [sys.executable, "-c", program], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize(("hands", "processes"), [(1, 0), (2, 2), (3, 3), (64, 5)])
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one hand")
def test_every_item_is_worked_on_once(hands, processes):
    """By as many processes as there are hands, but none for fewer than eight items."""
    out, _ = started(hands).communicate()

    assert out.splitlines() == [SQUARES, str(processes)]


@pytest.mark.parametrize("hands", [1, 3])
def test_an_error_comes_home(hands):
    """With all it says, out of whichever process."""
    out, _ = started(hands, failing=23).communicate()

    assert out == "here does not open try another\n"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one hand")
def test_nobody_outlives_a_killed_build():
    """The kernel ends the crew with the process that hired it."""
    with started(2, seconds=60) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while len(crew := children.read_text().split()) < 2:
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while any(alive(pid) for pid in crew) and time.monotonic() < deadline:
        time.sleep(0.005)

    assert [pid for pid in crew if alive(pid)] == []


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
