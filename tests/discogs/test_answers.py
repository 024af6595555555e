"""Single answers mapped to errors: status first, then what the body is."""

import pytest
import requests
import responses

from generator.errors import (
    DiscogsError,
    NotFound,
    RateLimited,
    Refused,
    Unauthorized,
    Unavailable,
)
from tests.discogs.wire import SleptTime, make_transport

API = "https://api.discogs.example"
LOGIN = "You must authenticate to access this resource."
PRIVATE = (
    "You are not allowed to view this resource. "
    "Please authenticate as the owner to view this content."
)
HTML = "<!DOCTYPE html><html><body>Sorry, you have been blocked</body></html>"


@pytest.fixture
def discogs():
    """A place where single answers are put."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def ask(discogs, time=None, **answer):
    """What comes of one kind of answer, given as often as it is asked for."""
    discogs.get(f"{API}/thing", **answer)
    transport = make_transport(API, (time or SleptTime()).pacing())
    return transport.get_json("/thing", {"page": 2}, "demo")


def failure(discogs, time=None, **answer):
    """The error an answer ends in, in its three parts, and how often it was asked for."""
    with pytest.raises(DiscogsError) as caught:
        ask(discogs, time, **answer)
    error = caught.value
    assert error.where == "demo"
    assert error.__cause__ is error.__context__ is None
    return type(error), error.what, len(discogs.calls)


def test_an_object_is_the_answer(discogs):
    """Asked for once, whatever its content type says."""
    assert ask(discogs, body=b'\xef\xbb\xbf{"id": 1}', content_type="text/plain") == {"id": 1}
    assert len(discogs.calls) == 1


def test_requests_say_who_asks(discogs):
    """The application, how free text is wanted, and nothing that would name a person."""
    ask(discogs, json={})
    headers = discogs.calls[0].request.headers

    assert headers["User-Agent"] == "Gatefold/1.0 +https://records.example"
    assert headers["Accept"] == "application/vnd.discogs.v2.plaintext+json"
    assert "Authorization" not in headers
    assert discogs.calls[0].request.url == f"{API}/thing?page=2"


@pytest.mark.parametrize(
    ("status", "message", "error", "what"),
    [
        (
            401,
            LOGIN,
            Unauthorized,
            f"Discogs does not accept the credentials: {LOGIN}",
        ),
        (
            403,
            PRIVATE,
            Refused,
            f"Discogs does not allow this: {PRIVATE}",
        ),
        (
            403,
            "You don't have permission to access this resource.",
            Refused,
            "Discogs does not allow this: You don't have permission to access this resource.",
        ),
        (
            404,
            "User does not exist or may have been deleted.",
            NotFound,
            "Discogs does not find this: User does not exist or may have been deleted.",
        ),
        (
            422,
            "Invalid value for sort.",
            DiscogsError,
            "Discogs answered 422: Invalid value for sort.",
        ),
        (400, "Bad.", DiscogsError, "Discogs answered 400: Bad."),
        (405, "Method not allowed.", DiscogsError, "Discogs answered 405: Method not allowed."),
        (501, "Not now.", Unavailable, "Discogs answered 501: Not now."),
    ],
)
def test_a_refusal_in_json_is_final(discogs, status, message, error, what):
    """Asked for once, and told with Discogs' own words."""
    assert failure(discogs, status=status, json={"message": message}) == (error, what, 1)


