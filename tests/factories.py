"""Factories of plain, valid values; a test changes the fields that it is about."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from generator.domain.account import (
    Account,
    AccountId,
    OAuthToken,
    PendingLogin,
    Privacy,
    Source,
    Status,
)
from generator.domain.collection import (
    ArtistCredit,
    ArtistId,
    Collection,
    Copy,
    Format,
    InstanceId,
    LabelCredit,
    LabelId,
    Master,
    MasterId,
    Release,
    ReleaseId,
    Snapshot,
)

NOW = datetime(2026, 11, 22, 14, 18, 42, tzinfo=UTC)
"""The time at which tests take place."""
CONNECTION = "c0ffee01"
"""The connection of an account, and of its last sync."""


def make_artist(name: str = "Ida Morrow", **changes: Any) -> ArtistCredit:
    """One artist with the usual name printed, the last of a credit."""
    return replace(ArtistCredit(id=ArtistId(501), name=name, printed="", join=""), **changes)


def make_label(name: str = "Harbour Light", **changes: Any) -> LabelCredit:
    """One label with a catalogue number."""
    return replace(LabelCredit(id=LabelId(701), name=name, catalog_number="HL-12"), **changes)


def make_format(name: str = "Vinyl", **changes: Any) -> Format:
    """One carrier: an LP."""
    return replace(Format(name=name, quantity=1, descriptions=("LP", "Album"), text=""), **changes)


def make_release(release_id: int = 1, **changes: Any) -> Release:
    """One edition of the master 9000 + its id, without covers."""
    release = Release(
        id=ReleaseId(release_id),
        master_id=MasterId(9000 + release_id),
        title="Low Tide",
        year=1974,
        artists=(make_artist(),),
        labels=(make_label(),),
        formats=(make_format(),),
        genres=("Jazz",),
        styles=("Modal",),
        thumb=None,
        cover=None,
    )
    return replace(release, **changes)


def make_master(master_id: int = 9001, **changes: Any) -> Master:
    """One master, three years older than the edition of `make_release`."""
    master = Master(id=MasterId(master_id), year=1971, genres=("Jazz",), styles=("Modal",))
    return replace(master, **changes)


def make_copy(instance_id: int = 1, release_id: int = 1, **changes: Any) -> Copy:
    """One unrated copy of a release, in the folder Uncategorized."""
    copy = Copy(
        instance_id=InstanceId(instance_id),
        release_id=ReleaseId(release_id),
        date_added="2026-03-01T10:00:00-08:00",
        rating=0,
        folder_id=1,
    )
    return replace(copy, **changes)


def make_collection(*copies: Copy, releases: Iterable[Release] = ()) -> Collection:
    """The copies, with their releases: those given, else those of `make_release`."""
    known = {release.id: release for release in releases}
    for copy in copies:
        known.setdefault(copy.release_id, make_release(copy.release_id))
    return Collection(tuple(sorted(copies, key=lambda copy: copy.instance_id)), known)


def make_account(name: str = "low-tide", **changes: Any) -> Account:
    """A public account connected through OAuth, never synced; its id depends on its name."""
    account = Account(
        id=AccountId(hashlib.sha256(name.encode()).hexdigest()[:16]),
        name=name,
        discogs_name="LowTide",
        discogs_id=4711,
        source=Source.OAUTH,
        privacy=Privacy.PUBLIC,
        connected_at=datetime(2026, 11, 1, 9, 30, tzinfo=UTC),
        connection=CONNECTION,
    )
    return replace(account, **changes)


def make_status(**changes: Any) -> Status:
    """The status after a sync of one copy that ended `NOW`."""
    status = Status(connection=CONNECTION, synced_at=NOW, last_sync=NOW, records=1)
    return replace(status, **changes)


def make_token(**changes: Any) -> OAuthToken:
    """An OAuth access token."""
    token = OAuthToken(key="tokenkeytokenkeytokenkey", secret="tokensecrettokensecret")
    return replace(token, **changes)


def make_login(name: str = "low-tide", **changes: Any) -> PendingLogin:
    """A login for an account of that name, begun `NOW`."""
    login = PendingLogin(name, key="requestkey", secret="requestsecret", created=NOW)
    return replace(login, **changes)


def make_snapshot(collection: Collection | None = None, **changes: Any) -> Snapshot:
    """A snapshot of the account of `make_account`, by default of one copy, read `NOW`."""
    snapshot = Snapshot(
        account="low-tide",
        discogs_name="LowTide",
        discogs_id=4711,
        synced_at=NOW,
        collection=make_collection(make_copy()) if collection is None else collection,
    )
    return replace(snapshot, **changes)


def make_key(number: int = 1) -> bytes:
    """A key of the vault, different for every number."""
    return hashlib.sha256(f"key {number}".encode()).digest()
