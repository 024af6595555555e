"""What a person at the terminal sees: lines, progress, and errors as one line and a hint."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

from generator.derive.wording import span
from generator.domain.account import Account
from generator.errors import ConfigError, GeneratorError

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from generator.discogs.reading import Progress

PATIENCE = 5
"""Seconds from which on a pause is told of where there is no bar to show it."""


class Output:
    """Results go to stdout, everything else to stderr; quiet leaves only problems."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False, debug: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.debug = debug
        self._bar: ProgressBar[int] | None = None

    def result(self, text: str) -> None:
        """Print a result, at once."""
        click.echo(text)

    def say(self, text: str) -> None:
        """Tell what is being done, unless told to be quiet."""
        if not self.quiet:
            click.echo(text, err=True)

    def warn(self, where: str, what: str) -> None:
        """Tell what is odd but no reason to stop."""
        click.echo(f"warning: {_one_line(where)}: {_one_line(what)}", err=True)

    def note(self, text: str) -> None:
        """Tell what must not be missed, even when quiet."""
        click.echo(text, err=True)

    def problem(self, error: GeneratorError) -> None:
        """Print an expected error: one line each, and a hint."""
        problems = error.problems if isinstance(error, ConfigError) else [(error.where, error.what)]
        for where, what in problems:
            click.echo(f"error: {_one_line(where)}: {_one_line(what)}", err=True)
        click.echo(f"hint: {_one_line(error.hint)}", err=True)
        if self.debug:
            click.echo("".join(traceback.format_exception(error)), err=True)

    @contextmanager
    def progress(self, account: Account) -> "Iterator[Progress]":
        """A bar while an account is read: on a terminal only, a line where there is none."""
        if self.quiet or not are_terminals(sys.stderr):
            yield self._plain(account.name)
            return
        bar: ProgressBar[int]
        with click.progressbar(length=1, label=account.name, file=sys.stderr) as bar:
            self._bar = bar

            def show(done: int, total: int, copies: int) -> None:
                bar.length = total
                bar.label = f"{account.name}: page {done} of {total}, {copies:,} copies"
                if done < bar.pos:
                    bar.pos = 0  # read again from the start
                bar.update(done - bar.pos)

            try:
                yield show
            finally:
                self._bar = None

    def waiting(self, seconds: float, reason: str) -> None:
        """Tell that nothing happens for a while, and why."""
        if self._bar is not None:
            self._bar.label = f"{self._bar.label.partition(' (')[0]} ({span(seconds)}: {reason})"
            self._bar.render_progress()
        elif seconds >= PATIENCE:
            self.say(f"waiting {span(seconds)}: {reason}")

    def _plain(self, name: str) -> "Progress":
        def show(done: int, total: int, copies: int) -> None:
            if done == 1:
                requests = "1 request" if total == 1 else f"{total} requests"
                self.say(f"{name}: reading {copies:,} copies in {requests}")
            if self.verbose:
                self.say(f"{name}: answer {done} of {total}")

        return show


def are_terminals(*streams: TextIO | None) -> bool:
    """Whether somebody sits at all of them; a stream that was closed at the start is None."""
    return all(stream is not None and stream.isatty() for stream in streams)


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
