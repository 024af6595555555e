"""Credentials stay in the Authorization header: no text, repr, traceback or log shows them."""

import logging
import traceback

import pytest

from generator.demo.api import Person
from generator.demo.signatures import Application
from generator.discogs.client import Discogs
from generator.discogs.oauth import (
    Consumer,
    RequestToken,
    fetch_access_token,
    fetch_request_token,
    signer,
)
from generator.domain.account import OAuthToken, PersonalToken
from generator.errors import DiscogsError
from tests.discogs.wire import make_item, make_page, make_transport, raw_server, response
from tests.standin import StandIn

SECRETS = ("ck_Consumer", "cs_Consumer", "at_Access", "ats_Access", "pat-Personal", "rts_Request")
NOTE = "paid 20 at the fair"
CONSUMER = Consumer("ck_Consumer", "cs_Consumer")
CREDENTIALS = [
    (OAuthToken("at_Access", "ats_Access"), CONSUMER),
    (PersonalToken("pat-Personal"), None),
]
ECHO = " ".join(SECRETS)
RAW = ECHO.encode()


@pytest.fixture(autouse=True)
def log(caplog):
    """Everything that any library logs."""
    caplog.set_level(logging.DEBUG)
    return caplog


def assert_clean(log, *errors):
    """Nothing secret is in the log, nor in anything that could be printed of an error."""
    texts, waiting = [log.text], list(errors)
    while waiting:
        known = waiting.pop()
        if known is not None:
            texts += [str(known), repr(known), repr(vars(known))]
            texts += traceback.format_exception(known)
            waiting += [known.__cause__, known.__context__]
    shown = "\n".join(texts)
    assert [secret for secret in (*SECRETS, NOTE, "Authorization") if secret in shown] == []


RESPONSES = [
    response(500, RAW),
    response(401, {"message": f"Bad header: {ECHO}"}),
    response(401, RAW),
    response(403, {"message": ECHO}),
    response(403, RAW),
    response(404, {"message": "pat-Personal"}),
    response(422, {"message": "at_Access", "detail": [ECHO]}),
    response(429, RAW),
    response(302, b"", {"Location": f"https://elsewhere.example/{ECHO}"}),
    response(200, RAW),
    response(200, {"releases": [ECHO]}),
    response(200, {"pagination": {"page": 1, "pages": ECHO}, "releases": []}),
    b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + RAW,
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + RAW,
    RAW + b"\r\n\r\n",
    b"",
]


@pytest.mark.parametrize("credentials", CREDENTIALS)
@pytest.mark.parametrize("sent", RESPONSES)
def test_no_error_shows_a_secret(log, credentials, sent):
    with raw_server(sent) as (address, _), pytest.raises(DiscogsError) as caught:
        list(Discogs(make_transport(address, auth=signer(*credentials))).fetch_pages("demo", [1]))

    assert_clean(log, caught.value)


@pytest.mark.parametrize("sent", RESPONSES)
def test_no_login_shows_a_secret(log, sent):
    token = RequestToken("rt", "rts_Request")
    with raw_server(sent) as (address, _):
        with pytest.raises(DiscogsError) as first:
            fetch_request_token(make_transport(address), CONSUMER, "oob")
        with pytest.raises(DiscogsError) as last:
            fetch_access_token(make_transport(address), CONSUMER, token, "code")

    assert_clean(log, first.value, last.value)


@pytest.mark.parametrize(
    "releases", [[NOTE], [make_item(date_added=NOTE)], [make_item(id=NOTE)], NOTE, [{NOTE: NOTE}]]
)
def test_no_refused_payload_is_quoted(log, releases):
    page = make_page(items=1) | {"releases": releases}
    with raw_server(response(200, page)) as (address, _), pytest.raises(DiscogsError) as caught:
        list(Discogs(make_transport(address)).fetch_pages("demo", [1]))

    assert_clean(log, caught.value)


def test_a_login_that_works_logs_nothing(log):
    person = Person("demo", id=77)
    with StandIn([person], consumer=Application("ck_Consumer", "cs_Consumer")) as discogs:
        transport = make_transport(discogs.url)
        token = fetch_request_token(transport, CONSUMER, "oob")
        granted = discogs.authorize(token.key)
        assert granted is not None
        code = str(granted.verifier)
        access = fetch_access_token(transport, CONSUMER, token, code)
        Discogs(make_transport(discogs.url, auth=signer(access, CONSUMER))).fetch_identity()

    assert_clean(log)
    hidden = (token.key, token.secret, code, access.key, access.secret)
    assert [secret for secret in hidden if secret in log.text] == []
