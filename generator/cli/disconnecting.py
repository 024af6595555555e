"""Disconnecting from the command line: everything that is kept of an account is deleted."""

import sys

import click

from generator.cli.app import App
from generator.cli.building import rebuild
from generator.cli.output import are_terminals
from generator.errors import GeneratorError, UsageError
from generator.store import files


def check_consent(*, yes: bool) -> None:
    """Raises UsageError where nobody can be asked and nothing was said."""
    if not yes and not are_terminals(sys.stdin, sys.stderr):
        raise UsageError(
            "disconnect", "nobody can be asked here", "give --yes to delete what is kept"
        )


def disconnect_account(app: App, name: str, *, yes: bool) -> int:
    """Delete what is kept of an account, and rebuild.

    NAME may also be the id of an account that cannot be read.
    """
    _account_id(app, name)
    with app.lock("disconnect"):
        account_id = _account_id(app, name)
        if not yes:
            _ask(name)
        files.remove_leftovers(app.workspace.data)
        app.pendings.remove(name)
        app.accounts.remove(account_id)
        app.output.say(f"{app.output.label(name)} is disconnected; nothing is kept of it")
        return rebuild(app, app.workspace.site)


def _account_id(app: App, name: str) -> str:
    loaded = app.accounts.load()
    if name in {account.name for account in loaded.accounts}:
        return app.account(name).id
    unreadable = [account_id for account_id, _ in loaded.unreadable if account_id == name]
    return unreadable[0] if unreadable else app.account(name).id


def _ask(name: str) -> None:
    question = f"Disconnect {name}, and delete its token, its snapshot and its pages?"
    if not click.confirm(question, err=True):
        raise GeneratorError(name, "stays connected", "answer y, or give --yes")
