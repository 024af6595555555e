"""Discogs' monthly data: its newest dump of masters, streamed, checked and read.

`discogs-data` is public domain (CC0). Three requests a month are all that is asked of the server.
"""

import gzip
import hashlib
import re
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, Protocol
from urllib.parse import urlencode, urljoin, urlsplit
from xml.parsers import expat

import requests
import urllib3

from generator.discogs.http import (
    Anonymous,
    PlainSession,
    Timeouts,
    is_loopback,
    network_failure,
    retry_after,
)
from generator.discogs.payloads import clean, whole
from generator.domain.collection import Master, MasterId
from generator.errors import DumpError, RateLimited, Unavailable, reason

_FILE = re.compile(r"discogs_(\d{8})_(CHECKSUM\.txt|masters\.xml\.gz)")
_STORAGE = re.compile(r"discogs-data(-dumps)?\.s3[.-]us-west-2\.amazonaws\.com")
_MAX_REDIRECTS = 5
_MAX_TEXT = 4 * 1024 * 1024
_LONGEST = 6 * 3600.0  # seconds for a whole download: 600 MB at 30 KB/s
_CHUNK = 64 * 1024
_LARGEST_MASTER = 32 * 1024 * 1024  # bytes of XML; the real ones stay below one
_LAST_YEAR = 9999
_START = re.compile(rb"\s*(<\?xml[^>]*\?>\s*)?<masters[\s/>]")
_TIMEOUTS = Timeouts()


class Dump(NamedTuple):
    """A finished dump, by the day it is dated."""

    day: date

    @property
    def name(self) -> str:
        """The name of its file of masters."""
        return f"discogs_{self.day:%Y%m%d}_masters.xml.gz"

    def address(self, kind: str) -> str:
        """The query of one of its files: "masters.xml.gz" or "CHECKSUM.txt"."""
        path = f"data/{self.day:%Y}/discogs_{self.day:%Y%m%d}_{kind}"
        return f"/?{urlencode({'download': path})}"


