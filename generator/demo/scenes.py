"""The scenes of the sample collection: invented artists, titles and labels, read from `scenes/`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "scenes"


@dataclass(frozen=True, slots=True)
class Featured:
    """An artist whose albums are all known."""

    name: str
    printed: str
    """Another way their name is printed, or ""."""
    albums: tuple[tuple[int, str], ...]
    """Year and title."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A corner of the record shop."""

    name: str
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    years: tuple[int, int]
    """When its albums first came out."""
    vinyl: float
    """How much it leans to vinyl rather than CD, 0 to 1."""
    tape: float
    """How often a cassette turns up; 1 is usual."""
    share: float
    """How much of the collection it takes; 1 is usual."""
    labels: tuple[str, ...]
    """A name and, after the last space, how its catalogue numbers begin."""
    artists: tuple[str, ...]
    titles: tuple[str, ...]
    compilations: tuple[str, ...]
    featured: tuple[Featured, ...]


def load_scenes() -> tuple[Scene, ...]:
    """Every scene, in the order of their file names."""
    return tuple(
        _scene(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(FOLDER.glob("*.toml"))
    )


def _scene(name: str, file: dict[str, Any]) -> Scene:
    first, last = file["years"]
    return Scene(
        name=name,
        genres=tuple(file["genres"]),
        styles=tuple(file["styles"]),
        years=(first, last),
        vinyl=file["vinyl"],
        tape=file.get("tape", 1.0),
        share=file["share"],
        labels=tuple(file["labels"]),
        artists=tuple(file["artists"]),
        titles=tuple(file["titles"]),
        compilations=tuple(file["compilations"]),
        featured=tuple(_featured(entry) for entry in file.get("featured", ())),
    )


def _featured(entry: dict[str, Any]) -> Featured:
    number = f" ({entry['number']})" if "number" in entry else ""
    albums = tuple((int(line[:4]), line[5:]) for line in entry["albums"])
    return Featured(entry["name"] + number, entry.get("printed", ""), albums)
