"""The closed world every test runs in, and the browser and the data some of them need."""

import ipaddress
import os
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

CLEARED = ("DISCOGS_", "GITHUB_", "GIT_", "XDG_")
CLEARED_NAMES = ("OAUTH_ENCRYPTION_KEY", "CI", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "BROWSER")
# Not UTC, so that local time leaking into a result is seen; in POSIX form, so that no zone file
# is needed.
ZONE = "NST3:30"
SOCKET_EVENTS = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0}


def _forbid_the_network(event, arguments):
    """Stop every socket that leaves this machine, also those of threads and libraries."""
    if event not in SOCKET_EVENTS:
        return
    address = arguments[SOCKET_EVENTS[event]]
    host = address[0] if isinstance(address, tuple) else address
    if isinstance(address, tuple) or event == "socket.getaddrinfo":
        assert _is_loopback(host), f"a test must not reach {host}"


def _is_loopback(host):
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


sys.addaudithook(_forbid_the_network)


def pytest_addoption(parser):
    """`--rewrite-golden` is what `make golden` passes."""
    parser.addoption("--rewrite-golden", action="store_true", help="rewrite the golden site")


@pytest.fixture(scope="session", autouse=True)
def closed_world():
    """An environment that is the same everywhere: no secrets, no CI, a fixed time zone."""
    with pytest.MonkeyPatch.context() as patch:
        for name in tuple(os.environ):
            if name.startswith(CLEARED) or name in CLEARED_NAMES:
                patch.delenv(name)
        patch.setenv("TZ", ZONE)
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(scope="session")
def rewrite_golden(request):
    """Whether the golden site is to be written instead of compared."""
    return request.config.getoption("--rewrite-golden")


@pytest.fixture(scope="session")
def real_data():
    """The directory of real Discogs answers; tests that need it are skipped without it."""
    place = os.environ.get("GATEFOLD_REAL_DATA")
    if not place:
        pytest.skip("GATEFOLD_REAL_DATA names no directory of real Discogs answers")
    return Path(place)


@pytest.fixture(scope="session")
def chromium():
    """The path of the Chromium that `make test` found. Its absence is an error, never a skip."""
    path = os.environ.get("CHROMIUM")
    if not path:
        pytest.fail("CHROMIUM is not set: run the tests with make test")
    return path


@pytest.fixture(scope="session")
def browser(chromium):
    """One running Chromium for all tests of a worker; it reaches nothing but this machine."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium,
            chromium_sandbox=False,  # root, as in most containers, cannot have one
            args=[
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
            ],
        )
        yield running
        running.close()
