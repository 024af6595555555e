"""The numbers: everything the site says about a collection as a whole."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from msgspec import Struct

from generator.derive.naming import name_key, name_only_key
from generator.derive.rows import UNKNOWN, Row

TOP_ARTISTS = 10
MOST_MONTHS = 600
"""A longer history lists only the months that occur: one odd date is enough to make it long."""
PSEUDO_ARTISTS = {194: "Various", 355: "Unknown Artist", 118760: "No Artist"}
"""Discogs' stand-ins for a missing artist; no person, so never a top artist."""
_PSEUDO_KEYS = frozenset(name_only_key(name) for name in PSEUDO_ARTISTS.values())


class Count(NamedTuple):
    """How many copies have a value."""

    name: str
    copies: int


class YearCount(NamedTuple):
    """How many copies have an effective year."""

    year: int
    copies: int


class MonthCount(NamedTuple):
    """How many copies were added in a month, and how many there were at its end."""

    month: str  # of the site's time zone: "2019-03"
    copies: int
    total: int


class DecadeFormats(NamedTuple):
    """The formats of a decade's copies, most first."""

    decade: str
    formats: tuple[Count, ...]


class ArtistCount(NamedTuple):
    """How many copies credit an artist; id is None where Discogs gives none."""

    key: int | str
    id: int | None
    name: str
    copies: int


class Stats(Struct, frozen=True):
    """The totals and the counts behind the charts."""

    copies: int
    releases: int
    albums: int
    artists: int
    artist_credits: int
    genres: int
    styles: int
    formats: int
    first_year: int | None
    last_year: int | None
    unknown_years: int
    original_known: int  # copies
    original_albums: int  # albums whose original year is known
    master_albums: int  # albums with a master
    last_added: str | None
    by_genre: tuple[Count, ...]
    by_style: tuple[Count, ...]
    by_format: tuple[Count, ...]
    by_decade: tuple[Count, ...]
    by_year: tuple[YearCount, ...]
    by_month_added: tuple[MonthCount, ...]
    by_decade_format: tuple[DecadeFormats, ...]
    top_artists: tuple[ArtistCount, ...]
    pseudo_artists: tuple[ArtistCount, ...]


def stats(rows: tuple[Row, ...]) -> Stats:
    """The numbers of a collection given as rows, newest first."""
    by_genre = counts(value for row in rows for value in set(row.genres))
    by_style = counts(value for row in rows for value in set(row.styles))
    by_format = counts(row.format for row in rows)
    by_year = _by_year(rows)
    people, pseudo = _artists(rows)
    return Stats(
        copies=len(rows),
        releases=len({row.release_id for row in rows}),
        albums=len({row.album for row in rows}),
        artists=len(people),
        artist_credits=len({row.credit for row in rows}),
        genres=len(by_genre),
        styles=len(by_style),
        formats=len(by_format),
        first_year=by_year[0].year if by_year else None,
        last_year=by_year[-1].year if by_year else None,
        unknown_years=sum(row.year is None for row in rows),
        original_known=sum(row.original_year is not None for row in rows),
        original_albums=len({row.album for row in rows if row.original_year is not None}),
        master_albums=len({row.master_id for row in rows if row.master_id}),
        last_added=rows[0].date_added if rows else None,
        by_genre=by_genre,
        by_style=by_style,
        by_format=by_format,
        by_decade=by_decade(rows),
        by_year=by_year,
        by_month_added=_by_month_added(rows),
        by_decade_format=_by_decade_format(rows),
        top_artists=_most_copies(people, TOP_ARTISTS),
        pseudo_artists=_most_copies(pseudo, len(pseudo)),
    )


def counts(values: Iterable[str]) -> tuple[Count, ...]:
    """Every value with its number, most first, ties by name."""
    return _most_first(Counter(values))


def _most_first(tally: Counter[str]) -> tuple[Count, ...]:
    order = sorted(tally, key=lambda name: (-tally[name], name_key(name)))
    return tuple(Count(name, tally[name]) for name in order)


def by_decade(rows: tuple[Row, ...]) -> tuple[Count, ...]:
    """The decades that occur, ascending, the unknown ones last."""
    tally = Counter(row.decade for row in rows)
    return tuple(Count(decade, tally[decade]) for decade in sorted(tally, key=_decade_order))


def _decade_order(decade: str) -> tuple[bool, str]:
    return decade == UNKNOWN, decade


def is_pseudo(key: int | str) -> bool:
    """Whether the key is that of a pseudo-artist: by id, or by folded name where there is no id.

    A key without id keeps the number of a name, so "Various (2)" is an artist.
    """
    return key in PSEUDO_ARTISTS if isinstance(key, int) else key in _PSEUDO_KEYS


def _by_year(rows: tuple[Row, ...]) -> tuple[YearCount, ...]:
    tally = Counter(row.year for row in rows if row.year is not None)
    if not tally:
        return ()
    return tuple(YearCount(year, tally[year]) for year in range(min(tally), max(tally) + 1))


def _by_month_added(rows: tuple[Row, ...]) -> tuple[MonthCount, ...]:
    """Every month from the first addition to the last; those that occur when they are too many."""
    tally = Counter(_month(row.added_on) for row in rows)
    if not tally:
        return ()
    span = range(min(tally), max(tally) + 1)
    months = span if len(span) <= MOST_MONTHS else sorted(tally)
    totals = accumulate(tally[month] for month in months)
    return tuple(
        MonthCount(f"{month // 12:04}-{month % 12 + 1:02}", tally[month], total)
        for month, total in zip(months, totals, strict=True)
    )


def _month(day: date) -> int:
    """The month as a number that grows by one from each to the next."""
    return day.year * 12 + day.month - 1


def _by_decade_format(rows: tuple[Row, ...]) -> tuple[DecadeFormats, ...]:
    formats: dict[str, Counter[str]] = {}
    for (decade, name), copies in Counter((row.decade, row.format) for row in rows).items():
        formats.setdefault(decade, Counter())[name] = copies
    return tuple(
        DecadeFormats(decade, _most_first(formats[decade]))
        for decade in sorted(formats, key=_decade_order)
    )


def _artists(rows: tuple[Row, ...]) -> tuple[list[ArtistCount], list[ArtistCount]]:
    """The artists and the stand-ins for a missing one; each counts once per copy."""
    copies = Counter(key for row in rows for key in {artist.key for artist in row.artists})
    usual = usual_names(rows)
    people: list[ArtistCount] = []
    pseudo: list[ArtistCount] = []
    for key, number in copies.items():
        entry = ArtistCount(key, key if isinstance(key, int) else None, usual[key], number)
        (pseudo if is_pseudo(key) else people).append(entry)
    return people, pseudo


def usual_names(rows: Iterable[Row]) -> dict[int | str, str]:
    """The name of each artist that most copies credit, ties by code point."""
    credited = Counter((artist.key, artist.name) for row in rows for artist in row.artists)
    usual: dict[int | str, tuple[int, str]] = {}
    for (key, name), times in credited.items():
        usual[key] = min(usual.get(key, (0, "")), (-times, name))
    return {key: name for key, (_, name) in usual.items()}


def _most_copies(entries: list[ArtistCount], most: int) -> tuple[ArtistCount, ...]:
    """The entries with most copies, ties by name, then id; only those that may be among them."""
    numbers = sorted((entry.copies for entry in entries), reverse=True)
    least = numbers[most - 1] if 0 < most <= len(numbers) else 0
    ranked = sorted(
        (entry for entry in entries if entry.copies >= least),
        key=lambda entry: (-entry.copies, name_key(entry.name), entry.id or 0),
    )
    return tuple(ranked[:most])
