"""What somebody filled in on the Actions page, done: connect, verify, privacy or disconnect."""

from collections.abc import Callable, Mapping

from generator.cli.app import App
from generator.cli.building import run_build
from generator.cli.connecting import Choice, checked_choice, connect_account
from generator.cli.disconnecting import disconnect_account
from generator.cli.planning import tell_first_steps
from generator.cli.privacy import change_privacy
from generator.cli.wanted import filled_in_account
from generator.domain.account import Privacy, checked_name
from generator.errors import ConfigError, GeneratorError, Refused, UsageError, VaultError

UNCHANGED = "unchanged"
"""Among the levels to choose from: the one it has, which for a new account is private."""

_WITHOUT_NAMES = {
    "at Discogs, not to": "belongs to another user of Discogs",
    "the folders of": "Discogs does not show its folders to these credentials",
}


def run_dispatch(app: App) -> int:
    """Do it. Raises GeneratorError, which repeats nothing that was filled in."""
    action = app.output.github.input("action")
    if action not in ACTIONS:
        raise UsageError("action", f"must be one of {', '.join(ACTIONS)}", "choose one of them")
    try:
        return ACTIONS[action](app)
    except (VaultError, ConfigError):
        tell_first_steps(app, "Something is missing")
        raise


def _connect(app: App) -> int:
    """The first half: the address to open, on the page of the run."""
    name = checked_name(app.output.github.input("account"))
    connect_account(app, _choice(app, name, start=True))
    return _publish(app, False)


def _verify(app: App) -> int:
    """The second half. Who is connected again may be seen by others from now on."""
    name = app.output.github.input("account")
    code = app.output.github.input("code")
    known = {account.id: account.privacy for account in app.accounts.load().accounts}
    choice = _choice(app, checked_name(name) if name else None, code=code)
    try:
        connect_account(app, choice)
    except (UsageError, Refused) as error:
        raise _unnamed(error) from None
    app.output.github.summarize("Connected. The next run of *Publish* syncs the collection.")
    after = {account.id: account.privacy for account in app.accounts.load().accounts}
    changed = any(known[key] != level for key, level in after.items() if key in known)
    return _publish(app, changed, run_build(app, None) if changed else 0)


def _privacy(app: App) -> int:
    account = filled_in_account(app.accounts.load(), app.output.github.input("account"))
    level = _level(app)
    if level is None:
        raise UsageError("privacy", "choose private, unlisted or public")
    return _publish(app, True, change_privacy(app, account.name, level, new_link=False))


def _disconnect(app: App) -> int:
    """Also by its id, for an account that cannot be read."""
    text = app.output.github.input("account")
    loaded = app.accounts.load()
    unreadable = {account_id for account_id, _ in loaded.unreadable}
    name = text if text in unreadable else filled_in_account(loaded, text).name
    return _publish(app, True, disconnect_account(app, name, yes=True))


ACTIONS: Mapping[str, Callable[[App], int]] = {
    "connect": _connect,
    "verify": _verify,
    "privacy": _privacy,
    "disconnect": _disconnect,
}


def _choice(app: App, name: str | None, *, start: bool = False, code: str | None = None) -> Choice:
    level = _level(app)
    choice = Choice(
        name=name,
        privacy=level.value if level else None,
        token=False,
        anonymous=None,
        no_browser=True,
        deadline=None,
        oob=False,
        start=start,
        verifier=code,
    )
    return checked_choice(choice)


def _level(app: App) -> Privacy | None:
    """The level that was chosen, if one was. Raises UsageError for what cannot be chosen."""
    text = app.output.github.input("privacy")
    if text in ("", UNCHANGED):
        return None
    if text not in list(Privacy):
        raise UsageError("privacy", "must be private, unlisted or public")
    return Privacy(text)


def _publish(app: App, news: bool, code: int = 0) -> int:
    """Tell later steps whether the site is another now."""
    app.output.github.output("publish", str(news).lower())
    return code


def _unnamed(error: GeneratorError) -> GeneratorError:
    """The error without the names that users have at Discogs."""
    for words, what in _WITHOUT_NAMES.items():
        if words in error.what:
            return type(error)("account", what, "look at who is signed in at Discogs, and at NAME")
    return error
