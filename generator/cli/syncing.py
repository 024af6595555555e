"""Syncing from the command line: whose turn it is, and what is told of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from generator.cli.app import NOBODY_YET, App, utc_now
from generator.derive.due import due_accounts, next_sync
from generator.derive.outcomes import Outcome, exit_code, summary
from generator.derive.wording import plural, rfc3339, span
from generator.domain.account import Account
from generator.errors import Cooling
from generator.store import files
from generator.sync import Sync


def run_sync(app: App, names: Sequence[str], *, force: bool) -> int:
    """Sync the named accounts, or all that are due; does not build."""
    app.accounts.load()
    chosen = app.named(names) if names else None
    with app.lock("sync"):
        return exit_code(sync_accounts(app, chosen, force=force))


def sync_accounts(app: App, chosen: Sequence[Account] | None, *, force: bool) -> list[Outcome]:
    """Sync and report; without a choice whoever is due, and the unreadable count as failed."""
    files.remove_leftovers(app.workspace.data)
    loaded = app.accounts.load()
    now, cooldown = utc_now(), app.settings.sync.cooldown
    refused: list[Outcome] = []
    if chosen is None:
        refused = app.report_unreadable()
        tried = loaded.accounts if force else due_accounts(loaded.accounts, cooldown, now)
    else:
        current = {account.name: account for account in loaded.accounts}
        wanted = tuple(current.get(account.name, account) for account in chosen)
        tried = tuple(one for one in wanted if force or not next_sync(one, cooldown, now))
        refused = [_cooling(one, cooldown, now) for one in wanted if one not in tried]
        for outcome in refused:
            _report(app, outcome)
    run = Sync(
        app.accounts,
        app.snapshots,
        app.network.discogs,
        utc_now,
        app.output.progress,
        lambda outcome: _report(app, outcome),
    )
    if not refused and not tried:
        app.output.say("no account is due" if loaded.accounts else NOBODY_YET)
    outcomes = [*refused, *run.run(tried, force=force)]
    if len(outcomes) > 1:
        app.output.say(summary(outcomes))
    return outcomes


def _cooling(account: Account, cooldown: timedelta, now: datetime) -> Outcome:
    possible = next_sync(account, cooldown, now) or now
    left = span((possible - now).total_seconds())
    what = f"next sync possible at {rfc3339(possible)} (in {left})"
    return Outcome(account.name, Cooling(account.name, what))


def _report(app: App, outcome: Outcome) -> None:
    if outcome.error:
        app.output.problem(outcome.error)
    else:
        app.output.say(f"{outcome.name}: {plural(outcome.copies, 'copy', 'copies')} synced")
    if outcome.warning:
        app.output.warn(outcome.name, outcome.warning)
