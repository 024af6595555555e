"""The state directory: everything is sealed, and written only when it changes."""

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace

from generator.domain.account import Account, OAuthToken, PersonalToken, Privacy, Source
from generator.errors import Locked, Problem, SealError, SnapshotError, StateError, VaultError
from generator.store.state import LoadedAccounts, State
from generator.store.vault import Vault
from tests.factories import (
    NOW,
    make_account,
    make_artist,
    make_collection,
    make_copy,
    make_format,
    make_key,
    make_label,
    make_login,
    make_release,
    make_snapshot,
    make_status,
    make_token,
)

ROOT = Path(__file__).parents[2]
VAULT = Vault((make_key(),))
SYNCED = make_account(status=make_status())
WRONG_KEY = "OAUTH_ENCRYPTION_KEY: opens no sealed file of this workspace"


def no_vault():
    """The vault of a workspace without a key."""
    raise VaultError("OAUTH_ENCRYPTION_KEY", "is not set")


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def state(data):
    return State(data, lambda: VAULT)


def state_of(data, *keys):
    """The same directory under a ring of other keys."""
    ring = Vault(tuple(make_key(number) for number in keys))
    return State(data, lambda: ring)


def save_all(state, account, credentials=None):
    """Every file that an account can have."""
    state.save_credentials(account.id, credentials or make_token())
    state.save_collection(account.id, make_collection(make_copy()))
    state.save_account(account)


def files_below(data):
    found = (path for path in data.rglob("*") if path.is_file())
    return {str(path.relative_to(data)): path.read_bytes() for path in found}


def path_of(data, account, name="account"):
    return data / "accounts" / account.id / name


def plant(data, account_id, purpose, plaintext):
    """A sealed file with this content, as another program could have written it."""
    path = data / "accounts" / account_id / purpose
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(VAULT.seal(purpose, account_id, plaintext))


def unreadable(state):
    return {key: str(error) for key, error in state.load_accounts().unreadable}


def test_accounts_are_loaded_by_name_as_they_were_saved(state, data):
    ant = make_account(
        "ant",
        source=Source.ANONYMOUS,
        privacy=Privacy.PRIVATE,
        slug="5ec7e7" * 5 + "00",
        status=make_status(
            username="Ant2",
            last_sync=NOW + timedelta(seconds=31, microseconds=7),
            records=1497,
            failures=3,
            failed_connection="c0ffee02",
            problem=Problem("{account}", "Discogs answered 500 – “later”", "wait"),
            reconnect=True,
            held=12,
        ),
    )
    zebra = make_account("zebra")
    for account in (zebra, ant):
        state.save_account(account)

    loaded = state_of(data, 1).load_accounts()

    assert loaded == LoadedAccounts((ant, zebra), ())
    assert (loaded.find("ANT"), loaded.find("bee")) == (ant, None)


def test_choices_and_observations_do_not_overwrite_each_other(state):
    state.save_account(make_account(privacy=Privacy.PRIVATE))
    state.save_status(make_account(privacy=Privacy.PUBLIC, status=make_status(records=7)))
    state.save_account(make_account(privacy=Privacy.UNLISTED, status=make_status(records=9)))

    [account] = state.load_accounts().accounts

    assert (account.privacy, account.status.records) == (Privacy.UNLISTED, 7)


def test_an_account_is_registered_before_anything_about_it_can_be_printed(data):
    registered: list[Account] = []
    state = State(data, lambda: VAULT, registered.append)
    account = make_account()
    state.save_account(account)
    path_of(data, account, "status").write_bytes(b"torn")

    assert state.load_accounts().accounts == ()
    assert [one.name for one in registered] == ["low-tide", "low-tide"]


def test_an_account_without_a_status_counts_as_never_synced(state, data):
    save_all(state, SYNCED)
    path_of(data, SYNCED, "status").unlink()

    assert state.load_accounts().accounts == (make_account(),)


