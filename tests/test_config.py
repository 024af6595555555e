"""Configuration: every mistake at once, each with its place; the environment and its .env."""

from datetime import timedelta

import msgspec
import pytest

from generator.config import Workspace, load_environment, load_settings, on_github
from generator.errors import ConfigError, NoWorkspace

DURATION = 'must be a duration such as "4h", "15m" or "90s", at most a year'
ADDRESS = "must be an https address, or http on a loopback address"


def settings_of(tmp_path, text, warnings=None):
    """The settings in a site.toml of this text."""
    (tmp_path / "site.toml").write_text(text, "utf-8")
    warned = [] if warnings is None else warnings
    return load_settings(Workspace(tmp_path), lambda *warning: warned.append(warning))


def problems_of(tmp_path, text):
    """Every problem of a site.toml of this text, by its place."""
    with pytest.raises(ConfigError) as error:
        settings_of(tmp_path, text)
    assert error.value.exit_code == 2
    return {where.removeprefix("site.toml: "): what for where, what in error.value.problems}


def environment_of(tmp_path, dotenv=None, **environ):
    if dotenv is not None:
        (tmp_path / ".env").write_text(dotenv, "utf-8")
    return load_environment(Workspace(tmp_path), environ)


@pytest.mark.parametrize("start", ["", "\ufeff", "# nothing\n"])
def test_an_empty_file_gives_the_defaults(tmp_path, start):
    assert msgspec.to_builtins(settings_of(tmp_path, start), builtin_types=(timedelta,)) == {
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
        },
        "publish": {"host": "github", "data_files": True},
        "record": {"links": ()},
        "accounts": {},
        "collections": (),
    }


