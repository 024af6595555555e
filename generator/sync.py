"""Sync: bring due accounts' snapshots up to date, each account for itself."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from generator.derive.outcomes import Outcome
from generator.discogs.client import Discogs
from generator.discogs.reading import Progress, Reading, read_collection
from generator.domain.account import Access, Account, Credentials
from generator.errors import (
    GeneratorError,
    HeldBack,
    NotFound,
    Refused,
    StateError,
    Unauthorized,
    reason,
)
from generator.store.accounts import Accounts
from generator.store.snapshots import Snapshots

SMALL = 10
"""Below this many copies only becoming empty is suspicious."""
STRANGER = "Discogs granted no more requests than to a stranger; records may be hidden from it"
AGREEMENT = 0.02
"""How far two readings may differ and still agree about a loss."""


@dataclass(frozen=True, slots=True)
class Sync:
    """One run: where state is kept, how Discogs is reached, and what time it is."""

    accounts: Accounts
    snapshots: Snapshots
    discogs: Callable[[Credentials, str], Discogs]
    """A client with these credentials; errors name the second argument."""
    now: Callable[[], datetime]
    progress: Callable[[Account], AbstractContextManager[Progress]]
    report: Callable[[Outcome], None]
    """Told of each account as soon as it is done."""

    def run(self, chosen: Iterable[Account], *, force: bool = False) -> tuple[Outcome, ...]:
        """Sync the accounts in the given order; a failure of one never touches another."""
        outcomes = []
        for account in chosen:
            outcomes.append(self._outcome(account, force))
            self.report(outcomes[-1])
        return tuple(outcomes)

    def _outcome(self, account: Account, force: bool) -> Outcome:
        try:
            return self._read_and_saved(account, force)
        except GeneratorError as exc:
            error = exc
        except OSError as exc:
            error = _unwritable(account, exc)
        if isinstance(error, Refused | NotFound):
            error.hint = _way_back(account, error)
        # Where nothing can be written, what went wrong can be told but not remembered.
        with suppress(OSError):
            self.accounts.save(_failed(account, error))
        return Outcome(account.name, error)

    def _read_and_saved(self, account: Account, force: bool) -> Outcome:
        client = self.discogs(self.accounts.load_credentials(account), account.name)
        try:
            reading = self._read(account, client)
        except NotFound as exc:
            account = _renamed(account, client, exc)
            reading = self._read(account, client)
        _refuse_sudden_loss(account, reading, force)
        self.snapshots.save(account.id, reading.collection)
        self.accounts.save(_synced(account, reading, self.now()))
        warning = STRANGER if client.transport.seen_as_anonymous else None
        return Outcome(account.name, None, len(reading.collection.copies), warning)

    def _read(self, account: Account, client: Discogs) -> Reading:
        with self.progress(account) as progress:
            return read_collection(
                lambda pages: client.fetch_pages(account.discogs_name, pages),
                self.now,
                account.name,
                progress,
            )


def _renamed(account: Account, client: Discogs, missing: NotFound) -> Account:
    """The account under its owner's new name at Discogs, or the NotFound if there is none.

    A name changes, the number behind the credentials stays.
    """
    if account.access is Access.ANONYMOUS:
        raise missing
    identity = client.fetch_identity()
    if identity.id != account.discogs_id or identity.username == account.discogs_name:
        raise missing
    return replace(account, discogs_name=identity.username)


def _way_back(account: Account, error: Refused | NotFound) -> str:
    """What to do about an account that Discogs refuses, or does not know any more."""
    command = f"build-site connect {account.name}"
    if isinstance(error, NotFound) and account.access is Access.ANONYMOUS:
        return f"if this user has a new name, follow it: {command} --anonymous NEW_NAME"
    if isinstance(error, NotFound):
        return "the last good snapshot was kept; see whether this user is still at Discogs"
    if account.access is Access.ANONYMOUS:
        return f"the collection is no longer public; connect as its owner: {command}"
    return f"reconnect: {command}{' --token' if account.access is Access.TOKEN else ''}"


def _unwritable(account: Account, error: OSError) -> StateError:
    place = Path(str(error.filename)).name if error.filename else "its state"
    hint = "nothing was lost: mend this and sync again"
    return StateError(account.name, f"{place}: {reason(error)}", hint)


def is_sudden_loss(before: int, after: int) -> bool:
    """True when a collection became empty, or lost more than half of ten copies or more."""
    return before > 0 and (after == 0 or (before >= SMALL and after * 2 < before))


def _refuse_sudden_loss(account: Account, reading: Reading, force: bool) -> None:
    copies = len(reading.collection.copies)
    held = account.held
    agrees = held is not None and abs(copies - held) <= held * AGREEMENT
    if account.synced_at is None or force or agrees:
        return
    if is_sudden_loss(account.records, copies):
        raise HeldBack(
            account.name,
            f"held back: {copies:,} copies where there were {account.records:,}",
            copies,
        )


def _synced(account: Account, reading: Reading, now: datetime) -> Account:
    return replace(
        account,
        synced_at=reading.started,
        last_sync=now,
        records=len(reading.collection.copies),
        failures=0,
        problem=None,
        reconnect=False,
        fresh=False,
        held=None,
    )


def _told_of(account: Account, error: GeneratorError) -> str:
    """What went wrong in one line, which names the place only where that is not the account."""
    return error.what if error.where == account.name else str(error)


def _failed(account: Account, error: GeneratorError) -> Account:
    """The account with what went wrong; a failure starts no cooldown and forgets nothing.

    Only a refusal of the credentials themselves asks for a reconnect: an outage asks for nothing.
    """
    return replace(
        account,
        failures=account.failures + 1,
        problem=_told_of(account, error),
        reconnect=account.reconnect or isinstance(error, Unauthorized),
        held=error.copies if isinstance(error, HeldBack) else account.held,
    )
