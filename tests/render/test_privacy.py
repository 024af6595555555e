"""The accounts and copies that each part of the site may show and link to."""

import pytest
from msgspec.structs import replace

from generator.derive.pages import (
    AccountContent,
    DataFile,
    Page,
    SiteView,
    account_tree,
    site_pages,
)
from generator.domain.account import Privacy
from generator.errors import RenderError
from generator.render.privacy import Scope, account_scope, site_scope
from tests.render.shelf import built, make_build, make_shelf, pages

SLUG = "5ec7e7"
PUBLIC = Scope("u/rock/", frozenset({"rock"}), frozenset({1, 2}))
UNLISTED = Scope(f"x/{SLUG}/", frozenset({"rock"}), frozenset({1, 2}))
SITE = Scope("", frozenset({"rock", "low-tide"}), frozenset({1}))


def refusal(check, *arguments):
    with pytest.raises(RenderError) as error:
        check(*arguments)
    return str(error.value)


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        (PUBLIC, "index.html"),
        (PUBLIC, "u/rocks/index.html"),
        (PUBLIC, f"x/{SLUG}/index.html"),
        (PUBLIC, "u/"),
        (UNLISTED, "u/rock/index.html"),
        (UNLISTED, "x/0ther/index.html"),
        (SITE, "u/rock/index.html"),
        (SITE, "u/index.html"),
        (SITE, f"x/{SLUG}/feed.xml"),
    ],
)
def test_a_file_stays_in_its_part_of_the_site(scope, path):
    for item in (Page(path, "", None), DataFile(path, "")):
        assert refusal(scope.check_item, item).startswith(f"{path}: is planned outside of ")


@pytest.mark.parametrize(
    "path", ["index.html", "rock/index.html", "assets/u/x/a.css", "u", "x.json"]
)
def test_other_places_belong_to_no_account(path):
    SITE.check_item(DataFile(path, "rock"))


@pytest.mark.parametrize("name", ["rock", "jazz"])
def test_a_page_shows_the_account_it_belongs_to(name):
    items = account_tree(AccountContent(make_shelf(2, "rock", "rock jazz")), SiteView()).items
    scope = Scope("u/rock/", frozenset({name}), frozenset({1, 2}))

    if name == "rock":
        for item in items:
            scope.check_item(item)
    else:
        assert refusal(scope.check_item, items[0]) == (
            "u/rock/index.html: shows an account that must not be shown there"
        )


def test_the_index_shows_public_accounts_only():
    entries = [
        account_tree(AccountContent(make_shelf(1, name)), SiteView()).entry
        for name in ("a", "rock")
    ]
    index, *_ = site_pages(entries, SiteView(), "")

    site_scope(entries, {}).check_item(index)
    for scope in (site_scope(entries[:1], {}), site_scope(entries, {"rock": Privacy.PRIVATE})):
        assert refusal(scope.check_item, index) == (
            "index.html: shows an account that must not be shown there"
        )


@pytest.mark.parametrize(
    ("scope", "target", "refused"),
    [
        (SITE, "u/rock/index.html", False),
        (SITE, "assets/x/a.css", False),
        (SITE, f"x/{SLUG}/index.html", True),
        (PUBLIC, f"x/{SLUG}/feed.xml", True),
        (UNLISTED, f"x/{SLUG}/index.html", False),
        (UNLISTED, "x/0ther/index.html", True),
        (UNLISTED, "x/0ther", True),
    ],
)
def test_only_an_unlisted_account_links_to_itself(scope, target, refused):
    if refused:
        assert refusal(scope.check_links, "a.html", [target]) == (
            "a.html: links to an unlisted account"
        )
    else:
        scope.check_links("a.html", [target])


def test_copies_of_others_are_refused():
    PUBLIC.check_instances("a.html", [2])
    assert refusal(PUBLIC.check_instances, "a.html", [2, 3]) == (
        "a.html: shows a copy of another account"
    )


@pytest.mark.parametrize(
    ("slug", "level", "refused"),
    [
        (None, Privacy.PUBLIC, False),
        (None, Privacy.UNLISTED, True),
        (None, Privacy.PRIVATE, True),
        (SLUG, Privacy.PUBLIC, False),
        (SLUG, Privacy.UNLISTED, False),
        (SLUG, Privacy.PRIVATE, True),
    ],
)
def test_no_tree_is_more_open_than_the_level_of_its_account(tmp_path, slug, level, refused):
    site = built(tmp_path / "site", make_shelf(2, "jazz"))
    before = pages(site)
    contents = [
        AccountContent(make_shelf(2, "jazz")),
        AccountContent(make_shelf(3, "rock"), slug=slug),
    ]
    build = make_build(site)

    if refused:
        with pytest.raises(RenderError, match=f"^the site: an account that is {level} was planned"):
            build.run(contents, {"rock": level, "jazz": Privacy.PUBLIC})
        assert pages(site) == before
    else:
        result = build.run(contents, {"rock": level, "jazz": Privacy.PUBLIC})
        counts = (result.accounts, result.unlisted, result.copies)
        assert counts == ((1, 1, 2) if slug else (2, 0, 5))


def test_two_accounts_need_two_paths(tmp_path):
    contents = [AccountContent(make_shelf(2, "rock")), AccountContent(make_shelf(3, "rock"))]

    with pytest.raises(RenderError, match="two accounts have the same path"):
        make_build(tmp_path / "site").run(contents, {})


def test_the_scope_of_an_account_is_its_snapshot():
    content = AccountContent(make_shelf(2, "rock"), slug=SLUG)

    assert account_scope(content) == UNLISTED
    assert account_scope(replace(content, slug=None)) == PUBLIC
