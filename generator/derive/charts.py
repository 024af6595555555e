"""The charts: their points, the links of the points, and a sentence for each chart."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from generator.derive.facets import list_query
from generator.derive.stats import Count, DecadeFormats, Stats
from generator.derive.summaries import (
    artists_summary,
    decades_summary,
    formats_summary,
    genres_summary,
    growth_summary,
    years_summary,
)
from generator.derive.tones import GREY, decade_tone, tone

MOST_POINTS = 8
OTHER = "Other"
_LEVELS = 7  # shades of the table of months


class Series(NamedTuple):
    """One series of a stacked chart."""

    label: str
    href: str | None
    tone: str


class Part(NamedTuple):
    """The part of a point that belongs to one series."""

    copies: int
    href: str | None


class Point(NamedTuple):
    """One slice, bar or point; `href` links to its records, relative to the dashboard."""

    label: str
    copies: int
    href: str | None
    percent: int | None = None  # the share of all copies, if the points divide them
    tone: str = ""  # the name of its colour, where its value has one
    parts: tuple[Part, ...] = ()  # in the order of the chart's series


class Chart(Struct, frozen=True):
    """A chart and its table."""

    name: str  # genres, formats, artists, years, growth or decades
    title: str
    kind: str  # doughnut, bar, line or stacked
    summary: str  # one or two sentences about the numbers
    unit_label: str  # head of the table's first column: "Genre"
    points: tuple[Point, ...]
    value_label: str = "Records"  # head of the column of numbers
    series: tuple[Series, ...] = ()  # the columns of a stacked chart


def charts(stats: Stats) -> dict[str, Chart]:
    """The charts of the dashboard, by name."""
    made = (_genres, _formats, _artists, _years, _growth, _decades)
    return {chart.name: chart for chart in (make(stats) for make in made)}


def largest_first(entries: Sequence[Count]) -> tuple[Count, ...]:
    """All entries up to eight, else the top seven and the sum of the rest as "Other"."""
    if len(entries) <= MOST_POINTS:
        return tuple(entries)
    kept = tuple(entries[: MOST_POINTS - 1])
    return (*kept, Count(OTHER, sum(entry.copies for entry in entries[MOST_POINTS - 1 :])))


def percentages(counts: Sequence[int]) -> tuple[int, ...]:
    """Whole percentages that sum to 100: the largest remainders are rounded up, ties in order."""
    total = sum(counts)
    if not total:
        return (0,) * len(counts)
    shares = [divmod(count * 100, total) for count in counts]
    missing = 100 - sum(whole for whole, _ in shares)
    by_remainder = sorted(range(len(shares)), key=lambda place: -shares[place][1])
    raised = set(by_remainder[:missing])
    return tuple(whole + (place in raised) for place, (whole, _) in enumerate(shares))


def list_link(**query: object) -> str:
    """A link from the dashboard to the list, filtered by a query."""
    return f"all/{list_query(query)}"


def _points(facet: str, entries: Sequence[Count]) -> tuple[Point, ...]:
    kept = largest_first(entries)
    return tuple(
        Point(entry.name, entry.copies, series.href, tone=series.tone)
        for entry, series in zip(kept, _series(facet, entries), strict=True)
    )


def _series(facet: str, entries: Sequence[Count]) -> tuple[Series, ...]:
    """The largest values with their links; the rest, if there is one, has no link."""
    named = entries if len(entries) <= MOST_POINTS else entries[: MOST_POINTS - 1]
    found = tuple(
        Series(entry.name, list_link(**{facet: entry.name}), tone(facet, entry.name))
        for entry in named
    )
    return found if len(named) == len(entries) else (*found, Series(OTHER, None, GREY))


def genre_band(stats: Stats) -> tuple[Point, ...]:
    """The genres as parts of one bar; percentages are of all parts."""
    return _with_percent(_points("genre", stats.by_genre))


def _genres(stats: Stats) -> Chart:
    points = _points("genre", stats.by_genre)
    return Chart("genres", "Genres", "doughnut", genres_summary(stats), "Genre", points)


def _formats(stats: Stats) -> Chart:
    points = _with_percent(_points("format", stats.by_format))
    summary = formats_summary(stats, points[0].percent if points else None)
    return Chart("formats", "Formats", "bar", summary, "Format", points)


def _artists(stats: Stats) -> Chart:
    points = tuple(
        Point(who.name, who.copies, list_link(artist=who.key, sort="year"))
        for who in stats.top_artists
    )
    return Chart("artists", "Top artists", "bar", artists_summary(stats), "Artist", points)


def _years(stats: Stats) -> Chart:
    points = tuple(
        Point(
            str(entry.year),
            entry.copies,
            list_link(year=entry.year) if entry.copies else None,
            tone=decade_tone(entry.year),
        )
        for entry in stats.by_year
    )
    return Chart("years", "Releases by year", "line", years_summary(stats), "Year", points)


def _growth(stats: Stats) -> Chart:
    points = tuple(Point(entry.month, entry.total, None) for entry in stats.by_month_added)
    title, summary = "Records added over time", growth_summary(stats)
    return Chart("growth", title, "line", summary, "Month", points, "Records in all")


class DecadeOfYears(NamedTuple):
    """A decade below the chart of years."""

    name: str
    copies: int
    href: str
    years: int  # how many of its years the chart has
    tone: str


def decades_of_years(stats: Stats) -> tuple[DecadeOfYears, ...]:
    """The decades of the chart of years, in its order."""
    copies = {count.name: count.copies for count in stats.by_decade}
    years = Counter(entry.year // 10 * 10 for entry in stats.by_year)
    return tuple(
        DecadeOfYears(
            f"{year}s",
            copies.get(f"{year}s", 0),
            list_link(decade=f"{year}s"),
            years[year],
            decade_tone(year),
        )
        for year in sorted(years)
    )


class Month(NamedTuple):
    """The records added in one month; `level` is its shade, 0 for none to 7 for the most."""

    copies: int
    level: int
    href: str | None


class MonthsOfYear(NamedTuple):
    """A row of the table of months."""

    year: int
    copies: int
    href: str
    months: tuple[Month, ...]  # twelve


def months(stats: Stats) -> tuple[MonthsOfYear, ...]:
    """Every month of every year in which records were added, the newest year first.

    Shades are scaled to the 93rd percentile, so that one day of imports does not bleach the rest.
    """
    added = {entry.month: entry.copies for entry in stats.by_month_added if entry.copies}
    ranked = sorted(added.values())
    most = ranked[min(len(ranked) - 1, len(ranked) * 93 // 100)] if ranked else 0
    found = []
    for year in sorted({month[:4] for month in added}, reverse=True):
        row = tuple(
            _month(month, added.get(month, 0), most)
            for month in (f"{year}-{number:02}" for number in range(1, 13))
        )
        copies = sum(month.copies for month in row)
        found.append(MonthsOfYear(int(year), copies, list_link(added=year), row))
    return tuple(found)


def _month(name: str, copies: int, most: int) -> Month:
    level = min(_LEVELS, -(-copies * _LEVELS // most)) if copies else 0
    return Month(copies, level, list_link(added=name) if copies else None)


def _decades(stats: Stats) -> Chart:
    series = _series("format", stats.by_format)
    points = _with_percent([_decade(entry, series) for entry in stats.by_decade_format])
    title, summary = "Decades by format", decades_summary(stats)
    return Chart("decades", title, "stacked", summary, "Decade", points, series=series)


def _decade(entry: DecadeFormats, series: Sequence[Series]) -> Point:
    copies = sum(count.copies for count in entry.formats)
    formats = {count.name: count.copies for count in entry.formats}
    parts = [
        _part(entry.decade, one.label, formats.get(one.label, 0))
        for one in series
        if one.href is not None
    ]
    if len(parts) < len(series):
        parts.append(Part(copies - sum(part.copies for part in parts), None))
    return Point(entry.decade, copies, list_link(decade=entry.decade), parts=tuple(parts))


def _part(decade: str, form: str, copies: int) -> Part:
    return Part(copies, list_link(decade=decade, format=form) if copies else None)


def _with_percent(points: Sequence[Point]) -> tuple[Point, ...]:
    shares = percentages([point.copies for point in points])
    return tuple(point._replace(percent=share) for point, share in zip(points, shares, strict=True))
