"""Packing: numbers as text that reads back the same and is as long as it has to be."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.derive.packing import (
    LARGEST,
    lines,
    packed,
    packed_lists,
    packed_repeats,
    packed_steps,
    unpacked_steps,
)

DIGITS = " !#$%'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~"


def unpacked(text, count):
    """The numbers in a text, place by place."""
    planes = [text[start : start + count] for start in range(0, len(text), count or 1)]
    return [
        sum(DIGITS.index(plane[at]) * 89**power for power, plane in enumerate(reversed(planes)))
        for at in range(count)
    ]


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([], ""),
        ([0, 0, 0], ""),
        ([0, 1, 2, 88], " !#~"),
        ([89, 1], "!  !"),
        ([89 * 89 - 1, 0, 90], "~ !~ !"),
    ],
)
def test_numbers_are_written_in_base_89(numbers, text):
    """The highest digits of all, then the next; zeros alone need none."""
    assert packed(numbers) == text


@given(st.lists(st.integers(0, 2 * LARGEST), max_size=20))
def test_numbers_read_back_the_same(numbers):
    """Whatever they are; in JSON and in HTML every digit stands for itself."""
    text = packed(numbers)

    assert unpacked(text, len(numbers)) == numbers
    assert json.dumps(text) == f'"{text}"'
    assert not set("<>&`") & set(text)


@given(st.lists(st.integers(0, LARGEST), max_size=20))
def test_steps_lead_back_to_the_numbers(numbers):
    """The sign is the lowest bit: 0, -1, 1, -2, 2 are 0 to 4."""
    found = packed_steps(numbers)
    total, sums = found["first"], []
    for step in unpacked(found["steps"], len(numbers)):
        total += -(step + 1) // 2 if step % 2 else step // 2
        sums.append(total)

    assert sums == numbers
    assert unpacked_steps(found, len(numbers)) == numbers


def test_another_count_has_no_such_steps():
    """Two digits each are no steps of three numbers."""
    with pytest.raises(ValueError, match="is as long as that many numbers never are"):
        unpacked_steps(packed_steps([1, 500]), 3)


@pytest.mark.parametrize(
    ("keys", "text"),
    [("", ""), ("abc", ""), ("aab", " ! "), ("abcab", "   $#"), ("abab", "  #!")],
)
def test_repeats_tell_how_many_new_ones_ago(keys, text):
    """0 for a new one; the newest one again is 1."""
    assert packed_repeats(keys) == text


def test_lists_stand_end_to_end():
    """How long each is, and the numbers of all."""
    assert packed_lists([[1, 2], [], [3]]) == {"sizes": "# !", "entries": "!#$"}


def test_texts_are_lines():
    """A break within one would make two of it, and search keeps fields apart by other controls."""
    assert lines(["one", "", "two\nthree", "\x01é\x02坂"]) == "one\n\ntwo three\n é 坂"
