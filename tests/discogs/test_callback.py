"""The loopback callback, asked over real connections."""

import http.client
import socket
import time
from urllib.parse import urlencode, urlsplit

import pytest

from generator.discogs.callback import Callback
from generator.errors import Refused

TOKEN = "request-token"


@pytest.fixture
def callback():
    """A callback that expects the answer to one request token."""
    with Callback() as waiting:
        waiting.expect(TOKEN)
        yield waiting


def get(callback, target=None, method="GET", **query):
    """The status and page of a request; without a target, of the callback's own path."""
    parts = urlsplit(callback.url)
    target = parts.path if target is None else target
    if query:
        target += "?" + urlencode(query)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        connection.request(method, target)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def assert_still_waiting(callback):
    """Nothing was taken: the right answer is the first that counts."""
    status, _ = get(callback, oauth_token=TOKEN, oauth_verifier="the-right-one")

    assert status == 200
    assert callback.wait(60) == "the-right-one"


def test_the_address_cannot_be_guessed():
    """On loopback, on any free port, under a path of its own every time."""
    with Callback() as one, Callback() as other:
        first, second = urlsplit(one.url), urlsplit(other.url)

    assert (first.scheme, first.hostname, first.query) == ("http", "127.0.0.1", "")
    assert first.port != second.port
    assert first.path != second.path
    assert min(len(first.path), len(second.path)) >= 20


@pytest.mark.parametrize(
    "verifier", ["abcdefghij", "a+b/c=d&e", "ünïcode", "a b", "100%", "x" * 2000]
)
def test_a_verifier_comes_home(callback, verifier):
    """Whatever characters it has; the owner is told that it worked."""
    status, page = get(callback, oauth_token=TOKEN, oauth_verifier=verifier)

    assert callback.wait(60) == verifier
    assert status == 200
    assert "<h1>Connected</h1>" in page
    assert verifier not in page


def test_a_denial_is_a_refusal(callback):
    """Discogs sends the token back as denied."""
    status, page = get(callback, denied=TOKEN)

    with pytest.raises(Refused, match=r"^connect: access was denied at Discogs$"):
        callback.wait(60)
    assert status == 200
    assert "<h1>Not connected</h1>" in page


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
def test_an_answer_to_another_question_is_turned_away(callback, query):
    """Without our token or without a verifier nothing is taken, and waiting goes on."""
    status, page = get(callback, **query)

    assert status == 400
    assert "<h1>Not connected</h1>" in page
    assert_still_waiting(callback)


@pytest.mark.parametrize(
    "target", ["/", "/favicon.ico", "{path}/", "{path}x", "/x{path}", "//x", "/%2e", "*"]
)
def test_another_path_is_not_there(callback, target):
    """The path is the secret that keeps other pages of the browser out."""
    target = target.format(path=urlsplit(callback.url).path)

    status, _ = get(callback, target, oauth_token=TOKEN, oauth_verifier="wrong")

    assert status == 404
    assert_still_waiting(callback)


@pytest.mark.parametrize("method", ["POST", "PUT", "HEAD"])
def test_only_a_visit_counts(callback, method):
    """A redirect is a GET."""
    assert get(callback, method=method, oauth_token=TOKEN, oauth_verifier="wrong")[0] == 501
    assert_still_waiting(callback)


@pytest.mark.parametrize(
    "line",
    [
        b"GET http://[ HTTP/1.1",
        b"GET /\xe9 HTTP/1.1",
        b"GET",
        b"\x00\xff\x00",
        b"",
        b"GET " + b"x" * 70000,
    ],
)
def test_nonsense_is_survived(callback, capfd, line):
    """What is no request is neither an answer nor an accident."""
    parts = urlsplit(callback.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
        connection.sendall(line + b"\r\nHost: x\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            continue

    assert_still_waiting(callback)
    assert capfd.readouterr() == ("", "")


def test_a_silent_guest_keeps_nobody_waiting(callback):
    """A connection that says nothing does not stand in the way of the answer."""
    parts = urlsplit(callback.url)
    with socket.create_connection((parts.hostname, parts.port)):
        assert_still_waiting(callback)


def test_the_first_of_two_answers_counts(callback):
    """A reload of the page changes nothing."""
    get(callback, oauth_token=TOKEN, oauth_verifier="first")
    get(callback, oauth_token=TOKEN, oauth_verifier="second")

    assert callback.wait(60) == "first"


def test_nothing_is_taken_before_it_is_expected():
    """An answer needs a question."""
    with Callback() as callback:
        assert get(callback, oauth_token="", oauth_verifier="early")[0] == 400
        assert get(callback, oauth_token=TOKEN, oauth_verifier="early")[0] == 400

        callback.expect(TOKEN)

        assert_still_waiting(callback)


def test_waiting_has_an_end(callback):
    """After the deadline nobody is waited for, and it says how to get more time."""
    started = time.monotonic()

    with pytest.raises(Refused) as error:
        callback.wait(0.25)

    assert time.monotonic() - started >= 0.25
    assert str(error.value) == "connect: nobody authorised within 0.25 s"
    assert error.value.hint == "run connect again, or give more time with --deadline"


def test_a_deadline_may_be_very_far(callback):
    """Longer than any clock counts is as long as it can be."""
    get(callback, oauth_token=TOKEN, oauth_verifier="in time")

    assert callback.wait(1e300) == "in time"


def test_the_answer_is_kept_from_others(callback):
    """It is not stored, and its address goes to nobody as a referrer."""
    parts = urlsplit(callback.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    connection.request("GET", f"{parts.path}?oauth_token={TOKEN}&oauth_verifier=v")
    headers = dict(connection.getresponse().getheaders())
    connection.close()

    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Type"] == "text/html; charset=utf-8"


def test_the_door_is_closed_afterwards():
    """Once the answer is home nothing listens any more."""
    with Callback() as callback:
        address = urlsplit(callback.url)

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.hostname, address.port), timeout=60)
