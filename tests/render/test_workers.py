"""Worker processes: every task once, in order; exceptions come back; none outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
FORKS = sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1
SEVERAL = pytest.mark.skipif(not FORKS, reason="elsewhere one process does all tasks")
# In a process of its own: a test runner has threads, with which no process is forked.
PROGRAM = """
import os, sys, time
from generator.errors import RenderError
from generator.render.workers import run_each

def work(number):
    if number == {failing}:
        raise RenderError("here", "is wrong", "fix it")
    if number == {dying}:
        os._exit(9)
    time.sleep({seconds})
    return number * number, os.getpid()

try:
    found = list(run_each(range({tasks}), work))
except RenderError as error:
    print(error.where, error.what, error.hint, sep="|")
else:
    print([square for square, _ in found] == [number * number for number in range({tasks})])
    print(len({{pid for _, pid in found}} - {{os.getpid()}}) > 0)
"""


def start(tasks, failing=-1, dying=-1, seconds=0.002):
    program = PROGRAM.format(tasks=tasks, failing=failing, dying=dying, seconds=seconds)
    return subprocess.Popen(
        [sys.executable, "-c", program], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("tasks", [0, 1, 7, 8, 41])
def test_every_task_is_done_once_and_in_order(tasks):
    out, _ = start(tasks).communicate()

    assert out.splitlines() == ["True", str(tasks >= 8 and FORKS)]


@pytest.mark.parametrize("tasks", [5, 40])
def test_an_exception_comes_back_whole(tasks):
    out, _ = start(tasks, failing=tasks - 2).communicate()

    assert out == "here|is wrong|fix it\n"


@SEVERAL
def test_a_worker_that_dies_is_an_error():
    out, _ = start(40, dying=23).communicate()

    assert out.startswith("the site|a process that rendered it ended early|")


@SEVERAL
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_their_parent(ending):
    with start(400, seconds=0.2) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while len(workers := children.read_text().split()) < 2:
            time.sleep(0.001)
        process.send_signal(ending)
    deadline = time.monotonic() + 20
    while alive(workers) and time.monotonic() < deadline:
        time.sleep(0.01)

    assert alive(workers) == []


def alive(processes):
    """Those that still run; one that ended may wait for its parent to notice."""
    found = []
    for process in processes:
        try:
            status = Path(f"/proc/{process}/stat").read_text()
        except OSError:
            continue
        if status.rpartition(")")[2].split()[0] != "Z":
            found.append(process)
    return found
