"""A command starts without what only other commands need."""

import json
import subprocess
import sys

import pytest

LOADED = "import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
HEAVY = {
    "cryptography",
    "generator.demo",
    "http.server",
    "jinja2",
    "oauthlib",
    "requests",
    "webbrowser",
}


def loaded_by(module):
    """The heavy modules that importing one of ours brings in."""
    ended = subprocess.run(
        [sys.executable, "-c", LOADED.format(module=module)],
        capture_output=True,
        check=True,
    )
    return HEAVY & set(json.loads(ended.stdout))


@pytest.mark.parametrize(
    ("module", "needed"),
    [
        ("generator.cli", set()),
        ("generator.cli.session", {"cryptography"}),
        ("generator.accounts", {"cryptography"}),
        ("generator.build", {"cryptography", "jinja2"}),
        ("generator.sync", {"cryptography"}),
        ("generator.discogs.client", {"requests"}),
        ("generator.connect", {"cryptography", "http.server", "requests"}),
        ("generator.actions", set()),
    ],
)
def test_a_command_loads_what_it_needs(module, needed):
    assert loaded_by(module) == needed
