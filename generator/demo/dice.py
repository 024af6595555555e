"""Chance that falls the same on every Python: only `random()` of a seeded generator is used."""

import math
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Seeded choices; Python promises `random()` alone to stay the same between versions."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, not including, `limit`."""
        return int(self._random() * limit)

    def between(self, least: float, most: float) -> float:
        """A number in a range."""
        return least + (most - least) * self._random()

    def whole(self, least: int, most: int) -> int:
        """A whole number in a range, both ends included."""
        return least + self.below(most - least + 1)

    def chance(self, probability: float) -> bool:
        """True that often."""
        return self._random() < probability

    def pick(self, values: Sequence[T]) -> T:
        """One of them."""
        return values[self.below(len(values))]

    def weighted(self, values: Sequence[T], weights: Sequence[float]) -> T:
        """One of them, the heavier the likelier."""
        left = self._random() * math.fsum(weights)
        for value, weight in zip(values, weights, strict=True):
            left -= weight
            if left < 0:
                return value
        return values[-1]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """All of them in another order."""
        pool = list(values)
        for last in range(len(pool) - 1, 0, -1):
            other = self.below(last + 1)
            pool[last], pool[other] = pool[other], pool[last]
        return pool

    def some(self, values: Sequence[T], count: int) -> list[T]:
        """That many different ones, or all if there are fewer."""
        return self.shuffled(values)[:count]
