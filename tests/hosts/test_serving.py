"""A whole site under `/` and under `/repo/`, on our own server, on nginx, on the hosts' own.

Hosts whose server is not on this machine are skipped.
"""

import gzip
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from generator.derive.hosting import security_headers
from generator.derive.pages import AccountContent, SiteView
from tests.hosts import servers
from tests.hosts.crawl import ask, crawled, links
from tests.render.shelf import make_build, make_shelf, tree

SLUG = "c3" * 16
HIDDEN = (".gatefold", ".nojekyll", "_headers", ".gatefold-nginx.conf")
LOST = (
    "nope",
    "nope/",
    "u/",
    "u/nobody/",
    "u/low-tide/nope",
    "u/low-tide/collection/all/a/b/c/",
    "assets/nope/list.js",
    f"x/{SLUG}x/",
)
PROTECTION = security_headers("https://i.discogs.com")


@dataclass(frozen=True)
class Published:
    """A site and where it is served."""

    host: str
    url: str
    files: dict[str, bytes]
    digest: str


def pictures(release):
    """The release with a small and a large picture of its own."""
    address = f"https://i.discogs.com/{release.id}"
    return replace(release, thumb=f"{address}/150.jpeg", cover=f"{address}/600.jpeg")


def sources():
    """Two public accounts, one of them with pictures, and an unlisted one, of their own copies."""
    two = make_shelf(30, "high-tide", "High")
    copies = [replace(copy, instance_id=copy.instance_id + 100) for copy in two.collection.copies]
    pictured = {key: pictures(release) for key, release in two.collection.releases.items()}
    two = replace(two, collection=replace(two.collection, copies=tuple(copies), releases=pictured))
    three = make_shelf(1, "slack-water", "Slack")
    copies = [replace(copy, instance_id=copy.instance_id + 500) for copy in three.collection.copies]
    three = replace(three, collection=replace(three.collection, copies=tuple(copies)))
    return [
        AccountContent(make_shelf(40)),
        AccountContent(two),
        AccountContent(three, slug=SLUG),
    ]


def build(root, at, base_url, host):
    """The site below a server's root."""
    site = root / at.strip("/") if at.strip("/") else root
    view = SiteView(base_url=base_url, host=host, repository="somebody/records")
    make_build(site, view)._replace(precompress=True).run(sources(), {})
    return site


@contextmanager
def on_ours(place, at, url, port):
    site = build(place / "www", at, url, "github")
    if at != "/":
        shutil.copy(site / "404.html", place / "www")
        shutil.copy(site / "404.html", place / "www/index.html")
    with servers.ours(place / "www", port):
        yield site


@contextmanager
def on_nginx(place, at, url, port):
    site = build(place / "www", at, url, "nginx")
    for directory in (place, place.parent, place.parent.parent):
        directory.chmod(0o755)  # started by root, nginx reads as nobody
    with servers.nginx(place / "www", port, site / ".gatefold-nginx.conf"):
        yield site


@contextmanager
def on_wrangler(place, at, url, port):
    site = build(place / "www", at, url, "cloudflare")
    with servers.wrangler(site, port, place):
        yield site


@contextmanager
def on_netlify(place, at, url, port):
    site = build(place / "www", at, url, "netlify")
    with servers.netlify(site, port, place):
        yield site


HOSTS = {"ours": on_ours, "nginx": on_nginx, "wrangler": on_wrangler, "netlify": on_netlify}
PLACES = [
    ("ours", "/"),
    ("ours", "/repo/"),
    ("nginx", "/"),
    ("nginx", "/repo/"),
    ("wrangler", "/"),
    ("netlify", "/"),
]


def published(tmp_path_factory, host, at):
    """A site served by that host at that path."""
    place = tmp_path_factory.mktemp(host)
    port = servers.free_port()
    url = f"http://127.0.0.1:{port}{at}"
    with HOSTS[host](place, at, url, port) as site:
        files = tree(site)
        (assets,) = (site / "assets").iterdir()
        yield Published(host, url, files, assets.name)


@pytest.fixture(scope="module", params=PLACES, ids="".join)
def site(request, tmp_path_factory):
    """A site on every host that runs here."""
    yield from published(tmp_path_factory, *request.param)


@pytest.fixture
def protected(site):
    """A site on those that send headers."""
    if site.host == "ours":
        pytest.skip("what is looked at locally is not sent with all headers")
    return site


@pytest.fixture
def as_published(site):
    """A site on those that treat caches and slashes as the published site would."""
    if site.host == "netlify":
        pytest.skip("Netlify's local server has ways of its own with caches and slashes")
    return site


@pytest.fixture
def on_nginx_only(site):
    """A site on nginx."""
    if site.host != "nginx":
        pytest.skip("only of nginx")
    return site


def path_of(site, url):
    """The file of the site that an address means."""
    path = url.removeprefix(site.url)
    return f"{path}index.html" if path.endswith("/") or not path else path


def test_every_link_and_asset_resolves(site):
    found = crawled(site.url) | crawled(f"{site.url}x/{SLUG}/")

    assert {url: answer.status for url, answer in found.items() if answer.status != 200} == {}
    assert [url for url in found if not url.startswith(site.url)] == []
    for url, answer in found.items():
        assert answer.body == site.files[path_of(site, url)], url


