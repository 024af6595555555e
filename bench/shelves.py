"""Large collections: the sample over and over, each time of other records by other artists."""

from collections.abc import Sequence
from typing import Any

from generator.demo import Item
from generator.demo.api import SLEEVES

SIGNED = (
    "r5KqkSHMEZwvVA7MiMbHesDfT6milzSuWG9M-MRxbnU/rs:fit/g:sm/q:40/h:150/w:150/" + "czM6Ly9k" * 8
)
"""Real addresses of pictures are that much longer, and no two have much in common."""


def grown(sample: Sequence[Item], copies: int) -> list[Item]:
    """That many copies; ids, artists' names and pictures of one round occur in no other."""
    rounds = -(-copies // len(sample))
    return [_of_round(copy, number) for number in range(rounds) for copy in sample][:copies]


def _of_round(copy: Item, number: int) -> Item:
    info = copy["basic_information"]
    release = info["id"] + number * 100_000
    return copy | {
        "id": release,
        "instance_id": copy["instance_id"] + number * 3_000_000_000,
        "basic_information": info
        | {
            "id": release,
            "master_id": info["master_id"] and info["master_id"] + number * 10_000,
            "artists": [_renamed(artist, number) for artist in info["artists"]],
            "thumb": _signed(info["thumb"], release),
            "cover_image": _signed(info["cover_image"], release),
        },
    }


def _renamed(artist: dict[str, Any], number: int) -> dict[str, Any]:
    name = artist["name"] if number == 0 else f"{artist['name']} ({number + 1})"
    return artist | {"name": name, "id": artist["id"] + number * 10_000}


def _signed(address: str, release: int) -> str:
    return f"{address}?{release}{SIGNED}" if address.startswith(SLEEVES) else address
