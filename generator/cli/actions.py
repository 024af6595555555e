"""What the commands do: use cases chosen, run and reported on."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from generator.build import Build, Built
from generator.cli.app import App, utc_now
from generator.cli.output import Output
from generator.config import Settings, Workspace, load_environment, load_settings
from generator.connect import Connect, Connected
from generator.derive.charts import plural
from generator.derive.due import due_accounts, next_sync, span
from generator.derive.exports import releases_csv, rfc3339
from generator.derive.pages import SiteView
from generator.derive.rows import Masters, rows
from generator.discogs import oauth
from generator.discogs.callback import Callback
from generator.domain.account import Account, OAuthToken, Privacy
from generator.domain.snapshot import Snapshot, parse_snapshot, snapshot_json
from generator.errors import Cooling, SealError, SnapshotError
from generator.render.assets import bundled
from generator.render.server import SiteServer
from generator.store import files
from generator.sync import Outcome, Sync, exit_code

NO_MASTERS: Masters = {}
NOBODY_YET = "no account is connected yet; build-site connect NAME adds one"


def run_scheduled(app: App) -> int:
    """The scheduled job: sync whoever is due, then build from what is good."""
    app.accounts.load()
    with app.lock("sync and build"):
        outcomes = sync_accounts(app, None, force=False)
        failed = build_accounts(app, app.workspace.site)
    known = {outcome.name for outcome in outcomes}
    return exit_code((*outcomes, *(one for one in failed if one.name not in known)))


def run_sync(app: App, names: Sequence[str], *, force: bool) -> int:
    """Sync the named accounts, or all that are due; does not build."""
    app.accounts.load()
    chosen = app.named(names) if names else None
    with app.lock("sync"):
        return exit_code(sync_accounts(app, chosen, force=force))


def run_build(app: App, output: Path | None) -> int:
    """Build the site from the snapshots."""
    app.accounts.load()
    with app.lock("build"):
        unreadable = report_unreadable(app)
        return exit_code([*unreadable, *build_accounts(app, output or app.workspace.site)])


def sync_accounts(app: App, chosen: Sequence[Account] | None, *, force: bool) -> list[Outcome]:
    """Sync and report; without a choice whoever is due, and the unreadable count as failed."""
    files.remove_leftovers(app.workspace.data)
    loaded = app.accounts.load()
    now, cooldown = utc_now(), app.settings.sync.cooldown
    refused: list[Outcome] = []
    if chosen is None:
        refused = report_unreadable(app)
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
        app.discogs,
        utc_now,
        app.output.progress,
        lambda outcome: _report(app, outcome),
    )
    if not refused and not tried:
        app.output.say("no account is due" if loaded.accounts else NOBODY_YET)
    return [*refused, *run.run(tried, force=force)]


def report_unreadable(app: App) -> list[Outcome]:
    """The accounts whose own file does not open, each told of: they count as failed."""
    outcomes = [Outcome(key, error) for key, error in app.accounts.load().unreadable]
    for outcome in outcomes:
        _report(app, outcome)
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


def build_accounts(app: App, output: Path) -> list[Outcome]:
    """Build and report; what comes back are the accounts whose snapshot could not be opened."""
    failed: list[Outcome] = []
    built = builder(app, output).run(_public(app, failed))
    report_built(app, built, output)
    return failed


def _public(app: App, failed: list[Outcome]) -> Iterator[tuple[Snapshot, Masters]]:
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
            yield snapshot, NO_MASTERS


def builder(app: App, output: Path) -> Build:
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


def report_built(app: App, built: Built, output: Path) -> None:
    """Say what was built."""
    accounts = plural(built.accounts, "public account")
    copies = plural(built.copies, "copy", "copies")
    app.output.say(f"built {output}: {accounts}, {copies}, {plural(built.files, 'file')}")


def authorise(app: App, deadline: float, visit: Callable[[str], None]) -> OAuthToken:
    """Send the owner to Discogs by `visit`, and bring the token home over loopback."""
    consumer = app.consumer()
    transport = app.transport(None)
    with Callback() as callback:
        request = oauth.fetch_request_token(transport, consumer, callback.url)
        callback.expect(request.key)
        visit(oauth.authorize_url(transport.endpoints.web, request))
        verifier = callback.wait(deadline)
    return oauth.fetch_access_token(transport, consumer, request, verifier)


def connector(app: App, ask_privacy: Callable[[], Privacy]) -> Connect:
    """The use case of connecting."""
    return Connect(app.accounts, app.discogs, utc_now, ask_privacy)


def report_connected(app: App, connected: Connected) -> None:
    """Say what came of a connect, and what an account that is not shown needs to be shown."""
    account = connected.account
    word = "reconnected" if connected.again else "connected"
    app.output.result(
        f"{word} {account.name}: {account.discogs_name} at Discogs, {account.privacy}"
    )
    if connected.warning:
        app.output.warn(account.name, connected.warning)
    if account.privacy is Privacy.PRIVATE:
        app.output.note(
            f"{account.name} is private, so it is not in the site; "
            f"build-site connect {account.name} --privacy public changes that"
        )


def build_snapshot(
    workspace: Workspace, output: Output, snapshot_file: Path, target: Path | None
) -> None:
    """Build one public account from an exported snapshot, with no key and no state."""
    configured = workspace.settings_file.is_file()
    settings = load_settings(workspace) if configured else Settings()
    app = App(workspace, settings, load_environment(workspace), output)
    snapshot = parse_snapshot(snapshot_file.read_bytes(), str(snapshot_file))
    site = target or workspace.site
    report_built(app, builder(app, site).run([(snapshot, NO_MASTERS)]), site)


def exported(app: App, name: str, form: str) -> str:
    """An account's snapshot as text. Raises SnapshotError before the first sync."""
    snapshot = app.snapshots.load(app.account(name))
    if snapshot is None:
        raise SnapshotError(name, "was never synced", f"run build-site sync {name} first")
    if form == "json":
        return snapshot_json(snapshot).decode()
    zone = ZoneInfo(app.settings.site.timezone)
    return releases_csv(rows(snapshot, NO_MASTERS, app.environment.image_origin, zone))


def serve(server: SiteServer, output: Output) -> None:
    """Serve until interrupted; the address is the first line on stdout."""
    with server:
        output.result(server.url)
        output.say("press Ctrl-C to stop")
        server.serve_forever()
