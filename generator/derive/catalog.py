"""The catalog: every row as packed columns, for the browser to filter and sort.

All orders are settled here: the entries of `credits` and `titles` stand in sort order, so an
entry's place is its rank and the browser compares nothing but integers.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import chain, pairwise
from typing import NamedTuple, TypeVar

from generator.derive.facets import Facet
from generator.derive.naming import SortKey, fold, natural_key, sort_name
from generator.derive.packing import (
    LARGEST,
    lines,
    packed,
    packed_lists,
    packed_repeats,
    packed_steps,
)
from generator.derive.rows import Row, editions

SCHEMA = 2

_EPOCH = date(1970, 1, 1)

Column = dict[str, object]
Entry = TypeVar("Entry")


class EmbeddedJson(str):
    """JSON text that may stand as it is inside a script element."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


class _Credit(NamedTuple):
    """What copies by the same artists share: the line, who is first, what is searched, the hue."""

    line: str
    first: str
    names: tuple[str, ...]
    hue: int


def embedded_json(value: object) -> EmbeddedJson:
    """The value as JSON in which nothing can end a script element or a line of it."""
    text = compact_json(value)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return EmbeddedJson(text)


def compact_json(value: object) -> str:
    """The value as JSON without a space."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def catalog_head(
    copies: int, facets: Sequence[Facet], origin: str, thumbs: str, covers: str
) -> Column:
    """What goes before the columns: how much there is, what to choose from, files of pictures."""
    return {
        "schema": SCHEMA,
        "copies": copies,
        "facets": [_facet(facet) for facet in facets],
        "pictures": {"origin": f"{origin}/", "thumbs": thumbs, "covers": covers},
    }


def _facet(facet: Facet) -> Column:
    values = [each.name for each in facet.values]
    return {"name": facet.name, "title": facet.title, "values": values}


def catalog_columns(rows: Sequence[Row], facets: Sequence[Facet]) -> Column:
    """The columns of the copies, newest first, then those of the editions as they are met.

    Editions past `credits` stand grouped by credit, in which neighbours have most in common.
    """
    found = editions(rows)
    credited, codes = _credits(found)
    grouped = [found[place] for place in sorted(range(len(found)), key=codes.__getitem__)]
    places = {facet.name: _places(each.name for each in facet.values) for facet in facets}
    return {
        "instances": _instances(rows),
        "added": packed_steps([(row.added_on - _EPOCH).days for row in rows]),
        "ratings": packed([row.rating for row in rows]),
        "editions": packed_repeats(row.release_id for row in rows),
        "credits": credited,
        "releases": _exact([row.release_id for row in grouped]),
        "albums": packed_repeats(row.album for row in grouped),
        "titles": _titles(grouped),
        "years": _dictionary([row.year or 0 for row in grouped]),
        "pressings": _dictionary([_pressing(row) for row in grouped]),
        "labels": _labels(grouped),
        "formats": _formats(grouped, places["format"]),
        "genres": _sets(grouped, lambda row: row.genres, places["genre"]),
        "styles": _sets(grouped, lambda row: row.styles, places["style"]),
    }


def _instances(rows: Sequence[Row]) -> Column | list[str]:
    """Steps from each id to the next; ids too large for a browser's numbers as text."""
    ids = [int(row.instance_id) for row in rows]
    if max(ids, default=0) > LARGEST:
        return [str(number) for number in ids]
    return packed_steps(ids)


def _exact(ids: list[int]) -> str | list[str]:
    return packed(ids) if max(ids, default=0) <= LARGEST else [str(number) for number in ids]


def _pressing(row: Row) -> int:
    """The pressing's year where it is not the row's; 1 where the row's is only the pressing's."""
    if row.original_year is None:
        return 1 if row.year else 0
    return row.release_year if row.release_year and row.release_year != row.year else 0


def _dictionary(numbers: Sequence[int]) -> Column:
    """Few different numbers: those that occur, ascending, and each row's place among them."""
    values, codes = _coded(numbers, lambda number: number)
    return {"values": values, "rows": packed(codes)}


def _credits(rows: Sequence[Row]) -> tuple[Column, list[int]]:
    """Distinct credits by the first artist's sort name; `names` where they differ from the line."""
    found = [_credit(row) for row in rows]
    entries, codes = _coded(found, lambda credit: (natural_key(sort_name(credit.first)), *credit))
    column: Column = {
        "lines": lines(credit.line for credit in entries),
        "hues": packed([credit.hue for credit in entries]),
        "names": {
            str(index): credit.names
            for index, credit in enumerate(entries)
            if credit.names != (credit.line,)
        },
        "ties": _ties([natural_key(sort_name(credit.first)) for credit in entries]),
        "rows": packed(codes),
    }
    return column, codes


def _credit(row: Row) -> _Credit:
    names = dict.fromkeys(chain.from_iterable((who.name, who.printed) for who in row.artists))
    first = row.artists[0].name if row.artists else ""
    return _Credit(row.credit, first, tuple(name for name in names if name), row.hue)


def _titles(rows: Sequence[Row]) -> Column:
    entries, codes = _coded(
        [row.title for row in rows], lambda title: (natural_key(fold(title)), title)
    )
    ties = _ties([natural_key(fold(title)) for title in entries])
    return {"texts": lines(entries), "ties": ties, "rows": packed(codes)}


def _labels(rows: Sequence[Row]) -> Column:
    """Distinct label names; each row's labels; catalogue numbers grouped by label."""
    found = [label for row in rows for label in row.labels]
    entries, codes = _coded([label.name for label in found], lambda name: name)
    by_label = sorted(range(len(found)), key=codes.__getitem__)
    return {
        "names": lines(entries),
        "sizes": packed([len(row.labels) for row in rows]),
        "rows": packed(codes),
        "numbers": lines(found[place].catalog_number or "" for place in by_label),
    }


def _formats(rows: Sequence[Row], places: dict[str, int]) -> Column:
    entries, codes = _coded([(row.formats, row.format) for row in rows], lambda entry: entry)
    return {
        "sizes": packed([len(displays) for displays, _ in entries]),
        "displays": lines(chain.from_iterable(displays for displays, _ in entries)),
        "places": packed([places[primary] for _, primary in entries]),
        "rows": packed(codes),
    }


def _sets(
    rows: Sequence[Row], values: Callable[[Row], Iterable[str]], places: dict[str, int]
) -> Column:
    """The distinct sets of values that rows have, and each row's set."""
    found = [tuple(sorted({places[value] for value in values(row)})) for row in rows]
    entries, codes = _coded(found, lambda entry: entry)
    return {**packed_lists(entries), "rows": packed(codes)}


def _coded(
    values: Sequence[Entry], order: Callable[[Entry], object]
) -> tuple[list[Entry], list[int]]:
    """The distinct values in order, and for each value its place among them."""
    entries = sorted(set(values), key=order)  # type: ignore[arg-type]  # a key of comparable parts
    places = _places(entries)
    return entries, [places[value] for value in values]


def _places(entries: Iterable[Entry]) -> dict[Entry, int]:
    return {entry: place for place, entry in enumerate(entries)}


def _ties(keys: list[SortKey]) -> list[int]:
    """The places whose key equals the key before: they share its rank."""
    return [place for place, (before, key) in enumerate(pairwise(keys), 1) if before == key]
