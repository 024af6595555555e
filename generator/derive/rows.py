"""The rows: one per copy, with every value the site shows of it settled by the counting rules."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from functools import reduce
from typing import Any, NamedTuple

from msgspec import Struct

from generator.derive.naming import (
    credit_line,
    credited_name,
    format_display,
    key_of,
    without_suffix,
)
from generator.derive.pressing import Pressing, pressing_of
from generator.domain.collection import (
    FIRST_YEAR,
    NO_OVERRIDES,
    Copy,
    Format,
    InstanceId,
    Master,
    MasterId,
    Override,
    Overrides,
    Release,
    ReleaseId,
    Snapshot,
)

UNKNOWN = "unknown"
SHOWN_TAGS = 2  # genres and styles that a wide row has room for
HUES = 12  # how many label colours drawn covers have

_NOTHING = Override()

Masters = Mapping[MasterId, Master]


class RowArtist(NamedTuple):
    """A credited artist: the key that counts them, the id if any, both names."""

    key: int | str
    id: int | None
    name: str
    printed: str


class CreditPart(NamedTuple):
    """A piece of a credit line; `key` is that of its artist, None for what joins two."""

    text: str
    key: int | str | None


class RowLabel(NamedTuple):
    """A label without its number suffix, and its catalogue number for the release."""

    key: int | str
    id: int | None
    name: str
    catalog_number: str | None


class Edition(Struct, frozen=True, gc=False):
    """The facts that all copies of one release share."""

    master_id: MasterId | None
    title: str
    credit: str
    artists: tuple[RowArtist, ...]
    labels: tuple[RowLabel, ...]
    formats: tuple[str, ...]  # one display string per entry
    format: str  # the primary format
    year: int | None  # the effective year; None for unknown
    original_year: int | None
    release_year: int | None
    genres: tuple[str, ...]  # as sent: now and then Discogs names one twice
    styles: tuple[str, ...]
    thumb: str | None  # an address at the accepted image origin, or None
    cover: str | None


class Row(Edition, frozen=True, gc=False):
    """One copy as the site shows, counts, sorts and filters it."""

    instance_id: InstanceId
    release_id: ReleaseId
    date_added: str  # as sent
    added: datetime  # the instant, UTC
    added_on: date  # the day in the site's time zone
    rating: int

    @property
    def album(self) -> tuple[str, int]:
        """The key that copies of one album share: the master, or the release without one."""
        return ("m", self.master_id) if self.master_id else ("r", self.release_id)

    @property
    def decade(self) -> str:
        """The decade of the effective year: "1970s", or "unknown"."""
        return UNKNOWN if self.year is None else f"{self.year // 10 * 10}s"

    @property
    def url(self) -> str:
        """The release at discogs.com."""
        return f"https://www.discogs.com/release/{self.release_id}"

    @property
    def pressing(self) -> Pressing:
        """The object: a disc of which kind and colour, or none."""
        return pressing_of(self.formats)

    @property
    def credit_parts(self) -> list[CreditPart]:
        """The credit line cut into artists, which are links in the list, and what joins them.

        The browser does the same: assets/src/js/model/catalog.js.
        """
        if len(self.artists) == 1:
            return [CreditPart(self.credit, self.artists[0].key)]
        parts: list[CreditPart] = []
        done = 0
        for artist in self.artists:
            at = self.credit.find(artist.name, done) if artist.name else -1
            if at < 0:
                continue
            if at > done:
                parts.append(CreditPart(self.credit[done:at], None))
            parts.append(CreditPart(artist.name, artist.key))
            done = at + len(artist.name)
        return [*parts, CreditPart(self.credit[done:], None)] if done < len(self.credit) else parts

    @property
    def tags(self) -> list[tuple[str, str]]:
        """The first of its genres and styles, with the facet of each: as many as a row shows.

        A genre, then styles, because they say more. The browser does the same: components/rows.js.
        """
        styles = [("style", name) for name in dict.fromkeys(self.styles)]
        genres = [("genre", name) for name in dict.fromkeys(self.genres)]
        return [*genres[:1], *styles, *genres[1:]][:SHOWN_TAGS]

    @property
    def hue(self) -> int:
        """The label colour of the drawn cover, the same for all records of an artist.

        The browser computes it from the same name: assets/src/js/model/catalog.js.
        """
        name = self.artists[0].name if self.artists else self.title
        return reduce(lambda total, letter: (total * 31 + ord(letter)) % 65_521, name, 0) % HUES


def rows(
    snapshot: Snapshot,
    masters: Masters,
    image_origin: str,
    zone: tzinfo = UTC,
    overrides: Overrides = NO_OVERRIDES,
) -> tuple[Row, ...]:
    """Every copy of the snapshot as a row, newest first (instant, then instance id).

    An override beats the master, and the master beats the release.
    """
    last_year = snapshot.synced_at.astimezone(UTC).year + 1
    accepted = accepted_images(image_origin)
    editions = {
        key: _edition(
            release,
            masters.get(release.master_id) if release.master_id else None,
            overrides.of(release) or _NOTHING,
            last_year,
            accepted,
        )
        for key, release in snapshot.collection.releases.items()
    }
    found = [_row(copy, editions[copy.release_id], zone) for copy in snapshot.collection.copies]
    found.sort(key=lambda row: (row.added, row.instance_id), reverse=True)
    return tuple(found)


def _edition(
    release: Release,
    master: Master | None,
    said: Override,
    last_year: int,
    accepted: re.Pattern[str],
) -> tuple[Any, ...]:
    """The values of an Edition, in the order of its fields."""
    original_year = _plausible(said.year, last_year)
    if original_year is None and master:
        original_year = _plausible(master.year, last_year)
    release_year = _plausible(release.year, last_year)
    return (
        release.master_id,
        said.title or release.title,
        said.credit or credit_line(release.artists),
        tuple(
            RowArtist(key_of(artist), artist.id, without_suffix(artist.name), credited_name(artist))
            for artist in release.artists
        ),
        tuple(
            RowLabel(key_of(label), label.id, without_suffix(label.name), label.catalog_number)
            for label in release.labels
        ),
        tuple(format_display(entry) for entry in release.formats),
        primary_format(release.formats),
        release_year if original_year is None else original_year,
        original_year,
        release_year,
        _tags(said.genres, master.genres if master else (), release.genres),
        _tags(said.styles, master.styles if master else (), release.styles),
        release.thumb if release.thumb and accepted.fullmatch(release.thumb) else None,
        release.cover if release.cover and accepted.fullmatch(release.cover) else None,
    )


def _row(copy: Copy, edition: tuple[Any, ...], zone: tzinfo) -> Row:
    moment = datetime.fromisoformat(copy.date_added)
    return Row(  # type: ignore[call-arg]  # edition holds the first of its fields
        *edition,
        copy.instance_id,
        copy.release_id,
        copy.date_added,
        moment.astimezone(UTC),
        moment.astimezone(zone).date(),
        copy.rating,
    )


def primary_format(formats: tuple[Format, ...]) -> str:
    """The first format that is a thing: "All Media" only when there is nothing else."""
    names = [entry.name for entry in formats if entry.name]
    return next((name for name in names if name != "All Media"), names[0] if names else "Unknown")


def accepted_images(origin: str) -> re.Pattern[str]:
    """Matches whole addresses at an origin, in plain characters.

    The origin is followed by a slash, so neither a longer host nor user information fits.
    """
    return re.compile(re.escape(origin) + r"/[!#-&(-;=?-\[\]-~]*")


def newest_albums(newest_first: tuple[Row, ...], most: int = 6) -> tuple[Row, ...]:
    """The newest copy of each of the most recently added albums."""
    albums: dict[tuple[str, int], Row] = {}
    for row in newest_first:
        albums.setdefault(row.album, row)
        if len(albums) == most:
            break
    return tuple(albums.values())


def editions(newest_first: Sequence[Row]) -> list[Row]:
    """A row for each release, in the order in which they are met."""
    return list({row.release_id: row for row in newest_first}.values())


def _tags(
    said: tuple[str, ...] | None, master: tuple[str, ...], release: tuple[str, ...]
) -> tuple[str, ...]:
    """The effective genres or styles. An empty list of the master hides nothing."""
    return master or release if said is None else said


def _plausible(year: int | None, last_year: int) -> int | None:
    return year if year is not None and FIRST_YEAR <= year <= last_year else None
