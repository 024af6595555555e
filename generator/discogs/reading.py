"""Reading a whole collection from pages that may shift while they are read."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from generator.domain.collection import (
    Collection,
    CollectionPage,
    Copy,
    InstanceId,
    Release,
    ReleaseId,
)
from generator.errors import Drifting, NotFound

READINGS = 4  # a first reading and at most three more

_NEVER = datetime.min.replace(tzinfo=UTC)

FetchPages = Callable[[Sequence[int]], Generator[CollectionPage, None, None]]
"""Pages by number, in the order they arrive; closing it abandons requests in flight."""
Progress = Callable[[int, int, int], None]
"""Called with requests done, requests needed, and the copies Discogs reports."""


class Reading(NamedTuple):
    """A collection that is proven whole, and the start of its reading."""

    collection: Collection
    started: datetime


def read_collection(
    fetch_pages: FetchPages, now: Callable[[], datetime], progress: Progress
) -> Reading:
    """Read until a reading is proven whole. Raises Drifting if none of them is.

    The proof is a sandwich: page 1, the last page, all the others, the last page again. Copies are
    appended, so an addition, a removal or an exchange in between changes the last page. Where
    copies of one second change places, an addition shows by its number, the greatest.
    """
    union = _Union()
    for _ in range(READINGS):
        started = now()
        pages = list(_sandwich(fetch_pages, progress))
        for page in pages:
            union.add(page, started)
        if pages and _is_whole(pages) and union.holds(len(pages) - 1):
            return Reading(_collection(_kept(pages)), started)
        if pages and union.is_whole():
            return Reading(_collection(union.pages), union.started)
    raise Drifting("", f"the collection changed during each of {READINGS} readings")


def _sandwich(fetch_pages: FetchPages, progress: Progress) -> Iterator[CollectionPage]:
    """The pages in the order they arrive; ends early once the collection has changed."""
    (first,) = fetch_pages([1])
    total = 1 if first.pages <= 1 else first.pages + 2
    progress(1, total, first.items)
    yield first
    if total == 1:
        return
    last = [first.pages]
    done = 1
    # A page that is not found: the collection shrank while it was read.
    with suppress(NotFound):
        for part in (last, range(1, first.pages), last):
            with closing(fetch_pages(part)) as pages:
                for page in pages:
                    done += 1
                    progress(done, total, first.items)
                    yield page
                    if (page.items, page.pages) != (first.items, first.pages):
                        return


def _is_whole(pages: list[CollectionPage]) -> bool:
    first = pages[0]
    if first.pages > 1 and len(pages) != first.pages + 2:
        return False
    if any((page.items, page.pages) != (first.items, first.pages) for page in pages):
        return False
    ids = {copy.instance_id for page in _kept(pages) for copy in page.copies}
    return len(ids) == first.items and _ids(pages[-1]) == _ids(pages[min(1, len(pages) - 1)])


def _kept(pages: list[CollectionPage]) -> list[CollectionPage]:
    """The reading itself: the pages after the two that opened the sandwich."""
    return pages[2:] if len(pages) > 1 else pages


def _ids(page: CollectionPage) -> set[InstanceId]:
    return {copy.instance_id for copy in page.copies}


class _Union:
    """All pages read while the collection did not change, except the order among equal dates.

    Copies added in the very same second may change places from request to request. Then no single
    reading need be whole, but the dates on the last page stay the same, and an added copy has a
    greater number than all others. So pages between two readings of the last page with the same
    dates, whose recent copies have no greater number than known before, show one collection;
    anything else starts a new union.
    """

    def __init__(self) -> None:
        self.started = _NEVER
        self.items = -1
        self.latest = 0  # the greatest number of a recent copy
        self.dates: tuple[str, ...] | None = None  # those of the last page; None until it was read
        self.pages: list[CollectionPage] = []

    def add(self, page: CollectionPage, started: datetime) -> None:
        dates = self.dates if page.items == self.items else None
        if _is_last(page):
            dates = tuple(copy.date_added for copy in page.copies)
        latest = max(self.latest, *_recent(page, started), 0)
        if (page.items, latest, dates) != (self.items, self.latest, self.dates):
            self.started, self.pages = started, []
            self.items, self.latest, self.dates = page.items, latest, dates
        self.pages.append(page)

    def holds(self, pages: int) -> bool:
        """Whether it has not been started again during so many pages."""
        return len(self.pages) >= pages

    def is_whole(self) -> bool:
        between = self.dates is not None and _is_last(self.pages[-1])
        ids = {copy.instance_id for page in self.pages for copy in page.copies}
        return between and len(ids) == self.items


def _recent(page: CollectionPage, started: datetime) -> Iterator[InstanceId]:
    """Copies possibly added since the reading started, even if our clock is a day fast."""
    for copy in page.copies:
        if datetime.fromisoformat(copy.date_added) > started - timedelta(days=1):
            yield copy.instance_id


def _is_last(page: CollectionPage) -> bool:
    return page.page == page.pages


def _collection(pages: list[CollectionPage]) -> Collection:
    copies: dict[InstanceId, Copy] = {}
    releases: dict[ReleaseId, Release] = {}
    for page in pages:
        copies.update((copy.instance_id, copy) for copy in page.copies)
        releases.update(page.releases)
    return Collection(
        copies=tuple(copies[key] for key in sorted(copies)),
        releases={key: releases[key] for key in sorted(releases)},
    )
