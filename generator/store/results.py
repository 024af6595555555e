"""Results of a shard: the sealed files it changed, copied to a directory laid out as the state."""

from dataclasses import dataclass
from pathlib import Path

from generator.errors import UsageError
from generator.store import files, state
from generator.store.branch import Tree, load_tree


@dataclass(frozen=True, slots=True)
class Adopted:
    """The result of adopting a directory of results."""

    files: int
    """How many files of the state it changed."""
    superseded: tuple[str, ...]
    """Accounts with results that were disconnected meanwhile."""


def check_empty(results: Path) -> None:
    """Raises UsageError for a directory that holds something, which would pass for results."""
    if results.exists() and (not results.is_dir() or any(results.iterdir())):
        raise UsageError("--results", "must be a new directory, or an empty one")


def gather(data: Path, before: Tree, results: Path) -> None:
    """Copy the files that changed since `before`, sealed as they are."""
    results.mkdir(parents=True, exist_ok=True)
    for path, blob in load_tree(data).items():
        if path == state.FILE or before.get(path) != blob:
            files.write_atomic(results / path, (data / path).read_bytes(), files.SECRET_MODE)


def adopt(data: Path, results: Path) -> Adopted:
    """Take over the state files of `results`; the caller holds the lock of `data`.

    An account that is no longer connected stays disconnected. Raises StateError for results of a
    newer version and for links in place of files, and OSError.
    """
    state.check_schema(results)
    found, mine = load_tree(results), load_tree(data)
    found.pop(state.FILE, None)
    gone = {
        account
        for account in (path.rpartition("/")[0] for path in found)
        if account != "pending" and f"{account}/account" not in mine
    }
    changed = [
        path
        for path in sorted(found, key=lambda path: path.endswith("/account"))
        if path.rpartition("/")[0] not in gone and found[path] != mine.get(path)
    ]
    if changed:
        state.begin(data)
    for path in changed:
        files.write_atomic(data / path, (results / path).read_bytes(), files.SECRET_MODE)
    return Adopted(len(changed), tuple(sorted(gone)))
