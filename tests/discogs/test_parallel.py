"""Several requests at once over real connections: how many, how soon, and how they end."""

import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from threading import Condition

import pytest

from generator.demo import Person, StandIn, faults
from generator.discogs.client import Discogs
from generator.discogs.oauth import signer
from generator.discogs.pacing import Pacing
from generator.discogs.reading import read_collection
from generator.domain.account import PersonalToken
from generator.errors import NotFound, RateLimited, Refused, Unreadable
from tests.discogs.wire import make_item, make_transport

ROUND_TRIP = 0.05
"""Seconds an answer takes where that matters."""
NEVER = 60.0
"""Seconds an answer takes that nobody is to wait for."""


def shelf(pages):
    """As many copies as fill so many pages, the last of them with a single one."""
    return [
        make_item(n, date_added="2024-05-01T09:30:00-07:00") for n in range(100 * pages - 99 + 1)
    ]


SHELVES = {pages: shelf(pages) for pages in (9, 14, 35)}


class Watched(StandIn):
    """A Discogs that notes when requests arrive, and how many wait for a late answer together."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.arrivals: list[float] = []
        self.before_request.append(lambda _: self.arrivals.append(time.monotonic()))
        self.together = 1
        """So many must wait before the first late answer is sent."""
        self.waiting = self.most = self.sent = 0
        """Those that wait now, the most there were at once, and the late answers sent."""
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
    """A Discogs where demo has so many pages."""
    person = Person("demo", id=77, copies=list(SHELVES[pages]), token="pat-123")
    return Watched([person], window=window)


def hurried(window=60.0):
    """A pacing whose time passes ten times as fast."""
    clock, sleep = (lambda: 10 * time.monotonic()), (lambda seconds: time.sleep(seconds / 10))
    return Pacing(window, clock=clock, sleep=sleep)


def client(discogs, pacing=None, *, stranger=False, **patience):
    """The owner's way to it, or that of a stranger, on a real clock."""
    auth = None if stranger else signer(PersonalToken("pat-123"), None)
    pacing = pacing or Pacing(discogs.limit.seconds)
    return Discogs(make_transport(discogs.url, pacing, auth, **patience), "demo")


def read(one):
    """The ids of a whole reading."""
    fetch = lambda numbers: one.fetch_pages("demo", numbers)  # noqa: E731
    reading = read_collection(fetch, lambda: datetime.now(UTC), "demo", lambda *_: None)
    return {copy.instance_id for copy in reading.collection.copies}


def whole(pages):
    return {item["instance_id"] for item in SHELVES[pages]}


def asked(discogs):
    """The pages asked for, in the order of their arrival."""
    return [int(request.query["page"]) for request in discogs.requests]


def statuses(discogs):
    return Counter(request.status for request in discogs.requests)


@pytest.mark.parametrize("at_once", [1, 2, 6])
def test_as_many_are_under_way_as_allowed(at_once):
    """No answer is sent before all of them wait for one, and never are there more."""
    with standin(14) as discogs:
        one = client(discogs, at_once=at_once)
        list(one.fetch_pages("demo", [1]))
        discogs.together = at_once
        discogs.add_fault(faults.late(ROUND_TRIP), times=None)
        pages = [page.page for page in one.fetch_pages("demo", range(2, 15))]

    assert sorted(pages) == list(range(2, 15))
    assert discogs.most == at_once


def test_what_opens_and_closes_a_reading_is_asked_alone():
    """Page 1 knows the allowance; the last page is the sandwich's bread; the others lie between."""
    with standin(9) as discogs:
        discogs.add_fault(faults.late(ROUND_TRIP), times=None)
        assert read(client(discogs)) == whole(9)
        pages, arrivals = asked(discogs), discogs.arrivals

    assert pages[:2] == [1, 9]
    assert sorted(pages[2:-1]) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert pages[-1] == 9
    assert arrivals[1] - arrivals[0] >= ROUND_TRIP
    assert arrivals[2] - arrivals[1] >= ROUND_TRIP
    assert arrivals[-1] - arrivals[-2] >= ROUND_TRIP


def test_a_burst_ends_at_the_reserve():
    """Nine are left after page 1: four start at once, the rest one after another."""
    with standin(14, window=3.0) as discogs:
        discogs.foreign_requests(50)
        one = client(discogs, at_once=20)
        list(one.fetch_pages("demo", [1]))
        begun = time.monotonic()
        list(one.fetch_pages("demo", range(2, 11)))

    assert statuses(discogs) == {200: 10}
    # One after another is a window divided by the limit: 0.05 s here, and five times that.
    assert discogs.arrivals[-1] - begun >= 0.2


def test_a_refusal_holds_everybody():
    """Six under way are refused together: that is one refusal, and one window of silence."""
    window = 0.5
    with standin(14, window=window) as discogs:
        one = client(discogs)
        list(one.fetch_pages("demo", [1]))
        discogs.together = 6
        discogs.add_fault(replace(faults.too_fast(), delay=ROUND_TRIP), times=6)
        pages = [page.page for page in one.fetch_pages("demo", range(2, 15))]
        arrivals = discogs.arrivals[1:]

    assert sorted(pages) == list(range(2, 15))
    assert [request.status for request in discogs.requests[1:7]] == [429] * 6
    assert statuses(discogs) == {200: 14, 429: 6}
    assert arrivals[6] - arrivals[5] >= window


def test_a_refusal_among_answers_costs_nothing_else():
    """Only what was refused is asked again, after the pause that Discogs named."""
    with standin(14) as discogs:
        discogs.add_fault(faults.too_fast("0.5"), faults.on_page(4))
        assert read(client(discogs)) == whole(14)
        pages, arrivals = asked(discogs), discogs.arrivals

    refused, again = (number for number, page in enumerate(pages) if page == 4)
    assert Counter(pages) == Counter(range(1, 15)) + Counter([1, 14, 4])
    assert statuses(discogs) == {200: 16, 429: 1}
    assert arrivals[again] - arrivals[refused] >= 0.5


