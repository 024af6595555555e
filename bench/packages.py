"""What the pages are measured with: npm packages, installed on demand from the lock file beside
this, and a Chromium.
"""

import os
import subprocess
from pathlib import Path

from tools import chromium

HERE = Path(__file__).resolve().parent
STAMP = "bench/node_modules/lighthouse.stamp"


class Missing(Exception):
    """The pages cannot be measured here; the message says why."""


def installed(package: str) -> Path:
    """Where a package is; installs what is not here yet. Raises Missing where that fails."""
    make = subprocess.run(["make", STAMP], cwd=HERE.parent, capture_output=True, check=False)  # noqa: S607 - it was make that started this
    if make.returncode:
        raise Missing(f"{package} could not be installed; `make {STAMP}` says why")
    return HERE / "node_modules" / package


def found_browser() -> str:
    """The path of a Chromium that starts. Raises Missing where there is none."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    browser = chromium.find(os.environ.get("CHROMIUM"), root=root, run=chromium.run_loudly)
    if browser is None:
        raise Missing("no Chromium starts here: install one, or set CHROMIUM to its path")
    return browser
