"""Connecting from the command line: what was asked for, and what has to be asked back."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isnan

import click

from generator.cli.app import App, utc_now
from generator.cli.authorising import (
    authorise,
    authorise_by_code,
    begin_login,
    end_login,
    show_address,
)
from generator.cli.output import are_terminals
from generator.cli.privacy import LINK_IS_KEPT_BACK, tell_of_link, unlisted_link
from generator.connect import Connect, Connected
from generator.discogs.codes import parse_code
from generator.domain.account import OAuthToken, PersonalToken, Privacy, checked_name
from generator.errors import UsageError

DEADLINE = 180.0
"""Seconds in which a browser has to come back."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The options of connect, as given."""

    name: str | None
    privacy: str | None
    token: bool
    anonymous: str | None
    no_browser: bool
    deadline: float | None
    oob: bool
    start: bool
    verifier: str | None

    @property
    def level(self) -> Privacy | None:
        """The level that was asked for, if any."""
        return Privacy(self.privacy) if self.privacy else None

    @property
    def modes(self) -> list[str]:
        """The options of which there can be only one."""
        given = {
            "--token": self.token,
            "--anonymous": self.anonymous is not None,
            "--oob": self.oob,
            "--start": self.start,
            "--verifier": self.verifier is not None,
        }
        return [option for option, is_given in given.items() if is_given]


def checked_choice(choice: Choice) -> Choice:
    """The choice with its name folded. Raises UsageError for what cannot be meant."""
    if len(choice.modes) > 1:
        raise UsageError("connect", f"{' and '.join(choice.modes)} exclude each other")
    if choice.anonymous == "":
        raise UsageError("connect --anonymous", "the Discogs name is empty")
    if choice.start and choice.name is None:
        raise UsageError("connect --start", "needs the NAME of the account")
    if choice.deadline is not None and isnan(choice.deadline):
        raise UsageError("connect --deadline", "is no number of seconds")
    if choice.verifier is not None:
        parse_code(choice.verifier)
    return choice if choice.name is None else replace(choice, name=checked_name(choice.name))


def connect_account(app: App, choice: Choice) -> None:
    """Connect in the way that was chosen. The workspace is held all the while."""
    app.vault  # noqa: B018 - a missing key is better known before Discogs is asked
    app.accounts.load()
    with app.lock("connect"):
        if choice.start and choice.name:
            begin_login(app, choice.name, choice.level)
        else:
            _report(app, _connected(app, choice))


def connector(app: App, ask_privacy: Callable[[], Privacy]) -> Connect:
    """The use case of connecting."""
    return Connect(app.accounts, app.network.discogs, utc_now, ask_privacy)


def _connected(app: App, choice: Choice) -> Connected:
    connect = connector(app, _asked_privacy)
    if choice.anonymous:
        return connect.anonymous(choice.anonymous, choice.name, choice.level)
    if choice.verifier:
        pending, token = end_login(app, parse_code(choice.verifier), choice.name)
        return connect.owner(token, pending.name, choice.level or pending.privacy)
    return connect.owner(_credentials(app, choice), choice.name, choice.level)


def _credentials(app: App, choice: Choice) -> OAuthToken | PersonalToken:
    def visit(address: str) -> None:
        show_address(app, address, browse=not choice.no_browser)

    if choice.token:
        return PersonalToken(_personal_token(app))
    if choice.oob:
        return authorise_by_code(app, choice.deadline, visit)
    return authorise(app, choice.deadline or DEADLINE, visit)


def _report(app: App, connected: Connected) -> None:
    """Say what came of it, and what an account that is not shown needs to be shown."""
    account = connected.account
    word = "reconnected" if connected.again else "connected"
    label = app.output.label(account.name)
    whose = f"{account.discogs_name} at Discogs, " if label == account.name else ""
    app.output.result(f"{word} {label}: {whose}{account.privacy}")
    if connected.new_link:
        app.output.reveal(f"unlisted link: {unlisted_link(app, account)}", LINK_IS_KEPT_BACK)
    tell_of_link(app, account, new=connected.new_link)
    if connected.warning:
        app.output.warn(label, connected.warning)
    if account.privacy is Privacy.PRIVATE:
        app.output.note(
            f"{label} is private, so it is not in the site; "
            f"build-site privacy {label} public changes that"
        )


def _asked_privacy() -> Privacy:
    """The level of a new account for which none was given: asked for only on a terminal."""
    if not are_terminals(sys.stdin, sys.stderr):
        return Privacy.PRIVATE
    levels = click.Choice([level.value for level in Privacy])
    return Privacy(click.prompt("Who may see it?", type=levels, default="private", err=True))


def _personal_token(app: App) -> str:
    if app.environment.token:
        return app.environment.token
    if not are_terminals(sys.stdin, sys.stderr):
        raise UsageError(
            "connect --token", "DISCOGS_TOKEN is not set", "set it, or run this on a terminal"
        )
    return str(click.prompt("Personal access token", hide_input=True, err=True)).strip()
