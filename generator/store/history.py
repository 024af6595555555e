"""The commits of the branch: one for each push, and one for all once there are too many.

How much history there is stands in each commit's message, since nobody here ever fetches it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from generator.store.git import Draft, Git
from generator.store.listings import Changes, Listing, own_changes

_MESSAGE = "Update the state\n\nGatefold-Commits: {commits}\nGatefold-Bytes: {size}\n"
_COUNTED = re.compile(r"^Gatefold-(Commits|Bytes): ([0-9]{1,15})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the branch may grow before it becomes one commit again."""

    commits: int = 300
    size: int = 200_000_000
    """Bytes of all files that came after the first commit."""


class History:
    """Makes commits of the files below `data`."""

    def __init__(self, data: Path, git: Git, now: datetime, limits: Limits) -> None:
        self._data = data
        self._git = git
        self._now = now
        self._limits = limits

    def commit(
        self, seen: str | None, theirs: Listing, wanted: Listing, *, may_squash: bool = True
    ) -> str:
        """A commit that takes the branch from `theirs`, at `seen`, to `wanted`."""
        changes = own_changes(wanted, theirs)
        return self._git.commit(self._draft(seen, changes, may_squash), self._contents(changes))

    def _draft(self, seen: str | None, changes: Changes, may_squash: bool) -> Draft:
        if seen is None:
            return Draft(_message(1, 0), self._now, parent=None)
        [head] = self._git.contents([seen])
        commits, size = _counted(head)
        commits += 1
        size += sum((self._data / path).stat().st_size for path, one in changes.items() if one)
        if may_squash and (commits > self._limits.commits or size > self._limits.size):
            tree = head.split(maxsplit=2)[1].decode("ascii")
            return Draft(_message(1, 0), self._now, parent=None, tree=tree)
        return Draft(_message(commits, size), self._now, parent=seen)

    def _contents(self, changes: Changes) -> Iterator[tuple[str, bytes | None]]:
        for path, content in changes.items():
            yield path, (self._data / path).read_bytes() if content else None


def _message(commits: int, size: int) -> str:
    return _MESSAGE.format(commits=commits, size=size)


def _counted(commit: bytes) -> tuple[int, int]:
    """How many commits the branch has and what they added, as the last of them says.

    One that was made by hand says nothing; then counting begins with it.
    """
    counted = dict(_COUNTED.findall(commit.decode(errors="replace")))
    return int(counted.get("Commits", 1)), int(counted.get("Bytes", 0))
