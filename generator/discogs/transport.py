"""Requests to Discogs: paced, several at once, retried within bounds.

Nothing here knows what they mean.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, NamedTuple, TypeVar

from requests.auth import AuthBase

from generator.derive.wording import span
from generator.discogs.answers import Answer, Trouble, read_json, retry_after
from generator.discogs.pacing import Enough, Pacing, PauseTooLong
from generator.discogs.sending import Anonymous, Call, Endpoints, Params, Patience, Sender
from generator.errors import RateLimited, Unavailable

_RETRIES = 3
_ANONYMOUS_LIMIT = 25
_TIMES = ("", "", " twice", " three times", " four times")
_TOO_MANY = "Discogs answered 429, too many requests"

_Read = TypeVar("_Read")
_Reader = Callable[[Answer, str], _Read | Trouble]


class _Try(NamedTuple):
    """A call that wants an answer, and what came of it so far."""

    call: Call
    troubles: tuple[str, ...] = ()
    started: float = 0.0


class Transport:
    """A way to Discogs for one set of credentials. Answers are complete and understood, or errors.

    Only GETs are sent twice, and only where asking again may help.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        user_agent: str,
        auth: AuthBase,
        *,
        pacing: Pacing,
        patience: Patience | None = None,
    ) -> None:
        self.endpoints = endpoints
        self.seen_as_anonymous = False
        """Discogs granted an authenticated request no more than it grants to strangers."""
        self._pacing = pacing
        self._patience = patience or Patience()
        self._allowed = _ANONYMOUS_LIMIT if isinstance(auth, Anonymous) else None
        self._sender = Sender(endpoints.api, user_agent, auth, self._patience, pacing.clock)

    def get_json(self, path: str, params: Params, where: str) -> dict[str, Any]:
        """The JSON object at a path below the API. Raises DiscogsError, naming `where`."""
        return self.fetch(Call("GET", path, params), read_json, where)

    def fetch(self, call: Call, read: _Reader[_Read], where: str) -> _Read:
        """What `read` makes of the answer to a call. Raises DiscogsError, naming `where`.

        `read` returns a Trouble where asking again may help, and raises where it cannot.
        """
        return next(self.fetch_all((call,), read, where))[1]

    def fetch_all(
        self, calls: Sequence[Call], read: _Reader[_Read], where: str
    ) -> Iterator[tuple[Call, _Read]]:
        """The calls with what `read` makes of their answers, as those arrive.

        As many are under way at once as patience and the allowance permit. Raises DiscogsError
        for the first call that fails for good; whatever is under way then is forgotten.
        """
        waiting = deque(_Try(call) for call in calls)
        flight: dict[Future[Answer | Trouble | None], _Try] = {}
        crew = ThreadPoolExecutor(self._patience.at_once)
        try:
            while waiting or flight:
                pause = self._launch(crew, waiting, flight, where)
                for future in wait(flight, pause, FIRST_COMPLETED).done:
                    one = flight.pop(future)
                    outcome = self._settled(one, future.result(), read, where)
                    if isinstance(outcome, _Try):
                        waiting.appendleft(outcome)
                    else:
                        yield one.call, outcome
        finally:
            crew.shutdown(wait=False, cancel_futures=True)

    def _launch(
        self,
        crew: ThreadPoolExecutor,
        waiting: deque[_Try],
        flight: dict[Future[Answer | Trouble | None], _Try],
        where: str,
    ) -> float | None:
        """Start what may start now; if that is not all there is place for, the pause till then.

        With something under way that pause is spent on its answers.
        """
        while waiting and len(flight) < self._patience.at_once:
            if flight and (pause := self._pacing.pause(self._allowed)):
                return pause
            started = self._wait_turn(where)
            one = waiting.popleft()._replace(started=started)
            flight[crew.submit(self._attempt, one.call, started)] = one
        return None

    def _attempt(self, call: Call, started: float) -> Answer | Trouble | None:
        """One answer, or None for a refusal because of too many requests."""
        answer = self._sender.send(call)
        headers = answer.headers if isinstance(answer, Answer) else {}
        self._pacing.learn(headers, started)
        self._note_limit(call, headers)
        if isinstance(answer, Answer) and answer.status == 429:
            self._pacing.refused(retry_after(headers), started)
            return None
        return answer

    def _settled(
        self, one: _Try, answer: Answer | Trouble | None, read: _Reader[_Read], where: str
    ) -> _Read | _Try:
        """What the answer means, or the same call to be tried again."""
        if answer is None:
            if one.call.method != "GET":
                raise RateLimited(where, _TOO_MANY)
            return one
        outcome = read(answer, where) if isinstance(answer, Answer) else answer
        if not isinstance(outcome, Trouble):
            self._pacing.accepted(one.started)
            return outcome
        troubles = (*one.troubles, outcome.what)
        if not (outcome.passing and one.call.method == "GET" and self._may_retry(len(troubles))):
            raise Unavailable(where, _told(troubles))
        return _Try(one.call, troubles)

    def _wait_turn(self, where: str) -> float:
        try:
            return self._pacing.wait_turn(self._patience.max_wait, self._allowed)
        except PauseTooLong as pause:
            what = f"{pause.reason}; a pause of {span(pause.seconds)} is longer than allowed"
            hint = "try again in half an hour, or raise sync.max_wait in site.toml"
        except Enough:
            what = f"{_TOO_MANY}, three times in a row; this run asks no more"
            hint = None
        raise RateLimited(where, what, hint)

    def _may_retry(self, troubles: int) -> bool:
        """Whether another attempt is allowed; if so, nobody starts before its pause is over."""
        if troubles > _RETRIES:
            return False
        try:
            self._pacing.back_off(troubles - 1, self._patience.max_wait)
        except PauseTooLong:
            return False
        return True

    def _note_limit(self, call: Call, headers: Mapping[str, str]) -> None:
        if "X-Discogs-Ratelimit" in headers:
            self._allowed = None  # what was told last is told of these credentials
        own = call.auth is None and not isinstance(self._sender.auth, Anonymous)
        if own and headers.get("X-Discogs-Ratelimit") == str(_ANONYMOUS_LIMIT):
            self.seen_as_anonymous = True


def _told(troubles: tuple[str, ...]) -> str:
    """The last trouble, and how often it came."""
    last = troubles[-1]
    if len(set(troubles)) == 1:
        return last + _TIMES[len(troubles)]
    return f"{last}, after {len(troubles) - 1} other failed attempts"
