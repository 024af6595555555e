"""Snapshots as they are exported and read again."""

import json
from datetime import timedelta, timezone

import pytest

from generator.domain.collection import (
    collection_json,
    parse_collection,
    parse_snapshot,
    snapshot_json,
)
from generator.errors import SnapshotError
from tests.factories import NOW, make_collection, make_copy, make_snapshot

COLLECTION = make_collection(make_copy(1, 5), make_copy(2**62, 3, rating=5), make_copy(7, 3))


@pytest.mark.parametrize(
    "snapshot",
    [
        make_snapshot(COLLECTION),
        make_snapshot(make_collection()),
        make_snapshot(discogs_name=None, discogs_id=None),
    ],
)
def test_an_exported_snapshot_is_read_as_it_was(snapshot):
    text = snapshot_json(snapshot)

    assert parse_snapshot(text, "here") == snapshot
    assert text == snapshot_json(parse_snapshot(text, "here"))
    assert json.loads(text)["schema"] == 1


def test_the_time_of_a_snapshot_is_read_in_utc():
    moved = make_snapshot(synced_at=NOW.astimezone(timezone(timedelta(hours=-8))))

    assert parse_snapshot(snapshot_json(moved), "here").synced_at.isoformat() == (
        "2026-11-22T14:18:42+00:00"
    )


def test_a_collection_is_stored_in_pieces_that_are_one_json_text():
    collection = make_collection(*(make_copy(number, number) for number in range(1, 450)))
    pieces = list(collection_json(collection))

    assert len(pieces) > 6
    assert parse_collection(b"".join(pieces), "here") == collection
    assert list(json.loads(b"".join(pieces))) == ["schema", "copies", "releases"]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b"{", b"", "is not a snapshot: "),
        (b"low-tide", b"../x", "is not a snapshot: "),
        (b'"schema": 1', b'"schema": 2', "has schema 2; this version reads 1"),
        (b'"copies"', b'"kopies"', "is not a snapshot: "),
        (b'"release_id": 5', b'"release_id": 6', "is not a snapshot: release 6 is missing"),
        (b"2026-03-01T10:00:00-08:00", b"yesterday", "is not a snapshot: copy 1 has no date"),
        (b"10:00:00-08:00", b"10:00:00", "is not a snapshot: copy 1 has no date"),
        (b"14:18:42Z", b"14:18:42", "is not a snapshot: synced_at has no offset from UTC"),
        (b"Low Tide", b"\xff", "is not a snapshot: "),
    ],
)
def test_another_text_is_refused(old, new, what):
    with pytest.raises(SnapshotError) as error:
        parse_snapshot(snapshot_json(make_snapshot(COLLECTION)).replace(old, new, 1), "here")

    assert str(error.value).startswith(f"here: {what}")


def test_endless_nesting_is_refused():
    with pytest.raises(SnapshotError):
        parse_collection(b"[" * 100_000, "here")
