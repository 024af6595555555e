"""When the next request may start."""

import math

import pytest

from generator.discogs.pacing import Enough, PauseTooLong
from tests.discogs.wire import SleptTime


def told(remaining, limit=60):
    """The headers of an answer."""
    return {"X-Discogs-Ratelimit": str(limit), "X-Discogs-Ratelimit-Remaining": str(remaining)}


def ask(pacing, headers):
    """One request that is answered at once: when it started."""
    started = pacing.wait_turn()
    pacing.learn(headers, started)
    return started


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
    started = pacing.wait_turn()
    assert time.sleeps == [41.2]

    pacing.learn(told(0), started)
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
    first, *_ = [pacing.wait_turn() for _ in range(3)]
    pacing.learn(told(7), first)
    before = len(time.sleeps)
    pacing.wait_turn()

    assert time.sleeps[before:] == [1.0]


def at_once(pacing):
    """How many requests may start now, side by side."""
    starts = 0
    while not pacing.pause():
        pacing.wait_turn()
        starts += 1
    return starts


@pytest.mark.parametrize(
    ("remaining", "starts"), [(59, 54), (8, 3), (6, 1), (5, 0), (1, 0), (0, 0)]
)
def test_as_many_start_at_once_as_are_left_above_the_reserve(remaining, starts):
    """Five are kept for whoever else is behind the address."""
    pacing = SleptTime().pacing()
    ask(pacing, told(remaining))

    assert at_once(pacing) == starts


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_answers_that_overtake_one_another_are_no_surprise(order):
    """Three under way together, counted in order: nine are left, whoever tells it last."""
    time = SleptTime()
    pacing = time.pacing()
    ask(pacing, told(12))
    starts = [pacing.wait_turn() for _ in range(3)]
    time.now += 0.4
    for place in order:
        pacing.learn(told(11 - place), starts[place])

    assert at_once(pacing) == 4


def test_what_left_the_window_is_not_free_twice():
    """Discogs told of six that had left already; here they leave a little later."""
    time = SleptTime()
    pacing = time.pacing()
    ask(pacing, told(59))
    for _ in range(6):
        ask(pacing, told(50))
    time.now += 60.5
    ask(pacing, told(9))
    time.now += 1

    assert at_once(pacing) == 4


def test_a_request_that_was_never_counted_frees_nothing():
    """A connection that broke may not have reached Discogs, so nothing is left of it to leave."""
    time = SleptTime()
    pacing = time.pacing()
    for _ in range(6):
        ask(pacing, {})
    ask(pacing, told(9))
    time.now += 61

    assert at_once(pacing) == 4


@pytest.mark.parametrize(("remaining", "starts"), [(50, 10), (41, 1), (40, 0), (30, 0)])
def test_a_stranger_s_share_is_smaller(remaining, starts):
    """Of 25 as many are used as of 60, until Discogs tells otherwise."""
    pacing = SleptTime().pacing()
    ask(pacing, told(remaining))
    allowed = 0
    while not pacing.pause(25):
        pacing.wait_turn(allowed=25)
        allowed += 1

    assert allowed == starts


def test_a_pause_beyond_the_budget_is_not_begun():
    """What was waited before counts; nothing is slept for a pause that would not be slept out."""
    time = SleptTime()
    pacing = time.pacing()
    ask(pacing, told(0))
    ask(pacing, told(0))
    with pytest.raises(PauseTooLong) as caught:
        pacing.wait_turn(max_wait=122)

    assert caught.value.seconds == pytest.approx(61.2)
    assert time.sleeps == [61.2]
    assert pacing.waited == pytest.approx(61.2)


def test_keeping_apart_is_no_waiting():
    """One a second near the limit and 1.2 s apart in the unknown cost nothing of the budget."""
    time = SleptTime()
    pacing = time.pacing()
    answers: list[dict[str, str]] = [{}, told(3), told(2), {}]
    for headers in answers:
        started = pacing.wait_turn(max_wait=0.0)
        pacing.learn(headers, started)

    assert time.sleeps == [1.2, 1.0, 1.0]
    assert pacing.waited == 0.0


def test_a_budget_of_nothing_allows_what_needs_no_pause():
    """Only waiting is bounded."""
    time = SleptTime()
    pacing = time.pacing()
    ask(pacing, told(50))
    pacing.wait_turn(max_wait=0.0)

    assert time.sleeps == []


def test_a_refusal_holds_everybody():
    """The pause Discogs asked for, from now on, even if the allowance needs a longer one."""
    time = SleptTime()
    pacing = time.pacing()
    started = ask(pacing, told(0))
    pacing.refused(7.0, started)

    assert pacing.pause() == 7.0
    pacing.wait_turn()
    assert time.sleeps == [7.0]
    assert pacing.waited == 7.0


