"""The days of the year, with the records added on each of them in any year.

Only the first record of a day has its cover: a page shows one sleeve.
"""

from collections.abc import Sequence

from generator.derive.exports import Document, head
from generator.derive.rows import Row
from generator.domain.collection import Snapshot

MOST_ITEMS = 5


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
