"""A collection: the copies an owner has, the releases they are copies of, and both as a snapshot.

The snapshot is the narrow waist of the program: `sync` writes it, `build` reads it.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import UTC, datetime
from typing import Annotated, NewType, TypeVar

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import astuple

from generator.domain.account import AccountName
from generator.errors import SnapshotError

SNAPSHOT_SCHEMA = 1
"""The version of stored and exported snapshots; the published JSON has a number of its own."""

FIRST_YEAR = 1877  # nothing was recorded before the phonograph; an earlier year is a slip

_LINE = r"^(?=\S)[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,200}(?<=\S)$"
Name = Annotated[str, Meta(pattern=_LINE)]  # one line of text
InstanceId = NewType("InstanceId", int)
ReleaseId = NewType("ReleaseId", int)
MasterId = NewType("MasterId", int)
ArtistId = NewType("ArtistId", int)
LabelId = NewType("LabelId", int)


class ArtistCredit(Struct, frozen=True, gc=False):
    """One artist as a release credits them."""

    id: ArtistId | None  # Discogs' artist id; None where Discogs sends 0 or nothing
    name: str  # the database name, with its number if it has one: "Nirvana (2)"
    printed: str  # the name as printed on this release; "" when it is the usual one
    join: str  # the word between this artist and the next: "&", "Featuring", ",", or ""


class LabelCredit(Struct, frozen=True, gc=False):
    """One label and the catalogue number it gave the release."""

    id: LabelId | None
    name: str  # the database name, with its number if it has one
    catalog_number: str | None  # none where Discogs sends "none" or nothing


class Format(Struct, frozen=True, gc=False):
    """One carrier, container or flag of a release, as sent."""

    name: str
    quantity: int  # at least 1
    descriptions: tuple[str, ...]
    text: str  # free text, "" if none


class Release(Struct, frozen=True, gc=False):
    """One edition. Held once, however many copies there are."""

    id: ReleaseId
    master_id: MasterId | None
    title: str
    year: int | None
    """The year of this pressing as sent, also an implausible one; None for 0 and nothing."""
    artists: tuple[ArtistCredit, ...]
    labels: tuple[LabelCredit, ...]
    formats: tuple[Format, ...]
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    thumb: str | None
    """Address of the small cover exactly as sent; None for nothing and for spacer images."""
    cover: str | None  # address of the large cover, likewise


class Master(Struct, frozen=True, gc=False):
    """The album that groups releases: the facts it adds to them."""

    id: MasterId
    year: int | None  # the original year; None for 0 and nothing
    genres: tuple[str, ...]
    styles: tuple[str, ...]


class Override(Struct, frozen=True):
    """What the owner says of a master or a release, which beats every other source.

    None leaves a fact as it is.
    """

    year: Annotated[int, Meta(ge=FIRST_YEAR, le=9999)] | None = None  # the original year
    genres: tuple[Name, ...] | None = None
    styles: tuple[Name, ...] | None = None
    title: Name | None = None
    credit: Name | None = None


class Overrides(Struct, frozen=True):
    """All that the owner says. A release beats its master, fact by fact."""

    masters: Mapping[MasterId, Override] = {}
    releases: Mapping[ReleaseId, Override] = {}

    def of(self, release: Release) -> Override | None:
        """What holds for a release."""
        own = self.releases.get(release.id)
        album = self.masters.get(release.master_id) if release.master_id else None
        if own is None or album is None:
            return own or album
        return Override(
            *(
                said if said is not None else getattr(album, name)
                for name, said in zip(own.__struct_fields__, astuple(own), strict=True)
            )
        )


NO_OVERRIDES = Overrides()


class Copy(Struct, frozen=True, gc=False):
    """One physical item, the unit of every count."""

    instance_id: InstanceId  # unique, 64-bit, grows with time
    release_id: ReleaseId
    date_added: str  # as sent: ISO 8601 with an offset, to the second
    rating: int  # 0 to 5, 0 for not rated
    folder_id: int


class Collection(Struct, frozen=True):
    """Copies in order of their instance id, and every release among them exactly once."""

    copies: tuple[Copy, ...]
    releases: Mapping[ReleaseId, Release]


def in_folders(collection: Collection, folders: Set[int]) -> Collection:
    """The copies in some folders, and their releases."""
    copies = tuple(copy for copy in collection.copies if copy.folder_id in folders)
    ids = {copy.release_id for copy in copies}
    kept = {number: one for number, one in collection.releases.items() if number in ids}
    return Collection(copies, kept)


def folder_ids(
    folders: Iterable[int | str], names: Mapping[int, str]
) -> tuple[set[int], list[str]]:
    """The ids of folders that are given by id or by name, and the names that no folder has."""
    ids = {name.casefold(): number for number, name in names.items()}
    found: set[int] = set()
    unknown = []
    for folder in folders:
        number = ids.get(folder.casefold()) if isinstance(folder, str) else folder
        if number is None:
            unknown.append(str(folder))
        else:
            found.add(number)
    return found, unknown


class CollectionPage(Struct, frozen=True):
    """One page of a collection as Discogs served it, in its order."""

    page: int
    pages: int
    items: int  # the size of the whole collection that Discogs reported with this page
    copies: tuple[Copy, ...]
    releases: Mapping[ReleaseId, Release]


class Snapshot(Struct, frozen=True):
    """A collection, its owner, and the time it was read."""

    account: str  # the account's name on the site
    discogs_name: str | None  # none for an import, whose owner's name is not known
    discogs_id: int | None
    synced_at: datetime  # start of the kept reading, UTC
    collection: Collection


class _CollectionFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The stored form of a collection. Releases are a list: JSON keys would be strings."""

    version: int = msgspec.field(name="schema", default=SNAPSHOT_SCHEMA)
    copies: tuple[Copy, ...]
    releases: tuple[Release, ...]


