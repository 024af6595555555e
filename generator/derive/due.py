"""Cooldown: when an account may be synced again."""

from datetime import datetime, timedelta

from generator.domain.account import Account


def next_sync(account: Account, cooldown: timedelta, now: datetime) -> datetime | None:
    """The end of the cooldown, or None when the account is due.

    A last sync in the future means that the clock was set back: waiting could take for ever.
    """
    end = cooldown_end(account, cooldown)
    return end if end and end - cooldown <= now < end else None


def cooldown_end(account: Account, cooldown: timedelta) -> datetime | None:
    """The end of the cooldown that the last sync started, past or not; None where none counts."""
    if account.status.last_sync is None or account.is_fresh or not cooldown:
        return None
    return account.status.last_sync + cooldown


def is_due(account: Account, cooldown: timedelta, now: datetime) -> bool:
    """Whether a scheduled run syncs it: past the cooldown, or never synced since connecting."""
    return account.source.is_live and next_sync(account, cooldown, now) is None


def due_accounts(
    accounts: tuple[Account, ...], cooldown: timedelta, now: datetime
) -> tuple[Account, ...]:
    """The accounts that are due, the one synced longest ago first."""

    def age(account: Account) -> tuple[bool, datetime, str]:
        last = account.status.last_sync
        return last is not None, last or account.connected_at, account.name

    return tuple(
        sorted((account for account in accounts if is_due(account, cooldown, now)), key=age)
    )


def account_state(account: Account, cooldown: timedelta, now: datetime) -> str:
    """One word for a list: reconnect, held, failing, new, due or ok."""
    status = account.status
    if account.problem is not None:
        if status.reconnect:
            return "reconnect"
        return "held" if status.held is not None else "failing"
    if status.last_sync is None:
        return "new"
    return "due" if is_due(account, cooldown, now) else "ok"
