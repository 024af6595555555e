"""What a built site shows of a collection: of which reading it is, and how many records it has."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

_SYNCED = re.compile(r'data-synced="([^"]*)"')


class Seen(NamedTuple):
    """The age and size of a collection in a published site."""

    synced_at: datetime
    records: int | None = None  # None where the data files are not published


def seen_in(site: Path, tree: str) -> Seen | None:
    """The collection of a tree in a site on this machine; None if it has no pages there."""

    def load(path: str) -> str | None:
        file = site / path
        return file.read_text("utf-8", "replace") if file.is_file() else None

    return seen(load, tree)


def seen(load: Callable[[str], str | None], tree: str) -> Seen | None:
    """The collection of a tree in a site whose files are given as texts by path.

    Without data files the home page tells the time.
    """
    text = load(f"{tree}collection/stats.json")
    try:
        if text:
            stats = json.loads(text)
            return Seen(_moment(stats["synced_at"]), int(stats["copies"]))
        page = _SYNCED.search(load(f"{tree}index.html") or "")
        return Seen(_moment(page[1])) if page else None
    except (ValueError, LookupError, TypeError):
        return None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment
