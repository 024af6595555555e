"""Pacing: when the next request may start, and how long a run has waited so far.

Discogs counts requests by source address in a moving window and reports the quota in three headers,
any of which may be missing. All requests of a run share one Pacing.
"""

import math
import random as random_module
import threading
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

_UNKNOWN_LIMIT = 50
"""Requests in a window while the limit is unknown: 1.2 s apart in a window of 60 s."""
_SPARE = 0.02
_BACKOFF = (1, 2)
"""Pauses after refusals in a row, in windows, where Discogs names none; the third is final."""
_JITTER = 0.25
_MOMENT = 1e-6
_FAILED = "the last request failed"

OnPause = Callable[[float, str], None]  # called before a pause with its seconds and its reason


class _Finished(NamedTuple):
    """A request that ended, successfully or not."""

    started: float
    ended: float
    had_headers: bool  # its response reported the quota, so Discogs certainly counted it
    frees: bool = True  # one more request may start once it has left the window


class PauseTooLong(Exception):
    """The pause that is due would exceed the run's remaining wait."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(f"{seconds:.0f} s: {reason}")
        self.seconds = seconds
        self.reason = reason


class TooManyRefusals(Exception):
    """Discogs refused so often in a row that this run stops asking."""


def _ignore(seconds: float, reason: str) -> None:
    """No pause is reported."""


class Pacing:
    """The quota of one source address, from the run's own requests and Discogs' headers.

    While more than `reserve` requests remain, a request starts at once. Below that they start one
    interval apart (a window divided by the limit). With none remaining the next one waits until
    enough of the run's own requests have left the window. While the quota is unknown the first
    request starts at once and the others 1.2 s apart. One thread starts requests; any may learn.

    The remaining quota is never overestimated: Discogs counts a request at an unknown moment
    between its start and its response, and the worst of those moments is assumed.
    """

    def __init__(
        self,
        window: float = 60.0,
        reserve: int = 5,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = random_module.random,
    ) -> None:
        self.limit: int | None = None  # requests a window allows, as last reported
        self.waited = 0.0  # seconds waited in this run, for any reason
        self.clock = clock
        self.on_pause: OnPause = _ignore
        self._window = window
        self._reserve = reserve
        self._sleep = sleep
        self._random = random
        self._lock = threading.Lock()
        self._remaining: int | None = None
        self._open = 0
        self._finished: list[_Finished] = []
        self._started = -math.inf
        self._learned_at = -math.inf
        self._held_until = -math.inf
        self._reason = ""
        self._refused_at = -math.inf
        self._refusals = 0

    def wait_turn(self, max_wait: float = math.inf, limit: int | None = None) -> float:
        """Wait until a request may start, book it, and return its start. `learn` must follow.

        `limit` is the sender's own limit, where the last one reported may belong to another sender.

        Raises PauseTooLong, without waiting, if the wait took the run above `max_wait`, and
        TooManyRefusals after three refusals in a row. The interval between requests is not a wait.
        """
        while True:
            with self._lock:
                now = self.clock()
                if self._is_final():
                    raise TooManyRefusals
                pause = self._due(now, limit) - now
                if pause <= _MOMENT:
                    self._book(now)
                    return now
                barred = self._barred(limit) - now
                reason = self._reason if self._held_until > now else _reason(barred)
                self._add_wait(barred, max_wait, reason)
            self.on_pause(pause, reason)
            # A response during the pause may ask for a longer one, so the loop checks again.
            self._sleep(pause)

    def pause(self, limit: int | None = None) -> float:
        """Seconds until a request may start, unless a response changes that."""
        with self._lock:
            now = self.clock()
            return 0.0 if self._is_final() else max(0.0, self._due(now, limit) - now)

    def learn(self, headers: Mapping[str, str], started: float) -> None:
        """Update the quota from a response; a request without a response has no headers."""
        reported = _number(headers.get("X-Discogs-Ratelimit"))
        remaining = _number(headers.get("X-Discogs-Ratelimit-Remaining"))
        with self._lock:
            now = self.clock()
            self._open = max(0, self._open - 1)
            self._forget(now)
            self.limit = reported or self.limit
            if remaining is not None:
                self._update(remaining, started, now)
            self._finished.append(_Finished(started, now, remaining is not None))

    def back_off(self, attempt: int, max_wait: float = math.inf) -> None:
        """Pause all requests for 1, 2, 4 … s (and up to a quarter more); attempts count from 0.

        Raises PauseTooLong if that took the run's waiting above `max_wait`.
        """
        seconds = 2**attempt * (1 + _JITTER * self._random())
        with self._lock:
            if self.waited + seconds > max_wait:
                raise PauseTooLong(seconds, _FAILED)
            self._hold(seconds, _FAILED)

    def refused(self, retry_after: float | None, started: float) -> None:
        """Pause all requests for `retry_after` seconds, or for 1, then 2 windows without it.

        A request that started before an earlier refusal was known adds nothing.
        """
        with self._lock:
            if started < self._refused_at:
                return
            own = self._window * _BACKOFF[min(self._refusals, len(_BACKOFF) - 1)]
            self._hold(retry_after or own, "Discogs answered 429, too many requests")
            # The pause replaces the quota known before.
            self._remaining = None
            self._refused_at = self.clock()
            self._refusals += 1

    def accepted(self, started: float) -> None:
        """A request succeeded, which ends a row of refusals.

        A request that started before the last refusal was known does not.
        """
        with self._lock:
            if started >= self._refused_at:
                self._refusals = 0

    def _hold(self, seconds: float, reason: str) -> None:
        until = self.clock() + seconds
        if until > self._held_until:
            self._held_until, self._reason = until, reason

    def _is_final(self) -> bool:
        return self._refusals > len(_BACKOFF)

    def _book(self, now: float) -> None:
        self._started = now
        self._open += 1
        if self._remaining is not None:
            self._remaining -= 1

    def _update(self, remaining: int, started: float, now: float) -> None:
        """Set the quota from a response that describes a moment between its start and now."""
        # Requests in flight together with this one may have been counted after it.
        together = self._open + sum(one.ended > started for one in self._finished)
        remaining = remaining - together
        known = self._remaining
        if known is not None and known >= remaining and started < self._learned_at:
            return  # a response in flight together with it reported less
        self._remaining, self._learned_at = remaining, now
        # Requests that had perhaps left the window, or were never in it, free nothing later.
        since = now - self._window
        self._finished = [
            one._replace(frees=one.ended > started or (one.had_headers and one.started > since))
            for one in self._finished
        ]

    def _due(self, now: float, limit: int | None) -> float:
        """When the next request may start."""
        self._forget(now)
        return max(self._barred(limit), self._interval_end(limit))

    def _barred(self, limit: int | None) -> float:
        """The end of a pause: one that was asked for, or one until the quota frees up."""
        remaining = self._remaining_for(limit)
        if remaining is None or remaining > 0:
            return self._held_until
        return max(self._held_until, self._next_free(1 - remaining))

    def _interval_end(self, limit: int | None) -> float:
        """The end of the interval after the last request, where the quota is low or unknown."""
        remaining = self._remaining_for(limit)
        if remaining is not None and remaining > self._reserve:
            return -math.inf
        known = None if remaining is None else limit or self.limit
        return self._started + self._window / (known or _UNKNOWN_LIMIT)

    def _remaining_for(self, limit: int | None) -> int | None:
        """The quota of a sender: the requests used count against a smaller limit too."""
        if self._remaining is None or self.limit is None or limit is None:
            return self._remaining
        return self._remaining - max(0, self.limit - limit)

    def _next_free(self, needed: int) -> float:
        """When `needed` of the run's own requests will have left the window."""
        ends = [one.ended for one in self._finished if one.frees]
        last = ends[min(needed, len(ends)) - 1] if ends else self._learned_at
        return last + self._counted_for()

    def _counted_for(self) -> float:
        """How long after its response a request may count, with a margin."""
        return self._window * (1 + _SPARE)

    def _forget(self, now: float) -> None:
        """Free the requests that left the window; a quota reported longer ago is unknown."""
        left = now - self._counted_for()
        if self._remaining is not None:
            self._remaining += sum(one.frees and one.ended <= left for one in self._finished)
            if self._remaining <= 0 and self._learned_at <= left:
                self._remaining = None
        self._finished = [one for one in self._finished if one.ended > left]

    def _add_wait(self, seconds: float, max_wait: float, reason: str) -> None:
        if seconds <= 0:
            return
        if self.waited + seconds > max_wait:
            raise PauseTooLong(seconds, reason)
        self.waited += seconds


def _reason(barred: float) -> str:
    return "the rate limit is used up" if barred > 0 else "the rate limit is near"


def _number(text: str | None) -> int | None:
    """The number in a header, None if it is missing or garbage."""
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > 6:
        return None
    return int(text)
