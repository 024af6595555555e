"""Milestones: the first record, the hundredth, the thousandth."""

from collections.abc import Iterator
from itertools import chain, count, takewhile
from typing import NamedTuple

from generator.derive.rows import Row

EARLY = (1, 100, 500, 1000, 2000, 3000, 4000)
STEP = 5000  # from here on, multiples of this


class Milestone(NamedTuple):
    """The copy that brought the collection to a number."""

    number: int
    row: Row


def milestones(rows: tuple[Row, ...]) -> tuple[Milestone, ...]:
    """The milestones of a collection given as rows, newest first; counted from the oldest."""
    reached = takewhile(lambda number: number <= len(rows), _numbers())
    return tuple(Milestone(number, rows[-number]) for number in reached)


def _numbers() -> Iterator[int]:
    return chain(EARLY, count(STEP, STEP))
