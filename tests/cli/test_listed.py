"""Collections that site.toml lists: read anew for each build, with no key and no state."""

import pytest

from tests.cli.running import KEY, NOWHERE, make_shelf

LISTED = '[[collections]]\ndiscogs = "demo"\n'
STATS = "u/demo/collection/stats.json"


@pytest.fixture
def listing(terminal):
    """A terminal without a key, whose site.toml lists the owner's collection."""
    terminal.environ["OAUTH_ENCRYPTION_KEY"] = ""
    return terminal.configure(LISTED)


def asked(discogs):
    """How many requests Discogs has seen."""
    return len(discogs.requests)


def test_one_name_in_site_toml_is_enough(listing):
    ended = listing.run()

    assert (ended.code, ended.out) == (0, "")
    assert "demo: 12 copies synced" in ended.err
    assert listing.published(STATS)["copies"] == 12
    assert "demo</bdi>’s records" in (listing.workspace / "site/index.html").read_text("utf-8")
    assert listing.state() == {}
    assert "img" in (listing.workspace / "site/u/demo/index.html").read_text("utf-8")


def test_without_a_token_it_is_read_anonymously_and_says_so(listing):
    ended = listing.run(DISCOGS_TOKEN="")

    assert ended.code == 0
    assert "warning: demo: is read without a token, so Discogs sends no covers" in ended.err
    assert listing.published(STATS)["copies"] == 12


def test_inside_the_cooldown_discogs_is_not_asked(listing, discogs, owner):
    assert listing.run().code == 0
    before, requests = listing.published(STATS), asked(discogs)
    owner.copies = make_shelf(15)

    again = listing.run()
    built = listing.run("build", DISCOGS_API_URL=NOWHERE)

    assert [again.code, built.code, asked(discogs)] == [0, 0, requests]
    assert "no account is due" in again.err
    assert listing.published(STATS) == before


def test_a_change_of_its_entry_is_published_at_once(listing, discogs, owner):
    assert listing.run().code == 0
    owner.copies = make_shelf(15)
    listing.configure(f'{LISTED}intro = "Bought <wet>."\nname = "bordesak"\n')

    assert listing.run().code == 0

    assert listing.published("u/bordesak/collection/stats.json")["copies"] == 15
    assert not (listing.workspace / "site/u/demo").exists()
    assert "Bought &lt;wet&gt;." in (listing.workspace / "site/index.html").read_text("utf-8")


def test_pages_stay_while_a_template_is_edited_without_a_network(listing):
    assert listing.run().code == 0
    templates = listing.workspace / "templates/partials"
    templates.mkdir(parents=True)
    (templates / "refresh.html").write_text("", "utf-8")
    before = (listing.workspace / "site/index.html").read_bytes()

    ended = listing.run("build", DISCOGS_API_URL=NOWHERE)

    assert ended.code == 0
    assert (listing.workspace / "site/index.html").read_bytes() == before
    assert listing.published(STATS)["copies"] == 12


@pytest.mark.parametrize(
    ("change", "code", "hint"),
    [
        ({"private": True}, 13, "set DISCOGS_TOKEN in .env to a token of its owner"),
        ({"token": "another"}, 13, "set DISCOGS_TOKEN in .env to a token of its owner"),
        ({"username": "other"}, 1, "correct the Discogs name of this collection in site.toml"),
    ],
    ids=["private", "wrong token", "renamed"],
)
def test_a_site_stays_as_it_is_while_a_collection_cannot_be_read(listing, change, code, hint):
    discogs = listing.discogs
    (owner,) = discogs.people.values()
    assert listing.run().code == 0
    before = listing.published(STATS)
    for name, value in change.items():
        setattr(owner, name, value)
    discogs.people = {owner.username: owner}
    listing.environ["DISCOGS_TOKEN"] = (
        "" if "private" in change else listing.environ["DISCOGS_TOKEN"]
    )

    ended = listing.run("sync", "demo", "--force")

    assert ended.code == code
    assert hint in ended.complaints[-1]
    assert "the site stays as it is" in ended.err
    assert listing.published(STATS) == before


def test_it_lives_beside_a_connected_account(synced, owner):
    synced.configure('[[collections]]\ndiscogs = "demo"\nname = "second"\n')

    ended = synced.run()

    assert ended.code == 0
    assert [
        synced.published(f"u/{name}/collection/stats.json")["copies"] for name in ("demo", "second")
    ] == [12, 12]
    assert synced.listed()["second"]["state"] == "ok"
    assert synced.run("disconnect", "demo", "--yes").code == 0
    assert not (synced.workspace / "site/u/demo").exists()
    assert synced.published("u/second/collection/stats.json")["copies"] == 12


def test_a_name_cannot_be_that_of_a_connected_account(synced):
    synced.configure(LISTED)

    ended = synced.run()

    assert ended.code == 2
    assert ended.complaints == [
        "error: site.toml: collections: demo: is the name of a connected account too",
        "hint: give one of them another name",
    ]


