"""Sync: read the accounts that are due, each on its own, and keep only readings proven whole."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from generator.derive.covers import refused_covers
from generator.derive.due import due_accounts, next_sync
from generator.derive.formatting import rfc3339, span
from generator.domain.account import Account, Source, Status
from generator.errors import (
    Cooling,
    GeneratorError,
    HeldBack,
    NotFound,
    Problem,
    Refused,
    StateError,
    Unauthorized,
    UsageError,
    reason,
)
from generator.store import files
from generator.store.state import LoadedAccounts, State

if TYPE_CHECKING:
    from generator.discogs.client import Discogs, DiscogsAccess
    from generator.discogs.reading import Progress, Reading

SMALL = 10  # below this many copies only becoming empty is suspicious
SEEN_AS_ANONYMOUS = (
    "Discogs treated this login as anonymous; private records and covers may be missing"
)
AGREEMENT = 0.02  # how far two readings may differ and still agree about a loss


class Outcome(NamedTuple):
    """The result of one account in a run."""

    name: str  # the account's name, or the id of one that cannot be read
    copies: int = 0
    problem: Problem | None = None
    warning: str = ""
    error: GeneratorError | None = None  # the error behind the problem, for its traceback
    lost: bool = False  # it has no pages now, though its owner did not take them off


class SyncSelection(NamedTuple):
    """The accounts a run syncs."""

    names: tuple[str, ...] | None = None  # none selects the accounts that are due
    force: bool = False  # ignore cooldown and hold-back
    includes: Callable[[str], bool] = lambda _: True
    """Whether an account id belongs to this run's share."""


class Sync(NamedTuple):
    """The state, the access to Discogs and the clock of a run."""

    state: State
    discogs: "DiscogsAccess"
    now: Callable[[], datetime]
    cooldown: timedelta
    progress: "Callable[[Account], AbstractContextManager[Progress]]"
    report: Callable[[Outcome], None]  # called with each account's outcome as soon as it is known
    image_origin: str  # where the pages may load covers from
    by_folder_name: frozenset[str] = frozenset()  # accounts whose folders site.toml names

    def run(self, selection: SyncSelection) -> list[Outcome]:
        """Sync the selected accounts; a failure of one never affects another.

        Named accounts inside their cooldown, and accounts that cannot be read, count as failed.
        Raises UsageError for a name that does not exist.
        """
        files.remove_leftovers(self.state.data)
        loaded = self.state.load_accounts()
        chosen, refused = self._select(loaded, selection)
        for outcome in refused:
            self.report(outcome)
        outcomes = list(refused)
        for account in chosen:
            outcomes.append(self._sync(account, selection.force))
            self.report(outcomes[-1])
        return outcomes

    def _select(
        self, loaded: LoadedAccounts, selection: SyncSelection
    ) -> tuple[list[Account], list[Outcome]]:
        now = self.now()
        if selection.names is None:
            accounts = accounts_to_sync(self.state, loaded.accounts, self.cooldown, now)
            if selection.force:
                accounts = [one for one in loaded.accounts if one.source.is_live]
            chosen = [one for one in accounts if selection.includes(one.id)]
            unreadable = [
                Outcome(account_id, problem=error.problem)
                for account_id, error in loaded.unreadable
                if selection.includes(account_id)
            ]
            return chosen, unreadable
        named = [loaded.named(name) for name in dict.fromkeys(selection.names)]
        chosen, refused = [], []
        for account in (one for one in named if selection.includes(one.id)):
            end = None if selection.force else next_sync(account, self.cooldown, now)
            if not account.source.is_live:
                hint = "import a newer export: build-site connect {account} --csv FILE"
                error = UsageError("", "is an import, which no sync can read again", hint)
                refused.append(Outcome(account.name, problem=error.of(account.name).problem))
            elif end:
                refused.append(cooling(account.name, end, now))
            else:
                chosen.append(account)
        return chosen, refused

    def _sync(self, account: Account, force: bool) -> Outcome:
        try:
            return self._read(account, force)
        except GeneratorError as exc:
            error = exc
        except OSError as exc:
            error = _unwritable(exc)
        _add_way_back(account, error)
        problem = error.of(account.name).problem
        status = _failed(account, error, problem)
        # Where nothing can be written, the failure can be reported but not stored.
        with suppress(OSError):
            self.state.save_status(replace(account, status=status))
        return Outcome(account.name, problem=problem, error=error)

    def _read(self, account: Account, force: bool) -> Outcome:
        client = self.discogs.client(self.state.load_credentials(account))
        try:
            reading = self._reading(account, client)
        except NotFound as missing:
            account = _renamed(account, client, missing)
            reading = self._reading(account, client)
        copies = len(reading.collection.copies)
        if not force:
            _refuse_sudden_loss(account.status, copies)
        folders = account.status.folders
        if account.name in self.by_folder_name and account.source.has_credentials:
            folders = client.fetch_folders(account.username)
        self.state.save_collection(account.id, reading.collection)
        status = Status(
            connection=account.connection,
            username=account.status.username,
            synced_at=reading.started,
            last_sync=self.now(),
            records=copies,
            folders=folders,
        )
        self.state.save_status(replace(account, status=status))
        refused = refused_covers(reading.collection, self.image_origin)
        warning = SEEN_AS_ANONYMOUS if client.transport.seen_as_anonymous else refused
        return Outcome(account.name, copies, warning=warning)

    def _reading(self, account: Account, client: "Discogs") -> "Reading":
        from generator.discogs.reading import read_collection  # noqa: PLC0415 - a build does without

        with self.progress(account) as progress:
            return read_collection(
                lambda pages: client.fetch_pages(account.username, pages), self.now, progress
            )


