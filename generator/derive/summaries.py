"""Summaries: a sentence or two about the collection and about each chart."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from generator.derive.formatting import month, plural
from generator.derive.rows import UNKNOWN
from generator.derive.stats import Count, DecadeFormats, Stats

NO_RECORDS = "There are no records here yet."
NO_YEAR = "No year is known yet."

_FRACTIONS = {
    Fraction(3, 4): "Three quarters",
    Fraction(2, 3): "Two thirds",
    Fraction(1, 2): "Half",
    Fraction(1, 3): "A third",
    Fraction(1, 4): "A quarter",
    Fraction(1, 5): "A fifth",
    Fraction(1, 10): "A tenth",
}
_NEAR = Fraction(2, 100)  # a share is called by the name of a fraction that is as near as this
_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


class Piece(NamedTuple):
    """A part of a sentence."""

    text: str
    strong: bool = False


def headline(stats: Stats) -> tuple[Piece, ...]:
    """The collection in a sentence or two: how much, since when, of what, by whom."""
    if not stats.copies:
        return (Piece(NO_RECORDS),)
    years = _months(stats) // 12
    lead = f" by {plural(stats.artists, 'artist')}" if stats.artists else ""
    time = f" in {plural(years, 'year')}" if years >= 2 else ""
    clauses = [clause for clause in (_pace(stats), _decade(stats), _format(stats)) if clause]
    pieces = [Piece(_records(stats.copies), strong=True), Piece(f"{lead}{time}")]
    for place, clause in enumerate(clauses):
        last = place == len(clauses) - 1
        joint = ": " if not place else ", and " if last and place > 1 else " and " if last else ", "
        pieces += [Piece(joint), *clause]
    pieces += [Piece(". "), *_most(stats)]
    return tuple(pieces)


def _most(stats: Stats) -> list[Piece]:
    """The genre and the artist with more records than any other, as a sentence."""
    found: list[Piece] = []
    if stats.genres > 1 and stats.by_genre[0].copies > stats.by_genre[1].copies:
        genre = Piece(stats.by_genre[0].name, strong=True)
        found = [Piece("There is more "), genre, Piece(" than anything else")]
    ahead = stats.top_artists
    if len(ahead) > 1 and ahead[0].copies > ahead[1].copies:
        artist = Piece(f"{ahead[0].copies:,} by {ahead[0].name}", strong=True)
        found += [Piece(", and " if found else "There are "), artist]
    return [*found, Piece(".")] if found else []


def _decade(stats: Stats) -> list[Piece]:
    known = sorted((one.copies, one.name) for one in stats.by_decade if one.name != UNKNOWN)
    if len(known) < 2 or known[-1][0] == known[-2][0]:
        return []
    name = Piece(known[-1][1], strong=True)
    return [Piece("more from the "), name, Piece(" than from any other decade")]


def _format(stats: Stats) -> list[Piece]:
    if not stats.by_format or stats.copies == 1:
        return []
    first = stats.by_format[0]
    if first.copies == stats.copies:
        return [Piece("all of it "), Piece(first.name, strong=True)]
    exact = Fraction(first.copies, stats.copies)
    near = _near(exact)
    share = f"{round(exact * 100)}%"
    if near:
        share = f"{'nearly ' if exact < near else ''}{_FRACTIONS[near].lower()}"
    return [Piece(f"{share} of it "), Piece(first.name, strong=True)]


def _pace(stats: Stats) -> list[Piece]:
    """How many records are added in a month, or in a year where months are too short."""
    months = _months(stats)
    for unit, length in (("month", 1), ("year", 12)):
        number = round(stats.copies * length / months)
        if months > length and number > 0:
            word = _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"
            return [Piece("about "), Piece(f"{word} a {unit}", strong=True)]
    return []


def genres_summary(stats: Stats) -> str:
    """The share of the first genre, and whether records have several."""
    if not stats.by_genre:
        return "No record here has a genre yet."
    first = stats.by_genre[0]
    lead = f"{_share(first.copies, stats.copies)} {first.name}."
    several = sum(count.copies for count in stats.by_genre) - stats.copies
    if several <= 0:
        return lead
    return f"{lead} {'Many' if several * 5 > stats.copies else 'Some'} have more than one genre."


def formats_summary(stats: Stats, percent: int | None) -> str:
    """The share of the first format, and the number of formats."""
    if not stats.by_format:
        return NO_RECORDS
    first = stats.by_format[0]
    if stats.formats == 1:
        return f"{_share(first.copies, stats.copies)} {first.name}."
    return f"{percent}% of the records are {first.name}. There are {stats.formats:,} formats."


def artists_summary(stats: Stats) -> str:
    """The artist with most records, and those that are not counted as artists."""
    if not stats.top_artists:
        lead = "No artist is credited by name yet."
    else:
        first, *others = stats.top_artists
        tied = bool(others) and others[0].copies == first.copies
        than = "as many as" if tied else "more than"
        rest = f", {than} by anyone else" if stats.artists > 1 else ""
        lead = f"{_records(first.copies)} by {first.name}{rest}."
    if not stats.pseudo_artists:
        return lead
    left_out = _listed(
        [
            f"{'Compilations' if who.name == 'Various' else who.name} ({who.copies:,})"
            for who in stats.pseudo_artists
        ]
    )
    return f"{lead} {left_out} not counted."


def years_summary(stats: Stats) -> str:
    """The first and the last year, and how many original years are known."""
    if not stats.by_year:
        return NO_YEAR
    known = (
        f" The original year is known for {stats.original_known:,} of {_records(stats.copies)}."
        if stats.original_known
        else ""
    )
    return f"From {stats.first_year} to {stats.last_year}.{known}{_without_year(stats)}"


def growth_summary(stats: Stats) -> str:
    """How many records were added in how much time, and the month of most additions."""
    if not stats.by_month_added:
        return NO_RECORDS
    first = stats.by_month_added[0]
    if stats.copies == 1:
        return f"The only record was added in {month(first.month)}."
    if len(stats.by_month_added) == 1:
        return f"All {_records(stats.copies)} were added in {month(first.month)}."
    months = _months(stats)
    time = plural(months // 12, "year") if months >= 24 else plural(months, "month")
    most = max(stats.by_month_added, key=lambda entry: entry.copies)
    peak = (
        f"Busiest month: {month(most.month)}, with {most.copies:,}."
        if most.copies > 1
        else "Never more than one in a month."
    )
    return f"{_records(stats.copies)} in {time}. {peak}"


def decades_summary(stats: Stats) -> str:
    """The decade of most records, and their most frequent format."""
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


def _share(part: int, whole: int) -> str:
    """The beginning of a sentence: "A quarter of the records are", "All records are"."""
    if part == whole:
        return "The only record is" if whole == 1 else "All records are"
    exact = Fraction(part, whole)
    if near := _near(exact):
        return f"{_FRACTIONS[near]} of the records are"
    return f"{round(exact * 100)}% of the records are"


def _near(exact: Fraction) -> Fraction | None:
    """The fraction with a name that is next to a share, None if none is."""
    near = min(_FRACTIONS, key=lambda fraction: abs(fraction - exact))
    return near if abs(near - exact) <= _NEAR else None


def _listed(names: Sequence[str]) -> str:
    """Names as a list in words: "Electronic, Rock and Jazz"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _months(stats: Stats) -> int:
    """The months from the first addition to the last, both counted."""
    first, last = (
        int(year) * 12 + int(number)
        for year, number in (
            entry.month.split("-") for entry in (stats.by_month_added[0], stats.by_month_added[-1])
        )
    )
    return last - first + 1


def _mostly(first: Count, number: int) -> str:
    """How many of so many records have their most frequent format."""
    if first.copies == number:
        return f"all of them {first.name}"
    share = "most" if first.copies * 2 > number else f"{first.copies:,}"
    return f"{share} of them {first.name}"


def _without_year(stats: Stats) -> str:
    if not stats.unknown_years:
        return ""
    return (
        f" {_records(stats.unknown_years)} {'has' if stats.unknown_years == 1 else 'have'} no year."
    )
