"""Configuration: every mistake at once, each with its place; what the environment says."""

from datetime import timedelta

import pytest

from generator.config import Workspace, load_environment, load_settings
from generator.errors import ConfigError, NoWorkspace

DURATION = 'must be a duration such as "4h", "15m" or "90s", a year at most'
ADDRESS = "must be an https address, or http on a loopback address"


def settings_of(tmp_path, text):
    """The settings a site.toml of this text gives."""
    (tmp_path / "site.toml").write_text(text, "utf-8")
    return load_settings(Workspace(tmp_path))


def problems_of(tmp_path, text):
    """Every problem of a site.toml of this text, by its place."""
    with pytest.raises(ConfigError) as error:
        settings_of(tmp_path, text)
    assert error.value.exit_code == 2
    return dict(error.value.problems)


def environment_of(tmp_path, dotenv=None, **environ):
    """What an environment and a .env say together."""
    if dotenv is not None:
        (tmp_path / ".env").write_text(dotenv, "utf-8")
    return load_environment(Workspace(tmp_path), environ)


def test_nothing_has_to_be_set(tmp_path):
    """An empty file gives the defaults the contract names."""
    assert settings_of(tmp_path, "").model_dump() == {
        "site": {
            "title": "Gatefold",
            "base_url": "",
            "language": "en",
            "timezone": "UTC",
            "repository": "",
            "theme": "auto",
            "contact": "",
        },
        "sync": {
            "cooldown": timedelta(hours=4),
            "concurrency": 6,
            "max_wait": timedelta(minutes=10),
            "enrich_budget": 400,
        },
        "publish": {"host": "github"},
    }


def test_everything_can_be_set(tmp_path):
    """Every setting, each with another value than its default."""
    text = """
        [site]
        title = "Œuvres & more"
        base_url = "https://me.example/records"
        language = "pt-BR"
        timezone = "Europe/Berlin"
        repository = "me/my.records_1"
        theme = "dark"
        contact = "me@example.org"
        [sync]
        cooldown = "90s"
        concurrency = 1
        max_wait = "0s"
        enrich_budget = 0
        [publish]
        host = "none"
    """

    assert settings_of(tmp_path, text).model_dump() == {
        "site": {
            "title": "Œuvres & more",
            "base_url": "https://me.example/records/",
            "language": "pt-BR",
            "timezone": "Europe/Berlin",
            "repository": "me/my.records_1",
            "theme": "dark",
            "contact": "me@example.org",
        },
        "sync": {
            "cooldown": timedelta(seconds=90),
            "concurrency": 1,
            "max_wait": timedelta(0),
            "enrich_budget": 0,
        },
        "publish": {"host": "none"},
    }


def test_every_mistake_is_told_at_once(tmp_path):
    """Each with its dotted path: unknown keys, wrong types, bad values, unknown tables."""
    text = """
        surprise = 1
        [site]
        title = 5
        titel = "Records"
        timezone = "Mars/Olympus"
        theme = "blue"
        [sync]
        cooldown = 4
        concurrency = "6"
        enrich_budget = -1
        [publish]
        host = "ftp"
        [extra]
        a = 1
    """

    assert problems_of(tmp_path, text) == {
        "site.toml: surprise": "is not a setting",
        "site.toml: extra": "is not a setting",
        "site.toml: site.title": "input should be a valid string",
        "site.toml: site.titel": "is not a setting",
        "site.toml: site.timezone": 'must be a time zone such as "Europe/Berlin"',
        "site.toml: site.theme": "input should be 'auto', 'light' or 'dark'",
        "site.toml: sync.cooldown": DURATION,
        "site.toml: sync.concurrency": "input should be a valid integer",
        "site.toml: sync.enrich_budget": "input should be greater than or equal to 0",
        "site.toml: publish.host": (
            "input should be 'github', 'cloudflare', 'netlify', 'nginx', 's3' or 'none'"
        ),
    }


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("0s", timedelta(0)),
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("4h", timedelta(hours=4)),
        ("2d", timedelta(days=2)),
        ("366d", timedelta(days=366)),
        ("999999s", timedelta(seconds=999999)),
    ],
)
def test_durations_are_written_with_a_unit(tmp_path, text, span):
    """Seconds, minutes, hours, days."""
    assert settings_of(tmp_path, f'[sync]\ncooldown = "{text}"').sync.cooldown == span


