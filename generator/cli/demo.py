"""The demo: an invented collection goes all the way from a stand-in for Discogs to a site."""

from threading import Thread
from typing import TYPE_CHECKING
from urllib.request import ProxyHandler, build_opener

from generator.cli.serving import serve_site
from generator.cli.session import Session
from generator.cli.workspace import write_workspace
from generator.config import Workspace, load_environment
from generator.demo.sample import sample_collection
from generator.demo.standin import StandIn
from generator.domain.account import Privacy
from generator.errors import GeneratorError, UsageError
from generator.render.swap import MARKER
from generator.sync import SyncSelection

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "demo"
DEADLINE = 30.0


def run_demo(session: Session, port: int | None) -> None:
    """Connect, sync and build the sample in the workspace, then serve it unless port is None.

    The state is in `.demo/`; only `site/` is written beside it. Raises GeneratorError.
    """
    root = session.workspace.root
    workspace = Workspace(root / ".demo")
    made = workspace.root / "made-site"
    if (root / "site" / MARKER).exists() and not made.exists():
        what = "holds a site that the demo did not make"
        hint = "run the demo elsewhere: build-site -C DIRECTORY demo"
        raise UsageError(str(root / "site"), what, hint)
    write_workspace(workspace, lambda _: None)
    sample = sample_collection()
    with StandIn([sample.person(NAME)]) as discogs:
        discogs.archive.add(sample.masters.values())
        demo = Session(workspace, session.output)
        demo.environment = load_environment(workspace, _environ(discogs))
        demo.state.load_accounts()
        with demo.lock("demo"):
            demo.connect(NAME, Privacy.PUBLIC).by_redirect(DEADLINE, _consent)
            for outcome in demo.sync(SyncSelection((NAME,), force=True)):
                if outcome.problem:
                    raise GeneratorError("demo", outcome.problem.what, outcome.problem.hint)
            demo.enrich(None)
            made.touch()
            demo.build(demo.builder(root / "site"))
        if port is not None:
            serve_site(root / "site", port, session.output)


def _consent(address: str) -> None:
    """The owner's browser: follow the address, and the redirect, without a proxy."""

    def follow() -> None:
        with build_opener(ProxyHandler({})).open(address, timeout=DEADLINE):
            pass

    Thread(target=follow, daemon=True).start()


def _environ(discogs: StandIn) -> "Mapping[str, str]":
    return {
        "DISCOGS_API_URL": discogs.url,
        "DISCOGS_WEB_URL": discogs.url,
        "DISCOGS_IMAGE_URL": discogs.url,
        "DISCOGS_DATA_URL": discogs.url,
        "DISCOGS_OAUTH_CONSUMER_KEY": discogs.consumer.key,
        "DISCOGS_OAUTH_CONSUMER_SECRET": discogs.consumer.secret,
    }
