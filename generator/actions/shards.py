"""Shards: how the accounts of a run are divided among jobs, and how their results come back."""

import hashlib
from collections.abc import Collection
from typing import NamedTuple

from generator.domain.account import Account
from generator.errors import UsageError

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
