"""Errors carry data; one method renders them for each reader."""

import pickle
import re

import pytest

from generator import errors
from generator.errors import (
    ConfigError,
    Cooling,
    GeneratorError,
    HeldBack,
    Message,
    NotFound,
    NoWorkspace,
    Problem,
    Refused,
    SealError,
    Unauthorized,
    VaultError,
)


def test_the_drawn_tree_is_the_tree():
    drawn: dict[str, tuple[str, int]] = {}
    parents: dict[int, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"    ([│ ├└─]*)(\w+)(?: +exit (\d+))?", line):
            depth, name, code = len(found[1]) // 4, found[2], found[3]
            parents[depth] = name
            parent = parents.get(depth - 1, "Exception")
            drawn[name] = (parent, int(code) if code else drawn[parent][1])

    real = [one for one in vars(errors).values() if isinstance(one, type)]
    assert drawn == {
        one.__name__: (one.__mro__[1].__name__, one.exit_code)
        for one in real
        if issubclass(one, GeneratorError)
    }


@pytest.mark.parametrize(
    ("error", "where"),
    [
        (GeneratorError("site.toml", "is odd"), "site.toml"),
        (GeneratorError("", "is odd"), "build-site"),
        (NotFound("", "is odd"), "Discogs"),
        (NotFound("", "is odd").of("low-tide"), "low-tide"),
        (SealError("token", "is odd").of("low-tide"), "low-tide: token"),
        (SealError("token of {account}", "is odd").of("low-tide"), "token of low-tide"),
    ],
)
def test_an_error_says_which_account_it_concerns(error, where):
    assert error.problem.render(error.account).where == where


@pytest.mark.parametrize(
    ("public", "form", "message"),
    [
        (False, False, Message("a1: token", "is LowTide's, not Kay's", "run connect a1")),
        (True, False, Message("a1: token", "belongs to another user", "run connect a1")),
        (False, True, Message("a1: token", "is LowTide's, not Kay's", "choose connect for a1")),
        (True, True, Message("a1: token", "belongs to another user", "choose connect for a1")),
    ],
)
def test_a_problem_is_rendered_for_its_reader(public, form, message):
    problem = Problem(
        "{account}: token",
        "is LowTide's, not Kay's",
        "run connect {account}",
        "choose connect for {account}",
        "belongs to another user",
    )

    assert problem.render("a1", public=public, form=form) == message


@pytest.mark.parametrize(
    ("error", "hint", "form"),
    [
        (Cooling("", "is cooling"), "wait, or add --force", "wait, or tick force"),
        (Cooling("", "is cooling", "come back"), "come back", "come back"),
        (Cooling("", "is cooling", "come back", form="try later"), "come back", "try later"),
        (
            NoWorkspace(("here", "has no site.toml")),
            "run build-site init here, or name the workspace with -C DIR",
            "add a file site.toml to the repository",
        ),
        (
            VaultError("KEY", "is not set"),
            (
                "put the key that build-site keys new prints into OAUTH_ENCRYPTION_KEY in .env; "
                "if the old key is lost, build-site reset starts over"
            ),
            VaultError.default_form,
        ),
    ],
)
def test_a_hint_of_its_own_replaces_both_default_hints(error, hint, form):
    assert error.problem.render().hint == hint
    assert error.problem.render(form=True).hint == form


def test_every_class_has_a_hint_for_a_terminal_and_for_a_form():
    classes = [one for one in vars(errors).values() if isinstance(one, type)]
    hints = {
        one.__name__: (one.default_hint, one.default_form)
        for one in classes
        if issubclass(one, GeneratorError)
    }

    assert len(hints) == 21
    assert [name for name, both in hints.items() if not all(both) or ". " in "".join(both)] == []
    assert [
        name for name, (_, form) in hints.items() if re.search("--|build-site [a-z]+ NAME", form)
    ] == []


@pytest.mark.parametrize(
    "error",
    [
        GeneratorError("here", "is odd", "fix it", form="fill it in", public="odd").of("low-tide"),
        ConfigError([("a", "is odd"), ("b", "is odder")], "fix both"),
        HeldBack("held back", 100).of("low-tide"),
    ],
)
def test_an_error_survives_the_way_from_a_worker_process(error):
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


def test_a_configuration_error_holds_every_problem_and_reads_as_the_first():
    error = ConfigError([("a", "is odd"), ("b", "is odder")], form="see the settings")

    assert (str(error), error.exit_code) == ("a: is odd", 2)
    assert error.problems == [("a", "is odd"), ("b", "is odder")]
    assert error.problem.form == "see the settings"


def test_lost_credentials_are_a_kind_of_refusal():
    assert (Unauthorized("", "no").problem.exit_code, Refused("", "no").problem.exit_code) == (
        13,
        13,
    )
