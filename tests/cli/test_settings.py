"""What a run is given: the key, the lock, site.toml and the environment."""

import json

import pytest
from filelock import FileLock

from tests.cli.running import KEY, OTHER_KEY


@pytest.mark.parametrize("arguments", [[], ["sync"]])
def test_no_key_is_needed_while_nothing_is_sealed(configured, arguments):
    assert configured.run(*arguments).code == 0


def test_building_without_accounts_writes_an_index_that_says_so(configured):
    ended = configured.run("build")
    index = (configured.workspace / "site/index.html").read_text("utf-8")

    assert (ended.code, ended.out) == (0, "")
    assert "There is no public collection here yet." in index
    assert "build-site" not in index
    assert not (configured.workspace / "site/u").exists()


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("", "is not set"),
        ("c2hvcnQ", "key 1 is 5 bytes long instead of 32"),
        ("not/base64url+at/all", "key 1 is not base64url"),
        (
            "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=",
            "key 1 is not random: it repeats too few bytes",
        ),
        (f"{KEY},", "key 2 is empty"),
        (OTHER_KEY, "opens no sealed file of this workspace"),
    ],
)
def test_a_key_that_opens_nothing_is_told_from_a_failed_account(kept, key, what):
    before = kept.state()

    ended = kept.run(OAUTH_ENCRYPTION_KEY=key)

    assert (ended.code, ended.out) == (12, "")
    assert ended.complaints[0] == f"error: OAUTH_ENCRYPTION_KEY: {what}"
    assert key not in ended.err or not key
    assert kept.state() == before


@pytest.mark.parametrize(
    "arguments",
    [["sync"], ["build"], ["accounts"], ["export", "demo"]],
)
def test_every_command_that_opens_files_wants_the_key(kept, arguments):
    with FileLock(kept.workspace / "data/.lock"):
        ended = kept.run(*arguments, OAUTH_ENCRYPTION_KEY=OTHER_KEY)

    assert ended.code == 12


def test_an_old_key_opens_behind_a_new_one(kept):
    ended = kept.run("export", "demo", OAUTH_ENCRYPTION_KEY=f"{OTHER_KEY}, {KEY.rstrip('=')}")

    assert ended.code == 0
    assert json.loads(ended.out)["account"] == "demo"


@pytest.mark.parametrize("arguments", [[], ["sync", "demo"], ["build"], ["connect"]])
def test_a_second_run_leaves_at_once(kept, arguments):
    note = b'{"pid": 4711, "purpose": "sync", "since": "2026-11-22T14:18:42Z"}\n'
    (kept.workspace / "data/.lock.json").write_bytes(note)
    with FileLock(kept.workspace / "data/.lock"):
        ended = kept.run(*arguments)

    assert ended.code == 11
    assert "pid 4711 (sync) since 2026-11-22T14:18:42Z" in ended.complaints[0]


def test_mistakes_in_site_toml_are_all_told_at_once(configured):
    configured.configure(
        'titel = "Records"\n'
        "[site]\n"
        "title = 5\n"
        'timezone = "Mars/Olympus"\n'
        'theme = "mauve"\n'
        "[sync]\n"
        'cooldown = "soon"\n'
        "concurrency = 0\n"
        "colour = true\n"
        "[publish]\n"
        'host = "geocities"\n'
    )

    ended = configured.run("accounts")
    told = [line.removeprefix("error: site.toml: ").partition(":")[0] for line in ended.complaints]

    assert ended.code == 2
    assert sorted(told[:-1]) == [
        "publish.host",
        "site.theme",
        "site.timezone",
        "site.title",
        "sync.colour",
        "sync.concurrency",
        "sync.cooldown",
        "titel",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[site\n",
        "[sync]\ncooldown = 4\n",
        '[sync]\ncooldown = "999999999d"\n',
        '[sync]\nmax_wait = "-1s"\n',
        '[site]\nbase_url = "records"\n',
        '[site]\ncontact = "a\\nb"\n',
        "[site]\ntitle = 'caf\u00e9'\n",
    ],
)
def test_settings_that_cannot_be_are_refused(configured, text):
    (configured.workspace / "site.toml").write_bytes(text.encode("latin-1"))

    ended = configured.run("build")

    assert (ended.code, len(ended.complaints)) == (2, 2)
    assert ended.complaints[0].startswith("error: site.toml: ")


@pytest.mark.parametrize(
    "address", ["http://discogs.example", "ftp://127.0.0.1", "https://me:pw@discogs.example", "x"]
)
def test_discogs_is_reached_safely_or_not_at_all(configured, address):
    ended = configured.run("sync", DISCOGS_API_URL=address)

    assert (ended.code, len(ended.complaints)) == (2, 2)
    assert ended.complaints[0].startswith("error: DISCOGS_API_URL: ")
    assert "pw" not in ended.err


def test_the_environment_wins_over_the_file(kept):
    env_file = kept.workspace / ".env"
    env_file.write_text(f"OAUTH_ENCRYPTION_KEY={OTHER_KEY}\n", encoding="utf-8")

    assert kept.run("accounts").code == 0
    assert kept.run("accounts", OAUTH_ENCRYPTION_KEY="").code == 12

    env_file.write_text(f"OAUTH_ENCRYPTION_KEY={KEY}\n", encoding="utf-8")

    assert kept.run("accounts", OAUTH_ENCRYPTION_KEY="").code == 0
