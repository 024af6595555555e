"""When the next request may start."""

import math

import pytest

from generator.discogs.pacing import PauseTooLong
from tests.discogs.wire import SleptTime


def told(remaining, limit=60):
    """The headers of an answer."""
    return {"X-Discogs-Ratelimit": str(limit), "X-Discogs-Ratelimit-Remaining": str(remaining)}


def ask(pacing, headers):
    """One request that is answered at once."""
    pacing.wait_turn()
    pacing.learn(headers)


def test_with_plenty_left_nobody_waits():
    """54 requests in a row, down to one above the reserve."""
    time = SleptTime()
    pacing = time.pacing()
    for remaining in range(59, 5, -1):
        ask(pacing, told(remaining))
    pacing.wait_turn()

    assert time.sleeps == []
    assert (pacing.limit, pacing.waited) == (60, 0.0)


def test_near_the_limit_one_a_second_starts():
    """A window divided by the limit, from the last start on."""
    time = SleptTime()
    pacing = time.pacing()
    for remaining in (5, 4, 3):
        ask(pacing, told(remaining))

    assert time.sleeps == [1.0, 1.0]


def test_the_second_scales_with_window_and_limit():
    """25 requests in a window of 2 s are 80 ms apart."""
    time = SleptTime()
    pacing = time.pacing(window=2.0)
    for remaining in (5, 4):
        ask(pacing, told(remaining, limit=25))

    assert time.sleeps == [0.08]


def test_with_nothing_left_the_oldest_has_to_leave():
    """A request is counted a little longer than a window, as it reaches Discogs after its start."""
    time = SleptTime()
    pacing = time.pacing()
    ask(pacing, told(1))
    time.now += 20
    ask(pacing, told(0))
    pacing.wait_turn()

    assert time.sleeps == [41.2]


def test_requests_of_others_make_us_wait_as_well():
    """A first request that finds nothing left waits for itself to leave the window."""
    time = SleptTime()
    pacing = time.pacing()
    ask(pacing, told(0))
    pacing.wait_turn()

    assert time.sleeps == [61.2]


def test_each_further_request_waits_for_one_more_to_leave():
    """The second waits for the next oldest of ours."""
    time = SleptTime()
    pacing = time.pacing()
    ask(pacing, told(10))
    time.now += 10
    ask(pacing, told(9))
    time.now += 10
    ask(pacing, told(0))
    pacing.wait_turn()
    assert time.sleeps == [41.2]

    pacing.learn(told(0))
    pacing.wait_turn()
    assert time.sleeps == [41.2, 10.0]


def test_what_left_the_window_is_free_again():
    """The estimate grows without an answer that says so."""
    time = SleptTime()
    pacing = time.pacing()
    for remaining in range(10, 5, -1):
        ask(pacing, told(remaining))
    time.now += 61.3
    for _ in range(6):
        pacing.wait_turn()

    assert time.sleeps == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Discogs-Ratelimit": "60"},
        {"X-Discogs-Ratelimit-Remaining": "plenty"},
        {"X-Discogs-Ratelimit-Remaining": ""},
        {"X-Discogs-Ratelimit-Remaining": "-1", "X-Discogs-Ratelimit": "1e9"},
        {"X-Discogs-Ratelimit-Remaining": "99999999999999"},
    ],
)
def test_while_nothing_is_known_starts_are_calm(headers):
    """The first request starts at once, the others 1.2 s apart: unknown is not 60."""
    time = SleptTime()
    pacing = time.pacing()
    for _ in range(3):
        ask(pacing, headers)

    assert time.sleeps == [1.2, 1.2]


def test_a_missing_header_does_not_undo_what_is_known():
    """Our own requests are counted on."""
    time = SleptTime()
    pacing = time.pacing()
    ask(pacing, told(8))
    for _ in range(3):
        ask(pacing, {})

    assert time.sleeps == []
    pacing.wait_turn()
    assert time.sleeps == [1.0]


