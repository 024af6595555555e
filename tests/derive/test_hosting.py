"""The policies, and the files for hosts: `_headers` and the locations of nginx."""

import re

import pytest

from generator.derive.hosting import LOST_HASH, content_security_policy, security_headers
from generator.derive.pages import DataFile, SiteView, site_pages
from generator.render.assets import bundled
from generator.render.environment import Templates

ORIGIN = "https://i.discogs.com"
COMMON = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' https://i.discogs.com; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
)
HEADERS = {
    "Content-Security-Policy": f"{COMMON}frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), "
        "fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), "
        "payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), "
        "usb=(), xr-spatial-tracking=()"
    ),
}
LINES = "".join(f"  {name}: {value}\n" for name, value in HEADERS.items())
HEADER_FILE = f"""\
/*
{LINES}/assets/d1/*
  Cache-Control: public, max-age=31536000, immutable
/
  Cache-Control: public, max-age=0, must-revalidate
/u/:account/
  Cache-Control: public, max-age=0, must-revalidate
/u/:account/collection/
  Cache-Control: public, max-age=0, must-revalidate
/u/:account/collection/all/
  Cache-Control: public, max-age=0, must-revalidate
/u/:account/collection/all/:data
  Cache-Control: private, max-age=31536000, immutable
/x/*
  Cache-Control: public, max-age=0, must-revalidate
  X-Robots-Tag: noindex
"""
FILES = {
    "github": {".nojekyll": ""},
    "cloudflare": {"_headers": HEADER_FILE},
    "netlify": {"_headers": HEADER_FILE},
    "none": {"_headers": HEADER_FILE},
    "s3": {},
}


def host_files(host, base_url=""):
    """The text of every file that only this host needs, by path."""
    templates = Templates([bundled("templates")])
    items = list(site_pages([], SiteView(host=host, base_url=base_url), "d1"))
    others = {item.path for item in site_pages([], SiteView(host="s3", base_url=base_url), "d1")}
    return {
        item.path: item.text
        if isinstance(item, DataFile)
        else templates.fill(item.template, item.path, {"page": item.model})
        for item in items
        if item.path not in others
    }


def nginx(base_url):
    """The file that is written for nginx."""
    files = host_files("nginx", base_url)
    assert files.keys() == {".gatefold-nginx.conf"}
    return files[".gatefold-nginx.conf"]


def test_the_policy_of_the_pages_is_strict():
    assert content_security_policy(ORIGIN) == (
        f"{COMMON}require-trusted-types-for 'script'; trusted-types 'none'"
    )


def test_every_answer_is_protected():
    assert security_headers(ORIGIN) == HEADERS


def test_covers_may_come_from_another_origin():
    policy = security_headers("http://127.0.0.1:8080")["Content-Security-Policy"]

    assert "img-src 'self' http://127.0.0.1:8080;" in policy
    assert "discogs" not in policy


@pytest.mark.parametrize("host", FILES)
def test_each_host_gets_its_own_files(host):
    assert host_files(host, "https://me.example/") == FILES[host]


def test_no_two_rules_name_a_header_for_one_path():
    rules = re.findall(r"^(/.*)\n((?:  .*\n)+)", HEADER_FILE, re.MULTILINE)
    data = "collection/all/thumbs-0123456789abcdef.json"
    paths = ["/", "/u/a/", "/u/a/collection/", "/u/a/collection/all/", f"/u/a/{data}"]
    paths += ["/x/a/", f"/x/a/{data}", "/assets/d1/a.js", "/assets/d0/a.js", "/robots.txt"]

    for path in paths:
        names = [
            line.split(":")[0].strip()
            for pattern, lines in rules
            if re.fullmatch(re.sub(":[a-z]+", "[^/]+", pattern).replace("*", ".*"), path)
            for line in lines.splitlines()
        ]
        assert len(names) == len(set(names))


def test_the_header_file_is_within_the_limits_of_its_readers():
    lines = HEADER_FILE.splitlines()

    assert len([line for line in lines if line.startswith("/")]) <= 100
    assert max(map(len, lines)) <= 2000


def test_nginx_gets_locations():
    protecting = [f'add_header {name} "{value}" always;' for name, value in HEADERS.items()]
    hidden = ['add_header X-Robots-Tag "noindex" always;']
    fresh = ['add_header Cache-Control "no-cache";']
    kept = ['add_header Cache-Control "public, max-age=31536000, immutable";']
    browsers = ['add_header Cache-Control "private, max-age=31536000, immutable";']

    assert [line.strip() for line in nginx("https://me.example/").splitlines()] == [
        "location / {",
        "try_files $uri $uri/ =404;",
        "error_page 403 404 =404 /404.html;",
        "absolute_redirect off;",
        "charset utf-8;",
        "gzip_static on;",
        "gzip_vary on;",
        *protecting,
        *fresh,
        "",
        "location /assets/ {",
        *protecting,
        *kept,
        "}",
        "",
        "location /x/ {",
        *protecting,
        *hidden,
        *fresh,
        "}",
        "",
        r'location ~ "^/u/[^/]+/collection/all/[a-z]+-[0-9a-f]{16}\.json$" {',
        *protecting,
        *browsers,
        "}",
        "",
        r"location ~ /\.(?!well-known/) {",
        "return 404;",
        "}",
        "}",
    ]


def test_nginx_knows_the_base_path():
    text = nginx("https://me.example/my/re.cords/")

    assert re.findall(r"location (.+) \{|error_page 403 404 =404 (.+);", text) == [
        ("/my/re.cords/", ""),
        ("", "/my/re.cords/404.html"),
        ("/my/re.cords/assets/", ""),
        ("/my/re.cords/x/", ""),
        (r'~ "^/my/re\.cords/u/[^/]+/collection/all/[a-z]+-[0-9a-f]{16}\.json$"', ""),
        (r"~ /\.(?!well-known/)", ""),
    ]
    with_style = nginx("").replace(f" {LOST_HASH}", "")
    assert nginx("https://me.example/") == with_style != nginx("")
