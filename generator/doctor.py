"""Doctor: check everything a run depends on, one finding each, with what to do."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generator.derive.covers import refused_covers
from generator.derive.formatting import day, plural, span
from generator.discogs.http import Probe
from generator.domain.account import Account, Source
from generator.errors import SETTINGS_PAGE, GeneratorError, Locked, Refused
from generator.render.shown import seen_in
from generator.render.swap import MARKER
from generator.store.masters import open_table
from generator.store.state import State

if TYPE_CHECKING:
    from generator.discogs.client import Discogs

OK, WARNING, PROBLEM = "ok", "warning", "problem"
_MAX_SKEW = 300  # seconds that a clock may differ before signatures are refused
_OLD_TABLE = timedelta(days=62)
_LATE = timedelta(hours=6)  # how old Discogs' terms allow data to be


class Finding(NamedTuple):
    """The result of one check."""

    check: str
    level: str  # ok, warning or problem
    what: str
    hint: str = ""


def of_error(check: str, error: GeneratorError) -> list[Finding]:
    """An expected error as findings, one for each of its problems."""
    problem = error.problem.render(error.account)
    places = getattr(error, "problems", None) or [(problem.where, problem.what)]
    return [Finding(check, PROBLEM, f"{where}: {what}", problem.hint) for where, what in places]


def check_network(address: str, found: Probe, now: datetime) -> Iterator[Finding]:
    """Whether Discogs answers, and whether the clocks agree."""
    if found.failure:
        hint = "check the network, a proxy, and DISCOGS_API_URL"
        yield Finding("network", PROBLEM, found.failure, hint)
        return
    yield Finding("network", OK, f"{address} answers")
    if found.date is None:
        yield Finding("clock", WARNING, "Discogs sent no time to compare with")
        return
    skew = abs((found.date - now).total_seconds())
    if skew > _MAX_SKEW:
        what = f"this machine's clock is {span(skew)} off"
        yield Finding("clock", PROBLEM, what, "set the clock; Discogs refuses signatures otherwise")
    else:
        yield Finding("clock", OK, "agrees with Discogs")


def check_data_host(address: str, found: Probe) -> Finding:
    """Whether the host of the master data answers; only enrich needs it."""
    if found.failure:
        hint = "enrich needs it; check the network, a proxy, and DISCOGS_DATA_URL"
        return Finding("network", WARNING, f"{address}: {found.failure}", hint)
    return Finding("network", OK, f"{address} answers")


class Accounts(NamedTuple):
    """What the accounts of a workspace are compared with."""

    state: State
    site: Path
    image_origin: str
    now: datetime


def check_state(
    accounts: Accounts, encryption_key: str, *, collections: bool = False
) -> Iterator[Finding]:
    """The key, and the accounts that it opens. Raises VaultError or StateError.

    `collections`: whether site.toml lists some, which need no key.
    """
    state = accounts.state
    if not encryption_key:
        sealed = state.holds_sealed_files()
        if collections and not sealed:
            yield Finding("key", OK, "is not needed by the collections of site.toml")
            return
        what = "is not set" + ("" if sealed else "; it is needed to connect an account")
        hint = "put the key that build-site keys new prints into .env"
        yield Finding("key", PROBLEM if sealed else WARNING, f"OAUTH_ENCRYPTION_KEY {what}", hint)
        return
    loaded = state.load_accounts()
    others = state.under_other_keys()
    if others:
        what = f"{plural(others, 'file')} sealed under another key of the ring"
        yield Finding("key", WARNING, what, "build-site keys rotate seals them under the first")
    else:
        yield Finding("key", OK, "opens everything that is sealed")
    for account_id, error in loaded.unreadable:
        yield from of_error("state", error.of(account_id))
    for account in loaded.accounts:
        yield from _check_account(accounts, account)
    if not loaded.accounts and not loaded.unreadable:
        hint = "build-site connect connects one"
        yield Finding("state", WARNING, "no account is connected", hint)


def _check_account(known: Accounts, account: Account) -> Iterator[Finding]:
    state, name, read = known.state, account.name, account.status.synced_at
    if not state.holds_snapshot(account):
        hint = f"build-site sync {name} --force reads it again"
        yield Finding("state", PROBLEM, f"{name}: its snapshot does not open", hint)
    elif account.problem:
        shown = account.problem.render(account.name)
        yield Finding("state", WARNING, f"{shown.where}: {shown.what}", shown.hint)
    else:
        synced = account.status.synced_at is not None
        what = plural(account.status.records, "record") if synced else "not synced yet"
        yield Finding("state", OK, f"{name}: {what}")
    if read and account.source.is_live and known.now - read > _LATE:
        what = f"{name}: was read {span((known.now - read).total_seconds())} ago"
        hint = "run build-site at least every six hours, as Discogs' terms ask"
        yield Finding("state", WARNING, what, hint)
    shown_now = seen_in(known.site, account.tree)
    if read and shown_now and shown_now.synced_at < read:
        what = f"{name}: the site is older than the stored collection"
        yield Finding("site", WARNING, what, "build-site build")
    yield from _check_covers(known, account)


def _check_covers(known: Accounts, account: Account) -> Iterator[Finding]:
    name = account.name
    if account.source is Source.ANONYMOUS:
        what = f"{name}: is read without a login, so Discogs sends no covers"
        hint = f"connect it as its owner: build-site connect {name} --token"
        yield Finding("covers", WARNING, what, hint)
        return
    try:
        snapshot = known.state.load_snapshot(account)
    except GeneratorError:
        return  # reported with the state
    refused = refused_covers(snapshot.collection, known.image_origin) if snapshot else ""
    if refused:
        hint = "set DISCOGS_IMAGE_URL to that host if it is Discogs' own"
        yield Finding("covers", WARNING, f"{name}: {refused}", hint)


def check_token(client: "Discogs") -> Iterator[Finding]:
    """Whether Discogs accepts the personal token of this client."""
    try:
        yield Finding("token", OK, f"DISCOGS_TOKEN belongs to {client.fetch_identity().username}")
    except Refused:
        hint = f"make a new one at {SETTINGS_PAGE}"
        yield Finding("token", PROBLEM, "Discogs does not accept DISCOGS_TOKEN", hint)


def check_lock(state: State, now: datetime) -> Iterator[Finding]:
    """Whether another run holds the workspace."""
    try:
        with state.lock("doctor", now):
            yield Finding("lock", OK, "no other run holds the workspace")
    except Locked as error:
        yield Finding("lock", WARNING, f"{error.where}: {error.what}", error.hint)


def check_overrides(own: Path, bundled: Path) -> Iterator[Finding]:
    """Whether the workspace's own templates replace one: a slip in a name changes nothing."""
    if not own.is_dir() or own.samefile(bundled):
        return
    for path in sorted(own.rglob("*.html")):
        name = path.relative_to(own)
        if not (bundled / name).exists():
            what = f"templates/{name.as_posix()} replaces nothing"
            hint = "give it the name of a bundled template, unless one of yours includes it"
            yield Finding("templates", WARNING, what, hint)


