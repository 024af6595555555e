"""Gaps: what is missing or contradictory in a collection's data, and where to correct it."""

from collections.abc import Iterable
from typing import NamedTuple

from generator.derive.rows import Masters, Row, rows
from generator.domain.collection import Overrides, Snapshot

_WEB = "https://www.discogs.com"
KINDS = {
    "unknown_year": "no year is known",
    "no_master": "no master, so no original year",
    "no_genre": "no genre",
    "no_cover": "no cover",
    "years_disagree": "sources of the year disagree",
}
"""The gaps of a copy, and what they are in words."""


class Gap(NamedTuple):
    """One copy with a gap."""

    instance_id: int
    release_id: int
    credit: str
    title: str
    url: str  # the page at Discogs where it can be corrected
    note: str = ""


class Unused(NamedTuple):
    """An override for something that is not owned."""

    place: str  # as overrides.toml names it: "master.5460"
    url: str


def gaps(
    snapshot: Snapshot, masters: Masters, overrides: Overrides, image_origin: str
) -> dict[str, list[Gap]]:
    """The gaps of a collection by kind, newest copy first."""
    found: dict[str, list[Gap]] = {kind: [] for kind in KINDS}
    for row in rows(snapshot, masters, image_origin, overrides=overrides):
        if row.year is None:
            found["unknown_year"].append(_gap(row))
        if row.master_id is None:
            found["no_master"].append(_gap(row))
        if not row.genres:
            found["no_genre"].append(_gap(row))
        if not row.thumb and not row.cover:
            found["no_cover"].append(_gap(row))
        release = snapshot.collection.releases[row.release_id]
        said = overrides.of(release)
        master = masters.get(row.master_id) if row.master_id else None
        original = master.year if master else None
        note = _disagreement(said.year if said else None, original, row.release_year)
        if note:
            of_master = f"{_WEB}/master/{row.master_id}" if original else row.url
            found["years_disagree"].append(_gap(row)._replace(url=of_master, note=note))
    return found


def unused(overrides: Overrides, snapshots: Iterable[Snapshot]) -> list[Unused]:
    """The overrides for something that none of the collections has."""
    releases = [release for one in snapshots for release in one.collection.releases.values()]
    masters = {release.master_id for release in releases}
    ids = {release.id for release in releases}
    return [
        *(
            Unused(f"master.{number}", f"{_WEB}/master/{number}")
            for number in overrides.masters
            if number not in masters
        ),
        *(
            Unused(f"release.{number}", f"{_WEB}/release/{number}")
            for number in overrides.releases
            if number not in ids
        ),
    ]


def _gap(row: Row) -> Gap:
    return Gap(int(row.instance_id), int(row.release_id), row.credit, row.title, row.url)


def _disagreement(said: int | None, master: int | None, release: int | None) -> str:
    """The years that contradict each other by more than one, in words; "" if none do.

    A pressing may be much later than its album, but not earlier.
    """
    if said and master and abs(said - master) > 1:
        return f"overrides.toml says {said}, the master {master}"
    original = said or master
    if original and release and release < original - 1:
        return f"the original year is {original}, this pressing {release}"
    return ""
