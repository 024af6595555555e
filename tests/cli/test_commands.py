"""Commands that need no Discogs: what they print, what they write, and how they end."""

import base64
import json
import os
import re
import shlex
import signal
import socket
import stat
import subprocess
import sys
import tomllib

import pytest

from generator import __version__
from tests.cli.running import Terminal, finished, first_line, visit

KEY_LINE = re.compile(r"[A-Za-z0-9_-]{43}=?\n")
DEFAULTS = {
    "site": {
        "title": "Gatefold",
        "base_url": "",
        "language": "en",
        "timezone": "UTC",
        "repository": "",
        "theme": "auto",
        "contact": "",
    },
    "sync": {"cooldown": "4h", "concurrency": 6, "max_wait": "10m"},
    "publish": {"host": "github", "data_files": True},
    "record": {"links": []},
}
SNAPSHOT = {
    "schema": 1,
    "copies": [],
    "releases": [],
    "account": "elezea-records",
    "discogs_name": "bordesak",
    "discogs_id": 77,
    "synced_at": "2026-11-22T14:18:42Z",
}


def test_version_is_one_line(bare):
    ended = bare.run("--version")

    assert (ended.code, ended.out, ended.err) == (0, f"build-site, version {__version__}\n", "")


@pytest.mark.parametrize("arguments", [["--help"], ["connect", "-h"]])
def test_help_needs_no_workspace(bare, arguments):
    ended = bare.run(*arguments)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("Usage: build-site ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["polish"],
        ["--wax"],
        ["keys"],
        ["export"],
        ["export", "demo", "--format", "xml"],
        ["serve", "--port", "65536"],
        ["connect", "--deadline", "0"],
        ["connect", "demo", "--privacy", "hidden"],
        ["connect", "--start"],
        ["connect", "demo", "--start", "--oob"],
        ["connect", "--verifier", ""],
        ["connect", "--verifier", "CODE", "--token"],
        ["connect", "--verifier", "http://127.0.0.1/?oauth_token=RT"],
        ["privacy", "demo"],
        ["privacy", "demo", "hidden"],
        ["privacy", "two words", "public"],
        ["privacy", "demo", "public", "--new-link"],
        ["disconnect", "demo"],
        ["disconnect", "../site", "--yes"],
        ["connect", "demo", "--token", "--anonymous", "somebody"],
        ["connect", ""],
        ["connect", "--anonymous", ""],
        ["sync", "two words"],
        ["export", "../site"],
        ["build", "--snapshot", "nothing.json"],
        ["-C", "nowhere", "accounts"],
    ],
)
def test_bad_usage_comes_before_everything_else(bare, arguments):
    ended = bare.run(*arguments)

    assert (ended.code, ended.out, len(ended.complaints)) == (2, "", 2)
    assert list(bare.workspace.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["connect", "demo"],
        ["accounts"],
        ["sync", "demo"],
        ["build"],
        ["export", "demo"],
    ],
)
def test_a_directory_without_site_toml_is_no_workspace(bare, arguments):
    ended = bare.run(*arguments)

    assert (ended.code, ended.out) == (10, "")
    assert ended.complaints == [
        "error: .: has no site.toml",
        "hint: run build-site init here, or name the workspace with -C DIR",
    ]
    assert list(bare.workspace.iterdir()) == []


def test_init_writes_a_workspace_that_works(bare):
    ended = bare.run("init", TZ="Europe/Berlin")
    env_file = bare.workspace / ".env"
    settings = (bare.workspace / "site.toml").read_text(encoding="utf-8")
    printed = bare.run("init", "--print").out

    assert (ended.code, ended.out) == (0, "")
    assert settings.splitlines()[7] == 'timezone = "Europe/Berlin"  # Time zone of days and months.'
    assert tomllib.loads(printed) == {"site": {}, "sync": {}, "record": {}, "publish": {}}
    assert tomllib.loads(re.sub(r"(?m)^# (\w+ = )", r"\1", printed)) == DEFAULTS
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    assert re.search(r"(?m)^OAUTH_ENCRYPTION_KEY=[A-Za-z0-9_-]{43}=?$", env_file.read_text("utf-8"))
    assert bare.run("accounts", "--json").out == "[]\n"


def test_init_never_overwrites(bare):
    (bare.workspace / "site.toml").write_text("[site]\ntitle = 'Mine'\n", encoding="utf-8")
    assert bare.run("init").code == 0
    before = (bare.workspace / ".env").read_bytes()

    ended = bare.run("init")

    assert ended.code == 0
    assert (bare.workspace / ".env").read_bytes() == before
    assert (bare.workspace / "site.toml").read_text("utf-8") == "[site]\ntitle = 'Mine'\n"


