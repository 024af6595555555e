"""The Jinja environment: where templates are found and what they may call."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from generator.derive.wording import rfc3339


def environment(template_dirs: Sequence[Path]) -> Environment:
    """An environment that looks through the directories in order; the first match wins.

    Everything is escaped, and a name that is not there is an error rather than nothing.
    """
    env = Environment(
        loader=FileSystemLoader([str(directory) for directory in template_dirs]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters |= {"time": rfc3339, "day": day, "moment": moment, "number": number}
    return env


def day(value: date) -> str:
    """A day in words: "22 November 2026"."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """A moment in words: "22 November 2026, 14:18 UTC"."""
    utc = value.astimezone(UTC)
    return f"{day(utc)}, {utc:%H:%M} UTC"


def number(value: int) -> str:
    """A number with its thousands set apart: "1,497"."""
    return f"{value:,}"


MONTHS = [
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
]
