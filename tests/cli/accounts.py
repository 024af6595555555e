"""Sealed state, opened by a test: the accounts and snapshots of a workspace."""

from datetime import UTC, datetime

from msgspec.structs import replace

from generator.domain.collection import snapshot_json
from generator.store.state import State
from generator.store.vault import Vault
from tests.cli.running import KEY
from tests.factories import make_login


def state_of(terminal):
    """The state of a workspace under the usual key."""
    return State(terminal.workspace / "data", lambda: Vault.from_setting(KEY))


def opened(terminal):
    """The accounts by name; all of them can be read."""
    loaded = state_of(terminal).load_accounts()
    assert loaded.unreadable == ()
    return {account.name: account for account in loaded.accounts}


def keep(terminal, account):
    """Seal an account, its choices and its status, in place of the one with its id."""
    state_of(terminal).save_account(account)
    state_of(terminal).save_status(account)


def keep_status(terminal, name, **changes):
    """Change the status of an account."""
    account = opened(terminal)[name]
    keep(terminal, replace(account, status=replace(account.status, **changes)))


def keep_login(terminal, name, **changes):
    """Seal a pending login, begun just now unless `changes` say otherwise."""
    login = make_login(name, **{"created": datetime.now(UTC)} | changes)
    state_of(terminal).save_login(login)
    return login


def snapshot_of(terminal, account):
    """The snapshot of an account, or None before its first sync."""
    return state_of(terminal).load_snapshot(account)


def copies_of(terminal, account):
    """The instance ids in the snapshot of an account."""
    return {copy.instance_id for copy in snapshot_of(terminal, account).collection.copies}


def exported(terminal, account):
    """The output that `export` must write."""
    return snapshot_json(snapshot_of(terminal, account)).decode()


def sent_ids(shelf):
    """The instance ids of copies as Discogs sends them."""
    return {item["instance_id"] for item in shelf}
