"""Sealed state, opened by a test: what a workspace holds, and what a snapshot is made of."""

from datetime import UTC, datetime

from generator.domain.snapshot import snapshot_json
from generator.store.accounts import Accounts
from generator.store.pending import Pendings
from generator.store.snapshots import Snapshots
from generator.store.vault import Vault
from tests.cli.running import KEY
from tests.factories import make_pending


def vault():
    """The vault of every workspace here."""
    return Vault.from_setting(KEY)


def opened(terminal):
    """The accounts by name; all of them can be read."""
    loaded = Accounts(terminal.workspace / "data", vault).load()
    assert loaded.unreadable == ()
    return {account.name: account for account in loaded.accounts}


def keep(terminal, account):
    """Seal an account in place of the one with its id."""
    Accounts(terminal.workspace / "data", vault).save(account)


def keep_pending(terminal, name, **changes):
    """Seal a login under way, begun just now unless `changes` say otherwise; what was sealed."""
    pending = make_pending(name, **{"created": datetime.now(UTC)} | changes)
    Pendings(terminal.workspace / "data", vault).save(pending)
    return pending


def snapshot_of(terminal, account):
    """The snapshot of an account, or None before its first sync."""
    return Snapshots(terminal.workspace / "data", vault).load(account)


def copies_of(terminal, account):
    """The instance ids in the snapshot of an account."""
    return {copy.instance_id for copy in snapshot_of(terminal, account).collection.copies}


def exported(terminal, account):
    """What `export` has to write."""
    return snapshot_json(snapshot_of(terminal, account)).decode()


def sent_ids(shelf):
    """The instance ids of copies as Discogs sends them."""
    return {item["instance_id"] for item in shelf}