def test_refusals_without_a_pause_take_ever_longer():
    """One window, then two; after the third refusal in a row it is enough."""
    time = SleptTime()
    pacing = time.pacing()
    for _ in range(3):
        pacing.refused(None, ask(pacing, {}))
    with pytest.raises(Enough):
        pacing.wait_turn()

    assert time.sleeps == [60.0, 120.0]


def test_after_the_last_refusal_nobody_probes():
    """However long it is ago, the next account of the run ends at once as well."""
    time = SleptTime()
    pacing = time.pacing()
    for _ in range(3):
        pacing.refused(1.5, ask(pacing, {}))
    time.now += 10_000

    assert pacing.pause() == 0.0
    with pytest.raises(Enough):
        pacing.wait_turn()
    assert time.sleeps == [1.5, 1.5]


def test_refusals_known_too_late_are_one():
    """Of six requests under way together, refused together, the first is what counts."""
    time = SleptTime()
    pacing = time.pacing()
    ask(pacing, told(60))
    starts = [pacing.wait_turn() for _ in range(6)]
    for started in starts:
        time.now += 0.1
        pacing.learn({}, started)
        pacing.refused(None, started)

    assert pacing.pause() == pytest.approx(59.5)
    pacing.refused(None, ask(pacing, {}))
    assert pacing.pause() == 120.0
    pacing.wait_turn()


def test_a_success_ends_the_row_of_refusals():
    """Refusals are counted anew after it."""
    time = SleptTime()
    pacing = time.pacing()
    for _ in range(2):
        pacing.refused(2.0, ask(pacing, {}))
    pacing.accepted(ask(pacing, {}))
    for _ in range(2):
        pacing.refused(2.0, ask(pacing, {}))

    assert pacing.pause() == 2.0
    pacing.wait_turn()


def test_a_success_of_before_ends_no_row():
    """It was under way when the refusal came, so it says nothing about what came after."""
    time = SleptTime()
    pacing = time.pacing()
    for _ in range(2):
        pacing.refused(2.0, ask(pacing, {}))
    early = pacing.wait_turn()
    late = pacing.wait_turn()
    time.now += 0.4
    pacing.refused(2.0, late)
    pacing.accepted(early)

    with pytest.raises(Enough):
        pacing.wait_turn()


@pytest.mark.parametrize(("dice", "expected"), [(0.0, [1.2, 2.0, 4.0]), (1.0, [1.25, 2.5, 5.0])])
def test_pauses_between_attempts_double(dice, expected):
    """And are up to a quarter longer; they fall together with what keeps requests apart."""
    time = SleptTime(dice)
    pacing = time.pacing()
    ask(pacing, {})
    for attempt in range(3):
        pacing.back_off(attempt)
        ask(pacing, {})

    assert time.sleeps == expected
    assert pacing.waited == 7 * (1 + dice / 4)


def test_of_several_pauses_the_longest_holds():
    """Whoever asked for it, in whatever order."""
    pacing = SleptTime().pacing()
    pacing.back_off(2)
    pacing.back_off(0)

    assert pacing.pause() == 4.0


def test_an_attempt_beyond_the_budget_is_not_made():
    """The run has 3 s, and waited 1 s of them before."""
    time = SleptTime()
    pacing = time.pacing()
    pacing.back_off(0)
    ask(pacing, told(60))
    with pytest.raises(PauseTooLong):
        pacing.back_off(2, max_wait=3.0)

    assert pacing.pause() == 0.0
    pacing.back_off(1, max_wait=3.0)
    assert pacing.pause() == 2.0


def test_a_pause_tells_its_reason():
    """Seconds and words for whoever looks at the screen."""
    time = SleptTime()
    pacing = time.pacing()
    told_of = []
    pacing.notice = lambda seconds, reason: told_of.append((round(seconds, 3), reason))
    ask(pacing, {})
    ask(pacing, told(3))
    ask(pacing, told(0))
    pacing.refused(None, ask(pacing, {}))
    ask(pacing, {})
    pacing.back_off(2)
    ask(pacing, {})

    assert told_of == [
        (1.2, "the rate limit is near"),
        (1.0, "the rate limit is near"),
        (60.2, "the rate limit is used up"),
        (60.0, "Discogs answered 429, too many requests"),
        (4.0, "the last answer was no use"),
    ]


@pytest.mark.parametrize("limit", [1, 3, 25, 60])
def test_a_window_is_never_overdrawn(limit):
    """Against a window counted independently, requests that take 0.1 s, and ten of others."""
    time = SleptTime()
    pacing = time.pacing(window=10.0)
    taken = [time.now] * min(10, limit - 1)
    for _ in range(200):
        started = pacing.wait_turn(math.inf)
        time.now += 0.05
        taken = [moment for moment in taken if moment > time.now - 10.0]
        assert len(taken) < limit
        taken.append(time.now)
        pacing.learn(told(limit - len(taken), limit), started)
        time.now += 0.05
