"""The catalog: every record as columns of plain JSON arrays, for the browser to filter and sort.

`values` holds each distinct text, year or set once; `releases` has one entry for each release, by
credit, then album, then title; `copies` has one for each copy, newest first. All orders are settled
here: credits and titles stand in sort order, so an entry's place is its rank and the browser
compares nothing but integers. The order of the columns is the one that compresses best.
"""

import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from itertools import chain, pairwise
from typing import Any, NamedTuple, TypeVar

from generator.derive.facets import LIST_SETTINGS, Facet
from generator.derive.naming import SortKey, fold, natural_key, sort_name
from generator.derive.rows import Row, editions
from generator.derive.stats import usual_names

_SCHEMA = 4
_LARGEST = 2**53 - 1
"""The largest integer that is exact in a browser; larger ids are written as text."""

_EPOCH = date(1970, 1, 1)

Column = dict[str, object]
Entry = TypeVar("Entry", bound=Hashable)


class EmbeddedJson(str):
    """JSON text that may stand as it is inside a script element."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


class _Credit(NamedTuple):
    """A credit line with the artists' names and keys; the first name decides the order."""

    line: str
    names: tuple[str, ...]
    keys: tuple[str, ...]


class _Place(NamedTuple):
    """Where a release stands among the others: the number of its credit, and so on."""

    credit: int
    lead: int  # the lowest title of the album under this credit
    album: tuple[str, int]
    title: int
    release_id: int


def embedded_json(value: object) -> EmbeddedJson:
    """The value as JSON in which nothing can end a script element or a line of it."""
    text = compact_json(value)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return EmbeddedJson(text)


