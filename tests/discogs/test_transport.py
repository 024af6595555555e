"""Requests over a real connection that breaks, hangs, drips and misleads."""

import gzip
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Thread

import pytest

from generator.demo import Person, StandIn, faults
from generator.errors import RateLimited, Unavailable
from tests.discogs.wire import SleptTime, make_transport

TOO_FAST = (faults.too_fast("3"), faults.too_fast())
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def server(*answers):
    """A server that treats each connection to the next of these and then ends it.

    What it is sent is collected; the last answer is repeated. Bytes are sent as they are, a
    function gets the connection.
    """
    received: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            answer = answers[min(len(received), len(answers) - 1)]
            with closing(connection):
                received.append(connection.recv(65536).decode("latin-1"))
                if callable(answer):
                    answer(connection)
                else:
                    connection.sendall(answer)

    thread = Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", received
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def failure(address, pacing=None, **patience):
    """The words a request fails with."""
    with pytest.raises(Unavailable) as caught:
        make_transport(address, pacing, **patience).get_json("/thing", {}, "demo")
    error = caught.value
    assert error.__cause__ is error.__context__ is None
    return error.what


def drip(connection):
    """A body that never ends, a byte at a time."""
    connection.sendall(OK + b"Content-Length: 1000000\r\n\r\n")
    try:
        while True:
            connection.sendall(b" ")
            time.sleep(0.02)
    except OSError:
        return


def hang(connection):
    """Say nothing until the other side has had enough."""
    connection.recv(1)


@pytest.fixture
def discogs():
    """A Discogs that can be told to misbehave."""
    with StandIn([Person("demo", id=77)]) as standin:
        yield standin


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (faults.EMPTY, "Discogs sent an empty answer four times"),
        (faults.TRUNCATED, "the answer of Discogs was cut short four times"),
        (faults.RESET, "the connection to Discogs was reset four times"),
        (faults.BLOCKED, "Discogs answered 403 without JSON four times"),
        (faults.HTML_NOT_FOUND, "Discogs answered 404 without JSON four times"),
        (faults.MAINTENANCE, "Discogs answered 502 four times"),
    ],
)
def test_lasting_faults_are_named(discogs, fault, what):
    """After four attempts, and never more."""
    discogs.add_fault(fault, times=None)
    with pytest.raises(Unavailable) as caught:
        make_transport(discogs.url).get_json("/users/demo", {}, "demo")

    assert caught.value.what == what
    assert len(discogs.requests) == 4


@pytest.mark.parametrize(
    "fault",
    [
        faults.EMPTY,
        faults.TRUNCATED,
        faults.RESET,
        faults.BLOCKED,
        faults.HTML_NOT_FOUND,
        faults.SERVER_ERROR,
        faults.MAINTENANCE,
        *TOO_FAST,
    ],
)
def test_passing_faults_are_survived(discogs, fault):
    """Three times in a row; a third refusal for too many requests would be one too many."""
    times = 2 if fault in TOO_FAST else 3
    discogs.add_fault(fault, times=times)
    payload = make_transport(discogs.url).get_json("/users/demo", {}, "demo")

    assert payload["username"] == "demo"
    assert len(discogs.requests) == times + 1


def test_silence_ends_an_attempt():
    """A server that accepts and says nothing."""
    with server(hang) as (address, _):
        assert failure(address, read=0.05) == "Discogs was silent for 0.05 s four times"


def test_a_drip_ends_with_the_answer_s_time():
    """Each byte comes in time, but the answer does not."""
    pacing = SleptTime().pacing()
    pacing.clock = time.monotonic
    with server(drip) as (address, _):
        words = failure(address, pacing, answer=0.2, max_wait=0)

    assert words == "Discogs took more than 0.2 s for one answer"


def test_an_answer_has_a_greatest_size():
    """It is not asked for again."""
    with server(OK + b"\r\n" + b"[" * 5000) as (address, received):
        assert failure(address, size=4999) == "Discogs sent more than 4999 bytes"
        assert len(received) == 1


def test_a_packed_answer_is_measured_unpacked():
    """Ten megabytes of nothing make a small parcel."""
    parcel = gzip.compress(b" " * 10_000_000)
    with server(OK + b"Content-Encoding: gzip\r\n\r\n" + parcel) as (address, _):
        assert failure(address, size=1_000_000) == "Discogs sent more than 1000000 bytes"


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (b"", "the connection to Discogs was reset"),
        (b"no HTTP at all\r\n\r\n", "the connection to Discogs broke off"),
        (OK + b"Content-Length: 20\r\n\r\n{}", "the answer of Discogs was cut short"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{", "the answer of Discogs was cut short"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "the answer of Discogs was cut short"),
        (
            OK + b"Content-Encoding: gzip\r\n\r\nplain",
            "the answer of Discogs could not be decompressed",
        ),
    ],
)
def test_broken_answers_are_named(answer, what):
    """And tried four times."""
    with server(answer) as (address, received):
        assert failure(address) == f"{what} four times"
        assert len(received) == 4


