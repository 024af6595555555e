"""Whose credentials go into which header, and the three steps of a login."""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote

import pytest
import requests
import responses
from requests.utils import to_native_string

from generator.demo import Application, Person, StandIn, faults
from generator.discogs.client import Discogs
from generator.discogs.oauth import (
    Consumer,
    RequestToken,
    authorize_url,
    fetch_access_token,
    fetch_request_token,
    oauth1,
    signer,
)
from generator.domain.account import Identity, OAuthToken, PersonalToken
from generator.errors import ConfigError, DiscogsError, Refused, Unavailable, Unreadable
from tests.discogs.wire import SleptTime, make_transport

API = "https://api.discogs.example"
CONSUMER = Consumer("ck_ExampleKey0123", "cs_ExampleSecret")
FIXED = ("0123456789abcdef0123456789abcdef", "1760000000")
HTML = "<!DOCTYPE html><html><body>Sorry, you have been blocked</body></html>"


def signed(auth, url):
    """The Authorization header's parameters, decoded, and the address it was sent to."""
    request = requests.Request("GET", url, auth=auth).prepare()
    header = to_native_string(request.headers["Authorization"])
    assert header.startswith("OAuth ")
    return {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', header)}, request


def test_a_request_token_is_asked_for_with_a_known_signature():
    """A signature computed elsewhere, with the consumer's secret alone."""
    auth = oauth1(CONSUMER, callback="oob", fixed=FIXED)

    assert signed(auth, "https://api.discogs.com/oauth/request_token")[0] == {
        "oauth_nonce": "0123456789abcdef0123456789abcdef",
        "oauth_timestamp": "1760000000",
        "oauth_version": "1.0",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_consumer_key": "ck_ExampleKey0123",
        "oauth_callback": "oob",
        "oauth_signature": "Rclj4K5d5pqKCCpC/Cf4whfnuTc=",
    }


def test_a_page_is_asked_for_with_a_known_signature():
    """Parameters of the query are signed, and nothing of the signature is in the address."""
    token = OAuthToken("at_ExampleToken", "ats_ExampleSecret")
    url = (
        "https://api.discogs.com/users/example/collection/folders/0/releases"
        "?page=2&per_page=100&sort=added&sort_order=desc"
    )
    params, request = signed(oauth1(CONSUMER, token, fixed=FIXED), url)

    assert request.url == url
    assert params == {
        "oauth_nonce": "0123456789abcdef0123456789abcdef",
        "oauth_timestamp": "1760000000",
        "oauth_version": "1.0",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_consumer_key": "ck_ExampleKey0123",
        "oauth_token": "at_ExampleToken",
        "oauth_signature": "H2v6To6CRLBRoHiKWYxZFeHXcrU=",
    }


def test_every_request_has_its_own_nonce():
    """32 hexadecimal digits and whole seconds, also with eight threads on one signer."""
    auth = oauth1(CONSUMER, OAuthToken("at", "ats"))
    with ThreadPoolExecutor(8) as pool:
        params = [p for p, _ in pool.map(lambda _: signed(auth, f"{API}/x"), range(200))]

    assert len({each["oauth_nonce"] for each in params}) == 200
    assert all(re.fullmatch("[0-9a-f]{32}", each["oauth_nonce"]) for each in params)
    assert all(re.fullmatch("[0-9]{10}", each["oauth_timestamp"]) for each in params)


def test_a_personal_token_stands_in_the_header():
    """And not in the address."""
    auth = signer(PersonalToken("pat-123"), None)
    request = requests.Request("GET", f"{API}/x", auth=auth).prepare()

    assert request.headers["Authorization"] == "Discogs token=pat-123"
    assert request.url == f"{API}/x"


def test_nobody_signs_nothing():
    """A public collection is read without credentials."""
    auth = signer(None, CONSUMER)

    assert "Authorization" not in requests.Request("GET", API, auth=auth).prepare().headers


@pytest.mark.parametrize("token", ["", "with space", "line\nbreak", "tökén", "\x00"])
def test_what_cannot_be_a_token_is_refused(token):
    """Before it could reach a header, and without repeating it."""
    with pytest.raises(ConfigError) as caught:
        signer(PersonalToken(token), None)

    assert str(caught.value) == "DISCOGS_TOKEN: is not a personal access token"


def test_oauth_needs_the_application():
    """Its name is asked for in words."""
    with pytest.raises(ConfigError) as caught:
        signer(OAuthToken("at", "ats"), None)

    assert "DISCOGS_OAUTH_CONSUMER_KEY" in caught.value.where


@pytest.mark.parametrize("secret", [CONSUMER, RequestToken("a", "b")])
def test_credentials_are_never_shown(secret):
    """Their repr says only what they are."""
    assert repr(secret) == f"{type(secret).__name__}(***)"


def test_a_signer_is_never_shown():
    """Neither the library's object nor what it holds."""
    auth = oauth1(CONSUMER, OAuthToken("at_ExampleToken", "ats_ExampleSecret"))

    assert "Example" not in repr(auth) + repr(vars(auth))


@pytest.fixture
def discogs():
    """A Discogs with one person and one application."""
    people = [Person("demo", id=77, token="pat-123", private=True)]
    with StandIn(people, consumer=Application("key", "secret")) as standin:
        yield standin


def test_a_login_leads_to_the_owner(discogs):
    """All three steps, each signed; then the owner's own folders are seen."""
    consumer = Consumer("key", "secret")
    transport = make_transport(discogs.url)
    request_token = fetch_request_token(transport, consumer, "oob")
    address = authorize_url(discogs.url + "/", request_token)
    assert address == f"{discogs.url}/oauth/authorize?oauth_token={request_token.key}"

    code = discogs.authorize(request_token.key).verifier
    token = fetch_access_token(transport, consumer, request_token, f" {code}\n")
    client = Discogs(make_transport(discogs.url, auth=signer(token, consumer)), "demo")

    assert client.fetch_identity() == Identity(77, "demo")
    assert client.fetch_folder_ids("demo") == (0, 1)
    assert [(request.method, request.path) for request in discogs.requests] == [
        ("GET", "/oauth/request_token"),
        ("POST", "/oauth/access_token"),
        ("GET", "/oauth/identity"),
        ("GET", "/users/demo/collection/folders"),
    ]


def test_a_personal_token_is_the_owner(discogs):
    """It needs no application."""
    transport = make_transport(discogs.url, auth=signer(PersonalToken("pat-123"), None))

    assert Discogs(transport, "demo").fetch_identity() == Identity(77, "demo")


def test_a_wrong_application_is_refused(discogs):
    """Whatever the stand-in says to it."""
    with pytest.raises(Refused) as caught:
        fetch_request_token(make_transport(discogs.url), Consumer("key", "wrong"), "oob")

    assert str(caught.value) == "connect: Discogs refused the application's key or secret"
    assert len(discogs.requests) == 1


def test_a_wrong_code_is_refused(discogs):
    """It is sent once."""
    consumer = Consumer("key", "secret")
    transport = make_transport(discogs.url)
    token = fetch_request_token(transport, consumer, "oob")
    discogs.authorize(token.key)
    with pytest.raises(Refused) as caught:
        fetch_access_token(transport, consumer, token, "guessed")

    assert caught.value.what == "Discogs refused the code: it is wrong or older than 15 minutes"
    assert [request.method for request in discogs.requests] == ["GET", "POST"]


def test_a_login_survives_a_passing_fault(discogs):
    """Asking for a request token is a GET."""
    discogs.add_fault(faults.RESET, when=faults.on_path("/oauth/request_token"))
    token = fetch_request_token(make_transport(discogs.url), Consumer("key", "secret"), "oob")

    assert discogs.authorize(token.key).verifier


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (faults.SERVER_ERROR, "Discogs answered 500"),
        (faults.RESET, "the connection to Discogs was reset"),
        (faults.BLOCKED, "Discogs answered 403 with a web page"),
    ],
)
def test_a_code_is_never_sent_twice(discogs, fault, what):
    """It may have been used up although the answer was lost."""
    discogs.add_fault(fault, when=faults.on_path("/oauth/access_token"))
    with pytest.raises(Unavailable) as caught:
        fetch_access_token(
            make_transport(discogs.url), Consumer("key", "secret"), RequestToken("a", "b"), "code"
        )

    assert caught.value.what == what
    assert len(discogs.requests) == 1


