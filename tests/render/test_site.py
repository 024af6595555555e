"""Writing the site: templates filled, every path once, compressed copies, links that lead on."""

import gzip

import pytest

from generator.derive.hosting import LOST_HASH, content_security_policy
from generator.derive.pages import AccountContent, DataFile, Page, SiteView
from generator.errors import RenderError
from generator.render.environment import Templates
from generator.render.privacy import Scope
from generator.render.site import SiteWriter, check_links
from tests.render.shelf import make_build, make_shelf, tree

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' https://i.discogs.com; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
NOTICE = (
    "This application uses Discogs’ API but is not affiliated with, sponsored or endorsed by "
    "Discogs. ‘Discogs’ is a trademark of Zink Media, LLC."
)
HEAD = '<meta http-equiv="Content-Security-Policy" content="{{ csp }}"><h1>{{ site.title }}</h1>'
EVERYTHING = "{{ root }}|{{ assets }}|{{ page }}|{{ csp }}|{{ trademark }}|{{ address }}"
BASE = "https://me.example/records/"
TEXT = b"low tide " * 200


def make_writer(tmp_path, template=HEAD, base_url="", *, precompress=False):
    """A writer of a site whose only template is this one."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text(template, "utf-8")
    templates = Templates([tmp_path / "templates"])
    site = SiteView(title="Records", base_url=base_url)
    (tmp_path / "site").mkdir()
    return SiteWriter(tmp_path / "site", templates, site, "d1935t", precompress=precompress)


def scope_of(path):
    """The part of the site a path is in: the tree of the account a, or none."""
    top = "u/a/" if path.startswith("u/") else ""
    return Scope(top, frozenset({"a"}), frozenset())


@pytest.mark.parametrize(
    ("base", "path", "root", "address"),
    [
        ("", "index.html", "", ""),
        ("", "u/a/index.html", "../../", ""),
        ("", "u/a/collection/all/index.html", "../../../../", ""),
        ("", "404.html", "", ""),
        (BASE, "index.html", "", BASE),
        (BASE, "u/a/index.html", "../../", f"{BASE}u/a/"),
        (BASE, "404.html", BASE, ""),
    ],
)
def test_a_page_knows_the_way_to_the_root(tmp_path, base, path, root, address):
    writer = make_writer(tmp_path, f"{HEAD}<p>{EVERYTHING}", base)

    writer.write([Page(path, "page.html", None)], scope_of(path))

    text = (tmp_path / "site" / path).read_text("utf-8")
    values = text.partition("<p>")[2].replace("&#39;", "'").split("|")
    policy = (
        content_security_policy("https://i.discogs.com", LOST_HASH)
        if not base and path == "404.html"
        else POLICY
    )
    assert values == [root, f"{root}assets/d1935t/", "None", policy, NOTICE, address]


def test_files_are_written_as_they_are(tmp_path):
    writer = make_writer(tmp_path)
    pieces = (piece for piece in ("Œ", "uvre", "\r\n"))
    writer.write([DataFile("u/a/x.csv", pieces), DataFile("u/a/y.json", "{}")], scope_of("u/"))
    writer.write_assets({"css/main.css": b"a { }", "f.woff2": b"\xff\x00"})

    files = {
        "u/a/x.csv": b"\xc5\x92uvre\r\n",
        "u/a/y.json": b"{}",
        "assets/d1935t/css/main.css": b"a { }",
        "assets/d1935t/f.woff2": b"\xff\x00",
    }
    assert tree(tmp_path / "site") == files
    assert writer.files == {path: len(content) for path, content in files.items()}


def test_a_path_is_planned_once(tmp_path):
    items = [Page("index.html", "page.html", None), DataFile("index.html", "")]

    with pytest.raises(RenderError, match=r"^index\.html: is planned twice$"):
        make_writer(tmp_path).write(items, scope_of(""))


def test_a_page_that_must_not_be_published_is_not_written(tmp_path):
    writer = make_writer(tmp_path, f"{HEAD}<script>1</script>")

    with pytest.raises(RenderError, match=r"^index\.html: has an inline script$"):
        writer.write([Page("index.html", "page.html", None)], scope_of(""))

    assert tree(tmp_path / "site") == {}


def test_every_link_has_to_lead_somewhere(tmp_path):
    body = '<a href="z"></a><a href="{{ root }}b/"></a><a href="{{ root }}data.json"></a>'
    writer = make_writer(tmp_path, HEAD + body)
    writer.write([Page("u/a/index.html", "page.html", None)], scope_of("u/"))
    files = {"data.json": 1, "u/a/z": 1}

    with pytest.raises(RenderError) as error:
        check_links(writer.links, files)

    assert str(error.value) == "u/a/index.html: links to b/index.html, which is not in the site"
    check_links(writer.links, files | {"b/index.html": 1})


def test_large_texts_get_a_compressed_copy(tmp_path):
    writer = make_writer(tmp_path, precompress=True)
    texts = [f"a.{kind}" for kind in ("html", "css", "js", "json", "csv", "svg", "txt", "xml")]
    for path in (*texts, "a.woff2", "a.png", "_headers", ".gatefold"):
        writer.write_file(path, (TEXT[:900], TEXT[900:]))
    writer.write_file("small.css", (b" " * 1023,))
    writer.write_file("enough.css", (b" " * 1024,))

    files = tree(tmp_path / "site")
    copies = {path for path in files if path.endswith(".gz")}
    assert copies == {f"{path}.gz" for path in (*texts, "enough.css")}
    assert {gzip.decompress(files[f"{path}.gz"]) for path in texts} == {TEXT}
    assert files["a.css.gz"][:9] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02"
    assert writer.files == {path: len(content) for path, content in files.items()}


def test_compressed_copies_go_with_their_files(tmp_path):
    site = tmp_path / "site"
    (site / ".git").mkdir(parents=True)
    found = []
    for copies, precompress in ((5, True), (None, True), (None, False)):
        contents = [AccountContent(make_shelf(copies))] if copies else []
        make_build(site)._replace(precompress=precompress).run(contents, {})
        found.append({path for path in tree(site) if path.endswith(".gz")})

    assert any(path.startswith("u/") for path in found[0])
    assert found[1:] == [{path for path in found[0] if not path.startswith("u/")}, set()]
