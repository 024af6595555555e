"""Syncing from the command line: whose turn it is, and what is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from generator.cli.app import NOBODY_YET, App, utc_now
from generator.cli.wanted import wanted
from generator.derive.due import due_accounts, next_sync
from generator.derive.outcomes import Outcome, exit_code, summary
from generator.derive.shards import Shard, parse_shard
from generator.derive.wording import plural, rfc3339, span
from generator.domain.account import Account
from generator.errors import Cooling
from generator.store import files
from generator.store.accounts import Loaded
from generator.store.branch import load_tree
from generator.store.results import check_empty, gather
from generator.sync import Sync


@dataclass(frozen=True, slots=True)
class Share:
    """What one of several jobs is to do."""

    shard: Shard | None
    results: Path | None
    """Where the changed files of the state go."""

    @classmethod
    def of(cls, shard: str | None, results: Path | None) -> "Share":
        """The share that was asked for. Raises UsageError."""
        if results:
            check_empty(results)
        return cls(parse_shard(shard) if shard else None, results)


def run_sync(app: App, names: Sequence[str], share: Share, *, force: bool) -> int:
    """Sync the named accounts, or all that are due; does not build."""
    chosen = wanted(app, names, force=force)
    with app.lock("sync"):
        before = load_tree(app.workspace.data)
        try:
            return exit_code(
                sync_accounts(app, chosen.accounts, force=chosen.force, shard=share.shard)
            )
        finally:
            if share.results:
                gather(app.workspace.data, before, share.results)


def sync_accounts(
    app: App, chosen: Sequence[Account] | None, *, force: bool, shard: Shard | None = None
) -> list[Outcome]:
    """Sync and report; without a choice whoever is due, and the unreadable count as failed."""
    files.remove_leftovers(app.workspace.data)
    loaded = _dealt(app.accounts.load(), shard)
    now, cooldown = utc_now(), app.settings.sync.cooldown
    refused: list[Outcome] = []
    if chosen is None:
        refused = app.report_unreadable(loaded)
        tried = loaded.accounts if force else due_accounts(loaded.accounts, cooldown, now)
    else:
        current = {account.name: account for account in loaded.accounts}
        ours = [account for account in chosen if shard is None or shard.has(account.id)]
        named = tuple(current.get(account.name, account) for account in ours)
        tried = tuple(one for one in named if force or not next_sync(one, cooldown, now))
        refused = [_cooling(one, cooldown, now) for one in named if one not in tried]
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
        labelled = [replace(one, name=app.output.label(one.name)) for one in outcomes]
        app.output.say(summary(labelled))
    return outcomes


def _dealt(loaded: Loaded, shard: Shard | None) -> Loaded:
    """What there is to do for one of several jobs."""
    if shard is None:
        return loaded
    return Loaded(
        tuple(account for account in loaded.accounts if shard.has(account.id)),
        tuple((key, error) for key, error in loaded.unreadable if shard.has(key)),
    )


def _cooling(account: Account, cooldown: timedelta, now: datetime) -> Outcome:
    possible = next_sync(account, cooldown, now) or now
    left = span((possible - now).total_seconds())
    what = f"next sync possible at {rfc3339(possible)} (in {left})"
    return Outcome(account.name, Cooling(account.name, what))


def _report(app: App, outcome: Outcome) -> None:
    label = app.output.label(outcome.name)
    if outcome.error:
        app.output.problem(outcome.error, outcome.name)
    else:
        app.output.say(f"{label}: {plural(outcome.copies, 'copy', 'copies')} synced")
    if outcome.warning:
        app.output.warn(label, outcome.warning)