def test_a_workspace_has_these_files_for_its_owner_only(state, data):
    save_all(state, SYNCED)
    state.save_login(make_login())
    found = [data, *data.rglob("*")]
    login = next((data / "pending").iterdir()).name

    assert set(files_below(data)) == {
        *(f"accounts/{SYNCED.id}/{name}" for name in ("account", "snapshot", "status", "token")),
        f"pending/{login}",
        "schema.json",
    }
    assert re.fullmatch("[0-9a-f]{16}", login)
    assert {path.stat().st_mode & 0o777 for path in found if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in found if path.is_dir()} == {0o700}


def test_nothing_on_disk_says_anything_about_a_person(state, data):
    owner = make_account("elezea-records", discogs_name="Bordesak", discogs_id=1578108)
    state.save_credentials(owner.id, make_token())
    state.save_collection(owner.id, make_collection(make_copy(88123456789, release_id=249504)))
    state.save_account(owner)
    state.save_login(make_login("elezea-records"))
    disk = repr(files_below(data)).lower()
    private = "elezea bordesak 1578108 tokenkey tokensecret request harbour 88123456789 249504"

    assert [text for text in private.split() if text in disk] == []


def test_saving_the_same_again_writes_nothing(state, data):
    one, two = make_copy(1, release_id=5), make_copy(2, release_id=3)
    releases = [make_release(5), make_release(3)]
    save_all(state, SYNCED)
    state.save_collection(SYNCED.id, make_collection(one, two, releases=releases))
    before = {path: (path.stat(), path.read_bytes()) for path in data.rglob("[a-z]*[nt]")}

    changed = [
        state.save_credentials(SYNCED.id, make_token()),
        state.save_account(SYNCED),
        state.save_status(SYNCED),
        state.save_collection(SYNCED.id, make_collection(one, two, releases=releases[::-1])),
    ]

    assert changed == [False] * 4
    assert {path: (path.stat(), path.read_bytes()) for path in before} == before


@pytest.mark.parametrize(
    ("save", "name"),
    [
        (lambda state: state.save_status(replace(SYNCED, status=make_status(records=2))), "status"),
        (lambda state: state.save_account(replace(SYNCED, privacy=Privacy.PRIVATE)), "account"),
        (lambda state: state.save_credentials(SYNCED.id, PersonalToken("other")), "token"),
        (
            lambda state: state.save_collection(SYNCED.id, make_collection(make_copy(rating=4))),
            "snapshot",
        ),
    ],
)
def test_a_change_writes_one_file(state, data, save, name):
    save_all(state, SYNCED)
    save_all(state, make_account("other"))
    before, digest = files_below(data), state.snapshot_digest(SYNCED.id)

    assert save(state) is True

    after = files_below(data)
    assert [one for one in after if after[one] != before[one]] == [f"accounts/{SYNCED.id}/{name}"]
    assert (state.snapshot_digest(SYNCED.id) != digest) == (name == "snapshot")


def test_no_key_is_needed_while_nothing_is_sealed(data):
    state = State(data, no_vault)

    assert state.load_accounts() == LoadedAccounts((), ())
    assert state.live_logins(NOW) == ()
    assert not data.exists()
    (data / "accounts").mkdir(parents=True)
    assert state.load_accounts() == LoadedAccounts((), ())
    assert state.load_credentials(make_account(source=Source.ANONYMOUS)) is None


def test_a_key_is_needed_once_something_is_sealed(state, data):
    state.save_account(make_account())

    with pytest.raises(VaultError, match="is not set"):
        State(data, no_vault).load_accounts()


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (lambda data, bad, _: path_of(data, bad).write_bytes(b"torn"),
         "is not a sealed file, or is damaged"),
        (lambda data, bad, _: path_of(data, bad, "status").write_bytes(b"torn"),
         "is not a sealed file, or is damaged"),
        (lambda data, bad, good: shutil.copy(path_of(data, good), path_of(data, bad)),
         "is sealed for another place"),
        (lambda data, bad, good: shutil.copy(path_of(data, good, "status"),
                                             path_of(data, bad, "status")),
         "is sealed for another place"),
        (lambda data, bad, _: plant(data, bad.id, "account", b"{}"), "cannot be understood"),
        (lambda data, bad, _: plant(data, bad.id, "status", b"[]"), "cannot be understood"),
        (lambda data, bad, _: plant(data, bad.id, "account", VAULT.open(
            "account", make_account("good").id, path_of(data, make_account("good")).read_bytes())),
         "holds another account"),
        (lambda data, bad, _: (path_of(data, bad).unlink(), path_of(data, bad).mkdir()),
         "cannot be read: is a directory"),
    ],
)  # fmt: skip
def test_a_damaged_account_is_reported_and_hides_no_other(state, data, damage, what):
    good, bad = make_account("good"), make_account("bad")
    for account in (good, bad):
        state.save_account(account)
    damage(data, bad, good)

    loaded = state.load_accounts()

    assert loaded.accounts == (good,)
    [(account_id, error)] = loaded.unreadable
    assert (account_id, error.what, error.exit_code) == (bad.id, what, 1)
    assert re.fullmatch(f"data/accounts/{bad.id}/(account|status)", error.where)


