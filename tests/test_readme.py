"""The README says what the program says: its help, its commands, its settings."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.config import ADDRESSES, PublishTable, SiteTable, SyncTable

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
SETTINGS = [
    f"{table}.{key}"
    for table, model in (("site", SiteTable), ("sync", SyncTable), ("publish", PublishTable))
    for key in model.__struct_fields__
]


def help_text(*command):
    """What --help prints, on a terminal of 80 columns."""
    ended = subprocess.run(
        [sys.executable, "-m", "generator", *command, "--help"],
        env={"PATH": os.environ["PATH"], "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout


def commands():
    """The commands that --help lists."""
    return re.findall(r"^  ([a-z]+)  ", help_text().partition("Commands:")[2], re.MULTILINE)


def test_the_help_block_is_the_help():
    block = re.search(r"<!-- help -->\n```\n(.*?)```\n<!-- /help -->", README, re.DOTALL)

    assert block is not None
    assert block[1] == help_text()


def test_every_command_is_explained():
    assert [name for name in commands() if f"`{name}" not in README] == []


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_in_the_table(setting):
    assert f"| `{setting}` |" in README


@pytest.mark.parametrize("name", [*ADDRESSES, "DISCOGS_TOKEN", "OAUTH_ENCRYPTION_KEY"])
def test_every_variable_is_named(name):
    assert f"`{name}`" in README


def test_the_first_screen_shows_what_it_is():
    first = README.splitlines()[:12]
    picture = re.search(r"!\[.+\]\((.+)\)", "\n".join(first))

    assert picture is not None
    assert (Path(__file__).parents[1] / picture[1]).is_file()
    assert [line.split()[1] for line in first if line.startswith("make ")] == ["demo", "test"]
