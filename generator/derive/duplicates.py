"""Duplicates: releases owned more than once, and albums owned in several pressings."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from generator.derive.naming import SortKey, fold, natural_key, sort_name
from generator.derive.rows import Row
from generator.domain.collection import ReleaseId

MOST_ALBUMS = 50
MOST_ROWS = 12


class Album(Struct, frozen=True):
    """An album owned more than once, with the title of its oldest pressing."""

    title: str
    credit: str
    copies: int
    rows: tuple[Row, ...]  # the first twelve, the oldest pressing first
    more: int  # number of copies left out
    repeated: frozenset[ReleaseId]  # its releases owned more than once

    def same_release(self, row: Row) -> bool:
        """Whether there is another copy of the same release."""
        return row.release_id in self.repeated


class Duplicates(Struct, frozen=True):
    """The duplicates of a collection."""

    releases: int  # releases owned more than once
    albums: int  # albums owned as more than one release
    release_copies: int  # copies of those releases
    album_copies: int  # copies of those albums
    entries: tuple[Album, ...]  # the first fifty albums with more than one copy, most copies first
    more: int  # number of such albums left out


def duplicates(rows: tuple[Row, ...]) -> Duplicates:
    """The duplicates among rows."""
    copies = Counter(row.release_id for row in rows)
    albums: dict[tuple[str, int], list[Row]] = {}
    for row in rows:
        albums.setdefault(row.album, []).append(row)
    several = sorted((found for found in albums.values() if len(found) > 1), key=_order)
    kept = several[:MOST_ALBUMS]
    pressings = [found for found in several if len({row.release_id for row in found}) > 1]
    return Duplicates(
        releases=sum(number > 1 for number in copies.values()),
        albums=len(pressings),
        release_copies=sum(number for number in copies.values() if number > 1),
        album_copies=sum(map(len, pressings)),
        entries=tuple(_album(found, copies) for found in kept),
        more=len(several) - len(kept),
    )


def _order(rows: Sequence[Row]) -> tuple[int, SortKey, SortKey, tuple[str, int]]:
    first = min(rows, key=_pressing)
    artist = first.artists[0].name if first.artists else ""
    return -len(rows), natural_key(sort_name(artist)), natural_key(fold(first.title)), first.album


def _pressing(row: Row) -> tuple[bool, int, int, int]:
    """By the pressing's year: pressings of an album share its original year."""
    return row.release_year is None, row.release_year or 0, row.release_id, row.instance_id


def _album(rows: Sequence[Row], copies: Counter[ReleaseId]) -> Album:
    oldest_first = sorted(rows, key=_pressing)
    first, shown = oldest_first[0], tuple(oldest_first[:MOST_ROWS])
    repeated = frozenset(row.release_id for row in rows if copies[row.release_id] > 1)
    return Album(first.title, first.credit, len(rows), shown, len(rows) - len(shown), repeated)
