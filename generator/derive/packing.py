"""Packing: lists of small numbers and of texts as single strings that a browser opens quickly.

Numbers are written in base 89: first the highest digit of all of them, then the next. Digits of
one place resemble each other, so the text compresses better than the numbers in decimal.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

BASE = 89
LARGEST = 2**52
"""Twice this number is still exact in a browser, where a sign is kept in the lowest bit."""

_DIGITS = bytes(code for code in range(32, 127) if chr(code) not in '"\\<>&`').ljust(256)
"""Printable ASCII without what JSON or HTML would escape, and without the grave accent."""

_CONTROLS = dict.fromkeys(range(32), " ")


def packed(numbers: Sequence[int]) -> str:
    """Whole numbers from 0, as many digits each as the greatest needs; none at all for zeros."""
    top = max(numbers, default=0)
    scales: list[int] = []
    while top:
        scales.append(BASE ** len(scales))
        top //= BASE
    return "".join(
        bytes(number // scale % BASE for number in numbers).translate(_DIGITS).decode()
        for scale in reversed(scales)
    )


def packed_steps(numbers: Sequence[int]) -> dict[str, object]:
    """Numbers that lie near to the ones before them: the first, then each one's step."""
    steps = [0, *(later - earlier for earlier, later in pairwise(numbers))]
    return {"first": next(iter(numbers), 0), "steps": packed([_unsigned(step) for step in steps])}


def unpacked_steps(column: Mapping[str, Any], count: int) -> list[int]:
    """The numbers that `packed_steps` packed. Raises ValueError or KeyError for anything else."""
    first, steps = int(column["first"]), str(column["steps"])
    places, rest = divmod(len(steps), count or 1)
    if rest:
        raise ValueError("is as long as that many numbers never are")
    numbers = [0] * count
    for place in range(places):
        digits = steps[place * count : (place + 1) * count]
        numbers = [
            number * BASE + _DIGITS.index(digit)
            for number, digit in zip(numbers, digits.encode(), strict=True)
        ]
    return list(accumulate(map(_signed, numbers[1:]), initial=first))[:count]


def packed_repeats(keys: Iterable[Hashable]) -> str:
    """Which entries are alike: 0 for one not seen before, else how many new ones ago it was new."""
    places: dict[Hashable, int] = {}
    numbers = []
    for key in keys:
        numbers.append(len(places) - places[key] if key in places else 0)
        places.setdefault(key, len(places))
    return packed(numbers)


def packed_lists(lists: Sequence[Sequence[int]]) -> dict[str, str]:
    """Lists of numbers, end to end, and how long each is."""
    return {
        "sizes": packed([len(each) for each in lists]),
        "entries": packed([number for each in lists for number in each]),
    }


def lines(texts: Iterable[str]) -> str:
    """Texts as lines of one; control characters, which none should have, become spaces."""
    return "\n".join(text if text.isprintable() else text.translate(_CONTROLS) for text in texts)


def _signed(number: int) -> int:
    return -(number // 2) - 1 if number % 2 else number // 2


def _unsigned(step: int) -> int:
    """The sign in the lowest bit, so that small steps in either direction are small numbers."""
    return step * 2 if step >= 0 else -step * 2 - 1
