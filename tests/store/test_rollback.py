"""Older files put back: refused on every machine that has seen the newer ones."""

import shutil

import pytest
from msgspec.structs import replace

from generator.domain.account import PersonalToken, Privacy
from generator.errors import SealError
from tests.factories import NOW, make_account, make_collection, make_copy, make_status
from tests.store.branches import make_remote, run_git
from tests.store.test_merging import Machine

OLDER = "is older than the version that was here before"


@pytest.fixture
def machine(tmp_path):
    """A machine with a public account that was synced."""
    made = Machine(tmp_path / "one" / "data", make_remote(tmp_path / "remote.git"))
    with made.state.lock("test", NOW):
        made.state.save_account(make_account("rock"))
        made.state.save_credentials(make_account("rock").id, PersonalToken("first"))
        made.sync(1)
    made.push()
    return made


def again(machine):
    """The same machine in another run, which opens everything."""
    fresh = Machine(machine.data, machine.remote.address)
    with fresh.state.lock("test", NOW):
        for account in fresh.state.load_accounts().accounts:
            fresh.state.load_credentials(account)
            fresh.state.load_snapshot(account)
    return fresh


def place(machine, name):
    return machine.data / "accounts" / make_account("rock").id / name


def test_older_choices_are_refused_and_never_make_an_account_public(machine):
    older = place(machine, "account").read_bytes()
    machine.choose(privacy=Privacy.PRIVATE)
    machine = again(machine)
    place(machine, "account").write_bytes(older)

    loaded = again(machine).state.load_accounts()

    assert loaded.accounts == ()
    ((_, error),) = loaded.unreadable
    assert isinstance(error, SealError)
    assert (error.what, "data/.seen" in error.hint) == (OLDER, True)


def test_an_older_snapshot_or_token_is_refused_and_replaced_by_the_next(machine):
    older = {name: place(machine, name).read_bytes() for name in ("snapshot", "token")}
    machine.sync(2)
    machine.state.save_credentials(machine.account().id, PersonalToken("second"))
    machine = again(machine)
    for name, content in older.items():
        place(machine, name).write_bytes(content)
    state = Machine(machine.data, machine.remote.address).state
    account = state.load_accounts().named("rock")

    assert not state.holds_snapshot(account)
    for load in (state.load_snapshot, state.load_credentials):
        with pytest.raises(SealError, match=OLDER):
            load(account)
    state.save_collection(account.id, make_collection(make_copy()))
    snapshot = state.load_snapshot(account)
    assert snapshot
    assert len(snapshot.collection.copies) == 1


def test_an_older_status_makes_the_account_due(machine):
    older = place(machine, "status").read_bytes()
    machine.sync(2)
    machine = again(machine)
    place(machine, "status").write_bytes(older)

    assert again(machine).account().status.synced_at is None


def test_a_branch_put_back_is_refused_where_the_newer_one_was_seen(machine, tmp_path):
    old = run_git("rev-parse", "state", cwd=machine.remote.address).strip()
    machine.choose(privacy=Privacy.PRIVATE)
    again(machine).push()
    run_git("update-ref", "refs/heads/state", old, cwd=machine.remote.address)

    with machine.state.lock("state pull", NOW):
        machine.pull()

    assert [account.privacy for account in again(machine).state.load_accounts().accounts] == []


def test_a_disconnected_account_does_not_come_back(machine, tmp_path):
    directory = place(machine, "account").parent
    machine = again(machine)
    shutil.copytree(directory, tmp_path / "copy")
    with machine.state.lock("disconnect", NOW):
        machine.state.remove_account(machine.account().id)
    shutil.copytree(tmp_path / "copy", directory)

    loaded = again(machine).state.load_accounts()

    assert loaded.accounts == ()
    assert [error.what for _, error in loaded.unreadable] == [OLDER]


def test_a_file_whose_generation_was_changed_does_not_open(machine):
    content = place(machine, "account").read_bytes()
    place(machine, "account").write_bytes(content.replace(b'"g":1,', b'"g":9,'))

    ((_, error),) = machine.state.load_accounts().unreadable
    assert error.what == "was changed after it was sealed"


def test_the_same_content_keeps_its_generation(machine):
    before = place(machine, "account").read_bytes()
    machine.choose()
    machine.state.save_status(replace(machine.account(), status=make_status()))

    assert place(machine, "account").read_bytes() == before
