"""The pages of docs/ say what the program does, where that can be held against it."""

import json
import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
import yaml

from generator.config import PublishTable
from generator.derive.hosting import LIMITS, security_headers

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {path.name: path.read_text("utf-8") for path in sorted(DOCS.glob("*.md"))}
WORKFLOWS = Path(__file__).parents[2] / ".github/workflows"


def blocks(page, language):
    """The code of a page in one language, without its indent."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", PAGES[page], re.DOTALL | re.MULTILINE)
    return [re.sub(rf"^{indent}", "", code, flags=re.MULTILINE) for indent, code in found]


def anchors(page):
    """What a link may name after the #."""
    heads = re.findall(r"^#+ (.+)$", PAGES[page], re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:)([^)]*)\)", PAGES[page])

    for link in links:
        name, _, anchor = link.partition("#")
        assert (name or page) in PAGES, link
        assert not anchor or anchor in anchors(name or page), link


def test_every_page_is_in_the_index():
    assert [
        name for name in PAGES if name != "README.md" and f"({name})" not in PAGES["README.md"]
    ] == []


def test_every_host_is_in_the_index():
    hosts = get_args(get_type_hints(PublishTable)["host"])

    rows = re.findall(r'^\| `"(\w+)"`', PAGES["README.md"], re.MULTILINE)
    assert sorted(rows) == sorted(hosts)


def test_limits_are_those_that_are_checked():
    assert LIMITS["github"].total == 10**9
    assert "at most 1 GB" in PAGES["README.md"]
    assert f"{LIMITS['cloudflare'].files:,} files" in PAGES["cloudflare.md"]
    assert f"{(LIMITS['cloudflare'].file or 0) // 2**20} MiB" in PAGES["cloudflare.md"]
    assert f"{LIMITS['netlify'].in_directory:,} files in one directory" in PAGES["netlify.md"]


def test_cloudfront_sends_the_same_headers():
    [text] = blocks("s3.md", "json")
    policy = json.loads(text)
    secure, custom = policy["SecurityHeadersConfig"], policy["CustomHeadersConfig"]["Items"]

    assert {
        "Content-Security-Policy": secure["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "X-Content-Type-Options": "nosniff" if secure["ContentTypeOptions"]["Override"] else "",
        "Referrer-Policy": secure["ReferrerPolicy"]["ReferrerPolicy"],
        "Strict-Transport-Security": (
            f"max-age={secure['StrictTransportSecurity']['AccessControlMaxAgeSec']}"
        ),
        **{one["Header"]: one["Value"] for one in custom},
    } == security_headers("https://i.discogs.com")
    assert policy["CustomHeadersConfig"]["Quantity"] == len(custom)


@pytest.mark.parametrize("page", PAGES)
def test_actions_are_pinned(page):
    ours = "".join(path.read_text("utf-8") for path in WORKFLOWS.glob("*.yml"))

    for action, pin in re.findall(r"uses: ([\w./-]+)@(\S+)", PAGES[page]):
        assert re.fullmatch(r"[0-9a-f]{40}", pin)
        assert f"{action}@" not in ours or f"{action}@{pin}" in ours


@pytest.mark.parametrize("page", ["cloudflare.md", "netlify.md"])
def test_pieces_of_workflows_are_yaml(page):
    pieces = [yaml.safe_load(code) for code in blocks(page, "yaml")]
    steps = [
        step for piece in pieces for step in (piece if isinstance(piece, list) else piece["steps"])
    ]

    assert steps
    assert [step for step in steps if "${{" in step.get("run", "")] == []