@pytest.mark.parametrize(
    "value",
    [
        *('""', '"4"', '"h"', '"4 h"', '" 4h"', '"4H"', '"-4h"', '"4h30m"', '"1.5h"', '"4w"'),
        *('"99999999999d"', '"367d"', "4", "4.5", "true", '["4h"]', "07:32:00"),
    ],
)
@pytest.mark.parametrize("key", ["cooldown", "max_wait"])
def test_other_durations_are_refused(tmp_path, key, value):
    """Nothing is guessed, and nothing lasts longer than a year."""
    assert problems_of(tmp_path, f"[sync]\n{key} = {value}") == {f"site.toml: sync.{key}": DURATION}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", '""'),
        ("title", f'"{"x" * 201}"'),
        ("base_url", '"me.example"'),
        ("base_url", '"/records/"'),
        ("base_url", '"ftp://me.example/"'),
        ("base_url", '"https://"'),
        ("base_url", '"https://me:secret@me.example/"'),
        ("base_url", '"https://me.example/?a=b"'),
        ("base_url", '"https://me.example/#a"'),
        ("base_url", '"https://me.example/a b/"'),
        ("base_url", '"https://me.example/$a;/"'),
        ("base_url", '"https://me.example/\\n/"'),
        ("base_url", '"https://me.example/ä/"'),
        ("base_url", '"https://["'),
        ("language", '""'),
        ("language", '"en_GB"'),
        ("language", '"e\\" onload=\\"x"'),
        ("timezone", '""'),
        ("timezone", '"../../etc/passwd"'),
        ("timezone", '"/etc/localtime"'),
        ("repository", '"me"'),
        ("repository", '"me/a/b"'),
        ("repository", '"me/a b"'),
        ("repository", '"https://github.com/me/a"'),
        ("contact", '"two\\nlines"'),
        ("contact", '"me@exämple.org"'),
        ("theme", "true"),
    ],
)
def test_a_bad_value_is_told_with_its_place(tmp_path, key, value):
    """One problem, of that key, in words."""
    found = problems_of(tmp_path, f"[site]\n{key} = {value}")

    assert list(found) == [f"site.toml: site.{key}"]
    assert found[f"site.toml: site.{key}"].strip()


@pytest.mark.parametrize(("number", "good"), [(0, False), (1, True), (20, True), (21, False)])
def test_requests_run_in_bounds(tmp_path, number, good):
    """Between one and twenty at once."""
    text = f"[sync]\nconcurrency = {number}"

    if good:
        assert settings_of(tmp_path, text).sync.concurrency == number
    else:
        assert list(problems_of(tmp_path, text)) == ["site.toml: sync.concurrency"]


@pytest.mark.parametrize("text", ["site = 1", "[[site]]\ntitle = 'x'"])
def test_a_table_is_a_table(tmp_path, text):
    """Something else in the place of a table."""
    assert list(problems_of(tmp_path, text)) == ["site.toml: site"]


def test_a_file_that_is_no_toml_is_told(tmp_path):
    """With the line, as one problem."""
    found = problems_of(tmp_path, "[site\n")

    assert list(found) == ["site.toml"]
    assert "line 1" in found["site.toml"]


def test_a_file_that_is_no_text_is_told(tmp_path):
    """Bytes that are no UTF-8."""
    (tmp_path / "site.toml").write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigError, match=r"^site\.toml: is no TOML: "):
        load_settings(Workspace(tmp_path))


def test_a_workspace_needs_its_file(tmp_path):
    """Without site.toml it is none."""
    with pytest.raises(NoWorkspace) as error:
        load_settings(Workspace(tmp_path))

    assert str(error.value) == f"{tmp_path}: has no site.toml"
    assert error.value.exit_code == 10


def test_without_an_environment_the_real_discogs_is_meant(tmp_path):
    """Three addresses, no secrets."""
    found = environment_of(tmp_path)

    assert found.api_url == "https://api.discogs.com"
    assert found.web_url == "https://www.discogs.com"
    assert found.image_origin == "https://i.discogs.com"
    assert found.consumer_key == found.consumer_secret == found.encryption_key == found.token == ""


def test_the_environment_wins_over_the_file(tmp_path):
    """A .env completes it; what is empty in one counts as unset there."""
    dotenv = """
        # secrets
        DISCOGS_OAUTH_CONSUMER_KEY=file-key
        export DISCOGS_OAUTH_CONSUMER_SECRET='file $secret ${HOME}'
        OAUTH_ENCRYPTION_KEY="file-ring"
        DISCOGS_TOKEN=
        DISCOGS_API_URL=
        DISCOGS_WEB_URL=http://127.0.0.1:8001/
    """

    found = environment_of(
        tmp_path,
        dotenv,
        DISCOGS_OAUTH_CONSUMER_KEY="real-key",
        OAUTH_ENCRYPTION_KEY="",
        DISCOGS_TOKEN="real-token",
        DISCOGS_IMAGE_URL="",
    )

    assert found.consumer_key == "real-key"
    assert found.consumer_secret == "file $secret ${HOME}"
    assert found.encryption_key == "file-ring"
    assert found.token == "real-token"
    assert found.api_url == "https://api.discogs.com"
    assert found.web_url == "http://127.0.0.1:8001"
    assert found.image_origin == "https://i.discogs.com"


