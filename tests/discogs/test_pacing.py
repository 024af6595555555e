"""Pacing: when the next request may start, for single sequences and for many simulated readings."""

import heapq
from dataclasses import dataclass, field
from itertools import count, pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.discogs.pacing import Pacing, PauseTooLong, TooManyRefusals
from tests.discogs.wire import SleptTime

NOTHING: dict[str, str] = {}
"""The headers of a response that reports no quota."""
START = "start"
"""A request that starts and is not answered yet."""


def quota(remaining, limit=60):
    """The headers of a response."""
    return {"X-Discogs-Ratelimit": str(limit), "X-Discogs-Ratelimit-Remaining": str(remaining)}


def ask(pacing, headers):
    """The start of a request that is answered at once."""
    started = pacing.wait_turn()
    pacing.learn(headers, started)
    return started


def paced(**options):
    time = SleptTime()
    return time, time.pacing(**options)


@pytest.mark.parametrize(
    ("steps", "sleeps"),
    [
        # Above the reserve nobody waits.
        ([*map(quota, range(59, 5, -1)), START], []),
        # Near the limit, requests start a window divided by the limit apart.
        ([quota(5), quota(4), quota(3)], [1.0, 1.0]),
        ([quota(5, 25), quota(4, 25)], [2.4]),
        # Only the rest of that interval is waited for.
        ([quota(3), 0.75, START], [0.25]),
        # With nothing left, the oldest request has to leave the window (and a margin of 2 %).
        ([quota(1), 20, quota(0), START], [41.2]),
        # Also if other users of the address used it up: then the first request itself.
        ([quota(0), START], [61.2]),
        # Each further request waits for one more to leave.
        ([quota(10), 10, quota(9), 10, quota(0), quota(0), START], [41.2, 10.0]),
        # Requests that left the window are free again, without a response that says so.
        ([*map(quota, range(10, 5, -1)), 61.3, *[START] * 6], []),
        # While the quota is unknown, requests start 1.2 s apart.
        *(
            ([headers] * 3, [1.2, 1.2])
            for headers in (
                NOTHING,
                {"X-Discogs-Ratelimit": "60"},
                {"X-Discogs-Ratelimit-Remaining": "plenty"},
                {"X-Discogs-Ratelimit-Remaining": ""},
                {"X-Discogs-Ratelimit-Remaining": "-1", "X-Discogs-Ratelimit": "1e9"},
                {"X-Discogs-Ratelimit-Remaining": "99999999999999"},
            )
        ),
        # A response without headers does not undo it: the run's own requests are counted on.
        ([quota(8), NOTHING, NOTHING, NOTHING], []),
        ([quota(8), NOTHING, NOTHING, NOTHING, START], [1.0]),
    ],
)
def test_requests_start_as_soon_as_the_quota_allows(steps, sleeps):
    time, pacing = paced()
    for step in steps:
        if step == START:
            pacing.wait_turn()
        elif isinstance(step, dict):
            ask(pacing, step)
        else:
            time.now += step

    assert time.sleeps == sleeps


def at_once(pacing, limit=None):
    """The number of requests that may start now."""
    starts = 0
    while not pacing.pause(limit):
        pacing.wait_turn(limit=limit)
        starts += 1
    return starts


@pytest.mark.parametrize(
    ("remaining", "limit", "starts"),
    [
        *((59, None, 54), (8, None, 3), (6, None, 1), (5, None, 0), (1, None, 0), (0, None, 0)),
        # Without credentials 25 are allowed, of which as many are used as of the 60.
        *((50, 25, 10), (41, 25, 1), (40, 25, 0), (30, 25, 0)),
    ],
)
def test_five_requests_are_left_for_others_behind_the_address(remaining, limit, starts):
    _, pacing = paced()
    ask(pacing, quota(remaining))

    assert at_once(pacing, limit) == starts


def test_requests_in_flight_count_as_used():
    time, pacing = paced()
    first, *_ = [pacing.wait_turn() for _ in range(3)]
    pacing.learn(quota(7), first)
    before = len(time.sleeps)
    pacing.wait_turn()

    assert time.sleeps[before:] == [1.0]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_responses_may_arrive_in_any_order(order):
    time, pacing = paced()
    ask(pacing, quota(12))
    starts = [pacing.wait_turn() for _ in range(3)]
    time.now += 0.4
    for place in order:
        pacing.learn(quota(11 - place), starts[place])

    assert at_once(pacing) == 4


@pytest.mark.parametrize(
    ("steps", "later"),
    [
        # Discogs had counted six requests as gone that leave our window a little later.
        ([quota(59), *[quota(50)] * 6, 60.5, quota(9)], 1),
        # Requests without a response may never have reached Discogs.
        ([*[NOTHING] * 6, quota(9)], 61),
    ],
)
def test_a_request_frees_its_place_at_most_once(steps, later):
    time, pacing = paced()
    for step in steps:
        if isinstance(step, dict):
            ask(pacing, step)
        else:
            time.now += step
    time.now += later

    assert at_once(pacing) == 4


