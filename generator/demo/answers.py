"""Answers as Discogs words them: JSON, plain text for OAuth mistakes, pages."""

import json
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"
FORM = "application/x-www-form-urlencoded"

REALM = ("WWW-Authenticate", 'OAuth realm="https://api.discogs.com"')


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and headers, before the wire."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()

    def with_headers(self, *headers: tuple[str, str]) -> "Answer":
        """The same answer with more headers."""
        return replace(self, headers=(*self.headers, *headers))


def json_answer(value: Any, status: int = HTTPStatus.OK) -> Answer:
    """A value as JSON."""
    return Answer(status, json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def message(status: int, text: str) -> Answer:
    """An error in Discogs' usual JSON shape; a 401 names the realm."""
    answer = json_answer({"message": text}, status)
    return answer.with_headers(REALM) if status == HTTPStatus.UNAUTHORIZED else answer


def text(status: int, words: str) -> Answer:
    """An error in words, as the OAuth addresses give it."""
    answer = Answer(status, words.encode(), TEXT)
    return answer.with_headers(REALM) if status == HTTPStatus.UNAUTHORIZED else answer


def page(words: str, status: int = HTTPStatus.OK) -> Answer:
    """A small page for a browser; `words` is HTML."""
    return Answer(status, f"<!doctype html><title>Stand-in</title>{words}".encode(), HTML)


UNAUTHENTICATED = message(401, "You must authenticate to access this resource.")
REVOKED = message(401, "Invalid consumer token.")
NOT_OWNER = message(
    403,
    "You are not allowed to view this resource. "
    "Please authenticate as the owner to view this content.",
)
NO_AGENT = text(403, "Please send a User-Agent that names your application.")
NO_USER = message(404, "User does not exist or may have been deleted.")
NO_FOLDER = message(404, "The requested folder does not exist.")
NO_MASTER = message(404, "Master Release not found.")
NOT_FOUND = message(404, "The requested resource was not found.")
WRONG_VERB = message(405, "Method not allowed.")
TOO_FAST = message(429, "You are making requests too quickly.")
MALFORMED = text(
    400,
    "This URL is an OAuth endpoint, but the request you made doesn't appear to conform to "
    "the OAuth 1.0a protocol.",
)