def test_a_key_that_opens_nothing_is_the_wrong_key(state, data):
    for name in ("one", "other"):
        save_all(state, make_account(name))

    with pytest.raises(VaultError) as error:
        state_of(data, 2).load_accounts()

    assert (str(error.value), error.value.exit_code) == (WRONG_KEY, 12)
    assert "the key this state was sealed with" in error.value.hint


@pytest.mark.parametrize("witness", ["account", "status", "token", "snapshot"])
def test_a_key_that_opens_another_file_is_the_right_key(state, data, witness):
    save_all(state, SYNCED)
    for name in {"account", "status", "token", "snapshot"} - {witness}:
        path_of(data, SYNCED, name).write_bytes(b"torn")

    assert set(unreadable(state)) == {SYNCED.id}


def test_a_ring_opens_what_each_of_its_keys_sealed(data):
    state_of(data, 1).save_account(make_account("old"))
    state_of(data, 2, 1).save_account(make_account("new"))

    assert [one.name for one in state_of(data, 2, 1).load_accounts().accounts] == ["new", "old"]
    assert set(unreadable(state_of(data, 2))) == {make_account("old").id}


def test_stray_files_and_unfinished_connects_are_no_accounts(state, data):
    state.save_account(make_account())
    state.save_credentials("unfinished", make_token())
    (data / "accounts/.DS_Store").write_bytes(b"\x00")
    (data / "accounts/empty").mkdir()
    (data / "accounts/.hidden").mkdir()
    (data / "accounts/.hidden/account").write_bytes(b"{}")

    assert state.load_accounts() == LoadedAccounts((make_account(),), ())


def test_a_new_id_is_opaque_and_free_and_a_link_cannot_be_guessed(state, data):
    taken, free = "a" * 16, "b" * 16
    drawn = iter([taken, free])
    (data / "accounts" / taken).mkdir(parents=True)

    assert State(data, no_vault, draw=lambda _: next(drawn)).draw_id() == free
    assert re.fullmatch("[0-9a-f]{16}", state.draw_id())
    assert re.fullmatch("[0-9a-f]{32}", state.draw_slug())
    assert state.draw_slug() != state.draw_slug()


def test_removing_an_account_leaves_nothing_of_it(state, data):
    kept, whole, torn = (make_account(name) for name in ("kept", "whole", "torn"))
    for account in (kept, whole, torn):
        save_all(state, account)
    path_of(data, torn).write_bytes(b"torn")
    path_of(data, whole, ".gatefold-0a1b.tmp").write_bytes(b"left by a killed write")

    for account in (whole, torn):
        state.remove_account(account.id)

    assert state.load_accounts() == LoadedAccounts((kept,), ())
    assert {name.split("/")[1] for name in files_below(data) if "/" in name} == {kept.id}


@pytest.mark.parametrize("credentials", [make_token(), PersonalToken("personaltokenpersonal")])
def test_credentials_are_loaded_as_they_were_saved_and_can_be_replaced(state, data, credentials):
    account = make_account()
    state.save_credentials(account.id, credentials)

    assert state.load_credentials(account) == credentials
    assert state.save_credentials(account.id, None) is True
    assert state.save_credentials(account.id, None) is False
    assert set(files_below(data)) == {"schema.json", f"accounts/{account.id}/token"}


