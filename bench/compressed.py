"""Serving a site compressed, the way static hosts do."""

import gzip
import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

LEVEL = 6
"""What hosts commonly use."""
PACKED_ALREADY = {".gif", ".jpg", ".png", ".webp", ".woff2"}
TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
"""Where a machine's own table of types cannot be relied on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A file as it goes over the wire."""

    body: bytes
    headers: Mapping[str, str]


@contextmanager
def served(directory: Path) -> Iterator[str]:
    """The address, of this machine alone, at which the site in the directory is served."""
    handler = partial(_Handler, answers(directory))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def answers(directory: Path) -> Mapping[str, Answer]:
    """The answer for each path of the site; a directory's is its index."""
    found = {}
    for file in sorted(directory.rglob("*")):
        if file.is_file():
            path = f"/{file.relative_to(directory).as_posix()}"
            found[path.removesuffix("index.html")] = _answer(file, path)
    return found


def _answer(file: Path, path: str) -> Answer:
    kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
    headers = {
        "Content-Type": kind or "application/octet-stream",
        "Cache-Control": "max-age=31536000, immutable" if "/assets/" in path else "max-age=600",
    }
    body = file.read_bytes()
    if file.suffix not in PACKED_ALREADY:
        body = gzip.compress(body, LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Answer(body, headers | {"Content-Length": str(len(body))})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, found: Mapping[str, Answer], *connection: object) -> None:
        self._found = found
        super().__init__(*connection)  # type: ignore[arg-type] # a server passes what it takes

    def do_GET(self) -> None:
        answer = self._found.get(unquote(urlsplit(self.path).path))
        if answer is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the numbers are what is printed."""
