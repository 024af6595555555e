"""What is known of an edition, and of the album it belongs to. Facts, never choices."""

from dataclasses import dataclass
from typing import NewType

ReleaseId = NewType("ReleaseId", int)
MasterId = NewType("MasterId", int)
ArtistId = NewType("ArtistId", int)
LabelId = NewType("LabelId", int)


@dataclass(frozen=True, slots=True)
class ArtistCredit:
    """One artist as a release credits them."""

    id: ArtistId | None
    """Discogs' artist id, or none where Discogs gives 0 or nothing."""
    name: str
    """The database name, with its number if it has one: "Nirvana (2)"."""
    printed: str
    """The name as printed on this release, or "" when it is the usual one."""
    join: str
    """What stands between this artist and the next: "&", "Featuring", ",", or ""."""


@dataclass(frozen=True, slots=True)
class LabelCredit:
    """One label and the number it gave the release."""

    id: LabelId | None
    name: str
    """The database name, with its number if it has one."""
    catalog_number: str | None
    """None where Discogs says "none" or nothing."""


@dataclass(frozen=True, slots=True)
class Format:
    """One carrier, container or flag of a release, as sent."""

    name: str
    quantity: int
    """At least 1."""
    descriptions: tuple[str, ...]
    text: str
    """Free text, "" if none."""


@dataclass(frozen=True, slots=True)
class Release:
    """One edition. Held once, however many copies of it somebody owns."""

    id: ReleaseId
    master_id: MasterId | None
    title: str
    year: int | None
    """The year of this pressing as sent, implausible ones included; None for 0 and nothing."""
    artists: tuple[ArtistCredit, ...]
    labels: tuple[LabelCredit, ...]
    formats: tuple[Format, ...]
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    thumb: str | None
    """Address of the small cover exactly as sent, None for nothing and for spacer images."""
    cover: str | None
    """Address of the large cover, likewise."""


@dataclass(frozen=True, slots=True)
class Master:
    """The album that groups releases: what it adds to them."""

    id: MasterId
    year: int | None
    """The original year as sent; None for 0 and nothing."""
    genres: tuple[str, ...]
    styles: tuple[str, ...]
