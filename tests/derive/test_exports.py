"""The CSV export, whole; `test_recount` and the golden site compare the JSON exports."""

import csv
import io
import json
from itertools import repeat

import pytest

from generator.derive.exports import head, releases_csv, releases_json
from generator.derive.rows import rows
from generator.domain.collection import MasterId
from tests.factories import (
    make_artist,
    make_collection,
    make_copy,
    make_format,
    make_label,
    make_master,
    make_release,
    make_snapshot,
)

HEADER = (
    "\ufeffCatalog#,Artist,Title,Label,Format,Rating,Released,release_id,Date Added,instance_id,"
    "original_year,genres,styles\r\n"
)
RELEASES = (
    make_release(
        7,
        master_id=9007,
        title='Tide, "Low"',
        year=1997,
        artists=(
            make_artist("Ida Morrow (2)", printed="I. Morrow", join="&"),
            make_artist("Slow Harbour", id=None),
        ),
        labels=(
            make_label("Harbour Light (3)"),
            make_label("Pier", id=None, catalog_number=None),
            make_label("Quay", id=703, catalog_number="Q 1"),
        ),
        formats=(
            make_format("Vinyl", quantity=2, text="180 g"),
            make_format("All Media", descriptions=()),
        ),
        genres=("Rock", "Pop"),
        styles=(),
        thumb="https://i.discogs.com/t.jpeg",
        cover="https://elsewhere.example/c.jpeg",
    ),
    make_release(
        8,
        master_id=None,
        title="Nothing",
        year=19,
        artists=(make_artist("Various", id=194),),
        labels=(),
        formats=(),
        genres=(),
        styles=(),
    ),
)
COPIES = (
    make_copy(3000000001, 7, date_added="2026-03-01T10:00:00-08:00", rating=4),
    make_copy(3000000002, 8, date_added="2025-12-31T23:59:59-08:00"),
)
SNAPSHOT = make_snapshot(make_collection(*COPIES, releases=RELEASES))
MASTERS = {MasterId(9007): make_master(9007, year=1959, genres=("Jazz",), styles=("Modal", "Dub"))}
ROWS = rows(SNAPSHOT, MASTERS, "https://i.discogs.com")


def test_releases_csv_holds_every_copy():
    assert "".join(releases_csv(ROWS)) == HEADER + (
        'HL-12 | Q 1,I. Morrow & Slow Harbour,"Tide, ""Low""",Harbour Light | Pier | Quay,'
        '"2×Vinyl, LP, Album, 180 g + All Media",4,1997,7,2026-03-01T10:00:00-08:00,3000000001,'
        "1959,Jazz,Modal | Dub\r\n"
        ",Various,Nothing,,,0,,8,2025-12-31T23:59:59-08:00,3000000002,,,\r\n"
    )


@pytest.mark.parametrize("copies", [0, 1, 499, 500, 501, 1000])
def test_pieces_join_without_a_seam(copies):
    collection = make_collection(*map(make_copy, range(copies), repeat(1)))
    found = rows(make_snapshot(collection), {}, "https://i.discogs.com")
    ids = list(reversed(range(copies)))

    text = "".join(releases_json(head(SNAPSHOT), found))
    records = list(csv.DictReader(io.StringIO("".join(releases_csv(found)), newline="")))

    assert [item["instance_id"] for item in json.loads(text)["items"]] == ids
    assert [json.loads(line.rstrip(","))["instance_id"] for line in text.splitlines()[1:-1]] == ids
    assert [int(record["instance_id"]) for record in records] == ids


def test_releases_csv_of_nothing_is_its_header():
    assert "".join(releases_csv(())) == HEADER


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", '"\'\r=1"'),
        ('=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'),
        ("1+1", "1+1"),
        (" =1", " =1"),
        ("'=1", "'=1"),
    ],
)
def test_a_cell_is_never_a_formula(title, cell):
    release = make_release(
        7,
        title=title,
        artists=(make_artist(title),),
        labels=(make_label(title, catalog_number=title),),
        formats=(make_format(title, descriptions=()),),
        genres=(title,),
        styles=(title,),
    )
    snapshot = make_snapshot(make_collection(make_copy(1, 7), releases=[release]))

    assert "".join(releases_csv(rows(snapshot, {}, "https://i.discogs.com"))) == HEADER + (
        f"{cell},{cell},{cell},{cell},{cell},0,1974,7,2026-03-01T10:00:00-08:00,1,,{cell},{cell}\r\n"
    )
