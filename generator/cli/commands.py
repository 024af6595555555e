"""The commands of build-site: parse, call one use case, print.

A command imports its use case itself, so that it starts without the libraries of the others.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator import __version__
from generator.cli.connecting import LEVELS
from generator.derive.formatting import plural
from generator.errors import GeneratorError, SealError, UsageError

if TYPE_CHECKING:
    from generator.cli.output import Output
    from generator.cli.session import Session
    from generator.domain.account import Privacy

ACTIONS = "generator.actions"
"""The package for GitHub Actions: its commands and its output. The program works without it."""

_DIRECTORY = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PORT = click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port to serve on; 0 picks a free one."
)
_REMOTE = click.option(
    "--remote",
    metavar="ADDRESS",
    envvar="STATE_REMOTE",
    help="Repository with the branch; by default the workspace's own origin.",
)


class Commands(click.Group):
    """The commands of the program, and the hidden ones of the package for GitHub Actions."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        found = super().get_command(ctx, cmd_name)
        if found is None and find_spec(ACTIONS):
            steps: dict[str, click.Command] = import_module(ACTIONS).COMMANDS
            found = steps.get(cmd_name)
        return found


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "-C",
    "--workspace",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="Directory with site.toml; by default the current one.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only results and problems.")
@click.option("-v", "--verbose", is_flag=True, help="Print more details.")
@click.option("--debug", is_flag=True, help="Print tracebacks.")
@click.version_option(__version__, prog_name="build-site")
@click.pass_context
def cli(context: click.Context, workspace: Path, quiet: bool, verbose: bool, debug: bool) -> None:
    """Turn a Discogs record collection into a static site.

    Without a command: sync the accounts that are due, then build site/.
    """
    from generator.cli.session import Session
    from generator.config import Workspace

    output: Output = context.obj
    output.quiet, output.verbose, output.debug = quiet, verbose, debug
    session = context.obj = Session(Workspace(workspace), output)
    if context.invoked_subcommand is None:
        context.exit(sync_and_build(session))


def sync_and_build(session: "Session") -> int:
    """The scheduled job. An account that failed both to sync and to build counts once."""
    from generator.sync import exit_code

    with session.lock("sync and build"):
        outcomes = session.refresh()
        if session.lacks_reading(outcomes):
            return exit_code(outcomes)
        return exit_code(session.build(before=outcomes))


@cli.command()
@click.argument("directory", required=False, type=_DIRECTORY)
@click.option("--print", "print_only", is_flag=True, help="Print the commented site.toml instead.")
@click.option(
    "--github", is_flag=True, help="Also write the workflows that publish it on GitHub Pages."
)
@click.pass_obj
def init(session: "Session", directory: Path | None, print_only: bool, github: bool) -> None:
    """Write a commented site.toml and a .env with a fresh key.

    Existing files stay.
    """
    from generator.cli.workspace import (
        local_timezone,
        site_toml,
        write_instance,
        write_workspace,
    )
    from generator.config import Workspace

    if print_only:
        session.output.result(site_toml().rstrip("\n"))
        return
    workspace = Workspace(directory) if directory else session.workspace
    info = session.output.info
    write_workspace(workspace, info, local_timezone())
    if github:
        write_instance(workspace, info)
    run = "build-site" if directory is None else f"build-site -C {directory}"
    info("next: name your collection in site.toml, under [[collections]]")
    if github:
        info("then push to a repository on GitHub; README.md lists the settings to make there")
    else:
        info(f"then run {run}; or connect an account with {run} connect")


