"""Pacing: when the next request may start, and how long a run has waited by now.

Discogs counts requests by source address in a moving window and tells what is left in three
headers, any of which may be missing. All requests of a run share one Pacing, whoever sends them.
"""

import math
import random as dice
import threading
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

_CALM = 50
"""Requests in a window while the limit is unknown: 1.2 s apart in a window of 60 s."""
_SPARE = 0.02
_BACKOFF = (1, 2)
"""Pauses after refusals in a row, in windows, where Discogs names none; the third is enough."""
_JITTER = 0.25
_MOMENT = 1e-6
_NO_USE = "the last answer was no use"

Notice = Callable[[float, str], None]
"""Told before a pause: its seconds and why."""


class _Answered(NamedTuple):
    """A request that came to its end, well or not."""

    started: float
    ended: float
    told: bool
    """Whether its answer told what is left, so that it was certainly counted."""
    frees: bool = True
    """Whether one more may start once it has left the window."""


class PauseTooLong(Exception):
    """The pause that is due would exceed what the run may still wait."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(f"{seconds:.0f} s: {reason}")
        self.seconds = seconds
        self.reason = reason


class Enough(Exception):
    """Discogs refused so often in a row that this run asks no more."""


def _say_nothing(seconds: float, reason: str) -> None:
    """Nobody is there to be told."""


class Pacing:
    """The allowance of one source address: the run's own requests and what Discogs tells.

    While more than `reserve` requests are left, a request starts at once. From there on they
    start one a second (a window divided by the limit). With nothing left the next one waits
    until enough of the run's own requests have left the window. While nothing is known the first
    request starts at once and the others 1.2 s apart. One thread starts requests; any may learn.

    What is left is never overrated: Discogs counts a request at an unknown moment between its
    start and its answer, and the worst of those moments is assumed.
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
        self.notice: Notice = _say_nothing
        self._window = window
        self._reserve = reserve
        self._sleep = sleep
        self._random = random
        self._lock = threading.Lock()
        self._room: int | None = None
        self._open = 0
        self._answered: list[_Answered] = []
        self._started = -math.inf
        self._learned = -math.inf
        self._held = -math.inf
        self._reason = ""
        self._refused_at = -math.inf
        self._refusals = 0

    def wait_turn(self, max_wait: float = math.inf, allowed: int | None = None) -> float:
        """Wait until a request may start and book it: when that was. `learn` must follow.

        `allowed` is the limit of its sender, where the one last told may be that of another.

        Raises PauseTooLong, without waiting, if that took the run's waiting above `max_wait`, and
        Enough once Discogs refused three times in a row. Keeping requests apart is no waiting.
        """
        while True:
            with self._lock:
                now = self.clock()
                if self._is_enough():
                    raise Enough
                pause = self._due(now, allowed) - now
                if pause <= _MOMENT:
                    self._book(now)
                    return now
                barred = self._barred(allowed) - now
                reason = self._reason if self._held > now else _words(barred)
                self._spend(barred, max_wait, reason)
            self.notice(pause, reason)
            # What is learnt meanwhile may ask for more patience, so it is looked at again.
            self._sleep(pause)

    def pause(self, allowed: int | None = None) -> float:
        """Seconds until a request may start, unless an answer brings news before."""
        with self._lock:
            now = self.clock()
            return 0.0 if self._is_enough() else max(0.0, self._due(now, allowed) - now)

    def learn(self, headers: Mapping[str, str], started: float) -> None:
        """Take in what the answer to a request says; one without an answer has no headers."""
        limit = _number(headers.get("X-Discogs-Ratelimit"))
        remaining = _number(headers.get("X-Discogs-Ratelimit-Remaining"))
        with self._lock:
            now = self.clock()
            self._open = max(0, self._open - 1)
            self._forget(now)
            self.limit = limit or self.limit
            if remaining is not None:
                self._take_in(remaining, started, now)
            self._answered.append(_Answered(started, now, remaining is not None))

    def back_off(self, attempt: int, max_wait: float = math.inf) -> None:
        """Let nobody start for 1, 2, 4 … s (and up to a quarter more); attempts count from 0.

        Raises PauseTooLong if that took the run's waiting above `max_wait`.
        """
        seconds = 2**attempt * (1 + _JITTER * self._random())
        with self._lock:
            if self.waited + seconds > max_wait:
                raise PauseTooLong(seconds, _NO_USE)
            self._hold(seconds, _NO_USE)

    def refused(self, retry_after: float | None, started: float) -> None:
        """Let nobody start for `retry_after` seconds, or for 1, then 2 windows without it.

        A request that had started before an earlier refusal was known tells nothing new.
        """
        with self._lock:
            if started < self._refused_at:
                return
            own = self._window * _BACKOFF[min(self._refusals, len(_BACKOFF) - 1)]
            self._hold(retry_after or own, "Discogs answered 429, too many requests")
            # Discogs has said when to ask again, whatever the allowance was before.
            self._room = None
            self._refused_at = self.clock()
            self._refusals += 1

    def accepted(self, started: float) -> None:
        """A request succeeded, so refusals in a row are counted anew.

        One that had started before the last refusal was known tells nothing new.
        """
        with self._lock:
            if started >= self._refused_at:
                self._refusals = 0

    def _hold(self, seconds: float, reason: str) -> None:
        until = self.clock() + seconds
        if until > self._held:
            self._held, self._reason = until, reason

    def _is_enough(self) -> bool:
        return self._refusals > len(_BACKOFF)

    def _book(self, now: float) -> None:
        self._started = now
        self._open += 1
        if self._room is not None:
            self._room -= 1

    def _take_in(self, remaining: int, started: float, now: float) -> None:
        """Set what is left by what an answer tells of a moment between its start and now."""
        # Requests that were under way together with this one may have been counted after it.
        together = self._open + sum(one.ended > started for one in self._answered)
        room = remaining - together
        if self._room is not None and self._room >= room and started < self._learned:
            return  # one of those together with it told more
        self._room, self._learned = room, now
        # Of the others, what had perhaps left the window or was never in it frees nothing later.
        since = now - self._window
        self._answered = [
            one._replace(frees=one.ended > started or (one.told and one.started > since))
            for one in self._answered
        ]

    def _due(self, now: float, allowed: int | None) -> float:
        """When the next request may start."""
        self._forget(now)
        return max(self._barred(allowed), self._next_beat(allowed))

    def _barred(self, allowed: int | None) -> float:
        """Until when nobody may start: a pause that was asked for, or nothing left."""
        room = self._room_for(allowed)
        if room is None or room > 0:
            return self._held
        return max(self._held, self._relief(1 - room))

    def _next_beat(self, allowed: int | None) -> float:
        """When the next request keeps its distance from the last, where that matters."""
        room = self._room_for(allowed)
        if room is not None and room > self._reserve:
            return -math.inf
        known = None if room is None else allowed or self.limit
        return self._started + self._window / (known or _CALM)

    def _room_for(self, allowed: int | None) -> int | None:
        """What is left to a sender: one with a smaller limit has used as much of it."""
        if self._room is None or self.limit is None or allowed is None:
            return self._room
        return self._room - max(0, self.limit - allowed)

    def _relief(self, needed: int) -> float:
        """When `needed` of the run's own requests will have left the window."""
        ends = [one.ended for one in self._answered if one.frees]
        return (ends[min(needed, len(ends)) - 1] if ends else self._learned) + self._stay()

    def _stay(self) -> float:
        """How long after its answer a request may count, with a little to spare."""
        return self._window * (1 + _SPARE)

    def _forget(self, now: float) -> None:
        """Let what left the window make room; what was told longest ago is not known any more."""
        left = now - self._stay()
        if self._room is not None:
            self._room += sum(one.frees and one.ended <= left for one in self._answered)
            if self._room <= 0 and self._learned <= left:
                self._room = None
        self._answered = [one for one in self._answered if one.ended > left]

    def _spend(self, seconds: float, max_wait: float, reason: str) -> None:
        if seconds <= 0:
            return
        if self.waited + seconds > max_wait:
            raise PauseTooLong(seconds, reason)
        self.waited += seconds


def _words(barred: float) -> str:
    return "the rate limit is used up" if barred > 0 else "the rate limit is near"


def _number(text: str | None) -> int | None:
    """A header's number, none if it is missing or garbage."""
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > 6:
        return None
    return int(text)
