"""The requirement files: pinned, hashed, agreeing with each other, and tied to no place."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = ("run", "test", "check")
REQUIREMENT = re.compile(
    r"([\w.-]+==[\w.]+)( ; [^\\]+)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n"
)


def pins(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return {found[1] for found in REQUIREMENT.finditer(text)}, REQUIREMENT.sub("", text)


@pytest.mark.parametrize("name", FILES)
def test_a_requirement_file_is_pins_and_hashes(name):
    found, rest = pins(name)

    assert len(found) > 10
    assert rest == ""


def test_each_set_is_part_of_the_next():
    run, test, check = (pins(name)[0] for name in FILES)

    assert run < test < check


def test_the_build_backend_is_pinned():
    assert any(pin.startswith("hatchling==") for pin in pins("run")[0])


@pytest.mark.parametrize("directory", [".", "bench"])
def test_an_npm_lock_file_names_no_registry(directory):
    text = (ROOT / directory / "package-lock.json").read_text("utf-8")
    packages = json.loads(text)["packages"]

    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert all("integrity" in entry for name, entry in packages.items() if name)