def test_every_setting_can_be_set(tmp_path):
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
        [publish]
        host = "none"
        data_files = false
        [record]
        links = ["Listen = https://example.org/{artist}"]
        [accounts.Me]
        intro = "Mine."
        folders = ["Jazz", 7]
        [[collections]]
        discogs = "https://www.discogs.com/user/Elezea-Records/collection"
        intro = "Ours."
    """

    assert msgspec.to_builtins(settings_of(tmp_path, text), builtin_types=(timedelta,)) == {
        "site": {
            "title": "Œuvres & more",
            "base_url": "https://me.example/records/",
            "language": "pt-BR",
            "timezone": "Europe/Berlin",
            "repository": "me/my.records_1",
            "theme": "dark",
            "contact": "me@example.org",
        },
        "sync": {"cooldown": timedelta(seconds=90), "concurrency": 1, "max_wait": timedelta(0)},
        "publish": {"host": "none", "data_files": False},
        "record": {"links": ("Listen = https://example.org/{artist}",)},
        "accounts": {"me": {"intro": "Mine.", "folders": ("Jazz", 7)}},
        "collections": (
            {
                "discogs": "Elezea-Records",
                "name": "elezea-records",
                "intro": "Ours.",
                "folders": (),
                "privacy": "public",
                "link": "",
            },
        ),
    }


def test_every_mistake_is_reported_at_once_with_its_place(tmp_path):
    text = """
        surprise = 1
        sync = 1
        [site]
        title = 5
        titel = "Records"
        timezone = "Mars/Olympus"
        theme = "blue"
        [publish]
        host = "ftp"
        [sites]
        a = 1
    """

    assert problems_of(tmp_path, text) == {
        "surprise": "is not a setting",
        "sync": "must be a table: write [sync]",
        "site.title": "must be 1 to 200 characters in quotes",
        "site.titel": "is not a setting; did you mean title?",
        "site.timezone": 'must be a time zone such as "Europe/Berlin"',
        "site.theme": "must be one of auto, light, dark, in quotes",
        "publish.host": "must be one of github, cloudflare, netlify, nginx, s3, none, in quotes",
        "sites": "is not a setting; did you mean site?",
    }


def test_a_setting_of_an_earlier_version_is_ignored_with_a_warning(tmp_path):
    warnings: list[tuple[str, str]] = []
    text = '[sync]\nenrich_budget = "any"\nconcurrency = 2'

    assert settings_of(tmp_path, text, warnings).sync.concurrency == 2
    assert warnings == [("site.toml: sync.enrich_budget", "is no longer used and can be removed")]


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
def test_a_duration_has_a_unit(tmp_path, text, span):
    assert settings_of(tmp_path, f'[sync]\ncooldown = "{text}"').sync.cooldown == span


TEXT = "must be text in quotes"
BASE_URL = 'must be an absolute address such as "https://example.org/records/"'
LANGUAGE = 'must be a language tag such as "en" or "pt-BR"'
ZONE = 'must be a time zone such as "Europe/Berlin"'
REPOSITORY = 'must be a repository on GitHub, written "owner/name"'


@pytest.mark.parametrize(
    ("key", "what", "values"),
    [
        *(
            (
                f"sync.{key}",
                DURATION,
                [
                    *('""', '"4"', '"h"', '"4 h"', '" 4h"', '"4H"', '"-4h"', '"4h30m"', '"1.5h"'),
                    *('"4w"', '"99999999999d"', '"367d"', "4", "4.5", "true", '["4h"]'),
                    "07:32:00",
                ],
            )
            for key in ("cooldown", "max_wait")
        ),
        (
            "sync.concurrency",
            "must be a whole number from 1 to 20",
            ["0", "21", "-1", "1.0", '"6"', "true"],
        ),
        ("site.title", "must be 1 to 200 characters in quotes", ['""', f'"{"x" * 201}"', "5"]),
        (
            "site.base_url",
            BASE_URL,
            [
                *(
                    '"me.example"',
                    '"/records/"',
                    '"ftp://me.example/"',
                    '"https://"',
                    '"https://["',
                ),
                *('"https://me:secret@me.example/"', '"https://me.example/?a=b"'),
                *('"https://me.example/#a"', '"https://me.example/a b/"'),
                *('"https://me.example/$a;/"', '"https://me.example/\\n/"'),
                '"https://me.example/ä/"',
            ],
        ),
        ("site.base_url", TEXT, ["1", "true", "[]"]),
        ("site.language", LANGUAGE, ['""', '"en_GB"', '"e\\" onload=\\"x"']),
        ("site.timezone", ZONE, ['""', '"../../etc/passwd"', '"/etc/localtime"', '"nowhere"']),
        (
            "site.repository",
            REPOSITORY,
            ['"me"', '"me/a/b"', '"me/a b"', '"https://github.com/me/a"'],
        ),
        ("site.contact", "must be one line of plain ASCII", ['"two\\nlines"', '"me@exämple.org"']),
        ("site.contact", "must be at most 200 characters in quotes", [f'"{"x" * 201}"', "1"]),
        ("site.theme", "must be one of auto, light, dark, in quotes", ["true", '"Dark"']),
    ],
)
def test_a_bad_value_is_reported_with_the_allowed_ones(tmp_path, key, what, values):
    table, name = key.split(".")
    for value in values:
        assert problems_of(tmp_path, f"[{table}]\n{name} = {value}") == {key: what}


@pytest.mark.parametrize("number", [1, 20])
def test_from_1_to_20_requests_run_in_parallel(tmp_path, number):
    assert settings_of(tmp_path, f"[sync]\nconcurrency = {number}").sync.concurrency == number


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"[site\n", "is not valid TOML: .* line 1"), (b"\xff\xfe", "is not valid TOML: ")],
)
def test_a_file_that_is_not_toml_is_one_problem(tmp_path, content, what):
    (tmp_path / "site.toml").write_bytes(content)

    with pytest.raises(ConfigError, match=rf"^site\.toml: {what}") as error:
        load_settings(Workspace(tmp_path), lambda *_: None)
    assert len(error.value.problems) == 1


def test_a_workspace_has_a_site_toml(tmp_path):
    with pytest.raises(NoWorkspace) as error:
        load_settings(Workspace(tmp_path), lambda *_: None)

    assert str(error.value) == f"{tmp_path}: has no site.toml"
    assert error.value.exit_code == 10


def test_an_empty_environment_means_the_real_discogs(tmp_path):
    assert environment_of(tmp_path) == (
        *("https://api.discogs.com", "https://www.discogs.com", "https://i.discogs.com"),
        *("https://data.discogs.com", "", "", "", ""),
    )


def test_the_environment_wins_over_the_file_and_empty_variables_count_as_unset(tmp_path):
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

    assert found._asdict() == {
        "api_url": "https://api.discogs.com",
        "web_url": "http://127.0.0.1:8001",
        "image_origin": "https://i.discogs.com",
        "data_url": "https://data.discogs.com",
        "consumer_key": "real-key",
        "consumer_secret": "file $secret ${HOME}",
        "encryption_key": "file-ring",
        "token": "real-token",
    }
    assert repr(found) == (
        "Environment(https://api.discogs.com, http://127.0.0.1:8001, https://i.discogs.com, ***)"
    )


@pytest.mark.parametrize(
    ("address", "kept", "origin"),
    [
        ("https://I.Discogs.example", "https://I.Discogs.example", "https://i.discogs.example"),
        (
            "https://discogs.example:8443/api/",
            "https://discogs.example:8443/api",
            "https://discogs.example:8443",
        ),
        ("HTTPS://discogs.example", "HTTPS://discogs.example", "https://discogs.example"),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/a", "http://127.0.0.1:8000"),
        ("http://127.9.9.9", "http://127.9.9.9", "http://127.9.9.9"),
        ("http://localhost:8000/", "http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000", "http://[::1]:8000"),
        (" https://discogs.example ", "https://discogs.example", "https://discogs.example"),
    ],
)
def test_an_address_is_https_or_on_this_machine(tmp_path, address, kept, origin):
    found = environment_of(tmp_path, DISCOGS_API_URL=address, DISCOGS_IMAGE_URL=address)

    assert (found.api_url, found.image_origin) == (kept, origin)


@pytest.mark.parametrize(
    "address",
    [
        *("http://discogs.example", "http://127.0.0.1.evil.example"),
        *("http://localhost.evil.example", "http://0.0.0.0:8000", "http://192.168.1.2"),
        *("https://user@discogs.example", "https://user:secret@discogs.example"),
        *("http://localhost@evil.example", "https://discogs.example\\@evil.example"),
        *("https://discogs.example/?a=b", "https://discogs.example?"),
        *("https://discogs.example/#a", "https://discogs.example#"),
        *("https://discogs.example:port", "https://discogs.example:99999"),
        *("https://*.example", "https://*", "https://a;b", "https://a b", "https://a'b"),
        *("https://disc\u00f6gs.example", "https://[", "https://", "ftp://discogs.example"),
        *("//discogs.example", "discogs.example", "javascript:alert(1)", "data:text/plain,x"),
    ],
)
def test_another_address_is_refused_and_never_quoted(tmp_path, address):
    names = ("DISCOGS_API_URL", "DISCOGS_WEB_URL", "DISCOGS_IMAGE_URL")

    with pytest.raises(ConfigError) as error:
        environment_of(tmp_path, **dict.fromkeys(names, address))

    assert error.value.problems == [(name, ADDRESS) for name in names]
    assert address not in f"{error.value} {error.value.hint}"


def test_a_dotenv_that_is_not_text_is_an_error(tmp_path):
    (tmp_path / ".env").write_bytes(b"DISCOGS_TOKEN=\xff\xfe")

    with pytest.raises(ConfigError, match=r"^\.env: is not UTF-8 text$"):
        load_environment(Workspace(tmp_path), {})


def test_a_workspace_has_its_places(tmp_path):
    workspace = Workspace(tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "assets").touch()

    assert workspace.settings_file == tmp_path / "site.toml"
    assert workspace.env_file == tmp_path / ".env"
    assert (workspace.data, workspace.site) == (tmp_path / "data", tmp_path / "site")
    assert workspace.overrides("templates") == (tmp_path / "templates",)
    assert workspace.overrides("assets") == ()


@pytest.mark.parametrize(
    ("text", "repository", "base_url", "found"),
    [
        ("", "Ann/Records", "https://ann.github.io/Records/", "Ann/Records"),
        ("", "Ann/ann.github.io", "https://ann.github.io/", "Ann/ann.github.io"),
        (
            '[site]\nbase_url = "https://ann.example"\nrepository = "b/c"\n',
            "Ann/Records",
            "https://ann.example/",
            "b/c",
        ),
        ('[publish]\nhost = "s3"\n', "Ann/Records", "", "Ann/Records"),
        ("", "", "", ""),
        ("", "no repository", "", ""),
    ],
)
def test_in_a_workflow_the_address_is_known(tmp_path, text, repository, base_url, found):
    settings = settings_of(tmp_path, text)
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": repository}

    site = on_github(settings, environ).site
    assert (site.base_url, site.repository) == (base_url, found)
    assert on_github(settings, environ | {"GITHUB_ACTIONS": ""}) == settings
