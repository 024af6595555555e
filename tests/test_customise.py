"""docs/customise.md: its example, followed to the letter, does what it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.domain.collection import snapshot_json
from tests.browser.sites import served
from tests.factories import make_snapshot

CHECKOUT = Path(__file__).parents[1]
TEXT = (CHECKOUT / "docs" / "customise.md").read_text("utf-8")
FILES = re.findall(r"^`(\S+)`:\n\n```\w+\n(.*?)```$", TEXT, re.DOTALL | re.MULTILINE)
COMMANDS = re.findall(r"^```sh\n(.*?)```$", TEXT, re.DOTALL | re.MULTILINE)
ACCENT = """() => getComputedStyle(document.querySelector(".wordmark-label")).fill"""
PAIRS = """() => {
  const link = getComputedStyle(document.querySelector(".colophon a"));
  const ground = getComputedStyle(document.documentElement);
  return [link.color, ground.backgroundColor];
}"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A workspace made by following the page: its files in place, its command run."""
    workspace = tmp_path_factory.mktemp("workspace")
    (workspace / "site.toml").touch()
    for name, content in FILES:
        (workspace / name).parent.mkdir(parents=True)
        (workspace / name).write_text(content, "utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}"
    for command in COMMANDS:
        environ = {"PATH": path, "PYTHONPATH": str(CHECKOUT)}
        subprocess.run(["sh", "-ec", command], cwd=workspace, env=environ, check=True)
    return workspace


def built(workspace):
    """The account page of the one snapshot in a workspace."""
    command = ["-m", "generator", "-C", workspace, "build", "--snapshot", workspace / "one.json"]
    environ = {"PATH": os.defpath, "PYTHONPATH": str(CHECKOUT)}
    subprocess.run([sys.executable, *command], env=environ, check=True)
    return (workspace / "site" / "u" / "low-tide" / "index.html").read_text("utf-8")


@pytest.fixture(params=["light", "dark"])
def page(request, browser, workspace):
    """The front page of its site, in one of the themes."""
    context = browser.new_context(color_scheme=request.param)
    with served(workspace / "site") as address:
        page = context.new_page()
        page.goto(address)
        yield page
    context.close()


def luminance(colour):
    """Of a colour as a browser computes it; formula and numbers are those of WCAG 2.2."""
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (red, green, blue)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_example_is_two_files_and_a_command():
    assert [name for name, _ in FILES] == [
        "assets/css/own.css",
        "templates/partials/colophon.html",
    ]
    assert COMMANDS == ["build-site build\n"]


@pytest.mark.parametrize("name", ["index.html", "404.html"])
def test_the_line_precedes_the_foot(workspace, name):
    page = (workspace / "site" / name).read_text("utf-8")
    foot = page[page.index("</main>") :]

    assert foot.startswith(
        '</main>\n<aside class="colophon"><p>Lent to friends, never sold.</p></aside>\n'
        '<footer class="colophon">\n'
    )
    assert "Data provided by Discogs." in foot
    assert "‘Discogs’ is a trademark of Zink Media, LLC." in foot


def test_the_own_sheet_is_the_last_of_a_page(workspace):
    page = (workspace / "site" / "index.html").read_text("utf-8")
    sheets = re.findall(r'<link rel="stylesheet" href="assets/\w+/([^"]+)">', page)

    assert sheets == ["css/index.css", "css/own.css"]


def test_the_accent_is_the_documented_one(page):
    assert page.evaluate(ACCENT) == "rgb(47, 158, 143)"


def test_text_in_the_accent_can_be_read(page):
    page.hover(".colophon a")
    text, ground = page.evaluate(PAIRS)
    darker, lighter = sorted((luminance(text), luminance(ground)))

    assert text in ("rgb(12, 107, 95)", "rgb(95, 208, 192)")
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_a_page_is_extended_as_shown(tmp_path):
    (tmp_path / "one.json").write_bytes(snapshot_json(make_snapshot()))
    plain = built(tmp_path)
    (override,) = re.findall(r"^```html\n({% extends .*?)```$", TEXT, re.DOTALL | re.MULTILINE)
    place = tmp_path / "templates" / "pages" / "account.html"
    place.parent.mkdir(parents=True)
    place.write_text(override, "utf-8")

    (name,) = re.findall("<title>(.*)</title>", plain)
    wanted = plain.replace(f"<title>{name}<", "<title>The shelves of low-tide<")
    card = f'<meta property="og:title" content="{name}">'
    assert built(tmp_path) == wanted.replace(card, card.replace(name, "The shelves of low-tide"))
