"""The templates: their directories, their filters, and the place of a mistake."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb

import jinja2
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket

from generator.derive.facets import list_query
from generator.derive.formatting import day, month, rfc3339
from generator.errors import RenderError
from generator.render.assets import PACKAGE

MISTAKES = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""The exceptions that a mistake in a template can raise."""


class Templates(Environment):
    """The templates of some directories; the first that has a template wins.

    Below `bundled/` are the last directory's templates, so that an override can extend or include
    the template it replaces. A name that does not exist is an error. Everything is escaped, except
    in the files for hosts, which are plain text.
    """

    def __init__(self, directories: Sequence[Path]) -> None:
        self._directories = [os.fspath(directory) for directory in directories]
        bundled = PrefixLoader({"bundled": FileSystemLoader(self._directories[-1])})
        super().__init__(
            loader=ChoiceLoader([bundled, FileSystemLoader(self._directories)]),
            autoescape=lambda name: not (name or "").removeprefix("bundled/").startswith("hosts/"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            bytecode_cache=None if sys.dont_write_bytecode else _BytecodeCache(),
        )
        self.filters |= {
            "time": rfc3339,
            "day": day,
            "list_query": list_query,
            "month": lambda value: month(f"{value:%Y-%m}"),
            "month_name": month,
            "moment": moment,
            "number": number,
            "ordinal": ordinal,
        }

    def fill(self, template: str, path: str, values: Mapping[str, object]) -> str:
        """The text of a file. Raises RenderError naming the template and line of a mistake."""
        try:
            return self.get_template(template).render(values)
        except MISTAKES as error:
            what = " ".join(str(error).split())
            if isinstance(error, TemplateNotFound):
                what = f"there is no template {error.name}"
            raise RenderError(self._place(error) or template, f"{what} ({path})") from error

    def _place(self, error: Exception) -> str:
        """The template and line where an error was raised; "" if it was in none."""
        if isinstance(error, TemplateSyntaxError):
            return f"{error.name}, line {error.lineno}"
        for frame in reversed(extract_tb(error.__traceback__)):
            for directory in self._directories:
                if frame.filename.startswith(directory + os.sep):
                    name = os.path.relpath(frame.filename, directory)
                    return f"{name}, line {frame.lineno}"
        return ""


class _BytecodeCache(FileSystemBytecodeCache):
    """Compiled templates beside the compiled modules, where both can be written.

    Compiling takes a fifth of a small build. Raise the number in the name when an option of the
    environment changes: Jinja compares sources alone.
    """

    def __init__(self) -> None:
        name = f"templates-1-jinja2-{jinja2.__version__}-%s.cache"
        super().__init__(os.fspath(PACKAGE / "__pycache__"), name)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


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
