"""The commands of build-site: each body wires one action and leaves.

A body imports what it runs, so that a command starts without what only the others need.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator import __version__
from generator.cli.output import Output
from generator.config import Workspace
from generator.domain.account import Privacy, checked_name
from generator.errors import UsageError

if TYPE_CHECKING:
    from generator.cli.app import App

DIRECTORY = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "--workspace",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The directory with site.toml; the current one by default.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print results and problems only.")
@click.option("-v", "--verbose", is_flag=True, help="Tell more of what is being done.")
@click.option("--debug", is_flag=True, help="Show where an error happened.")
@click.version_option(__version__, prog_name="build-site")
@click.pass_context
def cli(context: click.Context, workspace: Path, quiet: bool, verbose: bool, debug: bool) -> None:
    """Turn a Discogs record collection into a static site.

    Without a command: sync every account that is due, then build. This is the scheduled job.
    """
    context.obj = Session(Workspace(workspace), Output(quiet=quiet, verbose=verbose, debug=debug))
    if context.invoked_subcommand is None:
        from generator.cli.scheduled import run_scheduled

        context.exit(run_scheduled(context.obj.app()))


class Session:
    """The workspace and how to speak; the app itself is loaded by the commands that need one."""

    def __init__(self, workspace: Workspace, output: Output) -> None:
        self.workspace = workspace
        self.output = output

    def app(self) -> "App":
        """The configured app. Raises NoWorkspace and ConfigError."""
        from generator.cli.app import App

        return App.load(self.workspace, self.output)


@cli.command()
@click.pass_obj
def init(session: Session) -> None:
    """Write a commented site.toml and a .env with a fresh key; never overwrite."""
    from generator.cli.workspace import write_workspace

    write_workspace(session.workspace, session.output)


@cli.command()
@click.argument("name", required=False)
@click.option(
    "--privacy", type=click.Choice([level.value for level in Privacy]), help="Who may see it."
)
@click.option(
    "--token", is_flag=True, help="Use a personal access token (DISCOGS_TOKEN or a prompt)."
)
@click.option(
    "--anonymous", metavar="DISCOGS_NAME", help="Read a public collection, no credentials."
)
@click.option("--no-browser", is_flag=True, help="Print the address only, open no browser.")
@click.option(
    "--deadline",
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds to wait for the authorisation: 180, or 900 for a typed code.",
)
@click.option("--oob", is_flag=True, help="Type the code instead of being redirected.")
@click.option("--start", is_flag=True, help="First of two runs: print the address for NAME.")
@click.option("--verifier", metavar="CODE", help="Second of two runs: take the code.")
@click.pass_obj
def connect(session: Session, /, **options: Any) -> None:
    """Connect an account; NAME is its name on the site.

    CODE is what Discogs shows after the authorisation, or the whole address it redirects to.
    """
    from generator.cli.connecting import Choice, checked_choice, connect_account

    choice = checked_choice(Choice(**options))
    connect_account(session.app(), choice)


@cli.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def disconnect(context: click.Context, name: str, yes: bool) -> None:
    """Forget an account, delete what is kept of it, and rebuild."""
    from generator.cli.disconnecting import check_consent, disconnect_account

    name = checked_name(name)
    check_consent(yes=yes)
    context.exit(disconnect_account(context.obj.app(), name, yes=yes))


@cli.command()
@click.argument("name")
@click.argument("level", type=click.Choice([level.value for level in Privacy]))
@click.option("--new-link", is_flag=True, help="Replace the link of an unlisted account.")
@click.pass_context
def privacy(context: click.Context, name: str, level: str, new_link: bool) -> None:
    """Change who may see an account, and rebuild."""
    from generator.cli.privacy import change_privacy, checked_level

    name, chosen = checked_name(name), checked_level(level, new_link=new_link)
    context.exit(change_privacy(context.obj.app(), name, chosen, new_link=new_link))


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def accounts(session: Session, as_json: bool) -> None:
    """List the accounts."""
    from generator.cli.accounts import accounts_json, accounts_table

    app = session.app()
    session.output.result(accounts_json(app) if as_json else accounts_table(app))


@cli.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--force", is_flag=True, help="Ignore cooldown and hold-back.")
@click.option(
    "--shard", metavar="I/N", envvar="GATEFOLD_SHARD", help="Only the I-th of N shares of them."
)
@click.option("--results", type=DIRECTORY, help="Copy what changed, sealed, for `state adopt`.")
@click.option("--lenient", is_flag=True, help="Failed accounts are no failure of the command.")
@click.pass_context
def sync(context: click.Context, /, names: tuple[str, ...], **options: Any) -> None:
    """Sync the named accounts, or those that are due. Does not build."""
    from generator.cli.syncing import Share, run_sync

    context.obj.output.lenient = options["lenient"]
    share = Share.of(options["shard"], options["results"])
    checked = [checked_name(name) for name in names]
    code = run_sync(context.obj.app(), checked, share, force=options["force"])
    context.exit(0 if options["lenient"] else code)


@cli.command()
@click.option(
    "--results",
    type=DIRECTORY,
    help="Take over what the jobs of a run learnt, a directory each, instead of syncing.",
)
@click.pass_context
def run(context: click.Context, results: Path | None) -> None:
    """Sync and build as the scheduled workflow does: some failed accounts are a warning."""
    from generator.cli.scheduled import run_workflow

    context.exit(run_workflow(context.obj.app(), results))


@cli.command()
@click.option(
    "--requests",
    type=click.IntRange(1),
    envvar="GATEFOLD_SHARD_REQUESTS",
    help="How many requests to Discogs a job is worth; 300 by default.",
)
@click.pass_obj
def plan(session: Session, requests: int | None) -> None:
    """Say how many jobs it takes to sync those that are due."""
    from generator.cli.planning import make_plan

    make_plan(session.app(), requests)


@cli.command()
@click.pass_context
def dispatch(context: click.Context) -> None:
    """Do what was filled in on the Actions page."""
    from generator.cli.dispatching import run_dispatch

    context.exit(run_dispatch(context.obj.app()))


@cli.command()
@click.option("--full", is_flag=True, help="Render everything, not only what changed.")
@click.option("--output", type=DIRECTORY, help="Where the site goes; site/ in the workspace.")
@click.option("--snapshot", type=FILE, help="Build one public account from an exported snapshot.")
@click.option("--precompress", is_flag=True, help="Put a compressed copy beside every text.")
@click.pass_context
def build(
    context: click.Context,
    full: bool,
    output: Path | None,
    snapshot: Path | None,
    precompress: bool,
) -> None:
    """Render the site from the snapshots. Never opens a socket."""
    from generator.cli.building import build_snapshot, run_build

    if snapshot:
        workspace, told = context.obj.workspace, context.obj.output
        build_snapshot(workspace, told, snapshot, output, precompress=precompress)
    else:
        context.exit(run_build(context.obj.app(), output, precompress=precompress, full=full))


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 is any free one.")
@click.pass_obj
def serve(session: Session, port: int) -> None:
    """Serve site/ on 127.0.0.1."""
    from generator.cli.serving import serve as serve_site

    serve_site(session.workspace.site, port, session.output)


@cli.command()
@click.argument("name")
@click.option(
    "--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True
)
@click.pass_obj
def export(session: Session, name: str, form: str) -> None:
    """Write an account's snapshot to stdout."""
    from generator.cli.exporting import exported

    name = checked_name(name)
    click.echo(exported(session.app(), name, form), nl=False)


