"""The snapshot: all that is known of one collection at one instant, enough to build from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from generator.domain.account import NAME_PATTERN
from generator.domain.collection import Collection, Copy
from generator.domain.release import Release
from generator.errors import SnapshotError

SCHEMA: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A collection, whose it is, and when it was read."""

    account: str
    """The account's name on the site."""
    discogs_name: str
    discogs_id: int
    synced_at: datetime
    """Start of the kept reading, UTC."""
    collection: Collection


class _CollectionFile(BaseModel):
    """The stored form of a collection. Releases are a list: JSON keys would be strings."""

    # Only a build reads these forms, so a sync does not wait for their validators.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)

    version: Literal[1] = Field(default=SCHEMA, alias="schema")
    copies: tuple[Copy, ...]
    releases: tuple[Release, ...]


class _SnapshotFile(_CollectionFile):
    """The exported form of a snapshot."""

    account: str = Field(pattern=NAME_PATTERN)
    discogs_name: str
    discogs_id: int
    synced_at: AwareDatetime


_File = TypeVar("_File", bound=_CollectionFile)
_Entry = TypeVar("_Entry", Copy, Release)
_COPIES = TypeAdapter(tuple[Copy, ...])
_RELEASES = TypeAdapter(tuple[Release, ...])
_BATCH = 200
"""Entries turned into JSON at once."""


def collection_json(collection: Collection) -> Iterator[bytes]:
    """The collection alone, as it is stored, in pieces; the same one always gives the same bytes.

    A large collection takes megabytes in this form.
    """
    yield b'{"schema":%d,"copies":[' % SCHEMA
    yield from _entries(_COPIES, collection.copies)
    yield b'],"releases":['
    yield from _entries(_RELEASES, _releases(collection))
    yield b"]}"


def _entries(form: TypeAdapter[tuple[_Entry, ...]], entries: tuple[_Entry, ...]) -> Iterator[bytes]:
    """What stands between the brackets of a JSON array."""
    for start in range(0, len(entries), _BATCH):
        text = form.dump_json(entries[start : start + _BATCH])
        yield (b"," if start else b"") + text[1:-1]


def snapshot_json(snapshot: Snapshot) -> bytes:
    """The whole snapshot, as `export` writes it and `build --snapshot` reads it."""
    file = _SnapshotFile(
        account=snapshot.account,
        discogs_name=snapshot.discogs_name,
        discogs_id=snapshot.discogs_id,
        synced_at=snapshot.synced_at,
        copies=snapshot.collection.copies,
        releases=_releases(snapshot.collection),
    )
    return file.model_dump_json(by_alias=True, indent=1).encode() + b"\n"


def parse_collection(text: bytes, where: str) -> Collection:
    """The collection in stored bytes. Raises SnapshotError naming `where`."""
    return _collection(_validated(_CollectionFile, text, where), where)


def parse_snapshot(text: bytes, where: str) -> Snapshot:
    """The snapshot in exported bytes. Raises SnapshotError naming `where`."""
    file = _validated(_SnapshotFile, text, where)
    return Snapshot(
        account=file.account,
        discogs_name=file.discogs_name,
        discogs_id=file.discogs_id,
        synced_at=file.synced_at.astimezone(UTC),
        collection=_collection(file, where),
    )


def _releases(collection: Collection) -> tuple[Release, ...]:
    return tuple(collection.releases[key] for key in sorted(collection.releases))


def _validated(model: type[_File], text: bytes, where: str) -> _File:
    try:
        return model.model_validate_json(text)
    except ValidationError as exc:
        first = exc.errors(include_input=False, include_url=False)[0]
        path = ".".join(str(part) for part in first["loc"]) or "the file"
        raise SnapshotError(where, f"not a snapshot: {path}: {first['msg']}") from None


def _collection(file: _CollectionFile, where: str) -> Collection:
    releases = {release.id: release for release in file.releases}
    for copy in file.copies:
        if copy.release_id not in releases:
            raise SnapshotError(where, f"not a snapshot: release {copy.release_id} is missing")
        if not _names_an_instant(copy.date_added):
            raise SnapshotError(where, f"not a snapshot: copy {copy.instance_id} has no date")
    return Collection(copies=file.copies, releases=releases)


def _names_an_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
