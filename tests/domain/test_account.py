"""The stored forms of accounts and credentials."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from generator.domain.account import (
    Access,
    Account,
    OAuthToken,
    PersonalToken,
    Privacy,
    account_json,
    credentials_json,
    parse_account,
    parse_credentials,
)
from generator.errors import StateError
from tests.factories import make_account

FIRST = (
    b'{"id":"a1","name":"low-tide","discogs_name":"LowTide","discogs_id":4711,'
    b'"access":"oauth","privacy":"public","connected_at":"2026-11-01T09:30:00Z"}'
)
"""An account with nothing but what every account has had from the first version on."""


def test_an_account_is_stored_in_this_form():
    """Every field under its own name, moments in UTC."""
    account = make_account(
        id="a1",
        discogs_name="Löwe",
        synced_at=datetime(2026, 11, 22, 6, 18, 42, tzinfo=timezone(timedelta(hours=-8))),
        problem="held",
        held=3,
    )

    assert account_json(account).decode() == (
        '{"id":"a1","name":"low-tide","discogs_name":"Löwe","discogs_id":4711,"access":"oauth",'
        '"privacy":"public","connected_at":"2026-11-01T09:30:00Z",'
        '"synced_at":"2026-11-22T14:18:42Z","last_sync":null,"records":0,"failures":0,'
        '"problem":"held","reconnect":false,"fresh":false,"held":3,"slug":null}'
    )


def test_fields_newer_than_the_file_take_their_defaults():
    """An account of the first version is an account never synced."""
    assert parse_account(FIRST, "here") == Account(
        id="a1",
        name="low-tide",
        discogs_name="LowTide",
        discogs_id=4711,
        access=Access.OAUTH,
        privacy=Privacy.PUBLIC,
        connected_at=datetime(2026, 11, 1, 9, 30, tzinfo=UTC),
        synced_at=None,
        last_sync=None,
        records=0,
        failures=0,
        problem=None,
        reconnect=False,
        held=None,
        slug=None,
    )


def test_moments_are_read_in_utc():
    """Whatever offset they were written with."""
    text = FIRST.replace(b"09:30:00Z", b"01:30:00-08:00")

    assert parse_account(text, "here").connected_at.isoformat() == "2026-11-01T09:30:00+00:00"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b'"public"', b'"secret"', "privacy: Input should be 'public', 'unlisted' or 'private'"),
        (b"4711", b'"4711"', "discogs_id: Input should be a valid integer"),
        (b'"a1"', b"null", "id: Input should be a valid string"),
        (b"30:00Z", b"30:00", "connected_at: Input should have timezone info"),
        (b'"id"', b'"color":"geheim","id"', "color: Unexpected keyword argument"),
        (b'"name":"low-tide",', b"", "name: Field required"),
    ],
)
def test_an_account_that_is_none_is_refused_without_repeating_it(old, new, what):
    """The error names the file and the field, never a value."""
    with pytest.raises(StateError) as refusal:
        parse_account(FIRST.replace(old, new), "here")

    assert str(refusal.value) == f"here: not an account: {what}"


@pytest.mark.parametrize(
    "name", ["", "../x", "Low", "low tide", "-low", "low.", "l" * 41, "low\\n"]
)
def test_a_name_that_is_no_safe_path_is_refused(name):
    """Names become directories of the site."""
    with pytest.raises(StateError, match="here: not an account: name: String should match"):
        parse_account(FIRST.replace(b"low-tide", name.encode()), "here")


@pytest.mark.parametrize(
    ("credentials", "text"),
    [
        (OAuthToken("k", "s"), b'{"key":"k","secret":"s"}'),
        (PersonalToken("t"), b'{"token":"t"}'),
    ],
)
def test_credentials_are_stored_in_this_form(credentials, text):
    """Their fields tell the two kinds apart."""
    assert credentials_json(credentials) == text
    assert parse_credentials(text, "here") == credentials


@pytest.mark.parametrize(
    "text",
    [b"geheim", b"null", b'{"key":"geheim"}', b'{"token":1}', b'{"token":"geheim","key":"k"}'],
)
def test_credentials_that_are_none_are_refused_without_repeating_them(text):
    """Not even a field is named."""
    with pytest.raises(StateError) as refusal:
        parse_credentials(text, "here")

    assert str(refusal.value) == "here: does not hold credentials"


def test_credentials_do_not_show_themselves():
    """Neither alone nor inside other values."""
    shown = repr([OAuthToken("geheim", "geheim"), PersonalToken("geheim")])

    assert shown == "[OAuthToken(***), PersonalToken(***)]"
