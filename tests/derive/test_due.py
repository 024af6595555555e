"""Cooldown: which accounts may be synced, and in which order."""

from datetime import timedelta

import pytest

from generator.derive.due import account_state, cooldown_end, due_accounts, is_due, next_sync
from generator.domain.account import Source
from generator.errors import Problem
from tests.factories import CONNECTION, NOW, make_account, make_status

COOLDOWN = timedelta(hours=4)
SECOND = timedelta(seconds=1)
LATE = {"problem": Problem("{account}", "timed out", ""), "failed_connection": CONNECTION}


def synced(name="low-tide", ago=timedelta(0), **changes):
    """An account whose last sync ended some time ago."""
    return make_account(name, status=make_status(last_sync=NOW - ago, **changes))


@pytest.mark.parametrize(
    ("account", "cooldown", "due"),
    [
        # The cooldown counts from the end of the last success, to the second.
        (synced(ago=timedelta(0)), COOLDOWN, False),
        (synced(ago=COOLDOWN - SECOND), COOLDOWN, False),
        (synced(ago=COOLDOWN), COOLDOWN, True),
        (synced(ago=COOLDOWN, failures=3, **LATE), COOLDOWN, True),
        (synced(ago=SECOND), timedelta(0), True),
        # Never synced, or connected again since.
        (make_account(), COOLDOWN, True),
        (synced(connection="before"), COOLDOWN, True),
        # A last sync in the future: the clock was set back.
        (synced(ago=-SECOND), COOLDOWN, True),
        (synced(ago=-timedelta(days=400)), COOLDOWN, True),
        # An import cannot be read again.
        (make_account(source=Source.CSV), COOLDOWN, False),
    ],
)
def test_an_account_is_due_once_its_cooldown_is_over(account, cooldown, due):
    assert is_due(account, cooldown, NOW) is due


def test_the_end_of_a_cooldown_is_known_before_and_after_it():
    account = synced()

    assert next_sync(account, COOLDOWN, NOW + SECOND) == NOW + COOLDOWN
    assert next_sync(account, COOLDOWN, NOW + COOLDOWN) is None
    assert cooldown_end(account, COOLDOWN) == NOW + COOLDOWN
    assert cooldown_end(account, timedelta(0)) is None
    assert cooldown_end(make_account(), COOLDOWN) is None
    assert cooldown_end(synced(connection="before"), COOLDOWN) is None


def test_the_account_synced_longest_ago_is_first():
    late, later = synced("late", timedelta(hours=9)), synced("later", timedelta(hours=10))
    cooling = synced("cooling", timedelta(hours=1))
    new, newer = make_account("z"), make_account("a", connected_at=NOW)

    found = due_accounts((late, newer, later, cooling, new), COOLDOWN, NOW)

    assert found == (new, newer, later, late)


@pytest.mark.parametrize(
    ("account", "state"),
    [
        (make_account(), "new"),
        (synced(), "ok"),
        (synced(ago=COOLDOWN), "due"),
        (synced(**LATE), "failing"),
        (make_account(status=make_status(last_sync=None, **LATE)), "failing"),
        (synced(held=3, **LATE), "held"),
        (synced(reconnect=True, held=3, **LATE), "reconnect"),
        (synced(**(LATE | {"failed_connection": "before"}), reconnect=True), "ok"),
    ],
)
def test_a_state_is_the_most_urgent_word(account, state):
    assert account_state(account, COOLDOWN, NOW) == state
