"""What hosts accept at most; files of any size cost nothing here, they are holes."""

import os

import pytest

from generator.derive.pages import SiteView, Source
from generator.errors import RenderError
from generator.render.limits import check_limits
from tests.render.shelf import built, make_build, make_shelf, tree

MIB = 2**20
CLOUD_HINT = 'show fewer accounts, or with a paid plan, which takes more, say host = "none"'
HINT = "show fewer accounts, or publish on another host"


def write(directory, sizes):
    """Files of these sizes."""
    for name, size in sizes.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            os.truncate(file.fileno(), size)


def fill(directory, files):
    """So many empty files, which share one."""
    directory.mkdir(parents=True, exist_ok=True)
    first = directory / "0"
    first.touch()
    for number in range(1, files):
        (directory / str(number)).hardlink_to(first)


def refusal(directory, host):
    """Where, what and what to do."""
    with pytest.raises(RenderError) as error:
        check_limits(directory, host)
    return str(error.value), error.value.hint


def test_github_takes_a_gigabyte(tmp_path):
    """All files together."""
    write(tmp_path, {"a": 600_000_000, "u/b": 400_000_000})
    check_limits(tmp_path, "github")

    write(tmp_path, {"c": 1})

    assert refusal(tmp_path, "github") == (
        "the site: has 1,000,000,001 bytes; GitHub Pages takes 1,000,000,000 at most",
        HINT,
    )


def test_cloudflare_takes_files_of_25_mib(tmp_path):
    """The first one that is too large is named."""
    write(tmp_path, {"index.html": 25 * MIB})
    check_limits(tmp_path, "cloudflare")

    write(tmp_path, {"u/b/x.json": 25 * MIB + 1, "u/a/y.json": 25 * MIB + 1, "u/a/a.json": 1})

    assert refusal(tmp_path, "cloudflare") == (
        "u/a/y.json: has 26,214,401 bytes; Cloudflare Pages takes 26,214,400 at most",
        CLOUD_HINT,
    )


def test_a_large_file_may_lie_at_the_root(tmp_path):
    """Its name is its path."""
    write(tmp_path, {"index.html": 25 * MIB + 1})

    assert refusal(tmp_path, "cloudflare")[0].startswith("index.html: has ")


def test_cloudflare_takes_20_000_files(tmp_path):
    """Of all directories together."""
    fill(tmp_path / "a", 10_000)
    fill(tmp_path / "b/c", 10_000)
    check_limits(tmp_path, "cloudflare")

    write(tmp_path, {"one-more": 0})

    assert refusal(tmp_path, "cloudflare") == (
        "the site: has 20,001 files; Cloudflare Pages takes 20,000 at most",
        CLOUD_HINT,
    )


@pytest.mark.parametrize(
    ("folder", "where"), [("u", "u/"), (".", "the site's root"), ("u/a", "u/a/")]
)
def test_netlify_takes_54_000_files_in_a_directory(tmp_path, folder, where):
    """One more in another directory does no harm."""
    fill(tmp_path / folder, 54_000)
    write(tmp_path, {"other/file": 0})
    check_limits(tmp_path, "netlify")

    write(tmp_path / folder, {"one-more": 0})

    assert refusal(tmp_path, "netlify") == (
        f"{where}: has 54,001 files; Netlify takes 54,000 at most",
        HINT,
    )


@pytest.mark.parametrize("host", ["nginx", "s3", "none"])
def test_one_s_own_place_takes_everything(tmp_path, host):
    """Nobody knows its limits but its owner."""
    write(tmp_path, {"a": 10**12})

    check_limits(tmp_path, host)


def test_a_site_too_large_for_its_host_is_not_published(tmp_path):
    """The previous one stays, and nothing is left beside it."""
    site = tmp_path / "site"
    before = tree(built(site, make_shelf(3)))
    huge = tmp_path / "huge"
    write(huge, {"film.mp4": 25 * MIB + 1})
    build = make_build(site, SiteView(host="cloudflare"), assets=[huge])

    with pytest.raises(RenderError, match=r"film\.mp4: has 26,214,401 bytes; Cloudflare Pages"):
        build.run([Source(make_shelf(4))])

    assert tree(site) == before
    assert {path.name for path in tmp_path.iterdir()} == {"site", "huge"}
