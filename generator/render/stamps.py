"""Stamps: they prove that a part of the previous site would be rendered the same again.

A stamp lies in the tree it describes and is published with it. It holds a digest of all inputs, and
facts that the tree's own pages show.
"""

import hashlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import jinja2
import msgspec
from msgspec import Struct

from generator.derive.pages import IndexEntry
from generator.render.assets import PACKAGE
from generator.render.swap import MARKER

CODE = ("build.py", "derive", "domain", "render", "store/masters.py")
"""The parts of the program that settle the bytes of a page."""


class Stamp(Struct, frozen=True):
    """A part of the site as it was written."""

    files: dict[str, int]  # the size of each of its files except this one, by path
    links: dict[str, str] = {}
    """Other files than its own and assets that its pages link to, each with one of these pages."""
    entry: IndexEntry | None = None
    """The account's entry on the index; None for the files that belong to no account."""
    assets: str = ""  # the digest of the assets that its pages use


class StampedTree(NamedTuple):
    """A part of the site with its stamp."""

    top: str  # its directory, with a trailing slash; "" for the files that belong to no account
    seal: bytes  # a digest of the stamp and of everything the files are made from
    stamp: Stamp

    @property
    def paths(self) -> list[str]:
        """All of its files, the stamp among them."""
        return [*self.stamp.files, self.top + MARKER]


def digest_of(*values: object) -> str:
    """One digest of plain values."""
    return hashlib.sha256(repr(values).encode()).hexdigest()


def digest_of_program(template_dirs: Sequence[Path]) -> str:
    """One digest of the code, the templates and the libraries that make pages."""
    total = hashlib.sha256(repr((sys.version, jinja2.__version__, msgspec.__version__)).encode())
    for number, path in enumerate([*template_dirs, *(PACKAGE / name for name in CODE)]):
        for file in _files(path):
            content = file.read_bytes()
            name = f"{number} {file.relative_to(path).as_posix()}"
            total.update(f"{len(name)} {name} {len(content)} ".encode() + content)
    return total.hexdigest()


def save_stamp(directory: Path, top: str, digest: str, stamp: Stamp) -> StampedTree:
    """Write the stamp of a tree, given the digest of everything it was made from."""
    body = msgspec.json.encode(stamp) + b"\n"
    seal = _seal(digest, body)
    (directory / top / MARKER).write_bytes(seal + b"\n" + body)
    return StampedTree(top, seal, stamp)


def load_stamp(
    directory: Path, top: str, digest: str | None, sizes: Mapping[str, int]
) -> StampedTree | None:
    """The tree with its stamp; None unless its inputs are the same and all of its files are there.

    `digest` is that of the inputs, None for any; `sizes` are those of the files in the directory.
    """
    if f"{top}{MARKER}" not in sizes:
        return None
    seal, _, body = (directory / top / MARKER).read_bytes().partition(b"\n")
    if digest is not None and (not digest or seal != _seal(digest, body)):
        return None
    try:
        stamp = msgspec.json.decode(body, type=Stamp)
    except msgspec.DecodeError:
        return None
    whole = all(sizes.get(path) == size for path, size in stamp.files.items())
    return StampedTree(top, seal, stamp) if whole else None


def _seal(digest: str, body: bytes) -> bytes:
    return hashlib.sha256(digest.encode() + body).hexdigest().encode()


def _files(path: Path) -> Iterator[Path]:
    """A file, or the files below a directory except compiled ones; links are followed."""
    if path.is_file():
        yield path
    for folder, below, names in os.walk(path, followlinks=True):
        here = Path(folder).resolve()
        below[:] = sorted(
            name
            for name in below
            if name != "__pycache__" and not here.is_relative_to((here / name).resolve())
        )
        yield from (Path(folder, name) for name in sorted(names) if Path(folder, name).is_file())
