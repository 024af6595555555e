"""The table of everything Discogs and the network do wrong, and what is told when it stays so."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.utils import formatdate

from generator.demo.api import page_of
from generator.demo.wire import HTML, TEXT, Reply, json_response
from tests import faults
from tests.cli.running import make_shelf
from tests.faults import Fault

AFTER = make_shelf(201)
FIRST, MIDDLE, LAST = 1, 2, 3

PAGE = b"<!doctype html><title>Discogs</title><p>We will be right back.</p>"
ELSEWHERE = (("Location", "https://www.discogs.com/"),)
NOT_ZIPPED = (("Content-Encoding", "gzip"),)
OWNER_ONLY = (
    "You are not allowed to view this resource. "
    "Please authenticate as the owner to view this content."
)
MOVED = "the collection changed during each of 4 readings"
NO_USER = "User does not exist or may have been deleted."

OUTAGE = "Discogs or the network has a problem; the next run tries again"
BUSY = "try again in half an hour"
TOO_LONG = "try again in half an hour, or raise sync.max_wait in site.toml"
KEPT = "the last good snapshot stays; try again later"
STRANGE = "the last good snapshot stays; report this if it happens again"
CORRECT = "the last good snapshot stays; correct the release at Discogs, or report this"
RESTLESS = "the last good snapshot stays; sync again when nobody edits the collection"
RECONNECT = "reconnect: build-site connect demo --token"
GONE = "the last good snapshot stays; check that this user still exists at Discogs"


@dataclass(frozen=True)
class Row:
    """What goes wrong on page N, and what `demo` is told when it stays so; {page} is N."""

    fault: Callable[[int], Fault]
    error: str
    hint: str
    asked: int | None = 4
    """Requests for the page when it stays so; unknown where others decide on them."""
    code: int = 1
    passes: bool = True
    """Met once, it costs nothing but time."""
    pages: tuple[int, ...] = (FIRST, MIDDLE, LAST)
    max_wait: str = "10m"
    for_all: bool = False
    """No other account is asked for either afterwards."""


def sent(status, body, content_type="application/json", headers=()):
    """A fault that is an answer of these bytes."""
    return Fault(Reply(status, body, content_type, headers))


def outage(fault, words):
    """Asked again three times, after 1, 2 and 4 s."""
    return Row(lambda _: fault, f"{words} four times", OUTAGE)


def final(fault, error, hint=KEPT, code=1):
    """Asked for once: another attempt would not help."""
    return Row(lambda _: fault, error, hint, 1, code, passes=False)


def busy(retry_after):
    """Refused as too fast, with a pause that can be waited for."""
    words = "Discogs answered 429, too many requests, three times in a row; this run stops asking"
    return Row(lambda _: faults.too_fast(retry_after()), words, BUSY, 3, for_all=True)


def too_busy(retry_after, pause):
    """Refused as too fast, with a pause longer than this run is allowed."""
    words = f"Discogs answered 429, too many requests; a pause of {pause} is longer than allowed"
    fault = faults.too_fast(retry_after)
    return Row(lambda _: fault, words, TOO_LONG, 1, passes=False, max_wait="5s", for_all=True)


def unreadable(change, words, hint=STRANGE):
    """The true page with one thing changed that decides what is meant."""
    return Row(lambda page: true_page(page, change), words, hint, 1, passes=False)


def moved(change, pages=(FIRST, MIDDLE, LAST)):
    """An answer that tells of another collection than the other answers: read anew, four times."""
    return Row(lambda page: true_page(page, change), MOVED, RESTLESS, None, pages=pages)


def true_page(number, change):
    """The page as it is, changed."""
    query = {"page": str(number), "per_page": "100"}
    payload = json.loads(json.dumps(page_of(AFTER, query, "")))
    change(payload)
    return Fault(json_response(payload))


def in_two_seconds():
    """A moment as HTTP writes it, counted from the answer it is sent with."""
    return formatdate(time.time() + 2, usegmt=True)


def without_number(payload):
    del payload["releases"][0]["instance_id"]


def without_time(payload):
    payload["releases"][0]["date_added"] = "2024-05-01"


def one_more(payload):
    payload["pagination"]["items"] += 1


def fewer_pages(payload):
    payload["pagination"]["pages"] -= 1


def no_copies(payload):
    payload["releases"] = []


def copies_twice(payload):
    payload["releases"] = payload["releases"][:1] * len(payload["releases"])


def not_a_list(payload):
    payload["releases"] = None


ROWS = {
    # The server, and what stands before it
    "500": outage(faults.SERVER_ERROR, "Discogs answered 500"),
    "502, maintenance": outage(faults.MAINTENANCE, "Discogs answered 502"),
    "503, a web page": outage(sent(503, PAGE, HTML), "Discogs answered 503"),
    "520, a web page": outage(sent(520, PAGE, HTML), "Discogs answered 520"),
    "403, a web page": outage(faults.BLOCKED, "Discogs answered 403 without JSON"),
    "404, a web page": outage(faults.HTML_NOT_FOUND, "Discogs answered 404 without JSON"),
    "302": final(
        sent(302, b"", HTML, ELSEWHERE),
        "Discogs answered 302, a redirect, which is not followed",
        OUTAGE,
    ),
    "401, a web page": final(sent(401, PAGE, HTML), "Discogs answered 401 without JSON", OUTAGE),
    "401, words": final(
        sent(401, b"Invalid consumer.", TEXT), "Discogs answered 401 without JSON", OUTAGE
    ),
    # The way
    "a reset": outage(faults.RESET, "the connection to Discogs was reset"),
    "half an answer": outage(faults.TRUNCATED, "the response from Discogs was cut short"),
    "not zipped": outage(
        sent(200, PAGE, headers=NOT_ZIPPED), "the response from Discogs cannot be decompressed"
    ),
    # Answers that are none
    "nothing": outage(faults.EMPTY, "Discogs sent an empty response"),
    "200, a web page": outage(sent(200, PAGE, HTML), "Discogs sent a response that is not JSON"),
    "no text": outage(sent(200, b"\xff\xfe\x00{"), "Discogs sent a response that is not JSON"),
    "half JSON": outage(sent(200, b'{"releases": ['), "Discogs sent a response that is not JSON"),
    "endless": outage(sent(200, b"[" * 100_000), "Discogs sent a response that is not JSON"),
    "a list": outage(sent(200, b"[1, 2]"), "Discogs sent JSON that is not an object"),
    "null": outage(sent(200, b"null"), "Discogs sent JSON that is not an object"),
    # Answers that cannot be understood, or contradict one another
    "no page": final(sent(200, b"{}"), "page {page}: pagination is missing", STRANGE),
    "no list": unreadable(not_a_list, "page {page}: releases is missing"),
    "no number": unreadable(
        without_number, "page {page}, item 1 (release {release}): instance_id is missing", CORRECT
    ),
    "no time": unreadable(
        without_time,
        "page {page}, item 1 (release {release}, instance {instance}): "
        "date_added is not a date and time with an offset from UTC",
        CORRECT,
    ),
    "one copy more": moved(one_more),
    "a page less": moved(fewer_pages, pages=(MIDDLE, LAST)),
    "no copies": moved(no_copies),
    "a copy twice": moved(copies_twice, pages=(FIRST, MIDDLE)),
    "404, a page": Row(
        lambda _: faults.refused(404, "The requested resource was not found."),
        MOVED,
        RESTLESS,
        None,
        pages=(MIDDLE, LAST),
    ),
    # What Discogs means
    "404, the user": replace(
        final(faults.refused(404, NO_USER), f"Discogs does not find this: {NO_USER}", GONE),
        pages=(FIRST,),
    ),
    "401": final(
        faults.refused(401, "Invalid consumer token."),
        "Discogs does not accept the credentials: Invalid consumer token.",
        RECONNECT,
        13,
    ),
    "403": final(
        faults.refused(403, OWNER_ONLY), f"Discogs does not allow this: {OWNER_ONLY}", RECONNECT, 13
    ),
    "410": final(faults.refused(410, "Gone"), "Discogs answered 410: Gone"),
    "422": final(faults.refused(422, "per_page: \u001b[31mno"), "Discogs answered 422"),
    # Too fast
    "429, 1": busy(lambda: "1"),
    "429, a date": busy(in_two_seconds),
    "429, 1800": too_busy("1800", "30 min"),
    "429, nonsense": too_busy("soon", "1 min"),
    "429": too_busy(None, "1 min"),
}
