"""What a step of a GitHub workflow is told and tells: inputs, outputs, summary, masks, warnings.

Outside a workflow every telling is nothing, so nobody has to ask where it runs.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import click

from generator.errors import GeneratorError

_SPECIAL = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES = {**_SPECIAL, ":": "%3A", ",": "%2C"}
_LINE_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_MARKS = str.maketrans({mark: f"&#{ord(mark)};" for mark in "\\`*_[]#!|~:@"})


def _say(line: str) -> None:
    click.echo(line, err=True)


@dataclass(frozen=True)
class GitHub:
    """The workflow this process is a step of, if it is one."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    command: Callable[[str], None] = _say
    """Where commands to the runner go: it reads both streams, and results are for others."""

    @property
    def active(self) -> bool:
        """Whether others may read what is printed here."""
        return self.environ.get("GITHUB_ACTIONS") == "true"

    @property
    def manual(self) -> bool:
        """Whether somebody started this run by hand."""
        return self.environ.get("GITHUB_EVENT_NAME") == "workflow_dispatch"

    @property
    def confidential(self) -> bool:
        """Whether only those read along who may see the repository; unknown is no."""
        repository = self._event().get("repository")
        return isinstance(repository, dict) and repository.get("private") is True

    def input(self, name: str) -> str:
        """What was filled in by hand; "" where nothing was, and for every run by schedule."""
        inputs = self._event().get("inputs") if self.manual else None
        value = inputs.get(name) if isinstance(inputs, dict) else None
        if isinstance(value, bool):
            return str(value).lower()
        return value.strip() if isinstance(value, str) else ""

    def output(self, name: str, value: str) -> None:
        """Hand a value to the steps that follow; one line, so that it cannot pass for two."""
        if _LINE_BREAKS.search(value):
            raise ValueError(name)
        self._append("GITHUB_OUTPUT", f"{name}={value}\n")

    def summarize(self, text: str) -> None:
        """Add Markdown to the page of the run."""
        self._append("GITHUB_STEP_SUMMARY", f"{text}\n")

    def mask(self, secret: str | None) -> None:
        """Have the runner print stars wherever `secret` would be printed."""
        if self.active and secret:
            self.command(f"::add-mask::{_escaped(secret, _SPECIAL)}")

    def warn(self, title: str, text: str) -> None:
        """Show a warning at the head of the run."""
        if self.active:
            head = _escaped(title, _IN_PROPERTIES)
            self.command(f"::warning title={head}::{_escaped(text, _SPECIAL)}")

    def plain(self, text: str) -> str:
        """The text, changed where the runner would take a line of it for a command."""
        if not self.active:
            return text
        return "\n".join(_harmless(line) for line in _LINE_BREAKS.split(text))

    def _append(self, variable: str, text: str) -> None:
        if path := self.environ.get(variable):
            with Path(path).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)

    def _event(self) -> dict[str, Any]:
        """What started the run. Raises GeneratorError for something else than an event."""
        path = self.environ.get("GITHUB_EVENT_PATH")
        if not path:
            return {}
        try:
            event = json.loads(Path(path).read_bytes())
        except (ValueError, OSError, RecursionError):
            event = None
        if not isinstance(event, dict):
            raise GeneratorError("GITHUB_EVENT_PATH", "names no event", "leave it to the runner")
        return event


def markdown(text: str) -> str:
    """Text as one piece of Markdown that means nothing but itself, in a table too."""
    return escape(" ".join(text.split()), quote=False).translate(_MARKS)


def _harmless(line: str) -> str:
    """The old form of a command is seen anywhere in a line, the new one at its start."""
    line = line.replace("##[", "## [")
    return f"\\{line.lstrip()}" if line.lstrip().startswith("::") else line


def _escaped(text: str, marks: Mapping[str, str]) -> str:
    return "".join(marks.get(char, char) for char in text)
