"""Parallel requests over real connections: how many, in which order, and how they end."""

import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from threading import Condition

import pytest

from generator.demo.api import Person
from generator.discogs.client import Discogs
from generator.discogs.oauth import signer
from generator.discogs.pacing import Pacing
from generator.discogs.reading import read_collection
from generator.domain.account import PersonalToken
from generator.errors import NotFound, Refused, Unreadable
from tests import faults
from tests.discogs.wire import make_item, make_transport
from tests.standin import StandIn

ROUND_TRIP = 0.05
"""Seconds a response takes where that matters."""
NEVER = 60.0
"""Seconds a response takes that nobody should wait for."""
DAY = "2024-05-01T09:30:00-07:00"
COPIES = {
    pages: [make_item(n, date_added=DAY) for n in range(100 * pages - 98)] for pages in (9, 14)
}
"""So many copies that they fill so many pages, the last of them with one."""


class Watched(StandIn):
    """A Discogs that notes when requests arrive, and how many wait for a late response together."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.arrivals: list[float] = []
        self.before_request.append(lambda _: self.arrivals.append(time.monotonic()))
        self.together = 1
        """The number that must wait before the first late response is sent."""
        self.waiting = self.most = self.sent = 0
        """Those that wait now, the most there were at once, and the late responses sent."""
        self.news = Condition()

    def wait(self, seconds):
        with self.news:
            self.waiting += 1
            self.most = max(self.most, self.waiting)
            self.news.notify_all()
            self.news.wait_for(lambda: self.most >= self.together, NEVER)
        super().wait(seconds)
        with self.news:
            self.waiting -= 1
            self.sent += 1


def standin(pages, window=60.0):
    person = Person("demo", id=77, copies=list(COPIES[pages]), token="pat-123")
    return Watched([person], window=window)


def client(discogs, pacing=None, *, is_anonymous=False, **options):
    """The owner's client, or an anonymous one, on a real clock."""
    auth = None if is_anonymous else signer(PersonalToken("pat-123"), None)
    pacing = pacing or Pacing(discogs.limit.seconds)
    return Discogs(make_transport(discogs.url, pacing, auth, **options))


def opened(discogs, pacing=None, **options):
    """A client that has read page 1, so that the quota is known."""
    one = client(discogs, pacing, **options)
    list(one.fetch_pages("demo", [1]))
    return one


def fetch(one, numbers):
    """The numbers of the pages, as they arrive."""
    return [page.page for page in one.fetch_pages("demo", numbers)]


def read(one):
    """The ids of a whole reading."""
    reading = read_collection(
        lambda numbers: one.fetch_pages("demo", numbers), lambda: datetime.now(UTC), lambda *_: None
    )
    return {copy.instance_id for copy in reading.collection.copies}


def ids(pages):
    return {item["instance_id"] for item in COPIES[pages]}


def asked(discogs):
    """The pages asked for, in the order of their arrival."""
    return [int(request.query["page"]) for request in discogs.requests]


def statuses(discogs):
    return Counter(request.status for request in discogs.requests)


@pytest.mark.parametrize("concurrency", [1, 2, 6])
def test_as_many_requests_are_in_flight_as_allowed(concurrency):
    with standin(14) as discogs:
        one = opened(discogs, concurrency=concurrency)
        discogs.together = concurrency
        discogs.add_fault(faults.late(ROUND_TRIP), times=None)
        pages = fetch(one, range(2, 15))

    assert sorted(pages) == list(range(2, 15))
    assert discogs.most == concurrency


def test_the_first_and_the_last_page_are_asked_for_alone():
    with standin(9) as discogs:
        discogs.add_fault(faults.late(ROUND_TRIP), times=None)
        assert read(client(discogs)) == ids(9)
        pages, arrivals = asked(discogs), discogs.arrivals

    assert (pages[:2], sorted(pages[2:-1]), pages[-1]) == ([1, 9], [1, 2, 3, 4, 5, 6, 7, 8], 9)
    for earlier, later in ((0, 1), (1, 2), (-2, -1)):
        assert arrivals[later] - arrivals[earlier] >= ROUND_TRIP


