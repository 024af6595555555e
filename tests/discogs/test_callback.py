"""The loopback page that ends a login, visited over real connections."""

import http.client
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest

from generator.discogs.callback import Callback
from generator.errors import Refused

TOKEN = "request-token"


@pytest.fixture
def pool():
    """Runs `get` beside the test: the page of an answer waits for the result."""
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.fixture
def callback(pool):
    """A callback that waits for the answer to one request token; its pages end before the pool."""
    with Callback() as waiting:
        waiting.expect(TOKEN)
        yield waiting


def get(callback, target=None, method="GET", **query):
    """Status, headers and page of a request; by default of the callback's own path."""
    parts = urlsplit(callback.url)
    target = parts.path if target is None else target
    if query:
        target += "?" + urlencode(query)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        connection.request(method, target)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


def assert_still_waiting(callback, pool):
    """Nothing was accepted: the right answer is the first that counts."""
    pool.submit(get, callback, oauth_token=TOKEN, oauth_verifier="the-right-one")

    assert callback.wait(60) == "the-right-one"


def test_the_address_is_on_loopback_and_cannot_be_guessed():
    with Callback() as one, Callback() as other:
        first, second = urlsplit(one.url), urlsplit(other.url)

    assert (first.scheme, first.hostname, first.query) == ("http", "127.0.0.1", "")
    assert first.port != second.port
    assert first.path != second.path
    assert min(len(first.path), len(second.path)) >= 20
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((first.hostname, first.port), timeout=60)


@pytest.mark.parametrize(
    "verifier", ["abcdefghij", "a+b/c=d&e", "ünïcode", "a b", "100%", "x" * 2000]
)
@pytest.mark.parametrize(
    ("is_stored", "title"), [(True, "<h1>Connected</h1>"), (False, "<h1>Not connected</h1>")]
)
def test_the_page_says_connected_only_once_the_token_is_stored(pool, verifier, is_stored, title):
    with Callback() as callback:
        callback.expect(TOKEN)
        visit = pool.submit(get, callback, oauth_token=TOKEN, oauth_verifier=verifier)
        assert callback.wait(60) == verifier
        assert not visit.done()
        if is_stored:
            callback.confirm()

    status, headers, page = visit.result()
    assert (status, title in page, verifier in page) == (200, True, False)
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_reloaded_page_shows_the_result_and_the_first_answer_counts(pool):
    with Callback() as callback:
        callback.expect(TOKEN)
        visits = [
            pool.submit(get, callback, oauth_token=TOKEN, oauth_verifier="code") for _ in range(2)
        ]
        assert callback.wait(60) == callback.wait(60) == "code"
        callback.confirm()

    assert ["<h1>Connected</h1>" in visit.result()[2] for visit in visits] == [True, True]


def test_a_denial_is_a_refusal(pool):
    with Callback() as callback:
        callback.expect(TOKEN)
        visit = pool.submit(get, callback, denied=TOKEN)
        with pytest.raises(Refused, match=r"^connect: access was denied at Discogs$"):
            callback.wait(60)

    status, _, page = visit.result()
    assert (status, "<h1>Not connected</h1>" in page, "denied" in page) == (200, True, True)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"oauth_token": TOKEN},
        {"oauth_verifier": "wrong"},
        {"oauth_token": TOKEN, "oauth_verifier": ""},
        {"oauth_token": "another", "oauth_verifier": "wrong"},
        {"oauth_token": "", "oauth_verifier": "wrong"},
        {"denied": "another"},
        {"denied": ""},
    ],
)
def test_an_answer_to_another_login_is_turned_away(callback, pool, query):
    status, _, page = get(callback, **query)

    assert (status, "<h1>Not connected</h1>" in page) == (400, True)
    assert_still_waiting(callback, pool)


@pytest.mark.parametrize(
    "target", ["/", "/favicon.ico", "{path}/", "{path}x", "/x{path}", "//x", "/%2e", "*"]
)
def test_another_path_does_not_exist(callback, pool, target):
    target = target.format(path=urlsplit(callback.url).path)

    assert get(callback, target, oauth_token=TOKEN, oauth_verifier="wrong")[0] == 404
    assert_still_waiting(callback, pool)


@pytest.mark.parametrize("method", ["POST", "PUT", "HEAD"])
def test_only_a_visit_is_an_answer(callback, pool, method):
    assert get(callback, method=method, oauth_token=TOKEN, oauth_verifier="wrong")[0] == 501
    assert_still_waiting(callback, pool)


@pytest.mark.parametrize(
    "line",
    [
        *(b"GET http://[ HTTP/1.1", b"GET /\xe9 HTTP/1.1", b"GET", b"\x00\xff\x00", b""),
        b"GET " + b"x" * 70000,
    ],
)
def test_nonsense_is_survived_in_silence(callback, pool, capfd, line):
    parts = urlsplit(callback.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
        connection.sendall(line + b"\r\nHost: x\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            continue

    assert_still_waiting(callback, pool)
    assert capfd.readouterr() == ("", "")


def test_a_silent_visitor_is_not_waited_for(callback, pool):
    parts = urlsplit(callback.url)
    with socket.create_connection((parts.hostname, parts.port)):
        assert_still_waiting(callback, pool)


def test_nothing_is_accepted_before_the_request_token_is_known(pool):
    with Callback() as callback:
        for token in ("", TOKEN):
            assert get(callback, oauth_token=token, oauth_verifier="early")[0] == 400
        callback.expect(TOKEN)

        assert_still_waiting(callback, pool)


def test_waiting_ends_with_the_deadline(callback):
    started = time.monotonic()

    with pytest.raises(Refused) as error:
        callback.wait(0.25)

    assert time.monotonic() - started >= 0.25
    assert str(error.value) == "connect: not authorised within 0.25 s"
    assert error.value.hint == "run connect again, or allow more time with --deadline SECONDS"


def test_a_deadline_may_be_very_far(callback, pool):
    pool.submit(get, callback, oauth_token=TOKEN, oauth_verifier="in time")

    assert callback.wait(1e300) == "in time"
