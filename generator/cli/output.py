"""What a person at the terminal sees: lines, progress, and errors as one line and a hint.

In a workflow others read along: there an account that is not public goes by its id.
"""

import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

from generator.cli.github import GitHub
from generator.derive.wording import span
from generator.domain.account import Account, Privacy
from generator.errors import ConfigError, GeneratorError

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from generator.discogs.reading import Progress

PATIENCE = 5
"""Seconds from which on a pause is told of where there is no bar to show it."""


class Output:
    """Results go to stdout, everything else to stderr; quiet leaves only problems."""

    def __init__(
        self,
        *,
        quiet: bool = False,
        verbose: bool = False,
        debug: bool = False,
        github: GitHub | None = None,
    ) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.debug = debug
        self.github = github or GitHub()
        self.lenient = False
        """Whether the failure of one account is no more than a warning."""
        self._labels: dict[str, str] = {}
        self._slugs: set[str | None] = {None}
        self._bar: ProgressBar[int] | None = None

    def result(self, text: str) -> None:
        """Print a result, at once."""
        click.echo(self.github.plain(text))

    def say(self, text: str) -> None:
        """Tell what is being done, unless told to be quiet."""
        if not self.quiet:
            self.note(text)

    def warn(self, where: str, what: str) -> None:
        """Tell what is odd but no reason to stop."""
        self.note(f"warning: {_one_line(where)}: {_one_line(what)}")

    def note(self, text: str) -> None:
        """Tell what must not be missed, even when quiet."""
        click.echo(self.github.plain(text), err=True)

    def problem(self, error: GeneratorError, name: str | None = None) -> None:
        """Print an expected error: one line each, and a hint; `name` is whose it is, if anybody's.

        Where others read along, the name is told by its label wherever an error has it.
        """
        where, hint = self._told(error.where, error.hint, name)
        if self.lenient and name is not None:
            self.warn(where, f"{error.what}; {hint}")
            return
        problems = error.problems if isinstance(error, ConfigError) else [(where, error.what)]
        for place, what in problems:
            self.note(f"error: {_one_line(place)}: {_one_line(what)}")
        self.note(f"hint: {_one_line(hint)}")
        if self.debug:
            self.note("".join(traceback.format_exception(error)))

    def meet(self, account: Account) -> None:
        """Learn how an account is to be called from now on."""
        if not self.github.active:
            return
        public = account.privacy is Privacy.PUBLIC
        self._labels[account.name] = account.name if public else account.id
        if account.slug not in self._slugs and not self.github.confidential:
            self.github.mask(account.slug)
            self._slugs.add(account.slug)

    def label(self, name: str) -> str:
        """What an account of that name is called here."""
        return self._labels.get(name, name)

    def reveal(self, secret: str, otherwise: str) -> None:
        """Print a secret that was asked for, or say `otherwise` where others read along."""
        if self.github.active and not self.github.confidential:
            self.note(otherwise)
        else:
            self.result(secret)

    @contextmanager
    def progress(self, account: Account) -> "Iterator[Progress]":
        """A bar while an account is read: on a terminal only, a line where there is none."""
        if self.quiet or self.github.active or not are_terminals(sys.stderr):
            yield self._plain(self.label(account.name))
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

    def _told(self, where: str, hint: str, name: str | None) -> tuple[str, str]:
        """Both with the name of an account, where errors have it, told by its label."""
        if name is None or self.label(name) == name:
            return where, hint
        label = self.label(name)
        if where == name or where.endswith(f" of {name}"):
            where = where.removesuffix(name) + label
        command = rf"(build-site \w+ ){re.escape(name)}(?= |$)"
        return where, re.sub(command, lambda match: match[1] + label, hint)

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
