"""Invented collections of any size: the sample repeated in other words.

Texts, ids and cover addresses of one round occur in no other, so that the pages built from them
compress no better than real ones.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import count, islice
from random import Random
from typing import Any

from generator.demo.api import JsonObject
from generator.demo.covers import cover_urls
from generator.demo.sample import sample_collection
from generator.discogs.payloads import parse_page
from generator.domain.collection import Collection

VARIOUS = 194
"""The artist that stands for many is the same in every collection."""


def invented_items(copies: int) -> list[JsonObject]:
    """That many copies as Discogs sends them, oldest first; the same ones every time."""
    items = sorted(islice(_endless(), copies), key=lambda item: str(item["date_added"]))
    for place, item in enumerate(items):
        digest = sha256(f"copy {place}".encode()).digest()
        item["instance_id"] = 20_000_000 + place * 19_000 + digest[0] * 70
    return items


def collection_of(items: Sequence[JsonObject]) -> Collection:
    """The collection that a sync makes of these copies."""
    pagination = {"page": 1, "pages": 1, "per_page": 100, "items": len(items), "urls": {}}
    page = parse_page({"pagination": pagination, "releases": list(items)}, 1)
    copies = tuple(sorted(page.copies, key=lambda copy: copy.instance_id))
    return Collection(copies, {key: page.releases[key] for key in sorted(page.releases)})


def _endless() -> Iterator[JsonObject]:
    sample = sample_collection().copies
    for number in count():
        yield from _Round(number, sample).items(sample)


class _Round:
    """The sample with other artists, titles and releases."""

    def __init__(self, number: int, sample: Sequence[JsonObject]) -> None:
        self._number = number
        self._dice = Random(number)
        infos = [copy["basic_information"] for copy in sample]
        self._words = sorted({word for info in infos for word in _texts(info)})
        self._phrases: dict[object, str] = {}

    def items(self, sample: Sequence[JsonObject]) -> Iterator[JsonObject]:
        """The copies of the sample, each as this round has it."""
        for copy in sample:
            info = self._info(copy["basic_information"])
            yield copy | {"id": info["id"], "basic_information": info}

    def _info(self, info: JsonObject) -> JsonObject:
        # 0x9E3779B1 is odd, so no two numbers below 2**25 meet again.
        release = (info["id"] + self._number * 60_000) * 0x9E3779B1 % 2**25 + 1000
        master = info["master_id"] and info["master_id"] - 89_000_000 + self._number * 2000
        covers = cover_urls(release, 1_200_000_000 + release * 13) if info["thumb"] else ("", "")
        return info | {
            "id": release,
            "master_id": master,
            "title": self._renamed(info["title"], info["title"]),
            "artists": [self._artist(artist) for artist in info["artists"]],
            "thumb": covers[0],
            "cover_image": covers[1],
        }

    def _artist(self, artist: dict[str, Any]) -> dict[str, Any]:
        if artist["id"] == VARIOUS:
            return artist
        changed = {"id": artist["id"] - 89_000_000 + self._number * 2000, "anv": ""}
        return artist | changed | {"name": self._renamed(artist["id"], artist["name"])}

    def _renamed(self, key: object, text: str) -> str:
        """Other words of the sample, the same ones for the same key; round 0 keeps the text."""
        if self._number == 0:
            return text
        if key not in self._phrases:
            words = self._dice.sample(self._words, self._dice.choice((1, 2, 2, 2, 3, 3, 4)))
            self._phrases[key] = " ".join(words)
        return self._phrases[key]


def _texts(info: JsonObject) -> list[str]:
    names = " ".join(artist["name"] for artist in info["artists"])
    return [word for word in f"{info['title']} {names}".split() if word[0] != "("]
