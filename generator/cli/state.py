"""The commands that keep the state on a branch of a git remote."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from generator.cli.session import Session, utc_now
from generator.store.branch import Branch, Remote, origin_address


def pull_state(session: Session, address: str | None) -> None:
    """Merge the branch into data/."""
    with _branch(session, address, "state pull") as branch:
        branch.pull()
    commit = branch.base.commit
    text = f"at {commit[:7]}" if commit else "no branch yet; this is a new instance"
    session.output.info(f"state: {text}")


def push_state(session: Session, address: str | None, pause: float) -> None:
    """Merge the branch with data/, and replace it."""
    with _branch(session, address, "state push") as branch:
        pushed = branch.push(utc_now(), pause)
    text = f"pushed {(branch.base.commit or '')[:7]}" if pushed else "nothing to push"
    session.output.info(f"state: {text}")


@contextmanager
def _branch(session: Session, address: str | None, purpose: str) -> Iterator[Branch]:
    token = os.environ.get("STATE_TOKEN", "").strip()
    remote = Remote(address or origin_address(session.workspace.root), token)
    with session.lock(purpose):
        branch = Branch(session.workspace.data, remote, lambda: session.vault)
        yield branch
    for account_id, note in branch.notes.items():
        session.output.warning(account_id, note)
    for account_id in sorted(branch.superseded):
        what = "was disconnected while another run changed it; the changes were dropped"
        session.output.warning(account_id, what)