def test_the_crawl_reaches_the_whole_site(site):
    found = {path_of(site, url) for url in crawled(site.url)}
    unlisted = {path_of(site, url) for url in crawled(f"{site.url}x/{SLUG}/")}

    pages = {path for path in site.files if path.endswith("index.html")}
    assert {path for path in pages if not path.startswith("x/")} <= found
    assert {path for path in pages if path.startswith("x/")} <= unlisted
    assert not [path for path in found if path.startswith("x/")]
    lost = {path_of(site, url) for url in crawled(f"{site.url}nope")}
    code = {path for path in site.files if path.endswith((".css", ".js", ".woff2"))}
    named = {path for path in site.files if re.search(r"-[0-9a-f]{16}\.json$", path)}
    assert len(named) == 2
    assert (code | named) - found - lost == set()


def test_every_file_is_there(site):
    names = [
        path for path in site.files if path not in HIDDEN and not path.endswith((".html", ".gz"))
    ]

    assert {"robots.txt", "sitemap.xml"} <= set(names)
    for name in names:
        answer = ask(site.url + name)
        assert (answer.status, answer.body) == (200, site.files[name]), name


@pytest.mark.parametrize("path", LOST)
def test_what_is_missing_has_our_page_at_any_depth(site, path):
    answer = ask(site.url + path)

    assert (answer.status, answer.body) == (404, site.files["404.html"])
    needed = links(site.url + path, answer)
    assert any(url.endswith(".css") for url in needed)
    assert site.url in needed
    assert {ask(url).status for url in needed} == {200}


@pytest.mark.parametrize("path", ["u/low-tide", f"x/{SLUG}", "u/high-tide/collection/all"])
def test_a_directory_without_its_slash_leads_to_it(as_published, path):
    site = as_published
    answer = ask(f"{site.url}{path}?genre=Jazz")

    assert answer.status in (301, 302, 307, 308)
    target = answer.headers["Location"]
    where = site.url.removesuffix("/").partition("127.0.0.1")[2].partition("/")[2]
    assert target == f"{f'/{where}' if where else ''}/{path}/?genre=Jazz"


@pytest.mark.parametrize("path", ["", "u/low-tide/", "u/low-tide/collection/stats.json", "nope"])
def test_answers_are_protected(protected, path):
    headers = ask(protected.url + path).headers

    assert {name: headers.get_all(name) for name in PROTECTION} == {
        name: [value] for name, value in PROTECTION.items()
    }
    assert headers.get("X-Robots-Tag") is None


def test_assets_are_kept_and_pages_are_not(protected, as_published):
    asset = ask(f"{protected.url}assets/{protected.digest}/css/list.css").headers
    missing = ask(f"{protected.url}assets/{protected.digest}/nope.css").headers
    page = ask(f"{protected.url}u/low-tide/").headers

    assert asset.get_all("Cache-Control") == ["public, max-age=31536000, immutable"]
    assert {name: asset.get_all(name) for name in PROTECTION} == {
        name: [value] for name, value in PROTECTION.items()
    }
    assert "immutable" not in missing.get("Cache-Control", "")
    assert page.get_all("Cache-Control") in (["no-cache"], ["public, max-age=0, must-revalidate"])


def test_data_under_its_digest_is_kept_by_browsers(protected, as_published):
    [thumbs, _] = (path for path in protected.files if re.search(r"(thumbs|covers)-.*json$", path))
    kept = ask(protected.url + thumbs).headers
    missing = ask(f"{protected.url}u/high-tide/collection/all/thumbs-{'0' * 16}.json").headers
    page = ask(f"{protected.url}u/high-tide/collection/all/").headers

    assert kept.get_all("Cache-Control") == ["private, max-age=31536000, immutable"]
    assert {name: kept.get_all(name) for name in PROTECTION} == {
        name: [value] for name, value in PROTECTION.items()
    }
    assert "immutable" not in missing.get("Cache-Control", "")
    assert page.get_all("Cache-Control") in (["no-cache"], ["public, max-age=0, must-revalidate"])


@pytest.mark.parametrize("path", ["", "collection/", "collection/releases.csv"])
def test_robots_are_asked_not_to_list_the_unlisted(protected, path):
    headers = ask(f"{protected.url}x/{SLUG}/{path}").headers

    assert headers.get_all("X-Robots-Tag") == ["noindex"]
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]


@pytest.mark.parametrize("name", [".gatefold", ".gatefold-nginx.conf", ".git/config"])
def test_hidden_files_are_not_served(on_nginx_only, name):
    answer = ask(on_nginx_only.url + name)

    assert (answer.status, answer.body) == (404, on_nginx_only.files["404.html"])


@pytest.mark.parametrize(
    "path",
    ["index.html", "u/low-tide/collection/all/index.html", "u/low-tide/collection/releases.csv"],
)
def test_compressed_copies_are_sent(on_nginx_only, path):
    address = on_nginx_only.url + path.removesuffix("index.html")
    small = ask(address, **{"Accept-Encoding": "gzip"})
    plain = ask(address)

    assert small.headers["Content-Encoding"] == "gzip"
    assert small.body == on_nginx_only.files[f"{path}.gz"]
    assert gzip.decompress(small.body) == plain.body == on_nginx_only.files[path]
    assert plain.headers["Vary"] == small.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", LOST)
def test_without_an_address_the_lost_page_stands_alone(tmp_path, path):
    site = build(Path(tmp_path) / "www", "/", "", "github")
    port = servers.free_port()

    with servers.ours(site, port):
        answer = ask(f"http://127.0.0.1:{port}/{path}")

    assert (answer.status, answer.body) == (404, (site / "404.html").read_bytes())
    assert links(f"http://127.0.0.1:{port}/{path}", answer) == [f"http://127.0.0.1:{port}/"]
