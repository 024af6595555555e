"""Writers of one branch: each with its own state directory, the remote a real repository."""

import os
import subprocess
import tarfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from generator.store.branch import Branch, Remote, load_tree
from tests.factories import NOW

SCHEMA = '{"schema": 2}\n'
AB, CD, EF = ("ab" * 8, "cd" * 8, "ef" * 8)
"""Ids of accounts."""


def run_git(*arguments, cwd):
    """The output of git, without the settings of a person."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(cwd), "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(
        ["git", *arguments], cwd=cwd, env=environ, check=True, capture_output=True, text=True
    ).stdout


def make_remote(place):
    """An empty repository, as a new instance has it. Like most hosts it sends parts on request."""
    place.mkdir(parents=True)
    run_git("init", "--quiet", "--bare", ".", cwd=place)
    run_git("config", "uploadpack.allowFilter", "true", cwd=place)
    return place


def plant(remote, files):
    """Replace the branch by a commit with nothing but these files."""
    work = remote.with_name("by hand")
    put(work, files)
    author = ("-c", "user.name=x", "-c", "user.email=x@localhost", "-c", "init.defaultBranch=x")
    run_git(*author, "init", "--quiet", ".", cwd=work)
    run_git("add", "--all", cwd=work)
    run_git(*author, "commit", "--quiet", "--message", "by hand", cwd=work)
    run_git("push", "--quiet", "--force", str(remote), "HEAD:refs/heads/state", cwd=work)


def kept(remote):
    """Every file on the branch with its content."""
    archive = subprocess.run(
        ["git", "archive", "state"], cwd=remote, check=True, capture_output=True
    ).stdout
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        found = {file.name: tar.extractfile(file) for file in tar if file.isfile()}
        return {name: file.read().decode() for name, file in found.items() if file}


def commits(remote):
    """The number of commits of the branch."""
    return int(run_git("rev-list", "--count", "state", cwd=remote))


def state_files(data):
    """Every state file of a directory with its content."""
    return {name: (data / name).read_bytes().decode() for name in sorted(load_tree(data))}


def put(data, files):
    """Write these files below a directory; None removes one."""
    data.mkdir(parents=True, exist_ok=True)
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
    """A state directory and the remote of its branch. Every command is a run of its own."""

    data: Path
    remote: Path | str

    def put(self, files):
        """Write these files and the schema; None removes a file."""
        put(self.data, {"schema.json": SCHEMA} | files)
        return self

    @property
    def branch(self):
        """The branch, as the next run opens it."""
        return Branch(self.data, Remote(str(self.remote)))

    def pull(self):
        """Pull, and return the accounts with dropped changes."""
        branch = self.branch
        branch.pull()
        return branch.superseded

    def push(self):
        """Push, and return the accounts with dropped changes."""
        branch = self.branch
        branch.push(NOW, sleep=lambda _: None)
        return branch.superseded

    @property
    def files(self):
        """Its state files."""
        return state_files(self.data)
