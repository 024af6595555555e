"""The server of Discogs' monthly data: an index, checksums, and a dump of masters."""

import gzip
import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from html import escape
from typing import Any
from urllib.parse import urlencode

from generator.demo.wire import HTML, TEXT, Reply, Request, error_response

REQUESTS, WINDOW = 15, 360.0  # more requests in so many seconds are refused
RETRY_AFTER = "3574"


class Archive:
    """The files of the server. They may change at any time."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.files: dict[str, bytes] = {}
        self._clock = clock
        self._spent: list[float] = []

    def add(self, masters: Iterable[Mapping[str, Any]], day: date | None = None) -> None:
        """Add a finished dump, dated the first of this month unless a day is given."""
        day = day or datetime.fromtimestamp(self._clock(), UTC).date().replace(day=1)
        stem = f"discogs_{day:%Y%m%d}"
        content = gzip.compress(masters_xml(masters).encode(), mtime=0)
        checksum = f"{hashlib.sha256(content).hexdigest()} *{stem}_masters.xml.gz\n"
        self.files[f"{stem}_masters.xml.gz"] = content
        self.files[f"{stem}_CHECKSUM.txt"] = checksum.encode()

    def respond(self, request: Request) -> Reply:
        """Answer a request; ranges are ignored, as at Discogs."""
        now = self._clock()
        self._spent = [then for then in self._spent if then > now - WINDOW]
        if len(self._spent) >= REQUESTS:
            return error_response(429, "Too many requests.", TEXT).with_headers(
                ("Retry-After", RETRY_AFTER)
            )
        self._spent.append(now)
        if "download" in request.query:
            name = request.query["download"].rpartition("/")[2]
            if request.query["download"] != _path(name) or name not in self.files:
                return error_response(404, "Not found", TEXT)
            return Reply(200, self.files[name], "application/octet-stream")
        prefix = request.query.get("prefix", "")
        items = "".join(
            f'<li><a href="?{urlencode({"download": _path(name)})}">{name}</a></li>\n'
            for name in sorted(self.files)
            if _path(name).startswith(prefix)
        )
        return Reply(200, f"<!doctype html><ul>{items}</ul>".encode(), HTML)


def masters_xml(masters: Iterable[Mapping[str, Any]]) -> str:
    """Masters as their dump has them: no XML declaration, and videos with titles of their own."""
    return f"<masters>\n{''.join(map(_master, masters))}</masters>\n"


def _master(master: Mapping[str, Any]) -> str:
    title = escape(master["title"], quote=False)
    names = {
        kind: "".join(f"<{kind[:-1]}>{escape(name)}</{kind[:-1]}>" for name in master[kind])
        for kind in ("genres", "styles")
    }
    video = (
        f"<title>{title} &#183; Video</title><description>From the sleeve:\n\n{title}</description>"
    )
    return (
        f'<master id="{master["id"]}"><main_release>{master.get("main_release", 0)}</main_release>'
        f"<genres>{names['genres']}</genres><styles>{names['styles']}</styles>"
        f"<year>{master['year'] or 0}</year><title>{title}</title>"
        f'<data_quality>Correct</data_quality><videos><video src="" duration="1" embed="true">'
        f"{video}</video></videos></master>\n"
    )


def _path(name: str) -> str:
    return f"data/{name[8:12]}/{name}"