@cli.command()
@click.option("--no-serve", is_flag=True, help="Stop after the build.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 is any free one.")
@click.pass_obj
def demo(session: Session, no_serve: bool, port: int) -> None:
    """Build the site of an invented collection, from a stand-in for Discogs on this machine."""
    from generator.cli.demo import run_demo

    run_demo(session.workspace.root, session.output, None if no_serve else port)


@cli.group(no_args_is_help=False)
def keys() -> None:
    """Make and change the key that seals the state."""


@keys.command()
@click.pass_obj
def new(session: Session) -> None:
    """Print a fresh key."""
    from generator.store.vault import new_key

    session.output.result(new_key())


@cli.group(no_args_is_help=False)
def state() -> None:
    """Keep the sealed state on the branch `state` of a git remote."""


REMOTE = click.option(
    "--remote",
    metavar="ADDRESS",
    envvar="STATE_REMOTE",
    help="The repository that keeps it; the workspace's own `origin` by default.",
)


@state.command()
@REMOTE
@click.pass_obj
def pull(session: Session, remote: str | None) -> None:
    """Merge the branch into data/; without a branch this is a new instance."""
    from generator.cli.state import pull_state

    pull_state(session.app(), remote)


@state.command()
@REMOTE
@click.option("--pause", type=click.FloatRange(0), default=1, envvar="STATE_PAUSE", hidden=True)
@click.pass_obj
def push(session: Session, remote: str | None, pause: float) -> None:
    """Merge the branch with data/ and replace it; nothing another run pushed is lost."""
    from generator.cli.state import push_state

    push_state(session.app(), remote, pause)


@state.command("adopt")
@click.argument(
    "directories",
    metavar="DIR...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.pass_context
def adopt(context: click.Context, directories: tuple[Path, ...]) -> None:
    """Take over the results of the shards of a sync."""
    from generator.cli.state import adopt_results

    app = context.obj.app()
    with app.lock("state adopt"):
        context.exit(adopt_results(app, directories))


def not_yet(what: str) -> UsageError:
    """The answer of a part of the contract whose turn has not come."""
    return UsageError(what, "not yet", "build-site --help lists what is there")


def announced(group: click.Group, name: str, text: str) -> None:
    """Register a command that answers "not yet", so that nobody mistakes it for a slip."""

    def answer(**_: object) -> None:
        raise not_yet(name)

    arguments: Callable[..., Any] = click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    group.command(
        name, help=f"{text} (not yet).", context_settings={"ignore_unknown_options": True}
    )(arguments(answer))


announced(cli, "enrich", "Fetch what is known of the albums behind the records")
announced(cli, "doctor", "Check configuration, key, clock, network, state and site")
announced(keys, "rotate", "Reseal all state under the first key of the ring")
