"""The sealed state on the branch `state` of a git remote: one commit, which every push replaces.

`data/.branch/base.json` lists the files both sides last agreed on; files that differ from it have
changed here since. Git runs in a throw-away repository, so no history is kept anywhere.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from random import uniform
from tempfile import TemporaryDirectory

from generator.errors import StateError, UsageError
from generator.store import files, state
from generator.store.merging import merge_account
from generator.store.vault import Vault

Tree = Mapping[str, str]  # path below the state directory → git's id of the file's content

_STATE = re.compile(r"schema\.json|accounts/[0-9a-f]{16}/[a-z]+|pending/[0-9a-f]{16}")
_DIRECTORY = re.compile(r"accounts|accounts/[0-9a-f]{16}|pending")
_BRANCH = "refs/heads/state"
_TRIES = 10
# A person's own settings must not act here. Sealed files hardly compress and have no deltas.
_SETTINGS = {
    **dict.fromkeys(("core.hooksPath", "core.attributesFile"), "/dev/null"),
    **dict.fromkeys(("core.autocrlf", "push.gpgSign"), "false"),
    **dict.fromkeys(("gc.auto", "pack.window", "core.looseCompression"), "0"),
    "pack.compression": "1",
    **dict.fromkeys(("http.lowSpeedLimit", "http.lowSpeedTime"), "60"),
}
# Git and its helpers inherit no keys and no tokens.
_INHERITED = re.compile(
    r"PATH|HOME|USER|LOGNAME|SHELL|TERM|DISPLAY|TMPDIR|TZ|SSH_.*|XDG_.*|SSL_.*|GNUPGHOME"
    r"|(?i:(https?|all|no)_proxy)|DBUS_SESSION_BUS_ADDRESS"
    r"|GIT_(SSH|SSL|PROXY|HTTP|ASKPASS|ALLOW_PROTOCOL|EXEC_PATH|TERMINAL_PROMPT"
    r"|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)).*"
)
_USERINFO = re.compile(r"(?<=\w://)([^/\s]*@|[^/\s:]+:(?!\d+[/\s])\S*@)")
_WEB = re.compile(r"(https?)://(?:[^/\s]*@)?([^/\s]+)")
_LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
_NO_ACCESS = r"authentication failed|could not read (username|password)|permission|denied|: 40[13]"
_NO_REPOSITORY = r"not found|not appear to be a git"
_FINAL = r"declined|non-fast-forward|protected|checked out|denied|prohibit|not allowed|violat"


@dataclass(frozen=True, slots=True)
class Remote:
    """The repository with the branch, and a token for it."""

    address: str
    token: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """The address without user and password."""
        return self.hide(self.address)

    @property
    def credentials(self) -> str:
        """The token as HTTP sends it."""
        return b64encode(f"x-access-token:{self.token}".encode()).decode()

    def hide(self, text: str) -> str:
        """The text without secrets."""
        for secret in (self.token, self.credentials) if self.token else ():
            text = text.replace(secret, "***")
        return _USERINFO.sub("", text)


@dataclass(frozen=True, slots=True)
class Base:
    """The files both sides agreed on, and those of the branch that a pull is applying."""

    remote: str = ""
    commit: str | None = None  # the commit last seen; None without a branch
    tree: Tree = field(default_factory=dict)
    incoming: Tree | None = None


class Branch:
    """The branch and a state directory, whose lock the caller holds. Methods raise StateError.

    A relative address starts from the parent of the directory. `superseded` has the ids of
    accounts that one side disconnected and the other changed: those changes were dropped.
    """

    def __init__(
        self, data: Path, remote: Remote, vault: Callable[[], Vault] | None = None
    ) -> None:
        self.superseded: set[str] = set()
        self.notes: dict[str, str] = {}  # by account id: choices that conflicted, and the result
        self._vault = vault
        self._data, self._remote, self._home = data, remote, data / ".branch"
        self._file, self._staging = self._home / "base.json", self._home / "incoming"
        self._common = self._home / "base"  # the choices both sides last agreed on, sealed
        self._mine = self._found = load_tree(data)
        where = f"{data.name}/{state.SCHEMA_FILE}"
        if state.SCHEMA_FILE in self._mine:
            state.check_schema(where, (data / state.SCHEMA_FILE).read_bytes())
        elif self._mine:
            hint = "restore data/ from a backup, or move it away and run build-site state pull"
            raise StateError(where, "is missing", hint)
        else:  # new, or emptied by hand
            files.remove_file(self._file)
        self.base = self._load()
        if self.base.incoming is not None and self._staging.is_dir():
            self._apply(self.base.incoming)
        for leftover in self._home.iterdir() if self._home.is_dir() else ():
            if leftover.is_dir() and leftover != self._common:
                shutil.rmtree(leftover, ignore_errors=True)
            elif not leftover.is_dir() and leftover != self._file:
                leftover.unlink()

    def pull(self) -> bool:
        """Merge the branch into the directory; changes not yet pushed stay.

        Returns whether files here changed.
        """
        if self._mine and not self.base.remote:
            hint = "push it with build-site state push, or move it away"
            raise StateError(self._data.name, "holds state that never came from the branch", hint)
        with self._repository():
            self._update()
        return self._mine != self._found

    def push(
        self, now: datetime, pause: float = 1, sleep: Callable[[float], None] = time.sleep
    ) -> bool:
        """Pull, then replace the branch; returns False if there is nothing to push.

        Pauses between tries are random, from a span that doubles; it starts at `pause` seconds, or
        at the duration of a longer try.
        """
        known = self.base.commit and self.base.remote == self._remote.name
        if not self._mine or (known and self.base.tree == self._mine):
            return False
        with self._repository():
            for number in range(1, _TRIES + 1):
                begun = time.monotonic()
                self._update()
                if self._mine == self.base.tree:
                    return False
                refusal = self._replace(now)
                if not refusal:
                    return True
                if number < _TRIES:
                    span = max(pause, time.monotonic() - begun) * 2 ** min(number, 6)
                    sleep(uniform(span / 4, span))  # noqa: S311 - no secret
        what = f"the branch moved on at each of {_TRIES} tries: {refusal}"
        hint = "others are pushing at the same time; run build-site state push again"
        raise StateError("state", what, hint)

    def delete(self) -> bool:
        """Delete the branch at the remote; False if there is none."""
        with self._repository():
            if not self._git("ls-remote", "--quiet", "gatefold", _BRANCH).strip():
                return False
            self._git("push", "--quiet", "gatefold", f":{_BRANCH}")
        shutil.rmtree(self._home, ignore_errors=True)
        return True

    def _update(self) -> None:
        """Fetch the branch and merge it into the directory."""
        refs = self._git("ls-remote", "--quiet", "gatefold", _BRANCH).splitlines()
        seen = {ref: commit for commit, ref in map(str.split, refs)}.get(_BRANCH)
        base, name = self.base, self._remote.name
        if seen is None:
            self._save(Base(name))
            return
        if base.tree and base.remote != name and base.commit != seen:
            what = f"came from {base.remote}, and {name} has state of its own"
            hint = "name the remote it came from, or move data/ away and run build-site state pull"
            raise StateError(self._data.name, what, hint)
        commit, theirs = self._fetch(complete=seen != base.commit)
        known = {*self._mine.items(), *base.tree.items()}
        self._staging.mkdir(0o700)
        self._index({path: blob for path, blob in theirs.items() if (path, blob) not in known})
        directory = f"--work-tree={self._staging.resolve()}"
        self._git(directory, "checkout-index", "--all", "--quiet")
        self._settle(theirs)
        files.sync_all()
        self._save(Base(name, commit, base.tree, theirs))
        self._apply(theirs)

    def _settle(self, theirs: Tree) -> None:
        """Merge the accounts that both sides changed into the files here, before others move in."""
        base, mine = self.base.tree, self._mine
        for account in sorted(_accounts(mine) & _accounts(theirs)):
            own = [path for path in {*base, *mine, *theirs} if path.startswith(f"{account}/")]
            changed = {path for path in own if mine.get(path) != base.get(path) != theirs.get(path)}
            if not changed or self._vault is None:
                continue
            snapshot = f"{account}/snapshot"
            note = merge_account(
                self._data / account,
                self._staging / account,
                self._common / account,
                self._vault,
                read_here=mine.get(snapshot) != base.get(snapshot),
            )
            if note:
                self.notes[account.removeprefix("accounts/")] = note
        self._mine = load_tree(self._data)

    def _fetch(self, *, complete: bool) -> tuple[str, Tree]:
        """The commit of the branch and its state files; without `complete` only small contents."""
        options = ["--quiet", "--depth=1", "--no-tags"]
        options += [] if complete else ["--filter=blob:limit=8k"]
        self._git("fetch", *options, "gatefold", f"+{_BRANCH}:{_BRANCH}")
        listed = self._git("ls-tree", "-r", "-z", "--full-tree", _BRANCH)
        entries = (entry.partition("\t") for entry in listed.split("\0") if entry[:3] == "100")
        tree = {path: head.split()[2] for head, _, path in entries if _STATE.fullmatch(path)}
        if state.SCHEMA_FILE not in tree:
            what = f"the branch `state` of {self._remote.name} holds something else"
            hint = "rename or restore that branch, or keep the state in another repository"
            raise StateError("state", what, hint)
        schema = self._git("cat-file", "blob", tree[state.SCHEMA_FILE]).encode()
        state.check_schema(f"{state.SCHEMA_FILE} of the branch", schema)
        return self._git("rev-parse", _BRANCH).strip(), tree

    def _apply(self, theirs: Tree) -> None:
        """Move staged files into place and remove deleted ones; a killed run can repeat this.

        A file that is no longer staged was moved, even if it has been changed or removed since.
        """
        moved = {path: theirs[path] for path in theirs if not (self._staging / path).exists()}
        merged, superseded = merge({**self.base.tree, **moved}, self._mine, theirs)
        self._keep_choices(theirs)

        def order(path: str) -> tuple[bool, bool]:
            """The schema comes first. Account files arrive last and go first: they make one."""
            return (path in merged) == path.endswith("/account"), path != state.SCHEMA_FILE

        for path in sorted(_changes(self._mine, merged), key=order):
            place = self._data / path
            if path in merged:
                for parent in (place.parent.parent, place.parent):
                    parent.mkdir(0o700, exist_ok=True)
                (self._staging / path).replace(place)
            else:
                files.remove_file(place)
                with suppress(OSError):
                    place.parent.rmdir()
        files.sync_all()
        self._mine = merged
        self.superseded |= superseded
        self._save(Base(self.base.remote, self.base.commit, theirs))
        shutil.rmtree(self._staging)

    def _keep_choices(self, tree: Tree) -> None:
        """Keep the choices in a tree that both sides have from now on, for the next merge."""
        for path in (path for path in tree if path.endswith("/account")):
            for place in (self._staging / path, self._data / path):
                if place.is_file() and _blob(content := place.read_bytes()) == tree[path]:
                    files.write_atomic(self._common / path, content, files.SECRET_MODE)
                    break
        for place in self._common.glob("accounts/*"):
            if f"accounts/{place.name}/account" not in tree:
                shutil.rmtree(place)

    def _replace(self, now: datetime) -> str:
        """Push a commit without a parent: the last seen tree with the changes made here.

        Returns the reason if the branch has moved on.
        """
        seen, name = self.base.commit, self._remote.name
        changes = _changes(self.base.tree, self._mine)
        paths = "\n".join(f"{self._data.name}/{path}" for path, blob in changes.items() if blob)
        self._git("hash-object", "-w", "--no-filters", "--stdin-paths", text=paths)
        self._index(changes, seen or "--empty")
        tree = self._git("write-tree", "--missing-ok").strip()
        who = f"Gatefold <gatefold@localhost> {int(now.timestamp())} +0000"
        text = f"tree {tree}\nauthor {who}\ncommitter {who}\n\nUpdate the state\n"
        commit = self._git("hash-object", "-w", "-t", "commit", "--stdin", text=text).strip()
        lease = f"--force-with-lease={_BRANCH}:{seen or ''}"
        push = ("push", "--quiet", "--porcelain", lease, "gatefold", f"{commit}:{_BRANCH}")
        lines = self._git(*push).splitlines()
        reasons = [line.split("\t")[-1] for line in lines if line.startswith("!\t")]
        reason = self._remote.hide(" ".join(reasons))
        if re.search(_FINAL, reason, re.IGNORECASE):
            hint = "allow force pushes to the branch `state`: look at rules and protected branches"
            raise StateError("state", f"{name} refused the push: {reason}", hint)
        if not reason:
            self._keep_choices(self._mine)
            self._save(Base(name, commit, self._mine))
        return reason

    def _index(self, changes: Mapping[str, str | None], tree: str = "--empty") -> None:
        """Make git's index this tree with these changes."""
        lines = (
            f"100644 {blob}\t{path}\n" if blob else f"0 {'0' * 40}\t{path}\n"
            for path, blob in changes.items()
        )
        self._git("read-tree", tree)
        self._git("update-index", "--index-info", text="".join(lines))

    @contextmanager
    def _repository(self) -> Iterator[None]:
        self._home.mkdir(0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self._home, ignore_cleanup_errors=True) as place:
            self._environ = _environment(self._remote) | {"GIT_DIR": str(Path(place).resolve())}
            self._git("init", "--quiet", "--bare", "--template=")
            yield

    def _git(self, *arguments: str, text: str = "") -> str:
        """The output of git, also that of a refused push. An error quotes one line of it."""
        ended = _run(arguments, self._data.parent, self._environ, text)
        if ended.returncode == 0 or "\n!\t" in ended.stdout:
            return ended.stdout
        what, hint = "cannot reach", "check the address, the network and the free space"
        if re.search(_NO_ACCESS, ended.stderr, re.IGNORECASE):
            what, hint = "no access to", "give STATE_TOKEN a token that may write contents"
        elif re.search(_NO_REPOSITORY, ended.stderr, re.IGNORECASE):
            what, hint = "no repository at", "name it with --remote; if private, set STATE_TOKEN"
        said = (line.strip() for line in self._remote.hide(ended.stderr).splitlines())
        line = next((line for line in said if line and not line.startswith("warning")), "no reason")
        line = re.sub(r"^((remote|fatal|error): )*", "", line)
        raise StateError("state", f"{what} {self._remote.name}: {line}", hint)

    def _save(self, base: Base) -> None:
        self.base = base
        content = json.dumps(asdict(base), indent=1, sort_keys=True) + "\n"
        files.write_atomic(self._file, content.encode(), files.SECRET_MODE)

    def _load(self) -> Base:
        try:
            return Base(**json.loads(self._file.read_bytes()))
        except FileNotFoundError:
            return Base()
        except (ValueError, TypeError):
            hint = "move data/ away, then run build-site state pull"
            raise StateError(f"{self._data.name}/.branch/base.json", "is damaged", hint) from None


