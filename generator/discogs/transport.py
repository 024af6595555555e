"""Requests to Discogs: paced, several in parallel, retried within bounds.

One thread sends every request and interprets every response; workers only wait on I/O. A pause
applies to all requests, a permanent failure stops the run at once, and ordering needs no locks.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, NamedTuple, TypeVar

from requests.auth import AuthBase

from generator.derive.formatting import span
from generator.discogs.http import (
    NO_PARAMS,
    Anonymous,
    Call,
    Endpoints,
    Failure,
    Params,
    Response,
    Sender,
    Timeouts,
    read_json,
    retry_after,
)
from generator.discogs.pacing import Pacing, PauseTooLong, TooManyRefusals
from generator.errors import RateLimited, Unavailable

_RETRIES = 3
_ANONYMOUS_LIMIT = 25
_TIMES = ("", "", " twice", " three times", " four times")
_TOO_MANY = "Discogs answered 429, too many requests"

_Value = TypeVar("_Value")
_Reader = Callable[[Response], _Value | Failure]


class RetryPolicy(NamedTuple):
    """Bounds on all requests of a run."""

    max_wait: float = 600.0  # most seconds spent in pauses, by all users of one Pacing together
    concurrency: int = 6  # parallel requests
    timeouts: Timeouts = Timeouts()


class _Attempt(NamedTuple):
    """A call that needs a response, and its failures so far."""

    call: Call
    failures: tuple[str, ...] = ()
    started: float = 0.0


class Transport:
    """Access to Discogs with one set of credentials. Only GETs are retried."""

    def __init__(
        self,
        endpoints: Endpoints,
        user_agent: str,
        auth: AuthBase,
        *,
        pacing: Pacing,
        retry: RetryPolicy = RetryPolicy(),
    ) -> None:
        self.endpoints = endpoints
        self.seen_as_anonymous = False
        """Discogs granted a signed request no more than it grants to anonymous ones."""
        self._pacing = pacing
        self._retry = retry
        self._limit = _ANONYMOUS_LIMIT if isinstance(auth, Anonymous) else None
        self._sender = Sender(endpoints.api, user_agent, auth, retry.timeouts, pacing.clock)

    def get_json(self, path: str, params: Params = NO_PARAMS) -> dict[str, Any]:
        """The JSON object at a path below the API. Raises DiscogsError."""
        return self.fetch(Call("GET", path, params), read_json)

    def fetch(self, call: Call, read: _Reader[_Value]) -> _Value:
        """The value that `read` finds in the response to a call. Raises DiscogsError.

        `read` returns a Failure where a retry may help, and raises where it cannot.
        """
        return next(self.fetch_all((call,), read))[1]

    def fetch_all(
        self, calls: Sequence[Call], read: _Reader[_Value]
    ) -> Iterator[tuple[Call, _Value]]:
        """The calls with the values that `read` finds in their responses, as those arrive.

        Raises DiscogsError for the first call that fails permanently; requests in flight are
        then abandoned.
        """
        waiting = deque(_Attempt(call) for call in calls)
        in_flight: dict[Future[Response | Failure | None], _Attempt] = {}
        # A request past its deadline keeps its worker, so there are more of these than requests.
        workers = ThreadPoolExecutor(self._retry.concurrency * (_RETRIES + 1))
        try:
            while waiting or in_flight:
                pause = self._launch(workers, waiting, in_flight)
                for future in self._ended(in_flight, pause):
                    attempt = in_flight.pop(future)
                    result = future.result() if future.done() else self._overdue(attempt)
                    outcome = self._interpret(attempt, result, read)
                    if isinstance(outcome, _Attempt):
                        waiting.appendleft(outcome)
                    else:
                        yield attempt.call, outcome
        finally:
            workers.shutdown(wait=False, cancel_futures=True)

    def _ended(
        self, in_flight: Mapping[Future[Response | Failure | None], _Attempt], pause: float | None
    ) -> list[Future[Response | Failure | None]]:
        """The requests that ended within the pause, or are past their deadline."""
        now, limit = self._pacing.clock(), self._retry.timeouts.response
        first = min((attempt.started for attempt in in_flight.values()), default=now) + limit - now
        done = wait(
            in_flight, max(0, first if pause is None else min(first, pause)), FIRST_COMPLETED
        ).done
        late = self._pacing.clock() - limit
        return [one for one in in_flight if one in done or in_flight[one].started <= late]

    def _overdue(self, attempt: _Attempt) -> Failure:
        """A response that drips: its headers, or anything else that no other timeout covers."""
        self._pacing.learn({}, attempt.started)
        return Failure(f"Discogs took more than {self._retry.timeouts.response:g} s for a response")

    def _launch(
        self,
        workers: ThreadPoolExecutor,
        waiting: deque[_Attempt],
        in_flight: dict[Future[Response | Failure | None], _Attempt],
    ) -> float | None:
        """Start the requests that may start now; if some are left, the pause until the next.

        With requests in flight, their responses are awaited during that pause.
        """
        while waiting and len(in_flight) < self._retry.concurrency:
            if in_flight and (pause := self._pacing.pause(self._limit)):
                return pause
            started = self._wait_turn()
            attempt = waiting.popleft()._replace(started=started)
            in_flight[workers.submit(self._send, attempt.call, started)] = attempt
        return None

    def _send(self, call: Call, started: float) -> Response | Failure | None:
        """One response, or None for a 429."""
        response = self._sender.send(call)
        headers = response.headers if isinstance(response, Response) else {}
        self._pacing.learn(headers, started)
        self._note_limit(call, headers)
        if isinstance(response, Response) and response.status == 429:
            self._pacing.refused(retry_after(headers), started)
            return None
        return response

    def _interpret(
        self, attempt: _Attempt, response: Response | Failure | None, read: _Reader[_Value]
    ) -> _Value | _Attempt:
        """The value of a response, or the attempt to repeat."""
        retryable = attempt.call.method == "GET"
        if response is None:
            if not retryable:
                raise RateLimited("", _TOO_MANY)
            return attempt
        outcome = read(response) if isinstance(response, Response) else response
        if not isinstance(outcome, Failure):
            self._pacing.accepted(attempt.started)
            return outcome
        failures = (*attempt.failures, outcome.what)
        if not (outcome.transient and retryable and self._may_retry(len(failures))):
            raise Unavailable("", _summary(failures))
        return _Attempt(attempt.call, failures)

    def _wait_turn(self) -> float:
        try:
            return self._pacing.wait_turn(self._retry.max_wait, self._limit)
        except PauseTooLong as pause:
            what = f"{pause.reason}; a pause of {span(pause.seconds)} is longer than allowed"
            hint = "try again in half an hour, or raise sync.max_wait in site.toml"
        except TooManyRefusals:
            what = f"{_TOO_MANY}, three times in a row; this run stops asking"
            hint = ""
        raise RateLimited("", what, hint)

    def _may_retry(self, failures: int) -> bool:
        """Whether another attempt is allowed; if so, all requests pause before it."""
        if failures > _RETRIES:
            return False
        try:
            self._pacing.back_off(failures - 1, self._retry.max_wait)
        except PauseTooLong:
            return False
        return True

    def _note_limit(self, call: Call, headers: Mapping[str, str]) -> None:
        if "X-Discogs-Ratelimit" in headers:
            self._limit = None  # the last limit reported belongs to these credentials
        own = call.auth is None and not isinstance(self._sender.auth, Anonymous)
        if own and headers.get("X-Discogs-Ratelimit") == str(_ANONYMOUS_LIMIT):
            self.seen_as_anonymous = True


def _summary(failures: tuple[str, ...]) -> str:
    """The last failure, and how often it happened."""
    last = failures[-1]
    if len(set(failures)) == 1:
        return last + _TIMES[len(failures)]
    return f"{last}, after {len(failures) - 1} other failed attempts"
