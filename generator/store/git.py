"""The only place that runs git: one branch of one remote, fetched, committed to and pushed.

Every run has a git directory of its own, so a killed git leaves no lock to trip over; only the
objects are shared. The token is in the environment of git alone.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from generator.errors import StateError, UsageError
from generator.store.git_setup import (
    BRANCH,
    REMOTE,
    WHERE,
    Remote,
    environment,
    make_directory,
    program,
    secrets_of,
    without_secrets,
)

_SEEN = "refs/gatefold/seen"
_MADE = "refs/gatefold/made"
_RUN = "run-"
_AUTHOR = "Gatefold <gatefold@localhost>"
_FEW_OBJECTS = 500
_REFUSED = re.compile(
    r"authentication failed|could not read (username|password)|permission|denied|error: 40[13]",
    re.IGNORECASE,
)
_NO_REPOSITORY = re.compile(r"not found|not appear to be a git|no such remote", re.IGNORECASE)
_FOR_GOOD = re.compile(
    r"hook declined|protected|non-fast-forward|checked out|denied|prohibit|not allowed|violat",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Refused:
    """A push that did not land."""

    reason: str
    for_good: bool
    """The remote will not have it; otherwise the branch has only moved on."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A commit to be made."""

    message: str
    when: datetime
    parent: str | None
    tree: str | None = None
    """What it starts from if it has no parent."""


