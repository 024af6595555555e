"""Accounts and their credentials, on disk and sealed."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from generator.domain.account import Access, PersonalToken, Privacy
from generator.errors import SealError, StateError, VaultError
from generator.store.accounts import Accounts, Loaded
from generator.store.snapshots import Snapshots
from generator.store.vault import Vault
from tests.factories import NOW, make_account, make_collection, make_copy, make_key, make_token


def open_accounts(data: Path, *keys: int) -> Accounts:
    """The accounts below `data` under a ring of keys, key 1 alone by default."""
    ring = tuple(make_key(number) for number in keys or (1,))
    return Accounts(data, lambda: Vault(ring))


def no_vault() -> Vault:
    """Stands for a workspace without a key."""
    raise VaultError("OAUTH_ENCRYPTION_KEY", "is not set")


def files_below(data: Path) -> dict[str, bytes]:
    """Every file below `data` with its bytes."""
    files = (path for path in data.rglob("*") if path.is_file())
    return {str(path.relative_to(data)): path.read_bytes() for path in files}


def test_accounts_come_back_as_they_were_saved_by_name(tmp_path):
    """Every field survives, also those of an account in trouble."""
    plain = make_account("zebra")
    worn = make_account(
        "ant",
        access=Access.ANONYMOUS,
        privacy=Privacy.PRIVATE,
        synced_at=NOW,
        last_sync=NOW + timedelta(seconds=31, microseconds=7),
        records=1497,
        failures=3,
        problem="Discogs answers 500 – “later”",
        reconnect=True,
        held=12,
    )
    accounts = open_accounts(tmp_path)
    accounts.save(plain)
    accounts.save(worn)

    assert open_accounts(tmp_path).load() == Loaded((worn, plain), ())


@pytest.mark.parametrize("credentials", [make_token(), PersonalToken("personaltokenpersonal")])
def test_credentials_come_back_as_they_were_saved(tmp_path, credentials):
    """Both ways in that have any."""
    account, accounts = make_account(), open_accounts(tmp_path)
    accounts.save_credentials(account.id, credentials)

    assert accounts.load_credentials(account) == credentials


def test_an_anonymous_account_has_no_credentials(tmp_path):
    """No token file is looked for, so no key is needed for it."""
    account = make_account(access=Access.ANONYMOUS)

    assert Accounts(tmp_path, no_vault).load_credentials(account) is None


def test_reconnecting_anonymously_removes_the_token(tmp_path):
    """Credentials nobody needs any more do not stay on disk."""
    account, accounts = make_account(), open_accounts(tmp_path)
    accounts.save_credentials(account.id, make_token())

    assert accounts.save_credentials(account.id, None) is True
    assert accounts.save_credentials(account.id, None) is False
    assert list(files_below(tmp_path)) == ["schema.json"]


def test_missing_credentials_are_an_error_that_names_the_account(tmp_path):
    """The way out is to connect again."""
    with pytest.raises(StateError) as refusal:
        open_accounts(tmp_path).load_credentials(make_account())

    assert str(refusal.value) == "token of low-tide: its file is missing"
    assert refusal.value.hint == "reconnect: build-site connect low-tide"


def test_anothers_token_is_an_error_that_names_the_account(tmp_path):
    """A token copied into another account's place opens nothing there."""
    one, other, accounts = make_account("one"), make_account("other"), open_accounts(tmp_path)
    accounts.save_credentials(one.id, make_token())
    accounts.save(other)
    token = tmp_path / "accounts" / one.id / "token"
    (tmp_path / "accounts" / other.id / "token").write_bytes(token.read_bytes())

    with pytest.raises(SealError) as refusal:
        accounts.load_credentials(other)

    assert str(refusal.value) == "token of other: was sealed for another place"
    assert refusal.value.exit_code == 1


def test_the_files_of_a_workspace_are_these(tmp_path):
    """One directory per account under an opaque id, everything for the owner alone."""
    data, account = tmp_path / "data", make_account()
    accounts = open_accounts(data)
    accounts.save_credentials(account.id, make_token())
    accounts.save(account)
    Snapshots(data, lambda: Vault((make_key(),))).save(account.id, make_collection(make_copy()))
    found = [data, *data.rglob("*")]

    assert sorted(files_below(data)) == [
        f"accounts/{account.id}/account",
        f"accounts/{account.id}/snapshot",
        f"accounts/{account.id}/token",
        "schema.json",
    ]
    assert {path.stat().st_mode & 0o777 for path in found if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in found if path.is_dir()} == {0o700}


def test_nothing_readable_about_a_person_is_on_disk(tmp_path):
    """Neither names, ids of Discogs, tokens nor titles stand in any byte or path."""
    account = make_account("elezea-records", discogs_name="Bordesak", discogs_id=1578108)
    accounts = open_accounts(tmp_path)
    accounts.save_credentials(account.id, make_token())
    accounts.save(account)
    Snapshots(tmp_path, lambda: Vault((make_key(),))).save(
        account.id, make_collection(make_copy(88123456789, release_id=249504))
    )
    disk = b"\n".join(
        str(path.relative_to(tmp_path)).encode() + b"\n" + (path.read_bytes())
        for path in tmp_path.rglob("*")
        if path.is_file()
    ).lower()
    needles = [
        "elezea",
        "bordesak",
        "1578108",
        "tokenkey",
        "tokensecret",
        "low tide",
        "harbour",
        "88123456789",
        "249504",
    ]

    assert [needle for needle in needles if needle.encode() in disk] == []


