"""Discogs' CSV export as a collection: nothing is guessed, and nothing is lost."""

import csv
import io
from collections import Counter
from datetime import datetime

import pytest
from msgspec.structs import replace

from generator.discogs.csv_export import parse_export
from generator.domain.collection import ArtistCredit, Copy, Format, LabelCredit, Release, ReleaseId
from generator.errors import UsageError
from tests.discogs.wire import EXPORT_HEADER, make_export

HINT = "export the collection again: discogs.com → Collection → Export"


def release_of(**cells):
    (release,) = parse_export(make_export(cells), "here").releases.values()
    return release


def refusal(text):
    with pytest.raises(UsageError) as error:
        parse_export(text, "records.csv")
    assert (error.value.where, error.value.hint) == ("records.csv", HINT)
    return error.value.what


def test_a_row_is_a_copy_and_a_release():
    collection = parse_export(make_export({}), "here")
    (copy,) = collection.copies

    assert copy == Copy(copy.instance_id, ReleaseId(249504), "2026-03-01T10:00:00-08:00", 4, 0)
    assert 0 < copy.instance_id < 2**53
    assert collection.releases == {
        249504: Release(
            id=ReleaseId(249504),
            master_id=None,
            title="Low Tide",
            year=1974,
            artists=(ArtistCredit(None, "Ida Morrow (2)", "", ""),),
            labels=(LabelCredit(None, "Harbour Light", "HL-12"),),
            formats=(Format("Vinyl", 1, ("LP", "Album"), ""),),
            genres=(),
            styles=(),
            thumb=None,
            cover=None,
        )
    }
    assert "fair" not in repr(collection)


@pytest.mark.parametrize(
    ("column", "cell", "field", "expected"),
    [
        *(
            ("Released", cell, "year", year)
            for cell, year in [
                *(("0", None), ("", None), ("1974", 1974), ("1974-05-00", 1974), ("c. 74", None)),
            ]
        ),
        *(
            ("Artist", cell, "artists", (ArtistCredit(None, name, "", ""),))
            for cell, name in [
                ("Nirvana (2), Mudhoney", "Nirvana, Mudhoney"),
                ("Nirvana (2) & Mudhoney (3)", "Nirvana & Mudhoney (3)"),
            ]
        ),
        ("Artist", "", "artists", ()),
        ("Title", " Low\tTide\n", "title", "Low Tide"),
        *(
            ("Format", cell, "formats", formats)
            for cell, formats in [
                ("", ()),
                ('2x12", Album', (Format("Vinyl", 2, ('12"', "Album"), ""),)),
                ('7½", Mono', (Format("Vinyl", 1, ('7½"', "Mono"), ""),)),
                ("CD, Comp + DVD", (Format("CD", 1, ("Comp",), ""), Format("DVD", 1, (), ""))),
                ("Cass + Flexi", (Format("Cassette", 1, (), ""), Format("Flexi-disc", 1, (), ""))),
                # An entry without a carrier is about all media.
                (
                    "LP, RE + Ltd, 180",
                    (
                        Format("Vinyl", 1, ("LP", "RE"), ""),
                        Format("All Media", 1, ("Ltd", "180"), ""),
                    ),
                ),
                ("Edison, Album", (Format("Edison", 1, ("Album",), ""),)),
            ]
        ),
    ],
)
def test_a_cell_is_taken_apart_only_where_that_is_certain(column, cell, field, expected):
    assert getattr(release_of(**{column: cell}), field) == expected


@pytest.mark.parametrize(
    ("names", "numbers", "labels"),
    [
        ("Mego", "none", [("Mego", None)]),
        ("Mego", "", [("Mego", None)]),
        ("", "X 1", []),
        ("Mego, Editions", "1, None", [("Mego", "1"), ("Editions", None)]),
        ("Hall, Oates & Co", "HO 1", [("Hall, Oates & Co", "HO 1")]),
        ("Mego, Editions", "1, 2, 3", [("Mego, Editions", "1, 2, 3")]),
    ],
)
def test_labels_are_split_where_each_has_a_number(names, numbers, labels):
    found = release_of(Label=names, **{"Catalog#": numbers}).labels

    assert found == tuple(LabelCredit(None, name, number) for name, number in labels)


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        ("2026-03-01 10:00:00", "2026-03-01T10:00:00-08:00"),
        ("2026-07-01 10:00:00", "2026-07-01T10:00:00-07:00"),
    ],
)
def test_dates_are_pacific_time(wall, instant):
    (copy,) = parse_export(make_export({"Date Added": wall}), "here").copies

    assert copy.date_added == instant


