"""Cooldown: who may be synced, and in which order."""

from datetime import timedelta

import pytest

from generator.derive.due import account_state, cooldown_end, due_accounts, is_due, next_sync
from tests.factories import NOW, make_account

FOUR_HOURS = timedelta(hours=4)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("passed", "due"),
    [
        (timedelta(0), False),
        (SECOND, False),
        (FOUR_HOURS - SECOND, False),
        (FOUR_HOURS, True),
        (FOUR_HOURS + SECOND, True),
    ],
)
def test_the_cooldown_ends_to_the_second(passed, due):
    """Four hours from the end of the last successful sync, not a second less or more."""
    account = make_account(last_sync=NOW - passed)

    assert is_due(account, FOUR_HOURS, NOW) is due


def test_the_end_of_the_cooldown_is_told():
    """While it lasts, the moment it ends; afterwards nothing."""
    account = make_account(last_sync=NOW)

    assert next_sync(account, FOUR_HOURS, NOW + SECOND) == NOW + FOUR_HOURS
    assert next_sync(account, FOUR_HOURS, NOW + FOUR_HOURS) is None


def test_the_end_of_the_cooldown_needs_no_clock():
    """Whenever it is looked at; nothing where no sync or no cooldown counts."""
    account = make_account(last_sync=NOW)

    assert cooldown_end(account, FOUR_HOURS) == NOW + FOUR_HOURS
    assert cooldown_end(account, timedelta(0)) is None
    assert cooldown_end(make_account(), FOUR_HOURS) is None
    assert cooldown_end(make_account(last_sync=NOW, fresh=True), FOUR_HOURS) is None


def test_a_first_sync_waits_for_nothing():
    """An account never synced is due, and so is one connected again since its last sync."""
    assert is_due(make_account(), FOUR_HOURS, NOW)
    assert is_due(make_account(last_sync=NOW, fresh=True), FOUR_HOURS, NOW)


def test_a_clock_set_back_locks_nobody_out():
    """A last sync in the future means that the clock moved."""
    assert is_due(make_account(last_sync=NOW + timedelta(days=400)), FOUR_HOURS, NOW)
    assert is_due(make_account(last_sync=NOW + SECOND), FOUR_HOURS, NOW)


def test_no_cooldown_means_always_due():
    """A cooldown of nothing is over at once."""
    assert is_due(make_account(last_sync=NOW), timedelta(0), NOW)


def test_a_failure_starts_no_cooldown():
    """What counts is the last success, however often it failed since."""
    account = make_account(last_sync=NOW - FOUR_HOURS, failures=3, problem="timed out")

    assert is_due(account, FOUR_HOURS, NOW)


def test_who_waited_longest_is_first():
    """Never synced before all others, then by the last sync; who is not due is left out."""
    late = make_account("late", last_sync=NOW - timedelta(hours=9))
    later = make_account("later", last_sync=NOW - timedelta(hours=10))
    cooling = make_account("cooling", last_sync=NOW - timedelta(hours=1))
    fresh = make_account("new")

    assert due_accounts((late, later, cooling, fresh), FOUR_HOURS, NOW) == (fresh, later, late)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "new"),
        ({"last_sync": NOW}, "ok"),
        ({"last_sync": NOW - FOUR_HOURS}, "due"),
        ({"last_sync": NOW, "problem": "timed out"}, "failing"),
        ({"problem": "timed out"}, "failing"),
        ({"last_sync": NOW, "problem": "held back", "held": 3}, "held"),
        ({"last_sync": NOW, "problem": "no", "reconnect": True}, "reconnect"),
    ],
)
def test_a_state_is_one_word(changes, state):
    """The most urgent of what can be said of an account."""
    assert account_state(make_account(**changes), FOUR_HOURS, NOW) == state
