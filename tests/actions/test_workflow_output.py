"""The log of a workflow: annotations, rows of the summary, and names that others must not read."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.actions.runner import WorkflowOutput, add_summary, form_input, markdown, set_output
from generator.domain.account import Privacy
from generator.errors import ConfigError, Cooling, GeneratorError, Problem, SealError
from tests.factories import make_account

HOSTILE = "x%0A\r\n::set-output name=a::b, c:d"
ACTIONS, EVENT = "GITHUB_ACTIONS", "GITHUB_EVENT_PATH"


@pytest.fixture
def step(tmp_path, monkeypatch):
    """Starts a step of a workflow: by hand if there is an event, else by schedule."""

    def start(event=None, **environ):
        variables = {ACTIONS: "true", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
        if event is not None:
            (tmp_path / "event").write_text(event if isinstance(event, str) else json.dumps(event))
            variables |= {
                "GITHUB_EVENT_NAME": "workflow_dispatch",
                EVENT: str(tmp_path / "event"),
            }
        for name, value in (variables | environ).items():
            monkeypatch.setenv(name, value)
        return WorkflowOutput()

    return start


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
def test_a_field_of_the_form_is_text_without_white_space_around_it(step, sent, read):
    step({"inputs": {"account": sent}})

    assert form_input("account") == read


@pytest.mark.parametrize("event", [{}, {"inputs": None}, {"inputs": ["account"]}])
def test_an_event_without_fields_has_none(step, event):
    step(event)

    assert form_input("account") == ""


def test_only_a_run_by_hand_has_fields(step):
    step({"inputs": {"account": "demo"}}, GITHUB_EVENT_NAME="push")

    assert form_input("account") == ""


@pytest.mark.parametrize("event", ["", "[]", "{", "[" * 100_000])
def test_a_file_that_is_not_an_event_is_an_expected_error(step, event):
    step(event)

    with pytest.raises(GeneratorError, match="GITHUB_EVENT_PATH: is not an event"):
        form_input("account")


def test_an_output_is_one_line(step, tmp_path):
    step(GITHUB_OUTPUT=str(tmp_path / "output"))
    set_output("count", "3")
    set_output("publish", "true")

    for text in ("a\nb=c", "a\rb", "a\u2028b"):
        with pytest.raises(ValueError, match="count"):
            set_output("count", text)
    assert (tmp_path / "output").read_text() == "count=3\npublish=true\n"


def test_a_command_is_one_line_whatever_it_holds(step, capsys):
    output = step()
    output.mask(HOSTILE, "")
    output.warning("a:b,c\n", HOSTILE)

    assert [line for line in capsys.readouterr().err.splitlines() if line.startswith("::")] == [
        "::add-mask::x%250A%0D%0A::set-output name=a::b, c:d",
        "::warning title=a%3Ab%2Cc::x%250A ::set-output name=a::b, c:d",
    ]


def test_every_problem_is_an_annotation_and_a_row_with_the_hint_of_the_form(step, capsys, tmp_path):
    output = step()
    output.error(
        ConfigError([("site.toml: a", "is odd"), ("site.toml: b", "is odder")], "x", form="y")
    )
    output.warning("c", "is late", "wait")

    assert capsys.readouterr().err.splitlines() == [
        "error: site.toml: a: is odd",
        "error: site.toml: b: is odder",
        "hint: y",
        "::error title=site.toml%3A a::is odd. y",
        "::error title=site.toml%3A b::is odder. y",
        "warning: c: is late; wait",
        "::warning title=c::is late. wait",
    ]
    assert (tmp_path / "summary").read_text().splitlines() == [
        "| | where | what | what to do |",
        "|---|---|---|---|",
        "| ❌ | site.toml&#58; a | is odd | y |",
        "| ❌ | site.toml&#58; b | is odder | y |",
        "| ⚠️ | c | is late | wait |",
    ]


def test_a_failed_account_can_be_a_warning(step, capsys):
    output = step()
    output.warn_only = True
    output.register(make_account("rock"))
    output.failed_account(Problem("{account}", "is held back", "wait"), "rock")

    assert capsys.readouterr().err.splitlines() == [
        "warning: rock: is held back; wait",
        "::warning title=rock::is held back. wait",
    ]


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
def test_no_line_of_text_is_a_command(text, shown):
    assert WorkflowOutput().plain(text) == shown


@given(st.text("a:#[]% \n\r\u2028\x85", max_size=30))
def test_no_text_at_all_is_a_command(text):
    for line in WorkflowOutput().plain(text).splitlines():
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
def test_a_cell_of_the_summary_is_only_text(text, shown):
    assert markdown(text) == shown


LATER = "warning: later\n::warning title=Gatefold::later\n"


@pytest.mark.parametrize(
    ("repository", "shown"),
    [
        ({"private": False}, LATER),
        ({}, LATER),
        (None, LATER),
        (["private"], LATER),
        ({"private": True}, "link\n"),
    ],
)
def test_a_secret_is_shown_only_in_a_repository_known_to_be_private(
    step, capsys, repository, shown
):
    step({"repository": repository}).print_secret("link", "later")

    assert "".join(capsys.readouterr()) == shown


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (
            Cooling("", "next sync possible").of("rock"),
            "ID: next sync possible|wait, or tick force",
        ),
        (
            SealError("snapshot", "no rock", "x", form="{account} again").of("rock"),
            "ID: snapshot: no rock|ID again",
        ),
        (GeneratorError("rocks", "rock-hard", "rock on"), "rocks: rock-hard|rock on"),
    ],
)
def test_an_account_that_is_not_public_appears_under_its_id(step, capsys, error, shown):
    output, account = step(), make_account("rock", privacy=Privacy.PRIVATE)
    output.register(account)
    output.error(error)
    line, hint = shown.replace("ID", account.id).split("|")

    assert capsys.readouterr().err.splitlines()[:2] == [f"error: {line}", f"hint: {hint}"]


def test_an_account_appears_under_its_name_once_it_is_public(step):
    output, account = step(), make_account("rock", privacy=Privacy.PRIVATE)
    unknown = output.display_name("rock")
    output.register(account)
    private = output.display_name("rock")
    output.register(make_account("rock"))

    assert (unknown, private, output.display_name("rock")) == ("account", account.id, "rock")


def test_an_unlisted_link_is_masked_once(step, capsys):
    output, account = step(), make_account(privacy=Privacy.UNLISTED, slug="ab" * 16)
    output.register(account)
    output.register(account)

    assert capsys.readouterr().err == f"::add-mask::{'ab' * 16}\n"


def test_the_summary_grows(step, tmp_path):
    step()
    add_summary("one")
    add_summary("two \ud800")

    assert Path(tmp_path / "summary").read_text() == "one\ntwo \\ud800\n"
