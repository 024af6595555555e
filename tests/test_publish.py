"""What the scheduled job makes of the exit codes of `build-site`, and what it says at first."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "tools" / "publish.sh"


@pytest.fixture
def publish(tmp_path, monkeypatch):
    """Runs the script where `build-site` ends with the given code: exit code, words, summary."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    program = tmp_path / ".venv" / "bin" / "build-site"
    program.parent.mkdir(parents=True)

    def run(code):
        program.write_text(f"#!/bin/sh\nexit {code}\n")
        program.chmod(0o755)
        done = subprocess.run(
            ["sh", str(SCRIPT)], cwd=tmp_path, check=False, capture_output=True, text=True
        )
        summary = tmp_path / "summary.md"
        return done.returncode, done.stdout, summary.read_text() if summary.exists() else ""

    return run


@pytest.fixture
def connected(tmp_path):
    """The state has an account."""
    (tmp_path / "data" / "accounts" / "0a").mkdir(parents=True)


@pytest.mark.parametrize("code", [0, 1, 2, 10, 11, 12, 13])
def test_other_codes_are_passed_on(publish, connected, code):
    """Success stays success, and a run with nothing fresh to show fails."""
    assert publish(code) == (code, "", "")


def test_some_failed_accounts_are_a_warning(publish, connected):
    """The others are fresh, so the site is published."""
    code, words, summary = publish(3)

    assert (code, summary) == (0, "")
    assert words == (
        "::warning title=Gatefold::some accounts could not be synced;"
        " their last good snapshot is shown\n"
    )


def test_a_new_instance_says_what_to_set(publish):
    """Without any account the run ends well, with the steps to the first one."""
    code, _, summary = publish(0)

    assert code == 0
    assert summary.startswith("### No account is connected yet\n")
    assert "`OAUTH_ENCRYPTION_KEY`" in summary
