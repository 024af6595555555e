"""The loopback page Discogs sends the owner's browser back to after authorising."""

import secrets
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from threading import TIMEOUT_MAX, Thread
from urllib.parse import parse_qs

from generator.errors import Refused

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<h1>{title}</h1><p>{text} You can close this page and go back to the terminal.</p></html>
"""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came back: a verifier, or a denial."""

    verifier: str
    denied: bool


class _Server(ThreadingHTTPServer):
    """A server that ends without waiting for its visitors."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Say nothing: a visitor who breaks off is no error of this program."""


class Callback:
    """A server on 127.0.0.1 that waits for one redirect to an unguessable path."""

    def __init__(self) -> None:
        self._path = f"/{secrets.token_urlsafe(24)}"
        self._token = ""
        self._answers: SimpleQueue[_Answer] = SimpleQueue()
        self._server = _Server(("127.0.0.1", 0), self._handler())

    @property
    def url(self) -> str:
        """The address to give Discogs as oauth_callback."""
        return f"http://127.0.0.1:{self._server.server_port}{self._path}"

    def __enter__(self) -> "Callback":
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def expect(self, request_token: str) -> None:
        """Take answers for this request token only."""
        self._token = request_token

    def wait(self, deadline: float) -> str:
        """The verifier, waited for at most `deadline` seconds.

        Raises Refused when the owner denied access or nobody came in time. Requests for other
        paths or other tokens are turned away and waiting goes on.
        """
        try:
            answer = self._answers.get(timeout=min(TIMEOUT_MAX, deadline))
        except Empty:
            raise Refused(
                "connect",
                f"nobody authorised within {deadline:g} s",
                "run connect again, or give more time with --deadline",
            ) from None
        if answer.denied:
            raise Refused(
                "connect", "access was denied at Discogs", "run connect again to allow it"
            )
        return answer.verifier

    def _answer(self, address: str) -> tuple[int, str, _Answer | None]:
        """The status and page for a request, and what it says if it is the one waited for."""
        path, _, rest = address.partition("?")
        query = {name: values[-1] for name, values in parse_qs(rest).items()}
        if not secrets.compare_digest(path.encode(), self._path.encode()):
            return 404, _PAGE.format(title="Not found", text="This page is not here."), None
        if self._token and query.get("denied") == self._token:
            page = _PAGE.format(title="Not connected", text="Access was denied.")
            return 200, page, _Answer("", denied=True)
        verifier = query.get("oauth_verifier")
        if self._token and query.get("oauth_token") == self._token and verifier:
            page = _PAGE.format(title="Connected", text="Gatefold may read the collection.")
            return 200, page, _Answer(verifier, denied=False)
        page = _PAGE.format(title="Not connected", text="This answer belongs to another try.")
        return 400, page, None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        callback = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def do_GET(self) -> None:
                status, page, answer = callback._answer(self.path)
                body = page.encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                self.wfile.write(body)
                if answer:
                    callback._answers.put(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing: the address holds the verifier."""

        return Handler