@cli.command()
@click.argument("name", required=False)
@click.option("--privacy", type=click.Choice(LEVELS), help="Who can see it; by default nobody.")
@click.option(
    "--token", is_flag=True, help="Use a personal access token: DISCOGS_TOKEN, or a prompt."
)
@click.option(
    "--anonymous", metavar="DISCOGS_NAME", help="Read a public collection without credentials."
)
@click.option("--csv", type=_FILE, help="Import a CSV export from Discogs instead.")
@click.option("--no-browser", is_flag=True, help="Print the address without opening a browser.")
@click.option(
    "--deadline",
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds to wait: by default 180, or 900 for a typed code.",
)
@click.option("--oob", is_flag=True, help="Type the code that Discogs shows.")
@click.option("--start", is_flag=True, help="First of two runs: print the address for NAME.")
@click.option("--verifier", metavar="CODE", help="Second of two runs: use the code.")
@click.pass_obj
def connect(session: "Session", /, name: str | None, **options: Any) -> None:
    """Connect an account; NAME is its name on the site.

    Without a mode, Discogs asks in the browser. CODE may be the whole address that Discogs
    redirects to.
    """
    from generator.cli.connecting import asked_privacy, connected_by, report_connected, visitor
    from generator.discogs.oauth import parse_code
    from generator.domain.account import Privacy, checked_name

    modes = [m for m in ("token", "anonymous", "csv", "oob", "start", "verifier") if options[m]]
    if len(modes) > 1:
        flags = " and ".join(f"--{mode}" for mode in modes)
        raise UsageError("connect", f"{flags} cannot be combined")
    if options["anonymous"] == "":
        raise UsageError("connect --anonymous", "the Discogs name is empty")
    if options["verifier"] == "":
        parse_code("")
    if options["deadline"] is not None and isnan(options["deadline"]):
        raise UsageError("connect --deadline", "is not a number of seconds")
    mode = modes[0] if modes else "redirect"
    if mode in ("start", "csv") and name is None:
        raise UsageError(f"connect --{mode}", "needs the NAME of the account")
    code = parse_code(options["verifier"]) if mode == "verifier" else None
    name = None if name is None else checked_name(name)
    level = Privacy(options["privacy"]) if options["privacy"] else None
    state = session.state
    if mode != "csv":
        _ = session.vault  # a missing key is reported before Discogs is asked
    state.load_accounts()
    with session.lock("connect"):
        use_case = session.connect(name, level)
        if mode == "start" and name:
            use_case.begin_login(name, visitor(session, browse=False), session.output.mask)
            session.output.info(
                "then run build-site connect --verifier CODE NAME with the code shown there"
            )
            return
        if code:
            connected = use_case.end_login(code, session.output.mask)
        else:
            connected = connected_by(session, use_case, mode, options)
        if connected.is_new and level is None:
            connected = asked_privacy(session, connected)
        report_connected(session, connected)


@cli.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.pass_context
def disconnect(context: click.Context, name: str, yes: bool) -> None:
    """Delete an account, its token, snapshot and pages."""
    from generator.cli.output import are_terminals
    from generator.domain.account import checked_name

    session: Session = context.obj
    name = checked_name(name)
    if not yes and not are_terminals(sys.stdin, sys.stderr):
        what = "there is no terminal to ask for confirmation"
        raise UsageError("disconnect", what, "add --yes to delete the account")
    loaded = session.state.load_accounts()
    if name not in {account_id for account_id, _ in loaded.unreadable}:
        session.check_names(name, connected=True)
    if not yes:
        question = f"Disconnect {name} and delete its token, its snapshot and its pages?"
        if not click.confirm(question, err=True):
            raise GeneratorError("", "stays connected", "answer y, or add --yes").of(name)
    context.exit(disconnect_account(session, name))


def disconnect_account(session: "Session", name: str) -> int:
    """Disconnect and rebuild: accounts that fail to build do not matter."""
    from generator import accounts

    with session.lock("disconnect"):
        accounts.delete_account(session.state, name)
        session.output.info(
            f"{session.output.display_name(name)} is disconnected; nothing of it is stored. "
            "Revoke the access at https://www.discogs.com/settings/applications"
        )
        return session.rebuild(None)


@cli.command()
@click.argument("name")
@click.argument("level", type=click.Choice(LEVELS))
@click.option("--new-link", is_flag=True, help="Replace the link of an unlisted account.")
@click.pass_context
def privacy(context: click.Context, name: str, level: str, new_link: bool) -> None:
    """Change who can see an account, and rebuild."""
    from generator.domain.account import Privacy, checked_name

    if new_link and level != "unlisted":
        raise UsageError("privacy --new-link", "works for unlisted accounts only")
    name = checked_name(name)
    context.obj.check_names(name, connected=True)
    context.exit(set_privacy(context.obj, name, Privacy(level), new_link=new_link))