@pytest.mark.parametrize(
    ("status", "body", "error", "what", "times"),
    [
        (400, "This URL is an OAuth endpoint, but…", Refused, "refused the application", 1),
        (401, "Invalid consumer.", Refused, "refused the application", 1),
        (401, '{"message": "Invalid consumer token."}', Refused, "refused the application", 1),
        (403, "Forbidden", Refused, "refused the application", 1),
        (401, "", Refused, "refused the application", 1),
        (403, HTML, Unavailable, "answered 403 with a web page four times", 4),
        (404, HTML, Unavailable, "answered 404 with a web page four times", 4),
        (404, "Not found", Unavailable, "answered 404 where it gives tokens", 1),
        (200, HTML, Unavailable, "answered 200 with a web page four times", 4),
        (200, "", Unavailable, "sent an empty answer four times", 4),
        (200, "oauth_token=abc", Unreadable, "sent something else than a token", 1),
        (200, "oauth_token=&oauth_token_secret=", Unreadable, "sent something else", 1),
        (200, '{"oauth_token": "abc"}', Unreadable, "sent something else than a token", 1),
        (503, "oauth_token=abc", Unavailable, "answered 503 four times", 4),
        (302, "", Unavailable, "a redirect, which is not followed", 1),
    ],
)
def test_a_failed_login_says_why(status, body, error, what, times):
    """Text refuses, a web page is an outage, and nothing of a body is repeated."""
    with responses.RequestsMock() as mock:
        mock.get(f"{API}/oauth/request_token", body=body, status=status)
        with pytest.raises(DiscogsError) as caught:
            fetch_request_token(make_transport(API), CONSUMER, "oob", "records")
        asked = len(mock.calls)

    assert type(caught.value) is error
    assert what in caught.value.what
    assert "abc" not in str(caught.value) + caught.value.hint
    assert (caught.value.where, asked) == ("records", times)


def test_a_token_may_hold_anything():
    """It is decoded from its form and encoded again where it is used."""
    body = "oauth_token=a%2Bb%26c&oauth_token_secret=%C3%A9+f&oauth_callback_confirmed=true"
    with responses.RequestsMock() as mock:
        mock.get(f"{API}/oauth/request_token", body=body)
        token = fetch_request_token(make_transport(API), CONSUMER, "oob")

    assert (token.key, token.secret) == ("a+b&c", "é f")
    assert authorize_url(API, token) == f"{API}/oauth/authorize?oauth_token=a%2Bb%26c"


def test_a_login_waits_for_its_turn():
    """A 429 in the first step is sat out like any other."""
    time = SleptTime()
    with responses.RequestsMock() as mock:
        url = f"{API}/oauth/request_token"
        mock.get(url, status=429, headers={"Retry-After": "4"})
        mock.get(url, body="oauth_token=a&oauth_token_secret=b")
        fetch_request_token(make_transport(API, time.pacing()), CONSUMER, "oob")

    assert time.sleeps == [4.0]
