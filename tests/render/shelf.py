"""What the tests of rendering build and look at."""

from pathlib import Path

from generator.build import Build
from generator.derive.pages import AccountContent, SiteView
from generator.render.assets import bundled
from tests.factories import make_collection, make_copy, make_release, make_snapshot


def make_shelf(copies, name="low-tide", title="Low Tide"):
    """A snapshot of so many copies, each of another album of that title."""
    ids = range(1, copies + 1)
    releases = [make_release(number, title=f"{title} {number}") for number in ids]
    shelf = make_collection(*(make_copy(number, number) for number in ids), releases=releases)
    return make_snapshot(shelf, account=name)


def make_build(output, site=None, templates=(), assets=()):
    """A build with the bundled templates and assets, and overrides before them."""
    return Build(
        output,
        site or SiteView(),
        (*templates, bundled("templates")),
        (*assets, bundled("assets")),
    )


def built(output, *snapshots, **settings):
    """The output after a build of public collections."""
    contents = [AccountContent(snapshot) for snapshot in snapshots]
    make_build(output, **settings).run(contents, {})
    return Path(output)


def tree(directory):
    """Every file by its relative path."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(Path(directory).rglob("*"))
        if path.is_file()
    }


def pages(directory):
    """Every file that is no asset."""
    return {
        path: content for path, content in tree(directory).items() if not path.startswith("assets/")
    }