@pytest.mark.parametrize(
    ("put", "error", "what"),
    [
        (lambda _: None, StateError, "token: its file is missing"),
        (
            lambda data: shutil.copy(
                path_of(data, make_account("other"), "token"), path_of(data, SYNCED, "token")
            ),
            SealError,
            "token: is sealed for another place",
        ),
    ],
)
def test_credentials_that_cannot_be_used_ask_for_a_reconnect(state, data, put, error, what):
    state.save_account(SYNCED)
    state.save_credentials(make_account("other").id, make_token())
    put(data)

    with pytest.raises(error) as refusal:
        state.load_credentials(SYNCED)

    assert (str(refusal.value), refusal.value.exit_code) == (what, 1)
    assert (refusal.value.hint, refusal.value.form) == (
        "reconnect: build-site connect {account}",
        "reconnect: Actions → Connect, action connect",
    )


ODD = make_release(
    2**33,
    title='Æther </script> "Ⅷ" 🎷 \u2028',
    master_id=None,
    year=None,
    artists=(make_artist("Nirvana (2)", printed="Nirvana*", join="&"), make_artist(id=None)),
    labels=(make_label(id=None, catalog_number=None),),
    formats=(make_format("All Media", quantity=12, descriptions=(), text="180 g"),),
    genres=(),
    thumb="https://img.example/a.jpg",
)


@pytest.mark.parametrize(
    "collection",
    [
        make_collection(),
        make_collection(
            make_copy(1), make_copy(2), make_copy(2**40, release_id=2**33, rating=5), releases=[ODD]
        ),
        make_collection(*(make_copy(number, number % 450) for number in range(1, 1000))),
    ],
    ids=["empty", "odd", "in several pieces"],
)
def test_a_snapshot_is_loaded_as_it_was_saved(state, collection):
    account = replace(SYNCED, status=make_status(username="Tide2"))
    assert state.save_collection(account.id, collection) is True

    assert state.load_snapshot(account) == make_snapshot(collection, discogs_name="Tide2")


def test_an_account_never_synced_has_no_snapshot(state):
    assert state.load_snapshot(make_account()) is None
    state.save_collection(SYNCED.id, make_collection(make_copy()))
    assert state.load_snapshot(make_account()) is None  # its first sync was killed
    assert state.snapshot_digest("nobody") == ""


@pytest.mark.parametrize(
    ("put", "error", "what"),
    [
        (
            lambda path: path.unlink(),
            SnapshotError,
            "snapshot: cannot be read: no such file or directory",
        ),
        (
            lambda path: path.write_bytes(b"torn"),
            SealError,
            "snapshot: is not a sealed file, or is damaged",
        ),
        (
            lambda path: path.write_bytes(VAULT.seal("snapshot", "a1", b"")),
            SealError,
            "snapshot: is sealed for another place",
        ),
        (
            lambda path: path.write_bytes(VAULT.seal("snapshot", SYNCED.id, b"not compressed")),
            SealError,
            "snapshot: holds data that cannot be decompressed",
        ),
    ],
)
@pytest.mark.parametrize(
    ("source", "hint", "form"),
    [
        (
            Source.OAUTH,
            "read it again: build-site sync low-tide --force",
            "read it again: Actions → Publish, with this account and force",
        ),
        (
            Source.CSV,
            "import it again: build-site connect low-tide --csv FILE",
            "import it again: build-site connect low-tide --csv FILE",
        ),
    ],
)
def test_a_snapshot_that_is_lost_is_missed(state, data, put, error, what, source, hint, form):  # noqa: PLR0917
    account = replace(SYNCED, source=source)
    save_all(state, account)
    put(path_of(data, account, "snapshot"))

    with pytest.raises(error) as refusal:
        state.load_snapshot(account)

    problem = refusal.value.problem
    assert problem.render("low-tide") == (f"low-tide: {what.split(': ')[0]}", what[10:], hint)
    assert problem.render("low-tide", form=True).hint == form


def test_logins_are_loaded_newest_first_each_once_by_name(state):
    old = make_login("zebra", privacy=Privacy.UNLISTED)
    new = make_login("ant", created=NOW + timedelta(seconds=3, microseconds=7))
    for login in (old, make_login("ant", key="superseded"), new):
        state.save_login(login)

    assert state.live_logins(NOW) == (new, old)
    state.remove_login("bee")
    state.remove_login("ant")
    assert state.live_logins(NOW) == (old,)


