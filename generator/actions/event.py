"""The workflow a process runs in: its event, its inputs, and its outputs for later steps."""

import json
import os
import re
from pathlib import Path
from typing import Any

from generator.errors import GeneratorError

LINE_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


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
    if LINE_BREAKS.search(value):
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
