"""The stand-in's rate limit, faults, hooks and records."""

import pytest
import requests

from generator.demo.api import Person
from generator.demo.covers import ORIGIN, cover_urls
from generator.demo.wire import Reply
from tests import faults
from tests.demo.browser import ask, copies
from tests.faults import Fault
from tests.standin import StandIn

PAGE = "/users/demo/collection/folders/0/releases"
RATE = ("X-Discogs-Ratelimit", "X-Discogs-Ratelimit-Used", "X-Discogs-Ratelimit-Remaining")


@pytest.fixture
def clock():
    """A clock that stands still until a test moves it."""
    return [0.0]


@pytest.fixture
def discogs(clock):
    """One collection and a window of a minute."""
    person = Person("demo", 77, copies(250), token="pat")
    with StandIn([person], window=60, clock=lambda: clock[0]) as running:
        yield running


def rates(answer):
    return [answer.headers.get(name) for name in RATE]


def test_responses_state_the_limit(discogs):
    anonymous = ask(discogs, "/users/demo")
    owner = ask(discogs, "/users/demo", Authorization="Discogs token=pat")
    invalid = ask(discogs, "/users/demo", Authorization="Discogs token=guessed")

    assert [answer.status_code for answer in (anonymous, owner, invalid)] == [200, 200, 401]
    assert rates(anonymous) == ["25", "1", "24"]
    assert rates(owner) == ["60", "2", "58"]
    assert rates(invalid) == ["60", "3", "57"]


def test_the_headers_can_lag(discogs):
    discogs.rate_headers_lag = True
    answers = [ask(discogs, "/users/demo") for _ in range(26)]

    assert rates(answers[0]) == ["25", "0", "25"]
    assert rates(answers[24]) == ["25", "24", "1"]
    assert answers[25].status_code == 429


def test_the_headers_can_be_missing(discogs):
    discogs.rate_headers = False

    assert rates(ask(discogs, "/users/demo")) == [None, None, None]


@pytest.mark.parametrize("retry_after", [None, "30"])
def test_requests_above_the_limit_get_429(discogs, retry_after):
    discogs.retry_after = retry_after
    answers = [ask(discogs, "/users/demo") for _ in range(26)]

    assert [answer.status_code for answer in answers] == [200] * 25 + [429]
    assert answers[-1].json() == {"message": "You are making requests too quickly."}
    assert rates(answers[-1]) == [None, None, None]
    assert answers[-1].headers.get("Retry-After") == retry_after


def test_the_window_moves(discogs, clock):
    for moment, number in ((0.0, 10), (30.0, 15)):
        clock[0] = moment
        [ask(discogs, "/users/demo") for _ in range(number)]
    clock[0] = 59.0
    full = ask(discogs, "/users/demo").status_code
    clock[0] = 60.0

    assert full == 429
    assert rates(ask(discogs, "/users/demo")) == ["25", "16", "9"]


def test_covers_and_login_pages_have_no_limit(discogs):
    discogs.foreign_requests(23)
    assert rates(ask(discogs, "/users/demo")) == ["25", "24", "1"]

    discogs.foreign_requests(1)
    assert ask(discogs, "/users/demo").status_code == 429
    assert ask(discogs, cover_urls(1, 1)[0].removeprefix(ORIGIN)).status_code == 200
    assert ask(discogs, "/oauth/authorize?oauth_token=x").status_code == 400


@pytest.mark.parametrize(
    ("fault", "status", "start", "retry_after"),
    [
        (faults.BLOCKED, 403, "<!DOCTYPE html>", None),
        (faults.HTML_NOT_FOUND, 404, "<html>", None),
        (faults.SERVER_ERROR, 500, '{"message": "', None),
        (faults.MAINTENANCE, 502, '{"message": "The Discogs API is', None),
        (faults.EMPTY, 200, "", None),
        (faults.too_fast(), 429, '{"message": "', None),
        (faults.too_fast("soon"), 429, '{"message": "', "soon"),
        (faults.refused(401, "No."), 401, '{"message": "No."}', None),
        (Fault(Reply(503, b"busy", "text/plain")), 503, "busy", None),
    ],
)
def test_a_fault_strikes_once(discogs, fault, status, start, retry_after):
    discogs.add_fault(fault)
    struck, after = ask(discogs, PAGE), ask(discogs, PAGE)

    assert (struck.status_code, struck.text[: len(start)]) == (status, start)
    assert bool(struck.text) == bool(start)
    assert struck.headers.get("Retry-After") == retry_after
    assert after.status_code == 200


@pytest.mark.parametrize("fault", [faults.TRUNCATED, faults.RESET])
def test_a_connection_can_break(discogs, fault):
    discogs.add_fault(fault, times=2)

    for _ in range(2):
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            ask(discogs, PAGE)
    assert ask(discogs, PAGE).status_code == 200


def test_a_response_can_be_late(discogs):
    discogs.add_fault(faults.late(5))

    with pytest.raises(requests.ReadTimeout):
        requests.get(discogs.url + PAGE, headers={"User-Agent": "x/1"}, timeout=(60, 0.05))


def test_a_fault_can_last(discogs):
    discogs.add_fault(faults.SERVER_ERROR, times=None)
    struck = [ask(discogs, PAGE).status_code for _ in range(5)]
    discogs.clear_faults()

    assert struck == [500] * 5
    assert ask(discogs, PAGE).status_code == 200


def test_a_fault_chooses_its_requests(discogs):
    discogs.add_fault(faults.SERVER_ERROR, faults.on_page(2), skip=1)
    answers = [ask(discogs, f"{PAGE}?page={page}").status_code for page in (1, 2, 1, 2, 2)]

    assert answers == [200, 200, 200, 500, 200]


def test_every_request_is_recorded(discogs):
    discogs.add_fault(faults.SERVER_ERROR, faults.on_path("/users/other"))
    ask(discogs, "/users/other")
    ask(discogs, "/users/demo", Authorization="Discogs token=pat")
    requests.delete(discogs.url + PAGE, headers={"User-Agent": "x/1"}, timeout=60)

    seen = [(r.number, r.method, r.path, r.username, r.status) for r in discogs.requests]
    assert seen == [
        (1, "GET", "/users/other", None, 500),
        (2, "GET", "/users/demo", "demo", 200),
        (3, "DELETE", PAGE, None, 405),
    ]
    assert [request.authenticated for request in discogs.requests] == [False, True, False]


def test_a_collection_can_change_between_requests(discogs):
    owned = discogs.people["demo"].copies
    discogs.before_request.append(lambda request: request.number == 3 and owned.clear())
    discogs.after_request.append(lambda _: owned and owned.pop())
    sizes = [ask(discogs, PAGE).json()["pagination"]["items"] for _ in range(3)]

    assert sizes == [250, 249, 0]


def test_a_failing_hook_fails_the_test():
    running = StandIn([Person("demo")])
    running.before_request.append(lambda _: running.people["missing"])
    running.start()

    with pytest.raises(requests.ConnectionError):
        ask(running, "/users/demo")
    with pytest.raises(KeyError, match="missing"):
        running.stop()
