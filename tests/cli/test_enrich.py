"""Master data: fetched, checked and reduced, through every mishap; then shown on the pages."""

import gzip
import hashlib
import json
import os
import re
import signal
import sqlite3
import time
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest

from generator.demo.dumps import RETRY_AFTER, masters_xml
from generator.demo.wire import Reply
from generator.store.masters import open_table
from tests import faults
from tests.cli.forking import Limits
from tests.cli.running import finished, result_of, screen

MASTERS = [
    {
        "id": 700 + number,
        "title": f"Année {number} & more",
        "year": 1950 + number,
        "genres": ["Jazz", "Folk, World, & Country"],
        "styles": ["Hard Bop"] if number % 2 else [],
    }
    for number in range(1, 13)
]
TODAY = datetime.now(UTC).date()
THIS_MONTH = TODAY.replace(day=1)
NAME = f"discogs_{THIS_MONTH:%Y%m%d}_masters.xml.gz"
STAYS = "the table that was there stays"


@pytest.fixture
def enriched(terminal, discogs):
    """A terminal in a workspace without accounts; Discogs has a dump of this month."""
    discogs.archive.add(MASTERS)
    terminal.environ["DISCOGS_DATA_URL"] = discogs.url
    return terminal


def table(terminal):
    """What the table says: its day, and each master."""
    found = open_table(terminal.workspace / "data" / "masters.sqlite")
    if found is None:
        return None
    with sqlite3.connect(found.path) as connection:
        names = dict(connection.execute("SELECT id, name FROM name"))
        rows = connection.execute("SELECT id, year, genres, styles FROM master ORDER BY id")
        masters = {
            number: (year, *([names[int(one)] for one in codes.split()] for codes in tags))
            for number, year, *tags in rows
        }
    assert found.masters == len(masters)
    return found.day, masters


def facts(masters=MASTERS):
    return {one["id"]: (one["year"], one["genres"], one["styles"]) for one in masters}


def asked(discogs):
    """The requests that came, as path and what was asked for."""
    return [(request.path, *request.query.values()) for request in discogs.requests]


def leftovers(terminal):
    return [path.name for path in (terminal.workspace / "data").glob(".masters-*")]


def test_the_newest_finished_dump_becomes_a_table_with_three_requests(enriched, discogs):
    discogs.archive.add(MASTERS[:3], date(THIS_MONTH.year, 1, 1))
    unfinished = f"discogs_{THIS_MONTH.year}1299_masters.xml.gz"
    discogs.archive.files[unfinished] = b"not finished: no checksum"

    ended = enriched.run("enrich")

    assert (ended.code, table(enriched)) == (0, (THIS_MONTH, facts()))
    folder = f"data/{THIS_MONTH.year}/"
    assert asked(discogs) == [
        ("/", folder),
        ("/", f"{folder}discogs_{THIS_MONTH:%Y%m%d}_CHECKSUM.txt"),
        ("/", f"{folder}{NAME}"),
    ]
    assert "12 albums" in ended.err
    assert leftovers(enriched) == []


def test_a_table_of_the_newest_dump_is_left_alone_after_one_request(enriched, discogs):
    assert enriched.run("enrich").code == 0
    before = enriched.state()
    discogs.requests.clear()

    ended = enriched.run("enrich")

    assert (ended.code, len(discogs.requests), enriched.state()) == (0, 1, before)
    assert "nothing to do" in ended.err


def test_a_newer_dump_replaces_the_table(enriched, discogs):
    discogs.archive.files.clear()
    discogs.archive.add(MASTERS[:3], date(THIS_MONTH.year - 1, 12, 1))
    assert enriched.run("enrich").code == 0
    assert table(enriched)[0] == date(THIS_MONTH.year - 1, 12, 1)  # from last year's index

    discogs.archive.add(MASTERS)
    assert enriched.run("enrich").code == 0
    assert table(enriched) == (THIS_MONTH, facts())


def test_nothing_is_needed_but_a_place(bare, discogs):
    discogs.archive.add(MASTERS)

    assert bare.run("enrich", DISCOGS_DATA_URL=discogs.url).code == 0
    assert {path.name for path in bare.workspace.iterdir()} == {"data"}
    assert table(bare) == (THIS_MONTH, facts())


def test_a_redirect_on_the_same_host_is_followed(enriched, discogs):
    true = discogs.archive.files[NAME]
    discogs.archive.files[f"discogs_{THIS_MONTH:%Y%m%d}_elsewhere"] = true
    there = f"/?download=data/{THIS_MONTH.year}/discogs_{THIS_MONTH:%Y%m%d}_elsewhere"
    broken(Reply(302, headers=(("Location", there),)))(discogs)

    assert enriched.run("enrich").code == 0
    assert table(enriched) == (THIS_MONTH, facts())


