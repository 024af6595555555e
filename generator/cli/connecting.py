"""Connecting from the command line: what was asked for, and what has to be asked back."""

import sys
import webbrowser
from dataclasses import dataclass, replace
from os import environ
from sys import platform

import click

from generator.cli import actions
from generator.cli.app import App
from generator.cli.output import are_terminals
from generator.connect import Connected, checked_name
from generator.domain.account import PersonalToken, Privacy
from generator.errors import UsageError


@dataclass(frozen=True, slots=True)
class Choice:
    """The options of connect, as given."""

    name: str | None
    privacy: str | None
    token: bool
    anonymous: str | None
    no_browser: bool
    deadline: float


def checked_choice(choice: Choice) -> Choice:
    """The choice with its name folded. Raises UsageError for what cannot be meant."""
    if choice.token and choice.anonymous is not None:
        raise UsageError("connect", "--token and --anonymous exclude each other")
    if choice.anonymous == "":
        raise UsageError("connect --anonymous", "the Discogs name is empty")
    if choice.privacy == Privacy.UNLISTED:
        raise UsageError("connect --privacy unlisted", "not yet", "choose public or private")
    return choice if choice.name is None else replace(choice, name=checked_name(choice.name))


def connect_account(app: App, choice: Choice) -> None:
    """Connect as chosen, in one of the three ways. The workspace is held all the while."""
    app.vault  # noqa: B018 - a missing key is better known before Discogs is asked
    app.accounts.load()
    with app.lock("connect"):
        actions.report_connected(app, _connected(app, choice))


def _connected(app: App, choice: Choice) -> Connected:
    connector = actions.connector(app, _asked_privacy)
    privacy = Privacy(choice.privacy) if choice.privacy else None
    if choice.anonymous:
        return connector.anonymous(choice.anonymous, choice.name, privacy)
    credentials = (
        PersonalToken(_personal_token(app))
        if choice.token
        else actions.authorise(app, choice.deadline, lambda address: _visit(app, choice, address))
    )
    return connector.owner(credentials, choice.name, privacy)


def _visit(app: App, choice: Choice, address: str) -> None:
    """Show the address, and open it where there is a screen: a text browser takes the terminal."""
    app.output.say("authorise at this address (it works for 15 minutes):")
    app.output.result(address)
    screen = platform == "darwin" or environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    if screen and not choice.no_browser:
        webbrowser.open(address)


def _asked_privacy() -> Privacy:
    """The level of a new account for which none was given: asked for only on a terminal."""
    if not are_terminals(sys.stdin, sys.stderr):
        return Privacy.PRIVATE
    levels = click.Choice([Privacy.PUBLIC.value, Privacy.PRIVATE.value])
    return Privacy(click.prompt("Who may see it?", type=levels, default="private", err=True))


def _personal_token(app: App) -> str:
    if app.environment.token:
        return app.environment.token
    if not are_terminals(sys.stdin, sys.stderr):
        raise UsageError(
            "connect --token", "DISCOGS_TOKEN is not set", "set it, or run this on a terminal"
        )
    return str(click.prompt("Personal access token", hide_input=True, err=True)).strip()
