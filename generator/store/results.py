"""What a shard learnt: a directory of sealed files laid out as the state, taken over into it."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from generator.errors import StateError, UsageError
from generator.store import files, state
from generator.store.listings import Listing, load_listing, own_changes

_FILE = re.compile(r"accounts/[0-9a-f]{16}/(account|token|snapshot)|pending/[0-9a-f]{16}")
_DIRECTORY = re.compile(r"accounts|accounts/[0-9a-f]{16}|pending")
_HINT = "use what build-site sync --results wrote, unchanged"


@dataclass(frozen=True, slots=True)
class Adopted:
    """What became of a directory of results."""

    files: int
    """How many files of the state it changed."""
    outdone: tuple[str, ...]
    """Accounts it knew something of that were disconnected meanwhile."""


def adopt(data: Path, results: Path) -> Adopted:
    """Takes over every file of `results`, in the end byte for byte; `data` is held by the caller.

    An account that `data` does not have must come whole: half of one is left over from somebody
    who was disconnected meanwhile. Raises StateError for a directory that holds anything else than
    such files, and OSError; then nothing of it was taken.
    """
    found = dict(_checked(results))
    outdone = {
        directory
        for directory in (path.rpartition("/")[0] for path in found)
        if directory != "pending" and not _is_connected(data, directory, found)
    }
    taken = [path for path in found if path.rpartition("/")[0] not in outdone]
    changed = 0
    if taken:
        state.begin(data)
    for path in sorted(taken, key=lambda path: (path.endswith("/account"), path)):
        changed += _take(data / path, found[path])
    return Adopted(changed, tuple(sorted(outdone)))


def check_empty(results: Path) -> None:
    """Raises UsageError for a directory that holds something, which would pass for results."""
    if results.exists() and (not results.is_dir() or any(results.iterdir())):
        raise UsageError("--results", "must be a new directory, or an empty one")


def gather(data: Path, before: Listing, results: Path) -> None:
    """Copies what became of the accounts since `before`, sealed as it is; adopt takes it back."""
    results.mkdir(parents=True, exist_ok=True)
    for path, content in own_changes(load_listing(data), before).items():
        if content is not None and _FILE.fullmatch(path):
            files.write_atomic(results / path, (data / path).read_bytes(), files.SECRET_MODE)
    if (data / state.FILE).exists():
        files.write_atomic(results / state.FILE, (data / state.FILE).read_bytes())


def _take(path: Path, content: bytes) -> bool:
    if path.exists() and path.read_bytes() == content:
        return False
    files.write_atomic(path, content, files.SECRET_MODE)
    return True


def _is_connected(data: Path, directory: str, found: dict[str, bytes]) -> bool:
    whole = {f"{directory}/account", f"{directory}/token"} <= found.keys()
    return whole or (data / directory / "account").exists()


def _checked(results: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, by its path below `results`. Nothing is followed that leads elsewhere."""
    for top, directories, names in os.walk(results, onerror=_fail):
        for name in sorted((*directories, *names)):
            path = Path(top, name)
            below = path.relative_to(results).as_posix()
            mode = path.lstat().st_mode
            if S_ISREG(mode) and below == state.FILE:
                state.check_text(f"{results.name}/{below}", path.read_bytes())
            elif S_ISREG(mode) and _FILE.fullmatch(below):
                yield below, path.read_bytes()
            elif not (S_ISDIR(mode) and _DIRECTORY.fullmatch(below)):
                raise StateError(f"{results.name}/{below}", "is no result of a sync", _HINT)


def _fail(error: OSError) -> None:
    raise error
