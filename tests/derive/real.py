"""Real collections: the copies as Discogs sent them, and the rows we make of them."""

import json
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from generator.derive.rows import Row, rows
from generator.discogs.payloads import parse_page
from generator.domain.collection import Collection, Snapshot
from tests.derive.recount import items_of
from tests.factories import make_master, make_snapshot

NAMES = ["cc0-2554", "real-500", "real-155"]
LAST_YEAR = 2027
"""The year after the one in which tests take place."""


@dataclass(frozen=True)
class Real:
    """One collection, read by us and once more by `recount`."""

    copies: list[dict[str, Any]]
    snapshot: Snapshot
    rows: tuple[Row, ...]
    items: list[dict[str, Any]]
    """What releases.json has to hold, newest first."""


def real_collection(real_data, name, enriched=False, zone=UTC):
    """A collection by the name of its file, with invented master data when `enriched`."""
    payload = json.loads((real_data / "collections" / f"{name}.json").read_text("utf-8"))
    copies = payload["releases"] if isinstance(payload, dict) else payload
    whole = {"page": 1, "pages": 1, "items": len(copies)}
    page = parse_page({"pagination": whole, "releases": copies}, 1)
    snapshot = make_snapshot(Collection(page.copies, page.releases))
    masters = some_masters(copies) if enriched else {}
    known = {number: make_master(number, **facts) for number, facts in masters.items()}
    found = rows(snapshot, known, "https://i.discogs.com", zone)
    return Real(copies, snapshot, found, items_of(copies, masters, LAST_YEAR))


def some_masters(copies):
    """Invented master data for two of three albums: some of it empty, some of it impossible."""
    ids = sorted({copy["basic_information"]["master_id"] for copy in copies} - {0, None})
    return {
        number: {
            "year": (None, 1971, 1876, 2027, 2028, 1955)[place % 6],
            "genres": ([], ["Jazz"], ["Rock", "Folk, World, & Country"])[place % 3],
            "styles": ([], [], ["Modal", "Dub"])[place % 3],
        }
        for place, number in enumerate(ids)
        if place % 3
    }