def test_a_pause_beyond_the_budget_is_not_begun():
    time, pacing = paced()
    ask(pacing, quota(0))
    ask(pacing, quota(0))
    with pytest.raises(PauseTooLong) as caught:
        pacing.wait_turn(max_wait=122)

    assert caught.value.seconds == pytest.approx(61.2)
    assert (time.sleeps, pacing.waited) == ([61.2], pytest.approx(61.2))


def test_the_interval_between_requests_costs_nothing_of_the_budget():
    time, pacing = paced()
    for headers in (NOTHING, quota(3), quota(2), NOTHING):
        pacing.learn(headers, pacing.wait_turn(max_wait=0.0))

    assert (time.sleeps, pacing.waited) == ([1.2, 1.0, 1.0], 0.0)


def test_a_refusal_pauses_all_requests():
    time, pacing = paced()
    pacing.refused(7.0, ask(pacing, quota(0)))

    assert pacing.pause() == 7.0
    pacing.wait_turn()
    assert (time.sleeps, pacing.waited) == ([7.0], 7.0)


@pytest.mark.parametrize(("retry_after", "sleeps"), [(None, [60.0, 120.0]), (1.5, [1.5, 1.5])])
def test_the_third_refusal_in_a_row_is_final(retry_after, sleeps):
    time, pacing = paced()
    for _ in range(3):
        pacing.refused(retry_after, ask(pacing, NOTHING))
    time.now += 10_000

    assert pacing.pause() == 0.0
    with pytest.raises(TooManyRefusals):
        pacing.wait_turn()
    assert time.sleeps == sleeps


def test_requests_refused_together_are_one_refusal():
    time, pacing = paced()
    ask(pacing, quota(60))
    starts = [pacing.wait_turn() for _ in range(6)]
    for started in starts:
        time.now += 0.1
        pacing.learn(NOTHING, started)
        pacing.refused(None, started)

    assert pacing.pause() == pytest.approx(59.5)
    pacing.refused(None, ask(pacing, NOTHING))
    assert pacing.pause() == 120.0


def test_a_success_ends_a_row_of_refusals():
    _, pacing = paced()
    for _ in range(2):
        pacing.refused(2.0, ask(pacing, NOTHING))
    pacing.accepted(ask(pacing, NOTHING))
    for _ in range(2):
        pacing.refused(2.0, ask(pacing, NOTHING))

    assert pacing.pause() == 2.0
    pacing.wait_turn()


def test_a_success_that_started_before_the_last_refusal_ends_no_row():
    time, pacing = paced()
    for _ in range(2):
        pacing.refused(2.0, ask(pacing, NOTHING))
    early, late = pacing.wait_turn(), pacing.wait_turn()
    time.now += 0.4
    pacing.refused(2.0, late)
    pacing.accepted(early)

    with pytest.raises(TooManyRefusals):
        pacing.wait_turn()


@pytest.mark.parametrize(("jitter", "sleeps"), [(0.0, [1.2, 2.0, 4.0]), (1.0, [1.25, 2.5, 5.0])])
def test_pauses_between_attempts_double(jitter, sleeps):
    time = SleptTime(jitter)
    pacing = time.pacing()
    ask(pacing, NOTHING)
    for attempt in range(3):
        pacing.back_off(attempt)
        ask(pacing, NOTHING)

    assert (time.sleeps, pacing.waited) == (sleeps, 7 * (1 + jitter / 4))


def test_of_several_pauses_the_longest_counts():
    _, pacing = paced()
    pacing.back_off(2)
    pacing.back_off(0)

    assert pacing.pause() == 4.0


def test_an_attempt_beyond_the_budget_is_not_made():
    _, pacing = paced()
    pacing.back_off(0)
    ask(pacing, quota(60))
    with pytest.raises(PauseTooLong):
        pacing.back_off(2, max_wait=3.0)

    assert pacing.pause() == 0.0
    pacing.back_off(1, max_wait=3.0)
    assert pacing.pause() == 2.0


def test_every_pause_is_reported_with_its_reason():
    _, pacing = paced()
    reported = []
    pacing.on_pause = lambda seconds, reason: reported.append((round(seconds, 3), reason))
    for headers in (NOTHING, quota(3), quota(0)):
        ask(pacing, headers)
    pacing.refused(None, ask(pacing, NOTHING))
    ask(pacing, NOTHING)
    pacing.back_off(2)
    ask(pacing, NOTHING)

    assert reported == [
        (1.2, "the rate limit is near"),
        (1.0, "the rate limit is near"),
        (60.2, "the rate limit is used up"),
        (60.0, "Discogs answered 429, too many requests"),
        (4.0, "the last request failed"),
    ]


