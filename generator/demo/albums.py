"""Who is in the sample collection with which albums, and how many copies of each."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from generator.demo.dice import Dice
from generator.demo.scenes import Scene

COPIES = 1497
CREDITS = 433
VARIOUS_COPIES = 66

JOINS = ("&", "&", "&", "Featuring", "Featuring", "And", "With", "/", ",", "Meets")
VENUES = (
    "at the Corn Exchange", "at the Old Tram Depot", "in Ljubljana", "at the Winter Gardens",
    "in Groningen", "at Half Past Nine", "at the Savoy Annex", "in a Barn near Arles",
    "at the Co-op Hall", "in Trieste", "at the Polytechnic", "on Danish Radio", "at Studio B",
    "at the Lyceum, Late Show", "in Gdańsk", "at the Seamen's Mission", "in Valparaíso",
    "at the Boathouse", "in Sapporo", "at the Town Hall",
)  # fmt: skip
MEETINGS = ("Face to Face", "Common Ground", "Back to Back", "The Meeting", "Two Chairs")
ARCHIVES = ("Early Recordings", "Singles", "Sessions", "Radio Recordings")
GUESTS = {
    "Jazz": ("Funk / Soul", "Latin", "Blues"),
    "Funk / Soul": ("Jazz", "Pop"),
    "Electronic": ("Rock", "Jazz", "Pop"),
    "Rock": ("Pop", "Electronic", "Blues"),
    "Reggae": ("Electronic", "Funk / Soul"),
    "Latin": ("Jazz", "Folk, World, & Country"),
    "Folk, World, & Country": ("Rock", "Pop"),
    "Hip Hop": ("Jazz", "Funk / Soul", "Electronic"),
    "Classical": ("Electronic",),
    "Stage & Screen": ("Jazz", "Electronic"),
}
"""What a genre is often filed under as well."""


@dataclass(frozen=True, slots=True)
class Artist:
    """One artist of the database."""

    id: int
    name: str
    printed: str = ""

    @property
    def plain(self) -> str:
        """The name without its number."""
        head, found, tail = self.name.rpartition(" (")
        return head if found and tail[:-1].isdecimal() and tail.endswith(")") else self.name


VARIOUS = Artist(194, "Various")


@dataclass(frozen=True, slots=True)
class Credit:
    """Artists as they are named together; joins stand between them."""

    artists: tuple[Artist, ...]
    joins: tuple[str, ...] = ()
    varied: bool = False
    """Whether the first is named in their other way."""

    @property
    def line(self) -> str:
        """How it reads."""
        first, *others = self.artists
        line = first.printed if self.varied else first.plain
        for join, artist in zip(self.joins, others, strict=True):
            line += f"{join} {artist.plain}" if join == "," else f" {join} {artist.plain}"
        return line


@dataclass(frozen=True, slots=True)
class Album:
    """A work; its pressings share everything here."""

    number: int
    scene: Scene
    credit: Credit
    title: str
    year: int
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    copies: int
    """How many of all its pressings are owned together."""


@dataclass(slots=True)
class _Shelf:
    """A credit, what is known to be by it, and its part of the collection."""

    scene: Scene
    credit: Credit
    known: list[tuple[int, str]]
    """Years and titles, if they are given; else they are made up."""
    weight: float
    copies: int = 1


def planned_albums(scenes: Sequence[Scene], dice: Dice) -> tuple[Album, ...]:
    """Every album of the collection; copies sum to COPIES, credit lines number CREDITS."""
    ids = count(90_000_001)
    featured = _featured_shelves(scenes, ids, dice)
    others = _other_shelves(scenes, ids, dice)
    lines = {shelf.credit.line for shelf in [*featured, *others]} | {VARIOUS.name}
    shared = _shared_shelves([*featured, *others], CREDITS - len(lines), dice)
    fixed = sum(shelf.copies for shelf in [*featured, *shared])
    _share_out(others, COPIES - VARIOUS_COPIES - fixed)
    numbers = count(1)
    decks = {scene.name: dice.shuffled(scene.titles) for scene in scenes}
    albums = [
        album
        for shelf in [*featured, *others, *shared]
        for album in _albums(shelf, decks[shelf.scene.name], numbers, dice)
    ]
    return tuple(albums + _compilations(scenes, numbers, dice))


def _featured_shelves(scenes: Sequence[Scene], ids: Iterator[int], dice: Dice) -> list[_Shelf]:
    """The artists with known albums: the more albums, the more copies, thinning out quickly."""
    shelves = []
    entries = [(scene, entry) for scene in scenes for entry in scene.featured]
    entries = sorted(dice.shuffled(entries), key=lambda pair: -len(pair[1].albums))
    for rank, (scene, entry) in enumerate(entries, start=1):
        artist = Artist(next(ids), entry.name, entry.printed)
        known = list(entry.albums)
        copies = min(round(34 / rank**0.5), 3 * len(known))
        if entry.printed:
            varied = [known.pop(dice.below(len(known)))]
            shelves.append(_Shelf(scene, Credit((artist,), varied=True), varied, 0, 2))
        shelves.append(_Shelf(scene, Credit((artist,)), known, 0, copies))
    return shelves


def _other_shelves(scenes: Sequence[Scene], ids: Iterator[int], dice: Dice) -> list[_Shelf]:
    """Everybody else, one to a few copies each."""
    return [
        _Shelf(
            scene,
            Credit((Artist(next(ids), name),)),
            [],
            scene.share * dice.pick((0.6, 1, 1, 2, 2, 3, 4, 6)),
        )
        for scene in scenes
        for name in scene.artists
    ]


def _shared_shelves(shelves: Sequence[_Shelf], wanted: int, dice: Dice) -> list[_Shelf]:
    """Meetings of two or three artists of one scene, each a new credit line."""
    shared: list[_Shelf] = []
    used: set[str] = set()
    while len(shared) < wanted:
        first = dice.pick(shelves)
        company = [
            other.credit.artists[0]
            for other in shelves
            if other.scene is first.scene and other.credit.artists != first.credit.artists
        ]
        guests = dice.some(company, dice.weighted((1, 2), (6, 1)))
        joins = (dice.pick(JOINS),) if len(guests) == 1 else (",", "&")
        credit = Credit((first.credit.artists[0], *guests), joins)
        if credit.line not in used and len(set(credit.artists)) == len(credit.artists):
            used.add(credit.line)
            shared.append(_Shelf(first.scene, credit, [], 0, dice.weighted((1, 2), (3, 1))))
    return shared


def _share_out(shelves: Sequence[_Shelf], copies: int) -> None:
    """One copy each, the rest by weight, largest remainders first, until all are given."""
    left = copies - len(shelves)
    whole = math.fsum(shelf.weight for shelf in shelves)
    parts = [left * shelf.weight / whole for shelf in shelves]
    for shelf, part in zip(shelves, parts, strict=True):
        shelf.copies = 1 + int(part)
    missing = copies - sum(shelf.copies for shelf in shelves)
    order = sorted(range(len(shelves)), key=lambda at: (int(parts[at]) - parts[at], at))
    for at in order[:missing]:
        shelves[at].copies += 1


def _albums(shelf: _Shelf, deck: list[str], numbers: Iterator[int], dice: Dice) -> Iterable[Album]:
    """The shelf's copies, spread over its albums; the first ones are the best liked."""
    works = _works(shelf, deck, dice)
    copies = [1] * len(works)
    for _ in range(shelf.copies - len(works)):
        copies[min(dice.below(len(works)), dice.below(len(works)))] += 1
    for (year, title), owned in zip(works, copies, strict=True):
        genres, styles = _filing(shelf.scene, dice)
        yield Album(next(numbers), shelf.scene, shelf.credit, title, year, genres, styles, owned)


