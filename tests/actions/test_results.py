"""Results of shards: the files that are taken over into the state."""

import os

import pytest

from generator.actions.shards import adopt, gather
from generator.errors import StateError
from generator.store.branch import load_tree
from tests.store.branches import AB, CD, EF, SCHEMA, account, put, state_files

OTHERS = [
    "accounts/README",
    f"accounts/{AB}/account.bak",
    f"accounts/{AB}/.gatefold-1f.tmp",
    f"accounts/{CD.upper()}/token",
    f"accounts/{AB}0/token",
    "pending/x",
    "masters/0a",
    "masters.sqlite",
    ".lock",
    ".branch/base.json",
    "site.toml",
]
"""Files that are not state."""


@pytest.fixture
def data(tmp_path):
    """A state with one account."""
    place = tmp_path / "data"
    put(place, {"schema.json": SCHEMA, **account(AB, account="1", token="t", snapshot="s")})
    return place


@pytest.fixture
def results(tmp_path, data):
    """The results of a shard that synced that account."""
    shard, results = tmp_path / "shard", tmp_path / "results"
    put(shard, state_files(data))
    before = load_tree(shard)
    put(shard, account(AB, account="2") | {f"pending/{EF}": "p"} | dict.fromkeys(OTHERS, "x"))
    gather(shard, before, results)
    return results


def test_the_files_that_a_sync_changed_are_gathered_and_adopted(data, results):
    changed = {"schema.json": SCHEMA, **account(AB, account="2"), f"pending/{EF}": "p"}
    files = [path for path in results.rglob("*") if path.is_file()]
    assert state_files(results) == changed
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600] * 3

    put(results, dict.fromkeys(OTHERS, "x") | account(AB, snapshot="s"))
    snapshot = data / "accounts" / AB / "snapshot"
    before = snapshot.stat().st_mtime_ns
    assert adopt(data, results) == set()
    assert snapshot.stat().st_mtime_ns == before
    assert state_files(data) == {**account(AB, token="t", snapshot="s"), **changed}
    assert [name for name in OTHERS if (data / name).exists()] == []
    assert (data / "accounts" / AB / "account").stat().st_mode & 0o777 == 0o600


def test_an_account_disconnected_meanwhile_is_not_revived(data, results):
    put(results, account(CD, account="c", snapshot="c") | account(EF, account="e", token="e"))

    assert adopt(data, results) == {CD, EF}
    assert [path.name for path in (data / "accounts").iterdir()] == [AB]


@pytest.mark.parametrize("name", [f"accounts/{AB}/token", f"accounts/{CD}", "pending", "accounts"])
@pytest.mark.parametrize("make", [lambda path: path.symlink_to("/etc"), os.mkfifo])
def test_a_link_or_pipe_is_refused(data, results, name, make):
    if (results / name).exists():
        (results / name).rename(results / "moved")
    make(results / name)
    before = state_files(data)

    with pytest.raises(StateError, match="is not a plain file or directory"):
        adopt(data, results)
    assert state_files(data) == before


def test_results_of_a_newer_version_are_refused(data, results):
    put(results, {"schema.json": '{"schema": 3}'})

    with pytest.raises(StateError, match="has schema 3"):
        adopt(data, results)
    assert (data / "accounts" / AB / "account").read_text() == "1"
