"""Credentials stay in the Authorization header: no text, repr, traceback or log shows them."""

import logging
import traceback

import pytest
import requests
import responses

from generator.demo import Application, Person, StandIn, faults
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
from tests.discogs.wire import make_item, make_page, make_transport

SECRETS = ("ck_Consumer", "cs_Consumer", "at_Access", "ats_Access", "pat-Personal", "rts_Request")
NOTE = "paid 20 at the fair"
CONSUMER = Consumer("ck_Consumer", "cs_Consumer")
OAUTH = OAuthToken("at_Access", "ats_Access")
REQUEST_TOKEN = RequestToken("rt", "rts_Request")
API = "https://api.discogs.example"
PAGE = f"{API}/users/demo/collection/folders/0/releases"
ECHO = " ".join(SECRETS)


def everything(error):
    """All that could be printed of an error and of every error it knows."""
    texts = []
    waiting = [error]
    while waiting:
        known = waiting.pop()
        if known is not None:
            texts += [
                str(known),
                repr(known),
                repr(vars(known)),
                *traceback.format_exception(known),
            ]
            waiting += [known.__cause__, known.__context__]
    return "\n".join(texts)


def assert_clean(text):
    """Nothing secret is in a text."""
    assert [secret for secret in (*SECRETS, NOTE, "Authorization") if secret in text] == []


CREDENTIALS = [(OAUTH, CONSUMER), (PersonalToken("pat-Personal"), None)]
ANSWERS = [
    {"status": 500, "body": ECHO},
    {"status": 401, "json": {"message": f"Bad header: {ECHO}"}},
    {"status": 401, "body": ECHO},
    {"status": 403, "json": {"message": ECHO}},
    {"status": 403, "body": ECHO},
    {"status": 404, "json": {"message": "pat-Personal"}},
    {"status": 422, "json": {"message": "at_Access", "detail": [ECHO]}},
    {"status": 429, "body": ECHO},
    {"status": 302, "headers": {"Location": f"https://elsewhere.example/{ECHO}"}},
    {"status": 200, "body": ECHO},
    {"status": 200, "json": {"releases": [ECHO]}},
    {"status": 200, "json": {"pagination": {"page": 1, "pages": ECHO}, "releases": []}},
    {"body": requests.ConnectionError(ECHO)},
    {"body": requests.ReadTimeout(ECHO)},
    {"body": requests.exceptions.InvalidHeader(ECHO)},
]


@pytest.mark.parametrize("credentials", CREDENTIALS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_no_error_shows_a_secret(caplog, credentials, answer):
    """Even if Discogs, or a library, repeats what it was sent."""
    caplog.set_level(logging.DEBUG)
    transport = make_transport(API, auth=signer(*credentials))
    with responses.RequestsMock() as mock:
        mock.get(PAGE, **answer)
        with pytest.raises(DiscogsError) as caught:
            list(Discogs(transport, "demo").fetch_pages("demo", [1]))

    assert_clean(everything(caught.value) + caplog.text)


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_login_shows_a_secret(caplog, answer):
    """Neither the first nor the last step of it."""
    caplog.set_level(logging.DEBUG)
    with responses.RequestsMock() as mock:
        mock.get(f"{API}/oauth/request_token", **answer)
        mock.post(f"{API}/oauth/access_token", **answer)
        with pytest.raises(DiscogsError) as first:
            fetch_request_token(make_transport(API), CONSUMER, "oob")
        with pytest.raises(DiscogsError) as last:
            fetch_access_token(make_transport(API), CONSUMER, REQUEST_TOKEN, "code")

    assert_clean(everything(first.value) + everything(last.value) + caplog.text)


@pytest.mark.parametrize("fault", [faults.RESET, faults.TRUNCATED, faults.EMPTY, faults.BLOCKED])
def test_no_broken_connection_shows_a_secret(caplog, fault):
    """The libraries' exceptions hold the request with its header."""
    caplog.set_level(logging.DEBUG)
    with StandIn([Person("demo", token="pat-Personal")]) as discogs:
        discogs.add_fault(fault, times=None)
        auth = signer(PersonalToken("pat-Personal"), None)
        with pytest.raises(DiscogsError) as caught:
            Discogs(make_transport(discogs.url, auth=auth), "demo").fetch_identity()

    assert_clean(everything(caught.value) + caplog.text)


@pytest.mark.parametrize(
    "releases", [[NOTE], [make_item(date_added=NOTE)], [make_item(id=NOTE)], NOTE, [{NOTE: NOTE}]]
)
def test_no_refusal_quotes_a_note(releases):
    """What cannot be read is named by its place, not by its content."""
    with responses.RequestsMock() as mock:
        mock.get(PAGE, json=make_page(items=1) | {"releases": releases})
        with pytest.raises(DiscogsError) as caught:
            list(Discogs(make_transport(API), "demo").fetch_pages("demo", [1]))

    assert_clean(everything(caught.value))


def test_a_login_that_works_logs_nothing(caplog):
    """Both libraries would log what they sign."""
    caplog.set_level(logging.DEBUG)
    person = Person("demo", id=77)
    with StandIn([person], consumer=Application("ck_Consumer", "cs_Consumer")) as discogs:
        transport = make_transport(discogs.url)
        token = fetch_request_token(transport, CONSUMER, "oob")
        granted = discogs.authorize(token.key)
        assert granted is not None
        code = str(granted.verifier)
        access = fetch_access_token(transport, CONSUMER, token, code)
        Discogs(make_transport(discogs.url, auth=signer(access, CONSUMER)), "demo").fetch_identity()

    assert_clean(caplog.text)
    hidden = (token.key, token.secret, code, access.key, access.secret)
    assert [secret for secret in hidden if secret in caplog.text] == []
