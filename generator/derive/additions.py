"""When records were added: milestones, and the days of the year with the records of each.

Only the first record of a day has its cover: a page shows one sleeve.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, count, takewhile
from typing import NamedTuple

from generator.derive.exports import Document, head
from generator.derive.rows import Row
from generator.domain.collection import Snapshot

EARLY = (1, 100, 500, 1000, 2000, 3000, 4000)
STEP = 5000  # from here on, multiples of this
MOST_ITEMS = 5


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


def days_document(snapshot: Snapshot, rows: tuple[Row, ...]) -> Document:
    """The content of days.json: for each day that occurs its copies, and the first of each year."""
    days: dict[tuple[int, int], list[Row]] = {}
    for row in reversed(rows):
        days.setdefault((row.added_on.month, row.added_on.day), []).append(row)
    return head(snapshot) | {
        "days": {f"{month:02}-{day:02}": _day(days[month, day]) for month, day in sorted(days)}
    }


def _day(oldest_first: Sequence[Row]) -> Document:
    years: dict[int, Row] = {}
    for row in oldest_first:
        years.setdefault(row.added_on.year, row)
    firsts = list(years.values())[:MOST_ITEMS]
    items = [_item(row) for row in firsts]
    if firsts[0].thumb:
        items[0]["thumb"] = firsts[0].thumb
    return {"copies": len(oldest_first), "items": items}


def _item(row: Row) -> Document:
    return {
        "instance_id": row.instance_id,
        "release_id": row.release_id,
        "year": row.added_on.year,
        "title": row.title,
        "credit": row.credit,
        "hue": row.hue,
    }
