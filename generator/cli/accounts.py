"""How accounts are listed: for programs, and as a table."""

import json
from datetime import datetime
from typing import Any

from generator.cli.app import NOBODY_YET, App, utc_now
from generator.derive.due import account_state, next_sync
from generator.derive.wording import rfc3339
from generator.domain.account import Account

COLUMNS = ("name", "discogs_name", "privacy", "state", "records", "last_sync", "next_sync")


def accounts_json(app: App) -> str:
    """All accounts as a JSON array."""
    return json.dumps(_entries(app), ensure_ascii=False, indent=2)


def accounts_table(app: App) -> str:
    """All accounts as aligned columns, problems below."""
    entries = _entries(app)
    if not entries:
        return NOBODY_YET
    table = [COLUMNS, *(tuple(_cell(entry[name]) for name in COLUMNS) for entry in entries)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in table]
    lines += [f"{entry['name']}: {entry['problem']}" for entry in entries if entry["problem"]]
    return "\n".join(lines)


def _entries(app: App) -> list[dict[str, Any]]:
    loaded = app.accounts.load()
    entries = [_entry(account, app, utc_now()) for account in loaded.accounts]
    return entries + [_unreadable(key, error.what) for key, error in loaded.unreadable]


def _entry(account: Account, app: App, now: datetime) -> dict[str, Any]:
    cooldown = app.settings.sync.cooldown
    possible = next_sync(account, cooldown, now)
    return {
        "name": account.name,
        "discogs_name": account.discogs_name,
        "discogs_id": account.discogs_id,
        "privacy": account.privacy.value,
        "state": account_state(account, cooldown, now),
        "last_sync": rfc3339(account.last_sync) if account.last_sync else None,
        "next_sync": rfc3339(possible or now),
        "records": account.records,
        "problem": account.problem,
    }


def _unreadable(account_id: str, problem: str) -> dict[str, Any]:
    return {
        "name": account_id,
        "discogs_name": None,
        "discogs_id": None,
        "privacy": None,
        "state": "failing",
        "last_sync": None,
        "next_sync": None,
        "records": None,
        "problem": problem,
    }


def _cell(value: object) -> str:
    return "-" if value is None else str(value)