class _SnapshotFile(_CollectionFile, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The exported form of a snapshot."""

    account: AccountName
    discogs_name: str | None
    discogs_id: int | None
    synced_at: datetime


_File = TypeVar("_File", bound=_CollectionFile)
_BATCH = 200


def collection_json(collection: Collection) -> Iterator[bytes]:
    """The stored form in pieces; equal collections give equal bytes.

    In pieces because a large collection takes megabytes.
    """
    encode = msgspec.json.Encoder().encode
    yield b'{"schema":%d,"copies":[' % SNAPSHOT_SCHEMA
    for start in range(0, len(collection.copies), _BATCH):
        yield (b"," if start else b"") + encode(collection.copies[start : start + _BATCH])[1:-1]
    yield b'],"releases":['
    releases = _releases(collection)
    for start in range(0, len(releases), _BATCH):
        yield (b"," if start else b"") + encode(releases[start : start + _BATCH])[1:-1]
    yield b"]}"


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
    return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"


def parse_collection(text: bytes, where: str) -> Collection:
    """The collection in stored bytes. Raises SnapshotError naming `where`."""
    return _collection(_decoded(_CollectionFile, text, where), where)


def parse_snapshot(text: bytes, where: str) -> Snapshot:
    """The snapshot in exported bytes. Raises SnapshotError naming `where`."""
    file = _decoded(_SnapshotFile, text, where)
    if file.synced_at.tzinfo is None:
        raise SnapshotError(where, "is not a snapshot: synced_at has no offset from UTC")
    return Snapshot(
        account=file.account,
        discogs_name=file.discogs_name,
        discogs_id=file.discogs_id,
        synced_at=file.synced_at.astimezone(UTC),
        collection=_collection(file, where),
    )


def _releases(collection: Collection) -> tuple[Release, ...]:
    return tuple(collection.releases[key] for key in sorted(collection.releases))


def _decoded(model: type[_File], text: bytes, where: str) -> _File:
    try:
        file = msgspec.json.decode(text, type=model)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SnapshotError(where, f"is not a snapshot: {error}") from None
    if file.version != SNAPSHOT_SCHEMA:
        raise SnapshotError(where, f"has schema {file.version}; this version reads 1")
    return file


def _collection(file: _CollectionFile, where: str) -> Collection:
    releases = {release.id: release for release in file.releases}
    for copy in file.copies:
        if copy.release_id not in releases:
            raise SnapshotError(where, f"is not a snapshot: release {copy.release_id} is missing")
        if not _is_instant(copy.date_added):
            raise SnapshotError(where, f"is not a snapshot: copy {copy.instance_id} has no date")
    return Collection(file.copies, releases)


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
