"""The data for programs: stats.json, releases.json and releases.csv.

The two that grow with the collection come in pieces: whole, they would be the most a build holds.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from generator.derive.duplicates import Duplicates
from generator.derive.formatting import rfc3339
from generator.derive.rows import Row
from generator.derive.stats import ArtistCount, Stats
from generator.domain.collection import Snapshot

COLUMNS = (
    "Catalog#|Artist|Title|Label|Format|Rating|Released|release_id|Date Added|instance_id"
    "|original_year|genres|styles"
).split("|")
PUBLISHED_SCHEMA = 1  # the version of the published JSON, a number of its own
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BATCH = 500  # items of one piece

Document = dict[str, Any]  # a JSON object about to be written; its keys are the published contract


def stats_document(
    snapshot: Snapshot, stats: Stats, duplicates: Duplicates, dump: date | None
) -> Document:
    """The content of stats.json. `dump` is the day of the master data."""
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
        "top_artists": _artists(stats.top_artists),
        "pseudo_artists": _artists(stats.pseudo_artists),
        "duplicates": {"releases": duplicates.releases, "albums": duplicates.albums},
        "masters": {
            "dump": dump.isoformat() if dump else None,
            "known": stats.original_albums,
            "albums": stats.master_albums,
        },
    }


def releases_json(start: Document, rows: tuple[Row, ...]) -> Iterator[str]:
    """The text of releases.json in pieces: one item per copy and line, newest first."""
    encode = msgspec.json.Encoder().encode
    first_line = encode(start | {"copies": len(rows)}).decode()
    yield f'{first_line[:-1]},"items":['
    for first in range(0, len(rows), _BATCH):
        items = b",\n".join(encode(_item(row)) for row in rows[first : first + _BATCH])
        yield ("," if first else "") + "\n" + items.decode()
    yield "\n]}\n"


def releases_csv(rows: tuple[Row, ...]) -> Iterator[str]:
    """The text of releases.csv in pieces: newest first, CRLF, formulas disarmed.

    It starts with a byte-order mark, by which spreadsheets recognise UTF-8.
    """
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for first in range(0, len(rows), _BATCH):
        writer.writerows(map(_cells, rows[first : first + _BATCH]))
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def head(snapshot: Snapshot) -> Document:
    """The start of every document: its version, its account and the time it was read."""
    return {
        "schema": PUBLISHED_SCHEMA,
        "account": snapshot.account,
        "discogs_name": snapshot.discogs_name,
        "synced_at": rfc3339(snapshot.synced_at),
    }


def _objects(entries: Iterable[Any]) -> list[Document]:
    return [entry._asdict() for entry in entries]


def _artists(entries: Iterable[ArtistCount]) -> list[Document]:
    return [{"id": one.id, "name": one.name, "copies": one.copies} for one in entries]


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
        "genres": row.genres,
        "styles": row.styles,
        "format": row.format,
        "formats": row.formats,
        "labels": [
            {"id": label.id, "name": label.name, "catalog_number": label.catalog_number}
            for label in row.labels
        ],
        "date_added": row.date_added,
        "rating": row.rating,
        "thumb": row.thumb,
        "cover": row.cover,
        "url": row.url,
    }


def _cells(row: Row) -> tuple[object, ...]:
    return (
        _text(" | ".join(label.catalog_number for label in row.labels if label.catalog_number)),
        _text(row.credit),
        _text(row.title),
        _text(" | ".join(label.name for label in row.labels)),
        _text(" + ".join(row.formats)),
        row.rating,
        row.release_year or "",
        row.release_id,
        row.date_added,
        row.instance_id,
        row.original_year or "",
        _text(" | ".join(row.genres)),
        _text(" | ".join(row.styles)),
    )


def _text(cell: str) -> str:
    """The cell; a spreadsheet runs one that starts like a formula, so a quote makes it text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
