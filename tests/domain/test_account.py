"""Accounts, credentials and logins: their rules and their stored forms."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from msgspec.json import encode as json_bytes
from msgspec.structs import replace

from generator.domain.account import (
    OAuthToken,
    PendingLogin,
    PersonalToken,
    Privacy,
    Source,
    Status,
    account_json,
    checked_name,
    parse_account,
    parse_credentials,
    parse_stored,
    with_privacy,
)
from generator.errors import Problem, StateError, UsageError
from tests.factories import CONNECTION, NOW, make_account, make_login, make_status

parse_status = partial(parse_stored, model=Status)
parse_login = partial(parse_stored, model=PendingLogin)
SLUG = "5ec7e7" * 5 + "00"
PROBLEM = Problem("{account}", "timed out – “later”", "wait", "tick force", "timed out", 3)
ACCOUNT = (
    b'{"id":"a1","name":"low-tide","discogs_name":"LowTide","discogs_id":4711,"source":"oauth",'
    b'"privacy":"public","connected_at":"2026-11-01T09:30:00Z","connection":"c0ffee01"}'
)
LOGIN = (
    b'{"name":"low-tide","key":"requestkey","secret":"requestsecret",'
    b'"created":"2026-11-22T14:18:42Z","privacy":"public"}'
)
SCHEMA_1 = (
    b'{"id":"a1","name":"low-tide","discogs_name":"LowTide","discogs_id":4711,"access":"oauth",'
    b'"privacy":"public","connected_at":"2026-11-01T09:30:00Z"}'
)
"""An account with only the fields that every version has stored."""


@pytest.mark.parametrize(
    ("value", "text", "encode", "parse"),
    [
        (make_account(id="a1"), ACCOUNT, account_json, parse_account),
        (
            make_account(id="a1", discogs_name=None, discogs_id=None, slug=SLUG),
            ACCOUNT.replace(b'"LowTide"', b"null").replace(b"4711", b"null")[:-1]
            + f',"slug":"{SLUG}"}}'.encode(),
            account_json,
            parse_account,
        ),
        (make_status(connection="", synced_at=None, last_sync=None, records=0), b"{}", json_bytes,
         parse_status),
        (
            make_status(username="Löwe", failures=3, problem=PROBLEM, reconnect=True, held=12),
            '{"connection":"c0ffee01","username":"Löwe","synced_at":"2026-11-22T14:18:42Z",'
            '"last_sync":"2026-11-22T14:18:42Z","records":1,"failures":3,"problem":["{account}",'
            '"timed out – “later”","wait","tick force","timed out",3],"reconnect":true,"held":12}'
            .encode(),
            json_bytes,
            parse_status,
        ),
        (OAuthToken("k", "s"), b'{"key":"k","secret":"s"}', json_bytes, parse_credentials),
        (PersonalToken("t"), b'{"token":"t"}', json_bytes, parse_credentials),
        (
            make_login(privacy=Privacy.PUBLIC),
            LOGIN,
            json_bytes,
            parse_login,
        ),
    ],
)  # fmt: skip
def test_values_are_stored_in_this_form(value, text, encode, parse):
    assert encode(value) == text
    assert parse(text, where="here") == value


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        *(
            (parse_account, ACCOUNT.replace(old, new))
            for old, new in [
                (b'"public"', b'"secret"'),
                (b'"oauth"', b'"xauth"'),
                (b"4711", b'"4711"'),
                (b'"a1"', b"null"),
                (b"30:00Z", b"30:00"),
                (b'"id"', b'"color":"secret","id"'),
                (b'"name":"low-tide",', b""),
                (ACCOUNT[-1:], b',"slug":"../secret"}'),
                (ACCOUNT[-1:], b',"status":{"colour":"secret"}}'),
                (ACCOUNT, b"secret"),
                (ACCOUNT, b"\xff"),
                (ACCOUNT, b"[" * 100_000),
            ]
        ),
        (parse_account, SCHEMA_1.replace(b'"oauth"', b'"secret"')),
        (parse_status, b'{"colour":"secret"}'),
        (parse_status, b'{"last_sync":"2026-11-22T14:18:42"}'),
        (parse_status, b'{"problem":["secret"]}'),
        *(
            (parse_credentials, text)
            for text in [
                b"secret",
                b"null",
                b"[]",
                b'{"key":"secret"}',
                b'{"token":1}',
                b'{"token":"secret","key":"k"}',
            ]
        ),
        *(
            (parse_login, json_bytes(make_login()).replace(old, new))
            for old, new in [
                (b'"key":"requestkey",', b""),
                (b'"low-tide"', b'"../secret"'),
                (b"42Z", b"42"),
                (b"null", b'"secret"'),
                (b'"name"', b'"color":"secret","name"'),
            ]
        ),
    ],
)
def test_other_bytes_are_refused_and_never_quoted(parse, text):
    with pytest.raises(StateError) as error:
        parse(text, where="here")

    assert str(error.value) == "here: cannot be understood"


GOOD_NAMES = ["a", "7", "low-tide", "a.b_c-d", "l" * 40]
BAD_NAMES = ["", "../x", "low tide", "-low", "low.", "_", "l" * 41, "low\n", "löw", "a/b", "x\\"]


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_a_name_is_a_safe_directory(name):
    assert checked_name(name) == checked_name(name.upper()) == name
    assert parse_account(ACCOUNT.replace(b"low-tide", name.encode()), "here").name == name


@pytest.mark.parametrize("name", BAD_NAMES)
def test_other_names_are_refused(name):
    with pytest.raises(UsageError, match="NAME: must be 1 to 40 of a-z 0-9"):
        checked_name(name)
    quoted = name.replace("\\", "\\\\").replace("\n", "\\n").encode()
    with pytest.raises(StateError):
        parse_account(ACCOUNT.replace(b"low-tide", quoted), "here")


def test_secrets_are_not_in_a_repr():
    values = [
        OAuthToken("k", "s"),
        PersonalToken("t"),
        make_login(),
        make_account("low", slug=SLUG),
    ]

    assert repr(values) == (
        "[OAuthToken(***), PersonalToken(***), PendingLogin(***), "
        f"Account({make_account('low').id}, low)]"
    )


def test_an_unlisted_link_is_drawn_once_and_kept():
    unlisted = with_privacy(make_account(), Privacy.UNLISTED, lambda: SLUG)
    private = with_privacy(unlisted, Privacy.PRIVATE, lambda: "unused")

    assert (unlisted.privacy, unlisted.slug, unlisted.tree) == ("unlisted", SLUG, f"x/{SLUG}/")
    assert (private.slug, private.tree) == (SLUG, "u/low-tide/")
    assert with_privacy(private, Privacy.UNLISTED, lambda: "unused") == unlisted
    assert with_privacy(make_account(), Privacy.PUBLIC, lambda: "unused") == make_account()


@pytest.mark.parametrize(
    ("status", "is_fresh", "problem", "username"),
    [
        ({}, False, None, "LowTide"),
        ({"username": "Tide2"}, False, None, "Tide2"),
        ({"problem": PROBLEM, "failed_connection": CONNECTION}, False, PROBLEM, "LowTide"),
        ({"problem": PROBLEM, "failed_connection": "before"}, False, None, "LowTide"),
        ({"connection": "before", "username": "Tide2"}, True, None, "LowTide"),
        (
            {"connection": "before", "problem": PROBLEM, "failed_connection": CONNECTION},
            True,
            PROBLEM,
            "LowTide",
        ),
    ],
)
def test_observations_of_an_earlier_connection_no_longer_count(status, is_fresh, problem, username):
    account = make_account(status=make_status(**status))

    assert (account.is_fresh, account.problem, account.username) == (is_fresh, problem, username)


@pytest.mark.parametrize(
    ("source", "is_live", "has_credentials", "has_covers"),
    [
        (Source.OAUTH, True, True, True),
        (Source.TOKEN, True, True, True),
        (Source.ANONYMOUS, True, False, False),
        (Source.CSV, False, False, False),
    ],
)
def test_a_source_says_how_copies_arrive(source, is_live, has_credentials, has_covers):
    found = (source.is_live, source.has_credentials, source.has_covers)

    assert found == (is_live, has_credentials, has_covers)


@pytest.mark.parametrize(
    ("age", "is_live"),
    [
        (timedelta(), True),
        (timedelta(minutes=15, microseconds=-1), True),
        (timedelta(minutes=15), False),
        (timedelta(minutes=-15, microseconds=1), True),
        (timedelta(minutes=-15), False),
    ],
)
def test_a_login_is_live_for_fifteen_minutes_either_way(age, is_live):
    assert make_login(created=NOW - age).is_live(NOW) is is_live


SYNCED = b',"synced_at":"2026-11-22T14:00:00Z","last_sync":"2026-11-22T14:01:00Z","records":1497'


@pytest.mark.parametrize(
    ("more", "status", "is_fresh", "problem"),
    [
        (b"", {}, False, None),
        (SYNCED, {"records": 1497}, False, None),
        (SYNCED + b',"fresh":true', {"records": 1497}, True, None),
        (SYNCED + b',"problem":"no","failures":2', {"records": 1497, "failures": 2}, False, "no"),
        (b',"problem":"no","reconnect":true,"fresh":true', {"reconnect": True}, True, "no"),
        (SYNCED + b',"problem":"held","held":7,"slug":null', {"held": 7}, False, "held"),
    ],
)
def test_an_account_of_schema_1_is_migrated(more, status, is_fresh, problem):
    account = parse_account(SCHEMA_1[:-1] + more + b"}", "here")
    found = account.status

    synced = more.startswith(SYNCED)
    assert replace(account, status=make_status()) == make_account(
        id="a1", connection=account.connection, status=make_status()
    )
    assert {name: getattr(found, name) for name in status} == status
    assert found.synced_at == (datetime(2026, 11, 22, 14, tzinfo=UTC) if synced else None)
    assert found.last_sync == (datetime(2026, 11, 22, 14, 1, tzinfo=UTC) if synced else None)
    assert account.is_fresh is is_fresh
    assert (account.problem and account.problem.what) == problem
    assert parse_account(account_json(account), "here") == replace(account, status=type(found)())