def test_secrets_are_not_shown(tmp_path):
    """Whoever prints the environment sees addresses only."""
    found = environment_of(
        tmp_path,
        DISCOGS_OAUTH_CONSUMER_KEY="aaa-key",
        DISCOGS_OAUTH_CONSUMER_SECRET="bbb-secret",
        OAUTH_ENCRYPTION_KEY="ccc-ring",
        DISCOGS_TOKEN="ddd-token",
    )

    assert repr(found) == (
        "Environment(api_url='https://api.discogs.com', web_url='https://www.discogs.com', "
        "image_origin='https://i.discogs.com')"
    )


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://discogs.example", "https://discogs.example"),
        ("https://discogs.example:8443/api/", "https://discogs.example:8443/api"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        (" https://discogs.example ", "https://discogs.example"),
    ],
)
def test_an_address_is_https_or_on_this_machine(tmp_path, address, kept):
    """Plain http leaves the machine nowhere; a slash at the end is one of ours."""
    assert environment_of(tmp_path, DISCOGS_API_URL=address).api_url == kept


@pytest.mark.parametrize(
    "address",
    [
        "http://discogs.example",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://0.0.0.0:8000",
        "http://192.168.1.2",
        "https://user@discogs.example",
        "https://user:secret@discogs.example",
        "http://localhost@evil.example",
        "https://discogs.example\\@evil.example",
        "https://discogs.example/?a=b",
        "https://discogs.example?",
        "https://discogs.example/#a",
        "https://discogs.example#",
        "https://discogs.example:port",
        "https://discogs.example:99999",
        "https://*.example",
        "https://*",
        "https://a;b",
        "https://a b",
        "https://a'b",
        "https://disc\u00f6gs.example",
        "https://[",
        "https://",
        "ftp://discogs.example",
        "//discogs.example",
        "discogs.example",
        "javascript:alert(1)",
        "data:text/plain,x",
    ],
)
@pytest.mark.parametrize("name", ["DISCOGS_API_URL", "DISCOGS_WEB_URL", "DISCOGS_IMAGE_URL"])
def test_other_addresses_are_refused(tmp_path, name, address):
    """Somebody else's machine in the clear, credentials in an address, or none at all."""
    with pytest.raises(ConfigError) as error:
        environment_of(tmp_path, **{name: address})

    assert error.value.problems == [(name, ADDRESS)]
    assert address not in f"{error.value} {error.value.hint}"


def test_every_bad_address_is_told_at_once(tmp_path):
    """All three, in their order."""
    bad = dict.fromkeys(("DISCOGS_API_URL", "DISCOGS_WEB_URL", "DISCOGS_IMAGE_URL"), "x")

    with pytest.raises(ConfigError) as error:
        environment_of(tmp_path, **bad)

    assert error.value.problems == [(name, ADDRESS) for name in bad]


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://I.Discogs.example/covers/", "https://i.discogs.example"),
        ("HTTPS://i.discogs.example", "https://i.discogs.example"),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000"),
    ],
)
def test_pictures_come_from_an_origin(tmp_path, address, origin):
    """Scheme, host and port alone, as a browser's policy compares them."""
    assert environment_of(tmp_path, DISCOGS_IMAGE_URL=address).image_origin == origin


def test_a_file_that_is_no_text_is_an_error(tmp_path):
    """A .env of other bytes is not passed over in silence."""
    (tmp_path / ".env").write_bytes(b"DISCOGS_TOKEN=\xff\xfe")

    with pytest.raises(ConfigError, match=r"^\.env: is not UTF-8 text$"):
        load_environment(Workspace(tmp_path), {})


def test_a_workspace_knows_its_places(tmp_path):
    """State, site and secrets below one directory; overrides only where there are any."""
    workspace = Workspace(tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "assets").touch()

    assert workspace.settings_file == tmp_path / "site.toml"
    assert workspace.env_file == tmp_path / ".env"
    assert workspace.data == tmp_path / "data"
    assert workspace.site == tmp_path / "site"
    assert workspace.overrides("templates") == (tmp_path / "templates",)
    assert workspace.overrides("assets") == ()
