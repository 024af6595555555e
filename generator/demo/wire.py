"""HTTP on loopback: reads requests, sends answers, and spoils them when told to."""

import gzip
import struct
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, SO_LINGER, SOL_SOCKET, socket
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from generator.demo.answers import JSON, Answer
from generator.demo.faults import Effect, Received
from generator.demo.signatures import Call

WORTH_PACKING = 200
"""Bytes."""
SECRET_PARAMETERS = {"token", "key", "secret"}


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as it came: what may be remembered, and what must not."""

    received: Received
    call: Call
    """Holds the credentials."""
    form: dict[str, str]
    """The whole query."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An answer and what is to happen to it on its way."""

    answer: Answer
    effect: Effect = Effect.NONE
    delay: float = 0.0


Answering = Callable[[Incoming], Outgoing]


class Server(ThreadingHTTPServer):
    """Listens on any free port of 127.0.0.1; keeps what went wrong inside for the owner."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, answering: Answering, wait: Callable[[float], object]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answering = answering
        self.wait = wait
        self.failures: list[BaseException] = []
        self._open: set[socket] = set()

    @property
    def url(self) -> str:
        """Scheme, address and port."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no failure."""

    def hang_up(self) -> None:
        """End every connection that is still kept alive."""
        for connection in self._open.copy():
            try:
                connection.shutdown(SHUT_RDWR)
            except OSError:
                self._open.discard(connection)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    # Without this every answer waits 40 ms for the client's delayed acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """Answer, or fail loudly when the stand-in itself is at fault."""
        try:
            outgoing = self.server.answering(self._incoming())
        except BaseException as exc:
            self.server.failures.append(exc)
            raise
        self._send(outgoing)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815 - names of http.server

    def version_string(self) -> str:
        """The Server header."""
        return "cloudflare"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Quiet."""

    def _incoming(self) -> Incoming:
        parts = urlsplit(self.path)
        form = dict(parse_qsl(parts.query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        harmless = {
            name: value
            for name, value in form.items()
            if name not in SECRET_PARAMETERS and not name.startswith("oauth_")
        }
        received = Received(
            number=0,
            method=self.command,
            path=unquote(parts.path),
            query=harmless,
            source=self.client_address[0],
            user_agent=self.headers.get("User-Agent", ""),
        )
        url = f"http://{self.headers.get('Host', '')}{self.path}"
        call = Call(url, self.command, body.decode("latin-1"), dict(self.headers.items()))
        return Incoming(received, call, form)

    def _send(self, outgoing: Outgoing) -> None:
        if outgoing.delay:
            self.server.wait(outgoing.delay)
        if outgoing.effect is Effect.RESET:
            self._reset()
            return
        body = b"" if outgoing.effect is Effect.EMPTY else outgoing.answer.body
        packed = outgoing.answer.content_type == JSON and len(body) > WORTH_PACKING
        packed = packed and "gzip" in self.headers.get("Accept-Encoding", "")
        body = gzip.compress(body, 1, mtime=0) if packed else body
        self.send_response(outgoing.answer.status)
        self.send_header("Content-Type", outgoing.answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        for name, value in outgoing.answer.headers:
            self.send_header(name, value)
        if outgoing.effect is Effect.TRUNCATED:
            body = body[: len(body) // 2]
            self.close_connection = True
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.wfile.close()
        self.connection.close()