@dataclass
class Simulation:
    """A Discogs in simulated time with a moving window, and a client that asks all it may.

    A request is counted at any moment between its start and its response. Responses overtake one
    another, and some of them report nothing.
    """

    dice: Random
    foreign: int
    """Requests that others had used of the window."""
    concurrency: int
    latency: tuple[float, float]
    silent: float = 0.0
    """The share of responses without headers."""
    limit: int = 60
    window: float = 60.0
    now: float = 1000.0
    events: list = field(default_factory=list)
    order: count = field(default_factory=count)
    refused: int = 0
    in_flight: int = 0
    starts: list = field(default_factory=list)

    def __post_init__(self):
        self.pacing = Pacing(self.window, 5, lambda: self.now, self.sleep, lambda: 0.0)
        self.counted = [self.now - self.window * self.dice.random() for _ in range(self.foreign)]

    def sleep(self, seconds):
        end = self.now + seconds
        while self.events and self.events[0][0] <= end:
            self.advance()
        self.now = end

    def advance(self):
        """To the next request that is counted or the next response that arrives."""
        self.now, _, event = heapq.heappop(self.events)
        event()

    def later(self, seconds, event):
        heapq.heappush(self.events, (self.now + seconds, next(self.order), event))

    def start(self, limit=None):
        started = self.pacing.wait_turn(limit=limit)
        self.starts.append(started)
        self.in_flight += 1
        headers: dict[str, str] = {}
        seconds = self.dice.uniform(*self.latency)
        self.later(seconds * self.dice.random(), lambda: headers.update(self.count()))
        self.later(seconds, lambda: self.answer(headers, started))

    def count(self):
        self.counted = [moment for moment in self.counted if moment > self.now - self.window]
        if len(self.counted) >= self.limit:
            self.refused += 1
            return NOTHING
        self.counted.append(self.now)
        if self.dice.random() < self.silent:
            return NOTHING
        return quota(self.limit - len(self.counted), self.limit)

    def answer(self, headers, started):
        self.in_flight -= 1
        self.pacing.learn(headers, started)

    def read(self, requests):
        """The first request alone, then as many at once as possible."""
        self.start()
        self.finish()
        for _ in range(requests - 1):
            while self.in_flight and (pause := self.pacing.pause()):
                if self.events[0][0] <= self.now + pause:
                    self.advance()
                else:
                    self.now += pause
            while self.in_flight >= self.concurrency:
                self.advance()
            self.start()
        self.finish()

    def finish(self):
        while self.in_flight:
            self.advance()


def dice(seed):
    return Random(seed)  # noqa: S311 - an order, not a secret


@settings(max_examples=250, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    foreign=st.integers(0, 60),
    concurrency=st.integers(1, 20),
    latency=st.sampled_from([(0.01, 0.05), (0.4, 0.4), (0.1, 0.6), (0.2, 3.0), (5.0, 9.0)]),
    silent=st.sampled_from([0.0, 0.3]),
    limit=st.sampled_from([25, 60]),
)
def test_an_honest_limit_is_never_met(  # noqa: PLR0917
    seed, foreign, concurrency, latency, silent, limit
):
    limit, used = (60, min(foreign, 5)) if silent else (limit, min(foreign, limit - 1))
    discogs = Simulation(dice(seed), used, concurrency, latency, silent, limit)
    discogs.read(150)

    assert discogs.refused == 0


@pytest.mark.parametrize("concurrency", [1, 6, 20])
def test_without_any_header_requests_start_1_2_seconds_apart(concurrency):
    discogs = Simulation(dice(1), 0, concurrency, (0.4, 0.4), silent=1.0)
    discogs.read(150)

    assert discogs.refused == 0
    assert min(later - earlier for earlier, later in pairwise(discogs.starts)) == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("requests", "latency", "most"),
    [
        (17, 0.4, 2.0),  # page 1 alone, then 16 in three waves
        (202, 0.4, 1.1 * 180),  # 60 at once, then 60 a minute: 180 s is the limit's own price
        (202, 1.0, 1.1 * 180),
    ],
)
def test_six_requests_at_once_use_all_of_the_limit(requests, latency, most):
    discogs = Simulation(dice(2), 0, 6, (latency, latency))
    discogs.read(requests)

    assert discogs.refused == 0
    assert discogs.now - 1000 <= most


@pytest.mark.parametrize("spent", [20, 24, 25, 26, 40])
def test_requests_with_credentials_count_against_the_anonymous_limit_too(spent):
    discogs = Simulation(dice(3), 0, 6, (0.1, 0.1))
    discogs.read(spent)
    discogs.limit = 25
    discogs.start(limit=25)
    discogs.finish()
    discogs.read(30)

    assert discogs.refused == 0
