"""The policies of the pages and the files a host needs beside them.

The files are the templates in `hosts/`; the same site gives the same bytes.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

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
    return HostFile(security_headers(image_origin), digest, urlsplit(base_url).path or "/")


def content_security_policy(image_origin: str) -> str:
    """The policy in every page: our own files only, and covers from one origin."""
    types = ("require-trusted-types-for 'script'", "trusted-types 'none'")
    return "; ".join((*_sources(image_origin), *types))


def security_headers(image_origin: str) -> Headers:
    """The headers of every response.

    A page obeys this policy and its own, so Trusted Types stay with the pages. Only a header can
    forbid frames. No Cross-Origin-Embedder-Policy: it would block the covers.
    """
    return {
        "Content-Security-Policy": "; ".join((*_sources(image_origin), "frame-ancestors 'none'")),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _CLOSED.split()),
    }


def _sources(image_origin: str) -> tuple[str, ...]:
    return (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        f"img-src 'self' {image_origin}",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    )
