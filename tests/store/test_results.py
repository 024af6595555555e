"""Results of shards: what is taken over into the state, and what never is."""

import os

import pytest

from generator.errors import StateError
from generator.store.results import Adopted, adopt
from tests.store.branches import AB, CD, EF, SCHEMA, account, put, state_files


@pytest.fixture
def data(tmp_path):
    """A state with one account."""
    place = tmp_path / "data"
    put(place, {"schema.json": SCHEMA, **account(AB, account="1", token="t", snapshot="s")})
    return place


@pytest.fixture
def results(tmp_path):
    """What a shard wrote about that account."""
    place = tmp_path / "results"
    put(place, {"schema.json": SCHEMA, **account(AB, account="2", snapshot="s")})
    return place


def test_changed_files_are_taken_over(data, results):
    """Byte for byte, closed to others; what was not changed is not written."""
    put(results, {f"pending/{EF}": "p"})
    snapshot = data / "accounts" / AB / "snapshot"
    before = snapshot.stat().st_mtime_ns

    assert adopt(data, results) == Adopted(files=2, outdone=())
    assert state_files(data) == {
        "schema.json": SCHEMA,
        **account(AB, account="2", token="t", snapshot="s"),
        f"pending/{EF}": "p",
    }
    assert snapshot.stat().st_mtime_ns == before
    assert (data / "accounts" / AB / "account").stat().st_mode & 0o777 == 0o600


def test_nothing_to_adopt_is_fine(data, tmp_path):
    """A shard whose accounts were all idle."""
    before = state_files(data)
    (tmp_path / "empty").mkdir()

    assert adopt(data, tmp_path / "empty") == Adopted(0, ())
    assert state_files(data) == before


def test_half_of_an_account_that_is_gone_is_not_taken(data, results):
    """It was disconnected while the shard was at work; one that comes whole is new."""
    put(results, account(CD, account="c", snapshot="c") | account(EF, account="e", token="e"))

    assert adopt(data, results) == Adopted(files=3, outdone=(f"accounts/{CD}",))
    assert sorted(path.name for path in (data / "accounts").iterdir()) == [AB, EF]


@pytest.mark.parametrize(
    "name",
    [
        "accounts/README",
        f"accounts/{AB}/account.bak",
        f"accounts/{AB}/.gatefold-1f.tmp",
        f"accounts/{AB}/deep/token",
        f"accounts/{AB.upper()}/token",
        f"accounts/{AB}0/token",
        f"pending/{AB}/token",
        "pending/x",
        "masters/0a",
        ".lock",
        ".branch/origin.json",
        "site.toml",
    ],
)
def test_a_directory_with_anything_else_is_refused_whole(data, results, name):
    """A name that no shard writes means that it is not what a shard wrote."""
    before = state_files(data)
    put(results, {name: "x"})

    with pytest.raises(StateError, match="is no result of a sync"):
        adopt(data, results)
    assert state_files(data) == before


@pytest.mark.parametrize("name", [f"accounts/{AB}/token", f"accounts/{CD}", "pending", "accounts"])
def test_a_link_is_refused(data, tmp_path, name):
    """Nothing is followed out of the directory."""
    secret = tmp_path / "secret"
    put(secret, {"token": "of somebody else"})
    results = tmp_path / "linked"
    (results / name).parent.mkdir(parents=True)
    (results / name).symlink_to(secret / "token" if name.endswith("token") else secret)
    before = state_files(data)

    with pytest.raises(StateError, match="is no result of a sync"):
        adopt(data, results)
    assert state_files(data) == before


def test_a_pipe_is_refused(data, results):
    """It would never end to be read."""
    os.mkfifo(results / "accounts" / AB / "token")

    with pytest.raises(StateError, match="is no result of a sync"):
        adopt(data, results)


def test_results_of_a_newer_version_are_refused(data, results):
    """A shard that runs another version than the committer."""
    put(results, {"schema.json": '{"schema": 2}'})

    with pytest.raises(StateError, match="has schema 2"):
        adopt(data, results)
    assert (data / "accounts" / AB / "account").read_text() == "1"
