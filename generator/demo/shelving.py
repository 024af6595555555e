"""When each copy of the sample came into the house, and what its owner noted about it."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from generator.demo.albums import VARIOUS
from generator.demo.dice import Dice
from generator.demo.people import Item

PACIFIC = ZoneInfo("America/Los_Angeles")
IMPORT = datetime(2009, 5, 17, 21, 14, 33, tzinfo=PACIFIC)
"""When sixty copies came in at once."""
IMPORTED = 60
LAST_DAY = datetime(2026, 10, 30, tzinfo=PACIFIC)
LATEST = tuple(
    datetime(2026, 11, day, hour, minute, 0, tzinfo=PACIFIC) + timedelta(seconds=second)
    for day, hour, minute, second in (
        (3, 18, 22, 40),
        (8, 11, 5, 12),
        (14, 15, 47, 3),
        (14, 15, 52, 31),
        (14, 16, 8, 55),
        (18, 20, 31, 9),
        (19, 19, 40, 26),
        (19, 19, 44, 58),
    )
)
"""The latest additions, so that the newest page is always worth looking at."""
FOLDERS = {3_111_201: "Jazz room", 3_111_202: "Kay's shelf", 3_111_203: "To be sold"}

A_YEAR = (
    (2009, 190), (2010, 66), (2011, 58), (2012, 61), (2013, 55), (2014, 72), (2015, 80),
    (2016, 64), (2017, 71), (2018, 76), (2019, 83), (2020, 118), (2021, 102), (2022, 77),
    (2023, 74), (2024, 68), (2025, 64), (2026, 50),
)  # fmt: skip
"""How many copies came in each year, the import aside."""

GROWTH = (
    (2009.0, 3_000_000), (2012.0, 38_000_000), (2015.0, 120_000_000), (2018.0, 280_000_000),
    (2021.4, 716_000_000), (2024.0, 1_480_000_000), (2026.0, 2_096_000_000),
    (2026.6, 2_171_000_000), (2027.0, 2_230_000_000),
)  # fmt: skip
"""Discogs' instance ids in the course of the years."""

FAVOURITE = 8
"""Copies by one artist that make them a favourite."""

SHOPS = (
    "Plattenkiste",
    "the flea market",
    "Tower, last week ever",
    "Ed's estate",
    "record fair, table 14",
    "a gift from Kay",
)


def shelved(releases: Sequence[tuple[Item, int]], dice: Dice) -> list[Item]:
    """One collection item for each copy, oldest first."""
    waiting = dice.shuffled([release for release, copies in releases for _ in range(copies)])
    finds = _finds(waiting)
    waiting = [release for release in waiting if release not in finds]
    moments = [*_moments(len(waiting), dice), *LATEST]
    items = []
    instance = 0
    for moment in moments:
        release = _take(waiting or finds, moment.year)
        instance = max(instance + dice.whole(1, 40), _instance(moment) + dice.below(200))
        items.append(_item(release, instance, moment, dice))
    return items


def _finds(waiting: Sequence[Item]) -> list[Item]:
    """What the latest additions are: single copies with a cover, each by another favourite."""
    artists = Counter(release["artists"][0]["id"] for release in waiting)
    owned = Counter(release["id"] for release in waiting)
    finds: dict[int, Item] = {}
    for release in waiting:
        artist = release["artists"][0]["id"]
        liked = artists[artist] >= FAVOURITE and artist != VARIOUS.id
        if liked and release["thumb"] and release["master_id"] and owned[release["id"]] == 1:
            finds.setdefault(artist, release)
    return list(finds.values())[: len(LATEST)]


def _take(waiting: list[Item], year: int) -> Item:
    """The next release that was already out by that year."""
    at = next((at for at, release in enumerate(waiting) if release["year"] <= year), 0)
    return waiting.pop(at)


def _moments(count: int, dice: Dice) -> list[datetime]:
    """When the copies came, in order: the import, and hauls of one to nine at a time."""
    moments = [IMPORT] * IMPORTED
    wanted = dict(A_YEAR)
    wanted[2009] += count - IMPORTED - sum(wanted.values())
    for year, copies in wanted.items():
        left = copies
        while left:
            haul = min(left, dice.weighted((1, 2, 3, 5, 9), (8, 4, 3, 2, 1)))
            moments += _haul(year, haul, dice)
            left -= haul
    return sorted(moments)


def _haul(year: int, copies: int, dice: Dice) -> list[datetime]:
    """One evening's additions, a few minutes apart, now and then in the same second."""
    first = IMPORT + timedelta(days=1) if year == 2009 else datetime(year, 1, 1, tzinfo=PACIFIC)
    last = min(datetime(year, 12, 31, tzinfo=PACIFIC), LAST_DAY)
    day = first + timedelta(days=dice.below((last - first).days + 1))
    moment = day.replace(hour=dice.whole(9, 21), minute=dice.below(60), second=dice.below(60))
    moments = []
    for _ in range(copies):
        moments.append(moment)
        moment += timedelta(seconds=0 if dice.chance(0.08) else dice.whole(25, 400))
    return moments


def _instance(moment: datetime) -> int:
    """Roughly the instance id Discogs had reached by then."""
    start = datetime(moment.year, 1, 1, tzinfo=UTC)
    when = moment.year + (moment.astimezone(UTC) - start).days / 366
    at = bisect_left([year for year, _ in GROWTH], when)
    (from_year, low), (to_year, high) = GROWTH[max(0, at - 1)], GROWTH[max(1, at)]
    return int(low + (high - low) * (when - from_year) / (to_year - from_year))


def _item(release: Item, instance: int, moment: datetime, dice: Dice) -> Item:
    rating = dice.weighted((0, 3, 4, 5), (88, 2, 5, 5))
    item: Item = {
        "id": release["id"],
        "instance_id": instance,
        "date_added": moment.isoformat(timespec="seconds"),
        "rating": rating,
        "basic_information": release,
        "folder_id": dice.weighted((1, *FOLDERS), (12, 3, 2, 0.5)),
    }
    notes = _notes(dice)
    return item | ({"notes": notes} if notes else {})


def _notes(dice: Dice) -> list[dict[str, Any]]:
    """Condition of disc and sleeve, and sometimes words, as only the owner sees them."""
    if dice.chance(0.6):
        return []
    grades = ("Mint (M)", "Near Mint (NM or M-)", "Very Good Plus (VG+)", "Very Good (VG)")
    notes: list[dict[str, Any]] = [
        {"field_id": 1, "value": dice.pick(grades)},
        {"field_id": 2, "value": dice.pick((*grades, "Generic", ""))},
    ]
    if dice.chance(0.5):
        words = f"Paid {dice.whole(2, 48)} EUR at {dice.pick(SHOPS)}\n"
        notes.append({"field_id": 3, "value": words})
    return notes
