"""The scheduled job: sync whoever is due, then build from what is good."""

from generator.cli.app import App
from generator.cli.building import build_accounts
from generator.cli.syncing import sync_accounts
from generator.derive.outcomes import exit_code


def run_scheduled(app: App) -> int:
    """Sync and build under one lock. An account that failed both ways counts once."""
    app.accounts.load()
    with app.lock("sync and build"):
        outcomes = sync_accounts(app, None, force=False)
        failed = build_accounts(app, app.workspace.site)
    known = {outcome.name for outcome in outcomes}
    return exit_code((*outcomes, *(one for one in failed if one.name not in known)))
