"""Signatures are verified as RFC 5849 defines them; the values were computed by other programs."""

import pytest

from generator.demo.signatures import Application, Grants, Token
from generator.demo.wire import Refusal, Request
from tests.demo.browser import oauth_header

NOW = 1_760_000_000.0
KEYS = {"consumer_key": "ck_ExampleKey0123", "nonce": "0123456789abcdef0123456789abcdef"}
COMMON = KEYS | {"timestamp": "1760000000", "version": "1.0"}
HMAC = COMMON | {"signature_method": "HMAC-SHA1"}
SIGNED_PAGE = HMAC | {"token": "at_ExampleToken", "signature": "H2v6To6CRLBRoHiKWYxZFeHXcrU="}
PLAIN = COMMON | {"signature_method": "PLAINTEXT", "token": "rt", "verifier": "CODE"}
PAGE = (
    "https://api.discogs.com/users/example/collection/folders/0/releases"
    "?page=2&per_page=100&sort=added&sort_order=desc"
)
REQUEST_TOKEN = "https://api.discogs.com/oauth/request_token"
ACCESS_TOKEN = "https://api.discogs.com/oauth/access_token"


@pytest.fixture
def grants():
    """A provider with one application and one token of each kind."""
    grants = Grants(Application("ck_ExampleKey0123", "cs_ExampleSecret"), lambda: NOW)
    grants.access_tokens["at_ExampleToken"] = Token("ats_ExampleSecret", "example")
    grants.request_tokens["rt"] = Token("rts", "example", "oob", NOW, "CODE")
    return grants


def request(url, method="GET", **values):
    """A request with these OAuth parameters."""
    return Request(method, "", {}, "127.0.0.1", "x/1", url, oauth_header(**values))


def refusal(call, *arguments):
    """The status and content type of the error that ends a call."""
    with pytest.raises(Refusal) as caught:
        call(*arguments)
    return caught.value.response.status, caught.value.response.content_type


def test_a_signed_request_for_a_token_is_answered(grants):
    signed = HMAC | {"callback": "oob", "signature": "Rclj4K5d5pqKCCpC/Cf4whfnuTc="}
    response = grants.request_token(request(REQUEST_TOKEN, **signed))

    assert response.status == 200
    assert response.body.endswith(b"&oauth_callback_confirmed=true")


def test_a_signature_covers_the_query(grants):
    other = request(PAGE.replace("page=2", "page=3"), **SIGNED_PAGE)

    assert refusal(grants.username, other) == (401, "application/json")
    assert grants.username(request(PAGE, **SIGNED_PAGE)) == "example"
    assert refusal(grants.username, request(PAGE, **SIGNED_PAGE)) == (401, "application/json")


@pytest.mark.parametrize("signature", ["cs_ExampleSecret&", "cs_ExampleSecret", "wrong&rts"])
def test_a_plain_signature_holds_both_secrets(grants, signature):
    wrong = request(ACCESS_TOKEN, "POST", **PLAIN, signature=signature)
    right = PLAIN | {"signature": "cs_ExampleSecret&rts"}

    assert refusal(grants.access_token, wrong) == (401, "application/json")
    assert grants.access_token(request(ACCESS_TOKEN, "POST", **right)).status == 200


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
def test_a_malformed_request_is_refused_in_plain_text(grants, change):
    malformed = request(REQUEST_TOKEN, **(HMAC | {"signature": "x"} | change))

    assert refusal(grants.request_token, malformed) == (400, "text/plain; charset=utf-8")
