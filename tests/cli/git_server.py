"""A git server on loopback that lets nobody in without the right header."""

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
    authorization: str
    url: str = ""
    status: int = 401
    """The answer to whoever has another header."""
    seen: list = field(default_factory=list)
    """The Authorization of every request."""
    command_lines: set = field(default_factory=set)
    """Of all processes there were during a request."""

    def answer(self, handler):
        """One request, handed to git's own server."""
        self.seen.append(handler.headers["Authorization"])
        self.command_lines |= command_lines()
        body = handler.rfile.read(int(handler.headers["Content-Length"] or 0))
        if handler.headers["Authorization"] != self.authorization:
            handler.send_response(self.status)
            if self.status == 401:
                handler.send_header("WWW-Authenticate", 'Basic realm="x"')
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        head, _, content = self.backend(handler, body).partition(b"\r\n\r\n")
        handler.send_response(200)
        for line in head.decode().splitlines():
            handler.send_header(*line.split(": ", 1))
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def backend(self, handler, body):
        """What git http-backend says."""
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
    """Those of all processes; none where the system does not tell."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.add(path.read_bytes())
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
