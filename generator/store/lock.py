"""One writer at a time: the lock on a state directory, which the kernel frees when a run dies."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from generator.errors import Locked

_LONGEST_NOTE = 1000


@contextmanager
def hold(data: Path, purpose: str, now: datetime) -> Iterator[None]:
    """Holds the lock of `data`, made if missing, and notes there who holds it since when.

    Raises Locked at once when another run holds it. The file stays: removing it would let two
    runs hold two files of one name.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(data / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        where = f"{data.name}/.lock"
        _take(descriptor, where)
        _write_note(descriptor, where, purpose, now)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, where: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Locked(where, f"held by {_holder(descriptor)}") from None


def _write_note(descriptor: int, where: str, purpose: str, now: datetime) -> None:
    since = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    note = {"pid": os.getpid(), "purpose": purpose, "since": since}
    try:
        length = os.pwrite(descriptor, json.dumps(note).encode() + b"\n", 0)
        os.ftruncate(descriptor, length)
    except OSError as error:
        error.filename = where
        raise


def _holder(descriptor: int) -> str:
    """Who the note says holds the lock; the note of a run that just began may not be there yet."""
    try:
        note = json.loads(os.pread(descriptor, _LONGEST_NOTE, 0))
        return f"pid {note['pid']:d} ({note['purpose']}) since {note['since']}"
    except (ValueError, TypeError, KeyError):
        return "another run"
