"""Accounts: list them, change a privacy level, disconnect, export."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace

from generator.derive.due import account_state, next_sync
from generator.derive.formatting import rfc3339
from generator.domain.account import Account, Privacy, with_privacy
from generator.domain.collection import Snapshot
from generator.errors import ACCOUNT, SnapshotError
from generator.store.state import LoadedAccounts, State


class PrivacyChange(NamedTuple):
    """The result of a change of the privacy level."""

    account: Account
    new_link: bool  # whether its unlisted link was drawn just now


def account_entries(
    loaded: LoadedAccounts, cooldown: timedelta, now: datetime
) -> list[dict[str, Any]]:
    """All accounts as `accounts --json` lists them; times as RFC 3339."""
    entries: list[dict[str, Any]] = []
    for account in loaded.accounts:
        status, problem = account.status, account.problem
        shown = problem.render(account.name) if problem else None
        where = f"{shown.where}: " if shown and problem and problem.where != ACCOUNT else ""
        possible = next_sync(account, cooldown, now) or now
        entries.append(
            {
                "name": account.name,
                "discogs_name": account.username or None,
                "discogs_id": account.discogs_id,
                "privacy": account.privacy.value,
                "state": account_state(account, cooldown, now),
                "last_sync": rfc3339(status.last_sync) if status.last_sync else None,
                "next_sync": rfc3339(possible) if account.source.is_live else None,
                "records": status.records,
                "problem": f"{where}{shown.what}" if shown else None,
            }
        )
    for account_id, error in loaded.unreadable:
        entries.append(
            {"name": account_id, "discogs_name": None, "discogs_id": None, "privacy": None}
            | {"state": "failing", "last_sync": None, "next_sync": None, "records": None}
            | {"problem": error.what}
        )
    return entries


def change_privacy(state: State, name: str, level: Privacy, *, new_link: bool) -> PrivacyChange:
    """Change the level of an account. Raises UsageError for a name that does not exist."""
    before = state.load_accounts().named(name)
    kept = replace(before, slug=None) if new_link else before
    account = with_privacy(kept, level, state.draw_slug)
    state.save_account(account)
    return PrivacyChange(account, account.slug not in (None, before.slug))


def delete_account(state: State, name: str) -> None:
    """Delete everything stored about an account; NAME may be the id of an unreadable one.

    Raises UsageError for a name that does not exist.
    """
    loaded = state.load_accounts()
    unreadable = {account_id for account_id, _ in loaded.unreadable}
    account_id = name if name in unreadable else loaded.named(name).id
    state.remove_login(name)
    state.remove_account(account_id)


def exported_snapshot(state: State, name: str) -> Snapshot:
    """An account's snapshot. Raises SnapshotError before the first sync."""
    account = state.load_accounts().named(name)
    snapshot = state.load_snapshot(account)
    if snapshot is None:
        hint = "run build-site sync {account} first"
        raise SnapshotError("", "has never been synced", hint).of(account.name)
    return snapshot
