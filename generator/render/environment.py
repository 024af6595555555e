"""The Jinja environment: where templates are found and what they may call."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)

from generator.derive.formatting import MONTHS, rfc3339


def environment(template_dirs: Sequence[Path]) -> Environment:
    """An environment that looks through the directories in order; the first match wins.

    Below `bundled/` the last directory's templates are found whatever the others hold: an override
    extends or includes what it replaces. Everything is escaped, and a name that is not there is an
    error rather than nothing.
    """
    env = Environment(
        loader=_loader([str(directory) for directory in template_dirs]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    env.filters |= {
        "time": rfc3339,
        "day": day,
        "moment": moment,
        "number": number,
        "ordinal": ordinal,
    }
    return env


def _loader(directories: Sequence[str]) -> BaseLoader:
    bundled = PrefixLoader({"bundled": FileSystemLoader(directories[-1])})
    return ChoiceLoader([bundled, FileSystemLoader(directories)])


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


def ordinal(place: int) -> str:
    """A place in a sequence: "1st", "22nd", "1,000th"."""
    teens = place // 10 % 10 == 1
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place:,}{ending}"