def test_three_refusals_in_a_row_end_the_run():
    """The account fails, and the next one of the same run is not asked for at all."""
    with standin(9, window=0.1) as discogs:
        pacing = Pacing(0.1)
        list(client(discogs, pacing).fetch_pages("demo", [1]))
        discogs.add_fault(faults.too_fast(), times=None)
        with pytest.raises(RateLimited) as caught:
            list(client(discogs, pacing).fetch_pages("demo", range(2, 9)))
        with pytest.raises(RateLimited) as other:
            list(client(discogs, pacing, stranger=True).fetch_pages("demo", [1]))

    words = "Discogs answered 429, too many requests, three times in a row; this run asks no more"
    assert caught.value.what == other.value.what == words
    assert all(request.authenticated for request in discogs.requests)
    assert statuses(discogs).keys() == {200, 429}
    assert 3 <= statuses(discogs)[429] <= 3 * 6


@pytest.mark.parametrize("retry_after", ["5", None])
def test_a_pause_that_is_too_long_is_not_begun(retry_after):
    """What may be waited is bounded, with many under way as with one."""
    naps: list[float] = []
    pacing = Pacing(5.0, sleep=naps.append)
    with standin(9, window=5.0) as discogs:
        one = client(discogs, pacing, max_wait=1.0)
        list(one.fetch_pages("demo", [1]))
        discogs.add_fault(faults.too_fast(retry_after), times=None)
        with pytest.raises(RateLimited) as caught:
            list(one.fetch_pages("demo", range(2, 9)))

    assert "a pause of 5 s is longer than allowed" in caught.value.what
    assert (naps, pacing.waited) == ([], 0.0)
    assert len(discogs.requests) <= 1 + 6


BROKEN = make_item(7, instance_id=-5, date_added="2024-05-01T09:30:00-07:00")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.refused(404, "The requested resource was not found."), NotFound),
        (faults.refused(403, "You don't have permission to access this resource."), Refused),
    ],
)
def test_one_page_that_fails_for_good_ends_the_others(fault, error):
    """Whatever else is under way is forgotten, and what was not yet asked for never is."""
    with standin(14) as discogs:
        discogs.add_fault(fault, faults.on_page(4))
        discogs.add_fault(
            faults.late(NEVER), lambda request: not faults.on_page(1)(request), times=None
        )
        one = client(discogs)
        list(one.fetch_pages("demo", [1]))
        with pytest.raises(error):
            list(one.fetch_pages("demo", range(2, 15)))
        sent = discogs.sent

    assert sent == 0
    assert set(asked(discogs)) <= {1, 2, 3, 4, 5, 6, 7}


def test_an_unreadable_page_ends_the_others():
    """It is named by page and place, and nobody waits for the pages that are still to come."""
    with standin(14) as discogs:
        discogs.people["demo"].copies[350] = BROKEN
        discogs.add_fault(
            faults.late(NEVER), lambda one: int(one.query["page"]) in {2, 3}, times=None
        )
        with pytest.raises(Unreadable) as caught:
            read(client(discogs))
        sent = discogs.sent

    assert sent == 0
    assert str(caught.value).startswith("demo: page ")
    assert str(caught.value).endswith(": instance_id is not a whole number in its range")


def test_pages_are_handed_out_as_they_come():
    """Not as they were asked for, and nobody waits for the slowest."""
    with standin(9) as discogs:
        discogs.add_fault(faults.late(NEVER), faults.on_page(2))
        one = client(discogs)
        list(one.fetch_pages("demo", [1]))
        pages = one.fetch_pages("demo", range(2, 9))
        early = [next(pages).page for _ in range(6)]
        sent = discogs.sent
        pages.close()

    assert sorted(early) == [3, 4, 5, 6, 7, 8]
    assert sent == 0


def test_troubles_of_several_pages_are_survived():
    """Each page has its own attempts, and the pauses of all of them fall together."""
    with standin(9) as discogs:
        for page, fault in ((2, faults.RESET), (3, faults.TRUNCATED), (5, faults.MAINTENANCE)):
            discogs.add_fault(fault, faults.on_page(page))
        assert read(client(discogs, hurried())) == whole(9)

    assert Counter(asked(discogs)) == Counter([*range(1, 10), 1, 9, 2, 3, 5])


def spent(discogs, dice):
    """Others behind the same address have used some of the window, now or a while ago."""
    discogs.foreign_requests(dice.choice([0, 10, 30, 50, 59]))
    time.sleep(dice.choice([0.0, 0.3]))


def mute(discogs, dice):
    """Some answers tell nothing of the limit."""

    def hook(_):
        discogs.rate_headers = dice.random() > 0.3

    discogs.before_request.append(hook)


@pytest.mark.parametrize("seed", range(3))
def test_an_honest_discogs_refuses_nothing(seed):
    """A moving window in whatever state, pages by the hundred, two accounts one after another."""
    dice = Random(seed)  # noqa: S311 - an order, not a secret
    pages = 35 if seed == 0 else 14
    with standin(pages, window=1.0) as discogs:
        (mute if seed % 3 == 2 else spent)(discogs, dice)
        discogs.add_fault(faults.late(dice.choice([0.0, 0.02, 0.1])), times=None)
        pacing = Pacing(1.0)
        assert read(client(discogs, pacing)) == whole(pages)
        assert read(client(discogs, pacing, stranger=bool(seed % 2))) == whole(pages)

    assert statuses(discogs) == {200: 2 * (pages + 2)}
