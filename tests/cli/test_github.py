"""What a step of a workflow is told and tells, and that nobody can speak for it."""

import json
from pathlib import Path

import pytest
from generator.cli.github import GitHub, markdown
from hypothesis import given
from hypothesis import strategies as st

from generator.cli.output import Output
from generator.domain.account import Privacy
from generator.errors import Cooling, GeneratorError, SealError
from tests.factories import make_account

HOSTILE = "x%0A\r\n::set-output name=a::b, c:d"


@pytest.fixture
def heard():
    """What the runner was told."""
    return []


def step(heard, tmp_path=None, event=None, **environ):
    """A step of a workflow, started by schedule unless there is an event."""
    variables = {"GITHUB_ACTIONS": "true", **environ}
    if event is not None:
        path = tmp_path / "event.json"
        path.write_text(event if isinstance(event, str) else json.dumps(event))
        variables |= {
            "GITHUB_EVENT_NAME": "workflow_dispatch",
            "GITHUB_EVENT_PATH": str(path),
            **environ,
        }
    return GitHub(variables, heard.append)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("demo", "demo"),
        ("  demo\n", "demo"),
        (True, "true"),
        (False, "false"),
        ("", ""),
        (None, ""),
        (7, ""),
        ({"a": 1}, ""),
    ],
)
def test_an_input_is_one_text(heard, tmp_path, sent, read):
    """Without white space around it; what is no text was not filled in."""
    assert step(heard, tmp_path, {"inputs": {"account": sent}}).input("account") == read


@pytest.mark.parametrize("event", [{}, {"inputs": None}, {"inputs": ["account"]}])
def test_an_event_without_inputs_has_none(heard, tmp_path, event):
    """As where nothing can be filled in."""
    assert step(heard, tmp_path, event).input("account") == ""


def test_other_events_have_no_inputs(heard, tmp_path):
    """Only somebody who starts a run by hand fills something in."""
    event = {"inputs": {"account": "demo"}}

    assert step(heard, tmp_path, event, GITHUB_EVENT_NAME="push").input("account") == ""
    assert GitHub({}, heard.append).input("account") == ""


@pytest.mark.parametrize("event", ["", "[]", "{", "\ud800".encode("utf-8", "replace").decode()])
def test_what_is_no_event_is_refused(heard, tmp_path, event):
    """In words."""
    with pytest.raises(GeneratorError, match="GITHUB_EVENT_PATH: names no event"):
        step(heard, tmp_path, event).input("account")


def test_an_output_is_one_line(heard, tmp_path):
    """A value that could pass for two is not handed on."""
    path = tmp_path / "output"
    github = step(heard, GITHUB_OUTPUT=str(path))
    github.output("count", "3")
    github.output("publish", "true")

    assert path.read_text() == "count=3\npublish=true\n"
    for text in ("a\nb=c", "a\rb", "a\u2028b"):
        with pytest.raises(ValueError, match="count"):
            github.output("count", text)
    assert path.read_text() == "count=3\npublish=true\n"


def test_commands_are_one_line_each(heard):
    """Whatever a secret or a warning holds."""
    github = step(heard)
    github.mask(HOSTILE)
    github.mask("")
    github.mask(None)
    github.warn("a:b,c\n", HOSTILE)

    assert heard == [
        "::add-mask::x%250A%0D%0A::set-output name=a::b, c:d",
        "::warning title=a%3Ab%2Cc%0A::x%250A%0D%0A::set-output name=a::b, c:d",
    ]


def test_elsewhere_nothing_is_told(heard):
    """Nobody at a terminal sees a mask, or loses a line."""
    github = GitHub({}, heard.append)
    github.mask("secret")
    github.warn("a", "b")
    github.output("a", "b")
    github.summarize("a")

    assert (heard, github.plain(HOSTILE)) == ([], HOSTILE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("state: unchanged", "state: unchanged"),
        ("::add-mask::a", "\\::add-mask::a"),
        (" \t::add-mask::a", "\\::add-mask::a"),
        ("a ::add-mask::a", "a ::add-mask::a"),
        ("a\r::b", "a\n\\::b"),
        ("a\u2028::b", "a\n\\::b"),
        ("a ##[add-path]/tmp", "a ## [add-path]/tmp"),
    ],
)
def test_no_line_passes_for_a_command(heard, text, shown):
    """In the new form or the old one."""
    assert step(heard).plain(text) == shown


