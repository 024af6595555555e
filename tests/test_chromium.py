"""The search for a Chromium: its order, and that nothing is installed without need."""

import sys
from pathlib import Path

import pytest

from tools import chromium


def machine(*good):
    """A machine on which only commands starting like `good` work, and the list of what it ran."""
    ran = []

    def run(command):
        ran.append(" ".join(command))
        return ran[-1].startswith(good)

    return run, ran


@pytest.fixture
def on_path(tmp_path, monkeypatch):
    """Makes programs of the given names, the only ones on PATH."""

    def put(*names):
        for name in names:
            (tmp_path / name).touch(mode=0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        return tmp_path

    return put


def test_a_chosen_chromium_wins(on_path):
    on_path("chromium")
    run, _ = machine("/my/own")

    assert chromium.find("/my/own", root=True, run=run) == "/my/own"


def test_a_broken_choice_is_not_replaced(on_path):
    on_path("chromium", "apt-get")
    run, ran = machine("apt-get")

    assert chromium.find("/my/own", root=True, run=run) is None
    assert ran == ["/my/own --version"]


def test_one_that_starts_is_taken_from_the_path(on_path):
    path = on_path("chromium-browser", "google-chrome", "apt-get")
    run, ran = machine(f"{path}/google-chrome")

    assert chromium.find(None, root=True, run=run) == f"{path}/google-chrome"
    assert ran == [f"{path}/chromium-browser --version", f"{path}/google-chrome --version"]


def test_root_installs_one_with_the_package_manager(on_path):
    path = on_path("apt-get")

    run, ran = machine("apt-get", f"{path}/chromium")

    def install(command):
        if command[:2] == ("apt-get", "install"):
            on_path("chromium")
        return run(command)

    assert chromium.find(None, root=True, run=install) == f"{path}/chromium"
    assert ran == [
        "apt-get update -q",
        "apt-get install -q -y --no-install-recommends chromium",
        f"{path}/chromium --version",
    ]


def test_others_are_left_with_playwright_s_download(on_path):
    on_path("apt-get")
    run, ran = machine("apt-get")

    assert chromium.find(None, root=False, run=run) is None
    assert ran == [f"{sys.executable} -m playwright install chromium"]


def test_a_program_that_is_not_there_does_not_start():
    assert chromium.run_loudly([str(Path("no-such-program")), "--version"]) is False
