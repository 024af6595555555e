"""Results of a shard: the sealed files it changed, copied to a directory laid out as the state."""

from pathlib import Path

from generator.errors import UsageError
from generator.store import files, state
from generator.store.branch import Tree, load_tree


def check_empty(results: Path) -> None:
    """Raises UsageError for a directory that holds something, which would pass for results."""
    if results.exists() and (not results.is_dir() or any(results.iterdir())):
        raise UsageError("--results", "must be a new directory, or an empty one")


def gather(data: Path, before: Tree, results: Path) -> None:
    """Copy the schema and the files of accounts that changed since `before`, sealed as they are."""
    results.mkdir(parents=True, exist_ok=True)
    for path, blob in load_tree(data).items():
        if path == state.SCHEMA_FILE or before.get(path) != blob:
            files.write_atomic(results / path, (data / path).read_bytes(), files.SECRET_MODE)


def adopt(data: Path, results: Path) -> set[str]:
    """Take over the state files of `results`; the caller holds the lock of `data`.

    Returns the ids of accounts that were disconnected meanwhile: these stay so. Raises StateError
    for results of a newer version and for links in place of files, and OSError; then nothing was
    taken over.
    """
    found, mine = load_tree(results), load_tree(data)
    if state.SCHEMA_FILE in found:
        where = f"{results.name}/{state.SCHEMA_FILE}"
        state.check_schema(where, (results / state.SCHEMA_FILE).read_bytes())
    superseded = set()
    for path in sorted(found, key=lambda path: path.endswith("/account")):
        account = path.rpartition("/")[0]
        if path.startswith("accounts/") and f"{account}/account" not in mine:
            superseded.add(account.removeprefix("accounts/"))
        elif found[path] != mine.get(path):
            files.write_atomic(data / path, (results / path).read_bytes(), files.SECRET_MODE)
    return superseded
