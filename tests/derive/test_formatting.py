"""Numbers, lengths of time, months and moments as text."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from generator.derive.formatting import month, plural, rfc3339, span


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 copies"), (1, "1 copy"), (2, "2 copies"), (1497, "1,497 copies")]
)
def test_a_number_has_its_noun_and_separated_thousands(number, text):
    assert plural(number, "copy", "copies") == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        *((0, "0 s"), (0.2, "1 s"), (42, "42 s"), (59, "59 s"), (60, "1 min"), (61, "2 min")),
        *((3599, "1 h 0 min"), (11880, "3 h 18 min"), (14400, "4 h 0 min")),
    ],
)
def test_a_span_is_rounded_up(seconds, text):
    assert span(seconds) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [("2009-03", "March 2009"), ("2026-12", "December 2026"), ("0976-01", "January 976")],
)
def test_a_month_is_named(name, text):
    assert month(name) == text


def test_moments_are_written_in_utc_to_the_second():
    pacific = timezone(timedelta(hours=-8))

    assert rfc3339(datetime(2026, 3, 1, 23, 30, 1, tzinfo=pacific)) == "2026-03-02T07:30:01Z"
    assert rfc3339(datetime(2026, 3, 1, 1, 2, 3, 999, tzinfo=UTC)) == "2026-03-01T01:02:03Z"
