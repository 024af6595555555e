"""Answer → payload or error: what a status, a content type and a body mean together."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from generator.discogs.payloads import clean
from generator.errors import DiscogsError, NotFound, Refused, Unauthorized, Unavailable

_TRANSIENT = frozenset({500, 502, 503, 504, *range(520, 531)})
"""Worth asking again: the server's own trouble, and that of the network in front of it."""
_LONGEST_PAUSE = 3600
_PLAIN_WORDS = re.compile(r"[A-Za-z'’]{1,16}[.,:;!]?(?: [A-Za-z'’]{1,16}[.,:;!]?)*")
"""Nothing that could hold an address, a number or a credential."""


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """One answer, completely received."""

    status: int
    headers: Mapping[str, str]
    """Looked up without regard to case."""
    body: bytes | bytearray


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no usable answer, in words, and whether asking again may help."""

    what: str
    passing: bool = True


def read_json(answer: Answer, where: str) -> dict[str, Any] | Trouble:
    """The JSON object a request was made for, or the trouble that stands in its way.

    Raises Unauthorized, Refused or NotFound where Discogs says so in JSON. The same statuses with
    a web page come from whatever stands before Discogs and say nothing about the account.
    """
    if trouble := outage(answer):
        return trouble
    payload = _json(answer.body)
    if 200 <= answer.status < 300:
        return payload if isinstance(payload, dict) else _useless(answer, payload)
    if isinstance(payload, dict):
        raise _refusal(answer.status, payload, where)
    passing = answer.status in {403, 404}
    return Trouble(f"Discogs answered {answer.status} without JSON", passing)


def outage(answer: Answer) -> Trouble | None:
    """The trouble a status alone tells of, none where the body matters."""
    if answer.status in _TRANSIENT:
        return Trouble(f"Discogs answered {answer.status}")
    if 300 <= answer.status < 400:
        return Trouble(
            f"Discogs answered {answer.status}, a redirect, which is not followed", False
        )
    return None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The pause asked for in seconds, above 0 and up to an hour; none for anything else.

    A date is measured against the answer's own, because the clock here may be wrong.
    """
    text = headers.get("Retry-After", "")
    try:
        seconds = float(text)
    except ValueError:
        seconds = _seconds_between(headers.get("Date", ""), text)
    return seconds if 0 < seconds <= _LONGEST_PAUSE else None


def _seconds_between(earlier: str, later: str) -> float:
    try:
        return (parsedate_to_datetime(later) - parsedate_to_datetime(earlier)).total_seconds()
    except (ValueError, TypeError):
        return 0


def _json(body: bytes | bytearray) -> Any:
    """The JSON value of a body, None if it is none (or null)."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _useless(answer: Answer, payload: Any) -> Trouble:
    if not answer.body.strip():
        return Trouble("Discogs sent an empty answer")
    if payload is None and answer.body.strip() != b"null":
        return Trouble("Discogs sent an answer that is not JSON")
    return Trouble("Discogs sent JSON that is not an object")


def _refusal(status: int, payload: dict[str, Any], where: str) -> DiscogsError:
    reason = _reason(payload)
    match status:
        case 401:
            return Unauthorized(where, f"Discogs does not accept the credentials{reason}")
        case 403:
            return Refused(where, f"Discogs does not allow this{reason}")
        case 404:
            return NotFound(where, f"Discogs does not find this{reason}")
        case _:
            error = DiscogsError if status < 500 else Unavailable
            return error(where, f"Discogs answered {status}{reason}")


def _reason(payload: dict[str, Any]) -> str:
    """Discogs' own message, if it is one short sentence of plain words."""
    message = clean(payload.get("message"))
    if not isinstance(message, str) or len(message) >= 120:
        return ""
    return f": {message}" if _PLAIN_WORDS.fullmatch(message) else ""