@pytest.mark.parametrize(
    "message",
    [
        None,
        "",
        {"deep": "er"},
        "Signature base string GET&https%3A%2F%2F does not match",
        "Token nnRjXAbcdEfghIjklMnopQrstUvwxYz is unknown",
        "word " * 40,
        "<b>no</b>",
    ],
)
def test_only_plain_words_of_discogs_are_repeated(discogs, message):
    """What might quote an address or a credential is left out."""
    expected = (Unauthorized, "Discogs does not accept the credentials", 1)

    assert failure(discogs, status=401, json={"message": message, "detail": []}) == expected


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 522, 530])
def test_server_errors_are_asked_for_four_times(discogs, status):
    """Whatever their body says; after 1, 2 and 4 seconds."""
    time = SleptTime()

    assert failure(discogs, time, status=status, json={"message": "Support code 123"}) == (
        Unavailable,
        f"Discogs answered {status} four times",
        4,
    )
    # While Discogs tells no allowance, starts are 1.2 s apart.
    assert time.sleeps == [1.2, 2.0, 4.0]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("", "Discogs sent an empty answer four times"),
        (" \n", "Discogs sent an empty answer four times"),
        (HTML, "Discogs sent an answer that is not JSON four times"),
        ('{"releases": [', "Discogs sent an answer that is not JSON four times"),
        ("[" * 200_000, "Discogs sent an answer that is not JSON four times"),
        ("[]", "Discogs sent JSON that is not an object four times"),
        ("17", "Discogs sent JSON that is not an object four times"),
    ],
)
def test_a_broken_success_is_asked_for_again(discogs, body, what):
    """A body that cannot be used is no empty collection."""
    assert failure(discogs, status=200, body=body) == (Unavailable, what, 4)


@pytest.mark.parametrize("status", [403, 404])
def test_a_block_page_is_an_outage(discogs, status):
    """It comes from whatever stands before Discogs and says nothing about the account."""
    assert failure(discogs, status=status, body=HTML, content_type="text/html") == (
        Unavailable,
        f"Discogs answered {status} without JSON four times",
        4,
    )


@pytest.mark.parametrize("body", ["Invalid consumer.", HTML, ""])
def test_a_bare_401_is_no_refusal(discogs, body):
    """Only JSON says that credentials are bad; asking again would not change it."""
    assert failure(discogs, status=401, body=body) == (
        Unavailable,
        "Discogs answered 401 without JSON",
        1,
    )


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(discogs, status):
    """Not even on the same host; the address is not repeated."""
    discogs.get(f"{API}/elsewhere", json={})

    assert failure(discogs, status=status, headers={"Location": f"{API}/elsewhere"}) == (
        Unavailable,
        f"Discogs answered {status}, a redirect, which is not followed",
        1,
    )


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (requests.ConnectTimeout("x"), "no connection to Discogs within 10 s four times"),
        (requests.ReadTimeout("x"), "Discogs was silent for 30 s four times"),
        (
            requests.exceptions.SSLError("x"),
            "no secure connection to Discogs could be made four times",
        ),
        (
            requests.exceptions.ProxyError("x"),
            "the proxy gives no connection to Discogs four times",
        ),
        (requests.ConnectionError("x"), "the connection to Discogs failed four times"),
        (
            requests.ConnectionError(ConnectionResetError(104, "x")),
            "the connection to Discogs was reset four times",
        ),
    ],
)
def test_network_errors_are_named(discogs, error, what):
    """In words that quote nothing."""
    assert failure(discogs, body=error) == (Unavailable, what, 4)


def test_a_useless_address_is_not_tried_again(discogs):
    """No network would make it right."""
    assert failure(discogs, body=requests.exceptions.InvalidURL("x")) == (
        Unavailable,
        "the address of Discogs cannot be used",
        1,
    )


def test_different_troubles_are_told_by_the_last(discogs):
    """With the number of attempts before it."""
    for status in (500, 502, 500):
        discogs.get(f"{API}/thing", status=status)

    assert failure(discogs, status=200, body="") == (
        Unavailable,
        "Discogs sent an empty answer, after 3 other failed attempts",
        4,
    )


def test_a_passing_trouble_is_forgotten(discogs):
    """The fourth attempt may succeed."""
    for status in (500, 503, 520):
        discogs.get(f"{API}/thing", status=status)

    assert ask(discogs, json={"id": 5}) == {"id": 5}


