"""Pacing: when the next request may start, and how long a run has waited by now.

Discogs counts requests by source address in a moving window and tells what is left in three
headers, any of which may be missing. All requests of a run share one Pacing, whoever sends them.
"""

import math
import random as dice
import threading
import time
from bisect import insort
from collections.abc import Callable, Mapping

_CALM = 50
"""Requests in a window while the limit is unknown: 1.2 s apart in a window of 60 s."""
_BACKOFF = (1, 2, 4)
"""Pauses after refusals in a row, in windows, where Discogs names none; then it is enough."""
_JITTER = 0.25


class PauseTooLong(Exception):
    """The pause that is due would exceed what the run may still wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s")
        self.seconds = seconds


class Pacing:
    """The allowance of one source address: the run's own requests and what Discogs tells.

    While more than `reserve` requests are left, a request starts at once. From there on they
    start one a second (a window divided by the limit). With nothing left the next one waits
    until enough of the run's own requests have left the window. While nothing is known the first
    request starts at once and the others 1.2 s apart.
    """

    def __init__(
        self,
        window: float = 60.0,
        reserve: int = 5,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = dice.random,
    ) -> None:
        self.limit: int | None = None
        """Requests a window allows, as last told."""
        self.waited = 0.0
        """Seconds waited in this run, for whatever reason."""
        self.clock = clock
        self._window = window
        self._reserve = reserve
        self._sleep = sleep
        self._random = random
        self._lock = threading.Lock()
        self._starts: list[float] = []
        self._open = 0
        self._share: int | None = None
        self._learned = -math.inf
        self._held = -math.inf
        self._refusals = 0

    def wait_turn(self, max_wait: float = math.inf) -> None:
        """Wait until a request may start, and book it; `learn` must follow its answer.

        Raises PauseTooLong, without waiting, if that took the run's waiting above `max_wait`.
        """
        with self._lock:
            now = self.clock()
            start = max(now, self._next_start(now))
            self._spend(start - now, max_wait)
            insort(self._starts, start)
            self._open += 1
        self._rest(start - now)

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take in what an answer says; a request that got no answer has no headers."""
        limit = _number(headers.get("X-Discogs-Ratelimit"))
        remaining = _number(headers.get("X-Discogs-Ratelimit-Remaining"))
        with self._lock:
            self._open = max(0, self._open - 1)
            self._forget(self.clock())
            self.limit = limit or self.limit
            if remaining is not None:
                # Requests under way may not have been counted yet.
                self._share = remaining + len(self._starts) - self._open
                self._learned = self.clock()

    def pause(self, attempt: int, max_wait: float = math.inf) -> None:
        """Wait 1, 2, 4 … s (and up to a quarter more) before another attempt, counted from 0.

        Raises PauseTooLong, without waiting, if that took the run's waiting above `max_wait`.
        """
        seconds = 2**attempt * (1 + _JITTER * self._random())
        with self._lock:
            self._spend(seconds, max_wait)
        self._rest(seconds)

    def refused(self, retry_after: float | None) -> bool:
        """Let nobody start for `retry_after` seconds, or for 1, 2, then 4 windows without it.

        False when Discogs refused too often in a row for this run to go on asking.
        """
        with self._lock:
            own = self._window * _BACKOFF[min(self._refusals, len(_BACKOFF) - 1)]
            self._held = max(self._held, self.clock() + (retry_after or own))
            # Discogs has said when to ask again, whatever the allowance was before.
            self._share = None
            self._refusals += 1
            return self._refusals <= len(_BACKOFF)

    def accepted(self) -> None:
        """A request succeeded, so refusals in a row are counted anew."""
        with self._lock:
            self._refusals = 0

    def _next_start(self, now: float) -> float:
        self._forget(now)
        room = None if self._share is None else self._share - len(self._starts)
        earliest = self._held
        if room is not None and room <= 0:
            earliest = max(earliest, self._relief(1 - room))
        if self._starts and (room is None or room <= self._reserve):
            known = None if room is None else self.limit
            earliest = max(earliest, self._starts[-1] + self._window / (known or _CALM))
        return earliest

    def _relief(self, needed: int) -> float:
        """When `needed` of the run's own requests will have left the window."""
        if not self._starts:
            return self._learned + self._window
        return self._starts[min(needed, len(self._starts)) - 1] + self._stay()

    def _stay(self) -> float:
        """How long a request counts: it reaches Discogs later than it started here."""
        return self._window * (1 + 1 / _CALM)

    def _forget(self, now: float) -> None:
        gone = now - self._stay()
        self._starts = [start for start in self._starts if start > gone]

    def _spend(self, seconds: float, max_wait: float) -> None:
        if seconds > 0 and self.waited + seconds > max_wait:
            raise PauseTooLong(seconds)
        self.waited += seconds

    def _rest(self, seconds: float) -> None:
        if seconds > 0:
            self._sleep(seconds)


def _number(text: str | None) -> int | None:
    """A header's number, none if it is missing or garbage."""
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > 6:
        return None
    return int(text)
