"""The commands that keep the state on a branch of a git remote."""

import os

from generator.cli.session import Session, utc_now
from generator.store.branch import Branch, Remote, origin_address


def pull_state(session: Session, address: str | None) -> None:
    """Merge the branch into data/."""
    with session.lock("state pull"):
        branch = _branch(session, address)
        branch.pull()
        _report(session, branch)
    commit = branch.base.commit
    text = f"at {commit[:7]}" if commit else "no branch yet; this is a new instance"
    session.output.info(f"state: {text}")


def push_state(session: Session, address: str | None, pause: float) -> None:
    """Merge the branch with data/, and replace it."""
    with session.lock("state push"):
        push_held(session, address, pause)


def push_held(session: Session, address: str | None, pause: float) -> None:
    """Push the state of a workspace that is held."""
    branch = _branch(session, address)
    pushed = branch.push(utc_now(), pause)
    _report(session, branch)
    text = f"pushed {(branch.base.commit or '')[:7]}" if pushed else "nothing to push"
    session.output.info(f"state: {text}")


def reset_state(session: Session, remote: str | None) -> None:
    """Delete all sealed state here and, if `remote` is not None, the branch."""
    _ = session.settings
    with session.state.lock("reset", utc_now()):
        session.state.reset()
        session.output.info("all sealed state here is deleted; site.toml and .env stay")
        if remote is not None:
            deleted = _branch(session, remote or os.environ.get("STATE_REMOTE")).delete()
            session.output.info("the branch is deleted" if deleted else "there is no branch")
    session.output.info(
        "the published pages stay until the next build. Revoke the access at "
        "https://www.discogs.com/settings/applications; then build-site connect connects again"
    )


def _branch(session: Session, address: str | None) -> Branch:
    token = os.environ.get("STATE_TOKEN", "").strip()
    remote = Remote(address or origin_address(session.workspace.root), token)
    return Branch(session.workspace.data, remote, lambda: session.vault)


def _report(session: Session, branch: Branch) -> None:
    for account_id, note in branch.notes.items():
        session.output.warning(account_id, note)
    for account_id in sorted(branch.superseded):
        what = "was disconnected while another run changed it; the changes were dropped"
        session.output.warning(account_id, what)
