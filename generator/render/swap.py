"""Publishing: a finished directory takes the place of the previous site, all at once if it can."""

import ctypes
import fcntl
import filecmp
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path

from generator.errors import UsageError

MARKER = ".gatefold"
"""Says that a directory is ours to replace; holds the digest of its assets."""
_BESIDE = ".gatefold-build-"
_AT_FDCWD = {"linux": -100, "darwin": -2}
_RENAME_EXCHANGE = 2


def check_output(output: Path) -> None:
    """Refuse a directory with something in it that this program did not make."""
    if not output.exists():
        return
    if not output.is_dir():
        raise UsageError(str(output), "is not a directory", "name another one with --output DIR")
    foreign = [path for path in output.iterdir() if not path.name.startswith(".git")]
    if foreign and not (output / MARKER).is_file():
        raise UsageError(
            str(output),
            "is not empty and was not made by build-site",
            "empty it, or name another one with --output DIR",
        )


@contextmanager
def staging_directory(output: Path) -> Iterator[Path]:
    """A fresh directory next to the output, gone afterwards whatever happens.

    What a killed build left there is removed first; one that is still at work is left alone.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    for left in output.parent.glob(f"{escape(_BESIDE + output.name)}-*"):
        _remove_abandoned(left)
    fresh = Path(tempfile.mkdtemp(prefix=f"{_BESIDE}{output.name}-", dir=output.parent))
    descriptor = os.open(fresh, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield fresh
    finally:
        os.close(descriptor)
        shutil.rmtree(fresh, ignore_errors=True)


def _remove_abandoned(directory: Path) -> None:
    """Remove it unless a build works there: that build holds a lock, which dies with it."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        shutil.rmtree(directory, ignore_errors=True)
    finally:
        os.close(descriptor)


def publish(fresh: Path, output: Path) -> None:
    """Put the fresh site in the output's place; the previous one is whole until that moment."""
    fresh.chmod(0o755)
    if not output.exists():
        fresh.rename(output)
        return
    kept = [path for path in output.iterdir() if path.name.startswith(".git")]
    if not any(path.is_dir() for path in kept):
        for path in kept:
            shutil.copy2(path, fresh / path.name)
        if _exchange(fresh, output):
            return
    _replace_one_by_one(fresh, output)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two directories in one step; False where the system or the file system cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    swap = getattr(
        libc, {"linux": "renameat2", "darwin": "renameatx_np"}.get(sys.platform, ""), None
    )
    if swap is None:
        return False
    here = _AT_FDCWD[sys.platform]
    return bool(swap(here, os.fsencode(one), here, os.fsencode(other), _RENAME_EXCHANGE) == 0)


def _replace_one_by_one(fresh: Path, output: Path) -> None:
    """Replace changed files singly, pages last, so that no page names what is not there yet."""
    files = sorted((path for path in fresh.rglob("*") if path.is_file()), key=_pages_last)
    for path in files:
        target = output / path.relative_to(fresh)
        if target.is_file() and _same(path, target):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.replace(target)
        except OSError:
            _copy_over(path, target)
    wanted = {path.relative_to(fresh) for path in files}
    for path in sorted(output.rglob("*"), reverse=True):
        relative = path.relative_to(output)
        if relative.parts[0].startswith(".git"):
            continue
        if path.is_dir():
            _remove_if_empty(path)
        elif relative not in wanted:
            path.unlink()


def _same(path: Path, target: Path) -> bool:
    return path.samefile(target) or filecmp.cmp(path, target, shallow=False)


def _pages_last(path: Path) -> tuple[bool, str]:
    return path.name.endswith((".html", ".html.gz")), path.as_posix()


def _copy_over(path: Path, target: Path) -> None:
    part = target.with_name(f"{_BESIDE}{target.name}")
    shutil.copyfile(path, part)
    part.replace(target)


def _remove_if_empty(path: Path) -> None:
    if not any(path.iterdir()):
        path.rmdir()
