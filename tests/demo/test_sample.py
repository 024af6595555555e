"""The invented collection keeps its promises; everything is counted here once more, by hand."""

import json
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from generator.demo.sample import sample_collection

ROOT = Path(__file__).parents[2]
GENRES = {
    "Blues",
    "Children's",
    "Classical",
    "Electronic",
    "Folk, World, & Country",
    "Funk / Soul",
    "Hip Hop",
    "Jazz",
    "Latin",
    "Non-Music",
    "Pop",
    "Reggae",
    "Rock",
    "Stage & Screen",
}


@pytest.fixture(scope="module")
def sample():
    """The sample as the demo has it."""
    return sample_collection()


@pytest.fixture(params=[False, True], ids=["before enrichment", "after enrichment"])
def masters(sample, request):
    """What is known of the masters: nothing, or all of them."""
    return sample.masters if request.param else {}


def info(copy):
    return copy["basic_information"]


def credit_line(release):
    line = ""
    *others, last = release["artists"]
    for artist in others:
        join = artist["join"].strip() or ","
        line += artist["anv"] or re.sub(r" \(\d+\)$", "", artist["name"])
        line += ", " if join == "," else f" {join} "
    return line + (last["anv"] or re.sub(r" \(\d+\)$", "", last["name"]))


def year_of(copy, masters):
    """The master's year if it has one, else the pressing's; 0 is unknown."""
    return masters.get(info(copy)["master_id"], {"year": 0})["year"] or info(copy)["year"]


def primary_format(copy):
    return next(f["name"] for f in info(copy)["formats"] if f["name"] != "All Media")


def test_there_are_1497_copies(sample):
    """Each with an instance id of its own."""
    assert len(sample.copies) == 1497
    assert len({copy["instance_id"] for copy in sample.copies}) == 1497


def test_there_are_433_artist_credits(sample):
    """Distinct credit lines, Various among them."""
    lines = {credit_line(info(copy)) for copy in sample.copies}

    assert len(lines) == 433
    assert "Various" in lines


def test_there_are_14_genres(sample, masters):
    """Effective ones, whether or not the masters are known."""
    found = set()
    for copy in sample.copies:
        master = masters.get(info(copy)["master_id"], {"genres": []})
        found.update(master["genres"] or info(copy)["genres"])

    assert found == GENRES


def test_formats_are_as_promised(sample):
    """The primary format of every copy."""
    assert Counter(map(primary_format, sample.copies)) == {
        "CD": 726,
        "Vinyl": 688,
        "Cassette": 44,
        "Box Set": 22,
        "SACD": 7,
        "File": 6,
        "DVD": 4,
    }


def test_years_reach_from_1963_to_2025(sample, masters):
    """Effective ones, whether or not the masters are known; a few are unknown."""
    years = Counter(year_of(copy, masters) for copy in sample.copies)
    unknown = years.pop(0)

    assert (min(years), max(years)) == (1963, 2025)
    assert 0 < unknown < 90


def test_masters_know_other_years(sample):
    """Many pressings are later than their album, none is earlier."""
    years = {
        (sample.masters[release["master_id"]]["year"], release["year"])
        for release in map(info, sample.copies)
        if release["master_id"] and release["year"]
    }
    known = [(album, pressing) for album, pressing in years if album]

    assert len([1 for album, pressing in known if album < pressing]) > 300
    assert all(album <= pressing for album, pressing in known)


def test_masters_and_releases_agree(sample):
    """Every master named is there, and every master there is named."""
    named = {info(copy)["master_id"] for copy in sample.copies}

    assert named - {0} == set(sample.masters)
    assert 0 in named
    assert all((info(c)["master_url"] is None) == (not info(c)["master_id"]) for c in sample.copies)


def test_the_same_seed_gives_the_same_bytes(sample):
    """And another seed another collection of the same size."""
    text = json.dumps([sample.copies, sample.masters])
    again = sample_collection()
    other = sample_collection(seed=7)

    assert json.dumps([again.copies, again.masters]) == text
    assert len(other.copies) == 1497
    assert json.dumps([other.copies, other.masters]) != text


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_sample_is_the_same_in_every_process(sample, seed):
    """Nothing hangs on the order of sets, which changes from run to run."""
    program = (
        "import json; from generator.demo import sample_collection as s; "
        "made = s(); print(json.dumps([made.copies, made.masters]))"
    )
    made = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )

    assert json.loads(made.stdout) == json.loads(json.dumps([sample.copies, sample.masters]))


def test_some_releases_are_owned_twice(sample):
    """And some albums in several pressings."""
    copies_of = Counter(copy["id"] for copy in sample.copies)
    pressings = {(info(c)["master_id"], c["id"]) for c in sample.copies if info(c)["master_id"]}
    pressings_of = Counter(master for master, _ in pressings)

    assert sum(number > 1 for number in copies_of.values()) > 20
    assert sum(number > 1 for number in pressings_of.values()) > 100


def test_one_release_is_told_one_way(sample):
    """All copies of a release have the same basic information."""
    known: dict[int, object] = {}
    for copy in sample.copies:
        assert copy["id"] == info(copy)["id"]
        assert known.setdefault(copy["id"], info(copy)) == info(copy)


