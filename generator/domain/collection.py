"""A collection: copies somebody owns, and the releases they are copies of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NewType

from generator.domain.release import Release, ReleaseId

InstanceId = NewType("InstanceId", int)


@dataclass(frozen=True, slots=True)
class Copy:
    """One physical item. The unit of every count; nothing is keyed by release but facts of it."""

    instance_id: InstanceId
    """Unique, 64-bit, grows with time."""
    release_id: ReleaseId
    date_added: str
    """As sent: ISO 8601 with an offset, to the second."""
    rating: int
    """0 to 5, 0 for not rated."""
    folder_id: int


@dataclass(frozen=True, slots=True)
class Collection:
    """Copies in order of their instance id, and every release among them exactly once."""

    copies: tuple[Copy, ...]
    releases: Mapping[ReleaseId, Release]


@dataclass(frozen=True, slots=True)
class CollectionPage:
    """One page of a collection as Discogs served it, in its order."""

    page: int
    pages: int
    items: int
    """How many copies Discogs says the whole collection has, at this request."""
    copies: tuple[Copy, ...]
    releases: Mapping[ReleaseId, Release]