@pytest.mark.parametrize(
    ("headers", "sleeps"),
    [
        ({}, [60.0, 120.0]),
        ({"Retry-After": "7"}, [7.0, 7.0]),
        ({"Retry-After": "1.5"}, [1.5, 1.5]),
        ({"Retry-After": "0"}, [60.0, 120.0]),
        ({"Retry-After": "-5"}, [60.0, 120.0]),
        ({"Retry-After": "soon"}, [60.0, 120.0]),
        ({"Retry-After": "nan"}, [60.0, 120.0]),
        ({"Retry-After": "inf"}, [60.0, 120.0]),
        ({"Retry-After": "3601"}, [60.0, 120.0]),
        ({"Retry-After": "Sun, 22 Nov 2026 14:18:42 GMT"}, [60.0, 120.0]),
        (
            {
                "Date": "Sun, 22 Nov 2026 14:18:00 GMT",
                "Retry-After": "Sun, 22 Nov 2026 14:18:42 GMT",
            },
            [42.0, 42.0],
        ),
        (
            {
                "Date": "Sun, 22 Nov 2026 14:18:42 GMT",
                "Retry-After": "Sun, 22 Nov 2026 14:18:42 GMT",
            },
            [60.0, 120.0],
        ),
    ],
)
def test_too_many_requests_are_sat_out(discogs, headers, sleeps):
    """As long as Discogs says if that makes sense, else for longer; three in a row are enough."""
    time = SleptTime()

    assert failure(discogs, time, status=429, headers=headers) == (
        RateLimited,
        "Discogs answered 429, too many requests, three times in a row; this run asks no more",
        3,
    )
    assert time.sleeps == sleeps


def test_a_pause_beyond_the_budget_ends_at_once(discogs):
    """Nothing is slept for a pause that would not be slept to its end."""
    time = SleptTime()

    assert failure(discogs, time, status=429, headers={"Retry-After": "3000"}) == (
        RateLimited,
        "Discogs answered 429, too many requests; a pause of 50 min is longer than allowed",
        1,
    )
    assert time.sleeps == []


def test_refusals_in_a_row_are_counted_across_requests(discogs):
    """And troubles between them are no success."""
    time = SleptTime()
    transport = make_transport(API, time.pacing())
    for status in (429, 500, 429, 500, 500, 500, 429):
        discogs.get(f"{API}/thing", status=status, headers={"Retry-After": "3"})
    with pytest.raises(Unavailable):
        transport.get_json("/thing", {}, "demo")
    with pytest.raises(RateLimited):
        transport.get_json("/thing", {}, "demo")

    assert [call.response.status_code for call in discogs.calls] == [
        429,
        500,
        429,
        500,
        500,
        500,
        429,
    ]


def test_troubles_end_when_the_budget_is_spent(discogs):
    """The trouble is told, not the budget."""
    discogs.get(f"{API}/thing", status=500)
    time = SleptTime()
    transport = make_transport(API, time.pacing(), max_wait=1.5)
    with pytest.raises(Unavailable) as caught:
        transport.get_json("/thing", {}, "demo")

    assert caught.value.what == "Discogs answered 500 twice"
    assert time.sleeps == [1.2]


def test_the_budget_is_one_for_all_of_a_run(discogs):
    """7 s for the first account; of 11 s that leaves the second 1 s and 2 s, and not 4 s more."""
    pacing = SleptTime().pacing()
    discogs.get(f"{API}/thing", status=500)
    for words in ("Discogs answered 500 four times", "Discogs answered 500 three times"):
        with pytest.raises(Unavailable) as caught:
            make_transport(API, pacing, max_wait=11).get_json("/thing", {}, "demo")
        assert caught.value.what == words


@pytest.mark.parametrize(
    ("authorization", "limit", "expected"),
    [("yes", "25", True), ("yes", "60", False), (None, "25", False), ("yes", "junk", False)],
)
def test_being_taken_for_a_stranger_is_noticed(discogs, authorization, limit, expected):
    """An authenticated request that gets a stranger's allowance."""
    discogs.get(f"{API}/thing", json={}, headers={"X-Discogs-Ratelimit": limit})
    auth = requests.auth.HTTPBasicAuth("a", "b") if authorization else None
    transport = make_transport(API, auth=auth)
    transport.get_json("/thing", {}, "demo")

    assert transport.seen_as_anonymous is expected