@pytest.mark.parametrize(
    "wanted",
    [
        lambda r: r["artists"][0]["id"] == 194,
        lambda r: r["artists"][0]["anv"],
        lambda r: re.search(r" \(\d+\)$", r["artists"][0]["name"]),
        lambda r: len(r["artists"]) == 3,
        lambda r: r["artists"][0]["join"] == "Featuring",
        lambda r: r["artists"][0]["join"] == "/" and len(r["artists"]) == 2,
        lambda r: len(r["artists"]) == 1 and r["artists"][0]["join"] == ",",
        lambda r: r["artists"][0]["name"].startswith("The "),
        lambda r: re.search("[À-ž]", r["title"]),
        lambda r: re.search("[Ѐ-ӿ]", r["title"]),
        lambda r: re.search("[一-鿿]", r["title"]),
        lambda r: re.search("[؀-ۿ]", r["title"]),
        lambda r: r["thumb"] == r["cover_image"] == "",
        lambda r: r["cover_image"].endswith("spacer.gif"),
        lambda r: r["year"] == 0,
        lambda r: r["styles"] == [],
        lambda r: r["formats"][0]["name"] == "All Media",
        lambda r: [f["name"] for f in r["formats"]] == ["CD", "DVD"],
        lambda r: r["formats"][0]["name"] == "Box Set" and int(r["formats"][1]["qty"]) > 2,
        lambda r: r["formats"][0].get("text") == "Gatefold, 180 g",
        lambda r: r["formats"][0].get("text", "").endswith(" "),
        lambda r: r["formats"][0]["name"] == "File" and int(r["formats"][0]["qty"]) > 4,
        lambda r: r["labels"][0]["catno"] == "none",
        lambda r: len(r["labels"]) == 2,
    ],
)
def test_every_peculiarity_occurs(sample, wanted):
    """What real collections have, this one has too."""
    assert any(wanted(info(copy)) for copy in sample.copies)


def test_some_masters_know_little(sample):
    """No year, no genres."""
    assert any(master["year"] == 0 for master in sample.masters.values())
    assert any(master["genres"] == [] for master in sample.masters.values())


def test_dates_are_pacific(sample):
    """Wall time of the American west coast, with the offset of the day."""
    zone = ZoneInfo("America/Los_Angeles")
    for copy in sample.copies:
        sent = datetime.fromisoformat(copy["date_added"])
        assert sent.utcoffset() == sent.astimezone(zone).utcoffset()
    dates = [copy["date_added"] for copy in sample.copies]

    assert min(dates).startswith("2009-05")
    assert max(dates)[:10] <= "2026-11-20"
    assert {date[-6:] for date in dates} == {"-07:00", "-08:00"}


def test_sixty_copies_came_in_one_second(sample):
    """A bulk import; other ties are small."""
    (_, most), (_, next_most) = Counter(copy["date_added"] for copy in sample.copies).most_common(2)

    assert most == 60
    assert 1 < next_most < 10


def test_instance_ids_grow_past_31_bits(sample):
    """In the order the copies came."""
    ordered = sorted(sample.copies, key=lambda c: datetime.fromisoformat(c["date_added"]))
    ids = [copy["instance_id"] for copy in ordered]

    assert ids == sorted(ids)
    assert ids[-1] > 2**31 > ids[0]


def test_nothing_was_owned_before_it_existed(sample):
    """No copy is older than its pressing."""
    early = [c for c in sample.copies if int(c["date_added"][:4]) < info(c)["year"]]

    assert early == []


def test_the_latest_additions_have_covers(sample):
    """Six different albums by different artists, within a month."""
    latest = sorted(sample.copies, key=lambda c: datetime.fromisoformat(c["date_added"]))[-6:]
    dates = [datetime.fromisoformat(copy["date_added"]) for copy in latest]

    assert all(info(copy)["thumb"] for copy in latest)
    assert len({info(copy)["artists"][0]["id"] for copy in latest}) == 6
    assert dates[-1] - dates[0] < timedelta(days=30)


def test_artists_thin_out(sample):
    """A few artists are owned often, most of them once or twice."""
    counted = Counter(artist["id"] for c in sample.copies for artist in info(c)["artists"])
    counted.pop(194)
    most = [number for _, number in counted.most_common(10)]

    assert most[0] >= 30
    assert most[-1] >= 10
    assert sorted(counted.values())[len(counted) // 2] <= 3


def test_titles_are_mostly_different(sample):
    """Counting an album once, however many pressings there are."""
    albums = {(credit_line(info(c)), info(c)["title"]) for c in sample.copies}
    titles = {title for _, title in albums}

    assert len(titles) > 0.93 * len(albums)


def test_some_things_are_for_the_owner(sample):
    """Notes, folders and ratings, so that it shows when they leak or are lost."""
    assert sum("notes" in copy for copy in sample.copies) > 400
    assert {copy["folder_id"] for copy in sample.copies} == {1, *sample.folders}
    assert {copy["rating"] for copy in sample.copies} == {0, 3, 4, 5}


def test_words_are_discogs_own(sample, real_data):
    """Genres and styles are real ones."""
    taxonomy = real_data / "taxonomy"
    genres = set(json.loads((taxonomy / "genres.json").read_text("utf-8")))
    styles = set(json.loads((taxonomy / "styles.json").read_text("utf-8")))

    assert {genre for copy in sample.copies for genre in info(copy)["genres"]} <= genres
    assert {style for copy in sample.copies for style in info(copy)["styles"]} <= styles
