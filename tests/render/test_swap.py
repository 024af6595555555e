"""Publishing: one whole site follows another, whatever happens in between."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator.errors import Locked, UsageError
from generator.render import swap

OLD = {
    ".gatefold": b"old\n",
    "index.html": b"old page",
    "gone/index.html": b"old too",
    "same.txt": b"same",
    "assets/old/main.css": b"old style",
}
NEW = {
    ".gatefold": b"new\n",
    "index.html": b"new page",
    "u/a/index.html": b"another",
    "same.txt": b"same",
    "assets/new/main.css": b"new style",
}
GIT = {".git/HEAD": b"ref", ".git/objects/ab/cd": b"blob"}


def write(directory, files):
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return directory


def tree(directory):
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def directories(directory):
    return {
        path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_dir()
    }


@pytest.fixture
def site(tmp_path):
    """A place for a site, in a directory of its own."""
    return tmp_path / "place" / "site"


def published(site, files):
    """The site after a build of these files."""
    swap.check_output(site)
    with swap.staging_directory(site) as fresh:
        write(fresh, files)
        swap.publish(fresh, site)
    return site


def test_a_first_site_is_put_in_place(site):
    assert tree(published(site, NEW)) == NEW
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_site_takes_the_place_of_another(site):
    write(site, OLD)

    published(site, NEW)

    assert tree(site) == NEW
    assert [path.name for path in site.parent.iterdir()] == ["site"]


@pytest.mark.parametrize(
    "kept",
    [
        {".gitkeep": b""},
        {".gitignore": b"*\n", ".gitattributes": b"x"},
        {".git": b"gitdir: elsewhere\n"},
        GIT,
        GIT | {".gitignore": b"*\n"},
    ],
    ids=["placeholder", "files", "worktree", "repository", "both"],
)
@pytest.mark.parametrize("before", [{}, OLD], ids=["empty", "old"])
def test_git_s_own_files_stay(site, kept, before):
    write(site, kept | before)

    published(site, NEW)

    assert tree(site) == NEW | kept


def test_a_repository_stays_where_it_is(site):
    write(site, OLD | GIT)
    inodes = [(site / name).stat().st_ino for name in (".", ".git", ".git/HEAD", "same.txt")]

    published(site, NEW)

    assert [(site / n).stat().st_ino for n in (".", ".git", ".git/HEAD", "same.txt")] == inodes
    assert directories(site) == {
        ".git",
        ".git/objects",
        ".git/objects/ab",
        "assets",
        "assets/new",
        "u",
        "u/a",
    }


def test_pages_are_replaced_last(site):
    write(site, OLD | GIT)
    (site / "index.html").unlink()
    (site / "index.html").mkdir()
    (site / "index.html" / "in the way").touch()
    new = NEW | {"u/a/index.html.gz": b"small", "same.txt.gz": b"s"}

    with pytest.raises(OSError, match=r"index\.html"):
        published(site, new)

    found = tree(site)
    pages = {"index.html", "u/a/index.html", "u/a/index.html.gz"}
    assert {name for name in new if name in found} == new.keys() - pages
    assert OLD.keys() - {"index.html"} <= found.keys()


@pytest.mark.parametrize(
    "files",
    [{"letter.txt": b"dear"}, {"index.html": b"mine"}, {".hidden": b"x"}, {"sub/x": b"x"}],
)
def test_a_foreign_directory_is_refused(site, files):
    write(site, files)

    with pytest.raises(UsageError, match=r"is not empty and was not made by build-site"):
        swap.check_output(site)

    assert tree(site) == files


@pytest.mark.parametrize(
    "files", [{}, {".gitkeep": b""}, GIT, OLD], ids=["empty", "kept", "git", "ours"]
)
def test_an_empty_directory_or_ours_is_accepted(site, files):
    swap.check_output(site)
    site.mkdir(parents=True)
    write(site, files)

    swap.check_output(site)


def test_a_file_is_refused(site):
    write(site.parent, {"site": b"text"})

    with pytest.raises(UsageError, match="is not a directory"):
        swap.check_output(site)


def test_a_failed_build_changes_nothing(site):
    write(site, OLD)

    with pytest.raises(FileExistsError), swap.staging_directory(site) as fresh:
        (write(fresh, NEW) / "index.html").mkdir()

    assert tree(site) == OLD
    assert [path.name for path in site.parent.iterdir()] == ["site"]


WAITING = """
import sys
from pathlib import Path
from generator.render import swap
with swap.staging_directory(Path(sys.argv[1])) as fresh:
    (fresh / "half").write_text("half")
    print(fresh, flush=True)
    sys.stdin.read()
"""


def builder_of(site):
    """A build in a process of its own that waits in the middle, and its directory."""
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING, str(site)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_the_remains_of_a_killed_build_are_removed(site):
    process, left = builder_of(site)
    with process:
        process.kill()
    assert (left / "half").exists()

    published(site, NEW)

    assert tree(site) == NEW
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_one_build_at_a_time_writes_an_output(site):
    process, directory = builder_of(site)
    with process:
        with pytest.raises(Locked, match="another build of it is in progress"):
            published(site, NEW)
        published(site.with_name("site-2"), NEW)
        published(site.with_name("s[i]te*"), NEW)
        assert tree(directory) == {"half": b"half"}
        assert not site.exists()

    assert tree(published(site, NEW)) == NEW


def test_nobody_reads_a_site_before_it_is_published(site):
    with swap.staging_directory(site) as fresh:
        assert fresh.parent.stat().st_mode & 0o077 == 0


def test_a_link_to_a_site_is_followed(tmp_path):
    real = write(tmp_path / "real", OLD)
    link = tmp_path / "link"
    link.symlink_to(real, target_is_directory=True)

    published(link.resolve(), NEW)

    assert link.is_symlink()
    assert tree(link) == NEW


def test_files_are_reused_by_link(tmp_path):
    write(tmp_path / "old", OLD)

    swap.reuse(tmp_path / "old", tmp_path / "new", ["gone/index.html", "same.txt"])

    assert tree(tmp_path / "new") == {"gone/index.html": b"old too", "same.txt": b"same"}
    assert (tmp_path / "new/same.txt").samefile(tmp_path / "old/same.txt")


def test_sizes_are_of_all_files_but_git_s(tmp_path):
    write(tmp_path / "site", OLD | GIT | {".gitignore": b"x", "u/.git/x": b"1"})
    (tmp_path / "site/link").symlink_to(tmp_path)

    sizes = swap.load_sizes(tmp_path / "site")

    assert sizes.pop("link") > 0
    assert sizes == {path: len(content) for path, content in (OLD | {"u/.git/x": b"1"}).items()}
    assert swap.load_sizes(tmp_path / "nothing") == {}


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
def test_another_file_system_is_copied_to(tmp_path):
    place = Path("/dev/shm") / f"gatefold-{os.getpid()}"
    try:
        write(place, OLD | GIT)
        swap.reuse(place, tmp_path / "new", OLD)
        assert tree(tmp_path / "new") == OLD
        one, other = (each / "same.txt" for each in (place, tmp_path / "new"))
        assert one.stat().st_mtime_ns == other.stat().st_mtime_ns

        swap.publish(write(tmp_path / "fresh", NEW), place)
        assert tree(place) == NEW | GIT
    finally:
        shutil.rmtree(place)
