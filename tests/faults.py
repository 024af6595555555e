"""Fault injection: how a response can go wrong, and for which requests."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from generator.demo.standin import TOO_FAST
from generator.demo.wire import HTML, Reply, Request, error_response

Predicate = Callable[[Request], bool]
CLOUDFLARE_PAGE = b"<!DOCTYPE html><title>Attention Required! | Cloudflare</title>"


class Effect(Enum):
    """Damage to a response on its way out."""

    NONE = auto()
    EMPTY = auto()  # headers as usual, no body
    TRUNCATED = auto()  # half the body that Content-Length announces, then the connection closes
    RESET = auto()  # no response: the connection is reset


@dataclass(frozen=True, slots=True)
class Fault:
    """Sends `response` instead of the true one, or damages it, or delays it by seconds."""

    response: Reply | None = None
    effect: Effect = Effect.NONE
    delay: float = 0.0


EMPTY = Fault(effect=Effect.EMPTY)
TRUNCATED = Fault(effect=Effect.TRUNCATED)
RESET = Fault(effect=Effect.RESET)
BLOCKED = Fault(Reply(403, CLOUDFLARE_PAGE, HTML))
HTML_NOT_FOUND = Fault(Reply(404, b"<html><body>Not here</body></html>", HTML))
SERVER_ERROR = Fault(error_response(500, "Internal server error. (Support reference: 5f7a1c)"))
MAINTENANCE = Fault(
    error_response(502, "The Discogs API is undergoing maintenance and will be back shortly.")
)


def late(seconds: float) -> Fault:
    """The true response after a delay."""
    return Fault(delay=seconds)


def refused(status: int, message: str) -> Fault:
    """A JSON error of this status."""
    return Fault(error_response(status, message))


def too_fast(retry_after: str | None = None) -> Fault:
    """A 429; `retry_after` may be seconds, a date, or nonsense."""
    headers = [("Retry-After", retry_after)] if retry_after else []
    return Fault(error_response(429, TOO_FAST).with_headers(*headers))


def api_requests(request: Request) -> bool:
    """Whether a request reads the API: neither a login nor a cover."""
    login = request.path.startswith("/oauth/") and request.path != "/oauth/identity"
    return not login and not request.path.endswith(".jpeg")


def on_path(end: str) -> Predicate:
    """Matches requests by the end of their path."""
    return lambda request: request.path.endswith(end)


def on_page(number: int, username: str = "") -> Predicate:
    """Matches requests for one page of a collection, of this user or of all."""
    start = f"/users/{username}/" if username else "/users/"
    return lambda request: (
        request.path.startswith(start)
        and request.path.endswith("/releases")
        and request.query.get("page", "1") == str(number)
    )
