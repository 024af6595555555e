"""Cooldown: when an account may be synced again."""

from datetime import datetime, timedelta

from generator.domain.account import Account


def next_sync(account: Account, cooldown: timedelta, now: datetime) -> datetime | None:
    """When the cooldown ends, or None when the account is due."""
    end = cooldown_end(account, cooldown)
    return end if end and end - cooldown <= now < end else None


def cooldown_end(account: Account, cooldown: timedelta) -> datetime | None:
    """The end of the cooldown the last sync started, past or not; None where none counts."""
    if account.last_sync is None or account.fresh or not cooldown:
        return None
    return account.last_sync + cooldown


def is_due(account: Account, cooldown: timedelta, now: datetime) -> bool:
    """True past the cooldown, before the first sync since connecting, and with a clock set back.

    A last sync in the future means that the clock moved: waiting for it could take for ever.
    """
    return next_sync(account, cooldown, now) is None


def due_accounts(
    accounts: tuple[Account, ...], cooldown: timedelta, now: datetime
) -> tuple[Account, ...]:
    """The accounts that are due, the one synced longest ago first."""
    due = [account for account in accounts if is_due(account, cooldown, now)]
    return tuple(sorted(due, key=_oldest_first))


def account_state(account: Account, cooldown: timedelta, now: datetime) -> str:
    """One word for a list: reconnect, held, failing, new, due or ok."""
    if account.reconnect:
        return "reconnect"
    if account.held is not None:
        return "held"
    if account.problem is not None:
        return "failing"
    if account.last_sync is None:
        return "new"
    return "due" if is_due(account, cooldown, now) else "ok"


def _oldest_first(account: Account) -> tuple[bool, datetime, str]:
    return (account.last_sync is not None, account.last_sync or account.connected_at, account.name)
