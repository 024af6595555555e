"""Requests over real connections: which responses are final, which are tried again, and when."""

import gzip
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from requests.auth import HTTPBasicAuth

from generator.demo.api import Person
from generator.errors import (
    DiscogsError,
    NotFound,
    RateLimited,
    Refused,
    Unauthorized,
    Unavailable,
)
from tests import faults
from tests.discogs.wire import SleptTime, make_transport, raw_server, response
from tests.standin import StandIn

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
HTML = b"<!DOCTYPE html><html><body>Sorry, you have been blocked</body></html>"
LOGIN = "You must authenticate to access this resource."
PRIVATE = (
    "You are not allowed to view this resource. "
    "Please authenticate as the owner to view this content."
)
GONE = "User does not exist or may have been deleted."
TOO_MANY = "Discogs answered 429, too many requests"
STOPS = f"{TOO_MANY}, three times in a row; this run stops asking"


def failure_of(transport):
    """The class and the words of the failure of one request."""
    with pytest.raises(DiscogsError) as caught:
        transport.get_json("/thing", {"page": 2})
    assert caught.value.__cause__ is caught.value.__context__ is None
    return type(caught.value), caught.value.what


def failure(*responses, pacing=None, **options):
    """Likewise, and the number of attempts, with a server that sends these responses."""
    with raw_server(*responses) as (address, received):
        found = failure_of(make_transport(address, pacing, **options))
    return (*found, len(received))


def hang(connection):
    """Say nothing until the other side gives up."""
    connection.recv(1)


def dripping(start, drop):
    """Sends a start, and then the same drop for as long as the other side listens."""

    def drip(connection):
        connection.settimeout(0.02)
        end = time.monotonic() + 0.6
        try:
            connection.sendall(start)
            while time.monotonic() < end:
                connection.sendall(drop)
                time.sleep(0.02)
        except OSError:
            return

    return drip


@pytest.fixture
def discogs():
    with StandIn([Person("demo", id=77)]) as standin:
        yield standin


def test_a_json_object_is_the_answer_and_the_request_says_who_asks():
    sent = response(200, b'\xef\xbb\xbf{"id": 1}', {"Content-Type": "text/plain"})
    with raw_server(sent) as (address, received):
        assert make_transport(address).get_json("/thing", {"page": 2}) == {"id": 1}

    head, *lines = received[0].split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines if line)
    assert head == "GET /thing?page=2 HTTP/1.1"
    assert headers["User-Agent"] == "Gatefold/1.0 +https://records.example"
    assert headers["Accept"] == "application/vnd.discogs.v2.plaintext+json"
    assert "Authorization" not in headers
    assert len(received) == 1


@pytest.mark.parametrize(
    ("status", "message", "error", "what"),
    [
        (401, LOGIN, Unauthorized, f"Discogs does not accept the credentials: {LOGIN}"),
        (403, PRIVATE, Refused, f"Discogs does not allow this: {PRIVATE}"),
        (403, "You don't have permission.", Refused,
         "Discogs does not allow this: You don't have permission."),
        (404, GONE, NotFound, f"Discogs does not find this: {GONE}"),
        (422, "Invalid value for sort.", DiscogsError,
         "Discogs answered 422: Invalid value for sort."),
        (400, "Bad.", DiscogsError, "Discogs answered 400: Bad."),
        (501, "Not now.", Unavailable, "Discogs answered 501: Not now."),
        # Words that may quote an address or a credential are left out.
        *(
            (401, message, Unauthorized, "Discogs does not accept the credentials")
            for message in (
                None,
                "",
                {"deep": "er"},
                "Signature base string GET&https%3A%2F%2F does not match",
                "Token nnRjXAbcdEfghIjklMnopQrstUvwxYz is unknown",
                "word " * 40,
                "<b>no</b>",
            )
        ),
    ],
)  # fmt: skip
def test_a_refusal_in_json_is_final(status, message, error, what):
    assert failure(response(status, {"message": message, "detail": []})) == (error, what, 1)


CUT = "the response from Discogs was cut short"
NOT_JSON = "Discogs sent a response that is not JSON"
NOT_AN_OBJECT = "Discogs sent JSON that is not an object"


