"""How the accounts of a run are dealt out to jobs that work side by side."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from generator.domain.account import Account
from generator.errors import UsageError

MOST = 20
"""Jobs a run is dealt out to at most."""
REQUESTS = 300
"""Requests a job is worth starting for: five minutes of what Discogs allows one address."""
_PAGE = 100
_UNKNOWN = 10
"""Pages expected of an account that was never read."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One job's share: the `number`th of `count`."""

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def has(self, account_id: str) -> bool:
        """Whether an account belongs to it; each belongs to one, whoever else is there."""
        digest = hashlib.sha256(account_id.encode()).digest()
        return int.from_bytes(digest[:8]) % self.count == self.number - 1


def parse_shard(text: str) -> Shard:
    """The shard in "2/3". Raises UsageError."""
    number, _, count = text.partition("/")
    if all(part.isascii() and part.isdigit() and len(part) < 5 for part in (number, count)):
        shard = Shard(int(number), int(count))
        if 1 <= shard.number <= shard.count:
            return shard
    raise UsageError("--shard", "must be I/N, such as 2/3")


def expected_requests(account: Account) -> int:
    """What a complete reading takes: its pages, and two more to prove that nothing moved."""
    pages = -(-account.records // _PAGE) if account.synced_at else _UNKNOWN
    return pages + 2 if pages > 1 else 1


def planned_shards(due: Collection[Account], requests: int = REQUESTS) -> tuple[Shard, ...]:
    """The shards that have something to do, each expected to need so many requests."""
    needed = -(-sum(map(expected_requests, due)) // requests)
    count = max(1, min(needed, MOST, len(due)))
    return tuple(shard for shard in _all(count) if any(shard.has(one.id) for one in due))


def _all(count: int) -> Iterable[Shard]:
    return (Shard(number, count) for number in range(1, count + 1))
