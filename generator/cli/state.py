"""The commands that keep the state on a branch of a git remote, for workflows and for people."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from generator.cli.session import Session as App
from generator.cli.session import utc_now
from generator.derive.formatting import plural
from generator.errors import GeneratorError
from generator.store import files, git
from generator.store.branch import Branch, Kept, Patience
from generator.store.git_setup import WHERE, Remote
from generator.store.listings import load_listing
from generator.store.origin import HOME, Origin, load_origin
from generator.store.results import adopt

_NEW = "no branch yet, this is a new instance"
_UNCHANGED = Kept(None, changed=False)
_DISCONNECTED = "was disconnected by another run; what this one learnt of it was dropped"


def pull_state(app: App, address: str | None) -> None:
    """Bring the branch into data/."""
    with _branch(app, "state pull", _remote(app, address)) as branch:
        kept = branch.pull()
    _report(app, kept, f"at {_short(kept)}" if kept.commit else _NEW)


def commit_state(app: App) -> None:
    """Commit what differs from the branch as last seen; the remote is not asked."""
    with _branch(app, "state commit", Remote("")) as branch:
        kept = branch.commit()
    _report(app, kept, f"committed {_short(kept)}" if kept.changed else "unchanged")


def push_state(app: App, address: str | None, pause: float) -> None:
    """Commit what is left and push it."""
    if not load_listing(app.workspace.data) and not load_origin(app.workspace.data):
        _report(app, _UNCHANGED, "nothing to keep yet")
        return
    with _branch(app, "state push", _remote(app, address), Patience(pause=pause)) as branch:
        kept = branch.push()
    tries = f" at try {kept.tries}" if kept.tries > 1 else ""
    _report(app, kept, f"pushed {_short(kept)}{tries}" if kept.changed else "unchanged")


def adopt_results(app: App, directories: Sequence[Path]) -> int:
    """Take over the results of shards; one that holds anything else stops none of the others."""
    with app.lock("state adopt"):
        return take_over(app, directories)


def take_over(app: App, directories: Sequence[Path]) -> int:
    """The same for whoever holds the workspace."""
    refused = changed = 0
    for directory in directories:
        try:
            adopted = adopt(app.workspace.data, directory)
        except GeneratorError as error:
            app.output.problem(error)
            refused += 1
            continue
        changed += adopted.files
        _warn(app, adopted.outdone)
    app.output.say(f"{WHERE}: {plural(changed, 'file', 'files')} adopted")
    return 0 if not refused else 1 if refused == len(directories) else 3


@contextmanager
def _branch(
    app: App, purpose: str, remote: Remote, patience: Patience | None = None
) -> Iterator[Branch]:
    """The branch of this workspace, held against other runs."""
    data = app.workspace.data
    with app.lock(purpose):
        files.remove_leftovers(data)
        origin = load_origin(data) or Origin()
        landed = [commit for commit in (origin.base, origin.incoming) if commit]
        with git.opened(data / HOME, remote, os.environ, landed, origin.draft) as program:
            yield Branch(data, program, utc_now(), patience or Patience())


def _remote(app: App, address: str | None) -> Remote:
    """Where the state is kept: as told, else where the workspace itself came from."""
    root = app.workspace.root
    return Remote(
        address or git.origin(root, os.environ), os.environ.get("STATE_TOKEN", "").strip(), root
    )


def _report(app: App, kept: Kept, words: str) -> None:
    """Tell a person what happened, and later steps of a workflow whether anything changed."""
    app.output.say(f"{WHERE}: {words}")
    _warn(app, kept.outdone)
    app.output.github.output("changed", str(kept.changed).lower())


def _warn(app: App, accounts: Sequence[str]) -> None:
    for account in accounts:
        app.output.warn(account, _DISCONNECTED)


def _short(kept: Kept) -> str:
    return (kept.commit or "")[:7]