def set_privacy(session: "Session", name: str, level: "Privacy", *, new_link: bool) -> int:
    """Change the level and rebuild; a new link is printed once.

    Fails if this account cannot be built; others do not matter.
    """
    from generator.accounts import change_privacy
    from generator.cli.connecting import LINK_IS_HIDDEN, report_link, unlisted_link

    with session.lock("privacy"):
        account, is_new = change_privacy(session.state, name, level, new_link=new_link)
        session.output.info(f"{session.output.display_name(name)} is now {level}")
        if is_new:
            session.output.print_secret(unlisted_link(session, account), LINK_IS_HIDDEN)
        report_link(session, account, new=is_new)
        return session.rebuild(None if level.value == "private" else account.name)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def accounts(session: "Session", as_json: bool) -> None:
    """List the accounts."""
    import json

    from generator.accounts import account_entries
    from generator.cli.session import NO_ACCOUNTS, utc_now
    from generator.listed import listed_entries
    from generator.render.shown import seen_in

    cooldown = session.settings.sync.cooldown
    entries = account_entries(session.state.load_accounts(), cooldown, utc_now())
    entries += listed_entries(
        session.listed.values(),
        lambda one: seen_in(session.workspace.site, one.tree),
        cooldown,
        utc_now(),
    )
    if as_json:
        session.output.result(json.dumps(entries, ensure_ascii=False, indent=2))
        return
    if not entries:
        session.output.result(NO_ACCOUNTS)
        return
    columns = ("name", "discogs_name", "privacy", "state", "records", "last_sync", "next_sync")
    table: list[tuple[str, ...]] = [columns]
    table += [
        tuple("-" if entry[c] is None else str(entry[c]) for c in columns) for entry in entries
    ]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in table]
    lines += [f"{entry['name']}: {entry['problem']}" for entry in entries if entry["problem"]]
    session.output.result("\n".join(lines))


@cli.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--force", is_flag=True, help="Ignore cooldown and hold-back.")
@click.pass_context
def sync(context: click.Context, names: tuple[str, ...], force: bool) -> None:
    """Sync the named accounts, or those that are due. Does not build.

    Collections that site.toml lists are kept in the site alone: for these it builds.
    """
    from generator.domain.account import checked_name
    from generator.sync import exit_code

    session: Session = context.obj
    names = tuple(checked_name(name) for name in names)
    session.check_names(*names)
    with session.lock("sync"):
        outcomes = session.refresh(names, force=force)
        if not session.lacks_reading(outcomes) and session.readings:
            outcomes = session.build(before=outcomes)
        context.exit(exit_code(outcomes))


@cli.command()
@click.option("--from", "source", metavar="FILE|URL", help="Read this dump of masters instead.")
@click.pass_obj
def enrich(session: "Session", source: str | None) -> None:
    """Get original years from Discogs' monthly master data.

    It is public domain, about 600 MB a month, and also has genres and styles. Needs no account and
    no key. Does nothing if the newest data are there already.
    """
    if session.enrich(source).changed:
        session.output.info("next: build-site build")


@cli.command()
@click.option("--full", is_flag=True, help="Render unchanged accounts too.")
@click.option("--output", type=_DIRECTORY, help="Directory of the site; by default site/.")
@click.option("--snapshot", type=_FILE, help="Build one public account from an exported snapshot.")
@click.option("--precompress", is_flag=True, help="Write a compressed copy beside every text.")
@click.pass_context
def build(
    context: click.Context,
    full: bool,
    output: Path | None,
    snapshot: Path | None,
    precompress: bool,
) -> None:
    """Render the site from the snapshots. Never opens a socket."""
    from generator.sync import exit_code

    session: Session = context.obj
    if snapshot:
        _build_snapshot(session, snapshot, output, precompress=precompress)
        return
    with session.lock("build"):
        builder = session.builder(output, precompress=precompress, full=full)
        context.exit(exit_code(session.build(builder)))


def _build_snapshot(
    session: "Session", file: Path, output: Path | None, *, precompress: bool
) -> None:
    """Build one public account from an exported snapshot, with no key and no state."""
    from generator.config import Settings
    from generator.derive.pages import AccountContent
    from generator.domain.collection import parse_snapshot

    if not session.workspace.settings_file.is_file():
        session.settings = Settings()
    snapshot = parse_snapshot(file.read_bytes(), str(file))
    cooldown = session.settings.sync.cooldown
    content = AccountContent(
        snapshot, next_sync=snapshot.synced_at + cooldown if cooldown else None
    )
    builder = session.builder(output, precompress=precompress)
    session.report_build(builder.run([content], {}), builder.output)


@cli.command()
@_PORT
@click.option("--open", "browse", is_flag=True, help="Open the browser.")
@click.option(
    "--watch", is_flag=True, help="Build again and reload the pages when their sources change."
)
@click.pass_obj
def serve(session: "Session", port: int, browse: bool, watch: bool) -> None:
    """Serve site/ on 127.0.0.1."""
    from generator.cli.serving import serve_site

    workspace, output = session.workspace, session.output
    if watch:
        _ = session.settings
    serve_site(workspace.site, port, output, browse=browse, watch=workspace if watch else None)


