"""How accounts are dealt out to jobs."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.derive.shards import (
    MOST,
    Shard,
    expected_requests,
    parse_shard,
    planned_shards,
)
from generator.errors import UsageError
from tests.factories import make_account

READ = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def accounts(number, records):
    """Accounts that were read before, with so many records each."""
    return [make_account(f"a{index}", records=records, synced_at=READ) for index in range(number)]


@pytest.mark.parametrize(
    ("records", "requests"), [(0, 1), (1, 1), (100, 1), (101, 4), (1497, 17), (20_000, 202)]
)
def test_a_reading_takes_its_pages_and_two_more(records, requests):
    """One page is proven by itself; of several, the last is read twice more."""
    assert expected_requests(make_account(records=records, synced_at=READ)) == requests


def test_what_was_never_read_is_taken_for_a_thousand_records():
    """Its size is not known yet."""
    assert expected_requests(make_account()) == 12


@pytest.mark.parametrize(
    ("number", "records", "shards"),
    [(1, 300, 1), (1, 100_000, 1), (10, 1500, 1), (18, 1500, 2), (200, 1500, 12), (1000, 300, 17)],
)
def test_a_job_is_worth_three_hundred_requests(number, records, shards):
    """As many jobs as that takes, never more than there are accounts."""
    assert len(planned_shards(accounts(number, records))) == shards


def test_there_are_never_too_many_jobs():
    """Whatever there is to do."""
    shards = planned_shards(accounts(2000, 1500))

    assert [str(shard) for shard in shards] == [f"{n}/{MOST}" for n in range(1, MOST + 1)]


def test_a_job_without_anybody_is_not_planned():
    """Three accounts that fall into the same of three shards are one job."""
    crowd = [one for one in accounts(40, 300) if Shard(2, 3).has(one.id)][:3]

    assert planned_shards(crowd, 1) == (Shard(2, 3),)


@given(st.from_regex(r"[0-9a-f]{16}", fullmatch=True), st.integers(1, MOST))
def test_every_account_belongs_to_one_shard(account_id, count):
    """Whoever else is due."""
    owning = [number for number in range(1, count + 1) if Shard(number, count).has(account_id)]

    assert len(owning) == 1


def test_a_shard_is_written_as_it_is_read():
    """I/N, counted from 1."""
    assert parse_shard("2/3") == Shard(2, 3)
    assert str(Shard(2, 3)) == "2/3"


@pytest.mark.parametrize(
    "text", ["", "1", "0/3", "4/3", "1/0", "a/b", "-1/3", "1/3/5", "²/3", " 1/3"]
)
def test_what_is_no_shard_is_refused(text):
    """With the option it came from."""
    with pytest.raises(UsageError, match="--shard: must be I/N"):
        parse_shard(text)
