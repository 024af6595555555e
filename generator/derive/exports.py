"""The data for programs: stats.json, releases.json and releases.csv."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from generator.derive.duplicates import Duplicates
from generator.derive.formatting import rfc3339
from generator.derive.rows import Row
from generator.derive.stats import Stats
from generator.domain.collection import Snapshot

COLUMNS = [
    "Catalog#",
    "Artist",
    "Title",
    "Label",
    "Format",
    "Rating",
    "Released",
    "release_id",
    "Date Added",
    "instance_id",
    "original_year",
    "genres",
    "styles",
]
PUBLISHED_SCHEMA = 1
"""The version of the published JSON, a number of its own."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Document = dict[str, Any]
"""A JSON object about to be written; its keys are the published contract."""


def stats_document(snapshot: Snapshot, stats: Stats, duplicates: Duplicates) -> Document:
    """The content of stats.json."""
    return head(snapshot) | {
        "copies": stats.copies,
        "releases": stats.releases,
        "albums": stats.albums,
        "artists": stats.artists,
        "artist_credits": stats.artist_credits,
        "genres": stats.genres,
        "styles": stats.styles,
        "formats": stats.formats,
        "years": {
            "first": stats.first_year,
            "last": stats.last_year,
            "unknown": stats.unknown_years,
            "original_known": stats.original_known,
        },
        "last_added": stats.last_added,
        "by_genre": _objects(stats.by_genre),
        "by_style": _objects(stats.by_style),
        "by_format": _objects(stats.by_format),
        "by_decade": _objects(stats.by_decade),
        "by_year": _objects(stats.by_year),
        "by_month_added": _objects(stats.by_month_added),
        "by_decade_format": [
            {"decade": entry.decade, "formats": _objects(entry.formats)}
            for entry in stats.by_decade_format
        ],
        "top_artists": _objects(stats.top_artists),
        "pseudo_artists": _objects(stats.pseudo_artists),
        "duplicates": {"releases": duplicates.releases, "albums": duplicates.albums},
    }


def releases_document(snapshot: Snapshot, rows: tuple[Row, ...]) -> Document:
    """The content of releases.json: one item per copy, newest first."""
    return head(snapshot) | {"copies": len(rows), "items": [_item(row) for row in rows]}


def releases_csv(rows: tuple[Row, ...]) -> str:
    """The content of releases.csv: newest first, CRLF, formulas disarmed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_disarmed(cell) for cell in _cells(row)])
    return text.getvalue()


def head(snapshot: Snapshot) -> Document:
    """What every document says first: its version, whose it is and when it was read."""
    return {
        "schema": PUBLISHED_SCHEMA,
        "account": snapshot.account,
        "discogs_name": snapshot.discogs_name,
        "synced_at": rfc3339(snapshot.synced_at),
    }


def _objects(entries: Iterable[Any]) -> list[Document]:
    return [entry._asdict() for entry in entries]


def _item(row: Row) -> Document:
    return {
        "instance_id": row.instance_id,
        "release_id": row.release_id,
        "master_id": row.master_id,
        "title": row.title,
        "credit": row.credit,
        "artists": [{"id": artist.id, "name": artist.name} for artist in row.artists],
        "year": row.year,
        "original_year": row.original_year,
        "release_year": row.release_year,
        "genres": list(row.genres),
        "styles": list(row.styles),
        "format": row.format,
        "formats": list(row.formats),
        "labels": _objects(row.labels),
        "date_added": row.date_added,
        "rating": row.rating,
        "thumb": row.thumb,
        "cover": row.cover,
        "url": row.url,
    }


def _cells(row: Row) -> list[str]:
    numbers = (label.catalog_number for label in row.labels)
    return [
        " | ".join(number for number in numbers if number),
        row.credit,
        row.title,
        " | ".join(label.name for label in row.labels),
        " + ".join(row.formats),
        str(row.rating),
        str(row.release_year or ""),
        str(row.release_id),
        row.date_added,
        str(row.instance_id),
        str(row.original_year or ""),
        " | ".join(row.genres),
        " | ".join(row.styles),
    ]


def _disarmed(cell: str) -> str:
    """A spreadsheet runs a cell that starts like a formula; a leading quote makes it text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
