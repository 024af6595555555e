"""The scheduled job: sync whoever is due, then build from what is good.

A workflow asks for more: what counts as a failure of the whole, and whether to publish.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from generator.cli.app import App
from generator.cli.building import build_accounts
from generator.cli.github import markdown
from generator.cli.state import adopt_results
from generator.cli.syncing import sync_accounts
from generator.cli.wanted import wanted
from generator.derive.outcomes import Outcome, exit_code
from generator.derive.wording import plural
from generator.domain.account import Account
from generator.errors import Cooling, GeneratorError

PATIENCE = 3
"""Runs in a row an account may fail before the workflow fails with it."""
_LOOK = "the warnings say what went wrong, and what to do"


def run_scheduled(app: App) -> int:
    """Sync and build under one lock. An account that failed both ways counts once."""
    chosen = wanted(app)
    with app.lock("sync and build"):
        outcomes = sync_accounts(app, chosen.accounts, force=chosen.force)
        return exit_code(_built(app, outcomes))


def run_workflow(app: App, results: Path | None) -> int:
    """The same for a workflow; with `results` the syncs were done by other jobs.

    Everything good is built in any case, and `publish` tells later steps whether it is news.
    """
    app.output.lenient = True
    chosen = wanted(app)
    refused = 0
    with app.lock("sync and build"):
        if results is None:
            outcomes = sync_accounts(app, chosen.accounts, force=chosen.force)
        else:
            refused, outcomes = _collected(app, results)
        outcomes = _built(app, outcomes)
    news = app.output.github.manual or any(not outcome.error for outcome in outcomes)
    app.output.github.output("publish", str(news).lower())
    tell_workflow(app, outcomes)
    return refused or verdict(app, outcomes)


def verdict(app: App, outcomes: Sequence[Outcome]) -> int:
    """The exit code for a workflow: some failed accounts are no failure of the whole.

    All there are, in this run or since an earlier one, are one; so is the third failure in a row of
    any of them. Asking inside a cooldown is neither.
    """
    failed = [one for one in outcomes if one.error and not isinstance(one.error, Cooling)]
    names = {outcome.name for outcome in failed}
    accounts = app.accounts.load().accounts
    if failed and all(one.failures or one.name in names for one in accounts):
        app.output.problem(GeneratorError("run", "every account failed", _LOOK))
        return exit_code(failed)
    for_long = [one for one in accounts if one.name in names and one.failures >= PATIENCE]
    for account in for_long:
        what = f"failed {account.failures:,} times in a row"
        app.output.problem(GeneratorError(app.output.label(account.name), what, _LOOK))
    return int(bool(for_long))


def tell_workflow(app: App, outcomes: Iterable[Outcome]) -> None:
    """How each account fared: a row of the summary, and a warning where it failed."""
    github = app.output.github
    rows = []
    for outcome in outcomes:
        label = app.output.label(outcome.name)
        if outcome.error:
            github.warn("Gatefold", f"{label}: {outcome.error.what}")
        what = outcome.error.what if outcome.error else plural(outcome.copies, "copy", "copies")
        rows.append(f"| {markdown(label)} | {markdown(what)} |")
    if rows:
        github.summarize("\n".join(["| account | |", "|---|---|", *rows]))


def _built(app: App, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes after the build: whoever failed only there is new among them, or fails now."""
    failed = {one.name: one for one in build_accounts(app, app.workspace.site)}
    known = {outcome.name for outcome in outcomes}
    unknown = [one for name, one in failed.items() if name not in known]
    return [*outcomes, *unknown]


def _collected(app: App, results: Path) -> tuple[int, list[Outcome]]:
    """What other jobs learnt, taken over: whether all of it could be used, and how they fared."""
    found = sorted(results.iterdir()) if results.is_dir() else []
    refused = 0
    learnt: set[str] = set()
    for directory in (path for path in found if path.is_dir()):
        if adopt_results(app, [directory]):
            refused = 1
        else:
            learnt |= {path.parent.name for path in directory.glob("accounts/*/account")}
    accounts = [one for one in app.accounts.load().accounts if one.id in learnt]
    return refused, [*app.report_unreadable(), *map(_remembered, accounts)]


def _remembered(account: Account) -> Outcome:
    """How the last sync of an account ended, from what was kept of it."""
    if not account.failures:
        return Outcome(account.name, copies=account.records)
    thing, named, what = (account.problem or "failed").partition(f" of {account.name}: ")
    return Outcome(
        account.name, GeneratorError(account.name, f"{thing}: {what}" if named else thing)
    )
