"""The catalog: every row as dictionary-coded columns, for the browser to filter and sort.

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
from generator.derive.rows import Row

SCHEMA = 1
LARGEST_EXACT = 2**53 - 1
"""The largest integer a browser's number holds exactly."""

_EPOCH = date(1970, 1, 1)
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}

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
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return EmbeddedJson(text.translate(_ESCAPES))


def catalog(rows: Sequence[Row], facets: Sequence[Facet], image_origin: str) -> Column:
    """The columns of all rows, newest first; `facets` gives the values and their order."""
    return {
        "schema": SCHEMA,
        "copies": len(rows),
        "instances": _instances(rows),
        "releases": _exact([row.release_id for row in rows]),
        "added": _added(rows),
        "years": [row.year or 0 for row in rows],
        "pressings": [_other_pressing(row) for row in rows],
        "credits": _credits(rows),
        "titles": _titles(rows),
        "labels": _labels(rows),
        "formats": _formats(rows),
        "facets": [_facet(rows, facet) for facet in facets],
        "thumbs": _thumbs(rows, f"{image_origin}/"),
    }


def _instances(rows: Sequence[Row]) -> list[int] | list[str]:
    """The first instance id, then each one's difference from the one before: ids fall with age."""
    ids = [int(row.instance_id) for row in rows]
    if max(ids, default=0) > LARGEST_EXACT:
        return [str(number) for number in ids]
    return _differences(ids)


def _exact(ids: list[int]) -> list[int] | list[str]:
    """The ids as numbers, or all as text when one is too large for a browser's numbers."""
    return ids if max(ids, default=0) <= LARGEST_EXACT else [str(number) for number in ids]


def _added(rows: Sequence[Row]) -> list[int]:
    """The day of each row, counted from 1970-01-01, coded as `_instances` is."""
    return _differences([(row.added_on - _EPOCH).days for row in rows])


def _differences(numbers: list[int]) -> list[int]:
    return numbers[:1] + [later - earlier for earlier, later in pairwise(numbers)]


def _other_pressing(row: Row) -> int:
    """The pressing's year where it is not the row's year, else 0."""
    return row.release_year if row.release_year and row.release_year != row.year else 0


def _credits(rows: Sequence[Row]) -> Column:
    """Distinct credits by the first artist's sort name; `names` where they differ from the line."""
    found = [_credit(row) for row in rows]
    entries, codes = _coded(found, lambda credit: (natural_key(sort_name(credit.first)), *credit))
    return {
        "lines": [credit.line for credit in entries],
        "hues": [credit.hue for credit in entries],
        "names": {
            str(index): credit.names
            for index, credit in enumerate(entries)
            if credit.names != (credit.line,)
        },
        "ties": _ties([natural_key(sort_name(credit.first)) for credit in entries]),
        "rows": codes,
    }


def _credit(row: Row) -> _Credit:
    names = dict.fromkeys(chain.from_iterable((who.name, who.printed) for who in row.artists))
    first = row.artists[0].name if row.artists else ""
    return _Credit(row.credit, first, tuple(name for name in names if name), row.hue)


def _titles(rows: Sequence[Row]) -> Column:
    entries, codes = _coded(
        [row.title for row in rows], lambda title: (natural_key(fold(title)), title)
    )
    ties = _ties([natural_key(fold(title)) for title in entries])
    return {"texts": entries, "ties": ties, "rows": codes}


def _labels(rows: Sequence[Row]) -> Column:
    """Distinct label names; each row's labels and its catalogue numbers, side by side."""
    entries, codes = _coded([label.name for row in rows for label in row.labels], lambda name: name)
    places = iter(codes)
    return {
        "names": entries,
        "rows": [[next(places) for _ in row.labels] for row in rows],
        "numbers": [[label.catalog_number for label in row.labels] for row in rows],
    }


def _formats(rows: Sequence[Row]) -> Column:
    entries, codes = _coded([row.formats for row in rows], lambda displays: displays)
    return {"displays": entries, "rows": codes}


def _facet(rows: Sequence[Row], facet: Facet) -> Column:
    """One facet: its values as shown, the distinct sets of values rows have, each row's set."""
    values = [count.name for count in facet.values]
    places = {value: place for place, value in enumerate(values)}
    found = [tuple(sorted({places[value] for value in _values(row, facet.name)})) for row in rows]
    sets, codes = _coded(found, lambda entry: entry)
    return {
        "name": facet.name,
        "title": facet.title,
        "values": values,
        "sets": sets,
        "rows": codes,
    }


def _values(row: Row, facet: str) -> Iterable[str]:
    match facet:
        case "genre":
            return row.genres
        case "style":
            return row.styles
        case "format":
            return (row.format,)
        case _:
            return (row.decade,)


def _thumbs(rows: Sequence[Row], origin: str) -> Column:
    """The small pictures, without the origin that all of them share; null for none."""
    addresses = [row.thumb or row.cover for row in rows]
    return {
        "origin": origin,
        "rows": [each.removeprefix(origin) if each else None for each in addresses],
    }


def _coded(
    values: Sequence[Entry], order: Callable[[Entry], object]
) -> tuple[list[Entry], list[int]]:
    """The distinct values in order, and for each value its place among them."""
    entries = sorted(set(values), key=order)  # type: ignore[arg-type]  # a key of comparable parts
    places = {entry: place for place, entry in enumerate(entries)}
    return entries, [places[value] for value in values]


def _ties(keys: list[SortKey]) -> list[int]:
    """The places whose key equals the key before: they share its rank."""
    return [place for place, (before, key) in enumerate(pairwise(keys), 1) if before == key]