class Bytes(Protocol):
    """Where the bytes of a dump come from."""

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes; none at the end."""


class Stream:
    """The bytes of a dump as they arrive, with their number and their SHA-256."""

    def __init__(self, source: Bytes, size: int | None, report: Callable[[int], None]) -> None:
        self.size = size  # of the whole file, if known
        self.done = 0
        self._source = source
        self._digest = hashlib.sha256()
        self._report = report

    def read(self, size: int = _CHUNK) -> bytes:
        """At most so many bytes; none at the end."""
        chunk = self._source.read(size)
        self.done += len(chunk)
        self._digest.update(chunk)
        self._report(self.done)
        return chunk

    def digest(self) -> str:
        """The SHA-256 of the whole file, read to its end."""
        while self.read():
            pass
        return self._digest.hexdigest()


class DumpServer:
    """The server with the dumps. Only it and Discogs' storage host are ever asked."""

    def __init__(self, address: str, user_agent: str) -> None:
        self._address = address.rstrip("/")
        self._host = urlsplit(address).hostname or ""
        self._session = PlainSession(address)
        self._session.headers["User-Agent"] = user_agent

    def newest(self, now: datetime) -> Dump:
        """The newest finished dump: one whose checksums are there, because they come last.

        In the first days of a year, before its first dump, the index of the year before is read
        too. Raises Unavailable, RateLimited or DumpError.
        """
        for year in (now.year, now.year - 1):
            index = self._text(f"/?{urlencode({'prefix': f'data/{year}/'}, safe='/')}", now)
            kinds: dict[str, set[str]] = {}
            for day, kind in _FILE.findall(index):
                kinds.setdefault(day, set()).add(kind)
            finished = [found for day in kinds if len(kinds[day]) == 2 and (found := _day(day))]
            if finished:
                return Dump(max(finished))
        raise DumpError(self._host, "its index names no finished dump of masters")

    def checksum(self, dump: Dump, now: datetime) -> str:
        """The published SHA-256 of the masters. Raises as `newest`."""
        text = self._text(dump.address("CHECKSUM.txt"), now)
        line = rf"(?im)^\s*([0-9a-f]{{64}})\s+\*?(?:\S*/)?{re.escape(dump.name)}\s*$"
        found = re.search(line, text)
        if found is None:
            raise DumpError(self._host, f"it publishes no checksum of {dump.name}")
        return found[1].lower()

    def masters(self, dump: Dump) -> str:
        """The address of the masters."""
        return self._address + dump.address("masters.xml.gz")

    @contextmanager
    def opened(
        self, address: str, now: datetime, report: Callable[[int], None] = lambda _: None
    ) -> Iterator[Stream]:
        """The file at an address. Raises as `newest`, also while it is read."""
        with self._answer(address, now) as response:
            size = response.headers.get("Content-Length", "")
            body = _Body(response, self._host)
            yield Stream(body, int(size) if size.isdecimal() else None, report)

    def _text(self, query: str, now: datetime) -> str:
        with self._answer(self._address + query, now) as response:
            body = _Body(response, self._host, decode=True)
            text = bytearray()
            while chunk := body.read(_CHUNK):
                text += chunk
                if len(text) > _MAX_TEXT:
                    raise DumpError(self._host, f"it sent more than {_MAX_TEXT} bytes of text")
            return text.decode("utf-8", "replace")

    @contextmanager
    def _answer(self, address: str, now: datetime) -> Iterator[requests.Response]:
        """The successful answer to a request, redirects followed."""
        for _ in range(_MAX_REDIRECTS):
            self._check(address)
            with self._requested(address) as response:
                if response.status_code in {301, 302, 303, 307, 308}:
                    address = urljoin(address, response.headers.get("Location", ""))
                    continue
                if response.status_code == 429:
                    raise _too_often(self._host, retry_after(response.headers), now)
                if response.status_code != 200:
                    raise _unavailable(self._host, f"it answered {response.status_code}")
                yield response
                return
        raise _unavailable(self._host, f"it redirects more than {_MAX_REDIRECTS} times")

    def _requested(self, address: str) -> requests.Response:
        try:
            return self._session.get(
                address,
                headers={"Accept-Encoding": "identity"},
                auth=Anonymous(),
                timeout=(_TIMEOUTS.connect, _TIMEOUTS.read),
                allow_redirects=False,
                stream=True,
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise _unavailable(self._host, network_failure(error, _TIMEOUTS)) from None

    def _check(self, address: str) -> None:
        """Raises DumpError for an address that a redirect must not lead to."""
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            host = ""
        local = parts.scheme == "http" and is_loopback(self._host)
        allowed = host == self._host or _STORAGE.fullmatch(host)
        if not allowed or "@" in parts.netloc or not (parts.scheme == "https" or local):
            what = "it redirects to a host that is not Discogs', or without encryption"
            raise DumpError(self._host, what)


class _Body:
    """The body of a response. It ends with an error, not early, when the connection breaks."""

    def __init__(self, response: requests.Response, host: str, *, decode: bool = False) -> None:
        self._raw = response.raw
        self._host = host
        self._decode = decode
        self._deadline = time.monotonic() + _LONGEST

    def read(self, size: int = _CHUNK) -> bytes:
        if time.monotonic() > self._deadline:
            raise _unavailable(self._host, f"a download took more than {_LONGEST / 3600:g} h")
        try:
            return bytes(self._raw.read1(size, decode_content=self._decode))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _unavailable(self._host, network_failure(error, _TIMEOUTS)) from None


def dump_day(name: str) -> date | None:
    """The day in the name of a dump's file; None for another name."""
    found = _FILE.search(name)
    return _day(found[1]) if found else None


def masters(stream: Stream, where: str) -> Iterator[Master]:
    """The masters of a dump, in its order; memory stays flat. Raises DumpError.

    Text may contain raw line feeds, and the videos of a master hold titles of their own, so the XML
    is parsed and only direct children are read.
    """
    reader = _Reader(where)
    unread = 0
    try:
        for piece in _text_of(stream, where):
            found = reader.feed(piece)
            yield from found
            unread = 0 if found else unread + len(piece)
            if unread > _LARGEST_MASTER:
                raise DumpError(where, f"a master has more than {_LARGEST_MASTER >> 20} MiB")
        yield from reader.feed(b"", last=True)
    except EOFError:
        raise DumpError(where, "it ends too early") from None
    except (zlib.error, gzip.BadGzipFile):
        raise DumpError(where, "its compression is damaged") from None
    except OSError as error:
        raise DumpError(where, f"cannot be read: {reason(error)}") from None
    except expat.ExpatError:
        raise DumpError(where, "its XML is damaged or ends too early") from None


def _text_of(stream: Stream, where: str) -> Iterator[bytes]:
    """The XML in pieces, unpacked if need be. Raises DumpError unless it is one of masters.

    A document type, which could define entities, is not allowed in front.
    """
    head = stream.read()
    source: Bytes = _Rest(head, stream)
    if head.startswith(b"\x1f\x8b"):
        source = gzip.GzipFile(fileobj=source, mode="rb")  # type: ignore[call-overload]
    start = source.read(_CHUNK)
    if start and not _START.match(start):
        raise DumpError(where, "it is not a dump of masters")
    yield start
    while piece := source.read(_CHUNK):
        yield piece


class _Rest:
    """A stream whose first bytes were read already."""

    def __init__(self, head: bytes, stream: Stream) -> None:
        self._head, self._stream = head, stream

    def read(self, size: int = -1, /) -> bytes:
        if not self._head:
            return self._stream.read(_CHUNK if size < 0 else size)
        size = len(self._head) if size < 0 else size
        chunk, self._head = self._head[:size], self._head[size:]
        return chunk


class _Reader:
    """Reads masters from XML that is fed to it; everything else in it costs next to nothing."""

    def __init__(self, where: str) -> None:
        self.masters: list[Master] = []  # those read since the list was emptied
        self._where = where
        self._level = 0
        self._part = ""  # the child of a master that is open
        self._facts: dict[str, list[str]] = {}
        self._id = 0
        self._text: list[str] | None = None
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def feed(self, piece: bytes, *, last: bool = False) -> list[Master]:
        """The masters that end in a piece. Raises DumpError, or ExpatError for damaged XML."""
        self.masters = []
        self._parser.Parse(piece, last)
        return self.masters

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._level = level = self._level + 1
        if level > 4:
            return
        if level == 2 and name == "master":
            self._id = whole(attributes.get("id"))
            self._facts = {"year": [], "genres": [], "styles": []}
            if not self._id:
                raise DumpError(self._where, "a master has no id")
        elif level == 3:
            self._part = name
            if name not in self._facts:
                self._skip()
                return
        if level == (3 if self._part == "year" else 4) and self._part in self._facts:
            self._text = []
            self._parser.CharacterDataHandler = self._text.append

    def _skip(self) -> None:
        """Pass over the rest of the open part, which is most of a dump."""
        self._parser.StartElementHandler = None
        self._parser.EndElementHandler = self._skipped

    def _skipped(self, name: str) -> None:
        if name == self._part:
            self._level -= 1
            self._parser.StartElementHandler = self._start
            self._parser.EndElementHandler = self._end

    def _end(self, name: str) -> None:
        if self._text is not None:
            if text := clean("".join(self._text)):
                self._facts[self._part].append(text)
            self._text = self._parser.CharacterDataHandler = None
        if self._level == 2 and name == "master":
            year = whole("".join(self._facts["year"]))
            self.masters.append(
                Master(
                    MasterId(self._id),
                    year if 0 < year <= _LAST_YEAR else None,
                    tuple(self._facts["genres"]),
                    tuple(self._facts["styles"]),
                )
            )
            self._part = ""
        self._level -= 1


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def _unavailable(host: str, what: str) -> Unavailable:
    hint = "the table that was there stays; run build-site enrich again later"
    return Unavailable(host, what, hint, form=DumpError.default_form)


def _too_often(host: str, seconds: float | None, now: datetime) -> RateLimited:
    pause = timedelta(seconds=seconds or 3600)
    hint = f"the table that was there stays; try again after {now + pause:%H:%M} UTC"
    what = "it wants a longer pause between downloads (429)"
    return RateLimited(host, what, hint, form=DumpError.default_form)
