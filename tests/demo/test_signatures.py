"""Signatures are checked as RFC 5849 has it; the values were computed by other programs."""

import pytest

from generator.demo.people import Consumer
from generator.demo.signatures import AccessToken, Call, Desk, Grants, RequestToken
from tests.demo.browser import oauth_header

NOW = 1_760_000_000.0
KEYS = {"consumer_key": "ck_ExampleKey0123", "nonce": "0123456789abcdef0123456789abcdef"}
COMMON = KEYS | {"timestamp": "1760000000", "version": "1.0"}
HMAC = COMMON | {"signature_method": "HMAC-SHA1"}
PAGE = (
    "https://api.discogs.com/users/example/collection/folders/0/releases"
    "?page=2&per_page=100&sort=added&sort_order=desc"
)
REQUEST_TOKEN = "https://api.discogs.com/oauth/request_token"
ACCESS_TOKEN = "https://api.discogs.com/oauth/access_token"


@pytest.fixture
def desk():
    """A provider that knows one application and one token of each kind."""
    grants = Grants(Consumer("ck_ExampleKey0123", "cs_ExampleSecret"), lambda: NOW)
    grants.access_tokens["at_ExampleToken"] = AccessToken("ats_ExampleSecret", "example")
    grants.request_tokens["rt"] = RequestToken("rts", "oob", NOW, "CODE", "example")
    return Desk(grants)


def call(url, method="GET", **values):
    return Call(url, method, "", {"Authorization": oauth_header(**values)})


def test_a_signed_request_token_call_is_answered(desk):
    """HMAC-SHA1 over GET, the callback among the parameters."""
    signed = HMAC | {"callback": "oob", "signature": "Rclj4K5d5pqKCCpC/Cf4whfnuTc="}
    answer = desk.request_token(call(REQUEST_TOKEN, **signed))

    assert answer.status == 200
    assert answer.body.endswith(b"&oauth_callback_confirmed=true")


def test_a_signed_page_request_is_known_to_be_its_owner_s(desk):
    """HMAC-SHA1 with a token; the query belongs to the signature."""
    signed = HMAC | {"token": "at_ExampleToken", "signature": "H2v6To6CRLBRoHiKWYxZFeHXcrU="}

    assert desk.username(call(PAGE, **signed)) == "example"


def test_a_signature_covers_the_query(desk):
    """The same signature on another page is refused."""
    signed = HMAC | {"token": "at_ExampleToken", "signature": "H2v6To6CRLBRoHiKWYxZFeHXcrU="}

    assert desk.username(call(PAGE.replace("page=2", "page=3"), **signed)).status == 401


def test_a_plain_signature_holds_both_secrets(desk):
    """PLAINTEXT is the two secrets, joined by an ampersand."""
    plain = COMMON | {"signature_method": "PLAINTEXT", "token": "rt", "verifier": "CODE"}
    answer = desk.access_token(
        call(ACCESS_TOKEN, "POST", **plain, signature="cs_ExampleSecret&rts")
    )

    assert answer.status == 200


@pytest.mark.parametrize("signature", ["cs_ExampleSecret&", "cs_ExampleSecret", "wrong&rts"])
def test_a_plain_signature_without_both_secrets_is_refused(desk, signature):
    """The token's secret may not be left out, as careless clients do."""
    plain = COMMON | {"signature_method": "PLAINTEXT", "token": "rt", "verifier": "CODE"}

    assert desk.access_token(call(ACCESS_TOKEN, "POST", **plain, signature=signature)).status == 401


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "n" * 65},
        {"timestamp": "1760000000123"},
        {"signature_method": "HMAC-SHA256"},
        {"version": "2.0"},
        {"consumer_key": ""},
    ],
)
def test_a_malformed_request_is_refused_in_words(desk, change):
    """Long nonces, milliseconds and foreign methods do not conform."""
    answer = desk.request_token(call(REQUEST_TOKEN, **(HMAC | {"signature": "x"} | change)))

    assert (answer.status, answer.content_type) == (400, "text/plain; charset=utf-8")


def test_a_nonce_counts_once(desk):
    """A request sent again, byte for byte, is refused."""
    signed = HMAC | {"token": "at_ExampleToken", "signature": "H2v6To6CRLBRoHiKWYxZFeHXcrU="}
    desk.username(call(PAGE, **signed))

    assert desk.username(call(PAGE, **signed)).status == 401
