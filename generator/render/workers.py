"""Several processes for many independent tasks, where forking is safe and worth it."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from generator.errors import RenderError

LEAST = 8  # below this many tasks starting processes costs more than it saves

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")

_inherited: list[tuple[Sequence[Any], Callable[[Any], Any]]] = []
"""The tasks and the function of a worker, which a fork inherits without a copy."""


def run_each(tasks: Sequence[_Task], function: Callable[[_Task], _Result]) -> Iterator[_Result]:
    """The results in the order of the tasks; an exception of a worker is raised here.

    Workers end when this process does, however it ends.
    """
    forks = sys.platform == "linux" and threading.active_count() == 1
    workers = min(len(os.sched_getaffinity(0)), len(tasks) // 4) if forks else 1
    if len(tasks) < LEAST or workers < 2:
        yield from map(function, tasks)
        return
    from concurrent.futures.process import (  # noqa: PLC0415 - small builds do without
        BrokenProcessPool,
        ProcessPoolExecutor,
    )
    from multiprocessing import get_context  # noqa: PLC0415

    gc.freeze()
    try:
        with ProcessPoolExecutor(
            workers, get_context("fork"), _start_worker, (tasks, function)
        ) as pool:
            yield from pool.map(_run_task, range(len(tasks)))
    except BrokenProcessPool:
        raise RenderError("the site", "a process that rendered it ended early") from None
    finally:
        gc.unfreeze()


def _start_worker(tasks: Sequence[Any], function: Callable[[Any], Any]) -> None:
    """Inherit the work; leave interrupts to the parent, and end when it ends."""
    from multiprocessing import parent_process  # noqa: PLC0415

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _inherited.append((tasks, function))
    parent = parent_process()

    def end_with_parent() -> None:
        if parent:
            parent.join()
        os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()


def _run_task(number: int) -> Any:
    tasks, function = _inherited[-1]
    return function(tasks[number])
