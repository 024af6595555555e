"""Lists of accounts, privacy levels, disconnecting, and exported snapshots."""

from datetime import timedelta

import pytest

from generator.accounts import (
    account_entries,
    change_privacy,
    delete_account,
    exported_snapshot,
)
from generator.domain.account import Privacy, Source
from generator.errors import Problem, SealError, SnapshotError, UsageError
from generator.store.state import LoadedAccounts, State
from generator.store.vault import Vault
from tests.factories import (
    CONNECTION,
    NOW,
    make_account,
    make_collection,
    make_copy,
    make_key,
    make_login,
    make_snapshot,
    make_status,
    make_token,
)

COOLDOWN = timedelta(hours=4)
SLUGS = ["5ec7e7" * 5 + "00", "5ec7e7" * 5 + "11"]


@pytest.fixture
def state(tmp_path):
    """A state directory whose random texts are `SLUGS`."""
    vault, drawn = Vault((make_key(),)), iter(SLUGS)
    return State(tmp_path / "data", lambda: vault, draw=lambda _: next(drawn))


def entry(**changes):
    """The usual account in a list."""
    usual = {
        "name": "low-tide",
        "discogs_name": "LowTide",
        "discogs_id": 4711,
        "privacy": "public",
        "state": "new",
        "last_sync": None,
        "next_sync": "2026-11-22T14:18:42Z",
        "records": 0,
        "problem": None,
    }
    return usual | changes


LATE = Problem("{account}", "timed out", "wait")
SYNCED = {"last_sync": "2026-11-22T14:18:42Z", "next_sync": "2026-11-22T18:18:42Z", "records": 1}


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (make_account(), entry()),
        (make_account(status=make_status()), entry(state="ok", **SYNCED)),
        (
            make_account(status=make_status(username="Tide2", last_sync=NOW - COOLDOWN)),
            entry(
                state="due",
                discogs_name="Tide2",
                records=1,
                last_sync="2026-11-22T10:18:42Z",
                next_sync="2026-11-22T14:18:42Z",
            ),
        ),
        (
            make_account(status=make_status(problem=LATE, failed_connection=CONNECTION)),
            entry(state="failing", problem="timed out", **SYNCED),
        ),
        (
            make_account(
                status=make_status(
                    problem=LATE._replace(where="{account}: token"),
                    failed_connection=CONNECTION,
                    reconnect=True,
                )
            ),
            entry(state="reconnect", problem="low-tide: token: timed out", **SYNCED),
        ),
        (
            make_account(status=make_status(problem=LATE, failed_connection="before")),
            entry(state="ok", **SYNCED),
        ),
        (
            make_account(
                source=Source.CSV, discogs_name=None, discogs_id=None, status=make_status()
            ),
            entry(
                state="ok",
                **(SYNCED | {"next_sync": None, "discogs_name": None, "discogs_id": None}),
            ),
        ),
    ],
)
def test_an_entry_has_everything_about_an_account(account, expected):
    assert account_entries(LoadedAccounts((account,)), COOLDOWN, NOW) == [expected]


def test_an_unreadable_account_is_listed_by_its_id():
    loaded = LoadedAccounts((make_account(),), (("a1", SealError("x", "is damaged")),))

    assert account_entries(loaded, COOLDOWN, NOW) == [
        entry(),
        dict.fromkeys(entry()) | {"name": "a1", "state": "failing", "problem": "is damaged"},
    ]


def test_a_link_is_drawn_when_it_is_first_needed_and_replaced_on_request(state):
    state.save_account(make_account(status=make_status()))

    def change(level, *, new_link=False):
        result = change_privacy(state, "LOW-TIDE", level, new_link=new_link)
        assert result.account == state.load_accounts().find("low-tide")
        return result.account.privacy.value, result.account.slug, result.new_link

    first, second = SLUGS
    assert change(Privacy.PRIVATE) == ("private", None, False)
    assert change(Privacy.UNLISTED) == ("unlisted", first, True)
    assert change(Privacy.PUBLIC) == ("public", first, False)
    assert change(Privacy.UNLISTED) == ("unlisted", first, False)
    assert change(Privacy.UNLISTED, new_link=True) == ("unlisted", second, True)
    assert change(Privacy.PRIVATE, new_link=True) == ("private", None, False)


@pytest.mark.parametrize(
    "use",
    [
        lambda state: change_privacy(state, "nobody", Privacy.PUBLIC, new_link=False),
        lambda state: delete_account(state, "nobody"),
        lambda state: exported_snapshot(state, "nobody"),
    ],
)
def test_a_name_that_does_not_exist_is_refused(state, use):
    state.save_account(make_account())

    with pytest.raises(UsageError) as error:
        use(state)

    problem = error.value.problem
    assert problem.render("nobody") == (
        "nobody",
        "no such account",
        "build-site accounts lists the accounts",
    )
    assert problem.render("nobody", form=True).hint == (
        "use the name as it is in the address of its page"
    )


def test_disconnecting_deletes_everything_about_an_account_and_nothing_else(state):
    kept, gone = make_account("kept"), make_account("gone", status=make_status())
    for account in (kept, gone):
        state.save_credentials(account.id, make_token())
        state.save_collection(account.id, make_collection(make_copy()))
        state.save_account(account)
    state.save_login(make_login("gone"))

    delete_account(state, "gone")

    assert state.load_accounts() == LoadedAccounts((kept,))
    assert state.live_logins(NOW) == ()
    assert not (state.data / "accounts" / gone.id).exists()


def test_an_unreadable_account_is_disconnected_by_its_id(state):
    torn, kept = make_account("torn"), make_account("kept")
    for account in (torn, kept):
        state.save_account(account)
    (state.data / "accounts" / torn.id / "account").write_bytes(b"torn")

    delete_account(state, torn.id)

    assert state.load_accounts() == LoadedAccounts((kept,))


def test_an_account_is_exported_after_its_first_sync(state):
    state.save_account(make_account())
    with pytest.raises(SnapshotError) as error:
        exported_snapshot(state, "low-tide")
    assert error.value.problem.render("low-tide") == (
        "low-tide",
        "has never been synced",
        "run build-site sync low-tide first",
    )
    synced = make_account(status=make_status())
    state.save_collection(synced.id, make_collection(make_copy()))
    state.save_status(synced)

    assert exported_snapshot(state, "Low-Tide") == make_snapshot()
