"""How the branch `state` grows: every push of a month in a real git repository.

Git compresses what is sealed by a quarter, because it is base64, and by no more; random bytes in
base64 of the right length stand for it.
"""

import subprocess
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from generator.store.history import Limits

Files = Mapping[str, int]
"""Paths and their bytes."""
_WHO = b"committer gatefold <gatefold@example.org> 1793491200 +0000\ndata 17\nUpdate the state\n\n"


@dataclass(frozen=True, slots=True)
class Growth:
    """What became of the branch. Bytes."""

    pushes: int
    squashes: int
    pushed: int
    """All files that were pushed."""
    largest: int
    """The most git needed for the branch before it was made one commit again."""
    last: int
    """What it needs in the end."""


def growth(pushes: Iterable[Files], dice: Random, limits: Limits) -> Growth:
    """Push all of them, one after the other. Each life of the branch becomes a branch here."""
    count = size = 0
    with TemporaryDirectory() as place:
        _git(place, "init", "--quiet", "--bare")
        lives = _Lives(dice, limits)
        with TemporaryFile() as stream:
            for files in pushes:
                count += 1
                size += sum(files.values())
                stream.writelines(lives.pushed(files))
            stream.seek(0)
            _git(place, "fast-import", "--quiet", stdin=stream)
        _git(place, "gc", "--quiet")
        usages = [_usage(place, life) for life in range(lives.number + 1)]
    return Growth(count, lives.number, size, max(usages), usages[-1])


class _Lives:
    """Writes commits in the form of fast-import, a branch for everything between two squashes."""

    def __init__(self, dice: Random, limits: Limits) -> None:
        self._dice = dice
        self._limits = limits
        self._blobs: dict[str, int] = {}
        self._mark = self._commits = self._size = 0
        self.number = 0

    def pushed(self, files: Files) -> Iterator[bytes]:
        """A push, or the squash that takes its place."""
        for path, size in files.items():
            self._mark += 1
            self._blobs[path] = self._mark
            content = b64encode(self._dice.randbytes(size * 3 // 4))
            yield b"blob\nmark :%d\ndata %d\n%b\n" % (self._mark, len(content), content)
        self._commits += 1
        self._size += sum(files.values())
        if self._commits > self._limits.commits or self._size > self._limits.size:
            self.number += 1
            self._commits, self._size = 1, 0
        yield b"commit refs/heads/life-%d\n%b" % (self.number, _WHO)
        for path in self._blobs if self._commits == 1 else files:
            yield b"M 100644 :%d %b\n" % (self._blobs[path], path.encode())


def _usage(place: str, life: int) -> int:
    return int(_git(place, "rev-list", "--objects", "--disk-usage", f"life-{life}"))


def _git(place: str, *arguments: str, stdin: IO[bytes] | None = None) -> str:
    command = ["git", "-C", place, *arguments]
    ended = subprocess.run(command, stdin=stdin, stdout=subprocess.PIPE, check=True)
    return ended.stdout.decode()
