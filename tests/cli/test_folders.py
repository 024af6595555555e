"""What site.toml says of accounts and records: folders, an introduction, links."""

import json

import pytest

JAZZ = 4712


@pytest.fixture
def filed(synced, owner):
    """An account of twelve copies, three of them in the folder Jazz and two in Kay's."""
    owner.folders = {4711: "Kay's", JAZZ: "Jazz"}
    for place, item in enumerate(owner.copies):
        item["folder_id"] = JAZZ if place < 3 else 4711 if place < 5 else 1
    return synced


def shown(terminal):
    return terminal.published("u/demo/collection/stats.json")["copies"]


def test_only_the_chosen_folders_are_shown_by_number_or_by_name(filed, discogs):
    filed.configure("[accounts.demo]\nfolders = [4712]\n")
    assert filed.run("sync", "--force", "demo").code == 0
    assert not any(request.path.endswith("/folders") for request in discogs.requests[-4:])
    assert filed.run("build").code == 0
    assert shown(filed) == 3

    filed.configure('[accounts.Demo]\nfolders = ["jazz", 4711]\n')
    refused = filed.run("build")
    assert refused.code == 1
    assert refused.complaints == [
        'error: demo: has no folder "jazz", as far as the last sync knows',
        "hint: check the name in site.toml, then run build-site sync demo --force",
    ]
    assert shown(filed) == 3
    assert filed.run("sync", "--force", "demo").code == 0
    assert filed.run("build").code == 0
    assert shown(filed) == 5
    filed.configure()
    assert filed.run("build").code == 0
    assert shown(filed) == 12


def test_names_of_folders_are_never_published(filed):
    filed.configure('[accounts.demo]\nfolders = ["Kay\'s"]\n')
    assert filed.run("sync", "--force", "demo").code == 0
    assert filed.run("build").code == 0

    site = filed.workspace / "site"
    texts = [path.read_bytes() for path in site.rglob("*") if path.is_file()]
    assert shown(filed) == 2
    assert not any(b"Kay's" in text or b"4711" in text for text in texts)


def test_an_introduction_and_links_are_shown(filed):
    filed.configure(
        '[accounts.demo]\nintro = "Bought <wet>."\n'
        '[record]\nlinks = ["Listen = https://example.org/?q={artist}+{title}"]\n'
    )
    assert filed.run("build").code == 0

    home = (filed.workspace / "site/u/demo/index.html").read_text()
    assert '<p class="home-intro" lang="en">Bought &lt;wet&gt;.</p>' in home
    page = (filed.workspace / "site/u/demo/collection/all/index.html").read_text()
    catalog = json.loads(page.partition('id="collection">')[2].partition("</script>")[0])
    assert catalog["links"] == [["Listen", "https://example.org/?q={artist}+{title}"]]


def test_data_files_can_be_kept_back(filed):
    assert filed.run("build").code == 0
    files = {path.name for path in (filed.workspace / "site/u/demo/collection").iterdir()}
    filed.configure("[publish]\ndata_files = false\n")
    assert filed.run("build").code == 0
    left = {path.name for path in (filed.workspace / "site/u/demo/collection").iterdir()}

    assert files - left == {"stats.json", "releases.json", "releases.csv"}
    page = (filed.workspace / "site/u/demo/collection/all/index.html").read_text()
    assert "releases." not in page
    assert "data-no-files" in page


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[accounts.demo]\nfolders = 3\n", "accounts.demo.folders"),
        ("[accounts]\ndemo = 3\n", "accounts.demo"),
        ("[accounts.demo]\nintroduction = 'x'\n", "accounts.demo.introduction"),
        ("[record]\nlinks = ['Listen']\n", "record.links"),
        ("[record]\nlinks = ['X = http://example.org/{artist}']\n", "record.links"),
        ("[record]\nlinks = ['X = https://example.org/{price}']\n", "record.links"),
        ("[record]\nlinks = ['X = javascript:alert({title})']\n", "record.links"),
    ],
)
def test_mistakes_are_told_with_their_place(configured, text, place):
    ended = configured.configure(text).run("build")

    assert ended.code == 2
    assert ended.complaints[0].startswith(f"error: site.toml: {place}: ")
