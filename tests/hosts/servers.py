"""Servers that publish a directory the way hosts do, each on a free port of this machine."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from generator.render.server import SiteServer

NGINX = """\
daemon off;
worker_processes 1;
pid {place}/nginx.pid;
error_log {place}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {place}/a;
    proxy_temp_path {place}/b;
    fastcgi_temp_path {place}/c;
    uwsgi_temp_path {place}/d;
    scgi_temp_path {place}/e;
    types {{
        text/html html;
        text/css css;
        text/javascript js;
        application/json json;
        image/svg+xml svg;
        font/woff2 woff2;
    }}
    server {{
        listen 127.0.0.1:{port};
        root {root};
        include {locations};
    }}
}}
"""


def free_port() -> int:
    """One nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def program(name: str) -> str:
    """Where a program is; the test is skipped on machines that have none."""
    places = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
    found = shutil.which(name, path=places)
    if found is None:
        pytest.skip(f"there is no {name} on this machine")
    return found


@contextmanager
def ours(root: Path, port: int) -> Iterator[None]:
    """What `build-site serve` runs."""
    with SiteServer(root, port) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield
        server.shutdown()
        thread.join()


@contextmanager
def sending(root: Path, headers: Mapping[str, str]) -> Iterator[str]:
    """A host that sends these headers with every answer; its address."""

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(root))

        def end_headers(self) -> None:
            for name, value in headers.items():
                self.send_header(name, value)
            super().end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@contextmanager
def nginx(root: Path, port: int, locations: Path) -> Iterator[None]:
    """Nginx with the locations that a build wrote, as whoever runs the tests."""
    place = locations.parent.parent / f"nginx-{port}"
    place.mkdir()
    conf = place / "nginx.conf"
    conf.write_text(NGINX.format(place=place, port=port, root=root, locations=locations))
    place.chmod(0o755)
    command = [program("nginx"), "-c", str(conf), "-p", str(place), "-e", str(place / "error.log")]
    if os.geteuid() == 0:
        command += ["-g", "user root;"]
    with running(command, port, {}):
        yield


@contextmanager
def wrangler(root: Path, port: int, home: Path) -> Iterator[None]:
    """Cloudflare's own local server of Pages."""
    command = [program("wrangler"), "pages", "dev", str(root), "--ip=127.0.0.1", f"--port={port}"]
    environ = {"HOME": str(home), "CI": "1", "WRANGLER_SEND_METRICS": "false"}
    with running([*command, "--compatibility-date=2026-01-01"], port, environ):
        yield


@contextmanager
def netlify(root: Path, port: int, home: Path) -> Iterator[None]:
    """Netlify's own local server. Its edge functions would be fetched from elsewhere first."""
    command = [program("netlify"), "dev", "--offline", "--internal-disable-edge-functions"]
    command += [f"--dir={root}", f"--port={port}", "--no-open"]
    with running(command, port, {"HOME": str(home), "CI": "1"}):
        yield


@contextmanager
def running(command: list[str], port: int, environ: dict[str, str]) -> Iterator[None]:
    """A server in a process group of its own, asked until it listens, gone afterwards."""
    process = subprocess.Popen(
        command,
        env={"PATH": os.environ["PATH"], **environ},
        cwd=environ.get("HOME"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        wait_for(process, port)
        yield
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=20)


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Until somebody listens on the port. Fails when the server ends or takes a minute."""
    for _ in range(600):
        assert process.poll() is None, (process.communicate()[0] or b"").decode()
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"{process.args!r} does not listen")
