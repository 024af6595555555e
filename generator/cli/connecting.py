"""Connecting from a terminal: how the owner authorises, and what is printed of the result."""

import sys
from queue import Empty, SimpleQueue
from threading import TIMEOUT_MAX, Thread
from typing import TYPE_CHECKING, Any

import click

from generator.errors import UsageError

if TYPE_CHECKING:
    from generator.cli.session import Session
    from generator.connect import Connect, Connected
    from generator.domain.account import Account

LEVELS = ("public", "unlisted", "private")
REDIRECT_DEADLINE = 180.0  # seconds to wait for the browser
CODE_DEADLINE = 900.0  # seconds to wait for a typed code: Discogs accepts it for 15 minutes
LINK_IS_HIDDEN = (
    "the unlisted link is not printed where others can read along; in a clone, run "
    "build-site state pull, build-site privacy NAME unlisted --new-link and build-site state push"
)


def connected_by(
    session: "Session", use_case: "Connect", mode: str, options: dict[str, Any]
) -> "Connected":
    from generator.domain.account import PersonalToken

    visit = visitor(session, browse=not options["no_browser"])
    deadline = options["deadline"]
    match mode:
        case "token":
            return use_case.with_credentials(PersonalToken(_personal_token(session)))
        case "anonymous":
            return use_case.anonymous(options["anonymous"])
        case "csv":
            return use_case.csv(options["csv"].read_bytes(), str(options["csv"]))
        case "oob":
            return use_case.by_code(visit, lambda: _typed_code(deadline or CODE_DEADLINE))
        case _:
            return use_case.by_redirect(deadline or REDIRECT_DEADLINE, visit)


def visitor(session: "Session", *, browse: bool) -> Any:
    """Prints the address, and opens it where there is a screen."""

    def visit(address: str) -> None:
        from os import environ
        from webbrowser import open as open_browser

        session.output.login(address)
        screen = sys.platform in ("darwin", "win32") or any(
            environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
        )
        if browse and screen:
            open_browser(address)

    return visit


def _typed_code(deadline: float) -> str:
    """One line of stdin, waited for at most `deadline` seconds. Raises Refused without one."""
    from generator.cli.output import are_terminals
    from generator.errors import Refused

    lines: SimpleQueue[bytes] = SimpleQueue()
    if are_terminals(sys.stdin, sys.stderr):
        click.echo("Code: ", nl=False, err=True)

    def read() -> None:
        lines.put(sys.stdin.buffer.readline(4096) if sys.stdin else b"")

    Thread(target=read, daemon=True).start()
    try:
        line = lines.get(timeout=min(TIMEOUT_MAX, deadline)).decode("utf-8", "replace")
    except Empty:
        line = ""
    if not line.strip():
        raise Refused("connect", "no code was given", "run connect again and type the code")
    return line


def _personal_token(session: "Session") -> str:
    from generator.cli.output import are_terminals

    if session.environment.token:
        return session.environment.token
    if not are_terminals(sys.stdin, sys.stderr):
        hint = "put it into .env, or run this on a terminal"
        raise UsageError("connect --token", "DISCOGS_TOKEN is not set", hint)
    return str(click.prompt("Personal access token", hide_input=True, err=True)).strip()


def asked_privacy(session: "Session", connected: "Connected") -> "Connected":
    """The new account at the level that its owner chooses; without a terminal it stays private."""
    from generator.accounts import change_privacy
    from generator.cli.output import are_terminals
    from generator.domain.account import Privacy

    if not are_terminals(sys.stdin, sys.stderr):
        return connected
    answer = click.prompt("Who can see it?", type=click.Choice(LEVELS), default="private", err=True)
    change = change_privacy(session.state, connected.account.name, Privacy(answer), new_link=False)
    return connected._replace(account=change.account, new_link=change.new_link)


def report_connected(session: "Session", connected: "Connected") -> None:
    """Print the result of a connect, and how a private account can be published."""
    account, output = connected.account, session.output
    name = output.display_name(account.name)
    verb = "connected" if connected.is_new else "reconnected"
    owner = f"{account.discogs_name} at Discogs, " if account.discogs_name else "an import, "
    output.result(f"{verb} {name}: {owner if name == account.name else ''}{account.privacy}")
    if connected.new_link:
        output.print_secret(f"unlisted link: {unlisted_link(session, account)}", LINK_IS_HIDDEN)
    report_link(session, account, new=connected.new_link)
    if connected.warning:
        output.warning(name, connected.warning)
    if account.privacy.value == "private":
        output.note(
            f"{name} is private, so it is not on the site; "
            f"build-site privacy {name} public publishes it"
        )


def unlisted_link(session: "Session", account: "Account") -> str:
    """The link of an unlisted account: absolute when the site's address is known."""
    return f"{session.settings.site.base_url}{account.tree}"


def report_link(session: "Session", account: "Account", *, new: bool) -> None:
    """Explain the link of an unlisted account, which is printed once."""
    if account.privacy.value != "unlisted":
        return
    name = session.output.display_name(account.name)
    if new:
        session.output.info("anyone with this link can see the account; it is not shown again")
    else:
        session.output.info(
            f"its link is unchanged; build-site privacy {name} unlisted --new-link replaces it"
        )
