"""Discogs' rate limit: a moving window per source address."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the window says about one request."""

    limit: int
    used: int
    granted: bool

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The three headers that tell it to the client."""
        return (
            ("X-Discogs-Ratelimit", str(self.limit)),
            ("X-Discogs-Ratelimit-Used", str(self.used)),
            ("X-Discogs-Ratelimit-Remaining", str(max(0, self.limit - self.used))),
        )


class MovingWindow:
    """Counts the requests of each address during the last `seconds`; refused ones count not."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self.seconds = seconds
        self.authenticated = 60
        self.anonymous = 25
        self._clock = clock
        self._taken: defaultdict[str, deque[float]] = defaultdict(deque)

    def take(self, source: str, *, authenticated: bool) -> Allowance:
        """Spend one request of `source`, if the window has room for it."""
        limit = self.authenticated if authenticated else self.anonymous
        taken = self._recent(source)
        granted = len(taken) < limit
        if granted:
            taken.append(self._clock())
        return Allowance(limit, len(taken), granted)

    def spend(self, source: str, requests: int) -> None:
        """Count requests that somebody else behind the same address made just now."""
        self._recent(source).extend([self._clock()] * requests)

    def _recent(self, source: str) -> deque[float]:
        taken = self._taken[source]
        while taken and taken[0] <= self._clock() - self.seconds:
            taken.popleft()
        return taken
