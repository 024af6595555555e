"""Publishing: a finished directory takes the place of the previous site, all at once if it can."""

import ctypes
import filecmp
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from generator.errors import Locked, UsageError

MARKER = ".gatefold"  # marks a directory as ours to replace
_STAGING = ".gatefold-build-"
_RENAME_EXCHANGE = 2


def check_output(output: Path) -> None:
    """Refuse a directory with content that this program did not write."""
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


def load_sizes(directory: Path) -> dict[str, int]:
    """The size of every file of a site by its path, except for the files of git."""
    sizes: dict[str, int] = {}
    folders = [""] if directory.is_dir() else []
    for folder in folders:
        with os.scandir(f"{directory}/{folder}") as entries:
            for entry in entries:
                if not folder and entry.name.startswith(".git"):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{folder}{entry.name}/")
                else:
                    sizes[folder + entry.name] = entry.stat(follow_symlinks=False).st_size
    return sizes


@contextmanager
def staging_directory(output: Path) -> Iterator[Path]:
    """An empty directory beside the output, removed afterwards whatever happens.

    Raises Locked while another build of the same output is in progress; the remains of a killed
    one are removed.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - not needed where nothing changed

    parent = _staging_parent(output)
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with FileLock(parent / "lock", timeout=0):
            fresh = parent / "site"
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir()
            try:
                yield fresh
            finally:
                shutil.rmtree(parent, ignore_errors=True)
    except Timeout:
        raise Locked(str(output), "another build of it is in progress") from None


def remove_stale_staging(output: Path) -> None:
    """Remove the remains of a killed build, unless a build is in progress."""
    if _staging_parent(output).exists():
        with suppress(Locked), staging_directory(output):
            pass


def _staging_parent(output: Path) -> Path:
    return output.with_name(_STAGING + output.name)


def reuse(output: Path, fresh: Path, paths: Iterable[str]) -> None:
    """Link files of the previous site into the new one; copy them where linking is refused."""
    folders = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        if folder not in folders:
            os.makedirs(f"{fresh}/{folder}", exist_ok=True)  # noqa: PTH103
            folders.add(folder)
        try:
            os.link(f"{output}/{path}", f"{fresh}/{path}")
        except OSError:
            shutil.copy2(f"{output}/{path}", f"{fresh}/{path}")


def publish(fresh: Path, output: Path) -> None:
    """Put the new site in the output's place; the previous one is whole until that moment."""
    if not output.exists():
        fresh.rename(output)
        return
    kept = [path for path in output.iterdir() if path.name.startswith(".git")]
    if not any(path.is_dir() for path in kept):
        for path in kept:
            shutil.copy2(path, fresh / path.name)
        if _exchange(os.fsencode(fresh), os.fsencode(output)):
            return
    _replace_one_by_one(fresh, output)


def _exchange(one: bytes, other: bytes) -> bool:
    """Swap two directories in one step; False where the system or the file system cannot."""
    try:
        if sys.platform == "linux":
            here = -100  # AT_FDCWD
            swapped = ctypes.CDLL(None).renameat2(here, one, here, other, _RENAME_EXCHANGE)
        elif sys.platform == "darwin":
            swapped = ctypes.CDLL(None).renamex_np(one, other, _RENAME_EXCHANGE)
        else:
            return False
    except AttributeError:  # an older C library
        return False
    return bool(swapped == 0)


def _replace_one_by_one(fresh: Path, output: Path) -> None:
    """Replace changed files singly, pages last, so that no page links to a file not there yet."""
    files = sorted(load_sizes(fresh), key=_pages_last)
    for path in files:
        source, target = fresh / path, output / path
        if target.is_file() and _same(source, target):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            source.replace(target)
        except OSError:  # another file system
            part = target.with_name(f"{_STAGING}{target.name}")
            shutil.copyfile(source, part)
            part.replace(target)
    for path in load_sizes(output).keys() - set(files):
        (output / path).unlink()
        folder = (output / path).parent
        while folder != output and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


def _same(path: Path, target: Path) -> bool:
    return path.samefile(target) or filecmp.cmp(path, target, shallow=False)


def _pages_last(path: str) -> tuple[bool, str]:
    return path.endswith((".html", ".html.gz")), path
