"""A git server on loopback that needs the right header."""

import os
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

from tests.store.branches import run_git


@dataclass
class GitServer:
    """The repositories below `root`, at `url`."""

    root: Path
    authorization: str | None
    url: str = ""
    status: int = 401
    """The answer to another header."""
    location: str = ""
    """The server that such a request is redirected to."""
    seen: list = field(default_factory=list)
    """The Authorization headers of every request."""
    largest: int = 0
    """The bytes of the largest body of a request or response."""
    command_lines: set = field(default_factory=set)
    """Those of all processes that ran during a request."""

    def answer(self, handler):
        """Answer one request with git's own server."""
        self.seen.append(handler.headers.get_all("Authorization"))
        self.command_lines |= command_lines()
        body = handler.rfile.read(int(handler.headers["Content-Length"] or 0))
        if handler.headers["Authorization"] != self.authorization:
            handler.send_response(self.status)
            if self.status == 401:
                handler.send_header("WWW-Authenticate", 'Basic realm="x"')
            if self.location:
                handler.send_header("Location", self.location + handler.path)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        head, _, content = self.backend(handler, body).partition(b"\r\n\r\n")
        self.largest = max(self.largest, len(body), len(content))
        handler.send_response(200)
        for line in head.decode().splitlines():
            handler.send_header(*line.split(": ", 1))
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def backend(self, handler, body):
        """The output of git http-backend."""
        path, _, query = handler.path.partition("?")
        environ = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": unquote(path),
            "QUERY_STRING": query,
            "REQUEST_METHOD": handler.command,
            "CONTENT_TYPE": handler.headers["Content-Type"] or "",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": handler.headers["Content-Encoding"] or "",
            "GIT_PROTOCOL": handler.headers["Git-Protocol"] or "",
            "REMOTE_USER": "somebody",
        }
        return subprocess.run(
            ["git", "http-backend"], env=environ, input=body, capture_output=True, check=True
        ).stdout


def command_lines():
    """Those of all processes; empty on a system without /proc."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            found.add((process / "cmdline").read_bytes())
        except OSError:
            continue
    return found


@contextmanager
def git_server(root, authorization):
    """A server, until the end of the block."""
    server = GitServer(root, authorization)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.answer(self)

        do_POST = do_GET  # noqa: N815 - the name the standard library asks for

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        server.url = f"http://127.0.0.1:{listening.server_port}"
        Thread(target=listening.serve_forever, daemon=True).start()
        for repository in root.glob("*.git"):
            run_git("config", "http.receivepack", "true", cwd=repository)
        yield server
        listening.shutdown()
