"""Whole files only, whatever happens while they are written."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.store.files import (
    remove_directory,
    remove_file,
    remove_leftovers,
    write_atomic,
)

ROOT = Path(__file__).parents[2]
KILLED_WRITERS = """
import itertools, os, signal, sys, time
from pathlib import Path
from generator.store.files import write_atomic

path, whole = Path(sys.argv[1]), (b"a" * 400_000, b"b" * 400_000)
for number in range(20):
    told, tell = os.pipe()
    writer = os.fork()
    if writer == 0:
        for text in itertools.cycle(whole):
            write_atomic(path, text)
            os.write(tell, b".")
    os.read(told, 1)
    time.sleep(number * 0.0013)
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    print(path.read_bytes() in whole)
"""


def test_the_file_holds_what_was_written(tmp_path):
    """The bytes arrive as they are, and nothing stays beside the file."""
    path = tmp_path / "snapshot"

    write_atomic(path, b"first")
    write_atomic(path, b"\x00second\n")

    assert path.read_bytes() == b"\x00second\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("file_mode", "directory_mode"), [(0o600, 0o700), (0o640, 0o750), (0o644, 0o755)]
)
def test_missing_directories_are_as_open_as_the_file(tmp_path, file_mode, directory_mode):
    """A secret file does not lie in a directory others may enter."""
    path = tmp_path / "a" / "b" / "file"

    write_atomic(path, b"text", file_mode)

    modes = [one.stat().st_mode & 0o777 for one in (path, path.parent, path.parent.parent)]
    assert modes == [file_mode, directory_mode, directory_mode]


def test_a_secret_is_closed_to_others_also_where_it_was_open(tmp_path):
    """The mode of an older file does not survive."""
    path = tmp_path / "token"
    path.write_bytes(b"old")
    path.chmod(0o666)

    write_atomic(path, b"new", 0o600)

    assert path.stat().st_mode & 0o777 == 0o600


def test_a_failed_replace_leaves_nothing_behind(tmp_path):
    """What cannot be put in its place is taken away again, and the reason is raised."""
    (tmp_path / "taken" / "inside").mkdir(parents=True)

    with pytest.raises(IsADirectoryError):
        write_atomic(tmp_path / "taken", b"text")

    assert sorted(tmp_path.rglob("*")) == [tmp_path / "taken", tmp_path / "taken" / "inside"]


def test_a_full_disk_keeps_the_old_file(tmp_path):
    """A write that runs out of room raises and changes nothing."""
    path = tmp_path / "snapshot"
    path.write_bytes(b"old")
    program = (
        "import errno, resource, sys; from pathlib import Path\n"
        "from generator.store.files import write_atomic\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try: write_atomic(Path(sys.argv[1]), bytes(100_000))\n"
        "except OSError as error: print(errno.errorcode[error.errno])"
    )

    answer = subprocess.run(
        [sys.executable, "-B", "-c", program, path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout == "EFBIG\n"
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"snapshot": b"old"}


def test_killed_writers_never_leave_a_torn_file(tmp_path):
    """After each of 20 kills in the middle of writing the file is one of the two written."""
    killed = subprocess.run(
        [sys.executable, "-B", "-c", KILLED_WRITERS, tmp_path / "snapshot"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert killed.stdout.split() == ["True"] * 20


def test_leftovers_of_a_killed_write_are_removed_wherever_they_are(tmp_path):
    """Only leftovers go: other hidden and temporary files are somebody else's."""
    kept = [tmp_path / ".lock", tmp_path / "a" / "notes.tmp", tmp_path / "a" / "token"]
    leftovers = [tmp_path / ".gatefold-0a1b.tmp", tmp_path / "a" / ".gatefold-2c3d.tmp"]
    (tmp_path / "a").mkdir()
    for path in kept + leftovers:
        path.touch()

    remove_leftovers(tmp_path)

    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(kept)


def test_a_directory_that_is_not_there_has_no_leftovers(tmp_path):
    """A new workspace needs no preparation."""
    remove_leftovers(tmp_path / "data")

    assert list(tmp_path.iterdir()) == []


def test_removing_tells_whether_there_was_a_file(tmp_path):
    """Removing twice is no error."""
    path = tmp_path / "token"
    path.touch()

    assert [remove_file(path), remove_file(path), path.exists()] == [True, False, False]


def test_a_directory_goes_with_whatever_is_in_it(tmp_path):
    """Files, directories and links; what a link leads to stays."""
    kept = tmp_path / "kept"
    kept.touch()
    place = tmp_path / "account"
    (place / "deep/er").mkdir(parents=True)
    for name in ("account", "token", ".gatefold-0a1b.tmp", "deep/er/file"):
        (place / name).touch()
    (place / "link").symlink_to(kept)
    (place / "way").symlink_to(tmp_path)

    remove_directory(place, "account")

    assert list(tmp_path.iterdir()) == [kept]


def test_the_last_file_stays_until_the_rest_is_gone(tmp_path):
    """The files one by one, then the last, then the directory of the same name."""
    place = tmp_path / "account"
    place.mkdir()
    for name in ("a", "account", "z"):
        (place / name).touch()
    program = "import os, sys; from pathlib import Path; from generator.store.files import *\n"
    program += "sys.addaudithook(lambda event, told: print(event, *told[:1]))\n"
    program += "remove_directory(Path(sys.argv[1]), 'account')"
    told = subprocess.run(
        [sys.executable, "-B", "-c", program, place], cwd=ROOT, capture_output=True, check=True
    )

    removed = re.findall(r"^os\.(?:remove|rmdir) (\S+)$", told.stdout.decode(), re.MULTILINE)
    names = [Path(path).name for path in removed]
    assert (sorted(names[:2]), names[2:]) == (["a", "z"], ["account", "account"])