def _works(shelf: _Shelf, deck: list[str], dice: Dice) -> list[tuple[int, str]]:
    if shelf.known:
        return dice.some(shelf.known, min(shelf.copies, len(shelf.known)))
    first, last = shelf.scene.years
    start = dice.whole(first, max(first, last - 8))
    works: dict[str, int] = {}
    while len(works) < max(1, round(shelf.copies * 0.72)):
        year = min(last, start + dice.below(12))
        works.setdefault(_title(shelf, deck, year, dice), year)
    return [(year, title) for title, year in works.items()]


def _title(shelf: _Shelf, deck: list[str], year: int, dice: Dice) -> str:
    """The next title of the scene, or one of those that everybody uses."""
    if deck and dice.chance(0.7):
        return deck.pop()
    if len(shelf.credit.artists) > 1:
        return dice.pick((*MEETINGS, f"Live {dice.pick(VENUES)}"))
    span = f"{year}–{year + dice.whole(2, 5)}"
    name = shelf.credit.line
    return dice.weighted(
        (
            name,
            f"Live {dice.pick(VENUES)}",
            f"{dice.pick(ARCHIVES)} {span}",
            dice.pick(("The Best of {}", "This Is {}", "Introducing {}")).format(name),
            dice.pick(("II", "Third", "Four", "Volume Two", "Encore", "Again")),
        ),
        (6, 3, 2, 2, 1.2),
    )


def _compilations(scenes: Sequence[Scene], numbers: Iterator[int], dice: Dice) -> list[Album]:
    """Everything by Various."""
    titles = [(scene, title) for scene in scenes for title in scene.compilations]
    copies = [1] * len(titles)
    for _ in range(VARIOUS_COPIES - len(titles)):
        copies[dice.below(len(titles))] += 1
    albums = []
    for (scene, title), owned in zip(titles, copies, strict=True):
        first, last = scene.years
        year = dice.whole(min(last, first + 12), min(2022, last + 25))
        genres, styles = _filing(scene, dice)
        credit = Credit((VARIOUS,))
        albums.append(Album(next(numbers), scene, credit, title, year, genres, styles, owned))
    return albums


def _filing(scene: Scene, dice: Dice) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Genres and styles of one album."""
    guests = GUESTS.get(scene.genres[0], ())
    guest = (dice.pick(guests),) if guests and dice.chance(0.14) else ()
    styles = dice.some(scene.styles, dice.weighted((1, 2, 3), (3, 4, 2)))
    return tuple(dict.fromkeys(scene.genres + guest)), tuple(styles)
