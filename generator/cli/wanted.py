"""Whom a run is to sync: named on the command line, or filled in on the Actions page."""

from collections.abc import Sequence
from dataclasses import dataclass

from generator.cli.app import App
from generator.domain.account import Account, checked_name
from generator.errors import UsageError
from generator.store.accounts import Loaded


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a run is to sync."""

    accounts: tuple[Account, ...] | None
    """None is whoever is due."""
    force: bool


def wanted(app: App, names: Sequence[str] = (), *, force: bool = False) -> Wanted:
    """As the command line says, else as was filled in by whoever started the workflow by hand.

    Raises UsageError.
    """
    known = app.accounts.load()
    if names:
        return Wanted(app.named(names), force)
    github = app.output.github
    filled_in = github.input("account")
    chosen = (filled_in_account(known, filled_in),) if filled_in else None
    return Wanted(chosen, force or github.input("force") == "true")


def filled_in_account(known: Loaded, text: str) -> Account:
    """The account of that name. Raises UsageError, which does not repeat it: others read along."""
    name = checked_name(text)
    for account in known.accounts:
        if account.name == name:
            return account
    raise UsageError("account", "no account has this name", "compare it with its page in the site")