def test_saving_the_same_account_again_rewrites_nothing(tmp_path):
    """Bytes, times and the files themselves stay."""
    account, accounts = make_account(synced_at=NOW), open_accounts(tmp_path)
    accounts.save_credentials(account.id, make_token())
    accounts.save(account)
    before = {path: (path.stat(), path.read_bytes()) for path in tmp_path.rglob("[a-z]*[nt]")}

    answers = [accounts.save_credentials(account.id, make_token()), accounts.save(account)]

    after = {path: (path.stat(), path.read_bytes()) for path in tmp_path.rglob("[a-z]*[nt]")}
    assert answers == [False, False]
    assert after == before
    assert len(before) == 3


def test_one_changed_account_rewrites_one_file(tmp_path):
    """The time of a sync costs the account file and nothing else."""
    one, other, accounts = make_account("one"), make_account("other"), open_accounts(tmp_path)
    accounts.save_credentials(one.id, make_token())
    accounts.save(one)
    accounts.save(other)
    before = files_below(tmp_path)

    accounts.save(replace(one, last_sync=NOW))

    after = files_below(tmp_path)
    assert [name for name in after if after[name] != before[name]] == [f"accounts/{one.id}/account"]


def test_no_key_is_needed_while_nothing_is_sealed(tmp_path):
    """A new workspace, and one that was emptied, load without a vault."""
    (tmp_path / "accounts").mkdir()

    assert Accounts(tmp_path, no_vault).load() == Loaded((), ())
    assert Accounts(tmp_path / "new", no_vault).load() == Loaded((), ())


def test_a_missing_key_is_an_error_once_something_is_sealed(tmp_path):
    """What the vault says when asked for is what is raised."""
    open_accounts(tmp_path).save(make_account())

    with pytest.raises(VaultError, match="is not set"):
        Accounts(tmp_path, no_vault).load()


def test_one_damaged_account_does_not_hide_the_others(tmp_path):
    """It is reported under its id, with a message that tells nothing of the content."""
    good, bad, accounts = make_account("good"), make_account("bad"), open_accounts(tmp_path)
    accounts.save(good)
    accounts.save(bad)
    (tmp_path / "accounts" / bad.id / "account").write_bytes(b"torn")

    loaded = accounts.load()

    assert loaded.accounts == (good,)
    [(account_id, error)] = loaded.unreadable
    assert account_id == bad.id
    assert isinstance(error, SealError)
    assert error.where.endswith(f"accounts/{bad.id}/account")
    assert error.what == "is not a sealed file, or is damaged"
    assert error.exit_code == 1


def test_an_account_moved_to_anothers_place_is_reported(tmp_path):
    """Neither takes the other's place."""
    good, bad, accounts = make_account("good"), make_account("bad"), open_accounts(tmp_path)
    accounts.save(good)
    accounts.save(bad)
    file = tmp_path / "accounts" / good.id / "account"
    (tmp_path / "accounts" / bad.id / "account").write_bytes(file.read_bytes())

    loaded = accounts.load()

    assert loaded.accounts == (good,)
    assert [(key, error.what) for key, error in loaded.unreadable] == [
        (bad.id, "was sealed for another place")
    ]


@pytest.mark.parametrize(
    ("plaintext", "what"),
    [
        (b"geheim", "not an account: the file: Invalid JSON: expected value at line 1 column 1"),
        (b"[]", "not an account: the file: Input should be an object"),
        (b"{}", "not an account: id: Field required"),
    ],
)
def test_an_account_that_opens_but_is_none_is_reported(tmp_path, plaintext, what):
    """The key is good, so this is a damaged account, not a wrong key."""
    place = tmp_path / "accounts" / "a1" / "account"
    place.parent.mkdir(parents=True)
    place.write_bytes(Vault((make_key(),)).seal("account", "a1", plaintext))

    loaded = open_accounts(tmp_path).load()

    assert loaded.accounts == ()
    [(account_id, error)] = loaded.unreadable
    assert (account_id, type(error), error.what) == ("a1", StateError, what)


def test_an_account_that_says_it_is_another_is_reported(tmp_path):
    """The id inside has to be the id outside."""
    envelope = Vault((make_key(),)).seal(
        "account",
        "a1",
        b'{"id":"a2","name":"low-tide","discogs_name":"LowTide","discogs_id":4711,'
        b'"access":"oauth","privacy":"public","connected_at":"2026-11-01T09:30:00Z"}',
    )
    place = tmp_path / "accounts" / "a1" / "account"
    place.parent.mkdir(parents=True)
    place.write_bytes(envelope)

    [(_, error)] = open_accounts(tmp_path).load().unreadable

    assert error.what == "holds another account"