@pytest.mark.parametrize(
    "command",
    [
        ("connect", "demo", "--token"),
        ("disconnect", "demo", "--yes"),
        ("privacy", "demo", "private"),
    ],
    ids=lambda command: command[0],
)
def test_commands_for_accounts_point_to_site_toml(listing, command):
    listing.environ["OAUTH_ENCRYPTION_KEY"] = KEY

    ended = listing.run(*command)

    assert ended.code == 2
    assert ended.complaints == [
        "error: site.toml: lists demo under [[collections]]",
        "hint: change or remove its entry there, then run build-site",
    ]


def test_accounts_and_export_know_it(listing):
    entry = listing.listed()["demo"]
    assert (entry["state"], entry["records"]) == ("new", 0)
    assert listing.run().code == 0
    stats, entry = listing.published(STATS), listing.listed()["demo"]
    exported = listing.run("export", "demo", "--format", "csv")

    assert entry == {
        "name": "demo",
        "discogs_name": "demo",
        "discogs_id": None,
        "privacy": "public",
        "state": "ok",
        "last_sync": stats["synced_at"],
        "next_sync": entry["next_sync"],
        "records": 12,
        "problem": None,
    }
    assert exported.code == 0
    assert len(exported.out.splitlines()) == 13


def test_sync_refuses_it_inside_its_cooldown(listing):
    assert listing.run("sync", "demo").code == 0
    assert listing.published(STATS)["copies"] == 12

    refused, idle = listing.run("sync", "demo"), listing.run("sync")

    assert refused.code == 1
    assert refused.complaints[0].startswith("error: demo: next sync possible at ")
    assert "stays as it is" not in refused.err
    assert (idle.code, idle.err) == (0, "no account is due\n")


def test_doctor_knows_it(listing):
    assert listing.run().code == 0

    found = listing.run("doctor", "--data", "demo")

    assert found.out.splitlines()[0] == "demo: 12 records"
    assert "is not needed by the collections of site.toml" in listing.run("doctor").out


def test_an_unlisted_one_has_its_link_from_site_toml(listing):
    slug = "k3" * 12
    listing.configure(f'{LISTED}privacy = "unlisted"\nlink = "{slug}"\n')

    assert listing.run().code == 0

    assert listing.published(f"x/{slug}/collection/stats.json")["copies"] == 12
    assert "no public collection here yet" in (listing.workspace / "site/index.html").read_text(
        "utf-8"
    )


def test_only_the_chosen_folders_are_shown(listing, owner):
    for place, item in enumerate(owner.copies):
        item["folder_id"] = 4711 if place < 5 else 1
    listing.configure(f'{LISTED}folders = ["kay\'s"]\n')
    assert listing.run().code == 0
    assert listing.published(STATS)["copies"] == 5

    listing.configure(f'{LISTED}folders = ["Jazz"]\n')
    ended = listing.run()

    assert ended.complaints == [
        'error: demo: has no folder "Jazz" that this token can see',
        "hint: correct its folders in site.toml",
    ]
    assert listing.published(STATS)["copies"] == 5


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "[collections]\n",
            "collections: must be a list of tables: write [[collections]] above each",
        ),
        ("[[collections]]\n", "collections.1.discogs: is missing: the name of a Discogs user"),
        (f"{LISTED}{LISTED}", "collections.2.name: is the name of another collection: demo"),
        (
            f'{LISTED}name = "a b"\n',
            (
                "collections.1.name: must be 1 to 40 of a-z 0-9 - _ . "
                "and start and end with a letter or digit"
            ),
        ),
        (
            f'{LISTED}privacy = "private"\n',
            "collections.1.privacy: must be one of public, unlisted, in quotes",
        ),
        (
            f'{LISTED}privacy = "unlisted"\n',
            (
                "collections.1.link: must be 22 to 64 random letters and digits, "
                "for an unlisted collection"
            ),
        ),
        (
            f"{LISTED}folder = [1]\n",
            "collections.1.folder: is not a setting; did you mean folders?",
        ),
    ],
    ids=["no list", "no name", "twice", "bad name", "private", "no link", "unknown"],
)
def test_mistakes_have_their_place(listing, text, problem):
    ended = listing.configure(text).run()

    assert (ended.code, ended.complaints[0]) == (2, f"error: site.toml: {problem}")


@pytest.mark.parametrize(
    "address",
    ["https://www.discogs.com/user/demo/collection", "discogs.com/de/user/demo", "demo"],
)
def test_the_address_of_a_collection_is_a_name_too(listing, address):
    listing.configure(f'[[collections]]\ndiscogs = "{address}"\n')

    assert listing.run().code == 0
    assert listing.published(STATS)["copies"] == 12
