"""Ways to misbehave, and for which requests and how often to do so."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus

from generator.demo.answers import HTML, Answer, message

CLOUDFLARE_PAGE = (
    "<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head><body>"
    "<h1>Sorry, you have been blocked</h1><p>The owner of this website needs to review the "
    "security of your connection before proceeding.</p></body></html>"
)


@dataclass(slots=True)
class Received:
    """One request as it was seen. Credentials are never kept."""

    number: int
    """Counts from 1 over the stand-in's life."""
    method: str
    path: str
    """Without the query, percent-decoded."""
    query: dict[str, str]
    source: str
    user_agent: str
    authenticated: bool = False
    """Whether valid credentials came with it."""
    username: str | None = None
    """Whose credentials they were, if anybody's."""
    status: int = 0
    """What it was answered; 0 when the connection was cut instead."""


class Effect(Enum):
    """What happens to a true answer on its way out."""

    NONE = "none"
    EMPTY = "empty"
    """Headers as usual, a body of no bytes."""
    TRUNCATED = "truncated"
    """Half the body that Content-Length announces, then the end of the connection."""
    RESET = "reset"
    """No answer: the connection is reset."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Instead of the true answer `answer`, or the true answer with an `effect`, or late."""

    answer: Answer | None = None
    effect: Effect = Effect.NONE
    delay: float = 0.0
    """Seconds to wait before answering."""


EMPTY = Fault(effect=Effect.EMPTY)
TRUNCATED = Fault(effect=Effect.TRUNCATED)
RESET = Fault(effect=Effect.RESET)
BLOCKED = Fault(Answer(HTTPStatus.FORBIDDEN, CLOUDFLARE_PAGE.encode(), HTML))
HTML_NOT_FOUND = Fault(Answer(HTTPStatus.NOT_FOUND, b"<html><body>Not here</body></html>", HTML))
SERVER_ERROR = Fault(message(500, "Internal server error. (Support reference: 5f7a1c)"))
MAINTENANCE = Fault(
    message(502, "The Discogs API is undergoing maintenance and will be back shortly.")
)


def late(seconds: float) -> Fault:
    """The true answer, after a wait."""
    return Fault(delay=seconds)


def refused(status: int, words: str) -> Fault:
    """A JSON error of the given status."""
    return Fault(message(status, words))


def too_fast(retry_after: str | None = None) -> Fault:
    """A 429; `retry_after` may be seconds, a date, or nonsense."""
    answer = message(429, "You are making requests too quickly.")
    return Fault(answer.with_headers(("Retry-After", retry_after)) if retry_after else answer)


Predicate = Callable[[Received], bool]


def api_requests(request: Received) -> bool:
    """Whether a request reads the API: neither login nor a picture."""
    login = request.path.startswith("/oauth/") and not request.path.endswith("/identity")
    return not login and not request.path.endswith(".jpeg")


def on_path(end: str) -> Predicate:
    """Requests whose path ends so."""
    return lambda request: request.path.endswith(end)


def on_page(number: int, username: str | None = None) -> Predicate:
    """Requests for one page of a collection, of one person or of anybody."""

    def matches(request: Received) -> bool:
        return (
            request.path.endswith("/releases")
            and request.query.get("page", "1") == str(number)
            and (username is None or request.path.startswith(f"/users/{username}/"))
        )

    return matches


@dataclass(slots=True)
class FaultRule:
    """A fault for matching requests: the first `skip` go well, the next `times` do not."""

    fault: Fault
    when: Predicate = api_requests
    times: int | None = 1
    """None is for ever."""
    skip: int = 0
    seen: int = field(default=0, init=False)

    def strikes(self, request: Received) -> bool:
        """Whether this request is hit; counts it when it matches."""
        if not self.when(request):
            return False
        self.seen += 1
        after = self.seen - self.skip
        return after > 0 and (self.times is None or after <= self.times)