def test_an_account_that_cannot_be_read_is_reported(tmp_path):
    """What the system says is passed on; the others load."""
    accounts = open_accounts(tmp_path)
    accounts.save(make_account())
    (tmp_path / "accounts" / "a1" / "account").mkdir(parents=True)

    loaded = accounts.load()

    assert loaded.accounts == (make_account(),)
    assert [(key, error.what) for key, error in loaded.unreadable] == [
        ("a1", "cannot be read: is a directory")
    ]


def test_a_key_that_opens_nothing_is_a_wrong_key(tmp_path):
    """Not every account failed: the setting did, and it says so."""
    accounts = open_accounts(tmp_path, 1)
    accounts.save(make_account("one"))
    accounts.save(make_account("other"))

    with pytest.raises(VaultError) as refusal:
        open_accounts(tmp_path, 2).load()

    assert str(refusal.value) == "OAUTH_ENCRYPTION_KEY: opens no sealed file of this workspace"
    assert "the key this state was sealed with" in refusal.value.hint
    assert refusal.value.exit_code == 12


@pytest.mark.parametrize("witness", ["token", "snapshot"])
def test_a_key_that_opens_any_other_file_is_the_right_key(tmp_path, witness):
    """Damaged account files alone do not make the key wrong."""
    account, accounts = make_account(), open_accounts(tmp_path)
    accounts.save(account)
    if witness == "token":
        accounts.save_credentials(account.id, make_token())
    else:
        Snapshots(tmp_path, lambda: Vault((make_key(),))).save(account.id, make_collection())
    (tmp_path / "accounts" / account.id / "account").write_bytes(b"torn")

    loaded = accounts.load()

    assert [key for key, _ in loaded.unreadable] == [account.id]


def test_a_ring_opens_accounts_of_both_keys(tmp_path):
    """Accounts sealed before and after a change of keys load together."""
    open_accounts(tmp_path, 1).save(make_account("old"))
    open_accounts(tmp_path, 2, 1).save(make_account("new"))

    loaded = open_accounts(tmp_path, 2, 1).load()

    assert [account.name for account in loaded.accounts] == ["new", "old"]
    assert [key for key, _ in open_accounts(tmp_path, 2).load().unreadable] == [
        make_account("old").id
    ]


def test_stray_files_and_unfinished_connects_are_no_accounts(tmp_path):
    """A directory counts once it holds an account file, and hidden ones never do."""
    accounts = open_accounts(tmp_path)
    accounts.save(make_account())
    accounts.save_credentials("unfinished", make_token())
    (tmp_path / "accounts" / ".DS_Store").write_bytes(b"\x00")
    (tmp_path / "accounts" / "empty").mkdir()
    (tmp_path / "accounts" / ".hidden").mkdir()
    (tmp_path / "accounts" / ".hidden" / "account").write_bytes(b"{}")

    assert accounts.load() == Loaded((make_account(),), ())


def test_newer_state_is_neither_read_nor_written(tmp_path):
    """Every way in refuses, and nothing on disk changes."""
    account, accounts = make_account(), open_accounts(tmp_path)
    accounts.save(account)
    (tmp_path / "schema.json").write_text(json.dumps({"schema": 2}))
    before = files_below(tmp_path)

    with pytest.raises(StateError):
        accounts.load()
    with pytest.raises(StateError):
        accounts.save(replace(account, records=1))
    with pytest.raises(StateError):
        accounts.save_credentials(account.id, make_token())

    assert files_below(tmp_path) == before


def test_a_new_id_is_opaque_and_free(tmp_path):
    """16 hexadecimal digits, drawn again when an account has them already."""
    taken, free = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"
    drawn = iter([taken, free])
    (tmp_path / "accounts" / taken).mkdir(parents=True)

    assert Accounts(tmp_path, no_vault, lambda _: next(drawn)).new_id() == free
    assert [len(open_accounts(tmp_path).new_id()), len({open_accounts(tmp_path).new_id()})] == [
        16,
        1,
    ]


def test_an_unlisted_link_cannot_be_guessed(tmp_path):
    """128 bits of randomness, in characters that mean nothing to any disk or address."""
    drawn: list[int] = []

    def draw(size: int) -> str:
        drawn.append(size)
        return "5ec7e7"

    assert Accounts(tmp_path, no_vault, draw).new_slug() == "5ec7e7"
    assert drawn == [16]
    assert re.fullmatch("[0-9a-f]{32}", Accounts(tmp_path, no_vault).new_slug())


def test_everything_kept_of_an_account_can_be_removed(tmp_path):
    """Also of one that cannot be read; the others stay."""
    accounts = open_accounts(tmp_path)
    kept, plain, torn = (make_account(name) for name in ("kept", "plain", "torn"))
    for account in (kept, plain, torn):
        accounts.save(account)
        accounts.save_credentials(account.id, make_token())
    (tmp_path / "accounts" / torn.id / "account").write_bytes(b"torn")

    accounts.remove(plain.id)
    accounts.remove(torn.id)

    assert accounts.load() == Loaded((kept,), ())
    assert set(files_below(tmp_path)) == {
        "schema.json",
        f"accounts/{kept.id}/account",
        f"accounts/{kept.id}/token",
    }
