"""Imports point down, every library has one home, and nothing grows beyond reading."""

import ast
import graphlib
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "generator"
ROWS = (
    {"__main__"},
    {"cli"},
    {"sync", "connect", "enrich", "build", "config"},
    {"discogs", "store", "render", "demo"},
    {"derive"},
    {"domain"},
    {"errors"},
)
ROW_OF = {part: row for row, parts in enumerate(ROWS) for part in parts}
HOMES = {
    "PIL": {"demo"},
    "click": {"cli"},
    "cryptography": {"store.vault"},
    "dotenv": {"config"},
    "jinja2": {"render"},
    "markupsafe": {"render"},
    "oauthlib": {"discogs", "demo"},
    "pydantic": {"domain", "config", "discogs.payloads", "render.manifest"},
    "requests": {"discogs", "demo"},
    "requests_oauthlib": {"discogs"},
    "urllib3": {"discogs"},
}


def named_by(tree):
    """The dotted names that a module's imports mean, `from a import b` as a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_of(name, modules):
    """The module of ours that a dotted name leads to, without the package's own name."""
    name = name.removeprefix("generator").removeprefix(".")
    while name not in modules:
        name = name.rpartition(".")[0]
    return name


def module_at(path):
    """The dotted name of the module in a file, without the package's own; "" is the package."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {
    module_at(path): ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))
}
OURS = {
    module: {
        module_of(name, TREES) for name in named_by(tree) if name.partition(".")[0] == "generator"
    }
    for module, tree in TREES.items()
}


def part(module):
    return module.partition(".")[0]


def test_every_part_has_a_row():
    """A new top-level module or package has to be placed before it can be merged."""
    assert {part(module) for module in TREES} - {""} <= set(ROW_OF)


@pytest.mark.parametrize("module", [module for module in TREES if part(module) in ROW_OF])
def test_imports_point_down(module):
    """A module imports its own part and the rows below, never above or beside."""
    row = ROW_OF[part(module)]
    wrong = {
        other
        for other in OURS[module]
        if other and part(other) != part(module) and ROW_OF[part(other)] <= row
    }

    assert wrong == set()


def test_the_package_s_own_docstring_imports_nothing():
    """Importing the package costs nothing: its first module only describes it."""
    assert set(named_by(TREES[""])) == set()


def test_modules_import_in_no_circle():
    """There is an order in which every module comes after those it imports."""
    graph = {module: others - {module, ""} for module, others in OURS.items()}

    assert len(list(graphlib.TopologicalSorter(graph).static_order())) >= len(graph) - 1


@pytest.mark.parametrize("module", TREES)
def test_libraries_stay_at_home(module):
    """A third-party library is imported only where it has its home."""
    foreign = {name.partition(".")[0] for name in named_by(TREES[module])}
    foreign -= sys.stdlib_module_names | {"generator"}
    strangers = {
        library
        for library in foreign
        if not any(f"{module}.".startswith(f"{home}.") for home in HOMES.get(library, ()))
    }

    assert strangers == set()


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "misc", "managers", "services"])
def test_no_module_is_a_drawer(word):
    """A function without a home has a missing noun, not a drawer to be put into."""
    assert [module for module in TREES if word in module.split(".")] == []


def length(function):
    """Lines from the first statement after the docstring to the end."""
    described = ast.get_docstring(function) is not None and len(function.body) > 1
    return function.end_lineno - function.body[described].lineno + 1


@pytest.mark.parametrize("module", TREES)
def test_modules_can_be_read_in_one_go(module):
    """No module is longer than 400 lines, no function than 40."""
    functions = [
        node
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

    assert [node.name for node in functions if length(node) > 40] == []
    assert max((node.end_lineno or 0 for node in TREES[module].body), default=0) <= 400
