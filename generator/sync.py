"""Sync: bring due accounts' snapshots up to date, each account for itself."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from generator.discogs.client import Discogs
from generator.discogs.reading import Progress, Reading, read_collection
from generator.domain.account import Account, Credentials
from generator.errors import GeneratorError, HeldBack, Refused, Unauthorized
from generator.store.accounts import Accounts
from generator.store.snapshots import Snapshots

SMALL = 10
"""Below this many copies only becoming empty is suspicious."""
AGREEMENT = 0.02
"""How far two readings may differ and still agree about a loss."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the sync of one account ended."""

    name: str
    error: GeneratorError | None = None
    copies: int = 0


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
            reading = self._read(account)
            _refuse_sudden_loss(account, reading, force)
            self.snapshots.save(account.id, reading.collection)
        except GeneratorError as exc:
            self.accounts.save(_failed(account, exc))
            return Outcome(account.name, exc)
        copies = len(reading.collection.copies)
        self.accounts.save(_synced(account, reading, self.now()))
        return Outcome(account.name, None, copies)

    def _read(self, account: Account) -> Reading:
        client = self.discogs(self.accounts.load_credentials(account), account.name)
        with self.progress(account) as progress:
            return read_collection(
                lambda page: client.fetch_page(account.discogs_name, page),
                self.now,
                account.name,
                progress,
            )


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """What a run of these outcomes returns to the shell."""
    outcomes = tuple(outcomes)
    errors = [outcome.error for outcome in outcomes if outcome.error]
    if not errors:
        return 0
    if len(errors) < len(outcomes):
        return 3
    return 13 if all(isinstance(error, Refused) for error in errors) else 1


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
