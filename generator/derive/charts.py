"""The four charts: which points each shows, where a point leads, and what it says in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from generator.derive.stats import Count, Stats
from generator.derive.wording import plural

MOST_POINTS = 8
OTHER = "Other"


class Point(NamedTuple):
    """One slice, bar or point; `href` leads to the list filtered to it, from the dashboard."""

    label: str
    copies: int
    href: str | None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and the table it is drawn from."""

    name: str
    """genres, formats, artists or years."""
    title: str
    kind: str
    """doughnut, bar or line."""
    summary: str
    """One sentence that says what the chart shows."""
    unit_label: str
    """What a row of the table is: "Genre"."""
    points: tuple[Point, ...]


def charts(stats: Stats) -> tuple[Chart, ...]:
    """The charts of the dashboard, in their order."""
    return (_genres(stats), _formats(stats), _artists(stats), _years(stats))


def largest_first(entries: Sequence[Count]) -> tuple[Count, ...]:
    """All entries up to eight, else the top seven and the sum of the rest as "Other"."""
    if len(entries) <= MOST_POINTS:
        return tuple(entries)
    kept = tuple(entries[: MOST_POINTS - 1])
    return (*kept, Count(OTHER, sum(entry.copies for entry in entries[MOST_POINTS - 1 :])))


def list_link(**query: str) -> str:
    """The list filtered by a query, as linked from the dashboard."""
    return f"all/?{urlencode(query)}"


def _records(number: int) -> str:
    return plural(number, "record")


def _points(facet: str, entries: Sequence[Count]) -> tuple[Point, ...]:
    kept = largest_first(entries)
    rest = len(entries) > MOST_POINTS
    return tuple(
        Point(
            entry.name,
            entry.copies,
            None if rest and entry is kept[-1] else list_link(**{facet: entry.name}),
        )
        for entry in kept
    )


def _genres(stats: Stats) -> Chart:
    if stats.by_genre:
        first = stats.by_genre[0]
        summary = (
            f"{plural(stats.genres, 'genre')}; {first.name} is on {_records(first.copies)}. "
            "A record with several genres counts for each."
        )
    else:
        summary = "No record here has a genre yet."
    points = _points("genre", stats.by_genre)
    return Chart("genres", "Genres", "doughnut", summary, "Genre", points)


def _formats(stats: Stats) -> Chart:
    if stats.by_format:
        first = stats.by_format[0]
        summary = (
            f"{plural(stats.formats, 'format')}; {first.name} leads with "
            f"{first.copies:,} of {_records(stats.copies)}."
        )
    else:
        summary = "There are no records here yet."
    points = _points("format", stats.by_format)
    return Chart("formats", "Formats", "bar", summary, "Format", points)


def _artists(stats: Stats) -> Chart:
    if stats.top_artists:
        first = stats.top_artists[0]
        summary = (
            f"{first.name} leads {plural(stats.artists, 'artist')} with {_records(first.copies)}."
        )
    else:
        summary = "No artist is credited by name yet."
    if stats.pseudo_artists:
        left_out = ", ".join(f"{who.name} ({who.copies:,})" for who in stats.pseudo_artists)
        summary += f" Left out: {left_out}."
    points = tuple(
        Point(who.name, who.copies, list_link(q=who.name, sort="year")) for who in stats.top_artists
    )
    return Chart("artists", "Top artists", "bar", summary, "Artist", points)


def _years(stats: Stats) -> Chart:
    if stats.by_year:
        known = _known_years(stats)
        unknown = f" {_records(stats.unknown_years)} without a year." if stats.unknown_years else ""
        summary = f"From {stats.first_year} to {stats.last_year}. {known}{unknown}"
    else:
        summary = "No year is known yet."
    points = tuple(
        Point(str(entry.year), entry.copies, list_link(q=str(entry.year)) if entry.copies else None)
        for entry in stats.by_year
    )
    return Chart("years", "Releases by year", "line", summary, "Year", points)


def _known_years(stats: Stats) -> str:
    if not stats.original_known:
        return "No original year is known yet: records count by the year of their pressing."
    return (
        f"The original year is known for {stats.original_known:,} of {_records(stats.copies)}; "
        "the others count by the year of their pressing."
    )
