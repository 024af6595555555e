"""The stand-in limits, fails and changes under the reader's feet, exactly as told."""

import pytest
import requests

from generator.demo import Fault, Person, StandIn, faults
from generator.demo.answers import Answer
from generator.demo.covers import cover_urls
from tests.demo.browser import ask, copies

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


def test_the_limit_is_told(discogs):
    """Twenty-five for strangers, sixty with credentials, one count for both."""
    stranger = ask(discogs, "/users/demo")
    known = ask(discogs, "/users/demo", Authorization="Discogs token=pat")

    assert rates(stranger) == ["25", "1", "24"]
    assert rates(known) == ["60", "2", "58"]


def test_past_the_limit_nothing_is_answered(discogs):
    """The refusal is JSON without a hint when to come back."""
    answers = [ask(discogs, "/users/demo") for _ in range(26)]

    assert [answer.status_code for answer in answers] == [200] * 25 + [429]
    assert answers[-1].json() == {"message": "You are making requests too quickly."}
    assert rates(answers[-1]) == [None, None, None]
    assert "Retry-After" not in answers[-1].headers


def test_the_window_moves(discogs, clock):
    """Each request is forgotten a minute after it was made, not all at once."""
    for moment, number in ((0.0, 10), (30.0, 15)):
        clock[0] = moment
        [ask(discogs, "/users/demo") for _ in range(number)]
    clock[0] = 59.0
    full = ask(discogs, "/users/demo").status_code
    clock[0] = 60.0

    assert full == 429
    assert rates(ask(discogs, "/users/demo")) == ["25", "16", "9"]


def test_others_may_have_used_the_window(discogs):
    """Requests of somebody behind the same address count."""
    discogs.foreign_requests(23)

    assert rates(ask(discogs, "/users/demo")) == ["25", "24", "1"]


def test_the_headers_can_be_missing(discogs):
    """As they are on some of Discogs' servers."""
    discogs.rate_headers = False

    assert rates(ask(discogs, "/users/demo")) == [None, None, None]


def test_pictures_and_login_pages_are_not_limited(discogs):
    """They come from other servers."""
    discogs.foreign_requests(25)

    thumb = cover_urls(1, 1)[0].removeprefix("https://i.discogs.com")
    assert ask(discogs, thumb).status_code == 200
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
        (faults.too_fast("30"), 429, '{"message": "', "30"),
        (faults.too_fast("soon"), 429, '{"message": "', "soon"),
        (faults.refused(401, "No."), 401, '{"message": "No."}', None),
        (Fault(Answer(503, b"busy", "text/plain")), 503, "busy", None),
    ],
)
def test_a_passing_fault_strikes_once(discogs, fault, status, start, retry_after):
    """Then everything is as before."""
    discogs.add_fault(fault)
    struck, after = ask(discogs, PAGE), ask(discogs, PAGE)

    assert (struck.status_code, struck.text[: len(start)]) == (status, start)
    assert bool(struck.text) == bool(start)
    assert struck.headers.get("Retry-After") == retry_after
    assert after.status_code == 200


@pytest.mark.parametrize("fault", [faults.TRUNCATED, faults.RESET])
def test_a_connection_can_break(discogs, fault):
    """In the middle of the answer or before it."""
    discogs.add_fault(fault, times=2)

    for _ in range(2):
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            ask(discogs, PAGE)
    assert ask(discogs, PAGE).status_code == 200


def test_an_answer_can_be_late(discogs):
    """Later than a client's patience."""
    discogs.add_fault(faults.late(5))

    with pytest.raises(requests.ReadTimeout):
        requests.get(discogs.url + PAGE, headers={"User-Agent": "x/1"}, timeout=(60, 0.05))


def test_a_lasting_fault_stays(discogs):
    """Until it is taken away."""
    discogs.add_fault(faults.SERVER_ERROR, times=None)
    struck = [ask(discogs, PAGE).status_code for _ in range(5)]
    discogs.clear_faults()

    assert struck == [500] * 5
    assert ask(discogs, PAGE).status_code == 200


def test_a_fault_chooses_its_requests(discogs):
    """By page, after some that went well."""
    discogs.add_fault(faults.SERVER_ERROR, faults.on_page(2), skip=1)
    answers = [ask(discogs, f"{PAGE}?page={page}").status_code for page in (1, 2, 1, 2, 2)]

    assert answers == [200, 200, 200, 500, 200]


def test_every_request_is_on_record(discogs):
    """Also the ones that were spoiled, with what they were answered."""
    discogs.add_fault(faults.SERVER_ERROR, faults.on_path("/masters/1"))
    ask(discogs, "/masters/1")
    ask(discogs, "/users/demo", Authorization="Discogs token=pat")

    seen = [(r.number, r.path, r.authenticated, r.username, r.status) for r in discogs.requests]
    assert seen == [(1, "/masters/1", False, None, 500), (2, "/users/demo", True, "demo", 200)]


def test_a_collection_can_change_between_requests(discogs):
    """A hook's change is done before the next request is looked at."""
    owned = discogs.people["demo"].copies
    discogs.after_request.append(lambda _: owned.pop())
    sizes = [ask(discogs, PAGE).json()["pagination"]["items"] for _ in range(3)]

    assert sizes == [250, 249, 248]


def test_a_collection_can_change_before_an_answer(discogs):
    """A hook before the request sees its number."""
    owned = discogs.people["demo"].copies
    discogs.before_request.append(lambda request: request.number == 2 and owned.clear())
    sizes = [ask(discogs, PAGE).json()["pagination"]["items"] for _ in range(2)]

    assert sizes == [250, 0]


def test_a_failing_hook_fails_the_test():
    """The client sees a broken connection, the test what went wrong."""
    running = StandIn([Person("demo")])
    running.before_request.append(lambda _: running.people["missing"])
    running.start()

    with pytest.raises(requests.ConnectionError):
        ask(running, "/users/demo")
    with pytest.raises(KeyError, match="missing"):
        running.stop()


def test_writing_is_refused(discogs):
    """The stand-in is for readers."""
    answer = requests.delete(discogs.url + PAGE, headers={"User-Agent": "x/1"}, timeout=60)

    assert answer.status_code == 405
    assert discogs.requests[-1].method == "DELETE"
