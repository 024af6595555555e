"""What a host accepts at most, held against a finished site before it is published."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from generator.derive.formatting import plural
from generator.errors import RenderError


@dataclass(frozen=True, slots=True)
class Limits:
    """The most of everything; None where nothing is said of it."""

    host: str
    total: int | None = None
    """Bytes of all files."""
    files: int | None = None
    file: int | None = None
    """Bytes of one file."""
    in_directory: int | None = None
    """Files of one directory, without those of its subdirectories."""
    hint: str = "show fewer accounts, or publish on another host"


LIMITS = {
    # https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits
    "github": Limits("GitHub Pages", total=1_000_000_000),
    # https://developers.cloudflare.com/pages/platform/limits/
    "cloudflare": Limits(
        "Cloudflare Pages",
        files=20_000,
        file=25 * 2**20,
        hint='show fewer accounts, or with a paid plan, which takes more, say host = "none"',
    ),
    # https://docs.netlify.com/site-deploys/overview
    "netlify": Limits("Netlify", in_directory=54_000),
}


def check_limits(directory: Path, host: str) -> None:
    """Raise RenderError for what the host would refuse; hosts without known limits take all."""
    limits = LIMITS.get(host)
    if limits is None:
        return
    files = total = 0
    for folder, sizes in _folders(directory):
        _check_folder(limits, folder.relative_to(directory).as_posix(), sizes)
        files += len(sizes)
        total += sum(sizes.values())
    if limits.files is not None and files > limits.files:
        _refuse(limits, "the site", plural(files, "file"), f"{limits.files:,}")
    if limits.total is not None and total > limits.total:
        _refuse(limits, "the site", plural(total, "byte"), f"{limits.total:,}")


def _check_folder(limits: Limits, folder: str, sizes: dict[str, int]) -> None:
    if limits.in_directory is not None and len(sizes) > limits.in_directory:
        where = "the site's root" if folder == "." else f"{folder}/"
        _refuse(limits, where, plural(len(sizes), "file"), f"{limits.in_directory:,}")
    for name, size in sorted(sizes.items()):
        if limits.file is not None and size > limits.file:
            where = name if folder == "." else f"{folder}/{name}"
            _refuse(limits, where, plural(size, "byte"), f"{limits.file:,}")


def _refuse(limits: Limits, where: str, has: str, most: str) -> NoReturn:
    raise RenderError(where, f"has {has}; {limits.host} takes {most} at most", limits.hint)


def _folders(directory: Path) -> Iterator[tuple[Path, dict[str, int]]]:
    """Every directory with the sizes of its own files."""
    for folder, below, names in os.walk(directory):
        below.sort()
        sizes = {name: os.stat(f"{folder}/{name}").st_size for name in names}  # noqa: PTH116
        yield Path(folder), sizes
