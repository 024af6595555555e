"""Facets: the dimensions a list is filtered by, and what each value holds at the start."""

from msgspec import Struct

from generator.derive.stats import Count, Stats


class Facet(Struct, frozen=True):
    """One dimension of the list with all its values."""

    name: str
    """The parameter of the list's address: genre, style, format or decade."""
    title: str
    values: tuple[Count, ...]
    """Most copies first; decades ascending, unknown last."""


def facets(stats: Stats) -> tuple[Facet, ...]:
    """The four facets of a collection, in the order they are shown."""
    return (
        Facet("genre", "Genre", stats.by_genre),
        Facet("style", "Style", stats.by_style),
        Facet("format", "Format", stats.by_format),
        Facet("decade", "Decade", stats.by_decade),
    )
