"""Disconnecting: nothing is kept of the account, whatever state it was in, whoever is killed."""

import shutil
import time
from random import Random

import pytest

from tests.cli.accounts import keep_login, opened
from tests.cli.running import OTHER_KEY, Terminal, screen

KILLS = 12


def left(terminal):
    """What is kept of accounts and of logins under way."""
    data = terminal.workspace / "data"
    kept = [*data.glob("accounts/**/*"), *data.glob("pending/*")]
    return {str(path.relative_to(data)) for path in kept if path.is_file()}


def test_everything_kept_of_an_account_goes(kept):
    assert kept.run("build").code == 0
    keep_login(kept, "demo")

    ended = kept.run("disconnect", "DEMO", "--yes")

    assert (ended.code, ended.out) == (0, "")
    assert ended.err.splitlines()[0] == (
        "demo is disconnected; nothing of it is stored. "
        "Revoke the access at https://www.discogs.com/settings/applications"
    )
    assert left(kept) == set()
    assert list((kept.workspace / "data/accounts").iterdir()) == []
    assert not (kept.workspace / "site/u").exists()
    index = (kept.workspace / "site/index.html").read_text("utf-8")
    assert "no public collection here yet" in index
    assert kept.run("disconnect", "demo", "--yes").code == 2


def test_other_accounts_stay(synced):
    before = left(synced)
    synced.connect("second")
    keep_login(synced, "second")
    keep_login(synced, "third")
    third = {path for path in left(synced) if path.startswith("pending/")}

    assert synced.run("disconnect", "second", "--yes").code == 0

    after = left(synced)
    assert {path for path in after if path.startswith("accounts/")} == before
    assert len(after - before) == 1
    assert after - before < third
    assert (synced.workspace / "site/u/demo/index.html").is_file()


def test_an_unlisted_link_ends_with_its_account(kept):
    link = kept.run("privacy", "demo", "unlisted").out.strip()
    assert (kept.workspace / "site" / link).is_dir()

    assert kept.run("disconnect", "demo", "--yes").code == 0
    assert not (kept.workspace / "site/x").exists()


def test_nobody_is_asked_without_a_terminal(kept):
    before = kept.state()

    ended = kept.run("disconnect", "demo")

    assert (ended.code, ended.out) == (2, "")
    assert ended.complaints == [
        "error: disconnect: there is no terminal to ask for confirmation",
        "hint: add --yes to delete the account",
    ]
    assert kept.state() == before


@pytest.mark.parametrize(("answer", "code", "accounts"), [("y", 0, []), ("n", 1, ["demo"])])
def test_a_terminal_is_asked(kept, answer, code, accounts):
    with screen() as there, kept.start("disconnect", "demo", streams=there.streams) as process:
        there.type(answer, after="[y/N]: ")
        assert process.wait(timeout=30) == code

    assert list(kept.listed()) == accounts


def test_giving_up_deletes_nothing(kept):
    before = kept.state()
    with screen() as there:
        with kept.start("disconnect", "demo", streams=there.streams, NO_COLOR="1") as process:
            there.type(
                "", after="Disconnect demo and delete its token, its snapshot and its pages?"
            )
            assert process.wait(timeout=30) == 1
        assert "error: demo: stays connected" in there.rest()

    assert kept.state() == before


def test_an_account_that_cannot_be_read_goes_by_its_id(synced):
    synced.connect("second")
    damaged = opened(synced)["second"].id
    (synced.workspace / "data/accounts" / damaged / "account").write_bytes(b"torn")
    assert set(synced.listed()) == {"demo", damaged}

    assert synced.run("disconnect", damaged, "--yes").code == 0

    assert set(synced.listed()) == {"demo"}
    assert not (synced.workspace / "data/accounts" / damaged).exists()


def test_an_account_that_is_no_file_goes_too(synced):
    synced.connect("second")
    directory = synced.workspace / "data/accounts" / opened(synced)["second"].id
    (directory / "account").unlink()
    (directory / "account").mkdir()

    assert synced.run("disconnect", directory.name, "--yes").code == 0
    assert not directory.exists()


@pytest.mark.parametrize("gone", [[], ["token"], ["snapshot", "token"]])
def test_a_disconnect_cut_short_is_finished_by_the_next(kept, gone):
    directory = kept.workspace / "data/accounts" / opened(kept)["demo"].id
    for name in gone:
        (directory / name).unlink()
    (directory / ".gatefold-0123456789abcdef.tmp").write_bytes(b"left by a killed run")

    assert kept.run("disconnect", "demo", "--yes").code == 0
    assert left(kept) == set()


def test_a_killed_disconnect_can_be_run_again(kept, tmp_path_factory):
    dice = Random(6)  # noqa: S311 - moments, not secrets
    begun = time.monotonic()
    assert twin(kept, tmp_path_factory).run("disconnect", "demo", "--yes").code == 0
    life = time.monotonic() - begun
    codes = []
    for _ in range(KILLS):
        terminal = twin(kept, tmp_path_factory)
        run = terminal.begin("disconnect", "demo", "--yes")
        time.sleep(dice.uniform(0.2, 1) * life)
        run.kill()
        codes.append(run.wait()[0])
        listed = list(terminal.listed())
        assert listed == (["demo"] if left(terminal) else [])
        assert terminal.run("disconnect", "demo", "--yes").code == (0 if listed else 2)
        assert terminal.run("build").code == 0
        assert (left(terminal), (terminal.workspace / "site/u").exists()) == (set(), False)

    assert -9 in codes


def twin(terminal, factory):
    """The same workspace once more, with its site."""
    place = factory.mktemp("twin")
    shutil.copytree(terminal.workspace, place, dirs_exist_ok=True)
    twin = Terminal(place)
    assert twin.run("build").code == 0
    return twin


def test_a_wrong_key_deletes_nothing(kept):
    before = kept.state()

    assert kept.run("disconnect", "demo", "--yes", OAUTH_ENCRYPTION_KEY=OTHER_KEY).code == 12
    assert kept.state() == before
