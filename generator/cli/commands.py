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
    default=180,
    show_default=True,
    help="Seconds to wait for the authorisation.",
)
@click.option("--oob", is_flag=True, help="Type the code instead of being redirected. (not yet)")
@click.option("--start", is_flag=True, help="First of two runs. (not yet)")
@click.option("--verifier", metavar="CODE", help="Second of two runs. (not yet)")
@click.pass_obj
def connect(session: Session, /, **options: Any) -> None:
    """Connect an account; NAME is its name on the site."""
    from generator.cli.connecting import Choice, checked_choice, connect_account

    for later in ("oob", "start", "verifier"):
        if options.pop(later) not in (None, False):
            raise not_yet(f"connect --{later}")
    choice = checked_choice(Choice(**options))
    connect_account(session.app(), choice)


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
@click.pass_context
def sync(context: click.Context, names: tuple[str, ...], force: bool) -> None:
    """Sync the named accounts, or those that are due. Does not build."""
    from generator.cli.syncing import run_sync

    checked = [checked_name(name) for name in names]
    context.exit(run_sync(context.obj.app(), checked, force=force))


@cli.command()
@click.option(
    "--full",
    is_flag=True,
    expose_value=False,
    help="Render everything, as every build does so far.",
)
@click.option("--output", type=DIRECTORY, help="Where the site goes; site/ in the workspace.")
@click.option("--snapshot", type=FILE, help="Build one public account from an exported snapshot.")
@click.pass_context
def build(context: click.Context, output: Path | None, snapshot: Path | None) -> None:
    """Render the site from the snapshots. Never opens a socket."""
    from generator.cli.building import build_snapshot, run_build

    if snapshot:
        build_snapshot(context.obj.workspace, context.obj.output, snapshot, output)
    else:
        context.exit(run_build(context.obj.app(), output))


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


announced(cli, "disconnect", "Forget an account and delete what is kept of it")
announced(cli, "privacy", "Change who may see an account")
announced(cli, "enrich", "Fetch what is known of the albums behind the records")
announced(cli, "doctor", "Check configuration, key, clock, network, state and site")
announced(keys, "rotate", "Reseal all state under the first key of the ring")