@pytest.mark.parametrize(
    ("sent", "what", "attempts"),
    [
        *(
            (response(status, {"message": "Support code 123"}), f"Discogs answered {status}", 4)
            for status in (500, 502, 503, 504, 520, 522, 530)
        ),
        (response(200), "Discogs sent an empty response", 4),
        (response(200, b" \n"), "Discogs sent an empty response", 4),
        (response(200, HTML), NOT_JSON, 4),
        (response(200, b'{"releases": ['), NOT_JSON, 4),
        (response(200, b"[" * 200_000), NOT_JSON, 4),
        (response(200, []), NOT_AN_OBJECT, 4),
        (response(200, None), NOT_AN_OBJECT, 4),
        # A web page comes from a proxy in front of Discogs and says nothing about the account.
        (response(403, HTML), "Discogs answered 403 without JSON", 4),
        (response(404, HTML), "Discogs answered 404 without JSON", 4),
        # Only JSON says that credentials are bad, and asking again would change nothing.
        *(
            (response(401, body), "Discogs answered 401 without JSON", 1)
            for body in (b"Invalid consumer.", HTML, b"")
        ),
        *(
            (response(status, HTML, {"Location": "http://127.0.0.1:9/"}),
             f"Discogs answered {status}, a redirect, which is not followed", 1)
            for status in (301, 302, 307, 308)
        ),
        (b"", "the connection to Discogs was reset", 4),
        (b"no HTTP at all\r\n\r\n", "the connection to Discogs broke off", 4),
        (OK + b"Content-Length: 20\r\n\r\n{}", CUT, 4),
        (CHUNKED + b"5\r\n{", CUT, 4),
        (CHUNKED + b"zz\r\n", CUT, 4),
        (OK + b"Content-Encoding: gzip\r\n\r\nplain",
         "the response from Discogs cannot be decompressed", 4),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_a_response_that_cannot_be_used_is_named(sent, what, attempts):
    slept = SleptTime()

    found = failure(sent, pacing=slept.pacing())

    assert found == (Unavailable, what + " four times" * (attempts == 4), attempts)
    # Without headers, requests start 1.2 s apart.
    assert slept.sleeps == [1.2, 2.0, 4.0] * (attempts == 4)


def test_the_last_of_several_failures_is_named():
    sent = (response(500), response(502), response(500), response(200))

    assert failure(*sent) == (
        Unavailable,
        "Discogs sent an empty response, after 3 other failed attempts",
        4,
    )


def test_silence_ends_an_attempt():
    assert failure(hang, read=0.05)[1] == "no data from Discogs for 0.05 s four times"


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (OK + b"Content-Length: 1000000\r\n\r\n", b" "),
        (OK, b"X"),
        (OK, b"X: 1\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (CHUNKED, b"0"),
        (CHUNKED, b"1\r\n \r\n"),
    ],
    ids=["body", "a header", "headers", "100 Continue", "a chunk size", "chunks"],
)
def test_a_response_that_drips_ends_with_its_time(start, drop):
    pacing = SleptTime().pacing()
    pacing.clock = time.monotonic

    found = failure(dripping(start, drop), pacing=pacing, response=0.2, max_wait=0)

    assert found[1] in (
        "Discogs took more than 0.2 s for a response",
        "the connection to Discogs broke off",  # more than 100 headers
        "the response from Discogs was cut short",  # a chunk size that is no number
    )


@pytest.mark.parametrize(
    "sent",
    [
        OK + b"\r\n" + b"[" * 5000,
        OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b" " * 10_000_000),
    ],
    ids=["plain", "compressed"],
)
def test_a_response_has_a_greatest_size(sent):
    assert failure(sent, size=4999) == (Unavailable, "Discogs sent more than 4999 bytes", 1)


def test_an_address_that_gives_no_connection_is_named():
    with raw_server(b"no TLS\r\n\r\n") as (address, _):
        secure = failure_of(make_transport(address.replace("http:", "https:")))
    closed = failure_of(make_transport(address))
    impossible = failure_of(make_transport("http://127.0.0.1:99999"))

    assert [what for _, what in (secure, closed, impossible)] == [
        "no secure connection to Discogs is possible four times",
        "the connection to Discogs was refused four times",
        "the address of Discogs cannot be used",
    ]


