"""Files that are whole or not there: a write that is killed leaves the old file as it was."""

import os
import secrets
from pathlib import Path

SECRET_MODE = 0o600
"""For what only the owner of the workspace may read."""

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
        # The name of the file beside it says nothing to anybody.
        error.filename, error.filename2 = os.fspath(path), None
        raise
    finally:
        temporary.unlink(missing_ok=True)
    _sync_directory(path.parent)


def remove_file(path: Path) -> bool:
    """Removes `path` for good; False when it was not there."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    _sync_directory(path.parent)
    return True


def remove_leftovers(directory: Path) -> None:
    """Removes what killed writes left anywhere below `directory`.

    Only for whoever holds the lock: a leftover cannot be told from a write under way.
    """
    for leftover in directory.rglob(_LEFTOVER):
        leftover.unlink(missing_ok=True)


def _make_directory(directory: Path, file_mode: int) -> None:
    """Makes `directory` and its parents, with the right to enter for whoever may read the files."""
    if directory.is_dir():
        return
    _make_directory(directory.parent, file_mode)
    directory.mkdir(0o700 | file_mode | (file_mode & 0o044) >> 2, exist_ok=True)
    _sync_directory(directory.parent)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
