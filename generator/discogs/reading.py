"""Reading a whole collection from pages that may move while they are read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from generator.domain.collection import Collection, CollectionPage, Copy, InstanceId
from generator.domain.release import Release, ReleaseId
from generator.errors import Drifting, NotFound

READINGS = 4
"""A first reading and at most three more."""

_NEVER = datetime.min.replace(tzinfo=UTC)

FetchPage = Callable[[int], CollectionPage]
Progress = Callable[[int, int, int], None]
"""Called with requests answered, requests needed, and the copies Discogs reports."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A collection that is proven to be whole, and when its reading began."""

    collection: Collection
    started: datetime


def read_collection(
    fetch_page: FetchPage, now: Callable[[], datetime], where: str, progress: Progress
) -> Reading:
    """Read until a reading is proven whole. Raises Drifting when none of them was.

    The proof is a sandwich: page 1, the last page, all the others, the last page again. Copies are
    appended, so whatever is added, removed, or exchanged in between changes the last page.
    """
    union = _Union()
    for _ in range(READINGS):
        started = now()
        pages = list(_sandwich(fetch_page, progress))
        for page in pages:
            union.add(page, started)
        if pages and _is_whole(pages):
            return Reading(_collection(_kept(pages)), started)
        if pages and union.is_whole():
            return Reading(_collection(union.pages), union.started)
    raise Drifting(where, f"the collection changed during each of {READINGS} readings")


def _sandwich(fetch_page: FetchPage, progress: Progress) -> Iterator[CollectionPage]:
    """The pages in the order they are asked for; ends early once the collection has moved."""
    first = fetch_page(1)
    order = [] if first.pages <= 1 else [first.pages, *range(1, first.pages), first.pages]
    progress(1, 1 + len(order), first.items)
    yield first
    for done, number in enumerate(order, start=2):
        try:
            page = fetch_page(number)
        except NotFound:
            if number == 1:
                raise
            return
        progress(done, 1 + len(order), first.items)
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


@dataclass(slots=True)
class _Union:
    """All pages read while the collection stood still, but for the order among equal dates.

    Copies added in the very same second may change places from request to request. Then no single
    reading need be whole, but the dates on the last page stay what they were, and whatever is
    added is newer than all of them. So pages that lie between two readings of the last page with
    the same dates show one and the same collection; other dates start the union anew.
    """

    started: datetime = _NEVER
    items: int = -1
    dates: tuple[str, ...] | None = None
    """Those of the last page; None until it was read."""
    pages: list[CollectionPage] = field(default_factory=list)

    def add(self, page: CollectionPage, started: datetime) -> None:
        dates = tuple(copy.date_added for copy in page.copies) if _is_last(page) else None
        if page.items != self.items or (_is_last(page) and dates != self.dates):
            self.started, self.items, self.dates, self.pages = started, page.items, dates, []
        self.pages.append(page)

    def is_whole(self) -> bool:
        between = self.dates is not None and _is_last(self.pages[-1])
        ids = {copy.instance_id for page in self.pages for copy in page.copies}
        return between and len(ids) == self.items


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