@given(st.text("a:#[]% \n\r\u2028\x85", max_size=30))
def test_nothing_that_is_printed_is_a_command(text):
    """Whatever it is made of, and wherever a runner may break its lines."""
    for line in GitHub({"GITHUB_ACTIONS": "true"}).plain(text).splitlines():
        assert not line.lstrip().startswith("::")
        assert "##[" not in line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("second.hand", "second.hand"),
        ("a|b", "a&#124;b"),
        ("<script>", "&lt;script&gt;"),
        ("[a](b)\n# c", "&#91;a&#93;(b) &#35; c"),
        ("&#33;`", "&amp;&#35;33;&#96;"),
    ],
)
def test_a_summary_means_only_itself(text, shown):
    """No cell of a table can end it, or be more than text."""
    assert markdown(text) == shown


@pytest.mark.parametrize(
    ("repository", "actions", "shown"),
    [
        ({"private": False}, "true", "later"),
        ({}, "true", "later"),
        (None, "true", "later"),
        (["private"], "true", "later"),
        ({"private": True}, "true", "link"),
        ({"private": False}, "", "link"),
    ],
)
def test_a_secret_is_shown_where_nobody_reads_along(tmp_path, capsys, repository, actions, shown):
    """At a terminal, and in a repository that is known to be private."""
    github = step([], tmp_path, {"repository": repository}, GITHUB_ACTIONS=actions)
    Output(github=github).reveal("link", "later")

    assert "".join(capsys.readouterr()) == f"{shown}\n"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Cooling("rock", "next sync possible"), "ID: next sync possible|wait, or add --force"),
        (
            SealError("snapshot of rock", "no rock", "read it: build-site sync rock --force"),
            "snapshot of ID: no rock|read it: build-site sync ID --force",
        ),
        (GeneratorError("rocks", "rock-hard", "rock on"), "rocks: rock-hard|rock on"),
    ],
)
def test_an_account_that_is_not_public_goes_by_its_id(heard, capsys, error, told):
    """Wherever an error has its name; the same word elsewhere tells nothing."""
    output = Output(github=step(heard))
    account = make_account("rock", privacy=Privacy.PRIVATE)
    output.meet(account)
    output.problem(error, "rock")
    line, hint = told.replace("ID", account.id).split("|")

    assert capsys.readouterr().err == f"error: {line}\nhint: {hint}\n"


def test_an_account_that_becomes_public_goes_by_its_name(heard):
    """From then on; at a terminal it always did."""
    output, account = Output(github=step(heard)), make_account("rock", privacy=Privacy.PRIVATE)
    output.meet(account)
    before = output.label("rock")
    output.meet(make_account("rock"))
    elsewhere = Output(github=GitHub({}, heard.append))
    elsewhere.meet(account)

    assert (before, output.label("rock"), elsewhere.label("rock")) == (account.id, "rock", "rock")


def test_a_link_is_masked_once(heard):
    """Before anything can show it."""
    output = Output(github=step(heard))
    account = make_account(privacy=Privacy.UNLISTED, slug="ab" * 16)
    output.meet(account)
    output.meet(account)

    assert heard == [f"::add-mask::{'ab' * 16}"]


def test_the_summary_grows(heard, tmp_path):
    """Each text on lines of its own."""
    path = Path(tmp_path / "summary.md")
    github = step(heard, GITHUB_STEP_SUMMARY=str(path))
    github.summarize("one")
    github.summarize("two \ud800")

    assert path.read_text() == "one\ntwo \\ud800\n"