@cli.command()
@click.argument("name")
@click.option(
    "--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True
)
@click.pass_obj
def export(session: "Session", name: str, form: str) -> None:
    """Write an account's snapshot to stdout."""
    from zoneinfo import ZoneInfo

    from generator.accounts import exported_snapshot
    from generator.config import load_overrides
    from generator.derive.exports import releases_csv
    from generator.derive.rows import rows
    from generator.domain.account import checked_name
    from generator.domain.collection import snapshot_json

    name = checked_name(name)
    if name in session.listed:
        session.read_listed([session.listed[name]])
        if name not in session.readings:
            raise GeneratorError("", "cannot be exported", "the line above says why").of(name)
        snapshot = session.readings[name].snapshot
    else:
        snapshot = exported_snapshot(session.state, name)
    if form == "json":
        text = snapshot_json(snapshot)
    else:
        zone = ZoneInfo(session.settings.site.timezone)
        said, masters = load_overrides(session.workspace), session.masters_of(snapshot)
        found = rows(snapshot, masters, session.environment.image_origin, zone, said)
        text = "".join(releases_csv(found)).encode()
    click.echo(text, nl=False)


@cli.command()
@click.argument("name", required=False)
@click.option("--data", is_flag=True, help="Report gaps in the data of NAME, or of all accounts.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def doctor(session: "Session", name: str | None, data: bool, as_json: bool) -> None:
    """Check configuration, key, clock, network, state and site."""
    from generator.cli.doctor import run_doctor, show_gaps
    from generator.domain.account import checked_name

    if not data:
        if name:
            raise UsageError("doctor", "takes a NAME only with --data")
        run_doctor(session, as_json=as_json)
        return
    name = name and checked_name(name)
    if name:
        session.check_names(name)
    show_gaps(session, name, as_json=as_json)


@cli.command()
@click.option("--no-serve", is_flag=True, help="Stop after the build.")
@_PORT
@click.pass_obj
def demo(session: "Session", no_serve: bool, port: int) -> None:
    """Build and serve the site of an invented collection."""
    from generator.cli.demo import run_demo

    run_demo(session, None if no_serve else port)


@cli.group(no_args_is_help=False)
def keys() -> None:
    """Make or change the key that seals the state."""


@keys.command()
@click.pass_obj
def new(session: "Session") -> None:
    """Print a fresh key."""
    from generator.store.vault import new_key

    session.output.result(new_key())


@keys.command()
@click.pass_obj
def rotate(session: "Session") -> None:
    """Reseal all state under the first key of the ring."""
    with session.lock("keys rotate"):
        done, failed = session.state.reseal()
    for error in failed:
        session.output.warning(
            error.where, error.what, "restore the key that opens it, then repeat"
        )
    session.output.info(f"{plural(done, 'file')} resealed under the first key")
    if failed:
        hint = "keep all keys until every file opens, and run build-site keys rotate again"
        raise SealError(
            "OAUTH_ENCRYPTION_KEY", f"{plural(len(failed), 'file')} cannot be opened", hint
        )
    session.output.info("the other keys can be removed; if a branch keeps the state, push it first")


@cli.command()
@click.option(
    "--remote",
    is_flag=False,
    flag_value="",
    metavar="[ADDRESS]",
    help="Delete the branch `state` too; by default at the workspace's own origin.",
)
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.pass_obj
def reset(session: "Session", remote: str | None, yes: bool) -> None:
    """Delete all sealed state, to start over with a new key.

    Needs no key. site.toml, .env and overrides.toml stay.
    """
    from generator.cli.output import are_terminals
    from generator.cli.state import reset_state

    if not yes and not are_terminals(sys.stdin, sys.stderr):
        what = "there is no terminal to ask for confirmation"
        raise UsageError("reset", what, "add --yes to delete all sealed state")
    if not yes and not click.confirm("Delete all accounts, tokens and snapshots?", err=True):
        raise GeneratorError("reset", "nothing is deleted", "answer y, or add --yes")
    reset_state(session, remote)


@cli.group(no_args_is_help=False)
def state() -> None:
    """Keep the sealed state on the branch `state` of a git remote."""


@state.command()
@_REMOTE
@click.pass_obj
def pull(session: "Session", remote: str | None) -> None:
    """Merge the branch into data/; without a branch this is a new instance."""
    from generator.cli.state import pull_state

    pull_state(session, remote)


@state.command()
@_REMOTE
@click.option("--pause", type=click.FloatRange(0), default=1, envvar="STATE_PAUSE", hidden=True)
@click.pass_obj
def push(session: "Session", remote: str | None, pause: float) -> None:
    """Push the changes in data/, merged with those that others pushed."""
    from generator.cli.state import push_state

    push_state(session, remote, pause)
