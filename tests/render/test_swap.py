"""Publishing: one whole site follows another, whatever happens in between."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from generator.errors import UsageError
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


def published(site, files, digest=None):
    """The site after a build of these files."""
    swap.check_output(site)
    with swap.beside(site) as fresh:
        write(fresh, files)
        swap.keep_assets(site, fresh, digest)
        swap.publish(fresh, site)
    return site


def test_a_first_site_is_put_in_place(site):
    """The output and what it lies in are made; nothing else is left there."""
    assert tree(published(site, NEW)) == NEW
    assert [path.name for path in site.parent.iterdir()] == ["site"]
    assert site.stat().st_mode & 0o777 == 0o755


def test_a_site_takes_the_place_of_another(site):
    """Exactly the new files, none of the old, and no directory beside."""
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
    """Whether the site lies in a repository, is one, or is only held open by a placeholder."""
    write(site, kept | before)

    published(site, NEW)

    assert tree(site) == NEW | kept


def test_a_repository_stays_where_it_is(site):
    """A site that is a repository is replaced file by file: its directories are never moved."""
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
    """One by one: a page never names what is not there yet, and nothing old goes before it."""
    write(site, OLD | GIT)
    (site / "index.html").unlink()
    (site / "index.html").mkdir()
    (site / "index.html" / "in the way").touch()

    with pytest.raises(OSError, match=r"index\.html"):
        published(site, NEW)

    found = tree(site)
    assert {name for name in NEW if name in found} == NEW.keys() - {"index.html", "u/a/index.html"}
    assert OLD.keys() - {"index.html"} <= found.keys()


def test_the_compressed_copy_of_a_page_is_a_page(site):
    """A server may send it in the page's place."""
    write(site, OLD | GIT)
    (site / "index.html").unlink()
    (site / "index.html").mkdir()
    (site / "index.html" / "in the way").touch()

    with pytest.raises(OSError, match=r"index\.html"):
        published(site, NEW | {"u/a/index.html.gz": b"small", "same.txt.gz": b"s"})

    assert "same.txt.gz" in tree(site)
    assert "u/a/index.html.gz" not in tree(site)


@pytest.mark.parametrize(
    "files",
    [{"letter.txt": b"dear"}, {"index.html": b"mine"}, {".hidden": b"x"}, {"sub/x": b"x"}],
)
def test_a_foreign_directory_is_refused(site, files):
    """Something in it and no marker: it is not ours to replace."""
    write(site, files)

    with pytest.raises(UsageError, match=r"is not empty and was not made by build-site"):
        swap.check_output(site)

    assert tree(site) == files


@pytest.mark.parametrize(
    "files", [{}, {".gitkeep": b""}, GIT, OLD], ids=["empty", "kept", "git", "ours"]
)
def test_an_empty_directory_or_ours_is_accepted(site, files):
    """So is one that is not there yet."""
    swap.check_output(site)
    site.mkdir(parents=True)
    write(site, files)

    swap.check_output(site)


def test_a_file_is_refused(site):
    """An output is a directory."""
    write(site.parent, {"site": b"text"})

    with pytest.raises(UsageError, match="is not a directory"):
        swap.check_output(site)


def test_a_failed_build_changes_nothing(site):
    """Whatever is raised while it is written; what it wrote is gone."""
    write(site, OLD)

    with pytest.raises(FileExistsError), swap.beside(site) as fresh:
        (write(fresh, NEW) / "index.html").mkdir()

    assert tree(site) == OLD
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_previous_assets_are_kept_once(site):
    """Those the published pages use are carried over, older ones are not."""
    published(site, OLD)
    assert swap.previous_digest(site) == "old"

    published(site, NEW, "old")
    assert tree(site) == NEW | {"assets/old/main.css": b"old style"}

    newer = {".gatefold": b"newer\n", "assets/newer/main.css": b"x"}
    published(site, newer, swap.previous_digest(site))
    assert tree(site) == newer | {"assets/new/main.css": b"new style"}


def test_there_may_be_no_previous_assets(site):
    """A first build, an output without a marker, one whose assets are gone."""
    assert swap.previous_digest(site) is None

    published(site, {".gatefold": b"\n"})
    assert swap.previous_digest(site) is None

    assert tree(published(site, NEW, "never there")) == NEW


KILLED = """
import os, signal, sys
from pathlib import Path
from generator.render import swap
with swap.beside(Path(sys.argv[1])) as fresh:
    (fresh / "half").write_text("half")
    print(fresh, flush=True)
    sys.stdin.read()
"""


def builder_of(site):
    """A build in a process of its own that waits in the middle, and its directory."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(site)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_what_a_killed_build_left_is_removed(site):
    """By the next build, as the kernel says that nobody works there any more."""
    process, left = builder_of(site)
    with process:
        os.kill(process.pid, signal.SIGKILL)
    assert (left / "half").exists()

    published(site, NEW)

    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_build_at_work_is_left_alone(site):
    """Two builds at once: each ends with a whole site, the later one stays."""
    process, directory = builder_of(site)
    with process:
        published(site, NEW)
        assert (directory / "half").exists()

    assert tree(site) == NEW
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_neighbours_with_longer_names_are_left_alone(site):
    """What was left of site-2 is no matter of site; characters of patterns mean themselves."""
    odd = site.with_name("s[i]te*")
    process, directory = builder_of(site.with_name("site-2"))
    with process:
        published(site, NEW)
        published(odd, NEW)
        published(odd, OLD)
        assert (directory / "half").exists()

    assert tree(odd) == OLD


def test_a_link_to_a_site_is_followed(tmp_path):
    """The caller resolves the output; what it points to is replaced, the link stays."""
    real = write(tmp_path / "real", OLD)
    link = tmp_path / "link"
    link.symlink_to(real, target_is_directory=True)

    published(link.resolve(), NEW)

    assert link.is_symlink()
    assert tree(link) == NEW


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
def test_another_file_system_is_copied_to(tmp_path):
    """Where a file cannot be moved to its place it is copied beside it and moved then."""
    place = Path("/dev/shm") / f"gatefold-{os.getpid()}"
    try:
        write(place, OLD | GIT)
        swap.publish(write(tmp_path / "fresh", NEW), place)

        assert tree(place) == NEW | GIT
    finally:
        shutil.rmtree(place)
