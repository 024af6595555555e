"""Connecting from the command line: what was asked for, and what has to be asked back."""

import sys
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass, replace
from os import environ
from sys import platform

import click

from generator.cli.app import App, utc_now
from generator.cli.output import are_terminals
from generator.connect import Connect, Connected
from generator.discogs import oauth
from generator.discogs.callback import Callback
from generator.domain.account import OAuthToken, PersonalToken, Privacy, checked_name
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
        _report(app, _connected(app, choice))


def connector(app: App, ask_privacy: Callable[[], Privacy]) -> Connect:
    """The use case of connecting."""
    return Connect(app.accounts, app.network.discogs, utc_now, ask_privacy)


def authorise(app: App, deadline: float, visit: Callable[[str], None]) -> OAuthToken:
    """Send the owner to Discogs by `visit`, and bring the token home over loopback."""
    consumer = app.network.consumer()
    transport = app.network.transport(None)
    with Callback() as callback:
        request = oauth.fetch_request_token(transport, consumer, callback.url)
        callback.expect(request.key)
        visit(oauth.authorize_url(transport.endpoints.web, request))
        verifier = callback.wait(deadline)
    return oauth.fetch_access_token(transport, consumer, request, verifier)


def _connected(app: App, choice: Choice) -> Connected:
    connect = connector(app, _asked_privacy)
    privacy = Privacy(choice.privacy) if choice.privacy else None
    if choice.anonymous:
        return connect.anonymous(choice.anonymous, choice.name, privacy)
    credentials = (
        PersonalToken(_personal_token(app))
        if choice.token
        else authorise(app, choice.deadline, lambda address: _visit(app, choice, address))
    )
    return connect.owner(credentials, choice.name, privacy)


def _report(app: App, connected: Connected) -> None:
    """Say what came of it, and what an account that is not shown needs to be shown."""
    account = connected.account
    word = "reconnected" if connected.again else "connected"
    app.output.result(
        f"{word} {account.name}: {account.discogs_name} at Discogs, {account.privacy}"
    )
    if connected.warning:
        app.output.warn(account.name, connected.warning)
    if account.privacy is Privacy.PRIVATE:
        app.output.note(
            f"{account.name} is private, so it is not in the site; "
            f"build-site connect {account.name} --privacy public changes that"
        )


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