def test_requests_refused_together_cost_one_pause():
    window = 0.5
    with standin(14, window=window) as discogs:
        one = opened(discogs)
        discogs.together = 6
        discogs.add_fault(replace(faults.too_fast(), delay=ROUND_TRIP), times=6)
        pages = fetch(one, range(2, 15))
        arrivals = discogs.arrivals[1:]

    assert sorted(pages) == list(range(2, 15))
    assert [request.status for request in discogs.requests[1:7]] == [429] * 6
    assert statuses(discogs) == {200: 14, 429: 6}
    assert arrivals[6] - arrivals[5] >= window


def test_only_the_refused_page_is_asked_for_again():
    with standin(14) as discogs:
        discogs.add_fault(faults.too_fast("0.5"), faults.on_page(4))
        assert read(client(discogs)) == ids(14)
        pages, arrivals = asked(discogs), discogs.arrivals

    refused, again = (number for number, page in enumerate(pages) if page == 4)
    assert Counter(pages) == Counter(range(1, 15)) + Counter([1, 14, 4])
    assert statuses(discogs) == {200: 16, 429: 1}
    assert arrivals[again] - arrivals[refused] >= 0.5


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.refused(404, "The requested resource was not found."), NotFound),
        (faults.refused(403, "You don't have permission to access this resource."), Refused),
        (None, Unreadable),
    ],
)
def test_a_permanent_failure_ends_the_run_at_once(fault, error):
    with standin(14) as discogs:
        if fault:
            discogs.add_fault(fault, faults.on_page(4))
        else:
            untitled = make_item(350, date_added=DAY, basic={"title": None})
            discogs.people["demo"].copies[350] = untitled
        discogs.add_fault(
            faults.late(NEVER), lambda one: one.query["page"] not in {"1", "4"}, times=None
        )
        one = opened(discogs)
        with pytest.raises(error):
            fetch(one, range(2, 15))
        sent = discogs.sent

    assert sent == 0
    assert set(asked(discogs)) <= {1, 2, 3, 4, 5, 6, 7}


def test_pages_are_returned_as_they_arrive():
    with standin(9) as discogs:
        discogs.add_fault(faults.late(NEVER), faults.on_page(2))
        pages = opened(discogs).fetch_pages("demo", range(2, 9))
        early = [next(pages).page for _ in range(6)]
        sent = discogs.sent
        pages.close()

    assert (sorted(early), sent) == ([3, 4, 5, 6, 7, 8], 0)


def test_each_page_has_attempts_of_its_own():
    pacing = Pacing(
        clock=lambda: 10 * time.monotonic(), sleep=lambda seconds: time.sleep(seconds / 10)
    )
    with standin(9) as discogs:
        for page, fault in ((2, faults.RESET), (3, faults.TRUNCATED), (5, faults.MAINTENANCE)):
            discogs.add_fault(fault, faults.on_page(page))
        assert read(client(discogs, pacing)) == ids(9)

    assert Counter(asked(discogs)) == Counter([*range(1, 10), 1, 9, 2, 3, 5])


@pytest.mark.parametrize("seed", range(3))
def test_an_honest_discogs_refuses_nothing(seed):
    dice = Random(seed)  # noqa: S311 - an order, not a secret
    with standin(14, window=1.0) as discogs:
        if seed == 2:
            discogs.before_request.append(
                lambda _: setattr(discogs, "rate_headers", dice.random() > 0.3)
            )
        else:
            discogs.foreign_requests(dice.choice([0, 10, 30, 50, 59]))
        discogs.add_fault(faults.late(dice.choice([0.0, 0.02, 0.1])), times=None)
        pacing = Pacing(1.0)
        assert read(client(discogs, pacing)) == ids(14)
        assert read(client(discogs, pacing, is_anonymous=bool(seed % 2))) == ids(14)

    assert statuses(discogs) == {200: 2 * 16}