def compact_json(value: object) -> str:
    """The value as JSON without a space."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def catalog_head(facets: Sequence[Facet], origin: str, thumbs: str, covers: str) -> Column:
    """What the page embeds beside the catalog: its facets, and the files of cover addresses."""
    return {
        "schema": _SCHEMA,
        "settings": LIST_SETTINGS,
        "facets": [
            {
                "name": each.name,
                "title": each.title,
                "values": [value.name for value in each.values],
                "tones": each.tones,
            }
            for each in facets
        ],
        "covers": {"origin": f"{origin}/", "thumbs": thumbs, "covers": covers},
    }


def catalog_columns(rows: Sequence[Row], facets: Sequence[Facet]) -> tuple[Column, list[Row]]:
    """The columns of rows that come newest first; the releases in the order of their columns."""
    found = editions(rows)
    credited = [_credit(row) for row in found]
    lines, credit_ties = _ranked(credited, _credit_key)
    titles, title_ties = _ranked(
        (row.title for row in found), lambda title: natural_key(fold(title))
    )
    line_of, title_of = _numbered(lines), _numbered(titles)
    placed = _placed(
        found, [line_of[credit] for credit in credited], [title_of[row.title] for row in found]
    )
    releases = [row for _, row in placed]
    of_release = _numbered(row.release_id for row in releases)
    breaks, title_steps, split = _grouped([place for place, _ in placed])
    coded = _coded(releases, facets)
    labels: list[tuple[tuple[str, str], ...]] = coded["labels"][0]
    columns: Column = {
        "values": {
            "ties": {"credits": credit_ties, "titles": title_ties},
            "numbers": _catalog_numbers(releases, labels),
            "titles": titles,
            "credits": [
                each.line if each.names == (each.line,) else [each.line, *each.names]
                for each in lines
            ],
            "people": _people(lines, rows),
            **{name: entries for name, (entries, _) in coded.items()},
            "labels": _named(labels),
        },
        "releases": {
            "breaks": breaks,
            "split": split,
            **{name: codes for name, (_, codes) in coded.items()},
            "titles": title_steps,
            "ids": [_exact(row.release_id) for row in releases],
        },
        "copies": {
            "releases": [of_release[row.release_id] for row in rows],
            "instances": _descending([row.instance_id for row in rows]),
            "ratings": [row.rating for row in rows],
            "added": _descending([(row.added_on - _EPOCH).days for row in rows]),
        },
    }
    return columns, releases


def _coded(
    releases: Sequence[Row], facets: Sequence[Facet]
) -> dict[str, tuple[list[Any], list[int]]]:
    """The columns in which few values repeat. Values of facets are their places there."""
    places = {facet.name: _numbered(value.name for value in facet.values) for facet in facets}

    def tags(row: Row) -> tuple[tuple[int, ...], ...]:
        genres = {places["genre"][name] for name in row.genres}
        styles = {places["style"][name] for name in row.styles}
        return tuple(sorted(genres)), tuple(sorted(styles))

    return {
        "pressings": _dictionary([_pressing(row) for row in releases]),
        "formats": _dictionary([(places["format"][row.format], *row.formats) for row in releases]),
        "years": _dictionary([row.year or 0 for row in releases]),
        "labels": _dictionary([_labels(row) for row in releases]),
        "tags": _dictionary([tags(row) for row in releases]),
    }


def _credit(row: Row) -> _Credit:
    names = dict.fromkeys(chain.from_iterable((who.name, who.printed) for who in row.artists))
    keys = dict.fromkeys(str(who.key) for who in row.artists)
    return _Credit(row.credit, tuple(name for name in names if name), tuple(keys))


def _people(lines: Sequence[_Credit], rows: Sequence[Row]) -> Column:
    """The artists by first appearance in the credits, and which of them each credit names.

    0 stands for a single artist who was not named before, and "" for the name of one whom a credit
    names alone in exactly that way.
    """
    usual = {str(key): name for key, name in usual_names(rows).items()}
    alone = {(each.keys, each.line) for each in lines if each.names == (each.line,)}
    artists, of = _first_seen([each.keys for each in lines])
    return {
        "ids": [_number_or_text(key) for key in artists],
        "names": ["" if ((key,), usual[key]) in alone else usual[key] for key in artists],
        "of": of,
    }


def _named(entries: Sequence[tuple[tuple[str, str], ...]]) -> Column:
    """The labels by first appearance in the combinations, and those of each combination."""
    labels, of = _first_seen(entries)
    return {
        "ids": [_number_or_text(key) for key, _ in labels],
        "names": [name for _, name in labels],
        "of": of,
    }


def _first_seen(
    groups: Iterable[Sequence[Entry]],
) -> tuple[list[Entry], list[int | list[int]]]:
    """The members of groups by first appearance, and the members of each group, counted from 1.

    0 stands for a single member that was in no group before, a number for a single one.
    """
    places: dict[Entry, int] = {}
    of: list[int | list[int]] = []
    for group in groups:
        known = len(places)
        members = [places.setdefault(each, len(places)) + 1 for each in group]
        single = len(members) == 1
        of.append((0 if members[0] > known else members[0]) if single else members)
    return list(places), of


def _number_or_text(key: str) -> int | str:
    return _exact(int(key)) if key.isdecimal() else key


def _credit_key(credit: _Credit) -> SortKey:
    return natural_key(sort_name(credit.names[0] if credit.names else ""))


def _ranked(
    values: Iterable[Entry], key: Callable[[Entry], SortKey]
) -> tuple[list[Entry], list[int] | list[str]]:
    """The distinct values in order, and the places of those that tie with the one before."""
    keyed = sorted((key(value), value) for value in set(values))
    ties = [place for place, (one, other) in enumerate(pairwise(keyed), 1) if one[0] == other[0]]
    return [value for _, value in keyed], _descending(ties[::-1])


def _placed(
    rows: Sequence[Row], lines: Sequence[int], titles: Sequence[int]
) -> list[tuple[_Place, Row]]:
    """The releases in order. Pressings of an album stand together, where they share a credit."""
    leads: dict[tuple[int, tuple[str, int]], int] = {}
    for row, credit, title in zip(rows, lines, titles, strict=True):
        album = credit, row.album
        leads[album] = min(title, leads.get(album, title))
    placed = [
        (_Place(credit, leads[credit, row.album], row.album, title, row.release_id), row)
        for row, credit, title in zip(rows, lines, titles, strict=True)
    ]
    return sorted(placed, key=lambda pair: pair[0])


def _grouped(places: Sequence[_Place]) -> tuple[list[int], list[int], list[list[int]]]:
    """What is new in each release against the one before: 3 the credit, 2 the album, 1 the title,
    0 none of them; the titles of those that have a new one, as the step from the last title of the
    same credit; and pairs of a release that begins an album, and one before it that began the
    same album under another credit.
    """
    breaks, steps, split = [], [], []
    first: dict[tuple[str, int], int] = {}
    before = _Place(-1, 0, ("", 0), 0, 0)
    for number, place in enumerate(places):
        same_credit, same_album = place.credit == before.credit, place.album == before.album
        new = (place.title != before.title) if same_credit and same_album else 3 - same_credit
        breaks.append(int(new))
        if new:
            steps.append(place.title - before.title * same_credit)
        if new > 1 and first.setdefault(place.album, number) != number:
            split.append([number, first[place.album]])
        before = place
    return breaks, steps, split


def _dictionary(values: Sequence[Entry]) -> tuple[list[Entry], list[int]]:
    """The distinct values, the most frequent first, and a code for each value: 0 where it repeats
    the one before, else its place among the distinct ones, counted from 1.
    """
    counts = Counter(values)
    entries = sorted(counts, key=lambda value: (-counts[value], value))
    codes = [code + 1 for code in map(_numbered(entries).__getitem__, values)]
    return entries, [code if code != before else 0 for before, code in pairwise([0, *codes])]


def _pressing(row: Row) -> int:
    """The pressing's year where the original year is another one, else 0."""
    return row.release_year if row.release_year and row.release_year != row.year else 0


def _labels(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple((str(label.key), label.name) for label in row.labels)


def _catalog_numbers(
    releases: Sequence[Row], labels: Sequence[tuple[tuple[str, str], ...]]
) -> list[str]:
    """All catalogue numbers, in the order of the labels: those of one label have most in common."""
    place = _numbered(labels)
    by_labels = sorted(releases, key=lambda row: place[_labels(row)])
    return [label.catalog_number or "" for row in by_labels for label in row.labels]


def _descending(numbers: Sequence[int]) -> list[int] | list[str]:
    """The first number, then by how much each is less than the one before.

    If one of them is too large for a browser, all of them as text.
    """
    if max(numbers, default=0) > _LARGEST:
        return [str(number) for number in numbers]
    return [*numbers[:1], *(before - number for before, number in pairwise(numbers))]


def _exact(number: int) -> int | str:
    return number if number <= _LARGEST else str(number)


def _numbered(entries: Iterable[Entry]) -> dict[Entry, int]:
    return {entry: number for number, entry in enumerate(entries)}
