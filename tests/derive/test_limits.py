"""The limits of hosts, in bytes and files."""

import pytest

from generator.derive.hosting import check_limits
from generator.derive.pages import AccountContent, SiteView
from generator.errors import RenderError
from tests.render.shelf import built, make_build, make_shelf, tree

MIB = 2**20
HINT = "show fewer accounts, or publish on another host"
CLOUD = 'show fewer accounts, or set host = "none" if a paid plan accepts more'


def many(folder, files):
    """So many empty files of one directory."""
    return {f"{folder}{number}": 0 for number in range(files)}


@pytest.mark.parametrize(
    ("host", "fits", "more", "what", "hint"),
    [
        (
            "github",
            {"a": 600_000_000, "u/b": 400_000_000},
            {"c": 1},
            "the site: has 1,000,000,001 bytes; GitHub Pages accepts 1,000,000,000 at most",
            HINT,
        ),
        (
            "cloudflare",
            {"index.html": 25 * MIB},
            {"u/b/x.json": 25 * MIB + 1, "u/a/y.json": 25 * MIB + 1, "u/a/a.json": 1},
            "u/a/y.json: has 26,214,401 bytes; Cloudflare Pages accepts 26,214,400 at most",
            CLOUD,
        ),
        (
            "cloudflare",
            many("a/", 10_000) | many("b/c/", 10_000),
            {"one-more": 0},
            "the site: has 20,001 files; Cloudflare Pages accepts 20,000 at most",
            CLOUD,
        ),
        (
            "netlify",
            many("u/a/", 54_000) | {"other/file": 0},
            {"u/a/more": 0},
            "u/a/: has 54,001 files; Netlify accepts 54,000 at most",
            HINT,
        ),
        (
            "netlify",
            many("", 54_000),
            {"more": 0},
            "the site's root: has 54,001 files; Netlify accepts 54,000 at most",
            HINT,
        ),
    ],
)
def test_a_host_accepts_so_much(host, fits, more, what, hint):
    check_limits(fits, host)

    with pytest.raises(RenderError) as error:
        check_limits(fits | more, host)

    assert (str(error.value), error.value.hint) == (what, hint)


@pytest.mark.parametrize("host", ["nginx", "s3", "none"])
def test_other_hosts_have_no_known_limits(host):
    check_limits({"a": 10**12}, host)


def test_a_site_too_large_for_its_host_is_not_published(tmp_path):
    site = tmp_path / "site"
    before = tree(built(site, make_shelf(3)))
    (tmp_path / "huge").mkdir()
    (tmp_path / "huge/film.mp4").write_bytes(bytes(25 * MIB + 1))
    build = make_build(site, SiteView(host="cloudflare"), assets=[tmp_path / "huge"])

    with pytest.raises(RenderError, match=r"film\.mp4: has 26,214,401 bytes; Cloudflare Pages"):
        build.run([AccountContent(make_shelf(4))], {})

    assert tree(site) == before
    assert {path.name for path in tmp_path.iterdir()} == {"site", "huge"}