def test_chunks_are_put_together():
    """An answer whose length is not told beforehand."""
    body = b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"id"\r\n4\r\n: 5}\r\n0\r\n\r\n'
    with server(OK + body) as (address, _):
        assert make_transport(address).get_json("/thing", {}, "demo") == {"id": 5}


def test_a_closed_door_is_named():
    """Nobody listens there."""
    with server(b"") as (address, _):
        pass

    assert failure(address) == "the connection to Discogs was refused four times"


def test_cookies_are_not_kept():
    """Whoever stands before Discogs may set some."""
    with server(OK + b"Set-Cookie: who=me; Path=/\r\n\r\n{}") as (address, received):
        transport = make_transport(address)
        for _ in range(2):
            transport.get_json("/thing", {}, "demo")

    assert ["Cookie:" in request for request in received] == [False, False]


def test_a_netrc_file_is_not_consulted(tmp_path, monkeypatch):
    """An anonymous request stays one."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with server(OK + b"\r\n{}") as (address, received):
        make_transport(address).get_json("/thing", {}, "demo")

    assert "authorization" not in received[0].lower()


def test_no_proxy_is_used_on_this_machine(monkeypatch):
    """The stand-in is reached from behind a proxy as well."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with server(OK + b"\r\n{}") as (address, _):
        assert make_transport(address).get_json("/thing", {}, "demo") == {}


def test_a_redirect_s_body_is_not_waited_for():
    """It ends like any answer, and nobody goes where it points."""
    head = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n"
    with server(head + b"Content-Length: 0\r\n\r\n") as (address, received):
        assert failure(address) == "Discogs answered 302, a redirect, which is not followed"
        assert len(received) == 1


def test_connections_are_used_again(discogs, caplog):
    """Three requests, one connection."""
    caplog.set_level("DEBUG", "urllib3")
    transport = make_transport(discogs.url)
    for _ in range(3):
        transport.get_json("/users/demo", {}, "demo")

    assert len(discogs.requests) == 3
    assert caplog.text.count("Starting new HTTP connection") == 1


@pytest.mark.parametrize("limit", [4, 25])
def test_a_true_limit_is_never_met(limit):
    """Three windows' worth of requests against the stand-in's own moving window."""
    slept = SleptTime()
    with StandIn([Person("demo", id=77)], window=60.0, clock=slept.clock) as discogs:
        discogs.limit.anonymous = limit
        transport = make_transport(discogs.url, slept.pacing())
        for _ in range(3 * limit):
            transport.get_json("/users/demo", {}, "demo")

    assert {request.status for request in discogs.requests} == {200}
    assert len(discogs.requests) == 3 * limit


def test_a_limit_others_have_used_up_is_sat_out():
    """Whoever shares the address; the 429 tells nothing but itself."""
    slept = SleptTime()
    with StandIn([Person("demo", id=77)], window=60.0, clock=slept.clock) as discogs:
        discogs.foreign_requests(60)
        payload = make_transport(discogs.url, slept.pacing()).get_json("/users/demo", {}, "demo")

    assert payload["username"] == "demo"
    assert [request.status for request in discogs.requests] == [429, 200]
    assert slept.sleeps == [60.0]


def test_a_limit_that_lasts_ends_in_time():
    """Nothing is waited beyond what the run may wait."""
    slept = SleptTime()
    with StandIn([Person("demo", id=77)]) as discogs:
        discogs.add_fault(faults.too_fast(), times=None)
        with pytest.raises(RateLimited) as caught:
            make_transport(discogs.url, slept.pacing(), max_wait=100).get_json("/x", {}, "demo")

    assert (
        caught.value.what
        == "Discogs answered 429, too many requests; a pause of 2 min is longer than allowed"
    )
    assert slept.sleeps == [60.0]


def test_several_threads_may_share_a_transport(discogs):
    """Every answer reaches the one who asked."""
    transport = make_transport(discogs.url)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: transport.get_json("/users/demo", {}, "x"), range(12)))

    assert {answer["id"] for answer in answers} == {77}
