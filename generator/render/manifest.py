"""The manifest of a build: what the site was made from, and what of it lies where.

It tells the next build which accounts' trees can be taken over as they are. It names accounts and
secret links, so it never lies in the site itself.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter

from generator.derive.pages import IndexEntry

SCHEMA = 1
TREES = ("u", "x")
"""The directories that hold a tree for each account."""

Files = dict[str, dict[str, list[int]]]
"""The tree ("u/NAME/", "x/SLUG/", nothing for the rest) → path in it → size and time of the last
change, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Tree:
    """One account's part of a site, as far as the rest of the site has to know of it."""

    fingerprint: str
    """Of what it was made from."""
    top: str
    """Where it is, with a trailing slash."""
    entry: str
    """What the index says of it, as JSON."""
    paths: Sequence[str]
    """The files that were planned, below the site's root."""
    outward: Mapping[str, Sequence[str]]
    """Where its pages lead to but in it and to assets, by page."""

    @property
    def index_entry(self) -> IndexEntry:
        """What the index says of it."""
        return _entries().validate_json(self.entry)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a build left behind."""

    site: str = ""
    """The fingerprint of what all pages are made from."""
    files: Files = field(default_factory=dict)
    """All of the published site, git's own files excepted."""
    trees: Mapping[str, Tree] = field(default_factory=dict)
    """By the id of the account."""
    told: Sequence[int] = ()
    """The numbers that were told of the build."""


@dataclass(frozen=True, slots=True)
class Former:
    """The site that lies in the output, held against the manifest of the build that made it."""

    site: str
    """The fingerprint of what all pages would be made from now."""
    assets: str
    """Where the assets are now, with a trailing slash."""
    manifest: Manifest
    files: Files
    """What lies in the output."""

    def kept(self, fingerprints: Mapping[str, str]) -> dict[str, Tree]:
        """The trees, by id, that lie there as they were made and would be made the same again."""
        trees = self.manifest.trees
        return {key: trees[key] for key, now in fingerprints.items() if self._stands(key, now)}

    def complete(self, kept: Mapping[str, Tree]) -> bool:
        """Whether all that lies there is those trees and what a build would put around them."""
        rest = self.files.get("", {})
        carried = any(
            path.startswith("assets/") and not path.startswith(self.assets) for path in rest
        )
        made = self.manifest
        return (
            bool(rest)
            and self.files == made.files
            and kept.keys() == made.trees.keys()
            and not carried
        )

    def paths(self, kept: Mapping[str, Tree]) -> list[str]:
        """Every file of those trees."""
        return [tree.top + path for tree in kept.values() for path in self.files[tree.top]]

    def _stands(self, key: str, fingerprint: str) -> bool:
        tree = self.manifest.trees.get(key)
        if tree is None or tree.fingerprint != fingerprint:
            return False
        made = self.manifest.files.get(tree.top)
        return made is not None and made == self.files.get(tree.top)


def manifest_json(manifest: Manifest) -> bytes:
    """The manifest as it is kept."""
    content = {
        "schema": SCHEMA,
        "site": manifest.site,
        "files": manifest.files,
        "trees": {key: _members(tree) for key, tree in manifest.trees.items()},
        "told": manifest.told,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def parse_manifest(text: bytes | None) -> Manifest:
    """The manifest in kept bytes; of nothing, or of another version, one that claims nothing."""
    content = json.loads(text) if text else {}
    if content.pop("schema", None) != SCHEMA:
        return Manifest()
    trees = {key: Tree(*members) for key, members in content.pop("trees").items()}
    return Manifest(trees=trees, **content)


def entry_json(entry: IndexEntry) -> str:
    """An entry of the index as a tree keeps it."""
    return _entries().dump_json(entry).decode()


def load_files(site: Path) -> Files:
    """The files of a published site as they lie there now."""
    found: Files = {}
    for path, size, changed in _walked(os.fspath(site), ""):
        first, _, rest = path.partition("/")
        name, slash, inside = rest.partition("/")
        top = f"{first}/{name}/" if slash and first in TREES else ""
        found.setdefault(top, {})[inside if top else path] = [size, changed]
    return found


def fingerprint(values: Iterable[str], directories: Iterable[Path] = ()) -> str:
    """One digest of texts, and of every file below directories with its name."""
    total = hashlib.sha256()
    for value in values:
        _add(total, value.encode())
    for directory in directories:
        for path in _sources(directory):
            _add(total, path.relative_to(directory).as_posix().encode())
            _add(total, path.read_bytes())
        _add(total, b"")
    return total.hexdigest()


def libraries() -> list[str]:
    """Python and the libraries that have a say in what pages look like."""
    return [
        sys.version,
        *(f"{name} {version(name)}" for name in ("jinja2", "markupsafe", "pydantic")),
    ]


def _sources(directory: Path) -> Iterator[Path]:
    """Every file but compiled ones, also behind links: templates are found there too."""
    for folder, below, names in os.walk(directory, followlinks=True):
        here = Path(folder).resolve()
        below[:] = sorted(
            name for name in below if not here.is_relative_to((here / name).resolve())
        )
        paths = (Path(folder, name) for name in sorted(names))
        yield from (path for path in paths if path.is_file() and path.suffix != ".pyc")


def _add(total: "hashlib._Hash", content: bytes) -> None:
    """Add to a digest in a way that no other row of contents can imitate."""
    total.update(b"%d:" % len(content))
    total.update(content)


def _members(tree: Tree) -> list[object]:
    return [getattr(tree, name) for name in Tree.__slots__]


def _walked(directory: str, prefix: str) -> Iterator[tuple[str, int, int]]:
    try:
        with os.scandir(directory) as entries:
            found = list(entries)
    except FileNotFoundError:
        return
    for entry in found:
        if not prefix and entry.name.startswith(".git"):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walked(entry.path, f"{prefix}{entry.name}/")
        else:
            status = entry.stat(follow_symlinks=False)
            yield f"{prefix}{entry.name}", status.st_size, status.st_mtime_ns


@cache
def _entries() -> TypeAdapter[IndexEntry]:
    """Made when it is first asked for: a build that changes nothing never does."""
    return TypeAdapter(IndexEntry)