def test_a_proxy_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    assert failure_of(make_transport("https://api.discogs.example")) == (
        Unavailable,
        "the proxy refuses the connection to Discogs four times",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse instead of waiting")
def test_a_server_too_busy_to_accept_is_named():
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"

        assert failure_of(make_transport(address, connect=0.1))[1] == (
            "no connection to Discogs within 0.1 s four times"
        )


@pytest.mark.parametrize(
    ("fault", "times"),
    [
        *((faults.too_fast("3"), 2), (faults.too_fast(), 2)),  # a third in a row would be final
        *((faults.EMPTY, 3), (faults.TRUNCATED, 3), (faults.RESET, 3), (faults.BLOCKED, 3)),
        *((faults.HTML_NOT_FOUND, 3), (faults.SERVER_ERROR, 3), (faults.MAINTENANCE, 3)),
    ],
)
def test_a_passing_fault_is_survived(discogs, fault, times):
    discogs.add_fault(fault, times=times)
    payload = make_transport(discogs.url).get_json("/users/demo")

    assert payload["username"] == "demo"
    assert len(discogs.requests) == times + 1


@pytest.mark.parametrize(
    ("headers", "sleeps"),
    [
        ({}, [60.0, 120.0]),
        *(
            ({"Retry-After": text}, [seconds, seconds] if seconds else [60.0, 120.0])
            for text, seconds in [
                *(("7", 7.0), ("1.5", 1.5), ("0", 0), ("-5", 0), ("soon", 0), ("nan", 0)),
                *(("inf", 0), ("3601", 0), ("Sun, 22 Nov 2026 14:18:42 GMT", 0)),
            ]
        ),
        *(
            (
                {
                    "Date": f"Sun, 22 Nov 2026 14:18:{second} GMT",
                    "Retry-After": "Sun, 22 Nov 2026 14:18:42 GMT",
                },
                sleeps,
            )
            for second, sleeps in [("00", [42.0, 42.0]), ("42", [60.0, 120.0])]
        ),
    ],
)
def test_too_many_requests_are_waited_out_twice(headers, sleeps):
    slept = SleptTime()

    found = failure(response(429, b"", headers), pacing=slept.pacing())

    assert (found, slept.sleeps) == ((RateLimited, STOPS, 3), sleeps)


@pytest.mark.parametrize(
    ("headers", "max_wait", "what", "sleeps"),
    [
        ({"Retry-After": "3000"}, 600, f"{TOO_MANY}; a pause of 50 min is longer than allowed", []),
        ({}, 100, f"{TOO_MANY}; a pause of 2 min is longer than allowed", [60.0]),
    ],
)
def test_a_pause_beyond_the_budget_is_not_begun(headers, max_wait, what, sleeps):
    slept = SleptTime()

    found = failure(response(429, b"", headers), pacing=slept.pacing(), max_wait=max_wait)

    assert (found[:2], slept.sleeps) == ((RateLimited, what), sleeps)


def test_refusals_in_a_row_are_counted_across_requests():
    sent = [response(s, b"", {"Retry-After": "3"}) for s in (429, 500, 429, 500, 500, 500, 429)]
    with raw_server(*sent) as (address, received):
        transport = make_transport(address)
        found = [failure_of(transport)[0] for _ in range(2)]

    assert (found, len(received)) == ([Unavailable, RateLimited], 7)


def test_all_requests_of_a_run_share_one_budget():
    pacing = SleptTime().pacing()
    found = [failure(response(500), pacing=pacing, max_wait=11)[1] for _ in range(2)]

    assert found == ["Discogs answered 500 four times", "Discogs answered 500 three times"]
    assert failure(response(500), max_wait=1.5)[1] == "Discogs answered 500 twice"


@pytest.mark.parametrize(
    ("auth", "limit", "expected"),
    [
        (HTTPBasicAuth("a", "b"), "25", True),
        (HTTPBasicAuth("a", "b"), "60", False),
        (HTTPBasicAuth("a", "b"), "junk", False),
        (None, "25", False),
    ],
)
def test_credentials_with_an_anonymous_limit_are_noticed(auth, limit, expected):
    with raw_server(response(200, {}, {"X-Discogs-Ratelimit": limit})) as (address, _):
        transport = make_transport(address, auth=auth)
        transport.get_json("/thing")

    assert transport.seen_as_anonymous is expected


def test_a_chunked_response_is_put_together():
    with raw_server(CHUNKED + b'5\r\n{"id"\r\n4\r\n: 5}\r\n0\r\n\r\n') as (address, _):
        assert make_transport(address).get_json("/thing") == {"id": 5}


def test_a_session_keeps_no_cookie_and_uses_no_netrc_and_no_proxy_for_loopback(
    tmp_path, monkeypatch
):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with raw_server(response(200, {}, {"Set-Cookie": "who=me; Path=/"})) as (address, received):
        transport = make_transport(address)
        for _ in range(2):
            transport.get_json("/thing")

    assert [name for name in ("cookie:", "authorization:") if name in received[1].lower()] == []


def test_connections_are_used_again(discogs, caplog):
    caplog.set_level("DEBUG", "urllib3")
    transport = make_transport(discogs.url)
    for _ in range(3):
        transport.get_json("/users/demo")

    assert len(discogs.requests) == 3
    assert caplog.text.count("Starting new HTTP connection") == 1


def test_several_threads_may_share_a_transport(discogs):
    transport = make_transport(discogs.url)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: transport.get_json("/users/demo"), range(12)))

    assert {answer["id"] for answer in answers} == {77}


@pytest.mark.parametrize("limit", [4, 25])
def test_a_true_limit_is_never_met(limit):
    slept = SleptTime()
    with StandIn([Person("demo", id=77)], window=60.0, clock=slept.clock) as discogs:
        discogs.limit.anonymous = limit
        transport = make_transport(discogs.url, slept.pacing())
        for _ in range(3 * limit):
            transport.get_json("/users/demo")

    assert [request.status for request in discogs.requests] == [200] * 3 * limit


def test_a_limit_that_others_used_up_is_waited_out():
    slept = SleptTime()
    with StandIn([Person("demo", id=77)], window=60.0, clock=slept.clock) as discogs:
        discogs.foreign_requests(60)
        make_transport(discogs.url, slept.pacing()).get_json("/users/demo")

    assert [request.status for request in discogs.requests] == [429, 200]
    assert slept.sleeps == [60.0]
