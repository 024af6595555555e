"""Pressings of the sample's albums: on what they came out, when, where, and how it is printed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

from generator.demo.albums import VARIOUS, Album
from generator.demo.dice import Dice

FIRST_YEAR = 1963
LAST_YEAR = 2025
QUOTAS = {"DVD": 4, "File": 6, "SACD": 7, "Box Set": 22, "Cassette": 44, "Vinyl": 688}
"""Copies of each primary format; the rest are CDs."""
SPECIAL = {"SACD": "Hybrid", "DVD": "DVD-Video"}
REISSUE_LABELS = (
    "Second Spin SSP-", "Light in the Cellar LITC", "Vinyl Revenant VR", "Late Edition LE0",
    "Run-Out Groove Archive RGA-", "Attic Salvage AS", "Bonus Beat BB", "Dust Jacket DJ-",
    "Encore Bureau EB", "Longplay Museum LPM",
)  # fmt: skip
OLD_TEXTS = ("Gatefold", "Laminated Sleeve", "Textured Sleeve", "Blue Labels", "Club Edition ")
NEW_TEXTS = ("Gatefold", "180 g", "Gatefold, 180 g", "Red", "Clear", "Green Marbled", "White ")
FANCY = 2000
"""The year from which vinyl is a luxury."""


@dataclass(frozen=True, slots=True)
class Pressing:
    """One edition and the copies of it."""

    album: Album
    copies: int
    format: str = ""
    """Its primary format."""
    year: int = 0
    original: bool = False
    """Whether it came out with the album."""


def pressings(albums: Sequence[Album], dice: Dice) -> list[Pressing]:
    """Editions of all albums, with formats by quota and years that fit them."""
    loose = [edition for album in albums for edition in _editions(album, dice)]
    return [_dated(edition, dice) for edition in _with_formats(loose, dice)]


def _editions(album: Album, dice: Dice) -> list[Pressing]:
    """Mostly another pressing for each copy, now and then the same one twice."""
    copies: list[int] = []
    for _ in range(album.copies):
        if copies and dice.chance(0.12):
            copies[-1] += 1
        else:
            copies.append(1)
    return [Pressing(album, owned) for owned in copies]


def _with_formats(loose: Sequence[Pressing], dice: Dice) -> list[Pressing]:
    """Fill each quota with the editions that suit the format best; the rest are CDs."""
    formats: dict[int, str] = {}
    for name, quota in QUOTAS.items():
        left = quota
        suits = _SUITS[name]
        marks = [(suits(edition) * dice.between(0.2, 1), at) for at, edition in enumerate(loose)]
        for _, at in sorted(marks, reverse=True):
            if at not in formats and loose[at].copies <= (
                left if name == "Vinyl" else min(left, 1)
            ):
                formats[at] = name
                left -= loose[at].copies
    return [replace(edition, format=formats.get(at, "CD")) for at, edition in enumerate(loose)]


def _suits_dvd(edition: Pressing) -> float:
    return float(edition.album.title.startswith("Live")) * 2 + edition.album.copies / 10


def _suits_file(edition: Pressing) -> float:
    return float(edition.album.year >= 2005) * edition.album.scene.tape


def _suits_sacd(edition: Pressing) -> float:
    return float(edition.album.genres[0] in ("Classical", "Jazz"))


def _suits_box(edition: Pressing) -> float:
    grand = ("Sessions", "Recordings", "Singles", "The Best", ":")
    return edition.album.copies / 4 + 2 * any(word in edition.album.title for word in grand)


def _suits_cassette(edition: Pressing) -> float:
    year = edition.album.year
    return edition.album.scene.tape * (2.0 if 1977 <= year <= 1997 or year >= 2010 else 0.5)


def _suits_vinyl(edition: Pressing) -> float:
    year = edition.album.year
    age = 1.25 if year < 1986 else 0.55 if year < 2006 else 0.95
    return edition.album.scene.vinyl * age


_SUITS: dict[str, Callable[[Pressing], float]] = {
    "DVD": _suits_dvd,
    "File": _suits_file,
    "SACD": _suits_sacd,
    "Box Set": _suits_box,
    "Cassette": _suits_cassette,
    "Vinyl": _suits_vinyl,
}
_RANGES = {
    "CD": (1986, 2019),
    "DVD": (2000, 2014),
    "File": (2006, LAST_YEAR),
    "SACD": (2000, 2018),
    "Box Set": (1992, LAST_YEAR),
    "Cassette": (1974, 1996),
    "Vinyl": (1960, LAST_YEAR),
}
"""When each format was pressed."""


def _dated(edition: Pressing, dice: Dice) -> Pressing:
    """The original where the format allows it and luck has it, else a reissue."""
    first, last = _RANGES[edition.format]
    year = edition.album.year
    boxed = edition.format in ("Box Set", "SACD", "DVD") and year < LAST_YEAR - 2
    possible = first <= year and (year <= last or year > 2008) and not boxed
    if possible and (year == FIRST_YEAR or dice.chance(0.62)):
        return replace(edition, year=year, original=True)
    earliest = max(year + 1, first)
    if edition.format == "Vinyl" and dice.chance(0.55):
        earliest = max(earliest, 2008)
    latest = max(earliest, min(last, LAST_YEAR))
    pressed = min(LAST_YEAR, dice.whole(earliest, latest))
    return replace(edition, year=pressed, original=pressed == year)


def format_entries(edition: Pressing, dice: Dice) -> list[dict[str, Any]]:
    """The `formats` of the payload; the first that is not "All Media" is the primary one."""
    again = [] if edition.original else [dice.pick(("Reissue", "Reissue", "Repress", "Remastered"))]
    kind = ["Compilation"] if edition.album.credit.artists[0] == VARIOUS else ["Album"]
    if "EP" in edition.album.title.split():
        kind = ["EP"]
    match edition.format:
        case "Vinyl":
            entries = _vinyl(edition, kind + again, dice)
        case "CD":
            entries = _cd(kind + again, dice)
        case "Box Set":
            inside, size = dice.pick((("CD", []), ("Vinyl", ["LP"])))
            discs = entry(inside, dice.whole(2, 7), [*size, *kind])
            entries = [entry("Box Set", 1, ["Compilation", "Limited Edition"]), discs]
        case "File":
            entries = [entry("File", dice.whole(5, 14), [dice.pick(("FLAC", "WAV")), *kind])]
        case "Cassette":
            text = dice.pick(("", "", "Dolby", "Clear Shell", "Chrome"))
            entries = [entry("Cassette", 1, kind, text)]
        case other:
            entries = [entry(other, 1, [SPECIAL[other], "Multichannel", *kind])]
    return entries


def _vinyl(edition: Pressing, words: list[str], dice: Dice) -> list[dict[str, Any]]:
    size = '12"' if "EP" in words else "LP"
    plain = dice.chance(0.55 if edition.year >= FANCY else 0.85)
    text = "" if plain else dice.pick(NEW_TEXTS if edition.year >= FANCY else OLD_TEXTS)
    quantity = dice.weighted((1, 2, 3), (9, 1.2, 0.1))
    sound = [dice.pick(("Stereo", "Mono"))] if edition.year < 1970 else []
    disc = entry("Vinyl", quantity, [size, *words, *sound], text)
    if dice.chance(0.03):
        return [entry("All Media", 1, ["Limited Edition", "Numbered"]), disc]
    if edition.year > 2008 and dice.chance(0.05):
        return [disc, entry("CD", 1, ["Album"])]
    return [disc]


def _cd(words: list[str], dice: Dice) -> list[dict[str, Any]]:
    disc = entry("CD", dice.weighted((1, 2, 3), (12, 1, 0.1)), words)
    if dice.chance(0.03):
        return [entry("All Media", 1, ["Deluxe Edition"]), disc, entry("DVD", 1, ["DVD-Video"])]
    if dice.chance(0.03):
        return [disc, entry("DVD", 1, ["DVD-Video", "PAL"])]
    return [disc]


def entry(name: str, quantity: int, descriptions: list[str], text: str = "") -> dict[str, Any]:
    """One of a payload's formats; without text or descriptions the keys are left out."""
    made: dict[str, Any] = {"name": name, "qty": str(quantity)}
    if text:
        made["text"] = text
    if descriptions:
        made["descriptions"] = descriptions
    return made


