"""The streams: results on stdout, progress and problems on stderr, each problem with its hint."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from traceback import format_exception
from typing import TYPE_CHECKING, TextIO

import click

from generator.derive.formatting import day as in_words
from generator.derive.formatting import file_size, span
from generator.errors import ConfigError, GeneratorError, Message, Problem

if TYPE_CHECKING:
    from datetime import date

    from click._termui_impl import ProgressBar

    from generator.discogs.reading import Progress
    from generator.domain.account import Account

Begin = Callable[["date | None", int | None], None]
"""Called before a dump is read, with its day and its size in bytes where they are known."""

_COLOURS = {"error": "red", "warning": "yellow", "hint": "cyan"}
_LARGE = 10_000_000  # bytes from which a file is worth a line for each tenth
_REPORTED_PAUSE = 5  # seconds from which a pause is reported where no progress bar shows it


class Output:
    """A terminal, or a log that only the owner reads. `quiet` leaves results and problems."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False, debug: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.debug = debug
        self.warn_only = False  # whether the failure of one account is only a warning
        self._bar: ProgressBar[int] | None = None

    def result(self, text: str) -> None:
        """Print a result, at once."""
        click.echo(self.plain(text))

    def info(self, text: str) -> None:
        """Print progress, unless quiet."""
        if not self.quiet:
            self.note(text)

    def note(self, text: str) -> None:
        """Print to stderr, also when quiet; on a terminal with the kind of a problem in colour."""
        text = self.plain(text)
        kind, colon, rest = text.partition(": ")
        is_coloured = kind in _COLOURS and not os.environ.get("NO_COLOR")
        if is_coloured and are_terminals(sys.stderr):
            text = click.style(kind, fg=_COLOURS[kind], bold=True) + colon + rest
        click.echo(text, err=True)

    def warning(self, where: str, what: str, hint: str = "") -> None:
        """Print a warning; the run goes on."""
        line = ": ".join(one_line(part) for part in (where, what) if part)
        self.note(f"warning: {line}" + (f"; {one_line(hint)}" if hint else ""))

    def error(self, error: GeneratorError) -> None:
        """Print an error with all its problems, and a hint."""
        problem = error.problem
        others = error.problems[1:] if isinstance(error, ConfigError) else []
        self.problem(problem, error.account, others)
        self.traceback(error)

    def traceback(self, error: BaseException | None) -> None:
        """Print where an error happened, with --debug."""
        if self.debug and error:
            self.note("".join(format_exception(error)))

    def problem(
        self, problem: Problem, account: str = "", others: list[tuple[str, str]] | None = None
    ) -> None:
        """Print one line for the problem and each further (where, what), and the hint."""
        message = self.render(problem, account)
        for where, what in [(message.where, message.what), *(others or [])]:
            self.note(f"error: {one_line(where)}: {one_line(what)}")
        self.note(f"hint: {one_line(message.hint)}")

    def failed_account(self, problem: Problem, account: str) -> None:
        """Print the failure of one account; the run goes on."""
        if self.warn_only:
            self.warning(*self.render(problem, account))
        else:
            self.problem(problem, account)

    def render(self, problem: Problem, account: str = "") -> Message:
        """The message for this reader."""
        return problem.render(self.display_name(account))

    def register(self, account: "Account") -> None:
        """Learn about an account before anything about it is printed."""

    def show_name(self, name: str) -> None:
        """Learn the name of a collection in site.toml, which whoever reads along can read too."""

    def display_name(self, name: str) -> str:
        """The name to print for an account."""
        return name

    def is_hidden(self, name: str) -> bool:  # noqa: ARG002
        """Whether counts and problems of an account must not be printed."""
        return False

    def print_secret(self, secret: str, otherwise: str) -> None:  # noqa: ARG002
        """Print a secret that was asked for, or `otherwise` where others can read along."""
        self.result(secret)

    def login(self, address: str) -> None:
        """Print the address where the owner authorises, alone on its line of stdout."""
        self.info("authorise at this address (valid for 15 minutes):")
        self.result(address)

    def mask(self, *secrets: str) -> None:
        """Keep secrets out of the log from here on."""

    def plain(self, text: str) -> str:
        """The text without parts that the reader's program would interpret."""
        return text

    @contextmanager
    def progress(self, name: str) -> "Iterator[Progress]":
        """A progress bar while an account is read; on anything but a terminal, plain lines."""
        if self.quiet or not are_terminals(sys.stderr):
            yield self._lines(self.display_name(name))
            return
        bar: ProgressBar[int]
        with click.progressbar(length=1, label=name, file=sys.stderr) as bar:
            self._bar = bar

            def show(done: int, total: int, copies: int) -> None:
                bar.length = total
                bar.label = f"{name}: page {done} of {total}, {copies:,} copies"
                if done < bar.pos:
                    bar.pos = 0  # read again from the start
                bar.update(done - bar.pos)

            try:
                yield show
            finally:
                self._bar = None

    @contextmanager
    def download(self) -> "Iterator[tuple[Begin, Callable[[int], None]]]":
        """Show how much of a file was read, and on a terminal how long the rest takes."""
        bar: ProgressBar[int] | None = None
        shown = total = 0

        def begin(day: "date | None", size: int | None) -> None:
            nonlocal bar, total
            total = size or 0
            name = f"master data of {in_words(day)}" if day else "master data"
            self.info(f"reading {name}" + (f", {file_size(size)}" if size else ""))
            if total and not self.quiet and are_terminals(sys.stderr):
                bar = click.progressbar(length=total, label="reading", file=sys.stderr)
                bar.__enter__()

        def report(done: int) -> None:
            nonlocal shown
            if bar is not None:
                bar.update(done - shown)
                shown = done
            elif total >= _LARGE and done * 10 // total > shown:
                shown = done * 10 // total
                self.info(f"{shown}0 %")

        try:
            yield begin, report
        finally:
            if bar is not None:
                bar.__exit__(None, None, None)

    def pause(self, seconds: float, reason: str) -> None:
        """Show that the run waits, and why."""
        if self._bar is not None:
            self._bar.label = f"{self._bar.label.partition(' (')[0]} ({span(seconds)}: {reason})"
            self._bar.render_progress()
        elif seconds >= _REPORTED_PAUSE:
            self.info(f"waiting {span(seconds)}: {reason}")

    def _lines(self, name: str) -> "Progress":
        def show(done: int, total: int, copies: int) -> None:
            if done == 1:
                requests = "1 request" if total == 1 else f"{total} requests"
                self.info(f"{name}: reading {copies:,} copies in {requests}")
            if self.verbose:
                self.info(f"{name}: response {done} of {total}")

        return show


def are_terminals(*streams: TextIO | None) -> bool:
    """Whether all of them are terminals; a stream that was closed at the start is None."""
    return all(stream is not None and stream.isatty() for stream in streams)


def one_line(text: str) -> str:
    """The text without line breaks and control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
