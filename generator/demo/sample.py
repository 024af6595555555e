"""The invented sample collection: the same 1,497 copies every time, in the API's own shape."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from generator.demo.albums import Album, Credit, planned_albums
from generator.demo.covers import cover_urls
from generator.demo.dice import Dice
from generator.demo.people import Item, Person
from generator.demo.pressings import FIRST_YEAR, Pressing, format_entries, label_entries, pressings
from generator.demo.scenes import load_scenes
from generator.demo.shelving import FOLDERS, shelved

API = "https://api.discogs.com"
SPACER = "https://st.discogs.com/0a1b2c3d/images/spacer.gif"
FIRST_RELEASE = 900_000_001
FIRST_MASTER = 90_000_000


@dataclass(frozen=True, slots=True)
class Sample:
    """A collection as Discogs would send it, and the masters its releases belong to."""

    copies: list[Item]
    masters: dict[int, Item]
    folders: dict[int, str] = field(default_factory=lambda: dict(FOLDERS))

    def person(self, username: str = "demo") -> Person:
        """Somebody who owns it."""
        return Person(username, 77_000_001, list(self.copies), folders=dict(self.folders))


def sample_collection(seed: int = 1963) -> Sample:
    """The sample, made anew; the seed settles every byte."""
    dice = Dice(seed)
    albums = planned_albums(load_scenes(), dice)
    editions = pressings(albums, dice)
    mastered = _mastered(albums, editions, dice)
    releases = [
        (_release(at, edition, edition.album.number in mastered, dice), edition.copies)
        for at, edition in enumerate(editions)
    ]
    masters = [_master(album, dice) for album in albums if album.number in mastered]
    return Sample(shelved(releases, dice), {master["id"]: master for master in masters})


def _mastered(albums: Sequence[Album], editions: Sequence[Pressing], dice: Dice) -> set[int]:
    """Numbers of the albums that have a master: all of several pressings, most of the others."""
    pressed = Counter(edition.album.number for edition in editions)
    return {album.number for album in albums if pressed[album.number] > 1 or dice.chance(0.86)}


def _release(at: int, edition: Pressing, mastered: bool, dice: Dice) -> Item:
    """The basic information of one edition."""
    album = edition.album
    release, master = FIRST_RELEASE + at * 37, FIRST_MASTER + album.number
    thumb, cover = _pictures(release, album, dice)
    return {
        "id": release,
        "master_id": master if mastered else 0,
        "master_url": f"{API}/masters/{master}" if mastered else None,
        "resource_url": f"{API}/releases/{release}",
        "thumb": thumb,
        "cover_image": cover,
        "title": album.title,
        "year": 0 if edition.year > FIRST_YEAR and dice.chance(0.04) else edition.year,
        "formats": format_entries(edition, dice),
        "labels": label_entries(edition, dice),
        "artists": _artists(album.credit, dice),
        "genres": list(album.genres),
        "styles": [] if dice.chance(0.16) else list(album.styles),
    }


def _pictures(release: int, album: Album, dice: Dice) -> tuple[str, str]:
    """Thumb and cover; pressings of an album look alike, and some have none."""
    if dice.chance(0.06):
        return "", dice.pick(("", "", SPACER))
    return cover_urls(release, 1_200_000_000 + 86_413 * album.number)


def _artists(credit: Credit, dice: Dice) -> list[dict[str, Any]]:
    last = "," if dice.chance(0.01) else ""
    return [
        {
            "name": artist.name,
            "anv": artist.printed if credit.varied and at == 0 else "",
            "join": (*credit.joins, last)[at],
            "role": "",
            "tracks": "",
            "id": artist.id,
            "resource_url": f"{API}/artists/{artist.id}",
        }
        for at, artist in enumerate(credit.artists)
    ]


def _master(album: Album, dice: Dice) -> Item:
    """What `/masters/ID` answers; some know no year, some no genres."""
    master = FIRST_MASTER + album.number
    return {
        "id": master,
        "main_release": FIRST_RELEASE,
        "resource_url": f"{API}/masters/{master}",
        "uri": f"https://www.discogs.com/master/{master}",
        "versions_url": f"{API}/masters/{master}/versions",
        "title": album.title,
        "year": 0 if dice.chance(0.02) else album.year,
        "genres": [] if dice.chance(0.03) else list(album.genres),
        "styles": [] if dice.chance(0.05) else list(album.styles),
        "artists": _artists(album.credit, dice),
        "tracklist": [],
        "data_quality": "Correct",
        "num_for_sale": 0,
        "lowest_price": None,
    }
