"""Large collections: the sample repeated, each time with other releases by other artists."""

from collections.abc import Sequence
from typing import Any

from generator.demo import JsonObject
from generator.demo.covers import cover_urls


def grown(sample: Sequence[JsonObject], copies: int) -> list[JsonObject]:
    """That many copies; ids, artists' names and covers of one round occur in no other."""
    rounds = -(-copies // len(sample))
    return [_of_round(copy, number) for number in range(rounds) for copy in sample][:copies]


def _of_round(copy: JsonObject, number: int) -> JsonObject:
    info = copy["basic_information"]
    release = info["id"] + number * 100_000
    covers = cover_urls(release, release) if info["thumb"] else ("", "")
    return copy | {
        "id": release,
        "instance_id": copy["instance_id"] + number * 3_000_000_000,
        "basic_information": info
        | {
            "id": release,
            "master_id": info["master_id"] and info["master_id"] + number * 10_000,
            "artists": [_renamed(artist, number) for artist in info["artists"]],
            "thumb": covers[0],
            "cover_image": covers[1],
        },
    }


def _renamed(artist: dict[str, Any], number: int) -> dict[str, Any]:
    name = artist["name"] if number == 0 else f"{artist['name']} ({number + 1})"
    return artist | {"name": name, "id": artist["id"] + number * 10_000}
