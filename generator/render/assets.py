"""Assets: one content-addressed directory, so that every file in it can be cached for ever."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from generator.render.stripping import stripped

PACKAGE = Path(__file__).resolve().parent.parent


def bundled(name: str) -> Path:
    """`templates/` or `assets/`: inside the package when installed, beside it in a checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def collected(asset_dirs: Sequence[Path]) -> Mapping[str, bytes]:
    """Every asset by its relative path; a directory named earlier overrides the later ones.

    Ours are stripped; what a workspace brings is published as it is.
    """
    ours = bundled("assets")
    found: dict[str, bytes] = {}
    for directory in reversed(asset_dirs):
        for path in sorted(directory.rglob("*")):
            relative = path.relative_to(directory)
            if path.is_file() and not any(part.startswith(".") for part in relative.parts):
                name, content = relative.as_posix(), path.read_bytes()
                found[name] = stripped(name, content) if directory.resolve() == ours else content
    return dict(sorted(found.items()))


def digest(assets: Mapping[str, bytes]) -> str:
    """The name of the assets' directory: it changes when any file or any name does."""
    total = hashlib.sha256()
    for name, content in assets.items():
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()[:16]
