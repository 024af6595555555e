"""Writers of one branch: each with a state directory of its own, the remote a real repository."""

import os
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from generator.store import git
from generator.store.branch import Branch, Patience
from generator.store.git_setup import Remote
from generator.store.history import Limits
from generator.store.listings import is_kept
from generator.store.origin import HOME, Origin, load_origin
from tests.factories import NOW

SCHEMA = '{"schema": 1}\n'
AB, CD, EF = ("ab" * 8, "cd" * 8, "ef" * 8)
"""Ids of accounts."""


def run_git(*arguments, cwd):
    """What git itself says, as somebody who owns nothing here."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(cwd), "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(
        ["git", *arguments], cwd=cwd, env=environ, check=True, capture_output=True, text=True
    ).stdout


def make_remote(place):
    """An empty repository, as the one a new instance starts from."""
    place.mkdir(parents=True)
    run_git("init", "--quiet", "--bare", ".", cwd=place)
    return place


def plant(remote, files):
    """Put a commit with nothing but these files where the branch is, as somebody by hand."""
    work = remote.with_name("by hand")
    work.mkdir()
    put(work, files)
    author = ("-c", "user.name=x", "-c", "user.email=x@localhost", "-c", "init.defaultBranch=x")
    run_git(*author, "init", "--quiet", ".", cwd=work)
    run_git("add", "--all", cwd=work)
    run_git(*author, "commit", "--quiet", "--message", "by hand", cwd=work)
    run_git("push", "--quiet", "--force", str(remote), "HEAD:refs/heads/state", cwd=work)


def kept(remote):
    """Every file of the branch with its content, all of one moment."""
    tip = run_git("rev-parse", "state", cwd=remote).strip()
    names = run_git("ls-tree", "-r", "--name-only", tip, cwd=remote).splitlines()
    return {name: run_git("show", f"{tip}:{name}", cwd=remote) for name in names}


def commits(remote):
    """How many commits the branch has."""
    return int(run_git("rev-list", "--count", "state", cwd=remote))


def state_files(data):
    """Every file of a state directory that belongs on the branch, with its content."""
    paths = {path.relative_to(data).as_posix(): path for path in data.rglob("*") if path.is_file()}
    return {
        name: path.read_bytes().decode(errors="replace")
        for name, path in sorted(paths.items())
        if is_kept(name)
    }


def put(data, files):
    """Write these files of a state directory; None removes one."""
    for name, text in files.items():
        path = data / name
        if text is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, newline="")


def account(account_id, **texts):
    """Files of an account by their paths."""
    return {f"accounts/{account_id}/{name}": text for name, text in texts.items()}


@dataclass
class Writer:
    """A state directory and where its branch is."""

    data: Path
    remote: Path | str
    patience: Patience = field(default_factory=lambda: Patience(sleep=lambda _: None))
    limits: Limits = field(default_factory=Limits)
    now: datetime = NOW

    def write(self, **files):
        """The schema, and these files of the first account."""
        self.put({"schema.json": SCHEMA, **account(AB, **files)})
        return self

    def put(self, files):
        """Write these files; None removes one."""
        put(self.data, files)
        return self

    @contextmanager
    def branch(self):
        """The branch, as one run has it."""
        self.data.mkdir(parents=True, exist_ok=True)
        origin = load_origin(self.data) or Origin()
        landed = [commit for commit in (origin.base, origin.incoming) if commit]
        remote = Remote(str(self.remote), start=self.data.parent)
        environ = {"PATH": os.environ["PATH"], "HOME": str(self.data.parent)}
        with git.opened(self.data / HOME, remote, environ, landed, origin.draft) as program:
            yield Branch(self.data, program, self.now, self.patience, self.limits)

    def pull(self):
        """A run that pulls."""
        with self.branch() as branch:
            return branch.pull()

    def commit(self):
        """A run that commits."""
        with self.branch() as branch:
            return branch.commit()

    def push(self):
        """A run that pushes."""
        with self.branch() as branch:
            return branch.push()

    @property
    def files(self):
        """What it has of the state."""
        return state_files(self.data)
