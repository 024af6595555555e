"""Snapshots, on disk and sealed."""

import pytest

from generator.domain.snapshot import Snapshot
from generator.errors import SealError, SnapshotError, StateError
from generator.store.sealed import account_place, save_sealed
from generator.store.snapshots import Snapshots
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
    make_release,
)

SYNCED = make_account(synced_at=NOW)


@pytest.fixture
def snapshots(tmp_path) -> Snapshots:
    """The snapshots of a new workspace."""
    return Snapshots(tmp_path, lambda: Vault((make_key(),)))


def test_a_snapshot_comes_back_as_it_was_saved(snapshots):
    """Second copies, 64-bit ids and any text; whose it is and when comes from the account."""
    odd = make_release(
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
    collection = make_collection(
        make_copy(1), make_copy(2), make_copy(2**40, release_id=2**33, rating=5), releases=[odd]
    )

    assert snapshots.save(SYNCED.id, collection) is True
    assert snapshots.load(SYNCED) == Snapshot("low-tide", "LowTide", 4711, NOW, collection)


def test_an_empty_collection_is_a_snapshot_too(snapshots):
    """Nothing in it is not the same as never read."""
    snapshots.save(SYNCED.id, make_collection())

    assert snapshots.load(SYNCED) == Snapshot("low-tide", "LowTide", 4711, NOW, make_collection())


def test_saving_the_same_collection_again_rewrites_nothing(snapshots, tmp_path):
    """Also when its releases were met in another order."""
    one, other = make_copy(1, release_id=5), make_copy(2, release_id=3)
    releases = [make_release(5), make_release(3)]
    snapshots.save(SYNCED.id, make_collection(one, other, releases=releases))
    path = tmp_path / "accounts" / SYNCED.id / "snapshot"
    before = (path.stat(), path.read_bytes())

    changed = snapshots.save(SYNCED.id, make_collection(one, other, releases=releases[::-1]))

    assert changed is False
    assert (path.stat(), path.read_bytes()) == before


def test_a_changed_collection_replaces_the_snapshot(snapshots):
    """A new rating is a change."""
    snapshots.save(SYNCED.id, make_collection(make_copy()))
    rated = make_collection(make_copy(rating=4))

    assert snapshots.save(SYNCED.id, rated) is True
    assert snapshots.load(SYNCED) == Snapshot("low-tide", "LowTide", 4711, NOW, rated)


def test_an_account_never_synced_has_no_snapshot(snapshots):
    """Neither before anything was written, nor when a first sync was cut short."""
    assert snapshots.load(make_account()) is None
    snapshots.save(SYNCED.id, make_collection(make_copy()))

    assert snapshots.load(make_account()) is None


def test_a_snapshot_that_is_gone_is_missed(snapshots):
    """An account that was synced never loses its pages without a word."""
    with pytest.raises(SnapshotError) as refusal:
        snapshots.load(SYNCED)

    assert str(refusal.value) == "snapshot of low-tide: cannot be read: no such file or directory"
    assert refusal.value.hint == "read it anew: build-site sync low-tide --force"


def test_a_snapshot_that_does_not_open_names_the_account(snapshots, tmp_path):
    """By its name, which is what the owner knows it by."""
    snapshots.save(SYNCED.id, make_collection(make_copy()))
    (tmp_path / "accounts" / SYNCED.id / "snapshot").write_bytes(b"torn")

    with pytest.raises(SealError) as refusal:
        snapshots.load(SYNCED)

    assert str(refusal.value) == "snapshot of low-tide: is not a sealed file, or is damaged"
    assert refusal.value.exit_code == 1


def test_anothers_snapshot_does_not_open_here(snapshots, tmp_path):
    """One account never shows another's records."""
    snapshots.save(SYNCED.id, make_collection(make_copy()))
    (tmp_path / "accounts" / SYNCED.id).rename(tmp_path / "accounts" / "a1")

    with pytest.raises(SealError, match="snapshot of other: was sealed for another place"):
        snapshots.load(make_account("other", id="a1", synced_at=NOW))


def test_a_snapshot_that_is_none_names_the_account(snapshots, tmp_path):
    """It opened, so only its content is wrong."""
    place = account_place(tmp_path, SYNCED.id, "snapshot")
    save_sealed(place, Vault((make_key(),)), [b"{}"])

    with pytest.raises(SnapshotError, match=r"^snapshot of low-tide: not a snapshot"):
        snapshots.load(SYNCED)


def test_newer_state_is_neither_read_nor_written(snapshots, tmp_path):
    """The snapshot of a newer version stays byte for byte."""
    snapshots.save(SYNCED.id, make_collection(make_copy()))
    (tmp_path / "schema.json").write_text('{"schema": 2}')
    path = tmp_path / "accounts" / SYNCED.id / "snapshot"
    before = path.read_bytes()

    with pytest.raises(StateError):
        snapshots.load(SYNCED)
    with pytest.raises(StateError):
        snapshots.save(SYNCED.id, make_collection())

    assert path.read_bytes() == before
