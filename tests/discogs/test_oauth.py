"""Credentials in a header, the three steps of a login, and the code that ends it."""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote

import pytest
import requests
from requests.utils import to_native_string

from generator.demo.api import Person
from generator.demo.signatures import Application
from generator.discogs.client import Discogs
from generator.discogs.oauth import (
    Code,
    Consumer,
    RequestToken,
    authorize_url,
    checked_consumer,
    fetch_access_token,
    fetch_request_token,
    oauth1,
    parse_code,
    signer,
)
from generator.domain.account import Identity, OAuthToken, PersonalToken
from generator.errors import (
    ConfigError,
    DiscogsError,
    Refused,
    Unavailable,
    Unreadable,
    UsageError,
)
from tests import faults
from tests.discogs.wire import SleptTime, make_transport, raw_server, response
from tests.standin import StandIn

API = "https://api.discogs.example"
CONSUMER = Consumer("ck_ExampleKey0123", "cs_ExampleSecret")
TOKEN = OAuthToken("at_ExampleToken", "ats_ExampleSecret")
FIXED = ("0123456789abcdef0123456789abcdef", "1760000000")
PAGE = (
    "https://api.discogs.com/users/example/collection/folders/0/releases"
    "?page=2&per_page=100&sort=added&sort_order=desc"
)
HTML = b"<!DOCTYPE html><html><body>Sorry, you have been blocked</body></html>"


def sent(auth, url=f"{API}/x"):
    """The prepared request."""
    return requests.Request("GET", url, auth=auth).prepare()


