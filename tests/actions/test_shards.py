"""How the accounts of a run are divided among jobs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.actions.shards import (
    MAX_SHARDS,
    Shard,
    expected_requests,
    parse_shard,
    planned_shards,
)
from generator.errors import UsageError
from tests.factories import make_account, make_status


def synced(name, records):
    return make_account(name, status=make_status(records=records))


def synced_accounts(number, records):
    return [synced(f"a{index}", records) for index in range(number)]


@pytest.mark.parametrize(
    ("account", "requests"),
    [
        *(
            (synced("a", records), requests)
            for records, requests in [
                *((0, 1), (1, 1), (100, 1), (101, 4), (1497, 17), (20_000, 202)),
            ]
        ),
        (make_account(), 12),
    ],
)
def test_a_reading_takes_its_pages_and_two_more(account, requests):
    assert expected_requests(account) == requests


@pytest.mark.parametrize(
    ("number", "records", "shards"),
    [
        *((1, 300, 1), (1, 100_000, 1), (10, 1500, 1), (18, 1500, 2), (200, 1500, 12)),
        *((1000, 300, 17), (2000, 1500, MAX_SHARDS)),
    ],
)
def test_a_job_is_started_for_300_requests(number, records, shards):
    planned = planned_shards(synced_accounts(number, records))

    assert len(planned) == shards
    assert [str(shard) for shard in planned] == [f"{n}/{shards}" for n in range(1, shards + 1)]


def test_a_job_without_accounts_is_not_planned():
    crowd = [one for one in synced_accounts(40, 300) if Shard(2, 3).includes(one.id)][:3]

    assert planned_shards(crowd, 1) == (Shard(2, 3),)


@given(st.from_regex(r"[0-9a-f]{16}", fullmatch=True), st.integers(1, MAX_SHARDS))
def test_every_account_belongs_to_one_shard(account_id, count):
    owning = [n for n in range(1, count + 1) if Shard(n, count).includes(account_id)]

    assert len(owning) == 1


def test_a_shard_is_read_as_it_is_written():
    assert parse_shard("2/3") == Shard(2, 3)
    assert str(Shard(2, 3)) == "2/3"


@pytest.mark.parametrize(
    "text", ["", "1", "0/3", "4/3", "1/0", "a/b", "-1/3", "1/3/5", "²/3", " 1/3"]
)
def test_another_text_is_not_a_shard(text):
    with pytest.raises(UsageError, match="--shard: must be I/N"):
        parse_shard(text)
