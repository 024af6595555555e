"""The demo: an invented collection goes all the way from a stand-in for Discogs to a site."""

from collections.abc import Mapping
from pathlib import Path
from threading import Thread
from urllib.request import ProxyHandler, build_opener

from generator.cli.app import App
from generator.cli.authorising import authorise
from generator.cli.building import build_accounts
from generator.cli.connecting import connector
from generator.cli.output import Output
from generator.cli.serving import serve
from generator.cli.syncing import sync_accounts
from generator.cli.workspace import write_workspace
from generator.config import Workspace, load_environment, load_settings
from generator.demo import StandIn
from generator.demo.sample import sample_collection
from generator.domain.account import Privacy

NAME = "demo"
DEADLINE = 30.0


def run_demo(root: Path, output: Output, port: int | None) -> None:
    """Connect, sync and build the sample below `root`, then serve it unless port is None.

    State lives in `.demo/`; only `site/` is written beside it. Raises GeneratorError.
    """
    workspace = Workspace(root / ".demo")
    write_workspace(workspace, Output(quiet=True))
    sample = sample_collection()
    with StandIn([sample.person(NAME)], masters=sample.masters) as discogs:
        environment = load_environment(workspace, _environ(discogs))
        app = App(workspace, load_settings(workspace), environment, output)
        app.accounts.load()
        with app.lock("demo"):
            _fill(app, root / "site")
        if port is not None:
            serve(root / "site", port, output)


def _fill(app: App, site: Path) -> None:
    """From an empty workspace, or that of an earlier demo, to a site of today."""
    token = authorise(app, DEADLINE, _consent)
    connector(app, lambda: Privacy.PUBLIC).owner(token, NAME, Privacy.PUBLIC)
    for outcome in sync_accounts(app, app.named([NAME]), force=True):
        if outcome.error:
            raise outcome.error
    build_accounts(app, site)


def _consent(address: str) -> None:
    """What the owner's browser does: follow the address, and the way back, without a proxy."""

    def follow() -> None:
        with build_opener(ProxyHandler({})).open(address, timeout=DEADLINE):
            pass

    Thread(target=follow, daemon=True).start()


def _environ(discogs: StandIn) -> Mapping[str, str]:
    return {
        "DISCOGS_API_URL": discogs.url,
        "DISCOGS_WEB_URL": discogs.url,
        "DISCOGS_IMAGE_URL": discogs.url,
        "DISCOGS_OAUTH_CONSUMER_KEY": discogs.consumer.key,
        "DISCOGS_OAUTH_CONSUMER_SECRET": discogs.consumer.secret,
    }
