"""Rows: what their export does not show; `test_recount` compares every value that it does."""

from datetime import UTC, datetime

import pytest

from generator.derive.rows import rows
from tests.factories import make_collection, make_copy, make_release, make_snapshot

ORIGIN = "https://i.discogs.com"


def row_of(release, **snapshot):
    """The only row of a collection of one copy."""
    collection = make_collection(make_copy(1, release.id), releases=[release])
    return rows(make_snapshot(collection, **snapshot), {}, ORIGIN)[0]


def test_next_year_is_counted_from_the_reading():
    read_in_2019 = datetime(2019, 12, 31, 23, 59, 59, tzinfo=UTC)

    assert row_of(make_release(year=2020), synced_at=read_in_2019).year == 2020
    assert row_of(make_release(year=2021), synced_at=read_in_2019).year is None


@pytest.mark.parametrize(
    ("address", "is_accepted"),
    [
        *(
            (f"{ORIGIN}/{path}", True)
            for path in ("a/rs:fit/g:sm/q:90/h:600/w:600/czM6Ly9k=.jpeg", "a?b=c&d", "%20@x:y")
        ),
        *(
            (address, False)
            for address in (
                *(None, "", "https://i.discogs.com", "https://i.discogs.com.evil.example/a.jpeg"),
                *("https://i.discogs.com@evil.example/a.jpeg", "https://u@i.discogs.com/a.jpeg"),
                *("https://u:p@i.discogs.com/a.jpeg", "https://i.discogs.com:8443/a.jpeg"),
                *("http://i.discogs.com/a.jpeg", "//i.discogs.com/a.jpeg", "/a.jpeg"),
                *("https://img.discogs.com/a.jpeg", "data:image/png;base64,AAAA"),
                "https://evil.example/https://i.discogs.com/a.jpeg",
                "javascript:alert(1)//https://i.discogs.com/",
                *("https://i.discogs.com\\@evil.example/a.jpeg", "https://i.discogs.com/a b.jpeg"),
                *("https://i.discogs.com/a\nb.jpeg", "https://i.discogs.com/a\x00b.jpeg"),
                *('https://i.discogs.com/a"onerror="b', "https://i.discogs.com/a'b"),
                *("https://i.discogs.com/<b>", "https://i.discogs.com/é.jpeg"),
                *(" https://i.discogs.com/a.jpeg", "https://i.discogs.com/a.jpeg\n"),
            )
        ),
    ],
)
def test_only_images_at_the_accepted_origin_are_shown(address, is_accepted):
    row = row_of(make_release(thumb=address, cover=address))

    assert (row.thumb, row.cover) == ((address, address) if is_accepted else (None, None))
