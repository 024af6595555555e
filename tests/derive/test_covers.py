"""Covers: addresses in parts, from which the very same addresses can be put together."""

from base64 import urlsafe_b64encode

import pytest

from generator.derive.covers import cover_columns, refused_covers
from generator.derive.rows import editions, rows
from tests.factories import make_collection, make_copy, make_release, make_snapshot

ORIGIN = "https://i.discogs.com"
SMALL = (
    "https://i.discogs.com/scDV4mEXKPaqApW88ZIYyR2guiDTm/rs:fit/g:sm/q:40/h:150/w:150/"
    "czM6Ly9kaXNjb2dz/LWRhdGFiYXNlLWlt/YWdlcy9SLTIyNjg0/LTE0MTIyNzI1Mzkt/NzEyOC5qcGVn.jpeg"
)
STEM = "s3://discogs-database-images/R-"
LARGE = (
    "https://i.discogs.com/CPGvdF4gaNjBBAxBKaIA7n7qwsWRC/rs:fit/g:sm/q:90/h:604/w:600/"
    "czM6Ly9kaXNjb2dz/LWRhdGFiYXNlLWlt/YWdlcy9SLTIyNjg0/LTE0MTIyNzI1Mzkt/NzEyOC5qcGVn.jpeg"
)


def covers(*releases):
    """Small and large covers of one copy each, the last one added first."""
    copies = (make_copy(each.id, each.id) for each in releases)
    found = rows(make_snapshot(make_collection(*copies, releases=releases)), {}, ORIGIN)
    return cover_columns(editions(found), ORIGIN)


def sleeve(number=22684, thumb=SMALL, cover=LARGE):
    return make_release(number, thumb=thumb, cover=cover)


def coded(path):
    """The path of a picture of this release, or any, as Discogs writes it into an address."""
    digits = urlsafe_b64encode(f"{STEM}{path}".encode()).decode().rstrip("=")
    return "/".join(digits[start : start + 16] for start in range(0, len(digits), 16))


def test_both_sizes_share_the_name():
    assert covers(sleeve()) == (
        {
            "signatures": ["scDV4mEXKPaqApW88ZIYyR2guiDTm"],
            "options": ["rs:fit/g:sm/q:40/h:150/w:150/"],
            "cuts": [0],
            "names": ["1412272539-7128.jpeg"],
        },
        {
            "signatures": ["CPGvdF4gaNjBBAxBKaIA7n7qwsWRC"],
            "options": ["rs:fit/g:sm/q:90/h:604/w:600/"],
            "cuts": [0],
            "names": [""],
        },
    )


def test_a_missing_size_is_the_other():
    small, large = covers(sleeve(cover=None))

    assert small["signatures"] == large["signatures"] == ["scDV4mEXKPaqApW88ZIYyR2guiDTm"]
    assert (small["names"], large["names"]) == (["1412272539-7128.jpeg"], [""])


def test_releases_keep_their_order():
    small, large = covers(sleeve(), sleeve(5, None, None), sleeve(7, f"{ORIGIN}/a b", LARGE))

    assert small["signatures"] == [
        "scDV4mEXKPaqApW88ZIYyR2guiDTm",
        LARGE.removeprefix(f"{ORIGIN}/"),
        "",
    ]
    assert small["options"] == ["", "rs:fit/g:sm/q:40/h:150/w:150/"]
    assert small["cuts"] == [1, 0, 0]
    assert large["names"] == ["", "", ""]


@pytest.mark.parametrize(
    "path",
    [
        "short.jpeg",
        "one/two:three/four.jpeg",
        f"sig/rs:fit/{coded('9-1-2.jpeg')}.jpeg",
        f"sig/rs:fit/{coded('22684-')}.jpeg",
        f"sig/rs:fit/{coded('22684-1-2.jpeg')}=.jpeg",
        f"sig/rs:fit/{coded('22684-1-2.jpeg')}.png",
        f"sig/rs:fit/{coded('22684-1-2.jpeg').replace('/', '')}.jpeg",
        f"sig/rs:fit/{coded('22684-a' + chr(10))}.jpeg",
        f"sig/rs:fit/{coded('22684-ü')}.jpeg",
        f"sig/{coded('22684-1-2.jpeg')}.jpeg",
        "sig/rs:fit/A.jpeg",
        "?x=1#y",
    ],
)
def test_any_other_address_is_kept_whole(path):
    small, large = covers(sleeve(22684, f"{ORIGIN}/{path}", f"{ORIGIN}/{path}"))

    assert small == large == {"signatures": [path], "options": [""], "cuts": [0], "names": [""]}


ELSEWHERE = "https://img.example.org/a.jpeg"


@pytest.mark.parametrize(
    ("addresses", "named"),
    [
        ((), ""),
        ((None, None), ""),
        ((SMALL, ELSEWHERE), ""),
        ((SMALL, ELSEWHERE, ELSEWHERE), "img.example.org"),
        ((None, None, ELSEWHERE), "img.example.org"),
        (("https://evil.example\x1b[2J/x",), "another address"),
        (("javascript:alert(1)",), "another address"),
    ],
)
def test_most_covers_at_another_host_are_a_warning(addresses, named):
    releases = [sleeve(number, None, cover) for number, cover in enumerate(addresses, 1)]
    copies = (make_copy(each.id, each.id) for each in releases)

    found = refused_covers(make_collection(*copies, releases=releases), ORIGIN)

    where = f"most covers are at {named} instead of i.discogs.com, so pages show drawn sleeves"
    assert found == (where if named else "")
