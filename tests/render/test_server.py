"""The server on loopback, asked over real connections."""

import http.client
import socket
from pathlib import Path
from threading import Thread

import pytest

from generator.errors import GeneratorError, UsageError
from generator.render.server import SiteServer

FILES = {
    "index.html": b"<h1>front</h1>",
    "404.html": b"<h1>lost</h1>",
    "u/a/index.html": b"<h1>a</h1>",
    "u/a/releases.json": b"{}",
    "u/a/releases.csv": b"a\r\n",
    "assets/x/main.js": b"1",
    "assets/x/main.css": b"a{}",
    "assets/x/a.woff2": b"w",
    "assets/x/a.svg": b"<svg/>",
    "assets/x/LICENSE": b"free",
    "big.bin": b"x" * 8_000_000,
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A small site, served."""
    site = tmp_path_factory.mktemp("site")
    for name, content in FILES.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(content)
    with SiteServer(site) as running:
        thread = Thread(target=running.serve_forever, args=(0.05,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def ask(server, path, method="GET", **headers):
    """Status, headers and body."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_it_listens_on_loopback_only(server):
    assert server.server_address[0] == "127.0.0.1"
    assert server.url == f"http://127.0.0.1:{server.server_port}/"


def test_a_port_may_be_chosen(server, tmp_path):
    (tmp_path / "index.html").touch()

    with pytest.raises(GeneratorError, match="in use"):
        SiteServer(tmp_path, server.server_port)


def test_there_has_to_be_a_site(tmp_path):
    with pytest.raises(UsageError) as error:
        SiteServer(tmp_path)

    assert str(error.value) == f"{tmp_path}: holds no site yet"
    assert error.value.hint == "run build-site build first"


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("/", "text/html; charset=utf-8", "index.html"),
        ("/u/a/", "text/html; charset=utf-8", "u/a/index.html"),
        ("/u/a/index.html?x=1", "text/html; charset=utf-8", "u/a/index.html"),
        ("/u/a/releases.json", "application/json; charset=utf-8", "u/a/releases.json"),
        ("/u/a/releases.csv", "text/csv; charset=utf-8", "u/a/releases.csv"),
        ("/assets/x/main.js", "text/javascript; charset=utf-8", "assets/x/main.js"),
        ("/assets/x/main.css", "text/css; charset=utf-8", "assets/x/main.css"),
        ("/assets/x/a.woff2", "font/woff2", "assets/x/a.woff2"),
        ("/assets/x/a.svg", "image/svg+xml", "assets/x/a.svg"),
        ("/assets/x/LICENSE", "application/octet-stream", "assets/x/LICENSE"),
    ],
)
def test_files_come_with_their_type(server, path, kind, name):
    status, headers, body = ask(server, path)

    assert (status, body) == (200, FILES[name])
    assert headers["Content-Type"] == kind
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/assets/x/main.js", "max-age=31536000, immutable"),
        ("/", "no-cache"),
        ("/u/a/releases.json", "no-cache"),
        ("/assets/x/absent.js", "no-cache"),
        ("/absent", "no-cache"),
    ],
)
def test_only_assets_that_are_there_are_cached_for_ever(server, path, kept):
    assert ask(server, path)[1]["Cache-Control"] == kept


@pytest.mark.parametrize("path", ["/absent", "/u/", "/u/b/", "/assets/", "/u/a/releases.json/"])
def test_what_is_missing_has_the_site_s_own_page(server, path):
    status, headers, body = ask(server, path)

    assert (status, body) == (404, b"<h1>lost</h1>")
    assert headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_directory_without_its_slash_is_redirected(server):
    status, headers, _ = ask(server, "/u/a")

    assert (status, headers["Location"]) == (301, "/u/a/")


@pytest.mark.parametrize("path", ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd"])
def test_nothing_outside_the_site_is_served(server, path):
    assert ask(server, path)[0] == 404


def test_heads_have_no_body(server):
    assert ask(server, "/", "HEAD")[0::2] == (200, b"")
    assert ask(server, "/absent", "HEAD")[0::2] == (404, b"")


def test_a_site_is_only_read(server):
    assert ask(server, "/", "POST")[0] == 501


@pytest.mark.parametrize("line", [b"nonsense", b"GET / HTTP/9.9", b"GET", b"GET " + b"x" * 70000])
def test_nonsense_is_answered_politely(server, capfd, line):
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=60) as connection:
        connection.sendall(line + b"\r\nHost: x\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while part := connection.recv(65536):
            found += part

    assert b"40" in found or b"50" in found or b"41" in found
    assert ask(server, "/")[0] == 200
    assert capfd.readouterr() == ("", "")


def test_a_browser_that_leaves_is_no_news(server, capfd):
    connection = socket.create_connection(("127.0.0.1", server.server_port), timeout=60)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.sendall(b"GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    connection.recv(1000)
    connection.close()

    assert ask(server, "/big.bin")[2] == FILES["big.bin"]
    assert capfd.readouterr() == ("", "")


def test_it_serves_without_a_page_for_what_is_lost(tmp_path):
    (tmp_path / "index.html").touch()
    with SiteServer(tmp_path) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        status = ask(server, "/absent")[0]
        server.shutdown()
        thread.join()

    assert status == 404


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.evil.example", "", "127.0.0.2"])
def test_only_requests_for_its_own_names_are_answered(server, name):
    status, _, body = ask(server, "/", Host=name)

    assert status == 421
    assert FILES["index.html"] not in body


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST:80"])
def test_its_own_names_are_answered(server, name):
    assert ask(server, "/", Host=name)[::2] == (200, FILES["index.html"])


def test_a_link_out_of_the_site_is_not_followed(server, tmp_path):
    (tmp_path / "secret").write_text("key")
    link = Path(server.RequestHandlerClass.keywords["directory"]) / "link"
    link.symlink_to(tmp_path / "secret")

    assert ask(server, "/link")[::2] == (404, b"<h1>lost</h1>")

    link.unlink()