def signature(request):
    """The parameters of the Authorization header."""
    header = to_native_string(request.headers["Authorization"])
    assert header.startswith("OAuth ")
    return {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', header)}


@pytest.mark.parametrize(
    ("auth", "url", "expected"),
    [
        (
            oauth1(CONSUMER, callback="oob", fixed=FIXED),
            "https://api.discogs.com/oauth/request_token",
            {"oauth_callback": "oob", "oauth_signature": "Rclj4K5d5pqKCCpC/Cf4whfnuTc="},
        ),
        (
            oauth1(CONSUMER, TOKEN, fixed=FIXED),
            PAGE,
            {"oauth_token": "at_ExampleToken", "oauth_signature": "H2v6To6CRLBRoHiKWYxZFeHXcrU="},
        ),
    ],
)
def test_signatures_are_those_computed_elsewhere(auth, url, expected):
    request = sent(auth, url)

    assert request.url == url
    assert signature(request) == expected | {
        "oauth_nonce": "0123456789abcdef0123456789abcdef",
        "oauth_timestamp": "1760000000",
        "oauth_version": "1.0",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_consumer_key": "ck_ExampleKey0123",
    }


def test_every_request_has_a_nonce_of_its_own():
    auth = oauth1(CONSUMER, TOKEN)
    with ThreadPoolExecutor(8) as pool:
        params = list(pool.map(lambda _: signature(sent(auth)), range(200)))

    assert len({each["oauth_nonce"] for each in params}) == 200
    assert all(re.fullmatch("[0-9a-f]{32}", each["oauth_nonce"]) for each in params)
    assert all(re.fullmatch("[0-9]{10}", each["oauth_timestamp"]) for each in params)


def test_a_personal_token_is_in_the_header_and_nothing_signs_an_anonymous_request():
    request = sent(signer(PersonalToken("pat-123"), None))

    assert request.headers["Authorization"] == "Discogs token=pat-123"
    assert request.url == f"{API}/x"
    assert "Authorization" not in sent(signer(None, CONSUMER)).headers


@pytest.mark.parametrize("token", ["", "with space", "line\nbreak", "tökén", "\x00"])
def test_another_text_is_refused_as_a_token_and_never_quoted(token):
    with pytest.raises(ConfigError) as caught:
        signer(PersonalToken(token), None)

    assert str(caught.value) == "DISCOGS_TOKEN: is not a personal access token"


@pytest.mark.parametrize(
    ("key", "secret", "missing"),
    [
        ("", "", ["DISCOGS_OAUTH_CONSUMER_KEY", "DISCOGS_OAUTH_CONSUMER_SECRET"]),
        ("key", "", ["DISCOGS_OAUTH_CONSUMER_SECRET"]),
    ],
)
def test_oauth_needs_the_application(key, secret, missing):
    with pytest.raises(ConfigError) as caught:
        checked_consumer(key, secret)

    assert caught.value.problems == [(name, "is not set") for name in missing]
    with pytest.raises(ConfigError, match="DISCOGS_OAUTH_CONSUMER_KEY: is not set"):
        signer(TOKEN, None)


def test_secrets_are_not_in_a_repr():
    auth = oauth1(CONSUMER, TOKEN)

    assert repr([CONSUMER, RequestToken("a", "b"), Code("a", "b")]) == (
        "[Consumer(***), RequestToken(***), Code(***)]"
    )
    assert "Example" not in repr(auth) + repr(vars(auth))


@pytest.fixture
def discogs():
    people = [Person("demo", id=77, token="pat-123", private=True)]
    with StandIn(people, consumer=Application("key", "secret")) as standin:
        yield standin


def test_a_login_leads_to_the_owner(discogs):
    consumer = Consumer("key", "secret")
    transport = make_transport(discogs.url)
    request_token = fetch_request_token(transport, consumer, "oob")
    address = authorize_url(discogs.url + "/", request_token)
    assert address == f"{discogs.url}/oauth/authorize?oauth_token={request_token.key}"

    code = discogs.authorize(request_token.key).verifier
    token = fetch_access_token(transport, consumer, request_token, f" {code}\n")
    client = Discogs(make_transport(discogs.url, auth=signer(token, consumer)))

    assert client.fetch_identity() == Identity(77, "demo")
    assert list(client.fetch_folders("demo")) == [0, 1]
    assert [(request.method, request.path) for request in discogs.requests] == [
        ("GET", "/oauth/request_token"),
        ("POST", "/oauth/access_token"),
        ("GET", "/oauth/identity"),
        ("GET", "/users/demo/collection/folders"),
    ]


def test_a_personal_token_leads_to_the_owner(discogs):
    transport = make_transport(discogs.url, auth=signer(PersonalToken("pat-123"), None))

    assert Discogs(transport).fetch_identity() == Identity(77, "demo")


def test_a_wrong_application_and_a_wrong_code_are_refused_once(discogs):
    transport, consumer = make_transport(discogs.url), Consumer("key", "secret")
    with pytest.raises(Refused) as first:
        fetch_request_token(transport, Consumer("key", "wrong"), "oob")
    token = fetch_request_token(transport, consumer, "oob")
    discogs.authorize(token.key)
    with pytest.raises(Refused) as last:
        fetch_access_token(transport, consumer, token, "guessed")

    assert str(first.value) == "connect: Discogs refused the application's key or secret"
    assert str(last.value) == (
        "connect: Discogs refused the code: it is wrong or older than 15 minutes"
    )
    assert [request.method for request in discogs.requests] == ["GET", "GET", "POST"]


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (faults.SERVER_ERROR, "Discogs answered 500"),
        (faults.RESET, "the connection to Discogs was reset"),
        (faults.BLOCKED, "Discogs answered 403 with a web page"),
        (faults.too_fast("1"), "Discogs answered 429, too many requests"),
    ],
)
def test_a_code_is_sent_once_only(discogs, fault, what):
    transport, consumer = make_transport(discogs.url), Consumer("key", "secret")
    discogs.add_fault(fault, when=faults.on_path("/oauth/request_token"))
    discogs.add_fault(fault, when=faults.on_path("/oauth/access_token"))
    token = fetch_request_token(transport, consumer, "oob")
    with pytest.raises(DiscogsError) as caught:
        fetch_access_token(transport, consumer, token, discogs.authorize(token.key).verifier)

    assert caught.value.what == what
    assert [request.method for request in discogs.requests] == ["GET", "GET", "POST"]


REFUSES = "Discogs refused the application's key or secret"


