"""A crew: pieces of work that need nothing of one another, shared among processes."""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, TypeVar

from generator.errors import GeneratorError, RenderError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

LEAST = 8
"""Pieces of work that are worth starting a process for."""
_PR_SET_PDEATHSIG = 1

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(
    items: Sequence[Item], work: Callable[[Item], Result], hands: int
) -> Iterator[tuple[Item, Result]]:
    """Every item with what came of it, in any order; an error of the work is raised here.

    The processes are forks, so that `work` can be anything, and end when this one ends, however
    it does. Where that cannot be had, and for few items, the work is done here.
    """
    hands = min(hands, len(items) // LEAST)
    if hands < 2 or sys.platform != "linux" or threading.active_count() > 1:
        yield from ((item, work(item)) for item in items)
        return
    with ExitStack() as stack:
        shares = [range(hand, len(items), hands) for hand in range(hands)]
        ends = [stack.enter_context(_hand(items, share, work)) for share in shares]
        received: Iterator[tuple[int, Result]] = _received(ends)
        yield from ((items[number], result) for number, result in received)


def _received(ends: "list[Connection]") -> "Iterator[tuple[int, Result]]":
    from multiprocessing.connection import wait  # noqa: PLC0415 - only large builds need it

    while ends:
        ready = wait(ends)
        for end in [one for one in ends if one in ready]:
            try:
                number, result = end.recv()
            except EOFError:
                what = "a process that rendered a part of it ended before it was done"
                raise RenderError("the site", what) from None
            if number is None:
                ends.remove(end)
            elif isinstance(result, GeneratorError | OSError):
                raise result
            else:
                yield number, result


@contextmanager
def _hand(
    items: Sequence[Item], share: Sequence[int], work: Callable[[Item], object]
) -> "Iterator[Connection]":
    """One process at work on its share, and where its results come from."""
    from multiprocessing import get_context  # noqa: PLC0415 - only large builds need it

    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(items, share, work, theirs, os.getpid()))
    with closing(ours):
        process.start()
        theirs.close()
        try:
            yield ours
        finally:
            process.terminate()
            process.join()


def _run(
    items: Sequence[Item],
    share: Sequence[int],
    work: Callable[[Item], object],
    end: "Connection",
    parent: int,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return
    for number in share:
        try:
            result = work(items[number])
        except (GeneratorError, OSError) as error:
            result = error
        end.send((number, result))
    end.send((None, None))
