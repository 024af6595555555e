"""The wheel is the whole program: it works far from the checkout it was built from."""

import json
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
CONTENT = {
    "generator": "generator",
    "templates": "generator/templates",
    "assets": "generator/assets",
    "instance": "generator/instance",
}
"""Directories of the checkout, and where they lie in the wheel."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel built from the checkout."""
    directory = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", directory]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = directory.iterdir()
    return built


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """A new environment that holds the wheel alone; it sees the libraries of this one, but not
    the checkout.
    """
    place = tmp_path_factory.mktemp("environment")
    venv.create(place)
    (packages,) = place.glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = ["install", "--quiet", "--no-deps", "--no-index", "--no-compile", wheel]
    subprocess.run([sys.executable, "-m", "pip", "--python", place, *install], check=True)
    return place


def run(environment, directory, command, *arguments):
    """What a program of the environment did, with almost nothing in its own environment."""
    return subprocess.run(
        [environment / "bin" / command, *arguments],
        cwd=directory,
        env={"HOME": str(directory), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_wheel_holds_the_program_and_nothing_else(wheel):
    expected = {
        f"{inside}/{path.relative_to(ROOT / directory).as_posix()}"
        for directory, inside in CONTENT.items()
        for path in (ROOT / directory).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
        if not path.is_relative_to(ROOT / "assets" / "src")
    }
    with ZipFile(wheel) as archive:
        names = archive.namelist()

    assert {name for name in names if ".dist-info/" not in name} == expected


def test_its_page_in_a_package_index_has_its_picture_and_no_relative_link(wheel):
    with ZipFile(wheel) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith("/METADATA")]
        text = archive.read(name).decode()

    assert re.search(r"!\[[^]]+\]\(https://github\.com/\S+/docs/demo\.png\)", text)
    assert [link for link in re.findall(r"\]\(([^)]*)\)", text) if "://" not in link] == []
    assert text.count("Project-URL: ") == 4


def test_the_demo_works_from_the_wheel(environment, tmp_path):
    ended = run(environment, tmp_path, "build-site", "demo", "--no-serve")

    assert (ended.returncode, ended.stdout) == (0, "")
    stats = json.loads((tmp_path / "site/u/demo/collection/stats.json").read_text("utf-8"))
    assert stats["copies"] == 1497
    assert list(tmp_path.glob("site/assets/*/css/account.css")) != []


def test_what_runs_is_what_was_installed(environment, tmp_path):
    ended = run(
        environment, tmp_path, "python", "-c", "import generator; print(generator.__file__)"
    )

    assert Path(ended.stdout).is_relative_to(environment)


def test_an_installed_program_says_its_version(wheel, environment, tmp_path):
    ended = run(environment, tmp_path, "build-site", "--version")

    assert (ended.returncode, ended.stdout) == (
        0,
        f"build-site, version {wheel.name.split('-')[1]}\n",
    )


def test_an_installed_program_begins_a_workspace(environment, tmp_path):
    ended = run(environment, tmp_path, "build-site", "init")

    assert ended.returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [".env", "site.toml"]
