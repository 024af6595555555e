"""The way from an application's key to a person's token, over real HTTP."""

import pytest

from generator.demo import Consumer, Person, StandIn
from tests.demo.browser import (
    access_token,
    ask,
    ask_as,
    query_of,
    request_token,
    token_in,
)


@pytest.fixture
def clock():
    """A clock that stands still until a test moves it."""
    return [1_760_000_000.0]


@pytest.fixture
def discogs(clock):
    """Two people, one of them with a personal token."""
    people = [Person("demo", 77), Person("_.other", 78, token="pat-of-other")]
    with StandIn(people, clock=lambda: clock[0]) as running:
        yield running


def at_the_browser(discogs, token):
    return ask(discogs, f"/oauth/authorize?oauth_token={token}")


@pytest.mark.parametrize("method", ["HMAC-SHA1", "PLAINTEXT"])
def test_an_application_is_let_in(discogs, method):
    """Request token, consent, access token, and then Discogs knows whose it is."""
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


def test_a_refusal_comes_back_without_a_code(discogs):
    """The callback gets the token as `denied`, which is then worth nothing."""
    discogs.decision = "deny"
    key, secret = token_in(request_token(discogs, "http://127.0.0.1:9/back"))

    assert at_the_browser(discogs, key).headers["Location"] == (
        f"http://127.0.0.1:9/back?denied={key}"
    )
    assert access_token(discogs, (key, secret), "any").status_code == 400


def test_a_code_is_shown_where_there_is_no_way_back(discogs):
    """With oob the page holds the code to type."""
    discogs.signed_in = "_.other"
    key, secret = token_in(request_token(discogs))
    page = at_the_browser(discogs, key).text
    code = page.split("<code>")[1].split("</code>")[0]
    token = token_in(access_token(discogs, (key, secret), code))

    assert ask_as(discogs, token, "/oauth/identity").json()["username"] == "_.other"


def test_a_test_can_answer_in_the_person_s_place(discogs):
    """`authorize` does what the page does."""
    key, secret = token_in(request_token(discogs))
    given = discogs.authorize(key, "_.other")

    assert given.redirect is None
    assert access_token(discogs, (key, secret), given.verifier).status_code == 200


def test_a_code_works_once(discogs):
    """The same exchange again is a mistake."""
    key, secret = token_in(request_token(discogs))
    verifier = discogs.authorize(key).verifier
    access_token(discogs, (key, secret), verifier)

    assert access_token(discogs, (key, secret), verifier).status_code == 400


def test_a_wrong_code_is_a_mistake(discogs):
    """Answered with 400, in words that are no JSON."""
    key, secret = token_in(request_token(discogs))
    discogs.authorize(key)
    answer = access_token(discogs, (key, secret), "guessed")

    assert (answer.status_code, answer.headers["Content-Type"]) == (
        400,
        "text/plain; charset=utf-8",
    )


@pytest.mark.parametrize(("seconds", "status"), [(900, 200), (901, 400)])
def test_a_request_token_lives_fifteen_minutes(discogs, clock, seconds, status):
    """Then the exchange fails although the code is right."""
    key, secret = token_in(request_token(discogs))
    verifier = discogs.authorize(key).verifier
    clock[0] += seconds

    assert access_token(discogs, (key, secret), verifier).status_code == status


def test_an_old_request_token_is_not_asked_about(discogs, clock):
    """The page says so, and nobody can authorise it."""
    key, _ = token_in(request_token(discogs))
    clock[0] += 901

    assert at_the_browser(discogs, key).status_code == 400
    assert discogs.authorize(key) is None


def test_an_unknown_application_is_refused_in_words(discogs):
    """Also when everything else is right."""
    answer = request_token(discogs, consumer=Consumer("stranger", "secret"))

    assert (answer.status_code, answer.text) == (401, "Invalid consumer.")


def test_a_wrong_secret_is_refused(discogs):
    """A signature made with another secret is none."""
    key, _ = discogs.grant("demo")
    answer = ask_as(discogs, (key, "wrong"), "/oauth/identity")

    assert (answer.status_code, answer.json()) == (401, {"message": "Invalid signature."})


def test_a_revoked_token_is_refused(discogs):
    """It is a JSON 401 that names the realm; other people's tokens stay."""
    mine, other = discogs.grant("demo"), discogs.grant("_.other")
    discogs.revoke("demo")
    answer = ask_as(discogs, mine, "/oauth/identity")

    assert (answer.status_code, answer.json()) == (401, {"message": "Invalid consumer token."})
    assert answer.headers["WWW-Authenticate"] == 'OAuth realm="https://api.discogs.com"'
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
def test_identity_needs_a_person(discogs, sent, status, username):
    """A personal token is somebody; an application's key alone, or nothing, is nobody."""
    answer = ask(discogs, "/oauth/identity", Authorization=sent)

    assert answer.status_code == status
    assert discogs.requests[-1].username == username


def test_what_is_remembered_holds_no_secret(discogs):
    """Not the header, and nothing from the query that could be one."""
    discogs.people["demo"].token = "pat-hush"
    ask(discogs, "/users/demo?token=hush&key=hush&oauth_token=hush&page=2")
    ask(discogs, "/oauth/identity", Authorization="Discogs token=pat-hush")

    assert "hush" not in repr(discogs.requests)
    assert discogs.requests[0].query == {"page": "2"}


def test_a_user_agent_is_demanded(discogs):
    """Without one there is no answer worth having."""
    assert ask(discogs, "/users/demo", **{"User-Agent": ""}).status_code == 403
