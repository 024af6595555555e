"""The world the tests run in: no network, no secrets, one time zone, one Chromium."""

import os
import socket
import time

import pytest


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "discogs.example"])
def test_nothing_leaves_this_machine(address):
    """A connection to anywhere else is refused before it is tried."""
    with pytest.raises(AssertionError, match=f"a test must not reach {address}"):
        socket.create_connection((address, 443), timeout=1)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_can_be_reached(host):
    """Servers of the tests listen on loopback."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection((host, server.getsockname()[1]), timeout=60) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_nothing_of_the_outside_shows():
    """What configures the program or marks a CI run is gone from the environment."""
    shown = [name for name in os.environ if name.startswith(("DISCOGS_", "GITHUB_", "GIT_"))]

    assert shown == []
    assert {"OAUTH_ENCRYPTION_KEY", "CI", "NO_COLOR"} & set(os.environ) == set()


def test_local_time_is_the_same_everywhere():
    """Half past three hours behind UTC, winter and summer."""
    assert time.localtime(0)[:5] == (1969, 12, 31, 20, 30)


def test_the_browser_reaches_only_this_machine(browser):
    """A page can be shown, and no other host has an address in it."""
    page = browser.new_page()
    page.set_content("<h1>Gatefold</h1>")
    answer = page.evaluate("fetch('https://www.discogs.com/').catch(error => error.name)")
    page.close()

    assert answer == "TypeError"