class Git:
    """git for one run, in a git directory of its own."""

    def __init__(self, run: Path, remote: Remote, environ: Mapping[str, str]) -> None:
        self._run_directory = run
        self._remote = remote
        self._secrets = secrets_of(remote)
        self._program = program(environ)
        self._environ = environment(run, remote, environ)

    @property
    def remote(self) -> Remote:
        """The remote in question."""
        return self._remote

    def fetch(self) -> str | None:
        """The commit the branch is at, its files with it; None without a branch.

        Raises StateError when the remote gives no answer: that is no missing branch.
        """
        ended = self._git(
            "fetch", "--quiet", "--depth=1", "--no-tags", REMOTE, f"+{BRANCH}:{_SEEN}"
        )
        if ended.returncode == 0:
            return (self._run_directory / _SEEN).read_text("ascii").strip()
        listed = self._git("ls-remote", "--quiet", REMOTE, BRANCH)
        if listed.returncode == 0 and not listed.stdout.strip():
            return None
        raise self._trouble(ended.stderr)

    def push(self, commit: str, seen: str | None) -> Refused | None:
        """Puts the branch from `seen` to `commit`, if it still is there. None when that worked.

        Raises StateError when the remote gives no answer.
        """
        ended = self._git(
            *("push", "--quiet", "--porcelain", f"--force-with-lease={BRANCH}:{seen or ''}"),
            *(REMOTE, f"{commit}:{BRANCH}"),
        )
        if ended.returncode == 0:
            return None
        lines = ended.stdout.decode(errors="replace").splitlines()
        refusals = [line.split("\t")[-1] for line in lines if line.startswith("!\t")]
        if not refusals:
            raise self._trouble(ended.stderr)
        return Refused(self._hidden(refusals[0]), _FOR_GOOD.search(refusals[0]) is not None)

    def refused_for_good(self, refusal: Refused) -> StateError:
        """The error of a push that the remote will not have."""
        return StateError(
            WHERE,
            f"{self.remote.name} refused the push: {refusal.reason}",
            "let this account push to the branch `state`: look at rules and protected branches",
        )

    def listing(self, commit: str) -> dict[str, str]:
        """Path → content of every plain file of a commit."""
        listed = self._checked("ls-tree", "-r", "-z", "--full-tree", commit)
        entries = (entry.partition("\t") for entry in listed.decode(errors="replace").split("\0"))
        heads = ((head.split(), path) for head, _, path in entries if path)
        return {path: head[2] for head, path in heads if head[0].startswith("100")}

    def contents(self, objects: Iterable[str]) -> Iterator[bytes]:
        """What the objects hold, one after the other. Raises StateError for one that is missing."""
        with self._talk("cat-file", "--batch") as (to, answers):
            for name in objects:
                to.write(f"{name}\n".encode())
                to.flush()
                head = answers.readline().split()
                if len(head) != 3:
                    raise _damaged(f"{name[:7]} is missing")
                yield answers.read(int(head[2]))
                answers.read(1)

    def commit(self, draft: Draft, changes: Iterable[tuple[str, bytes | None]]) -> str:
        """A new commit: what the draft starts from, and on top these files; None removes one."""
        with self._talk("fast-import", "--quiet", "--force", "--done") as (to, answers):
            to.write(_head(draft))
            for path, content in changes:
                to.write(_entry(path, content))
            to.write(b"\nget-mark :1\ndone\n")
            to.close()
            return answers.read().decode().strip()

    def tidy(self) -> None:
        """Drops objects nobody asks for any more, once there are many."""
        self._git("-c", f"gc.auto={_FEW_OBJECTS}", "gc", "--auto", "--quiet")

    def _git(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # noqa: S603 - git itself, with arguments made here
            [self._program, *arguments],
            cwd=self._remote.start,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )

    def _checked(self, *arguments: str) -> bytes:
        ended = self._git(*arguments)
        if ended.returncode:
            raise _damaged(self._said(ended.stderr))
        return ended.stdout

    @contextmanager
    def _talk(self, *arguments: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
        """A git that is written to and read from. Raises StateError when it does not end well."""
        with (
            tempfile.TemporaryFile(dir=self._run_directory) as words,
            subprocess.Popen(  # noqa: S603 - git itself, with arguments made here
                [self._program, *arguments],
                cwd=self._remote.start,
                env=self._environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=words,
            ) as process,
        ):
            assert process.stdin and process.stdout  # noqa: S101, PT018 - they are pipes
            try:
                yield process.stdin, process.stdout
                process.stdin.close()
                failed = process.wait() != 0
            except BrokenPipeError:
                failed = True
                with suppress(BrokenPipeError):
                    process.stdin.close()
            if failed:
                words.seek(0)
                raise _damaged(self._said(words.read()))

    def _trouble(self, stderr: bytes) -> StateError:
        """Why the remote could not be used, and what to do about it."""
        said, name = self._said(stderr), self.remote.name
        if _REFUSED.search(said):
            hint = "give STATE_TOKEN a token that may write the repository's contents"
            return StateError(WHERE, f"{name} refused access: {said}", hint)
        if _NO_REPOSITORY.search(said):
            hint = (
                "name the repository with --remote or STATE_REMOTE; a private one needs STATE_TOKEN"
            )
            return StateError(WHERE, f"{name} is no repository to be seen: {said}", hint)
        hint = "data/ is as it was and the next run tries again; check the network and the address"
        return StateError(WHERE, f"cannot reach {name}: {said}", hint)

    def _said(self, stderr: bytes) -> str:
        """What git said, in one line, without secrets."""
        lines = [line.strip() for line in stderr.decode(errors="replace").splitlines()]
        fatal = [line for line in lines if line.startswith(("fatal:", "remote: error:", "error:"))]
        chosen = (fatal or [line for line in lines if line] or ["it said nothing"])[0]
        return self._hidden(chosen.removeprefix("remote: ").partition(": ")[2] or chosen)

    def _hidden(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return without_secrets(text)


@contextmanager
def opened(
    home: Path,
    remote: Remote,
    environ: Mapping[str, str],
    landed: Iterable[str],
    draft: str | None,
) -> Iterator[Git]:
    """git on the objects in `home`. Of them those of commits that came from the remote or went
    there are still needed, and those of a draft, which it does not have.

    Only for whoever holds the lock: what other runs left lying there is removed.
    """
    (home / "objects/pack").mkdir(parents=True, exist_ok=True, mode=0o700)
    for leftover in (*home.glob(f"{_RUN}*"), *home.glob("objects/pack/*.keep")):
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink()
    with tempfile.TemporaryDirectory(dir=home, prefix=_RUN, ignore_cleanup_errors=True) as made:
        run = Path(made).resolve()
        make_directory(run, landed, draft)
        yield Git(run, remote, environ)


def origin(directory: Path, environ: Mapping[str, str]) -> str:
    """The address of `origin` where the directory is a checkout. Raises UsageError."""
    ended = subprocess.run(  # noqa: S603 - git itself
        [program(environ), "remote", "get-url", "origin"],
        cwd=directory,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if ended.returncode:
        raise UsageError(
            WHERE,
            f"{directory.resolve()} is no checkout with a remote `origin`",
            "name the repository that keeps the state with --remote or STATE_REMOTE",
        )
    return ended.stdout.decode(errors="surrogateescape").rstrip("\n")


def _head(draft: Draft) -> bytes:
    message = draft.message.encode()
    lines = [
        f"commit {_MADE}",
        "mark :1",
        f"committer {_AUTHOR} {int(draft.when.timestamp())} +0000",
        f"data {len(message)}\n{draft.message}",
    ]
    if draft.parent:
        lines.append(f"from {draft.parent}")
    if draft.tree:
        lines.append(f'M 040000 {draft.tree} ""')
    return "\n".join(lines).encode() + b"\n"


def _entry(path: str, content: bytes | None) -> bytes:
    if content is None:
        return f"D {path}\n".encode()
    return f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n"


def _damaged(what: str) -> StateError:
    return StateError(
        WHERE,
        f"git cannot use what it kept in data/.branch: {what}",
        "move data/ away, then run build-site state pull",
    )