def test_a_workspace_can_be_named(bare, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    assert bare.run("-C", str(elsewhere), "init").code == 0
    assert bare.run("--workspace", str(elsewhere), "accounts", "--json").out == "[]\n"
    assert list(bare.workspace.iterdir()) == []


def test_every_new_key_is_fresh(bare):
    first, second = bare.run("keys", "new"), bare.run("keys", "new")

    assert (first.code, first.err) == (0, "")
    assert KEY_LINE.fullmatch(first.out)
    assert len(base64.urlsafe_b64decode(first.out.strip() + "=")) == 32
    assert first.out != second.out


def test_accounts_are_listed_for_people(kept):
    head, line = kept.run("accounts").out.splitlines()

    assert head.split()[:5] == ["name", "discogs_name", "privacy", "state", "records"]
    assert line.split()[:5] == ["demo", "demo", "public", "ok", "12"]


def test_an_unknown_name_is_bad_usage(kept):
    ended = kept.run("export", "nobody")

    assert (ended.code, ended.out) == (2, "")
    assert ended.complaints[0] == "error: nobody: no such account"


def test_a_snapshot_is_exported_before_no_sync(connected):
    ended = connected.run("export", "demo")

    assert (ended.code, ended.out) == (1, "")
    assert ended.complaints == [
        "error: demo: has never been synced",
        "hint: run build-site sync demo first",
    ]


def test_an_exported_snapshot_builds_the_same_pages(kept, bare, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    exported = elsewhere / "demo.json"
    exported.write_text(kept.run("export", "DEMO").out, encoding="utf-8")
    alone = Terminal(elsewhere, environ={"OAUTH_ENCRYPTION_KEY": ""})

    assert kept.run("build").code == 0
    assert alone.run("build", "--snapshot", str(exported), "--output", "public").code == 0

    def pages(site):
        return {path.relative_to(site): path.read_bytes() for path in site.rglob("u/**/?*.*")}

    built = pages(kept.workspace / "site")
    assert len(built) >= 6
    assert pages(elsewhere / "public") == built
    assert sorted(path.name for path in elsewhere.iterdir()) == ["demo.json", "public"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        json.dumps(SNAPSHOT | {"schema": 2}).encode(),
        json.dumps(SNAPSHOT | {"account": "../up"}).encode(),
        json.dumps(
            SNAPSHOT
            | {
                "copies": [
                    {
                        "instance_id": 1,
                        "release_id": 1,
                        "date_added": "yesterday",
                        "rating": 0,
                        "folder_id": 1,
                    }
                ]
            }
        ).encode(),
    ],
)
def test_what_is_no_snapshot_is_refused(bare, content):
    (bare.workspace / "demo.json").write_bytes(content)

    ended = bare.run("build", "--snapshot", "demo.json")

    assert (ended.code, len(ended.complaints)) == (1, 2)
    assert ended.complaints[0].startswith("error: demo.json: ")
    assert not (bare.workspace / "site").exists()


def test_a_directory_of_others_is_not_built_into(configured):
    (configured.workspace / "site").mkdir()
    (configured.workspace / "site/thesis.txt").write_text("years of work", encoding="utf-8")

    ended = configured.run("build")

    assert ended.code == 2
    assert [path.name for path in (configured.workspace / "site").iterdir()] == ["thesis.txt"]


def test_quiet_leaves_only_results_and_problems(configured):
    ended = configured.run("-q", "build")

    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_debug_shows_where_an_error_happened(configured):
    with configured.start("--debug", "export", "demo") as process:
        _, err = process.communicate(timeout=60)

    assert process.returncode == 2
    assert err.decode().splitlines()[:2] == [
        "error: demo: no such account",
        "hint: build-site accounts lists the accounts",
    ]
    assert "Traceback" in err.decode()


def test_serving_tells_the_address_first_and_ends_on_ctrl_c(configured):
    assert configured.run("build").code == 0
    process = configured.start("serve")
    address = first_line(process)

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
    assert visit(address) == (200, (configured.workspace / "site/index.html").read_text("utf-8"))
    assert visit(f"{address}u/nobody/")[0] == 404

    process.send_signal(signal.SIGINT)
    ended = finished(process)
    assert (ended.code, ended.out) == (0, "")


def test_serving_nothing_is_bad_usage(bare):
    ended = bare.run("serve")

    assert (ended.code, ended.out) == (2, "")
    assert ended.complaints[1] == "hint: run build-site build first"


def test_a_port_in_use_is_told_plainly(configured):
    assert configured.run("build").code == 0
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = configured.run("serve", "--port", str(taken.getsockname()[1]))

    assert (ended.code, ended.out, len(ended.complaints)) == (1, "", 2)
    assert ended.complaints[1] == "hint: leave --port out to use any free port"


def test_a_reader_who_leaves_is_no_failure_of_ours(kept):
    reader, writer = os.pipe()
    os.close(reader)
    with kept.start("export", "demo", streams={"stdout": writer}) as process:
        os.close(writer)
        _, err = process.communicate(timeout=60)

    assert err == b""


@pytest.mark.parametrize("arguments", [["export", "demo"], ["accounts"]])
def test_output_that_cannot_be_written_is_an_error(kept, arguments):
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device, not a path of ours
        ended = finished(kept.start(*arguments, streams={"stdout": full}))

    assert (ended.code, len(ended.err.splitlines())) == (1, 2)


def test_streams_that_are_closed_do_not_matter(kept):
    closed = f"exec {shlex.quote(sys.executable)} -m generator build <&- >&- 2>&-"
    shell = subprocess.run(
        ["sh", "-c", closed], cwd=kept.workspace, env=kept.environment(), check=False, timeout=30
    )

    assert shell.returncode == 0
    assert (kept.workspace / "site/u/demo/index.html").is_file()


@pytest.mark.parametrize("form", ["json", "csv"])
def test_exports_are_utf_8_wherever_they_are_made(kept, form):
    usual = kept.run("export", "demo", "--format", form)
    latin = kept.start("export", "demo", "--format", form, PYTHONIOENCODING="latin-1")
    old = finished(latin)

    assert (usual.code, old.code) == (0, 0)
    assert old.out == usual.out
    assert "Année 12" in usual.out
