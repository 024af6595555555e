"""Serving the site on loopback the way a plain static host would.

A page of another site cannot read this one through a name that resolves to 127.0.0.1: only
requests for the server's own names are answered.
"""

import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Condition
from typing import BinaryIO
from urllib.parse import urlsplit

from generator.errors import GeneratorError, UsageError, reason

_SCRIPT, _EVENTS = "/.live.js", "/.live"
_STILL_THERE_S = 15  # how soon a browser that left is noticed


class SiteServer(ThreadingHTTPServer):
    """The site on 127.0.0.1; port 0 is any free one.

    With `live`, pages come with a script of the same origin that reloads them after `reload`. The
    files, and the policy in the pages, stay as they are.
    """

    daemon_threads = True

    def __init__(self, directory: Path, port: int = 0, *, live: bool = False) -> None:
        self.live = live
        self.reloads = 0
        self.reloaded = Condition()
        if not (directory / "index.html").is_file():
            raise UsageError(str(directory), "holds no site yet", "run build-site build first")
        try:
            super().__init__(("127.0.0.1", port), partial(_Handler, directory=str(directory)))
        except OSError as error:
            what, hint = f"port {port}: {reason(error)}", "leave --port out to use any free port"
            raise GeneratorError("serve", what, hint) from None

    @property
    def url(self) -> str:
        """The address of the site's index."""
        return f"http://127.0.0.1:{self.server_port}/"

    def reload(self) -> None:
        """Reload every page that is open."""
        with self.reloaded:
            self.reloads += 1
            self.reloaded.notify_all()

    def next_reload(self, known: int) -> int:
        """The number of reloads once it is no longer `known`, or after some seconds as it is."""
        with self.reloaded:
            self.reloaded.wait_for(lambda: self.reloads != known, _STILL_THERE_S)
            return self.reloads

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that leaves in the middle of an answer is no news."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(SimpleHTTPRequestHandler):
    path = ""  # for a request that cannot be parsed
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        "": "application/octet-stream",
        ".css": "text/css; charset=utf-8",
        ".csv": "text/csv; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json; charset=utf-8",
        ".svg": "image/svg+xml",
        ".woff2": "font/woff2",
        ".xml": "application/xml; charset=utf-8",
    }

    def send_head(self) -> BinaryIO | None:
        """Answer for loopback names, and only with files that are inside the site."""
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname
        if host not in ("127.0.0.1", "localhost"):
            super().send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return None
        top = Path(self.directory).resolve()
        if not Path(self.translate_path(self.path)).resolve().is_relative_to(top):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        server = self.server
        if not (isinstance(server, SiteServer) and server.live):
            return super().send_head()
        return self._live_head(server)

    def _live_head(self, server: SiteServer) -> BinaryIO | None:
        """The same answers, with the script that reloads pages, and its events."""
        path, _, count = self.path.partition("?")
        known = int(count) if count.isdecimal() else 0
        if path == _SCRIPT:
            script = f'new EventSource("{_EVENTS}?{known}").onmessage = () => location.reload();\n'
            return self._sent(script.encode(), self.extensions_map[".js"])
        if path == _EVENTS:
            self._send_events(server, known)
            return None
        target = Path(self.translate_path(path))
        page = target / "index.html" if path.endswith("/") else target
        if page.suffix != ".html" or not page.is_file():
            return super().send_head()
        tag = f'<script src="{_SCRIPT}?{server.reloads}"></script></head>'.encode()
        text = page.read_bytes().replace(b"</head>", tag, 1)
        return self._sent(text, self.extensions_map[".html"])

    def _sent(self, body: bytes, kind: str) -> BinaryIO:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def _send_events(self, server: SiteServer, known: int) -> None:
        """An event for each reload since the one a page knows of, until the browser leaves."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        while True:
            before, known = known, server.next_reload(known)
            self.wfile.write(b"data: reload\n\n" if known != before else b":\n\n")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's own page for an address that does not exist."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.path = "/404.html"
        self.send_response(HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def list_directory(self, path: object) -> None:  # noqa: ARG002 - the parent names it
        """A directory without an index is not there."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        cached = "/assets/" in self.path
        self.send_header("Cache-Control", "max-age=31536000, immutable" if cached else "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the terminal shows the address."""