def accounts_to_sync(
    state: State, accounts: Sequence[Account], cooldown: timedelta, now: datetime
) -> list[Account]:
    """The accounts that are due, and at once those whose snapshot does not open."""
    due = list(due_accounts(tuple(accounts), cooldown, now))
    live = (one for one in accounts if one.source.is_live and one not in due)
    return due + [one for one in live if not state.holds_snapshot(one)]


def cooling(name: str, end: datetime, now: datetime) -> Outcome:
    """The outcome of an account that was named inside its cooldown."""
    what = f"next sync possible at {rfc3339(end)} (in {span((end - now).total_seconds())})"
    return Outcome(name, problem=Cooling("", what).of(name).problem)


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """The exit code of a run with these outcomes."""
    failed = [one.problem for one in outcomes if one.problem]
    if not failed:
        return 0
    if len(failed) < len(outcomes):
        return 3
    return 13 if all(problem.exit_code == Refused.exit_code for problem in failed) else 1


def is_sudden_loss(before: int, after: int) -> bool:
    """Whether a collection became empty, or lost more than half of ten copies or more."""
    return before > 0 and (after == 0 or (before >= SMALL and after * 2 < before))


def _refuse_sudden_loss(status: Status, copies: int) -> None:
    agrees = status.held is not None and abs(copies - status.held) <= status.held * AGREEMENT
    if status.synced_at is None or agrees or not is_sudden_loss(status.records, copies):
        return
    raise HeldBack(
        f"held back: {copies:,} copies, down from {status.records:,} in the last sync", copies
    )


def _renamed(account: Account, client: "Discogs", missing: NotFound) -> Account:
    """The account under its owner's new name at Discogs, or the NotFound if there is none.

    The name changes, the number behind the credentials stays.
    """
    if not account.source.has_credentials:
        raise missing
    identity = client.fetch_identity()
    if identity.id != account.discogs_id or identity.username == account.username:
        raise missing
    found = replace(account.status, connection=account.connection, username=identity.username)
    return replace(account, status=found)


def _failed(account: Account, error: GeneratorError, problem: Problem) -> Status:
    """The status after a failure, which starts no cooldown and forgets nothing.

    Only a refusal of the credentials themselves asks for a reconnect; an outage does not.
    """
    status, again = account.status, account.problem is not None
    return replace(
        status,
        failed_connection=account.connection,
        failures=status.failures + 1 if again else 1,
        problem=problem,
        reconnect=(again and status.reconnect) or isinstance(error, Unauthorized),
        held=error.copies if isinstance(error, HeldBack) else status.held,
    )


def _add_way_back(account: Account, error: GeneratorError) -> None:
    """Add a hint for an account that Discogs refuses, or does not find any more."""
    if not isinstance(error, Refused | NotFound):
        return
    command, form = "build-site connect {account}", "Actions → Connect, action connect"
    anonymous = account.source is Source.ANONYMOUS
    if isinstance(error, NotFound) and anonymous:
        error.hint = f"if this user has a new name, use it: {command} --anonymous NEW_NAME"
        error.form = f"if this user has a new name, connect the account again: {form}"
    elif isinstance(error, NotFound):
        error.hint = "the last good snapshot stays; check that this user still exists at Discogs"
        error.form = error.hint
    elif anonymous:
        error.hint = f"the collection is no longer public; connect as its owner: {command}"
        error.form = f"the collection is no longer public; connect as its owner: {form}"
    else:
        error.hint = f"reconnect: {command}{' --token' if account.source is Source.TOKEN else ''}"
        error.form = f"reconnect: {form}"


def _unwritable(error: OSError) -> StateError:
    place = Path(str(error.filename)).name if error.filename else "its state"
    hint = "nothing was lost; fix this and sync again"
    return StateError(place, reason(error), hint, form="nothing was lost; the next run tries again")