@pytest.mark.parametrize(("cell", "rating"), [("", 0), ("0", 0), ("5", 5), ("6", 0), ("12", 0)])
def test_a_rating_is_from_1_to_5(cell, rating):
    assert parse_export(make_export({"Rating": cell}), "here").copies[0].rating == rating


def test_a_copy_has_the_same_id_in_every_export():
    first = {"Date Added": "2026-01-01 00:00:00"}
    rows = [first, {}, {}, {"release_id": "7"}]
    ids = {copy.instance_id for copy in parse_export(make_export(*rows), "here").copies}

    again = parse_export(make_export({"release_id": "8"}, *rows[::-1]), "here")
    fewer = parse_export(make_export(*rows[1:3]), "here")

    assert len(ids) == 4
    assert ids < {copy.instance_id for copy in again.copies}
    assert {copy.instance_id for copy in fewer.copies} < ids
    assert [copy.instance_id for copy in again.copies] == sorted(
        copy.instance_id for copy in again.copies
    )


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf" + make_export({}),
        make_export({}).replace(b"\r\n", b"\n"),
        make_export({}) + b"\n\n",
    ],
)
def test_byte_order_marks_line_ends_and_blank_lines_do_not_matter(text):
    assert parse_export(text, "here") == parse_export(make_export({}), "here")


def test_an_export_without_optional_columns_is_enough():
    header = "Catalog#,Artist,Title,Label,Format,Released,release_id,Date Added"
    collection = parse_export(make_export({}, header=header), "here")
    whole = parse_export(make_export({}), "here")

    assert collection == replace(whole, copies=(replace(whole.copies[0], rating=0),))
    assert parse_export(make_export(header=header), "here").copies == ()


BAD_LINE = "line 3 has no release_id or no date like 2020-11-18 19:17:05"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b"", "is not a Discogs export: no column Catalog#"),
        (b"one,two\n1,2\n", "is not a Discogs export: no column Catalog#"),
        (make_export({}, header=EXPORT_HEADER.replace("release_id,", "")),
         "is not a Discogs export: no column release_id"),
        (b"\xff\xfe" + make_export({}), "is not a CSV file in UTF-8"),
        (make_export({}) + b'"open, Ida\n', "is not a CSV file in UTF-8"),
        (make_export({}) + b'"a"b,c\n', "is not a CSV file in UTF-8"),
        (make_export({}) + b"HL-12,Ida Morrow,Low Tide\n", BAD_LINE),
        *(
            (make_export({}, {"release_id": cell}), BAD_LINE)
            for cell in ("", "0", "-5", "1.5", "x", "9" * 19)
        ),
        *(
            (make_export({}, {"Date Added": cell}), BAD_LINE)
            for cell in (
                *("", "yesterday", "2026-03-01", "2026-02-30 10:00:00", "03/01/2026 10:00"),
                *("0001-01-01 00:00:00", "9999-12-31 23:59:59"),
            )
        ),
        # A note of two lines counts as two.
        (make_export({"Collection Notes": "two\nlines"}, {"release_id": "x"}),
         BAD_LINE.replace("3", "4", 1)),
    ],
)  # fmt: skip
def test_a_file_that_is_not_an_export_is_refused_with_its_line(text, what):
    assert refusal(text) == what


def test_a_real_export_comes_through_whole(real_data):
    text = (real_data / "csv/export-316.csv").read_bytes()
    collection = parse_export(text, "here")
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))

    assert (len(rows), len(collection.copies), len(collection.releases)) == (316, 316, 315)
    assert parse_export(text, "elsewhere") == collection
    assert sorted(
        (copy.release_id, datetime.fromisoformat(copy.date_added).strftime("%Y-%m-%d %H:%M:%S"))
        for copy in collection.copies
    ) == sorted((int(row["release_id"]), row["Date Added"]) for row in rows)
    for row in rows:
        release = collection.releases[ReleaseId(int(row["release_id"]))]
        assert release.title == row["Title"].strip()
        assert (release.year or 0) == int(row["Released"][:4] or 0)
        numbers = ", ".join(label.catalog_number or "none" for label in release.labels)
        assert ", ".join(label.name for label in release.labels) == row["Label"].strip()
        assert numbers.lower() == (row["Catalog#"].strip() or "none").lower()
    entries = [entry for one in collection.releases.values() for entry in one.formats]
    assert Counter((entry.name, entry.quantity) for entry in entries) == {
        ("Vinyl", 1): 263,
        ("Vinyl", 2): 51,
        ("Vinyl", 3): 2,
        ("CD", 1): 1,
        ("All Media", 1): 1,
    }