def check_masters(path: Path, now: datetime) -> Finding:
    """The table of original years."""
    hint = "build-site enrich"
    try:
        table = open_table(path)
    except GeneratorError as error:
        return of_error("masters", error)[0]
    if table is None:
        return Finding("masters", WARNING, "no original years", f"{hint} adds them")
    what = plural(table.masters, "album") + (f", of {day(table.day)}" if table.day else "")
    if table.day and now.date() - table.day > _OLD_TABLE:
        return Finding("masters", WARNING, what, f"{hint} gets the newest")
    return Finding("masters", OK, what)


def check_site(site: Path, base_url: str, pages: str) -> Iterator[Finding]:
    """The output, and its address; `pages` is the one at GitHub Pages, "" where it has none."""
    if not (site / MARKER).is_file():
        foreign = site.is_dir() and any(one for one in site.iterdir() if one.name[0] != ".")
        what = f"{site} holds files that were not built here" if foreign else "is not built yet"
        hint = "move them away, or name another directory" if foreign else "build-site build"
        yield Finding("site", PROBLEM if foreign else WARNING, what, hint)
    else:
        yield Finding("site", OK, f"{site} is built")
    if not base_url:
        hint = 'set base_url in site.toml: base_url = "https://…"'
        yield Finding("site", WARNING, "its address is not set: no sitemap, no feed links", hint)
    elif pages and ".github.io" in base_url and base_url.lower() != pages.lower():
        what = f"base_url is {base_url}, but the pages of the repository are at {pages}"
        yield Finding("site", WARNING, what, "correct base_url or repository in site.toml")


def guarded(check: str, found: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """All findings of a check, of which an expected error is one."""
    findings: list[Finding] = []
    try:
        for one in found():
            findings.append(one)  # noqa: PERF402 - the ones before an error stay
    except GeneratorError as error:
        findings += of_error(check, error)
    except OSError as error:
        hint = "check the file and who may read it"
        what = f"{error.filename or check} cannot be read: {(error.strerror or '').lower()}"
        findings.append(Finding(check, PROBLEM, what, hint))
    return findings
