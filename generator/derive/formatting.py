"""Numbers, lengths of time, months and moments as they are written."""

from datetime import UTC, datetime

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def plural(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 copy", "1,497 copies"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def span(seconds: float) -> str:
    """A length of time in words, rounded up: "3 h 18 min", "18 min", "42 s"."""
    whole = int(-(-seconds // 1))
    if whole < 60:
        return f"{whole} s"
    minutes = -(-whole // 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def month(name: str) -> str:
    """A month in words: "March 2009" for "2009-03"."""
    year, number = name.split("-")
    return f"{MONTHS[int(number) - 1]} {int(year)}"


def rfc3339(moment: datetime) -> str:
    """A moment as programs read it: "2026-11-22T14:18:42Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
