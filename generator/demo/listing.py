"""Pages of a collection: order, clamping, and the addresses of the neighbouring pages."""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from random import Random
from typing import Any
from urllib.parse import urlencode

from generator.demo.people import Item

MOST_PER_PAGE = 100


def _info(item: Item) -> dict[str, Any]:
    info: dict[str, Any] = item.get("basic_information", {})
    return info


def _first(item: Item, key: str, field: str) -> str:
    entries = _info(item).get(key) or [{}]
    return str(entries[0].get(field, "")).casefold()


@lru_cache(100_000)
def _moment(sent: str) -> float:
    return datetime.fromisoformat(sent).timestamp()


def _added(item: Item) -> float:
    sent = item.get("date_added")
    return _moment(sent) if sent else -math.inf


SORTS: Mapping[str, Callable[[Item], Any]] = {
    "added": _added,
    "artist": lambda item: _first(item, "artists", "name"),
    "title": lambda item: str(_info(item).get("title", "")).casefold(),
    "year": lambda item: _info(item).get("year") or 0,
    "label": lambda item: _first(item, "labels", "name"),
    "catno": lambda item: _first(item, "labels", "catno"),
    "format": lambda item: _first(item, "formats", "name"),
    "rating": lambda item: item.get("rating", 0),
}


def ordered(items: Sequence[Item], query: Mapping[str, str], ties: Random | None) -> list[Item]:
    """Items in the order asked for; equal ones by instance id, or by chance with `ties`."""
    pool = sorted(items, key=lambda item: item.get("instance_id", 0))
    if ties is not None:
        ties.shuffle(pool)
    key = SORTS.get(query.get("sort", "added"), _added)
    return sorted(pool, key=key, reverse=query.get("sort_order") == "desc")


def clamped(query: Mapping[str, str], name: str, default: int, most: int | None = None) -> int:
    """A number of the query, brought into its range; nonsense counts as the default."""
    sent = query.get(name, "")
    try:
        number = int(sent)
    except ValueError:
        number = default
    number = max(1, number)
    return number if most is None else min(number, most)


def page_of(items: Sequence[Item], query: Mapping[str, str], address: str) -> Item | None:
    """One page as Discogs' JSON has it, or None past the last page."""
    page = clamped(query, "page", 1)
    per_page = clamped(query, "per_page", 50, MOST_PER_PAGE)
    pages = max(1, -(-len(items) // per_page))
    if page > pages:
        return None
    start = (page - 1) * per_page
    pagination = {
        "page": page,
        "pages": pages,
        "per_page": per_page,
        "items": len(items),
        "urls": _urls(address, query, {"page": page, "pages": pages, "per_page": per_page}),
    }
    return {"pagination": pagination, "releases": list(items[start : start + per_page])}


def _urls(address: str, query: Mapping[str, str], at: Mapping[str, int]) -> dict[str, str]:
    numbers: dict[str, int] = {}
    if at["page"] > 1:
        numbers |= {"first": 1, "prev": at["page"] - 1}
    if at["page"] < at["pages"]:
        numbers |= {"next": at["page"] + 1, "last": at["pages"]}
    kept = {name: query[name] for name in ("sort", "sort_order") if name in query}
    return {
        name: f"{address}?{urlencode({**kept, 'per_page': at['per_page'], 'page': number})}"
        for name, number in numbers.items()
    }
