"""Writing the site: templates filled, paths planned once, every link known."""

import pytest

from generator.derive.pages import DataFile, Page, SiteView
from generator.errors import RenderError
from generator.render.environment import environment
from generator.render.privacy import Scope
from generator.render.site import SiteWriter

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' https://i.discogs.com; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types gatefold"
)
NOTICE = (
    "This application uses Discogs’ API but is not affiliated with, sponsored or endorsed by "
    "Discogs. ‘Discogs’ is a trademark of Zink Media, LLC."
)
HEAD = '<meta http-equiv="Content-Security-Policy" content="{{ csp }}"><h1>{{ site.title }}</h1>'
EVERYTHING = "{{ root }}|{{ assets }}|{{ page }}|{{ csp }}|{{ trademark }}|{{ site.title }}"
SITE = Scope("", frozenset())


def scope_of(path):
    """The part of the site a path is in: the tree of the account a, or none."""
    return Scope("u/a/", frozenset({"a"})) if path.startswith("u/") else SITE


@pytest.fixture
def writer(tmp_path):
    """A writer of a site whose only template shows whatever it is given."""
    return make_writer(tmp_path, HEAD)


def make_writer(tmp_path, template, site=None):
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "page.html").write_text(template, "utf-8")
    site = site or SiteView(title="Records")
    return SiteWriter(tmp_path / "site", environment([templates]), site, "d1935t")


def page(path, model=None):
    return Page(path, "page.html", model)


@pytest.mark.parametrize(
    ("path", "root"),
    [
        ("index.html", ""),
        ("u/a/index.html", "../../"),
        ("u/a/collection/index.html", "../../../"),
        ("u/a/collection/all/index.html", "../../../../"),
        ("404.html", ""),
    ],
)
def test_a_page_knows_the_way_to_the_root(tmp_path, path, root):
    """Relative, so that the site works under any base path; every page is given the same things."""
    writer = make_writer(tmp_path, HEAD + "<p>" + EVERYTHING)

    writer.write([page(path)], scope_of(path))

    text = (tmp_path / "site" / path).read_text("utf-8")
    told = text.partition("<p>")[2].replace("&#39;", "'").split("|")
    assert told == [
        root,
        f"{root}assets/d1935t/",
        "None",
        POLICY,
        NOTICE,
        "Records",
    ]


def test_the_lost_page_names_the_published_address(tmp_path):
    """404.html is served at any depth: with an address of the site it uses that."""
    site = SiteView(base_url="https://me.example/records/")
    writer = make_writer(tmp_path, HEAD + "{{ root }} {{ assets }}", site)

    writer.write([page("404.html"), page("index.html")], SITE)

    base = "https://me.example/records/"
    assert (tmp_path / "site/404.html").read_text().endswith(f"</h1>{base} {base}assets/d1935t/")
    assert (tmp_path / "site/index.html").read_text().endswith("</h1> assets/d1935t/")


@pytest.mark.parametrize(
    ("base", "path", "address"),
    [
        ("https://me.example/records/", "index.html", "https://me.example/records/"),
        ("https://me.example/", "u/a/index.html", "https://me.example/u/a/"),
        ("https://me.example/records/", "404.html", ""),
        ("", "u/a/index.html", ""),
    ],
)
def test_a_page_knows_its_own_address(tmp_path, base, path, address):
    """A directory of the published site; nothing where there is no such site or no one place."""
    writer = make_writer(tmp_path, HEAD + "{{ address }}", SiteView(base_url=base))

    writer.write([page(path)], scope_of(path))

    text = (tmp_path / "site" / path).read_text("utf-8")
    assert text.partition("</h1>")[2] == address


def test_files_are_written_as_they_are(writer):
    """Data files in UTF-8, assets below their digest; all their paths are known."""
    writer.write([DataFile("u/a/x.csv", "Œuvre\r\n")], scope_of("u/a/x.csv"))
    writer.write_assets({"css/main.css": b"a { }", "f.woff2": b"\xff\x00"})

    site = writer.directory
    assert (site / "u/a/x.csv").read_bytes() == b"\xc5\x92uvre\r\n"
    assert (site / "assets/d1935t/css/main.css").read_bytes() == b"a { }"
    assert (site / "assets/d1935t/f.woff2").read_bytes() == b"\xff\x00"
    assert writer.paths == {"u/a/x.csv", "assets/d1935t/css/main.css", "assets/d1935t/f.woff2"}


def test_a_path_is_planned_once(writer):
    """Two pages of one path: one of them would be lost."""
    with pytest.raises(RenderError, match=r"^index\.html: planned twice$"):
        writer.write([page("index.html"), DataFile("index.html", "")], SITE)


@pytest.mark.parametrize(
    "slip",
    [
        "{{ nobody }}",
        "{{ page.nothing }}",
        "{% if %}",
        "{% include 'absent.html' %}",
        "{{ 1 + 'a' }}",
        "{{ page | number }}",
        "{{ 'x' | absent }}",
        "{{ '%d' | format('x') }}",
    ],
)
def test_a_slip_in_a_template_names_page_and_template(tmp_path, slip):
    """An overridden template that cannot be filled is an expected error."""
    writer = make_writer(tmp_path, HEAD + slip)

    with pytest.raises(RenderError, match=r"^index\.html: page\.html: ."):
        writer.write([page("index.html")], SITE)


def test_a_template_that_is_no_text_is_named(tmp_path):
    """Bytes that are no UTF-8."""
    writer = make_writer(tmp_path, HEAD)
    (tmp_path / "templates/page.html").write_bytes(b"\xff\xfe")

    with pytest.raises(RenderError, match=r"^index\.html: page\.html: "):
        writer.write([page("index.html")], SITE)


def test_a_page_that_must_not_be_published_is_not_written(tmp_path):
    """It is verified first."""
    writer = make_writer(tmp_path, HEAD + "<script>1</script>")

    with pytest.raises(RenderError, match=r"^index\.html: has an inline script$"):
        writer.write([page("index.html")], SITE)

    assert not (tmp_path / "site").exists()


def test_every_link_has_to_lead_somewhere(tmp_path):
    """Known once everything is written, in whatever order."""
    writer = make_writer(tmp_path, HEAD + '<a href="{{ root }}data.json">x</a>')
    writer.write([page("u/a/index.html")], scope_of("u/a/index.html"))

    with pytest.raises(RenderError) as error:
        writer.finish()
    assert str(error.value) == "u/a/index.html: links to data.json, which is not in the site"

    writer.write([DataFile("data.json", "{}")], SITE)
    writer.finish()
