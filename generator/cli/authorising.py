"""Authorising at Discogs: by a redirect to this machine, by a typed code, or in two runs."""

import sys
import webbrowser
from collections.abc import Callable
from os import environ
from queue import Empty, SimpleQueue
from sys import platform
from threading import TIMEOUT_MAX, Thread

import click

from generator.cli.app import App, utc_now
from generator.cli.output import are_terminals
from generator.discogs import oauth
from generator.discogs.callback import Callback
from generator.discogs.codes import Code, parse_code
from generator.domain.account import OAuthToken, Privacy
from generator.domain.pending import LIFE, Pending
from generator.errors import Refused, UsageError

OUT_OF_BAND = "oob"
"""Instead of an address to go back to: Discogs then shows a code."""
WHERE = "connect"
_LONGEST_LINE = 4096
_AGAIN = "start again with build-site connect --start NAME, and use the code within 15 minutes"


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


def authorise_by_code(app: App, deadline: float | None, visit: Callable[[str], None]) -> OAuthToken:
    """Send the owner to Discogs by `visit`, and have the code typed that is shown there."""
    request = _asked(app)
    visit(oauth.authorize_url(app.environment.web_url, request))
    code = parse_code(_typed(deadline or LIFE.total_seconds()))
    _check_answer(code, request.key)
    return _exchanged(app, request, code)


def begin_login(app: App, name: str, privacy: Privacy | None) -> None:
    """The first of two runs: print the address, and keep what the second needs, sealed."""
    app.pendings.live(utc_now(), key_is_known=_key_is_known(app))
    request = _asked(app)
    app.pendings.save(Pending(name, request.key, request.secret, utc_now(), privacy))
    show_address(app, oauth.authorize_url(app.environment.web_url, request), browse=False)
    app.output.say("then run build-site connect --verifier CODE NAME with the code shown there")


def end_login(app: App, code: Code, name: str | None) -> tuple[Pending, OAuthToken]:
    """The second of two runs: the login the code belongs to, and the token it was worth.

    A code that Discogs refuses leaves the login as it is, because a slip of the hand can be
    mended. Raises Refused, and UsageError when it cannot be told which login is meant.
    """
    live = app.pendings.live(utc_now(), key_is_known=_key_is_known(app))
    pending = _meant(live, code, name)
    if not code.verifier:
        app.pendings.remove(pending.name)
    _check_answer(code, pending.key)
    try:
        token = _exchanged(app, oauth.RequestToken(pending.key, pending.secret), code)
    except Refused as exc:
        raise Refused(exc.where, exc.what, f"check the code, or {_AGAIN}") from None
    app.pendings.remove(pending.name)
    return pending, token


def show_address(app: App, address: str, *, browse: bool) -> None:
    """Show the address, and open it where there is a screen: a text browser takes the terminal."""
    app.output.say("authorise at this address (it works for 15 minutes):")
    app.output.result(address)
    app.output.github.summarize(f"Authorise within 15 minutes, then verify: <{address}>")
    screen = platform == "darwin" or environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    if screen and browse:
        webbrowser.open(address)


def _asked(app: App) -> oauth.RequestToken:
    """A request token whose code Discogs shows to the owner."""
    transport = app.network.transport(None)
    request = oauth.fetch_request_token(transport, app.network.consumer(), OUT_OF_BAND)
    app.output.github.mask(request.secret)
    return request


def _exchanged(app: App, request: oauth.RequestToken, code: Code) -> OAuthToken:
    app.output.github.mask(request.secret)
    transport = app.network.transport(None)
    return oauth.fetch_access_token(transport, app.network.consumer(), request, code.verifier)


def _check_answer(code: Code, request_key: str) -> None:
    """Raises Refused for a denial, and for the answer to another login."""
    if code.token not in (None, request_key):
        raise Refused(WHERE, "this code belongs to another login", _AGAIN)
    if not code.verifier:
        raise Refused(WHERE, "access was denied at Discogs", "run connect again to allow it")


def _meant(live: tuple[Pending, ...], code: Code, name: str | None) -> Pending:
    named = [one for one in live if name in (None, one.name)]
    fitting = [one for one in named if code.token in (None, one.key)]
    if not fitting:
        raise Refused(WHERE, "no such login is under way, or it is older than 15 minutes", _AGAIN)
    if len({one.name for one in fitting}) > 1:
        raise UsageError(
            "connect --verifier", "more than one login is under way", "say which: give its NAME"
        )
    return fitting[0]


def _typed(deadline: float) -> str:
    """One line of stdin, waited for at most `deadline` seconds. Raises Refused without one."""
    lines: SimpleQueue[bytes] = SimpleQueue()
    if are_terminals(sys.stdin, sys.stderr):
        click.echo("Code: ", nl=False, err=True)
    Thread(target=lambda: lines.put(_line()), daemon=True).start()
    try:
        line = lines.get(timeout=min(TIMEOUT_MAX, deadline)).decode("utf-8", "replace")
    except Empty:
        line = ""
    if not line.strip():
        raise Refused(WHERE, "no code was given", "run connect again, and type the code")
    return line


def _line() -> bytes:
    return sys.stdin.buffer.readline(_LONGEST_LINE) if sys.stdin else b""


def _key_is_known(app: App) -> bool:
    return bool(app.accounts.load().accounts)