def load_tree(directory: Path, below: str = "") -> dict[str, str]:
    """The state files in a directory, or in the one `below` it.

    Raises OSError, and StateError for a link or the like in place of a file or directory:
    unreadable files must not pass for removed ones.
    """
    tree: dict[str, str] = {}
    for path in (directory / below).iterdir() if directory.exists() else ():
        name, is_link = below + path.name, path.is_symlink()
        if _STATE.fullmatch(name) and path.is_file() and not is_link:
            tree[name] = _blob(path.read_bytes())
        elif _DIRECTORY.fullmatch(name) and path.is_dir() and not is_link:
            tree |= load_tree(directory, f"{name}/")
        elif _STATE.fullmatch(name) or _DIRECTORY.fullmatch(name):
            where = f"{directory.name}/{name}"
            raise StateError(where, "is not a plain file or directory", "move it away")
    return tree


def merge(base: Tree, ours: Tree, theirs: Tree) -> tuple[dict[str, str], set[str]]:
    """Merge two trees file by file. Our changes win.

    An account of the base that either side removed is gone with all its files. The ids of such
    accounts are returned as well if the other side changed them.
    """
    removed = _accounts(base) - (_accounts(ours) & _accounts(theirs))
    merged, superseded = {}, set()
    for path in sorted({*base, *ours, *theirs}):
        old, mine, other = base.get(path), ours.get(path), theirs.get(path)
        kept = other if mine == old else mine
        if (account := path.rpartition("/")[0]) in removed:
            kept = None
            if not {mine, other} <= {old, None}:
                superseded.add(account.removeprefix("accounts/"))
        if kept:
            merged[path] = kept
    return merged, superseded


