"""Serving the site on loopback the way a plain static host would.

A page of another site cannot read this one through a name that resolves to 127.0.0.1: only
requests for the server's own names are answered.
"""

import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from generator.errors import GeneratorError, UsageError, reason


class SiteServer(ThreadingHTTPServer):
    """The site on 127.0.0.1; port 0 is any free one."""

    daemon_threads = True

    def __init__(self, directory: Path, port: int = 0) -> None:
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
        return super().send_head()

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
