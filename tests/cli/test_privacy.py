"""The levels of privacy: changed by one command, in force with the site it rebuilds."""

import re

import pytest
from filelock import FileLock

from tests.cli.accounts import opened
from tests.cli.running import OTHER_KEY

LINK = re.compile(r"x/[0-9a-f]{32}/")
UNCHANGED = "its link is unchanged; build-site privacy demo unlisted --new-link replaces it"


def links_in(text):
    """Every unlisted link in a text."""
    return LINK.findall(text)


def trees(terminal):
    """The trees of accounts in the site."""
    site = terminal.workspace / "site"
    return {f"{path.parent.relative_to(site)}/" for path in site.glob("[ux]/*/index.html")}


def test_a_public_account_can_be_hidden_and_shown_again(kept):
    told = []
    for level in ("public", "private", "public"):
        ended = kept.run("privacy", "Demo", level)
        told.append((ended.code, ended.out, kept.listed()["demo"]["privacy"], trees(kept)))

    assert told == [
        (0, "", "public", {"u/demo/"}),
        (0, "", "private", set()),
        (0, "", "public", {"u/demo/"}),
    ]


def test_what_was_done_is_told(kept):
    ended = kept.run("privacy", "demo", "private")

    assert ended.err.splitlines()[0] == "demo is now private"
    assert ended.err.splitlines()[1].startswith("built ")
    assert len(ended.err.splitlines()) == 2


def test_a_new_unlisted_link_is_printed_once(kept):
    first = kept.run("privacy", "demo", "unlisted")
    link = first.out.strip()
    again = kept.run("privacy", "demo", "unlisted")

    assert (first.code, links_in(first.out), first.out) == (0, [link], f"{link}\n")
    assert (again.code, again.out) == (0, "")
    assert again.err.splitlines()[:2] == ["demo is now unlisted", UNCHANGED]
    told = [first.err, again.err, kept.run("accounts").out, kept.run("-v", "build").err]
    assert links_in("".join(told)) == []
    assert trees(kept) == {link}


def test_a_link_is_absolute_where_the_address_is_known(kept):
    kept.configure('[site]\nbase_url = "https://me.example/records"\n')

    ended = kept.run("privacy", "demo", "unlisted")

    assert re.fullmatch(r"https://me\.example/records/x/[0-9a-f]{32}/\n", ended.out)


def test_a_link_outlives_other_levels(kept):
    link = kept.run("privacy", "demo", "unlisted").out.strip()
    for level in ("public", "private"):
        assert kept.run("privacy", "demo", level).out == ""
        assert link not in trees(kept)

    assert kept.run("privacy", "demo", "unlisted").out == ""
    assert trees(kept) == {link}


def test_a_new_link_ends_the_old_one(kept):
    old = kept.run("privacy", "demo", "unlisted").out.strip()
    new = kept.run("privacy", "demo", "unlisted", "--new-link").out.strip()

    assert LINK.fullmatch(new)
    assert new != old
    assert trees(kept) == {new}
    assert not (kept.workspace / "site" / old).exists()


def test_a_new_link_may_be_the_first(kept):
    link = kept.run("privacy", "demo", "unlisted", "--new-link").out.strip()

    assert trees(kept) == {link}


@pytest.mark.parametrize(
    ("arguments", "code", "first"),
    [
        (("nobody", "public"), 2, "error: nobody: no such account"),
        (("demo", "hidden"), 2, "error: build-site privacy: invalid value for '{public|"),
        (("demo", "private", "--new-link"), 2, "error: privacy --new-link: works for unlisted"),
    ],
)
def test_a_level_that_cannot_be_set_changes_nothing(kept, arguments, code, first):
    before = kept.state()

    ended = kept.run("privacy", *arguments)

    assert (ended.code, ended.out) == (code, "")
    assert ended.complaints[0].startswith(first)
    assert kept.state() == before
    assert not (kept.workspace / "site").exists()


def test_the_workspace_and_its_key_are_needed(bare, kept):
    other = kept.run("privacy", "demo", "public", OAUTH_ENCRYPTION_KEY=OTHER_KEY)
    (kept.workspace / "site.toml").unlink()

    assert other.code == 12
    assert bare.run("privacy", "demo", "public").code == 10


def test_another_run_is_not_waited_for(kept):
    with FileLock(kept.workspace / "data/.lock"):
        ended = kept.run("privacy", "demo", "private")

    assert (ended.code, ended.out) == (11, "")
    assert opened(kept)["demo"].privacy == "public"


def test_an_account_never_synced_has_a_link_already(connected):
    link = connected.run("privacy", "demo", "unlisted").out.strip()
    assert trees(connected) == set()

    assert connected.run().code == 0
    assert trees(connected) == {link}


def test_a_page_is_taken_off_even_if_nothing_can_be_rendered(kept):
    assert kept.run("build").code == 0
    override = kept.workspace / "templates/base.html"
    override.parent.mkdir()
    override.write_text("<h1>no policy</h1>", "utf-8")

    ended = kept.run("privacy", "demo", "private")
    off = trees(kept)
    failed = kept.run("privacy", "demo", "public")
    override.unlink()

    assert (ended.code, off, failed.code) == (0, set(), 1)
    assert "has no Content-Security-Policy" in failed.complaints[0]
    assert kept.listed()["demo"]["privacy"] == "public"
    assert kept.run("build").code == 0
    assert trees(kept) == {"u/demo/"}


@pytest.mark.parametrize("level", ["public", "unlisted"])
def test_an_account_whose_choices_do_not_open_keeps_its_pages(synced, level):
    (choices,) = (synced.workspace / "data/accounts").glob("*/account")
    assert synced.run("privacy", "demo", level).code == 0
    (page,) = (synced.workspace / "site").glob("[ux]/*/index.html")
    assert synced.connect("other").run("sync", "other").code == 0
    assert synced.run("build").code == 0
    before, sealed = page.read_bytes(), choices.read_bytes()
    choices.write_bytes(sealed[:-20] + sealed[-20:].swapcase())

    built = synced.run("build", "--full")
    taken_off = synced.run("privacy", "other", "private")

    assert (built.code, taken_off.code) == (1, 0)
    assert choices.parent.name in built.complaints[0]
    assert page.read_bytes() == before
    assert not (synced.workspace / "site/u/other").exists()
    choices.write_bytes(sealed)
    assert synced.run("privacy", "demo", "private").code == 0
    assert not page.exists()
