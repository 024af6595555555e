"""Invented sleeves: a picture for every number, the same one every time."""

import xml.etree.ElementTree as ET

import pytest

from generator.demo import Person, StandIn
from generator.demo.sleeves import sleeve
from tests.demo.browser import ask


@pytest.fixture(scope="module")
def discogs():
    """Somebody with one copy whose pictures are invented."""
    info = {
        "thumb": "https://i.discogs.com/sleeves/7-150.svg",
        "cover_image": "https://i.discogs.com/sleeves/7-600.svg",
    }
    real = {"thumb": "https://i.discogs.com/x/real.jpeg", "cover_image": ""}
    items = [
        {"instance_id": 1, "date_added": "2020-01-01T00:00:00-08:00", "basic_information": info},
        {"instance_id": 2, "date_added": "2020-01-02T00:00:00-08:00", "basic_information": real},
    ]
    with StandIn([Person("demo", 77, items)]) as running:
        yield running


@pytest.mark.parametrize("size", [150, 600])
def test_sleeves_come_in_two_sizes(discogs, size):
    """As SVG pictures of exactly that many pixels."""
    answer = ask(discogs, f"/sleeves/7-{size}.svg")
    picture = ET.fromstring(answer.text)  # noqa: S314 - our own picture

    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert (picture.get("width"), picture.get("height")) == (str(size), str(size))


@pytest.mark.parametrize("path", ["/sleeves/7-300.svg", "/sleeves/x-150.svg", "/sleeves/"])
def test_other_sleeves_do_not_exist(discogs, path):
    """Nothing is made up for an address nobody was given."""
    assert ask(discogs, path).status_code == 404


def test_items_say_where_their_pictures_are(discogs):
    """Invented addresses become the stand-in's own; real ones stay."""
    answer = ask(discogs, "/users/demo/collection/folders/0/releases").json()
    pictures = [
        (item["basic_information"]["thumb"], item["basic_information"]["cover_image"])
        for item in answer["releases"]
    ]

    assert pictures == [
        (f"{discogs.url}/sleeves/7-150.svg", f"{discogs.url}/sleeves/7-600.svg"),
        ("https://i.discogs.com/x/real.jpeg", ""),
    ]


def test_many_numbers_give_many_pictures():
    """Two hundred sleeves, no two alike, all well-formed and quickly loaded."""
    pictures = [sleeve(number, 600) for number in range(1, 201)]

    assert len(set(pictures)) == 200
    for picture in pictures:
        ET.fromstring(picture)  # noqa: S314 - our own picture
    assert max(map(len, pictures)) < 40_000
