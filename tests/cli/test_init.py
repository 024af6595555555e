"""A new workspace, and secrets that others could read."""

import subprocess
from pathlib import Path

from tests.cli.running import CHECKOUT, KEY

TEMPLATE = CHECKOUT / "instance"


def test_init_in_a_repository_ignores_secrets_state_and_site(bare):
    subprocess.run(["git", "init", "--quiet", bare.workspace], check=True)

    ended = bare.run("init")

    assert ended.err.splitlines()[-3:] == [
        "wrote .gitignore, which keeps .env, data/ and site/ out of the repository",
        "next: name your collection in site.toml, under [[collections]]",
        "then run build-site; or connect an account with build-site connect",
    ]
    (bare.workspace / "data").mkdir()
    for name in (".env", "data/x", "site.toml"):
        (bare.workspace / name).touch()
    listed = ["git", "-C", bare.workspace, "status", "--short", "--untracked-files=all"]
    shown = subprocess.run(listed, check=True, capture_output=True, text=True).stdout
    assert shown.splitlines() == ["?? .gitignore", "?? site.toml"]


def test_init_keeps_an_ignore_file_and_names_the_missing_lines(bare):
    subprocess.run(["git", "init", "--quiet", bare.workspace], check=True)
    (bare.workspace / ".gitignore").write_text("/data/\n")

    ended = bare.run("init")

    assert "kept .gitignore; add these lines to it: /.env /site/" in ended.err.splitlines()
    assert (bare.workspace / ".gitignore").read_text() == "/data/\n"


def test_init_outside_a_repository_writes_no_ignore_file(bare):
    bare.run("init")

    assert not (bare.workspace / ".gitignore").exists()


def test_init_for_github_writes_the_thin_instance_and_keeps_what_is_there(bare):
    place = bare.workspace / "mine"
    ended = bare.run("init", "mine", "--github")
    template = {
        path.relative_to(TEMPLATE): path.read_bytes()
        for path in TEMPLATE.rglob("*")
        if path.is_file() and path.name != "site.toml"
    }
    (place / "README.md").write_text("mine")
    again = bare.run("init", "mine", "--github")

    written = {path.relative_to(place) for path in place.rglob("*") if path.is_file()}
    assert written == {*template, Path("site.toml"), Path(".env")}
    assert {name: (place / name).read_bytes() for name in template} == {
        **template,
        Path("README.md"): b"mine",
    }
    assert "wrote .github/workflows/publish.yml" in ended.err.splitlines()
    assert "kept README.md" in again.err.splitlines()


def test_an_env_file_that_others_can_read_is_warned_about(configured):
    env = configured.workspace / ".env"
    env.write_text(f"OAUTH_ENCRYPTION_KEY={KEY}\n")
    env.chmod(0o644)
    warning = "warning: .env: can be read by other users of this machine; run chmod 600 .env"
    assert warning in configured.run("build").err.splitlines()

    env.chmod(0o600)

    assert warning not in configured.run("build").err.splitlines()
