"""What of a state directory is kept on the branch, and how the files of two writers go together."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from stat import S_ISREG

from generator.errors import StateError
from generator.store import state

Listing = Mapping[str, str]
"""Path below the state directory → id of its content, as git counts it."""
Changes = Mapping[str, str | None]
"""The same for some files; None is a removal."""

_KEPT = re.compile(
    r"schema\.json"
    r"|accounts/[0-9a-f]{16}/[a-z]+"
    r"|pending/[0-9a-f]{16}"
    r"|masters/[a-z0-9][a-z0-9._-]*"
)


def is_kept(path: str) -> bool:
    """Whether a file of this name is state. The lock, leftovers and all else stay at home."""
    return _KEPT.fullmatch(path) is not None


def load_listing(data: Path) -> dict[str, str]:
    """The state that lies below `data`. Raises StateError for what is no plain file, or OSError:
    what cannot be read must not be taken for removed.
    """
    found = {}
    for path in sorted(_candidates(data)):
        name = path.relative_to(data).as_posix()
        if not is_kept(name):
            continue
        if not S_ISREG(path.lstat().st_mode):
            raise StateError(f"{data.name}/{name}", "is no plain file", "move it away")
        found[name] = content_id(path.read_bytes())
    return found


def content_id(content: bytes) -> str:
    """The id of a content, the one git gives it."""
    head = f"blob {len(content)}\0".encode()
    return hashlib.sha1(head + content, usedforsecurity=False).hexdigest()


def own_changes(mine: Listing, *known: Listing) -> dict[str, str | None]:
    """Files that are as none of the known listings has them."""
    paths = set(mine).union(*known)
    return {
        path: mine.get(path)
        for path in sorted(paths)
        if all(mine.get(path) != one.get(path) for one in known)
    }


def put_together(theirs: Listing, ours: Changes, base: Listing) -> dict[str, str]:
    """What the branch should hold: theirs with our own files on top, each of them whole.

    An account that either of us disconnected is gone with all its files, whatever the other
    learnt of it meanwhile.
    """
    gone = disconnected(base, theirs) | disconnected(base, {**base, **ours})
    both = {**theirs, **ours}
    return {
        path: content
        for path, content in both.items()
        if content is not None and _account(path) not in gone
    }


def disconnected(base: Listing, now: Changes) -> set[str]:
    """The directories of accounts that were in `base` and are connected no more."""
    return {
        _account(path)
        for path in base
        if path.startswith("accounts/") and path.endswith("/account") and now.get(path) is None
    }


def outdone(theirs: Listing, ours: Changes, base: Listing) -> tuple[str, ...]:
    """The directories of accounts we changed while another writer disconnected them."""
    changed = {_account(path) for path, content in ours.items() if content is not None}
    return tuple(sorted(disconnected(base, theirs) & changed))


def _account(path: str) -> str:
    """The directory of the account a file belongs to; its own path if to none."""
    return path.rpartition("/")[0] if path.startswith("accounts/") else path


def _candidates(data: Path) -> Iterator[Path]:
    """Whatever lies where state may lie."""
    try:
        top = {path.name: path for path in data.iterdir()}
    except FileNotFoundError:
        return
    if state.FILE in top:
        yield top[state.FILE]
    for name in ("pending", "masters"):
        if name in top:
            yield from top[name].iterdir()
    for account in top["accounts"].iterdir() if "accounts" in top else ():
        if account.is_dir():
            yield from account.iterdir()