def label_entries(edition: Pressing, dice: Dice) -> list[dict[str, Any]]:
    """The `labels` of the payload; some are the artists' own and have no number."""
    album = edition.album
    if edition.format == "File" or (album.scene.tape > 1 and dice.chance(0.1)):
        own = f"Not On Label ({album.credit.artists[0].name} Self-released)"
        return [_label(own, "none")]
    late = not edition.original and edition.year - album.year > 15 and dice.chance(0.7)
    choices = REISSUE_LABELS if late else album.scene.labels
    at = min(dice.below(len(choices)), dice.below(len(choices)))
    name, _, start = choices[at].strip().rpartition(" ")
    gap = " " if choices[at].endswith(" ") else ""
    number = 100 * (edition.year % 100) + album.number % 97
    labels = [_label(name, f"{start}{gap}{number}")]
    if dice.chance(0.06):
        labels.append(_label(name, f"{start}{gap}{number}-{dice.pick(('A', 'LP', 'X', '2'))}"))
    return labels


def _label(name: str, number: str) -> dict[str, Any]:
    label_id = 9_000_000 + crc32(name.encode()) % 900_000
    return {
        "name": name,
        "catno": number,
        "entity_type": "1",
        "entity_type_name": "Label",
        "id": label_id,
        "resource_url": f"https://api.discogs.com/labels/{label_id}",
    }
