"""Discogs' own CSV export → domain: a collection without the API.

An export has no instance ids, covers, genres, masters or time zone, and joins several labels or
artists with commas that names contain too. Nothing is guessed: a text that cannot be taken apart
with certainty stays whole.
"""

import csv
import hashlib
import io
import re
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from generator.discogs.payloads import checked_instant, clean, whole
from generator.domain.collection import (
    ArtistCredit,
    Collection,
    Copy,
    Format,
    InstanceId,
    LabelCredit,
    Release,
    ReleaseId,
)
from generator.errors import UsageError

_COLUMNS = "Catalog#|Artist|Title|Label|Format|Released|release_id|Date Added".split("|")
_ZONE = ZoneInfo("America/Los_Angeles")  # Discogs writes Pacific wall time
_HINT = "export the collection again: discogs.com → Collection → Export"
_INNER_SUFFIX = re.compile(r" \(\d+\)(?=,| )")
_QUANTITY = re.compile(r"(\d{1,4})x(?=\S)")
_CARRIERS = {
    "Flexi": "Flexi-disc",
    "Lathe": "Lathe Cut",
    "Cass": "Cassette",
    "Reel": "Reel-To-Reel",
    "4-Trk": "4-Track Cartridge",
    "8-Trk": "8-Track Cartridge",
    "Box": "Box Set",
    "All": "All Media",
} | {
    name: name
    for name in (
        "Shellac Acetate CD CDr CDV SACD DVD DVDr Blu-ray Minidisc VHS DAT DCC File".split()
    )
}
"""The export's abbreviations of carriers; LP and sizes in inches are vinyl."""


def parse_export(text: bytes, where: str) -> Collection:
    """The collection in an export. Raises UsageError naming `where` and the line."""
    try:
        rows = csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""), strict=True)
        missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise UsageError(where, f"is not a Discogs export: no column {missing[0]}", _HINT)
        return _collection(rows, where)
    except (UnicodeDecodeError, csv.Error):
        raise UsageError(where, "is not a CSV file in UTF-8", _HINT) from None


def _collection(rows: "csv.DictReader[str]", where: str) -> Collection:
    copies: dict[InstanceId, Copy] = {}
    releases: dict[ReleaseId, Release] = {}
    numbers: Counter[tuple[int, str]] = Counter()
    for row in rows:
        cells = {name: clean(cell or "") for name, cell in row.items() if isinstance(name, str)}
        release_id, date = ReleaseId(whole(cells["release_id"])), _date_added(cells["Date Added"])
        if not release_id or not date:
            what = f"line {rows.line_num} has no release_id or no date like 2020-11-18 19:17:05"
            raise UsageError(where, what, _HINT)
        numbers[release_id, date] += 1
        instance = _instance_id(f"{release_id} {date} {numbers[release_id, date]}")
        rating = cells.get("Rating", "")
        copies[instance] = Copy(
            instance, release_id, date, int(rating) if rating in set("012345") else 0, 0
        )
        releases[release_id] = _release(release_id, cells)
    return Collection(
        tuple(copies[key] for key in sorted(copies)),
        {key: releases[key] for key in sorted(releases)},
    )


def _date_added(text: str) -> str:
    """The date as the API sends it; "" for a text without one."""
    try:
        added = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_ZONE)
        return checked_instant(added.isoformat())
    except ValueError:
        return ""


def _instance_id(text: str) -> InstanceId:
    """A number that stays the same when the export is imported again."""
    return InstanceId(int.from_bytes(hashlib.sha256(text.encode()).digest()[:6]))


def _release(release_id: ReleaseId, cells: dict[str, str]) -> Release:
    year = cells["Released"][:4]
    artist = _INNER_SUFFIX.sub("", cells["Artist"])
    return Release(
        id=release_id,
        master_id=None,
        title=cells["Title"],
        year=int(year) or None if year.isdecimal() else None,
        artists=(ArtistCredit(None, artist, "", ""),) if artist else (),
        labels=tuple(_labels(cells["Label"], cells["Catalog#"])),
        formats=tuple(_formats(cells["Format"])),
        genres=(),
        styles=(),
        thumb=None,
        cover=None,
    )


def _labels(names: str, numbers: str) -> list[LabelCredit]:
    """As many labels as numbers are pairs; otherwise all of it is one label."""
    if not names:
        return []
    split_names, split_numbers = names.split(", "), numbers.split(", ")
    if len(split_names) != len(split_numbers):
        split_names, split_numbers = [names], [numbers]
    known = [None if number.lower() in ("", "none") else number for number in split_numbers]
    return [
        LabelCredit(None, name, number) for name, number in zip(split_names, known, strict=True)
    ]


def _formats(text: str) -> list[Format]:
    """The entries of "2xLP, Album, Gat + CD, Comp"; one without a carrier is for all media."""
    found: list[Format] = []
    for entry in filter(None, text.split(" + ")):
        quantity = _QUANTITY.match(entry)
        lead, *rest = entry[quantity.end() if quantity else 0 :].split(", ")
        if lead == "LP" or re.fullmatch(r"[\d½¼¾.]+\"", lead):
            carrier, words = "Vinyl", [lead, *rest]
        elif lead in _CARRIERS or not found:
            carrier, words = _CARRIERS.get(lead, lead), rest
        else:
            carrier, words = "All Media", [lead, *rest]
        found.append(Format(carrier, int(quantity[1]) if quantity else 1, tuple(words), ""))
    return found
