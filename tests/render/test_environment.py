"""The environment of the templates: escaping, strictness, filters."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from generator.render.environment import environment

MOMENT = datetime(2026, 3, 1, 23, 5, 9, tzinfo=timezone(timedelta(hours=-8)))


def rendered(tmp_path, source, **values):
    (tmp_path / "x.html").write_text(source, "utf-8")
    return environment([tmp_path]).get_template("x.html").render(**values)


def test_everything_is_escaped(tmp_path):
    """Text is never markup, in an attribute or outside."""
    text = "<script>'\"&"

    assert rendered(tmp_path, '<p title="{{ t }}">{{ t }}</p>', t=text) == (
        '<p title="&lt;script&gt;&#39;&#34;&amp;">&lt;script&gt;&#39;&#34;&amp;</p>'
    )


@pytest.mark.parametrize(
    "source", ["{{ absent }}", "{{ page.absent }}", "{% if absent %}{% endif %}"]
)
def test_a_name_that_is_not_there_is_an_error(tmp_path, source):
    """A slip in a template is found before it is published."""
    with pytest.raises(UndefinedError):
        rendered(tmp_path, source, page=MOMENT)


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
    """Moments in UTC, days and numbers as people read them, in no machine's locale."""
    assert rendered(tmp_path, source, v=value) == text


def test_blocks_leave_no_lines_behind(tmp_path):
    """A line that holds a block only is not in the page; the last line feed is."""
    assert rendered(tmp_path, "a\n  {% if true %}\nb\n  {% endif %}\nc\n") == "a\nb\nc\n"


def test_a_workspace_overrides_single_templates(tmp_path):
    """The directory named first wins, and its templates may extend the others."""
    own, ours = tmp_path / "own", tmp_path / "ours"
    for directory in (own, ours):
        directory.mkdir()
    (ours / "base.html").write_text("<{% block b %}ours{% endblock %}>")
    (ours / "page.html").write_text("{% extends 'base.html' %}")
    (own / "page.html").write_text("{% extends 'base.html' %}{% block b %}own{% endblock %}")
    env = environment([own, ours])

    assert env.get_template("page.html").render() == "<own>"
    assert env.get_template("base.html").render() == "<ours>"
    with pytest.raises(TemplateNotFound):
        env.get_template("../secret.html")


def test_an_override_builds_on_what_it_replaces(tmp_path):
    """Below `bundled/` lies what came with the program; what that names may be overridden too."""
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
    env = environment([own, ours])

    assert env.get_template("page.html").render(mark="!") == "<own page foot! own foot>"
    assert env.get_template("bundled/page.html").render(mark="?") == "<page foot? own foot>"
