"""The limits of a host, checked against a finished site before it is published."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from generator.derive.formatting import plural
from generator.errors import RenderError


class Limits(NamedTuple):
    """The most a host accepts; None where it names no limit."""

    host: str
    total: int | None = None  # bytes of all files
    files: int | None = None
    file: int | None = None  # bytes of one file
    in_directory: int | None = None  # files of one directory, without those of its subdirectories
    hint: str = "show fewer accounts, or publish on another host"


LIMITS = {
    # https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits
    "github": Limits("GitHub Pages", total=1_000_000_000),
    # https://developers.cloudflare.com/pages/platform/limits/
    "cloudflare": Limits(
        "Cloudflare Pages",
        files=20_000,
        file=25 * 2**20,
        hint='show fewer accounts, or set host = "none" if a paid plan accepts more',
    ),
    # https://docs.netlify.com/site-deploys/overview
    "netlify": Limits("Netlify", in_directory=54_000),
}


def check_limits(files: Mapping[str, int], host: str) -> None:
    """Raise RenderError if the host would refuse files of these sizes."""
    limits = LIMITS.get(host)
    if limits is None:
        return
    folders = Counter(path.rpartition("/")[0] for path in files)
    for where, has, most, unit in (
        *((path, size, limits.file, "byte") for path, size in sorted(files.items())),
        *((f"{name}/", count, limits.in_directory, "file") for name, count in folders.items()),
        ("the site", len(files), limits.files, "file"),
        ("the site", sum(files.values()), limits.total, "byte"),
    ):
        if most is not None and has > most:
            what = f"has {plural(has, unit)}; {limits.host} accepts {most:,} at most"
            raise RenderError(where.removeprefix("/") or "the site's root", what, limits.hint)
