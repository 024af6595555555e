"""One writer at a time."""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from generator.errors import Locked
from generator.store.lock import hold
from tests.factories import NOW

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from generator.store.lock import hold
with hold(Path(sys.argv[1]), "sync", datetime(2026, 11, 22, 14, 18, 42, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_run(data: Path) -> Iterator[subprocess.Popen[str]]:
    """A second process that holds the lock of `data` until its input ends."""
    with subprocess.Popen(
        [sys.executable, "-B", "-c", HOLDER, data],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "held\n"
        yield run


def test_a_second_run_is_refused_and_told_who_holds_the_lock(tmp_path):
    """The error names the process, what it does and since when."""
    data = tmp_path / "data"

    with another_run(data) as run, pytest.raises(Locked) as refusal, hold(data, "build", NOW):
        pass

    assert refusal.value.where == "data/.lock"
    assert refusal.value.what == f"held by pid {run.pid} (sync) since 2026-11-22T14:18:42Z"
    assert refusal.value.exit_code == 11


def test_the_lock_is_free_after_the_other_run_ended(tmp_path):
    """A run that ends well leaves nothing to clear away."""
    with another_run(tmp_path):
        pass

    with hold(tmp_path, "build", NOW):
        pass


def test_the_lock_is_free_after_the_other_run_was_killed(tmp_path):
    """The kernel frees the lock; no clean-up code has to run."""
    with another_run(tmp_path) as run:
        os.kill(run.pid, signal.SIGKILL)

    with hold(tmp_path, "build", NOW):
        pass


def test_the_lock_is_free_after_an_error_inside(tmp_path):
    """An error passes through and frees the lock."""
    with pytest.raises(ZeroDivisionError), hold(tmp_path, "build", NOW):
        raise ZeroDivisionError

    with hold(tmp_path, "build", NOW):
        pass


@pytest.mark.parametrize(
    "note", [b"", b"\xff\x00", b"[]", b"{}", b'{"pid": "x", "purpose": "sync", "since": "y"}']
)
def test_a_lock_whose_note_says_nothing_is_held_all_the_same(tmp_path, note):
    """A holder that had no time to leave its note is another run."""
    path = tmp_path / ".lock"
    path.write_bytes(note)
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(Locked) as refusal, hold(tmp_path, "build", NOW):
            pass

    assert refusal.value.what == "held by another run"


@pytest.mark.parametrize("note", [b"", b"\xff\x00 garbage " * 100])
def test_a_free_lock_can_be_taken_whatever_its_file_holds(tmp_path, note):
    """The note is replaced as a whole, in UTC."""
    path = tmp_path / ".lock"
    path.write_bytes(note)
    evening = datetime(2026, 11, 22, 23, 0, tzinfo=timezone(timedelta(hours=-8)))

    with hold(tmp_path, "sync", evening):
        text = path.read_text()

    expected = f'{{"pid": {os.getpid()}, "purpose": "sync", "since": "2026-11-23T07:00:00Z"}}\n'
    assert text == expected


def test_the_state_directory_is_made_for_its_owner_alone(tmp_path):
    """Holding the lock of a new workspace makes its state directory."""
    with hold(tmp_path / "data", "connect", NOW):
        pass

    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("data", "data/.lock")]
    assert modes == [0o700, 0o600]
