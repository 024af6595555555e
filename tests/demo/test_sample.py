"""The invented collection: its totals, counted independently of the program, and its exact data."""

import json
import re
from collections import Counter
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest

from generator.demo.sample import sample_collection

PACIFIC = ZoneInfo("America/Los_Angeles")


@pytest.fixture(scope="module")
def sample():
    """The sample as the demo serves it."""
    return sample_collection()


def credit(release):
    """The artists as printed, with their joins."""
    words = []
    for artist in release["artists"]:
        words += [artist["anv"] or re.sub(r" \(\d+\)$", "", artist["name"]), artist["join"]]
    return " ".join(words[:-1])


def primary_format(release):
    return next(entry["name"] for entry in release["formats"] if entry["name"] != "All Media")


def years(copies, masters):
    """First, last, and copies without one: the master's year, else the pressing's."""
    known = [masters.get(c["master_id"], {"year": 0})["year"] or c["year"] for c in copies]
    return min(filter(None, known)), max(known), known.count(0)


def test_the_totals_are_those_of_the_reference_account(sample):
    copies = [copy["basic_information"] for copy in sample.copies]

    assert len({copy["instance_id"] for copy in sample.copies}) == len(copies) == 1497
    assert len({credit(release) for release in copies}) == 433
    assert len({genre for release in copies for genre in release["genres"]}) == 14
    assert len({genre for m in sample.masters.values() for genre in m["genres"]}) == 14
    assert years(copies, {}) == (1963, 2025, 57)
    assert years(copies, sample.masters) == (1963, 2025, 4)
    assert Counter(map(primary_format, copies)) == {
        "CD": 726,
        "Vinyl": 688,
        "Cassette": 44,
        "Box Set": 22,
        "SACD": 7,
        "File": 6,
        "DVD": 4,
    }


def test_the_data_stays_the_same(sample):
    text = json.dumps([sample.copies, sample.masters, sample.folders], sort_keys=True)

    assert sha256(text.encode()).hexdigest() == (
        "2dc3367016917600c815b1aed8f9ca526d43e87d4a190454c9529e054aa3de70"
    )


def test_every_copy_has_a_release_and_known_masters(sample):
    for copy in sample.copies:
        info, added = copy["basic_information"], datetime.fromisoformat(copy["date_added"])
        assert copy["id"] == info["id"]
        assert (info["master_url"] is None) == (info["master_id"] == 0)
        assert added.utcoffset() == added.astimezone(PACIFIC).utcoffset()
    named = {copy["basic_information"]["master_id"] for copy in sample.copies}

    assert named - {0} == set(sample.masters)


def test_every_call_returns_new_objects(sample):
    changed = sample_collection()
    changed.copies[0]["basic_information"]["title"] = "Changed"
    changed.masters.clear()

    again = sample_collection()
    assert (again.copies, again.masters) == (sample.copies, sample.masters)


def test_words_are_discogs_own(sample, real_data):
    for kind in ("genres", "styles"):
        known = set(json.loads((real_data / f"taxonomy/{kind}.json").read_text("utf-8")))
        assert {word for c in sample.copies for word in c["basic_information"][kind]} <= known
