"""The loopback page that Discogs sends the owner's browser back to after authorising."""

import secrets
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from threading import TIMEOUT_MAX, Event, Thread, current_thread
from urllib.parse import parse_qs

from generator.errors import Refused

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<h1>{title}</h1><p>{text} You can close this page and go back to the terminal.</p></html>
"""
_LONGEST_WAIT = 60  # seconds a browser waits for the result of its login
_LONGEST_SEND = 5  # seconds the program waits until the browser has the result


class _Server(ThreadingHTTPServer):
    """A server that ends without waiting for its visitors."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """A visitor who closes the connection is not an error of this program."""


class Callback:
    """A server on 127.0.0.1 that waits for one redirect to an unguessable path.

    The browser sees "Connected" only after `confirm`; leaving the context without it shows
    "Not connected".
    """

    def __init__(self) -> None:
        self._path = f"/{secrets.token_urlsafe(24)}"
        self._token = ""
        self._answers: SimpleQueue[str] = SimpleQueue()  # verifiers; "" where access was denied
        self._pages: list[Thread] = []  # those that wait for the result: a page can be reloaded
        self._settled = Event()
        self._connected = False
        self._server = _Server(("127.0.0.1", 0), self._handler())

    @property
    def url(self) -> str:
        """The address to give Discogs as oauth_callback."""
        return f"http://127.0.0.1:{self._server.server_port}{self._path}"

    def __enter__(self) -> "Callback":
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._settled.set()
        for page in self._pages:
            page.join(_LONGEST_SEND)
        self._server.shutdown()
        self._server.server_close()

    def expect(self, request_token: str) -> None:
        """Accept answers to this request token only."""
        self._token = request_token

    def wait(self, deadline: float) -> str:
        """The verifier, after at most `deadline` seconds.

        Raises Refused when access is denied or the deadline passes. Requests for other paths or
        other tokens are turned away, and waiting goes on.
        """
        try:
            verifier = self._answers.get(timeout=min(TIMEOUT_MAX, deadline))
        except Empty:
            raise Refused(
                "connect",
                f"not authorised within {deadline:g} s",
                "run connect again, or allow more time with --deadline SECONDS",
            ) from None
        if not verifier:
            hint = "run connect again and allow access"
            raise Refused("connect", "access was denied at Discogs", hint)
        return verifier

    def confirm(self) -> None:
        """The account is connected and stored: show that to the browser."""
        self._connected = True

    def _respond(self, address: str) -> tuple[int, str]:
        """The status and page for a request; an answer's page waits for the result."""
        path, _, rest = address.partition("?")
        query = {name: values[-1] for name, values in parse_qs(rest).items()}
        if not secrets.compare_digest(path.encode(), self._path.encode()):
            return 404, _PAGE.format(title="Not found", text="This page does not exist.")
        denied = self._token and query.get("denied") == self._token
        verifier = query.get("oauth_verifier", "")
        ours = self._token and query.get("oauth_token") == self._token and verifier
        if not denied and not ours:
            text = "This answer is for another login."
            return 400, _PAGE.format(title="Not connected", text=text)
        self._pages.append(current_thread())
        self._answers.put("" if denied else verifier)
        self._settled.wait(_LONGEST_WAIT)
        if self._connected:
            return 200, _PAGE.format(title="Connected", text="Gatefold can read the collection.")
        text = "Access was denied." if denied else "The terminal shows the reason."
        return 200, _PAGE.format(title="Not connected", text=text)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        callback = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def do_GET(self) -> None:
                status, page = callback._respond(self.path)
                body = page.encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """The address holds the verifier, so it is not logged."""

        return Handler