def origin_address(directory: Path) -> str:
    """The address of `origin` if the directory is a checkout. Raises UsageError."""
    ended = _run(("remote", "get-url", "origin"), directory, {})
    if ended.returncode:
        what = f"{directory.resolve()} is not a checkout with a remote `origin`"
        hint = "name the repository that keeps the state with --remote or STATE_REMOTE"
        raise UsageError("state", what, hint)
    return ended.stdout.rstrip("\n")


def _run(
    arguments: tuple[str, ...], cwd: Path, environ: dict[str, str], text: str = ""
) -> subprocess.CompletedProcess[str]:
    program = shutil.which("git")
    if not program:
        raise StateError("state", "git is not installed", "install git with the system's packages")
    return subprocess.run(  # noqa: S603 - git itself
        [program, *arguments],
        cwd=cwd,
        env={name: os.environ[name] for name in filter(_INHERITED.fullmatch, os.environ)} | environ,
        input=text,
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="surrogateescape",
        umask=0o077,
    )


def _environment(remote: Remote) -> dict[str, str]:
    """The settings of git for one remote, and the token, as variables."""
    environ = dict.fromkeys(("GIT_TRACE2", "GIT_TRACE2_EVENT", "GIT_TRACE2_PERF"), "0")
    settings = [*_SETTINGS.items(), ("remote.gatefold.url", remote.address)]
    if remote.token:
        environ |= {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": ""}
        settings += [("credential.helper", ""), ("http.followRedirects", "false")]
    if remote.token and (web := _WEB.match(remote.address)):
        scheme, host = web.groups()
        if scheme == "http" and not _LOOPBACK.fullmatch(host):
            hint = "use an https address, or no token"
            raise UsageError("state", "a token is sent over https only", hint)
        header = f"http.{scheme}://{host}/.extraheader"
        settings += [(header, ""), (header, f"Authorization: Basic {remote.credentials}")]
    for number, (key, value) in enumerate(settings):
        environ |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    count = str(len(settings))
    return environ | {"GIT_CONFIG_COUNT": count, "GIT_DEFAULT_HASH": "sha1", "LC_ALL": "C"}


def _blob(content: bytes) -> str:
    """Git's id of a file with this content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _changes(old: Tree, new: Tree) -> dict[str, str | None]:
    return {path: new.get(path) for path in {**old, **new} if old.get(path) != new.get(path)}


def _accounts(tree: Tree) -> set[str]:
    return {path.removesuffix("/account") for path in tree if path.endswith("/account")}
