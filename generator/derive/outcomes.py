"""How the accounts of a run fared, each for itself, and what that makes of the whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generator.errors import GeneratorError, Refused


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the sync of one account ended."""

    name: str
    error: GeneratorError | None = None
    copies: int = 0
    warning: str | None = None
    """What is odd about it, though it is whole."""


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """What a run of these outcomes returns to the shell."""
    outcomes = tuple(outcomes)
    errors = [outcome.error for outcome in outcomes if outcome.error]
    if not errors:
        return 0
    if len(errors) < len(outcomes):
        return 3
    return 13 if all(isinstance(error, Refused) for error in errors) else 1


def summary(outcomes: Sequence[Outcome]) -> str:
    """A table of how the accounts of a run fared, in the order in which they were tried."""
    rows = [("account", "copies", "")]
    rows += [
        (one.name, "-", one.error.what) if one.error else (one.name, f"{one.copies:,}", "synced")
        for one in outcomes
    ]
    names, numbers = (max(len(row[column]) for row in rows) for column in (0, 1))
    return "\n".join(f"{a:{names}}  {b:>{numbers}}  {c}".rstrip() for a, b, c in rows)
