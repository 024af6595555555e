"""Compressed copies: of which files, with which bytes, and none too many."""

import gzip
from dataclasses import replace

import pytest

from generator.derive.pages import Source
from generator.render.precompress import precompress
from tests.render.shelf import make_build, make_shelf, tree

TEXT = b"low tide " * 200


@pytest.mark.parametrize(
    "name",
    ["a.html", "a.css", "a.js", "a.json", "a.csv", "a.svg", "a.txt", "a.xml", "deep/er/b.html"],
)
def test_a_text_gets_a_copy(tmp_path, name):
    """Beside it, under its whole name, and the same once unpacked."""
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(TEXT)

    precompress(tmp_path)

    files = tree(tmp_path)
    assert files.keys() == {name, f"{name}.gz"}
    assert gzip.decompress(files[f"{name}.gz"]) == files[name] == TEXT


@pytest.mark.parametrize("name", ["a.woff2", "a.png", "_headers", ".gatefold", "a.html.gz"])
def test_nothing_else_gets_one(tmp_path, name):
    """Pictures and fonts are small already, and some files are never sent."""
    (tmp_path / name).write_bytes(TEXT)

    precompress(tmp_path)

    assert tree(tmp_path) == {name: TEXT}


@pytest.mark.parametrize(("size", "copies"), [(0, 0), (1023, 0), (1024, 1), (1025, 1)])
def test_a_small_file_stays_alone(tmp_path, size, copies):
    """From 1 KB on."""
    (tmp_path / "a.css").write_bytes(b" " * size)

    precompress(tmp_path)

    assert len(tree(tmp_path)) == 1 + copies


def test_a_copy_tells_neither_time_nor_name(tmp_path):
    """The head is always the same, so that the same text gives the same bytes."""
    (tmp_path / "a.css").write_bytes(TEXT)

    precompress(tmp_path)

    head = (tmp_path / "a.css.gz").read_bytes()[:9]
    assert head == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02"


def test_an_older_copy_is_replaced_and_not_written_into(tmp_path):
    """It may be the very file of the site that is still published."""
    published = tmp_path / "published.gz"
    published.write_bytes(b"old")
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "a.css").write_bytes(TEXT)
    (fresh / "a.css.gz").hardlink_to(published)

    precompress(fresh)

    assert published.read_bytes() == b"old"
    assert gzip.decompress((fresh / "a.css.gz").read_bytes()) == TEXT


def compressed(site):
    return {path for path in tree(site) if path.endswith(".gz")}


def test_a_build_repeats_its_bytes(tmp_path):
    """Twice in one place and once in another: the same files."""
    builds = [replace(make_build(tmp_path / name), precompress=True) for name in ("a", "a", "b")]
    for build in builds:
        build.run([Source(make_shelf(5))])

    files = tree(tmp_path / "a")
    assert files == tree(tmp_path / "b")
    assert {
        "u/low-tide/index.html.gz",
        "u/low-tide/collection/all/index.html.gz",
        "index.html.gz",
        "404.html.gz",
    } <= compressed(tmp_path / "a")
    for path in compressed(tmp_path / "a"):
        assert gzip.decompress(files[path]) == files[path.removesuffix(".gz")]


def test_copies_of_what_is_gone_are_gone(tmp_path):
    """Also in a directory that is replaced file by file, and without the option all of them."""
    site = tmp_path / "site"
    (site / ".git").mkdir(parents=True)
    replace(make_build(site), precompress=True).run([Source(make_shelf(5))])
    before = compressed(site)

    replace(make_build(site), precompress=True).run([])
    between = compressed(site)
    make_build(site).run([])

    assert any(path.startswith("u/") for path in before)
    assert between == {path for path in before if not path.startswith("u/")}
    assert compressed(site) == set()