@pytest.mark.parametrize(
    ("status", "body", "error", "what"),
    [
        (400, b"This URL is an OAuth endpoint, but abc", Refused, REFUSES),
        (401, b"Invalid consumer abc.", Refused, REFUSES),
        (401, b'{"message": "Invalid consumer token abc."}', Refused, REFUSES),
        (403, b"Forbidden", Refused, REFUSES),
        (401, b"", Refused, REFUSES),
        (403, HTML, Unavailable, "Discogs answered 403 with a web page four times"),
        (404, HTML, Unavailable, "Discogs answered 404 with a web page four times"),
        (404, b"Not found", Unavailable, "Discogs answered 404 instead of a token"),
        (200, HTML, Unavailable, "Discogs answered 200 with a web page four times"),
        (200, b"", Unavailable, "Discogs sent an empty response four times"),
        (200, b"oauth_token=abc", Unreadable, "Discogs did not send a token"),
        (200, b"oauth_token=&oauth_token_secret=", Unreadable, "Discogs did not send a token"),
        (200, b'{"oauth_token": "abc"}', Unreadable, "Discogs did not send a token"),
        (503, b"oauth_token=abc", Unavailable, "Discogs answered 503 four times"),
        (302, b"", Unavailable, "Discogs answered 302, a redirect, which is not followed"),
    ],
)
def test_a_failed_login_says_why_and_quotes_nothing(status, body, error, what):
    with raw_server(response(status, body)) as (address, received):
        with pytest.raises(DiscogsError) as caught:
            fetch_request_token(make_transport(address), CONSUMER, "oob")
        asked = len(received)

    assert (type(caught.value), caught.value.what) == (error, what)
    assert asked == (4 if what.endswith("four times") else 1)
    assert "abc" not in caught.value.hint


def test_a_token_may_hold_any_character_and_a_login_waits_for_its_turn():
    body = b"oauth_token=a%2Bb%26c&oauth_token_secret=%C3%A9+f&oauth_callback_confirmed=true"
    slept = SleptTime()
    with raw_server(response(429, b"", {"Retry-After": "4"}), response(200, body)) as (address, _):
        token = fetch_request_token(make_transport(address, slept.pacing()), CONSUMER, "oob")

    assert (token.key, token.secret, slept.sleeps) == ("a+b&c", "é f", [4.0])
    assert authorize_url(API, token) == f"{API}/oauth/authorize?oauth_token=a%2Bb%26c"


BARE = Code("fOoBaRbAzQ")
WHOLE = Code("V", "RT")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("fOoBaRbAzQ", BARE),
        ("  fOoBa\r\nRbAzQ \n", BARE),
        ('"fOoBaRbAzQ"', BARE),
        ("'fOoBaRbAzQ'", BARE),
        ("„fOoBaRbAzQ“", BARE),
        ("«fOoBaRbAzQ».", BARE),
        ("<fOoBaRbAzQ>", BARE),
        ("The code is: fOoBaRbAzQ.", BARE),
        ("my verification code\nfOoBaRbAzQ, thanks!", BARE),
        ("the code is abcdefghij", Code("abcdefghij")),
        ("Ihr Prüfcode lautet 4711", Code("4711")),
        ("a=b&c", Code("a=b&c")),
        ("https://x.example/?oauth_token=RT&oauth_verifier=V", WHOLE),
        ('I was sent to "https://x.example/?oauth_token=RT&oauth_verifier=V".', WHOLE),
        ("<https://x.example/?oauth_token=RT&oauth_verifier=V>", WHOLE),
        ("https://x.example/?oauth_to\r\nken=RT&oauth_verif\r\nier=V", WHOLE),
        ("https://x.example/a?b=1&oauth_verifier=V&oauth_token=RT#c?d=e", WHOLE),
        ("http://127.0.0.1:8080/?oauth_token=R%2FT&oauth_verifier=V%20", Code("V ", "R/T")),
        ("https://x.example/?oauth_verifier=V", Code("V")),
        ("?oauth_token=RT&oauth_verifier=V", WHOLE),
        ("oauth_verifier=V&oauth_token=RT", WHOLE),
        ("https://x.example/?oauth_token=A&oauth_token=RT&oauth_verifier=V", WHOLE),
        ("https://x.example/?denied=RT", Code("", "RT")),
    ],
)
def test_a_code_is_found_however_it_is_pasted(text, code):
    assert parse_code(text) == code


@pytest.mark.parametrize(
    ("text", "what"),
    [
        *((text, "does not hold a code") for text in ("", " \n", '""', "V\u00e4", "V\0", "ab cd")),
        ("V" * 4001, "is too long"),
        ("https://x.example/?oauth_token=RT", "is an address without oauth_verifier"),
        ("it says https://x/ here", "is an address without oauth_verifier"),
    ],
)
def test_another_text_is_refused_as_a_code_and_never_quoted(text, what):
    with pytest.raises(UsageError) as refusal:
        parse_code(text)

    assert str(refusal.value) == f"CODE: {what}"
