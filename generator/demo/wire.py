"""HTTP on loopback: requests, responses, and the server between them."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"
FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Request:
    """A request, kept as a record. Its credentials are wiped once it is answered."""

    method: str
    path: str  # without the query, percent-decoded
    query: dict[str, str]
    source: str  # the client's address
    user_agent: str
    url: str
    authorization: str = ""
    form: str = ""  # the body, if it is form-encoded
    number: int = 0  # counts from 1 over the stand-in's life
    authenticated: bool = False  # whether its credentials were valid
    username: str | None = None  # the owner of the credentials; an application has none
    status: int = 0  # the status sent; 0 for a reset connection

    def wipe_credentials(self) -> None:
        """Forget everything that could be a secret."""
        self.url = self.authorization = self.form = ""
        for name in list(self.query):
            if name in {"token", "key", "secret"} or name.startswith("oauth_"):
                del self.query[name]


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, body and headers."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()

    def with_headers(self, *headers: tuple[str, str]) -> "Reply":
        """The same response with more headers."""
        return replace(self, headers=(*self.headers, *headers))


def json_response(value: Any, status: int = 200) -> Reply:
    """A value as JSON. Unpaired surrogates are sent as they are."""
    return Reply(status, json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def error_response(status: int, message: str, content_type: str = JSON) -> Reply:
    """An error in Discogs' usual JSON shape, or in plain text as the OAuth endpoints send it."""
    response = json_response({"message": message}, status)
    if content_type != JSON:
        response = Reply(status, message.encode(), content_type)
    realm = ("WWW-Authenticate", 'OAuth realm="https://api.discogs.com"')
    return response.with_headers(realm) if status == 401 else response


class Refusal(Exception):
    """Ends a request with an error response; takes the arguments of `error_response`."""

    def __init__(self, status: int, message: str, content_type: str = JSON) -> None:
        super().__init__(status, message)
        self.response = error_response(status, message, content_type)


class Server(ThreadingHTTPServer):
    """Listens on any free port of 127.0.0.1. Keeps exceptions of its own side in `failures`."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, respond: Callable[[Request], Reply], handler: "type[Handler]") -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.respond = respond
        self.failures: list[BaseException] = []
        self._open: set[socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is not a failure."""

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
    # Otherwise every response waits 40 ms for the client's delayed acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1
    server_version, sys_version = "cloudflare", ""

    def do_GET(self) -> None:
        """Respond; exceptions of the stand-in or a hook are raised again by `StandIn.stop`."""
        try:
            response = self.server.respond(self._request())
        except BaseException as exc:
            self.server.failures.append(exc)
            raise
        self.send(response)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815 - names of http.server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Log nothing."""

    def _request(self) -> Request:
        parts, headers = urlsplit(self.path), self.headers
        body = self.rfile.read(int(headers.get("Content-Length") or 0)).decode("latin-1")
        return Request(
            self.command,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            source=self.client_address[0],
            user_agent=headers.get("User-Agent", ""),
            url=f"http://{headers.get('Host', '')}{self.path}",
            authorization=headers.get("Authorization", ""),
            form=body if FORM in headers.get("Content-Type", "") else "",
        )

    def send(self, response: Reply) -> None:
        """Send a response, compressed if the client takes that."""
        body = response.body
        gzipped = response.content_type == JSON and len(body) > 200
        gzipped = gzipped and "gzip" in self.headers.get("Accept-Encoding", "")
        body = gzip.compress(body, 1, mtime=0) if gzipped else body
        encoding = [("Content-Encoding", "gzip")] if gzipped else []
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (*encoding, *response.headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
