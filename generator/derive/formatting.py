"""Numbers, lengths of time, months, moments and texts as they are written."""

import re
from datetime import UTC, date, datetime

MONTHS = (
    "January February March April May June July August September October November December".split()
)
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""The characters that XML 1.0 forbids, and the control characters it discourages."""


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


def day(value: date) -> str:
    """A day in words: "22 November 2026"."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def file_size(size: int) -> str:
    """A size in words: "593 MB", "20 kB"."""
    return f"{size / 1e6:,.0f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


def rfc3339(moment: datetime) -> str:
    """A moment as programs read it: "2026-11-22T14:18:42Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def xml_text(text: str) -> str:
    """The text in one line, escaped for XML, without the characters XML cannot hold."""
    line = " ".join(_NOT_XML.sub("", text).split())
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
