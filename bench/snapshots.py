"""Snapshots of invented collections of any size: the sample repeated in other words.

Texts, ids and cover addresses of one round occur in no other, so that the pages built from them
compress no better than real ones.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count, islice
from random import Random
from typing import Any

from generator.domain.snapshot import Snapshot

from generator.demo import JsonObject, sample_collection
from generator.demo.covers import cover_urls
from generator.discogs.payloads import parse_page
from generator.domain.collection import Collection

ACCOUNT = "shelf"
SYNCED_AT = datetime(2026, 11, 22, 14, 18, 42, tzinfo=UTC)
VARIOUS = 194
"""The artist that stands for many is the same in every collection."""


def invented(copies: int) -> Snapshot:
    """A collection of that many copies, the same one every time."""
    items = sorted(islice(_items(), copies), key=lambda item: str(item["date_added"]))
    for place, item in enumerate(items):
        item["instance_id"] = 20_000_000 + place * 19_000 + _digest(f"copy {place}")[0] * 70
    told = {"page": 1, "pages": 1, "per_page": copies, "items": copies, "urls": {}}
    page = parse_page({"pagination": told, "releases": items}, ACCOUNT, 1)
    return Snapshot(ACCOUNT, ACCOUNT, 4711, SYNCED_AT, Collection(page.copies, page.releases))


def _items() -> Iterator[JsonObject]:
    sample = sample_collection().copies
    for number in count():
        yield from _Round(number, sample).items(sample)


class _Round:
    """One sample as if somebody else owned it: other artists, other titles, other releases."""

    def __init__(self, number: int, sample: Sequence[JsonObject]) -> None:
        self._number = number
        self._dice = Random(number)  # noqa: S311 - invented names
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


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()
