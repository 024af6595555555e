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
    write_all,
    write_atomic,
)

ROOT = Path(__file__).parents[2]
KILLED_WRITERS = """
import itertools, os, signal, sys, time
from pathlib import Path
from generator.store.files import write_atomic

path, whole = Path(sys.argv[1]), (b"a" * 400_000, b"b" * 400_000)
for number in range(20):
    started, start = os.pipe()
    writer = os.fork()
    if writer == 0:
        for text in itertools.cycle(whole):
            write_atomic(path, text)
            os.write(start, b".")
    os.read(started, 1)
    time.sleep(number * 0.0013)
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    print(path.read_bytes() in whole)
"""
FULL_DISK = """
import errno, resource, sys
from pathlib import Path
from generator.store.files import write_all, write_atomic

path = Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
for write in (lambda: write_atomic(path, bytes(100_000)),
              lambda: write_all([(path, b"new"), (path.with_name("other"), bytes(100_000))])):
    try:
        write()
    except OSError as error:
        print(errno.errorcode[error.errno])
"""
REMOVAL = """
import sys
from pathlib import Path
from generator.store.files import remove_directory

sys.addaudithook(lambda event, arguments: print(event, *arguments[:1]))
remove_directory(Path(sys.argv[1]), "account")
"""


def run(program, path):
    """The lines that a program with a process of its own prints."""
    command = [sys.executable, "-B", "-c", program, path]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return ended.stdout.splitlines()


def write_one(path, data, mode=0o644):
    write_all([(path, data)], mode)


@pytest.fixture(params=[write_atomic, write_one])
def write(request):
    """The two ways to write a file."""
    return request.param


def test_a_file_is_replaced_and_nothing_stays_beside_it(tmp_path, write):
    path = tmp_path / "snapshot"

    write(path, b"first")
    write(path, b"\x00second\n")

    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {
        "snapshot": b"\x00second\n"
    }


@pytest.mark.parametrize(
    ("file_mode", "directory_mode"), [(0o600, 0o700), (0o640, 0o750), (0o644, 0o755)]
)
def test_missing_directories_are_as_open_as_the_file(tmp_path, write, file_mode, directory_mode):
    path = tmp_path / "a" / "b" / "file"

    write(path, b"text", file_mode)

    modes = [one.stat().st_mode & 0o777 for one in (path, path.parent, path.parent.parent)]
    assert modes == [file_mode, directory_mode, directory_mode]


def test_the_mode_of_an_older_file_does_not_survive(tmp_path, write):
    path = tmp_path / "token"
    path.touch()
    path.chmod(0o666)

    write(path, b"new", 0o600)

    assert path.stat().st_mode & 0o777 == 0o600


def test_a_failed_replacement_leaves_nothing_behind(tmp_path, write):
    (tmp_path / "taken/inside").mkdir(parents=True)

    with pytest.raises(IsADirectoryError) as error:
        write(tmp_path / "taken", b"text")

    assert sorted(tmp_path.rglob("*")) == [tmp_path / "taken", tmp_path / "taken/inside"]
    if write is write_atomic:
        assert error.value.filename == str(tmp_path / "taken")


def test_a_full_disk_keeps_the_old_file(tmp_path):
    path = tmp_path / "snapshot"
    path.write_bytes(b"old")

    assert run(FULL_DISK, path) == ["EFBIG", "EFBIG"]
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"snapshot": b"old"}


def test_a_killed_writer_never_leaves_a_torn_file(tmp_path):
    assert run(KILLED_WRITERS, tmp_path / "snapshot") == ["True"] * 20


def test_leftovers_of_killed_writes_are_removed_and_nothing_else(tmp_path):
    kept = [tmp_path / ".lock", tmp_path / "a" / "notes.tmp", tmp_path / "a" / "token"]
    (tmp_path / "a").mkdir()
    for path in (*kept, tmp_path / ".gatefold-0a1b.tmp", tmp_path / "a" / ".gatefold-2c3d.tmp"):
        path.touch()

    remove_leftovers(tmp_path)
    remove_leftovers(tmp_path / "missing")

    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(kept)


def test_removing_a_file_twice_is_no_error(tmp_path):
    path = tmp_path / "token"
    path.touch()

    assert [remove_file(path), remove_file(path), path.exists()] == [True, False, False]


def test_a_directory_is_removed_with_everything_in_it_but_no_target_of_a_link(tmp_path):
    kept, place = tmp_path / "kept", tmp_path / "account"
    kept.touch()
    (place / "deep/er").mkdir(parents=True)
    for name in ("account", "token", ".gatefold-0a1b.tmp", "deep/er/file"):
        (place / name).touch()
    (place / "link").symlink_to(kept)
    (place / "way").symlink_to(tmp_path)

    remove_directory(place, "account")

    assert list(tmp_path.iterdir()) == [kept]


def test_the_last_file_of_a_directory_is_removed_after_the_others(tmp_path):
    place = tmp_path / "account"
    place.mkdir()
    for name in ("a", "account", "z"):
        (place / name).touch()

    events = "\n".join(run(REMOVAL, place))

    removed = re.findall(r"^os\.(?:remove|rmdir) (\S+)$", events, re.MULTILINE)
    names = [Path(path).name for path in removed]
    assert (sorted(names[:2]), names[2:]) == (["a", "z"], ["account", "account"])
