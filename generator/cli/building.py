"""Building from the command line: whose snapshots go into the site, and what is told of it."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from generator.build import Build, Built
from generator.cli.app import App
from generator.cli.output import Output
from generator.config import Settings, Workspace, load_environment, load_settings
from generator.derive.due import cooldown_end
from generator.derive.outcomes import Outcome, exit_code
from generator.derive.pages import SiteView, Source
from generator.derive.wording import plural
from generator.domain.account import Privacy
from generator.domain.snapshot import parse_snapshot
from generator.errors import SealError, SnapshotError
from generator.render.assets import bundled


def run_build(app: App, output: Path | None) -> int:
    """Build the site from the snapshots."""
    app.accounts.load()
    with app.lock("build"):
        unreadable = app.report_unreadable()
        return exit_code([*unreadable, *build_accounts(app, output or app.workspace.site)])


def build_accounts(app: App, output: Path) -> list[Outcome]:
    """Build and report; what comes back are the accounts whose snapshot could not be opened."""
    failed: list[Outcome] = []
    built = _builder(app, output).run(_public(app, failed))
    _report(app, built, output)
    return failed


def build_snapshot(
    workspace: Workspace, output: Output, snapshot_file: Path, target: Path | None
) -> None:
    """Build one public account from an exported snapshot, with no key and no state."""
    configured = workspace.settings_file.is_file()
    settings = load_settings(workspace) if configured else Settings()
    app = App(workspace, settings, load_environment(workspace), output)
    snapshot = parse_snapshot(snapshot_file.read_bytes(), str(snapshot_file))
    site = target or workspace.site
    cooldown = settings.sync.cooldown
    source = Source(snapshot, next_sync=snapshot.synced_at + cooldown if cooldown else None)
    _report(app, _builder(app, site).run([source]), site)


def _public(app: App, failed: list[Outcome]) -> Iterator[Source]:
    """The public accounts' snapshots, one in memory at a time."""
    for account in app.accounts.load().accounts:
        if account.privacy is not Privacy.PUBLIC:
            continue
        try:
            snapshot = app.snapshots.load(account)
        except (SealError, SnapshotError) as exc:
            app.output.problem(exc)
            failed.append(Outcome(account.name, exc))
            continue
        if snapshot:
            end = cooldown_end(account, app.settings.sync.cooldown)
            yield Source(snapshot, next_sync=end)


def _builder(app: App, output: Path) -> Build:
    """A build with the workspace's settings and overrides."""
    site = app.settings.site
    view = SiteView(
        title=site.title,
        language=site.language,
        theme=site.theme,
        repository=site.repository,
        base_url=site.base_url,
        image_origin=app.environment.image_origin,
        zone=ZoneInfo(site.timezone),
    )
    own = app.workspace.overrides
    return Build(
        output,
        view,
        (*own("templates"), bundled("templates")),
        (*own("assets"), bundled("assets")),
    )


def _report(app: App, built: Built, output: Path) -> None:
    accounts = plural(built.accounts, "public account")
    copies = plural(built.copies, "copy", "copies")
    app.output.say(f"built {output}: {accounts}, {copies}, {plural(built.files, 'file')}")
