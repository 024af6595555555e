"""Assets: one content-addressed directory, so that every file in it can be cached for ever."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
OWN_STYLES = "css/own.css"  # a workspace's own style sheet: every page links it last
_SOURCES = "src"  # the directory of the scripts and style sheets that the others are built from


def bundled(name: str) -> Path:
    """`templates/` or `assets/`: inside the package when installed, beside it in a checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def collected(asset_dirs: Sequence[Path]) -> Mapping[str, bytes]:
    """Every asset by its relative path; a directory named earlier overrides the later ones.

    Hidden files and the sources in `src/` are left out.
    """
    found: dict[str, bytes] = {}
    for directory in reversed(asset_dirs):
        for path in sorted(directory.rglob("*")):
            parts = path.relative_to(directory).parts
            hidden = any(part.startswith(".") for part in parts)
            if path.is_file() and not hidden and parts[0] != _SOURCES:
                found["/".join(parts)] = path.read_bytes()
    return dict(sorted(found.items()))


def digest(assets: Mapping[str, bytes]) -> str:
    """The name of the assets' directory: it changes when any file or any name does."""
    total = hashlib.sha256()
    for name, content in assets.items():
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()[:16]
