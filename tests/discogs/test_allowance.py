"""An honest Discogs never has to refuse: requests side by side, counted at any moment."""

import heapq
from dataclasses import dataclass, field
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.discogs.pacing import Pacing


@dataclass
class Honest:
    """A Discogs in made-up time, with a moving window, and a client that asks all it may.

    A request is counted at any moment between its start and its answer, and answers overtake one
    another; some of them tell nothing of the limit.
    """

    dice: Random
    foreign: int
    """What others had spent of the window."""
    at_once: int
    latency: tuple[float, float]
    silent: float = 0.0
    """How many of the answers tell nothing, as a share."""
    limit: int = 60
    window: float = 60.0
    now: float = 1000.0
    events: list = field(default_factory=list)
    order: count = field(default_factory=count)
    refused: int = 0
    under_way: int = 0
    starts: list = field(default_factory=list)

    def __post_init__(self):
        self.pacing = Pacing(self.window, 5, lambda: self.now, self.sleep, lambda: 0.0)
        self.taken = [self.now - self.window * self.dice.random() for _ in range(self.foreign)]

    def sleep(self, seconds):
        end = self.now + seconds
        while self.events and self.events[0][0] <= end:
            self.happen()
        self.now = end

    def happen(self):
        """The next request is counted, or the next answer arrives."""
        self.now, _, event = heapq.heappop(self.events)
        event()

    def later(self, seconds, event):
        heapq.heappush(self.events, (self.now + seconds, next(self.order), event))

    def start(self, allowed=None):
        started = self.pacing.wait_turn(allowed=allowed)
        self.starts.append(started)
        self.under_way += 1
        headers: dict[str, str] = {}
        seconds = self.dice.uniform(*self.latency)
        self.later(seconds * self.dice.random(), lambda: headers.update(self.counted()))
        self.later(seconds, lambda: self.answered(headers, started))

    def counted(self):
        self.taken = [moment for moment in self.taken if moment > self.now - self.window]
        if len(self.taken) >= self.limit:
            self.refused += 1
            return {}
        self.taken.append(self.now)
        if self.dice.random() < self.silent:
            return {}
        left = str(self.limit - len(self.taken))
        return {"X-Discogs-Ratelimit": str(self.limit), "X-Discogs-Ratelimit-Remaining": left}

    def answered(self, headers, started):
        self.under_way -= 1
        self.pacing.learn(headers, started)

    def read(self, requests):
        """The first request alone, then as many at once as may be."""
        self.start()
        self.finish()
        for _ in range(requests - 1):
            self.wait_for_a_place()
            self.start()
        self.finish()

    def finish(self):
        """Wait for all that is under way."""
        while self.under_way:
            self.happen()

    def wait_for_a_place(self):
        """Answers are taken in while nothing may start, and while everybody is under way."""
        while self.under_way and (pause := self.pacing.pause()):
            self.until_news(pause)
        while self.under_way >= self.at_once:
            self.happen()

    def until_news(self, pause):
        """Until an answer arrives, but no longer than the pause."""
        if self.events[0][0] <= self.now + pause:
            self.happen()
        else:
            self.now += pause


@settings(max_examples=250, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    foreign=st.integers(0, 60),
    at_once=st.integers(1, 20),
    latency=st.sampled_from([(0.01, 0.05), (0.4, 0.4), (0.1, 0.6), (0.2, 3.0), (5.0, 9.0)]),
    silent=st.sampled_from([0.0, 0.3]),
)
def test_an_honest_limit_is_never_met(seed, foreign, at_once, latency, silent):
    """Whatever others spent before, however answers overtake one another: no 429 in 150 pages."""
    dice = Random(seed)  # noqa: S311 - an order, not a secret
    discogs = Honest(dice, min(foreign, 59 if silent == 0 else 5), at_once, latency, silent)
    discogs.read(150)

    assert discogs.refused == 0


@pytest.mark.parametrize("at_once", [1, 6, 20])
def test_without_any_header_the_pace_stays_below_the_limit(at_once):
    """Nothing is known, so nobody hurries: 1.2 s apart for as long as it takes."""
    discogs = Honest(Random(1), 0, at_once, (0.4, 0.4), silent=1.0)  # noqa: S311
    discogs.read(150)

    assert discogs.refused == 0
    gaps = [
        later - earlier for earlier, later in zip(discogs.starts, discogs.starts[1:], strict=False)
    ]
    assert min(gaps) == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("requests", "latency", "most"),
    [
        # Page 1 alone, then 16 in three waves.
        (17, 0.4, 2.0),
        # 60 at once, then 60 in each further minute: 180 s is what the limit costs anyway.
        (202, 0.4, 1.1 * 180),
        (202, 1.0, 1.1 * 180),
    ],
)
def test_the_allowance_is_used_up(requests, latency, most):
    """Six at once get as much as the limit gives."""
    discogs = Honest(Random(2), 0, 6, (latency, latency))  # noqa: S311
    discogs.read(requests)

    assert discogs.refused == 0
    assert discogs.now - 1000 <= most


@pytest.mark.parametrize("spent", [20, 24, 25, 26, 40])
def test_a_stranger_counts_what_an_owner_spent(spent):
    """Both count for the address, but a stranger's limit of 25 is reached sooner."""
    discogs = Honest(Random(3), 0, 6, (0.1, 0.1))  # noqa: S311
    discogs.read(spent)
    discogs.limit = 25
    discogs.start(allowed=25)
    discogs.finish()
    discogs.read(30)

    assert discogs.refused == 0
