"""Imports point down, every library has one home, and every public name exists once."""

import ast
import graphlib
import sys
from collections import defaultdict
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "generator"
ROWS = (
    {"__main__"},
    {"actions"},
    {"cli"},
    {"listed"},
    {"sync", "connect", "accounts", "build", "enrich", "doctor", "config"},
    {"discogs", "store", "render", "demo"},
    {"derive"},
    {"domain"},
    {"errors"},
)
ROW_OF = {part: row for row, parts in enumerate(ROWS) for part in parts}
HOMES = {
    "click": {"cli", "actions"},
    "cryptography": {"store.vault"},
    "dotenv": {"config"},
    "filelock": {"store.state", "store.masters", "render"},
    "jinja2": {"render"},
    "markupsafe": {"render"},
    "msgspec": {
        *("domain", "derive", "store.state", "store.merging", "render"),
        *("config", "sync", "connect", "accounts", "build"),
    },
    "oauthlib": {"discogs.signing", "demo"},
    "PIL": {"render", "demo"},
    "pydantic": {"discogs.payloads"},
    "requests": {"discogs"},
    "requests_oauthlib": {"discogs.signing"},
    "selectolax": {"render"},
    "tzlocal": {"cli.workspace"},
    "urllib3": {"discogs.http", "discogs.dumps"},
    "watchfiles": {"cli.serving"},
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


def part(module):
    return module.partition(".")[0]


TREES = {
    module_at(path): ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))
}
OURS = {
    module: {
        module_of(name, TREES) for name in named_by(tree) if name.partition(".")[0] == "generator"
    }
    for module, tree in TREES.items()
}


def test_every_part_has_a_row():
    assert {part(module) for module in TREES} - {""} <= set(ROW_OF)


@pytest.mark.parametrize("module", [module for module in TREES if part(module) in ROW_OF])
def test_imports_point_down(module):
    row = ROW_OF[part(module)]
    wrong = {
        other
        for other in OURS[module]
        if other and part(other) != part(module) and ROW_OF[part(other)] <= row
    }

    assert wrong == set()


def test_the_package_for_github_actions_is_imported_by_nobody():
    assert {
        module
        for module, others in OURS.items()
        if part(module) != "actions" and "actions" in map(part, others)
    } == set()


def test_the_package_s_own_module_imports_nothing():
    assert set(named_by(TREES[""])) == set()


def test_no_imports_form_a_circle():
    graph = {module: others - {module, ""} for module, others in OURS.items()}

    assert len(list(graphlib.TopologicalSorter(graph).static_order())) >= len(graph) - 1


@pytest.mark.parametrize("module", TREES)
def test_libraries_stay_at_home(module):
    foreign = {name.partition(".")[0] for name in named_by(TREES[module])}
    foreign -= sys.stdlib_module_names | {"generator"}
    strangers = {
        library
        for library in foreign
        if not any(f"{module}.".startswith(f"{home}.") for home in HOMES.get(library, ()))
    }

    assert strangers == set()


def defined(tree):
    """The public functions, classes and constants of a module."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
        else:
            continue
        yield from (name for name in names if not name.startswith("_"))


def test_every_public_name_is_defined_once():
    homes = defaultdict(list)
    for module, tree in TREES.items():
        for name in defined(tree):
            homes[name].append(module)

    assert {name: modules for name, modules in homes.items() if len(set(modules)) > 1} == {}


@pytest.mark.parametrize("module", [module for module in TREES if part(module) != "cli"])
def test_no_application_object_exists_below_the_command_line(module):
    nodes = list(ast.walk(TREES[module]))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {node.name for node in nodes if isinstance(node, ast.ClassDef)}
    names |= {name.rpartition(".")[2] for name in named_by(TREES[module])}

    assert "App" not in names


@pytest.mark.parametrize(
    "word", ["utils", "helpers", "common", "misc", "managers", "services", "handlers"]
)
def test_no_module_is_a_drawer(word):
    assert [module for module in TREES if word in module.split(".")] == []


@pytest.mark.parametrize("module", TREES)
def test_a_module_has_at_most_600_lines(module):
    assert max((node.end_lineno or 0 for node in TREES[module].body), default=0) <= 600
