"""What hosts are told beside the pages: the policies, the headers, and where to look for them.

Every file is settled by its arguments: the same site gives the same bytes.
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

HEADER_FILE = "_headers"
NGINX_FILE = ".gatefold-nginx.conf"
FOR_EVER = "public, max-age=31536000, immutable"
KEPT_BY_BROWSERS = "private, max-age=31536000, immutable"
"""For data whose name holds its digest: a cache others share might outlive a change of privacy."""
ASK_AGAIN = "public, max-age=0, must-revalidate"
_CLOSED = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
"""What the pages never ask a browser for."""

_DATA = r"[^/]+/collection/all/[a-z]+-[0-9a-f]{16}\.json"
"""The files beside an account's list."""

Headers = Mapping[str, str]


def content_security_policy(image_origin: str) -> str:
    """The policy in every page: nothing but our own files, and covers from one origin."""
    return "; ".join(
        (
            *_sources(image_origin),
            "require-trusted-types-for 'script'",
            "trusted-types gatefold",
        )
    )


def header_policy(image_origin: str) -> str:
    """The policy for hosts that send headers. A page obeys both, what each forbids is forbidden.

    Trusted types stay with the pages; nobody may frame them, which only a header can say.
    """
    return "; ".join((*_sources(image_origin), "frame-ancestors 'none'"))


def security_headers(image_origin: str) -> Headers:
    """What every answer carries.

    No Cross-Origin-Embedder-Policy: it would keep the covers away.
    """
    return {
        "Content-Security-Policy": header_policy(image_origin),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _CLOSED),
    }


def host_files(
    host: str, base_url: str, image_origin: str, digest: str
) -> Iterator[tuple[str, str]]:
    """Path and text of what this kind of host wants beside the pages."""
    match host:
        case "github":
            yield ".nojekyll", ""
        case "cloudflare" | "netlify" | "none":
            yield HEADER_FILE, headers_file(image_origin, digest)
        case "nginx":
            yield NGINX_FILE, nginx_file(base_url, image_origin)


def headers_file(image_origin: str, digest: str) -> str:
    """`_headers` as Cloudflare and Netlify read it.

    Both join the values of all rules that match, so every header but those of `/*` is given to
    paths that no second rule names. Assets of another digest are asked for again each time, as is
    by these hosts' own custom whatever has no rule. The only files in `all/` beside its page are
    those with a digest in their names.
    """
    rules: Mapping[str, Headers] = {
        "/*": security_headers(image_origin),
        f"/assets/{digest}/*": {"Cache-Control": FOR_EVER},
        "/": {"Cache-Control": ASK_AGAIN},
        "/u/:account/": {"Cache-Control": ASK_AGAIN},
        "/u/:account/collection/": {"Cache-Control": ASK_AGAIN},
        "/u/:account/collection/all/": {"Cache-Control": ASK_AGAIN},
        "/u/:account/collection/all/:data": {"Cache-Control": KEPT_BY_BROWSERS},
        "/x/*": {"Cache-Control": ASK_AGAIN, "X-Robots-Tag": "noindex"},
    }
    return "".join(
        f"{path}\n" + "".join(f"  {name}: {value}\n" for name, value in headers.items())
        for path, headers in rules.items()
    )


def nginx_file(base_url: str, image_origin: str) -> str:
    """Locations for a server block whose root is the site, or what the base address puts above it.

    A location with headers of its own inherits none, so each names all of them. A directory
    without an index is no more there than a page that is not. Files whose names begin with a dot,
    this one among them, are not served, but for those that certificates need.
    """
    at = urlsplit(base_url).path or "/"
    headers = security_headers(image_origin)
    return "\n".join(
        (
            f"location {at} {{",
            "    try_files $uri $uri/ =404;",
            f"    error_page 403 404 =404 {at}404.html;",
            "    absolute_redirect off;",
            "    charset utf-8;",
            "    gzip_static on;",
            "    gzip_vary on;",
            *_nginx_headers(headers, "no-cache", 4),
            "",
            f"    location {at}assets/ {{",
            *_nginx_headers(headers, FOR_EVER, 8),
            "    }",
            "",
            f"    location {at}x/ {{",
            *_nginx_headers({**headers, "X-Robots-Tag": "noindex"}, "no-cache", 8),
            "    }",
            "",
            f'    location ~ "^{re.escape(at)}u/{_DATA}$" {{',
            *_nginx_headers(headers, KEPT_BY_BROWSERS, 8),
            "    }",
            "",
            "    location ~ /\\.(?!well-known/) {",
            "        return 404;",
            "    }",
            "}",
            "",
        )
    )


def _nginx_headers(headers: Headers, caching: str, indent: int) -> Iterator[str]:
    """Those that protect on every answer, the caching only on good ones."""
    space = " " * indent
    for name, value in headers.items():
        yield f'{space}add_header {name} "{value}" always;'
    yield f'{space}add_header Cache-Control "{caching}";'


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
