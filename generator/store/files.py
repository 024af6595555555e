"""Atomic writes: a write that is killed leaves the old file as it was."""

import os
import secrets
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

SECRET_MODE = 0o600  # readable by the owner of the workspace only

_LEFTOVER = ".gatefold-*.tmp"


def write_atomic(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replaces `path` by `data` in one step, on disk when this returns.

    Missing parent directories are made, closed to others when `mode` is. Raises OSError naming
    `path`; then the old file is untouched and nothing is left beside it.
    """
    _make_directory(path.parent, mode)
    temporary = path.parent / _LEFTOVER.replace("*", secrets.token_hex(8))
    try:
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        # The name of the temporary file means nothing to a reader of the message.
        error.filename, error.filename2 = os.fspath(path), None
        raise
    finally:
        temporary.unlink(missing_ok=True)
    sync_path(path.parent)


def write_all(contents: Iterable[tuple[Path, bytes]], mode: int = 0o644) -> None:
    """Replaces many files, each in one step, on disk when this returns.

    Two `sync` calls in all instead of three `fsync` calls a file. Raises OSError; some files may be
    replaced by then, each of them whole.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for path, data in contents:
            _make_directory(path.parent, mode)
            temporary = path.parent / _LEFTOVER.replace("*", secrets.token_hex(8))
            staged.append((temporary, path))
            with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as f:
                f.write(data)
        sync_all()
        for temporary, path in staged:
            temporary.replace(path)
        sync_all()
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def remove_file(path: Path) -> bool:
    """Removes `path` for good; False when it was not there."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    sync_path(path.parent)
    return True


def remove_directory(directory: Path, last: str) -> None:
    """Removes `directory` and its content for good, the entry named `last` after the others.

    If the removal is killed, `last` is still there to show that it is not finished.
    """
    for path in sorted(directory.iterdir(), key=lambda path: path.name == last):
        if path.name == last:
            sync_path(directory)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    sync_path(directory)
    directory.rmdir()
    sync_path(directory.parent)


def remove_leftovers(directory: Path) -> None:
    """Removes the temporary files of killed writes anywhere below `directory`.

    Call it with the lock held: a leftover looks like a write in progress.
    """
    for leftover in directory.rglob(_LEFTOVER):
        leftover.unlink(missing_ok=True)


def _make_directory(directory: Path, file_mode: int) -> None:
    """Makes `directory` and its parents; those who can read the files can enter them."""
    if directory.is_dir():
        return
    _make_directory(directory.parent, file_mode)
    directory.mkdir(0o700 | file_mode | (file_mode & 0o044) >> 2, exist_ok=True)
    sync_path(directory.parent)


def sync_all() -> None:
    """Wait until every write is on the disk; does nothing on Windows."""
    if sys.platform != "win32":
        os.sync()


def sync_path(path: Path) -> None:
    """Wait until a file, or the entries of a directory, are on the disk.

    Windows cannot sync a directory.
    """
    if path.is_dir() and sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
