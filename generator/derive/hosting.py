"""Hosts: the policies of the pages, the files a host needs beside them, and the limits of a host.

The files are the templates in `hosts/`; the same site gives the same bytes.
"""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec import Struct

from generator.derive.formatting import plural
from generator.errors import RenderError

HOST_FILES = {
    "cloudflare": ("_headers", "hosts/_headers"),
    "netlify": ("_headers", "hosts/_headers"),
    "nginx": (".gatefold-nginx.conf", "hosts/nginx.conf"),
    "none": ("_headers", "hosts/_headers"),
}
"""Path and template of the file for each kind of host that has one."""
_CLOSED = (
    "accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation "
    "gyroscope magnetometer microphone midi payment picture-in-picture publickey-credentials-get "
    "screen-wake-lock usb xr-spatial-tracking"
)
"""Browser features that no page uses."""


LOST_STYLE = (
    ":root{color-scheme:light dark;background:light-dark(#fbfaf8,#0f0f10);"
    "color:light-dark(#17140f,#f4f1ec);font:1.0625rem/1.5 Archivo,Arial,sans-serif}"
    "body{max-width:42rem;margin:0 auto;padding:12vh 1.5rem 2rem}h1{font-size:2.5rem;line-height:1}"
    "p{margin:1rem 0}a{color:inherit}.button{display:inline-block;padding:.75rem 1.5rem;"
    "background:light-dark(#17140f,#f4f1ec);color:light-dark(#fbfaf8,#0f0f10);font-weight:600;"
    "text-decoration:none}.skip:not(:focus){position:absolute;clip-path:inset(50%)}"
    "footer{margin-top:4rem;font-size:.875rem}footer a{display:inline-block;padding:.75rem 0}"
)
"""The style of a 404 page that cannot know where the style sheets are."""
LOST_HASH = f"'sha256-{b64encode(sha256(LOST_STYLE.encode()).digest()).decode()}'"

Headers = Mapping[str, str]


class HostFile(Struct, frozen=True):
    """The values in a host's file."""

    headers: Headers
    digest: str  # the name of the directory of assets
    base_path: str  # the path of the site on its host, with a trailing slash

    @property
    def base_pattern(self) -> str:
        """The path as a regular expression."""
        return re.escape(self.base_path)


def host_file(base_url: str, image_origin: str, digest: str) -> HostFile:
    """The values for a site at this address with these assets."""
    headers = security_headers(image_origin, "" if base_url else LOST_HASH)
    return HostFile(headers, digest, urlsplit(base_url).path or "/")


def content_security_policy(image_origin: str, style: str = "") -> str:
    """The policy in every page: our own files only, and covers from one origin.

    `style` is the hash of a style sheet inside the page.
    """
    types = ("require-trusted-types-for 'script'", "trusted-types 'none'")
    return "; ".join((*_sources(image_origin, style), *types))


def security_headers(image_origin: str, style: str = "") -> Headers:
    """The headers of every response; `style` as in the policy of a page.

    A page obeys this policy and its own, so Trusted Types stay with the pages. Only a header can
    forbid frames. No Cross-Origin-Embedder-Policy: it would block the covers.
    """
    return {
        "Content-Security-Policy": "; ".join(
            (*_sources(image_origin, style), "frame-ancestors 'none'")
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _CLOSED.split()),
    }


def _sources(image_origin: str, style: str) -> tuple[str, ...]:
    return (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {style}".rstrip(),
        f"img-src 'self' {image_origin}",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    )


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
