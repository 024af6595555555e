"""The templates: escaping, strictness, filters, overrides, and where a mistake is."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from generator.errors import RenderError
from generator.render.environment import Templates

MOMENT = datetime(2026, 3, 1, 23, 5, 9, tzinfo=timezone(timedelta(hours=-8)))


def rendered(tmp_path, source, **values):
    (tmp_path / "x.html").write_text(source, "utf-8")
    return Templates([tmp_path]).fill("x.html", "index.html", values)


def test_everything_is_escaped(tmp_path):
    text = "<script>'\"&"

    assert rendered(tmp_path, '<p title="{{ t }}">{{ t }}</p>', t=text) == (
        '<p title="&lt;script&gt;&#39;&#34;&amp;">&lt;script&gt;&#39;&#34;&amp;</p>'
    )


def test_files_for_hosts_are_plain_text(tmp_path):
    (tmp_path / "hosts").mkdir()
    for name in ("hosts/_headers", "hosts.txt", "note.txt"):
        (tmp_path / name).write_text("{{ t }}")
    templates = Templates([tmp_path])

    texts = [
        templates.fill(name, "", {"t": "'&"})
        for name in ("hosts/_headers", "bundled/hosts/_headers", "hosts.txt", "note.txt")
    ]

    assert texts == ["'&", "'&", "&#39;&amp;", "&#39;&amp;"]


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("{{ absent }}", "'absent' is undefined"),
        ("{{ page.absent }}", "'datetime.datetime object' has no attribute 'absent'"),
        ("{% if %}", "Expected an expression, got 'end of statement block'"),
        ("{% include 'no.html' %}", "there is no template no.html"),
        ("{{ 'x' | no }}", "No filter named 'no'."),
        ("{{ 1 + 'a' }}", ""),
        ("{{ 'x' | number }}", ""),
        ("{{ 'x' | time }}", ""),
        ("{{ '%d' | format('x') }}", ""),
        ("{{ 1 // 0 }}", ""),
        ("{% include 'part.html' %}", "maximum recursion"),
    ],
)
def test_a_mistake_is_blamed_on_its_template_and_line(tmp_path, source, what):
    (tmp_path / "partials").mkdir()
    (tmp_path / "part.html").write_text("{% include 'part.html' %}")
    (tmp_path / "partials/x.html").write_text(f"one\ntwo {source}\n")
    (tmp_path / "page.html").write_text("<p>\n{% include 'partials/x.html' %}")

    with pytest.raises(RenderError) as error:
        Templates([tmp_path]).fill("page.html", "u/a/index.html", {"page": MOMENT})

    assert error.value.what.startswith(what)
    if "recursion" not in what:
        assert error.value.where == "partials/x.html, line 2"
        assert error.value.what.endswith(" (u/a/index.html)")


def test_a_template_that_is_not_text_is_named(tmp_path):
    (tmp_path / "page.html").write_bytes(b"\xff\xfe")

    with pytest.raises(RenderError, match=r"^page\.html: 'utf-8' codec can't decode"):
        Templates([tmp_path]).fill("page.html", "index.html", {})


@pytest.mark.parametrize(
    ("source", "value", "text"),
    [
        ("{{ v | time }}", MOMENT, "2026-03-02T07:05:09Z"),
        ("{{ v | moment }}", MOMENT, "2 March 2026, 07:05 UTC"),
        ("{{ v | day }}", date(2026, 12, 31), "31 December 2026"),
        ("{{ v | day }}", datetime(2026, 1, 1, tzinfo=UTC), "1 January 2026"),
        ("{{ v | number }}", 0, "0"),
        ("{{ v | number }}", 999, "999"),
        ("{{ v | number }}", 1497, "1,497"),
        ("{{ v | number }}", 1234567, "1,234,567"),
        ("{{ v | ordinal }}", 1, "1st"),
        ("{{ v | ordinal }}", 2, "2nd"),
        ("{{ v | ordinal }}", 3, "3rd"),
        ("{{ v | ordinal }}", 4, "4th"),
        ("{{ v | ordinal }}", 11, "11th"),
        ("{{ v | ordinal }}", 12, "12th"),
        ("{{ v | ordinal }}", 13, "13th"),
        ("{{ v | ordinal }}", 22, "22nd"),
        ("{{ v | ordinal }}", 100, "100th"),
        ("{{ v | ordinal }}", 111, "111th"),
        ("{{ v | ordinal }}", 1000, "1,000th"),
        ("{{ v | ordinal }}", 1001, "1,001st"),
    ],
)
def test_values_are_shown_in_words(tmp_path, source, value, text):
    assert rendered(tmp_path, source, v=value) == text


def test_blocks_leave_no_lines_behind(tmp_path):
    assert rendered(tmp_path, "a\n  {% if true %}\nb\n  {% endif %}\nc\n") == "a\nb\nc\n"


def test_a_workspace_overrides_single_templates(tmp_path):
    own, ours = tmp_path / "own", tmp_path / "ours"
    for directory in (own, ours):
        directory.mkdir()
    (ours / "base.html").write_text("<{% block b %}ours{% endblock %}>")
    (ours / "page.html").write_text("{% extends 'base.html' %}")
    (own / "page.html").write_text("{% extends 'base.html' %}{% block b %}own{% endblock %}")
    templates = Templates([own, ours])

    assert templates.fill("page.html", "", {}) == "<own>"
    assert templates.fill("base.html", "", {}) == "<ours>"
    with pytest.raises(RenderError, match="there is no template"):
        templates.fill("../secret.html", "", {})


def test_an_override_builds_on_what_it_replaces(tmp_path):
    own, ours = tmp_path / "own", tmp_path / "ours"
    for directory in (own, ours, own / "bundled"):
        directory.mkdir()
    (ours / "page.html").write_text("<{% block b %}page{% endblock %}{% include 'foot.html' %}>")
    (ours / "foot.html").write_text(" foot{{ mark }}")
    (own / "page.html").write_text(
        "{% extends 'bundled/page.html' %}{% block b %}own {{ super() }}{% endblock %}"
    )
    (own / "foot.html").write_text("{% include 'bundled/foot.html' %} own foot")
    (own / "bundled" / "foot.html").write_text("never seen")
    templates = Templates([own, ours])

    assert templates.fill("page.html", "", {"mark": "!"}) == "<own page foot! own foot>"
    assert templates.fill("bundled/page.html", "", {"mark": "?"}) == "<page foot? own foot>"
