"""Building from the command line: whose snapshots go into the site, and what is told of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from generator.build import Build, Built, Part
from generator.cli.app import App
from generator.cli.output import Output
from generator.config import Settings, Workspace, load_environment, load_settings
from generator.derive.due import cooldown_end
from generator.derive.outcomes import Outcome, exit_code
from generator.derive.pages import SiteView, Source
from generator.derive.wording import plural
from generator.domain.account import Account, Privacy
from generator.domain.snapshot import parse_snapshot
from generator.errors import Locked, reason
from generator.render.assets import bundled
from generator.render.manifest import fingerprint
from generator.store.manifests import Manifests


def run_build(
    app: App, output: Path | None, *, precompress: bool = False, full: bool = False
) -> int:
    """Build the site from the snapshots."""
    try:
        with app.lock("build"):
            site = output or app.workspace.site
            return rebuild(app, site, precompress=precompress, full=full)
    except Locked:
        app.accounts.load()  # a key that opens nothing is told of first
        raise


def rebuild(app: App, output: Path, *, precompress: bool = False, full: bool = False) -> int:
    """Build and report, the workspace being held; the exit code of a build."""
    loaded = app.accounts.load()
    unreadable = app.report_unreadable(loaded)
    builder = _builder(app, output, precompress)
    return exit_code([*unreadable, *_updated(app, builder, loaded.accounts, full=full)])


def build_accounts(app: App, output: Path, *, precompress: bool = False) -> list[Outcome]:
    """Build and report; what comes back are the accounts whose snapshot could not be opened."""
    builder = _builder(app, output, precompress)
    return _updated(app, builder, app.accounts.load().accounts, full=False)


def _updated(app: App, builder: Build, accounts: Sequence[Account], *, full: bool) -> list[Outcome]:
    """Render what changed since the last build of this output, and report."""
    manifests = Manifests(app.workspace.data, lambda: app.vault, builder.output)
    if not accounts:
        manifests.forget()  # there may be no key, and there is next to nothing to render
    previous = manifests.load() if accounts and not full else None
    keep = partial(_keep, app, manifests) if accounts else _keep_nothing
    levels = {account.name: account.privacy for account in accounts}
    names = {account.id: account.name for account in accounts}
    built = builder.update(list(_parts(app, accounts)), levels, previous, keep)
    for key, error in built.skipped:
        app.output.problem(error, names[key])
    _report(app, built, builder.output)
    return [Outcome(names[key], error) for key, error in built.skipped]


def _keep(app: App, manifests: Manifests, text: bytes) -> None:
    try:
        manifests.save(text)
    except OSError as error:
        what = f"cannot be written: {reason(error)}; the next build renders everything"
        app.output.warn("the manifest of the build", what)


def _keep_nothing(text: bytes) -> None:
    """For a site of nobody."""


def build_snapshot(
    workspace: Workspace,
    output: Output,
    snapshot_file: Path,
    target: Path | None,
    *,
    precompress: bool = False,
) -> None:
    """Build one public account from an exported snapshot, with no key and no state."""
    configured = workspace.settings_file.is_file()
    settings = load_settings(workspace) if configured else Settings()
    app = App(workspace, settings, load_environment(workspace), output)
    snapshot = parse_snapshot(snapshot_file.read_bytes(), str(snapshot_file))
    site = target or workspace.site
    cooldown = settings.sync.cooldown
    source = Source(snapshot, next_sync=snapshot.synced_at + cooldown if cooldown else None)
    _report(app, _builder(app, site, precompress).run([source]), site)


def _parts(app: App, accounts: Iterable[Account]) -> Iterator[Part]:
    """The parts of all who are not private and were ever synced."""
    for account in accounts:
        if account.privacy is Privacy.PRIVATE or account.synced_at is None:
            continue
        slug = account.slug if account.privacy is Privacy.UNLISTED else None
        end = cooldown_end(account, app.settings.sync.cooldown)
        shown = (account.name, account.discogs_name, account.discogs_id, account.synced_at)
        made_from = repr((*shown, end, slug, app.snapshots.digest(account)))
        yield Part(account.id, fingerprint([made_from]), partial(_source, app, account, end, slug))


def _source(app: App, account: Account, end: datetime | None, slug: str | None) -> Source | None:
    snapshot = app.snapshots.load(account)
    return Source(snapshot, next_sync=end, slug=slug) if snapshot else None


def _builder(app: App, output: Path, precompress: bool) -> Build:
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
        host=app.settings.publish.host,
    )
    own = app.workspace.overrides
    return Build(
        output,
        view,
        (*own("templates"), bundled("templates")),
        (*own("assets"), bundled("assets")),
        precompress,
    )


def _report(app: App, built: Built, output: Path) -> None:
    accounts = plural(built.accounts, "public account")
    if built.unlisted:
        accounts += f", {built.unlisted} unlisted"
    copies = plural(built.copies, "copy", "copies")
    what = f"{accounts}, {copies}, {plural(built.files, 'file')}"
    if not built.changed:
        app.output.say(f"nothing to build: {output} is as it should be: {what}")
        return
    if built.kept:
        what += f"; {plural(built.kept, 'account')} as before"
    app.output.say(f"built {output}: {what}")