def broken(response):
    """A rule that answers the download like this."""
    return lambda discogs: discogs.add_fault(
        faults.Fault(response), when=lambda request: "masters" in str(request.query), times=None
    )


def damaged(change):
    """The dump itself is damaged, and its checksum is that of the damaged file."""

    def damage(discogs):
        content = change(discogs.archive.files[NAME])
        checksum = f"{hashlib.sha256(content).hexdigest()} *{NAME}\n"
        discogs.archive.files[NAME] = content
        discogs.archive.files[NAME.replace("masters.xml.gz", "CHECKSUM.txt")] = checksum.encode()

    return damage


def repacked(change):
    return damaged(lambda content: gzip.compress(change(gzip.decompress(content))))


MISHAPS = {
    "it never answers": (lambda d: d.add_fault(faults.RESET, times=None), "was reset"),
    "the connection breaks": (
        lambda d: d.add_fault(
            faults.TRUNCATED, when=lambda r: "masters" in str(r.query), times=None
        ),
        "broke off|cut short",
    ),
    "the server fails": (broken(Reply(503)), "answered 503"),
    "the file is gone": (broken(Reply(404)), "answered 404"),
    "another host": (
        broken(Reply(302, headers=(("Location", "https://evil.example/x"),))),
        "redirects to a host that is not Discogs'",
    ),
    "in the clear": (
        broken(Reply(302, headers=(("Location", "http://discogs-data-dumps.s3.amazonaws.com/x"),))),
        "redirects to a host that is not Discogs'",
    ),
    "in circles": (
        broken(Reply(302, headers=(("Location", "/?again=masters"),))),
        "redirects more than",
    ),
    "no dump at all": (lambda d: d.archive.files.clear(), "no finished dump"),
    "a checksum of something else": (
        lambda d: d.archive.files.update(
            {NAME.replace("masters.xml.gz", "CHECKSUM.txt"): b"0" * 64 + b" *other.gz\n"}
        ),
        "no checksum",
    ),
    "a wrong checksum": (
        lambda d: d.archive.files.update(
            {NAME.replace("masters.xml.gz", "CHECKSUM.txt"): f"{'0' * 64} *{NAME}\n".encode()}
        ),
        "checksum is not the published one",
    ),
    "gzip cut off": (damaged(lambda content: content[:-20]), "ends too early"),
    "gzip damaged": (
        damaged(lambda content: content[:60] + bytes(9) + content[69:]),
        "compression is damaged|XML is damaged",
    ),
    "a wrong sum in gzip": (damaged(lambda content: content[:-8] + bytes(8)), "is damaged"),
    "XML cut off": (repacked(lambda xml: xml[: len(xml) // 2]), "XML is damaged or ends"),
    "XML never closed": (
        repacked(lambda xml: xml.replace(b"</masters>", b"")),
        "XML is damaged or ends",
    ),
    "entities": (
        repacked(lambda xml: b'<!DOCTYPE masters [<!ENTITY a "b">]>' + xml),
        "is not a dump of masters",
    ),
    "another dump": (
        repacked(lambda _: b'<releases><release id="1"/></releases>'),
        "is not a dump of masters",
    ),
    "an empty dump": (repacked(lambda _: b"<masters></masters>"), "holds no masters"),
    "a master without id": (
        repacked(lambda xml: xml.replace(b' id="703"', b"")),
        "a master has no id",
    ),
}


@pytest.mark.parametrize("mishap", MISHAPS)
@pytest.mark.parametrize("had_one", [False, True], ids=["first", "again"])
def test_after_a_mishap_the_old_table_stays_and_one_line_says_why(
    enriched, discogs, mishap, had_one
):
    if had_one:
        discogs.archive.add(MASTERS[:2], date(THIS_MONTH.year - 1, 3, 1))
        source = enriched.workspace / "old.xml"
        source.write_text(masters_xml(MASTERS[:2]))
        assert enriched.run("enrich", "--from", "old.xml").code == 0
    before = table(enriched)
    happens, words = MISHAPS[mishap]
    happens(discogs)

    ended = enriched.run("enrich")

    assert ended.code == 1
    assert len(ended.complaints) == 2
    assert re.search(words, ended.complaints[0])
    assert STAYS in ended.complaints[1]
    assert (table(enriched), leftovers(enriched)) == (before, [])


def test_a_refusal_for_too_many_requests_says_when_to_try_again(enriched, discogs):
    for _ in range(15):
        discogs.archive._spent.append(time.time())

    ended = enriched.run("enrich")

    assert ended.code == 1
    assert "(429)" in ended.complaints[0]
    when = datetime.fromtimestamp(time.time() + int(RETRY_AFTER), UTC)
    assert f"try again after {when:%H:}" in ended.complaints[1]


def test_a_disk_without_room_leaves_the_old_table(enriched, discogs):
    assert enriched.run("enrich").code == 0
    before = table(enriched)
    many = [MASTERS[0] | {"id": number} for number in range(1, 20_000)]
    source = enriched.workspace / "many.xml"
    source.write_text(masters_xml(many))

    ended = result_of(
        enriched.begin("enrich", "--from", "many.xml", limits=Limits(file_size=200_000))
    )

    assert ended.code == 1
    assert "masters.sqlite: cannot be written" in ended.complaints[0]
    assert (table(enriched), leftovers(enriched)) == (before, [])


def test_a_kill_at_any_moment_leaves_a_whole_table(enriched):
    assert enriched.run("enrich").code == 0
    before = table(enriched)
    many = [MASTERS[0] | {"id": number} for number in range(1, 30_000)]
    (enriched.workspace / "many.xml").write_text(masters_xml(many))
    whole = facts(many)

    outcomes = set()
    for delay in (0.3, 0.5, 0.8, 1.2):
        process = enriched.start("enrich", "--from", "many.xml")
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        found = table(enriched)
        assert found in (before, (None, whole))
        outcomes.add(found == before)
        process.stdout.close()
        process.stderr.close()

    assert True in outcomes
    assert enriched.run("enrich", "--from", "many.xml").code == 0
    assert (table(enriched), leftovers(enriched)) == ((None, whole), [])


def test_only_one_run_at_a_time_makes_the_table(enriched, discogs):
    discogs.add_fault(faults.late(1), when=lambda request: "masters" in str(request.query))
    first = enriched.begin("enrich")
    while len(discogs.requests) < 3:
        time.sleep(0.02)
    time.sleep(0.1)

    second = enriched.run("enrich")
    assert second.code in (0, 11)
    assert result_of(first).code == 0


@pytest.mark.parametrize("name", ["old.xml", "discogs_20250301_masters.xml.gz"])
def test_a_dump_can_be_a_file(bare, name):
    text = masters_xml(MASTERS).encode()
    (bare.workspace / name).write_bytes(gzip.compress(text) if name.endswith("gz") else text)

    assert bare.run("enrich", "--from", name).code == 0
    day = date(2025, 3, 1) if name.endswith("gz") else None
    assert table(bare) == (day, facts())


def test_a_dump_can_be_at_an_address(bare, discogs):
    discogs.archive.add(MASTERS)
    address = f"{discogs.url}/?download=data/{THIS_MONTH.year}/{NAME}"

    assert bare.run("enrich", "--from", address).code == 0
    assert table(bare) == (THIS_MONTH, facts())


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("nowhere.xml", "cannot be read: no such file"),
        (".", "cannot be read: is a directory"),
        ("http://example.org/x.xml.gz", "must be an https address"),
        ("ftp://example.org/x.xml.gz", "cannot be read"),
    ],
)
def test_a_source_that_cannot_be_is_a_usage_error(bare, source, words):
    ended = bare.run("enrich", "--from", source)

    assert ended.code == 2
    assert words in ended.complaints[0]


def test_a_bar_shows_the_time_left_on_a_terminal(enriched, discogs):
    many = [MASTERS[0] | {"id": number} for number in range(1, 90_000)]
    (enriched.workspace / "many.xml").write_text(masters_xml(many))

    with screen() as there:
        process = enriched.start("enrich", "--from", "many.xml", streams=there.streams)
        assert finished(process).code == 0
        shown = there.rest()

    assert "reading" in shown
    assert "%" in shown
    assert "00:00:" in shown


def test_a_damaged_table_is_named_and_made_again(enriched, connected):
    assert enriched.run("enrich").code == 0
    path = enriched.workspace / "data" / "masters.sqlite"
    path.write_bytes(path.read_bytes()[:5000])
    assert enriched.run("sync").code == 0

    ended = enriched.run("build")
    assert ended.code == 0
    assert "warning: masters.sqlite: is damaged; run build-site enrich" in ended.err

    assert enriched.run("enrich").code == 0
    assert table(enriched) == (THIS_MONTH, facts())


def test_the_pages_show_original_years_and_nothing_else_changes(enriched, synced):
    assert enriched.run("build").code == 0
    before = enriched.published("u/demo/collection/releases.json")
    stats = enriched.published("u/demo/collection/stats.json")
    assert stats["masters"] == {"dump": None, "known": 0, "albums": 12}
    assert enriched.run("enrich").code == 0

    ended = enriched.run("build")

    assert ended.code == 0
    after = enriched.published("u/demo/collection/releases.json")
    keys = ("instance_id", "release_id", "master_id", "title", "credit", "release_year")
    assert [[item[key] for key in keys] for item in after["items"]] == [
        [item[key] for key in keys] for item in before["items"]
    ]
    originals = {item["master_id"]: item["original_year"] for item in after["items"]}
    assert originals == {one["id"]: one["year"] for one in MASTERS}
    assert all(item["year"] == item["original_year"] for item in after["items"])
    assert all(item["genres"] == MASTERS[0]["genres"] for item in after["items"])
    stats = enriched.published("u/demo/collection/stats.json")
    assert stats["masters"] == {"dump": THIS_MONTH.isoformat(), "known": 12, "albums": 12}
    page = (enriched.workspace / "site/u/demo/collection/index.html").read_text()
    assert f'<time datetime="{THIS_MONTH.isoformat()}">' in page
    assert enriched.run("build").err.startswith("nothing to do")


def test_overrides_beat_the_table(enriched, synced):
    assert enriched.run("enrich").code == 0
    (enriched.workspace / "overrides.toml").write_text(
        '[master.701]\nyear = 1933\ngenres = ["Blues"]\n[master.702]\ntitle = "Right"\n'
    )

    assert enriched.run("build").code == 0

    items = enriched.published("u/demo/collection/releases.json")["items"]
    found = {item["master_id"]: item for item in items}
    assert (found[701]["year"], found[701]["genres"]) == (1933, ["Blues"])
    assert (found[702]["title"], found[702]["year"]) == ("Right", 1952)
    exported = enriched.run("export", "demo", "--format", "csv").out
    assert ",1933,Blues," in exported
    (enriched.workspace / "overrides.toml").unlink()
    assert enriched.run("build").code == 0
    items = enriched.published("u/demo/collection/releases.json")["items"]
    assert {item["master_id"]: item["year"] for item in items}[701] == 1951


def test_all_mistakes_in_overrides_are_told_at_once(enriched, synced):
    (enriched.workspace / "overrides.toml").write_text(
        "[master.701]\nyear = 1800\ntitel = 'x'\n[release.x]\nyear = 1999\n[foo]\n"
    )

    ended = enriched.run("build")

    assert ended.code == 2
    assert [line.split(":")[2].strip() for line in ended.complaints[:-1]] == [
        "master.701.year",
        "master.701.titel",
        "release.x",
        "foo",
    ]
    assert "[master.ID] and [release.ID]" in ended.complaints[-1]
    assert not (enriched.workspace / "site").exists()


def test_real_masters_come_through_exactly(bare, real_data):
    source = real_data / "masters" / "cc0-masters.xml.gz"
    root = ET.fromstring(gzip.decompress(source.read_bytes()))  # noqa: S314 - of Discogs
    expected = {
        int(master.get("id") or 0): (
            int(master.findtext("year") or 0) or None,
            [one.text for one in master.iterfind("genres/genre")],
            [one.text for one in master.iterfind("styles/style")],
        )
        for master in root
    }

    assert bare.run("enrich", "--from", str(source)).code == 0
    assert table(bare) == (None, expected)
    assert len(expected) == 1000


def test_doctor_lists_the_gaps_of_a_collection(enriched, synced, owner):
    infos = [copy["basic_information"] for copy in owner.copies]
    infos[0].update(master_id=0, year=0)
    infos[1].update(genres=[], cover_image="", thumb="")
    infos[2].update(year=1901)
    (enriched.workspace / "overrides.toml").write_text(
        "[master.999]\nyear = 1970\n[release.5004]\nyear = 1990\n"
    )
    discogs_masters = [one | ({"genres": []} if one["id"] == 702 else {}) for one in MASTERS]
    (enriched.workspace / "m.xml").write_text(masters_xml(discogs_masters))
    assert enriched.run("enrich", "--from", "m.xml").code == 0
    assert enriched.run("sync", "--force", "demo").code == 0

    found = json.loads(enriched.run("doctor", "--data", "--json").out)

    (collection,) = found["collections"]
    listed = {
        kind: [(gap["release_id"], gap["url"], gap["note"]) for gap in gaps]
        for kind, gaps in collection.items()
        if kind not in ("name", "records", "no_cover")
    }
    web = "https://www.discogs.com"
    assert listed == {
        "unknown_year": [(5001, f"{web}/release/5001", "")],
        "no_master": [(5001, f"{web}/release/5001", "")],
        "no_genre": [(5002, f"{web}/release/5002", "")],
        "years_disagree": [
            (5004, f"{web}/master/704", "overrides.toml says 1990, the master 1954"),
            (5003, f"{web}/master/703", "the original year is 1953, this pressing 1901"),
        ],
    }
    assert found["unused_overrides"] == [{"place": "master.999", "url": f"{web}/master/999"}]
    text = enriched.run("doctor", "--data", "demo").out
    assert "no year is known: 1 record" in text
    assert "master.999 is not owned" in text
    assert enriched.run("doctor", "--data", "nobody").code == 2
