"""The invented sample collection: 1,497 copies and their masters, as Discogs would send them.

`sample.json.gz` holds each release once, without the addresses and constants that are added here.
"""

import gzip
import json
from dataclasses import dataclass
from importlib.resources import files

from generator.demo.api import JsonObject, Person
from generator.demo.covers import cover_urls

_API = "https://api.discogs.com"


@dataclass(frozen=True, slots=True)
class Sample:
    """A collection, and the albums its releases belong to."""

    copies: list[JsonObject]
    masters: dict[int, JsonObject]  # by id: title, artists, year (0 if unknown), genres and styles
    folders: dict[int, str]

    def person(self, username: str = "demo") -> Person:
        """The owner."""
        return Person(username, 77_000_001, list(self.copies), folders=dict(self.folders))


def sample_collection() -> Sample:
    """Load the sample; every call returns new objects."""
    stored = json.loads(gzip.decompress((files(__package__) / "sample.json.gz").read_bytes()))
    releases = {release["id"]: _release(release) for release in stored["releases"]}
    copies = [{**copy, "basic_information": releases[copy["id"]]} for copy in stored["copies"]]
    masters = {
        master["id"]: master | {"artists": _artists(master["artists"])}
        for master in stored["masters"]
    }
    return Sample(
        copies, masters, {int(number): name for number, name in stored["folders"].items()}
    )


def _release(stored: JsonObject) -> JsonObject:
    """The basic information of a release. `picture` is an upload number or a placeholder's URL."""
    picture, master = stored.pop("picture"), stored["master_id"]
    thumb, cover = ("", picture) if isinstance(picture, str) else cover_urls(stored["id"], picture)
    kind = {"entity_type": "1", "entity_type_name": "Label"}
    return stored | {
        "master_url": f"{_API}/masters/{master}" if master else None,
        "resource_url": f"{_API}/releases/{stored['id']}",
        "thumb": thumb,
        "cover_image": cover,
        "labels": [
            label | kind | {"resource_url": f"{_API}/labels/{label['id']}"}
            for label in stored["labels"]
        ],
        "artists": _artists(stored["artists"]),
    }


def _artists(stored: list[JsonObject]) -> list[JsonObject]:
    blank = {"anv": "", "join": "", "role": "", "tracks": ""}
    return [
        blank | artist | {"resource_url": f"{_API}/artists/{artist['id']}"} for artist in stored
    ]
