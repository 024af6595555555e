"""Shards: how the accounts of a run are divided among jobs, and how their results come back.

The results are the sealed files that a shard changed, in a directory laid out as the state.
"""

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from generator.domain.account import Account
from generator.errors import UsageError
from generator.store import files, state
from generator.store.branch import Tree, load_tree

MAX_SHARDS = 20
REQUESTS = 300  # requests that a job is started for: five minutes of Discogs' quota for one address
_PAGE = 100
_UNKNOWN_PAGES = 10  # pages expected of an account that was never read


class Shard(NamedTuple):
    """One job's share: the `number`th of `count`."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def includes(self, account_id: str) -> bool:
        """Whether an account belongs to it; each belongs to exactly one shard."""
        digest = hashlib.sha256(account_id.encode()).digest()
        return int.from_bytes(digest[:8]) % self.of == self.number - 1


def parse_shard(text: str) -> Shard:
    """The shard in "2/3". Raises UsageError."""
    number, _, count = text.partition("/")
    if all(part.isascii() and part.isdigit() and len(part) < 5 for part in (number, count)):
        shard = Shard(int(number), int(count))
        if 1 <= shard.number <= shard.of:
            return shard
    raise UsageError("--shard", "must be I/N, such as 2/3")


def expected_requests(account: Account) -> int:
    """The requests of a complete reading: its pages, and two more to prove it."""
    status = account.status
    pages = -(-status.records // _PAGE) if status.synced_at else _UNKNOWN_PAGES
    return pages + 2 if pages > 1 else 1


def planned_shards(due: Collection[Account], requests: int = REQUESTS) -> tuple[Shard, ...]:
    """The shards with accounts to sync, each with about that many requests."""
    needed = -(-sum(map(expected_requests, due)) // requests)
    count = max(1, min(needed, MAX_SHARDS, len(due)))
    shards = (Shard(number, count) for number in range(1, count + 1))
    return tuple(shard for shard in shards if any(shard.includes(one.id) for one in due))


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
