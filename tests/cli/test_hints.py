"""Every hint works as written: it is carried out, and then the command succeeds."""

import shlex

import pytest

from tests.cli.running import KEY


def place_of(terminal, name):
    (path,) = (path for path in terminal.state() if path.name == name)
    return path


def no_workspace(terminal):
    (terminal.workspace / "site.toml").unlink()


def no_site(terminal):
    pass


def never_synced(terminal):
    place_of(terminal, "snapshot").unlink()
    place_of(terminal, "status").unlink()


def damaged_snapshot(terminal):
    place_of(terminal, "snapshot").write_bytes(b"{}")


def nothing(terminal):
    pass


CASES = [
    (no_workspace, ["accounts"], 10, "init"),
    (no_site, ["serve", "--port", "1"], 2, "build"),
    (never_synced, ["export", "demo"], 1, "sync demo"),
    (damaged_snapshot, ["export", "demo"], 1, "sync demo --force"),
    (nothing, ["sync", "nobody"], 2, "accounts"),
    (nothing, ["privacy", "demo"], 2, "privacy --help"),
    (nothing, ["polish"], 2, "--help"),
]


@pytest.mark.parametrize(
    ("spoil", "arguments", "code", "command"), CASES, ids=[" ".join(case[1]) for case in CASES]
)
def test_the_command_in_a_hint_works_and_helps(synced, spoil, arguments, code, command):
    spoil(synced)

    ended = synced.run(*arguments)

    assert ended.code == code
    assert f"build-site {command}" in ended.complaints[-1]
    assert synced.run(*shlex.split(command)).code == 0
    if command not in ("accounts", "privacy --help", "--help", "build"):
        assert synced.run(*arguments).code == 0


def test_a_broken_site_toml_can_be_compared_with_the_printed_one(configured):
    configured.configure("[site\ntitle = 1\n")
    ended = configured.run("build")
    assert (ended.code, ended.complaints[-1]) == (
        2,
        "hint: build-site init --print prints a commented site.toml to compare with",
    )

    configured.configure(configured.run("init", "--print").out)

    assert configured.run("build").code == 0


def test_a_missing_key_is_made_as_the_hint_says(bare, discogs):
    bare.discogs = discogs
    bare.configure("")
    ended = bare.run("connect", "--anonymous", "demo")
    assert (ended.code, ended.complaints[-1]) == (
        12,
        (
            "hint: put the key that build-site keys new prints into OAUTH_ENCRYPTION_KEY in .env; "
            "if the old key is lost, build-site reset starts over"
        ),
    )

    env = bare.workspace / ".env"
    env.write_text(f"OAUTH_ENCRYPTION_KEY={bare.run('keys', 'new').out}")
    env.chmod(0o600)

    assert bare.run("connect", "--anonymous", "demo").code == 0


def test_a_missing_application_has_three_ways_out(terminal):
    ended = terminal.run("connect", "--no-browser", DISCOGS_OAUTH_CONSUMER_KEY="")

    assert ended.code == 2
    for word in (".env", "--token", "--anonymous"):
        assert word in ended.complaints[-1]
    assert terminal.run("connect", "--token", DISCOGS_OAUTH_CONSUMER_KEY="").code == 0


def test_a_key_that_opens_nothing_can_be_added_to_the_ring(kept):
    other = kept.run("keys", "new").out.strip()
    ended = kept.run("accounts", OAUTH_ENCRYPTION_KEY=other)
    assert (ended.code, "or add it after the new one and a comma" in ended.err) == (12, True)

    assert kept.run("accounts", OAUTH_ENCRYPTION_KEY=f"{other},{KEY}").code == 0
