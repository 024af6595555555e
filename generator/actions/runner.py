"""The runner of a workflow: its event, the outputs for later steps, and the log.

Every problem is an annotation and a row of the run's summary. Others may read the log, so accounts
that are not public appear under their opaque ids.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.output import Output, one_line
from generator.domain.account import Account, Privacy
from generator.errors import ACCOUNT, GeneratorError, Message, Problem

if TYPE_CHECKING:
    from generator.discogs.reading import Progress

_LINE_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPECIAL = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES = {**_SPECIAL, ":": "%3A", ",": "%2C"}
_MARKUP = str.maketrans({mark: f"&#{ord(mark)};" for mark in "\\`*_[]#!|~:@"})
_IN_A_CLONE = "in a clone, build-site state pull and build-site accounts show it"
_UNKNOWN = "account"  # the name of an account that no file here knows


def is_manual() -> bool:
    """Whether a person started this run."""
    return os.environ.get("GITHUB_EVENT_NAME") == "workflow_dispatch"


def is_requested() -> bool:
    """Whether a person started this run, by the form or by a push: it builds in any case."""
    return is_manual() or os.environ.get("GITHUB_EVENT_NAME") == "push"


def is_confidential() -> bool:
    """Whether only people with access to the repository can read the log."""
    repository = _event().get("repository")
    return isinstance(repository, dict) and repository.get("private") is True


def form_input(name: str) -> str:
    """A field of the form; "" where it is empty, and for every scheduled run."""
    inputs = _event().get("inputs") if is_manual() else None
    value = inputs.get(name) if isinstance(inputs, dict) else None
    if isinstance(value, bool):
        return str(value).lower()
    return value.strip() if isinstance(value, str) else ""


def set_output(name: str, value: str) -> None:
    """Pass a value of one line to later steps."""
    if _LINE_BREAKS.search(value):
        raise ValueError(name)
    _append("GITHUB_OUTPUT", f"{name}={value}\n")


def add_summary(markdown: str) -> None:
    """Add Markdown to the page of the run."""
    _append("GITHUB_STEP_SUMMARY", f"{markdown}\n")


def _append(variable: str, text: str) -> None:
    if path := os.environ.get(variable):
        with Path(path).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)


def _event() -> dict[str, Any]:
    """The event that started the run. Raises GeneratorError for a file that is not an event."""
    path = os.environ.get("GITHUB_EVENT_PATH")
    if not path:
        return {}
    try:
        event = json.loads(Path(path).read_bytes())
    except (ValueError, OSError, RecursionError):
        event = None
    if not isinstance(event, dict):
        raise GeneratorError("GITHUB_EVENT_PATH", "is not an event", "leave it to the runner")
    return event


class WorkflowOutput(Output):
    """Output that the runner and other people read along."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False, debug: bool = False) -> None:
        super().__init__(quiet=quiet, verbose=verbose, debug=debug)
        self._has_table = False
        self._names: dict[str, str] = {}
        self._masked: set[str | None] = {None, ""}

    def register(self, account: Account) -> None:
        public = account.privacy is Privacy.PUBLIC
        self._names[account.name] = account.name if public else account.id
        if not is_confidential():
            self.mask(account.slug or "")

    def show_name(self, name: str) -> None:
        self._names[name] = name

    def display_name(self, name: str) -> str:
        if not name or re.fullmatch("[0-9a-f]{16}", name):
            return name  # an opaque id
        return self._names.get(name, _UNKNOWN)

    def is_hidden(self, name: str) -> bool:
        return self.display_name(name) != name and not is_confidential()

    def failed_account(self, problem: Problem, account: str) -> None:
        if self.is_hidden(account):
            what, hint = (
                "failed; the reason is not shown in a log that others can read",
                _IN_A_CLONE,
            )
            problem = Problem(ACCOUNT, what, hint, hint, exit_code=problem.exit_code)
        super().failed_account(problem, account)

    def render(self, problem: Problem, account: str = "") -> Message:
        return problem.render(self.display_name(account), public=True, form=True)

    def problem(
        self, problem: Problem, account: str = "", others: list[tuple[str, str]] | None = None
    ) -> None:
        super().problem(problem, account, others)
        message = self.render(problem, account)
        for where, what in [(message.where, message.what), *(others or [])]:
            self._annotate("error", where, f"{what}. {message.hint}")
            self.add_row("❌", where, what, message.hint)

    def warning(self, where: str, what: str, hint: str = "") -> None:
        super().warning(where, what, hint)
        self._annotate("warning", where, f"{what}. {hint}" if hint else what)
        self.add_row("⚠️", where, what, hint)

    def print_secret(self, secret: str, otherwise: str) -> None:
        if is_confidential():
            self.result(secret)
        else:
            self.warning("", otherwise)

    def login(self, address: str) -> None:
        super().login(address)
        add_summary(f"Authorise within 15 minutes, then verify: <{address}>")

    def mask(self, *secrets: str) -> None:
        for secret in secrets:
            if secret not in self._masked:
                self._masked.add(secret)
                self._command(f"::add-mask::{_escaped(secret, _SPECIAL)}")

    def plain(self, text: str) -> str:
        """The text, changed where the runner would take a line of it for a command."""
        return "\n".join(_harmless(line) for line in _LINE_BREAKS.split(text))

    @contextmanager
    def progress(self, name: str) -> "Iterator[Progress]":
        if self.is_hidden(name):
            yield lambda *_: None
        else:
            yield self._lines(self.display_name(name))

    def _annotate(self, kind: str, title: str, text: str) -> None:
        head = _escaped(one_line(title) or "Gatefold", _IN_PROPERTIES)
        self._command(f"::{kind} title={head}::{_escaped(one_line(text), _SPECIAL)}")

    def add_row(self, mark: str, where: str, what: str, hint: str = "") -> None:
        """Add a row to the table on the page of the run."""
        head = "" if self._has_table else "| | where | what | what to do |\n|---|---|---|---|\n"
        self._has_table = True
        cells = " | ".join(markdown(cell) for cell in (where, what, hint))
        add_summary(f"{head}| {mark} | {cells} |")

    def _command(self, line: str) -> None:
        """A command to the runner, which reads both streams; stdout holds results."""
        if os.environ.get("GITHUB_ACTIONS") == "true":
            click.echo(line, err=True)


def markdown(text: str) -> str:
    """Text as Markdown without any markup, also in a table."""
    return escape(" ".join(text.split()), quote=False).translate(_MARKUP)


def _harmless(line: str) -> str:
    """The old form of a command is recognised anywhere in a line, the new one at its start."""
    line = line.replace("##[", "## [")
    return f"\\{line.lstrip()}" if line.lstrip().startswith("::") else line


def _escaped(text: str, marks: Mapping[str, str]) -> str:
    return "".join(marks.get(char, char) for char in text)