def test_logins_that_nobody_can_finish_are_removed(data):
    names = iter(["live", "late", "moved"])
    state = State(data, lambda: VAULT, draw=lambda _: next(names))
    live, late = make_login("live"), make_login("late", created=NOW - timedelta(minutes=15))
    for login in (live, late, make_login("moved")):
        state.save_login(login)
    (data / "pending/moved").rename(data / "pending/elsewhere")
    (data / "pending/torn").write_bytes(b"torn")

    assert state.live_logins(NOW) == (live,)
    assert [path.name for path in (data / "pending").iterdir()] == ["live"]


def test_a_wrong_key_removes_no_login(state, data):
    state.save_login(make_login())

    with pytest.raises(VaultError, match=WRONG_KEY):
        state_of(data, 2).live_logins(NOW)

    assert state.live_logins(NOW) == (make_login(),)


def test_state_of_schema_1_is_read_and_becomes_schema_2_with_the_first_write(data):
    shutil.copytree(Path(__file__).with_name("schema-1"), data)
    state, before = state_of(data, 1), files_below(data)

    harbour, low_tide, pier = state.load_accounts().accounts

    start = NOW.replace(minute=0, second=0)
    assert low_tide == make_account(
        "low-tide",
        id="1" * 16,
        privacy=Privacy.UNLISTED,
        slug="5ec7e7" * 5 + "00",
        connection="schema-1",
        status=make_status(
            connection="schema-1",
            synced_at=start,
            last_sync=start + timedelta(seconds=31),
            records=2,
        ),
    )
    assert state.load_credentials(low_tide) == OAuthToken("tokenkey", "tokensecret")
    assert state.load_snapshot(low_tide) == make_snapshot(
        make_collection(make_copy(1), make_copy(2, 2, rating=5)), synced_at=start
    )
    assert (harbour.is_fresh, harbour.source, harbour.status.held) == (True, Source.TOKEN, 100)
    assert harbour.problem == Problem(
        "{account}", "held back: 100 copies, down from 250", "sync it again"
    )
    assert state.load_credentials(harbour) == PersonalToken("personal")
    assert (pier.source, pier.status.synced_at) == (Source.ANONYMOUS, None)
    assert [login.name for login in state.live_logins(start)] == ["quay"]
    assert files_below(data) == before

    state.save_status(replace(harbour, status=make_status(connection=harbour.connection)))
    state.save_account(replace(pier, privacy=Privacy.PRIVATE))

    assert json.loads((data / "schema.json").read_bytes()) == {"schema": 2}
    harbour, again, pier = state.load_accounts().accounts
    assert (harbour.is_fresh, harbour.problem, harbour.status.records) == (False, None, 1)
    assert (again, pier.privacy) == (low_tide, Privacy.PRIVATE)


def test_the_first_write_records_the_schema_once(state, data):
    state.save_account(make_account())
    path = data / "schema.json"
    first = path.stat()
    state.save_login(make_login())

    assert path.read_bytes() == b'{"schema": 2}\n'
    assert path.stat() == first


NEWER = "data/schema.json: this state has schema 3; this version reads up to 2"
UNKNOWN = "data/schema.json: does not say which version wrote this state"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b'{"schema": 3}', NEWER),
        *(
            (text, UNKNOWN)
            for text in [
                *(b"", b"{", b"\xff", b"[1]", b"1", b"{}", b'{"schema": "1"}', b'{"schema": true}'),
                *(b'{"schema": 0}', b'{"schema": 1.0}', b"[" * 100_000),
            ]
        ),
    ],
    ids=lambda text: text[:20].decode("ascii", "replace") if isinstance(text, bytes) else "",
)
def test_state_of_an_unknown_schema_is_neither_read_nor_written(state, data, text, what):
    save_all(state, SYNCED)
    state.save_login(make_login())
    (data / "schema.json").write_bytes(text)
    before = files_below(data)
    attempts = [
        state.load_accounts,
        lambda: state.save_account(replace(SYNCED, privacy=Privacy.PRIVATE)),
        lambda: state.save_status(replace(SYNCED, status=make_status(records=5))),
        lambda: state.save_credentials(SYNCED.id, PersonalToken("other")),
        lambda: state.load_snapshot(SYNCED),
        lambda: state.save_collection(SYNCED.id, make_collection()),
        lambda: state.live_logins(NOW),
        lambda: state.save_login(make_login("other")),
        lambda: state.remove_login("low-tide"),
        lambda: state.remove_account(SYNCED.id),
    ]

    for attempt in attempts:
        with pytest.raises(StateError) as error:
            attempt()
        assert str(error.value) == what

    assert error.value.hint == "update Gatefold, or restore data/ from a backup"
    assert files_below(data) == before


HOLDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from generator.store.state import State
with State(Path(sys.argv[1]), None).lock("sync", datetime(2026, 11, 22, 14, 18, 42, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_run(data):
    """A second process that holds the directory until its input ends."""
    with subprocess.Popen(
        [sys.executable, "-B", "-c", HOLDER, data],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout
        assert run.stdout.readline() == "held\n"
        yield run


@pytest.mark.parametrize("note", [None, b"", b"\xff\x00", b"[]", b"{}", b'{"pid": "x"}'])
def test_a_second_run_is_refused_with_the_name_of_the_first(state, data, note):
    with another_run(data) as run:
        if note is not None:
            (data / ".lock.json").write_bytes(note)
        with pytest.raises(Locked) as refusal, state.lock("build", NOW):
            pass

    holder = f"pid {run.pid} (sync) since 2026-11-22T14:18:42Z" if note is None else "another run"
    assert str(refusal.value) == f"data/.lock: held by {holder}"
    assert refusal.value.exit_code == 11


def killed(data):
    with another_run(data) as run:
        os.kill(run.pid, signal.SIGKILL)


def ended(data):
    with another_run(data):
        pass


def failed(data):
    with pytest.raises(ZeroDivisionError), State(data, no_vault).lock("build", NOW):
        raise ZeroDivisionError


@pytest.mark.parametrize("end", [ended, killed, failed])
def test_the_lock_is_free_after_the_other_run(state, data, end):
    end(data)
    (data / ".lock.json").write_bytes(b"garbage " * 100)
    evening = NOW.astimezone(timezone(timedelta(hours=-8)))

    with state.lock("sync", evening):
        with (data / ".lock").open("rb") as file, pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        note = json.loads((data / ".lock.json").read_text())

    assert note == {"pid": os.getpid(), "purpose": "sync", "since": "2026-11-22T14:18:42Z"}
    assert [(data / name).stat().st_mode & 0o777 for name in ("", ".lock")] == [0o700, 0o600]


KILLED_WRITERS = """
import itertools, os, signal, sys, time
from pathlib import Path
from generator.store.state import State
from generator.store.vault import Vault
from tests.factories import *

data = Path(sys.argv[1])
state = State(data, lambda: Vault((make_key(),)))
collections = [make_collection(*map(make_copy, range(size))) for size in (2, 300)]
for number in range(15):
    started, start = os.pipe()
    writer = os.fork()
    if writer == 0:
        for number in itertools.count():
            account = make_account(status=make_status(records=number))
            state.save_collection(account.id, collections[number % 2])
            state.save_credentials(account.id, make_token(key=str(number)))
            state.save_account(account)
            state.save_status(account)
            os.write(start, b".")
            if number % 3 == 2:
                state.remove_account(account.id)
    os.read(started, 1)
    time.sleep(number * 0.0013)
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    loaded = state.load_accounts()
    for account in loaded.accounts:
        if account.status.synced_at and (data / "accounts" / account.id / "snapshot").exists():
            assert state.load_snapshot(account).collection in collections
        state.remove_account(account.id)
    print(loaded.unreadable, list((data / "accounts").glob("*/account")))
"""


def test_a_killed_writer_leaves_whole_files_that_can_be_removed(data):
    run = subprocess.run(
        [sys.executable, "-B", "-c", KILLED_WRITERS, data],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout.splitlines() == ["() []"] * 15
