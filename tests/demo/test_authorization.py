"""The OAuth login, from the application's key to the user's token, over real HTTP."""

import pytest

from generator.demo.api import Person
from generator.demo.signatures import Application
from tests.demo.browser import access_token, ask, ask_as, query_of, request_token, token_in
from tests.standin import StandIn

REALM = 'OAuth realm="https://api.discogs.com"'


@pytest.fixture
def clock():
    """A clock that stands still until a test moves it."""
    return [1_760_000_000.0]


@pytest.fixture
def discogs(clock):
    """Two users, one of them with a personal access token."""
    people = [Person("demo", 77), Person("_.other", 78, token="pat-of-other")]
    with StandIn(people, clock=lambda: clock[0]) as running:
        yield running


def at_the_browser(discogs, token):
    return ask(discogs, f"/oauth/authorize?oauth_token={token}")


@pytest.mark.parametrize("method", ["HMAC-SHA1", "PLAINTEXT"])
def test_a_login_ends_with_the_identity_of_the_user(discogs, method):
    key, secret = token_in(request_token(discogs, "http://127.0.0.1:9/back?x=1", method))
    back = at_the_browser(discogs, key).headers["Location"]
    verifier = query_of(back)["oauth_verifier"]
    token = token_in(access_token(discogs, (key, secret), verifier, method))
    answer = ask_as(discogs, token, "/oauth/identity", signature_method=method)

    assert back.startswith("http://127.0.0.1:9/back?x=1&oauth_token=" + key)
    assert answer.json() == {
        "id": 77,
        "username": "demo",
        "resource_url": discogs.url + "/users/demo",
        "consumer_name": discogs.consumer.name,
    }


def test_a_refusal_returns_without_a_code(discogs):
    discogs.decision = "deny"
    key, secret = token_in(request_token(discogs, "http://127.0.0.1:9/back"))

    assert at_the_browser(discogs, key).headers["Location"] == (
        f"http://127.0.0.1:9/back?denied={key}"
    )
    assert access_token(discogs, (key, secret), "any").status_code == 400


@pytest.mark.parametrize(
    ("decision", "start"), [("allow", "<p>Your code: <code>V"), ("deny", "<p>You denied access.")]
)
def test_the_page_shows_the_answer_without_a_callback(discogs, decision, start):
    discogs.signed_in, discogs.decision = "_.other", decision
    key, secret = token_in(request_token(discogs))
    page = at_the_browser(discogs, key).text
    code = page.partition("<code>")[2].partition("</code>")[0]
    answer = access_token(discogs, (key, secret), code)

    assert start in page
    if decision == "allow":
        identity = ask_as(discogs, token_in(answer), "/oauth/identity").json()
        assert identity["username"] == "_.other"


def test_a_code_works_once(discogs):
    key, secret = token_in(request_token(discogs))
    given = discogs.authorize(key, "_.other")
    codes = ("guessed", given.verifier, given.verifier)
    answers = [access_token(discogs, (key, secret), code) for code in codes]

    assert given.redirect is None
    assert [answer.status_code for answer in answers] == [400, 200, 400]
    assert answers[0].headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(("seconds", "status"), [(900, 200), (901, 400)])
def test_a_request_token_expires_after_fifteen_minutes(discogs, clock, seconds, status):
    key, secret = token_in(request_token(discogs))
    verifier = discogs.authorize(key).verifier
    clock[0] += seconds

    assert access_token(discogs, (key, secret), verifier).status_code == status


def test_an_expired_request_token_cannot_be_authorised(discogs, clock):
    key, _ = token_in(request_token(discogs))
    clock[0] += 901

    assert at_the_browser(discogs, key).status_code == 400
    assert discogs.authorize(key) is None


def test_an_unknown_application_is_refused_in_plain_text(discogs):
    answer = request_token(discogs, consumer=Application("stranger", "secret"))

    assert (answer.status_code, answer.text) == (401, "Invalid consumer.")


def test_invalid_tokens_are_refused(discogs):
    mine, other = discogs.grant("demo"), discogs.grant("_.other")
    wrong = ask_as(discogs, (mine[0], "wrong"), "/oauth/identity")
    discogs.revoke("demo")
    revoked = ask_as(discogs, mine, "/oauth/identity")

    assert (wrong.status_code, wrong.json()) == (401, {"message": "Invalid signature."})
    assert (revoked.status_code, revoked.json()) == (401, {"message": "Invalid consumer token."})
    assert revoked.headers["WWW-Authenticate"] == REALM
    assert ask_as(discogs, other, "/oauth/identity").status_code == 200


@pytest.mark.parametrize(
    ("sent", "status", "username"),
    [
        ("Discogs token=pat-of-other", 200, "_.other"),
        ("Discogs token=guessed", 401, None),
        ("Discogs key=ck_GatefoldDemo, secret=cs_GatefoldDemoSecret", 401, None),
        ("", 401, None),
    ],
)
def test_identity_needs_a_user(discogs, sent, status, username):
    answer = ask(discogs, "/oauth/identity", Authorization=sent)

    assert answer.status_code == status
    assert discogs.requests[-1].username == username


def test_records_of_requests_hold_no_secret(discogs):
    discogs.people["demo"].token = "pat-hush"
    ask(discogs, "/users/demo?token=hush&key=hush&oauth_token=hush&page=2")
    ask(discogs, "/oauth/identity", Authorization="Discogs token=pat-hush")

    assert "hush" not in repr(discogs.requests)
    assert discogs.requests[0].query == {"page": "2"}


def test_a_user_agent_is_required(discogs):
    assert ask(discogs, "/users/demo", **{"User-Agent": ""}).status_code == 403
