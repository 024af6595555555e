"""Results of shards: the files that are taken over into the state."""

import os

import pytest

from generator.errors import StateError
from generator.store.branch import load_tree
from generator.store.results import Adopted, adopt, gather
from tests.store.branches import AB, CD, EF, SCHEMA, account, put, state_files


@pytest.fixture
def data(tmp_path):
    """A state with one account."""
    place = tmp_path / "data"
    put(place, {"schema.json": SCHEMA, **account(AB, account="1", token="t", snapshot="s")})
    return place


@pytest.fixture
def results(tmp_path):
    """The results of a shard that synced that account."""
    place = tmp_path / "results"
    put(place, {"schema.json": SCHEMA, **account(AB, account="2", snapshot="s")})
    return place


def test_the_files_that_a_sync_changed_are_gathered(data, tmp_path):
    """With the schema, closed to others."""
    before = load_tree(data)
    put(data, account(AB, account="2") | {"masters.sqlite": "", "accounts/README": ""})
    gather(data, before, tmp_path / "new")

    paths = [path for path in (tmp_path / "new").rglob("*") if path.is_file()]
    assert state_files(tmp_path / "new") == {"schema.json": SCHEMA, **account(AB, account="2")}
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o600] * 2


def test_changed_files_are_adopted(data, results):
    """Byte for byte, closed to others; unchanged files are not written."""
    put(results, {f"pending/{EF}": "p"})
    snapshot = data / "accounts" / AB / "snapshot"
    before = snapshot.stat().st_mtime_ns

    assert adopt(data, results) == Adopted(files=2, superseded=())
    assert state_files(data) == {
        "schema.json": SCHEMA,
        **account(AB, account="2", token="t", snapshot="s"),
        f"pending/{EF}": "p",
    }
    assert snapshot.stat().st_mtime_ns == before
    assert (data / "accounts" / AB / "account").stat().st_mode & 0o777 == 0o600


def test_an_account_disconnected_meanwhile_is_not_revived(data, results):
    """Whole or not: a sync connects no account."""
    put(results, account(CD, account="c", snapshot="c") | account(EF, account="e", token="e"))

    assert adopt(data, results) == Adopted(1, (f"accounts/{CD}", f"accounts/{EF}"))
    assert [path.name for path in (data / "accounts").iterdir()] == [AB]


@pytest.mark.parametrize(
    "name",
    [
        "accounts/README",
        f"accounts/{AB}/account.bak",
        f"accounts/{AB}/.gatefold-1f.tmp",
        f"accounts/{AB.upper()}/token",
        f"accounts/{AB}0/token",
        "pending/x",
        "masters/0a",
        "masters.sqlite",
        ".lock",
        ".branch/base.json",
        "site.toml",
    ],
)
def test_nothing_but_state_is_adopted(data, results, name):
    """Other files are ignored."""
    put(results, {name: "x"})

    assert adopt(data, results) == Adopted(1, ())
    assert not (data / name).exists()


@pytest.mark.parametrize("name", [f"accounts/{AB}/token", f"accounts/{CD}", "pending", "accounts"])
@pytest.mark.parametrize("make", [lambda path: path.symlink_to("/etc"), os.mkfifo])
def test_a_link_or_pipe_is_refused(data, tmp_path, name, make):
    """Nothing outside of the directory is read, and nothing of it is adopted."""
    results = tmp_path / "linked"
    put(results, {"schema.json": SCHEMA, **account("00" * 8, account="2")})
    if name == "accounts":
        (results / name).rename(results / "moved")
    (results / name).parent.mkdir(exist_ok=True)
    make(results / name)
    before = state_files(data)

    with pytest.raises(StateError, match="is not a plain file or directory"):
        adopt(data, results)
    assert state_files(data) == before


def test_results_of_a_newer_version_are_refused(data, results):
    """A shard that ran another version than the collecting job."""
    put(results, {"schema.json": '{"schema": 2}'})

    with pytest.raises(StateError, match="has schema 2"):
        adopt(data, results)
    assert (data / "accounts" / AB / "account").read_text() == "1"
