"""The list's settings, for the page and its script alike: facets, sorts, page size and limits."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from msgspec import Struct

from generator.derive.stats import Count, Stats
from generator.derive.tones import TONES, tone

PAGE_SIZE = 25  # rows a page of the list


class Sort(NamedTuple):
    """An order of the list, by the name it has in the address."""

    title: str
    keys: tuple[str, ...]
    """added (newest first), artist, title or year, with a "-" in front reversed; ties are broken
    by instance id."""


LIST_SORTS: Mapping[str, Sort] = {
    "added": Sort("Newest added", ("added",)),
    "added-asc": Sort("Oldest added", ("-added",)),
    "artist": Sort("Artist A–Z", ("artist", "year", "title")),
    "artist-desc": Sort("Artist Z–A", ("-artist", "year", "title")),
    "title": Sort("Title A–Z", ("title", "artist")),
    "year": Sort("Oldest year", ("year", "artist", "title")),
    "year-desc": Sort("Newest year", ("-year", "artist", "title")),
}
"""The first is the default."""

LIST_SETTINGS: Mapping[str, object] = {
    "page_size": PAGE_SIZE,
    "picks": 3,  # random picks
    "printed": 20_000,  # rows of the printed catalogue
    "facet_short": 8,  # values of a facet that are shown at first
    "facet_long": 12,  # a facet with more values can be searched
    "facet_found": 50,  # values that such a search shows
    "sorts": {name: sort.keys for name, sort in LIST_SORTS.items()},
}
"""Embedded in the page."""


_SINGLE = {"q", "sort", "page", "view"}  # parameters that are no facets


def list_query(parameters: Mapping[str, object]) -> str:
    """The search part of the list's address, with these facet values included.

    A value that begins like a sign of the grammar is marked as a value.
    """
    pairs = []
    for name, value in parameters.items():
        text = str(value)
        marked = name not in _SINGLE and text.startswith(("-", "+", "\\"))
        pairs.append((name, f"\\{text}" if marked else text))
    return f"?{urlencode(pairs)}"


class Facet(Struct, frozen=True):
    """One dimension of the list with all its values."""

    name: str  # the parameter of the list's address: genre, style, format or decade
    title: str
    values: tuple[Count, ...]  # most copies first; decades ascending, unknown last

    @property
    def tones(self) -> list[str]:
        """The colour of each value; none where values have no colours."""
        return [tone(self.name, value.name) for value in self.values if self.name in TONES]


def facets(stats: Stats) -> tuple[Facet, ...]:
    """The four facets of a collection, in the order they are shown."""
    return (
        Facet("genre", "Genre", stats.by_genre),
        Facet("style", "Style", stats.by_style),
        Facet("format", "Format", stats.by_format),
        Facet("decade", "Decade", stats.by_decade),
    )
