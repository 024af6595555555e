"""The commands that keep the state on a branch of a git remote, for workflows and for people."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from generator.cli.app import App, utc_now
from generator.derive.wording import plural
from generator.errors import GeneratorError
from generator.store.branch import Branch, Remote, origin_address
from generator.store.results import adopt


def pull_state(app: App, address: str | None) -> None:
    """Merge the branch into data/."""
    with _branch(app, address, "state pull") as branch:
        changed = branch.pull()
    commit = branch.base.commit
    _report(app, f"at {commit[:7]}" if commit else "no branch yet; this is a new instance", changed)


def push_state(app: App, address: str | None, pause: float) -> None:
    """Merge the branch with data/, and replace it."""
    with _branch(app, address, "state push") as branch:
        changed = branch.push(utc_now(), pause)
    commit = branch.base.commit or ""
    _report(app, f"pushed {commit[:7]}" if changed else "nothing to push", changed)


def adopt_results(app: App, directories: Sequence[Path]) -> int:
    """Take over the results of shards, under the lock; a bad one does not stop the others."""
    refused = changed = 0
    for directory in directories:
        try:
            files, superseded = adopt(app.workspace.data, directory)
        except GeneratorError as error:
            app.output.problem(error)
            refused += 1
            continue
        changed += files
        _warn(app, superseded)
    app.output.say(f"state: {plural(changed, 'file', 'files')} adopted")
    return 0 if not refused else 1 if refused == len(directories) else 3


@contextmanager
def _branch(app: App, address: str | None, purpose: str) -> Iterator[Branch]:
    token = os.environ.get("STATE_TOKEN", "").strip()
    remote = Remote(address or origin_address(app.workspace.root), token)
    with app.lock(purpose):
        branch = Branch(app.workspace.data, remote)
        yield branch
    _warn(app, branch.superseded)


def _report(app: App, text: str, changed: bool) -> None:
    """Print the result, and set the output `changed` for later steps of a workflow."""
    app.output.say(f"state: {text}")
    app.output.github.output("changed", str(changed).lower())


def _warn(app: App, accounts: Iterable[str]) -> None:
    for account in sorted(accounts):
        what = "was disconnected while another run changed it; the changes were dropped"
        app.output.warn(account, what)