def test_slow_requests_need_no_pause():
    """Only what is missing to a second is waited for."""
    time = SleptTime()
    pacing = time.pacing()
    ask(pacing, told(3))
    time.now += 0.75
    pacing.wait_turn()

    assert time.sleeps == [0.25]


def test_requests_under_way_are_counted():
    """An answer may have been written before Discogs saw the others."""
    time = SleptTime()
    pacing = time.pacing()
    for _ in range(3):
        pacing.wait_turn()
    pacing.learn(told(7))
    before = len(time.sleeps)
    pacing.wait_turn()

    assert time.sleeps[before:] == [1.0]


def test_a_pause_beyond_the_budget_is_not_begun():
    """What was waited before counts."""
    time = SleptTime()
    pacing = time.pacing()
    ask(pacing, told(2))
    ask(pacing, told(1))
    with pytest.raises(PauseTooLong) as caught:
        pacing.wait_turn(max_wait=1.5)

    assert caught.value.seconds == 1.0
    assert time.sleeps == [1.0]
    assert pacing.waited == 1.0


def test_a_budget_of_nothing_allows_what_needs_no_pause():
    """Only waiting is bounded."""
    time = SleptTime()
    pacing = time.pacing()
    ask(pacing, told(50))
    pacing.wait_turn(max_wait=0.0)

    assert time.sleeps == []


def test_a_refusal_holds_everybody():
    """The pause Discogs asked for, from now on."""
    time = SleptTime()
    pacing = time.pacing()
    ask(pacing, told(0))

    assert pacing.refused(7.0) is True
    pacing.wait_turn()
    assert time.sleeps == [7.0]


def test_refusals_without_a_pause_take_ever_longer():
    """One window, two, then four; after the fourth refusal in a row it is enough."""
    time = SleptTime()
    pacing = time.pacing()
    answers = []
    for _ in range(4):
        ask(pacing, {})
        answers.append(pacing.refused(None))

    assert answers == [True, True, True, False]
    assert time.sleeps == [60.0, 120.0, 240.0]


def test_after_the_last_refusal_nobody_probes():
    """The next account of the run waits as well, or fails at once if it may not."""
    time = SleptTime()
    pacing = time.pacing()
    for _ in range(4):
        ask(pacing, {})
        pacing.refused(1.5)
    with pytest.raises(PauseTooLong):
        pacing.wait_turn(max_wait=pacing.waited + 1)


def test_a_success_ends_the_row_of_refusals():
    """Refusals are counted anew after it."""
    time = SleptTime()
    pacing = time.pacing()
    for _ in range(3):
        ask(pacing, {})
        pacing.refused(2.0)
    pacing.accepted()
    ask(pacing, {})

    assert pacing.refused(2.0) is True


@pytest.mark.parametrize(("dice", "expected"), [(0.0, [1.0, 2.0, 4.0]), (1.0, [1.25, 2.5, 5.0])])
def test_pauses_between_attempts_double(dice, expected):
    """And are up to a quarter longer, so that not everybody comes back at once."""
    time = SleptTime(dice)
    pacing = time.pacing()
    for attempt in range(3):
        pacing.pause(attempt)

    assert time.sleeps == expected
    assert pacing.waited == sum(expected)


@pytest.mark.parametrize("limit", [1, 3, 25, 60])
def test_a_window_is_never_overdrawn(limit):
    """Against a window counted independently, requests that take 0.1 s, and ten of others."""
    time = SleptTime()
    pacing = time.pacing(window=10.0)
    taken = [time.now] * min(10, limit - 1)
    for _ in range(200):
        pacing.wait_turn(math.inf)
        time.now += 0.05
        taken = [moment for moment in taken if moment > time.now - 10.0]
        assert len(taken) < limit
        taken.append(time.now)
        pacing.learn(told(limit - len(taken), limit))
        time.now += 0.05
