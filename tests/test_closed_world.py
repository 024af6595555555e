"""The closed world of the tests: no network, no secrets, one time zone, one Chromium."""

import os
import socket
import time

import pytest


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "discogs.example"])
def test_a_connection_to_another_machine_is_refused(address):
    with pytest.raises(AssertionError, match=f"a test must not reach {address}"):
        socket.create_connection((address, 443), timeout=1)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_servers_on_loopback_can_be_reached(host):
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection((host, server.getsockname()[1]), timeout=60) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_the_environment_has_no_settings_and_no_marks_of_a_workflow():
    prefixes = ("DISCOGS_", "GITHUB_", "GIT_")

    assert [name for name in os.environ if name.startswith(prefixes)] == []
    assert {"OAUTH_ENCRYPTION_KEY", "CI", "NO_COLOR"} & set(os.environ) == set()


def test_local_time_is_the_same_everywhere():
    assert time.localtime(0)[:5] == (1969, 12, 31, 20, 30)


def test_the_browser_reaches_only_this_machine(browser):
    page = browser.new_page()
    page.set_content("<h1>Gatefold</h1>")
    answer = page.evaluate("fetch('https://www.discogs.com/').catch(error => error.name)")
    page.close()

    assert answer == "TypeError"
