"""Numbers, lengths of time, months and moments in words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from generator.derive.formatting import month, plural, rfc3339, span


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 copies"), (1, "1 copy"), (2, "2 copies"), (1497, "1,497 copies")],
)
def test_a_number_comes_with_its_noun(number, words):
    """One of a thing, several of it, thousands set apart."""
    assert plural(number, "copy", "copies") == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.2, "1 s"),
        (42, "42 s"),
        (59, "59 s"),
        (60, "1 min"),
        (61, "2 min"),
        (3599, "1 h 0 min"),
        (3 * 3600 + 18 * 60, "3 h 18 min"),
        (4 * 3600, "4 h 0 min"),
    ],
)
def test_a_span_is_rounded_up(seconds, words):
    """Whoever waits as long as told has waited long enough."""
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [("2009-03", "March 2009"), ("2026-12", "December 2026"), ("0976-01", "January 976")],
)
def test_a_month_is_named(name, words):
    """By its name, the year after it."""
    assert month(name) == words


def test_moments_are_written_in_utc():
    """To the second, whatever the zone they come in."""
    pacific = timezone(timedelta(hours=-8))

    assert rfc3339(datetime(2026, 3, 1, 23, 30, 1, tzinfo=pacific)) == "2026-03-02T07:30:01Z"
    assert rfc3339(datetime(2026, 3, 1, 1, 2, 3, 999, tzinfo=UTC)) == "2026-03-01T01:02:03Z"
