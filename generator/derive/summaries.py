"""Summaries: what each chart shows, said in a sentence or two."""

from collections.abc import Sequence

from generator.derive.formatting import month, plural
from generator.derive.rows import UNKNOWN
from generator.derive.stats import Count, DecadeFormats, Stats

NO_RECORDS = "There are no records here yet."
NO_YEAR = "No year is known yet."


def genres_summary(stats: Stats) -> str:
    """Which genre leads, and why the numbers sum to more than there are records."""
    if not stats.by_genre:
        return "No record here has a genre yet."
    first = stats.by_genre[0]
    return (
        f"{plural(stats.genres, 'genre')}; {first.name} is on {_records(first.copies)}. "
        "A record with several genres counts for each."
    )


def formats_summary(stats: Stats, percent: int | None) -> str:
    """Which format leads, and its share."""
    if not stats.by_format:
        return NO_RECORDS
    first = stats.by_format[0]
    return (
        f"{plural(stats.formats, 'format')}; {first.name} leads with "
        f"{first.copies:,} of {_records(stats.copies)} ({percent} %)."
    )


def artists_summary(stats: Stats) -> str:
    """Who leads, and who is no artist."""
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
    return summary


def years_summary(stats: Stats) -> str:
    """How far the years reach, and how sure they are."""
    if not stats.by_year:
        return NO_YEAR
    reach = f"From {stats.first_year} to {stats.last_year}."
    return f"{reach} {_known_years(stats)}{_without_year(stats)}"


def growth_summary(stats: Stats) -> str:
    """Where the collection began, where it stands, and when it grew most."""
    if not stats.by_month_added:
        return NO_RECORDS
    first, last = stats.by_month_added[0], stats.by_month_added[-1]
    if stats.copies == 1:
        return f"The only record was added in {month(first.month)}."
    if first is last:
        return f"All {_records(last.total)} were added in {month(first.month)}."
    most = max(stats.by_month_added, key=lambda entry: entry.copies)
    peak = (
        f"most were added in {month(most.month)}: {most.copies:,}"
        if most.copies > 1
        else "never more than one in a month"
    )
    return (
        f"From {first.total:,} in {month(first.month)} to {last.total:,} in {month(last.month)}; "
        f"{peak}."
    )


def decades_summary(stats: Stats) -> str:
    """Which decade leads, and what most of its records are."""
    if not stats.copies:
        return NO_RECORDS
    known = [entry for entry in stats.by_decade_format if entry.decade != UNKNOWN]
    return f"{_leading_decade(known)}{_without_year(stats)}" if known else NO_YEAR


def _leading_decade(known: Sequence[DecadeFormats]) -> str:
    copies = [sum(count.copies for count in entry.formats) for entry in known]
    most = max(copies)
    lead = known[copies.index(most)]
    if most == 1:
        return (
            f"The only known year is in the {lead.decade}."
            if len(known) == 1
            else "No decade has more than one record."
        )
    records = f"{_records(most)}, {_mostly(lead.formats[0], most)}."
    if len(known) == 1:
        return f"Every known year is in the {lead.decade}: {records}"
    return f"The {lead.decade} lead with {records}"


def _records(number: int) -> str:
    return plural(number, "record")


def _mostly(first: Count, number: int) -> str:
    """How many of so many records have their most frequent format."""
    if first.copies == number:
        return f"all of them {first.name}"
    share = "most" if first.copies * 2 > number else f"{first.copies:,}"
    return f"{share} of them {first.name}"


def _without_year(stats: Stats) -> str:
    return f" {_records(stats.unknown_years)} without a year." if stats.unknown_years else ""


def _known_years(stats: Stats) -> str:
    if not stats.original_known:
        return "No original year is known yet: records count by the year of their pressing."
    return (
        f"The original year is known for {stats.original_known:,} of {_records(stats.copies)}; "
        "the others count by the year of their pressing."
    )
