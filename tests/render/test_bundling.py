"""Bundling: pages load few files, and what is in them is what the sources say."""

import pytest

from generator.errors import RenderError
from generator.render.assets import bundled as bundled_directory
from generator.render.assets import collected
from generator.render.bundling import bundled


def made(**sources):
    """The bundles of sources named by their path, dots for what a keyword cannot hold."""
    return {name: text.decode() for name, text in bundled(paths(sources)).items()}


def paths(sources):
    return {
        name.replace("__", "/").replace("_", "."): text.encode() for name, text in sources.items()
    }


def test_a_component_carries_what_it_imports_before_itself():
    """Each module becomes a closed function, after those it imports itself; one serves twice."""
    found = made(
        js__dom_js="export function find() {}\nconst secret = 1;\n",
        js__model__text_js='import { find } from "../dom.js";\nexport const fold = 1;\n',
        js__components__list_js=(
            'import { find as seek } from "../dom.js";\n'
            'import {\n  fold,\n} from "../model/text.js";\n'
            "export function mount() { return [seek, fold]; }\n"
        ),
    )

    assert found == {
        "js/components/list.js": (
            "const $dom = (() => {\nfunction find() {}\nconst secret = 1;\n"
            "return { find };\n})();\n"
            "const $model_text = (() => {\nconst { find } = $dom;\nconst fold = 1;\n"
            "return { fold };\n})();\n"
            "const { find: seek } = $dom;\nconst { fold } = $model_text;\n"
            "export function mount() { return [seek, fold]; }\n"
        )
    }


def test_what_is_loaded_later_is_a_file_of_its_own():
    """A module that a component imports on demand is published beside it, as is a stray one."""
    found = made(
        js__components__list_js='export function mount() { return import("./print.js"); }\n',
        js__components__print_js="export const print = 1;\n",
        js__stray_js='import { print } from "./components/print.js";\n',
        extra_css="p {}\n",
    )

    assert found == {
        "extra.css": "p {}\n",
        "js/components/list.js": 'export function mount() { return import("./print.js"); }\n',
        "js/components/print.js": "export const print = 1;\n",
        "js/stray.js": (
            "const $components_print = (() => {\nconst print = 1;\nreturn { print };\n})();\n"
            "const { print } = $components_print;\n"
        ),
    }


def test_what_is_no_module_or_sheet_is_left_alone():
    """The classic script, fonts, licences and vendored scripts are published as they are."""
    assets = {
        "js/theme-boot.js": b"import nothing",
        "fonts/LICENSE": b"import nothing",
        "vendor/chart.js/chart.umd.min.js": b"import nothing",
    }

    assert bundled(assets) == assets


def test_a_page_sheet_holds_its_imports_and_ends_with_the_workspace_own():
    """Links inside a sheet keep leading to the same file."""
    found = made(
        css__list_css='@import "base.css";\n@import "components/row.css";\n',
        css__base_css='@layer base;\n@font-face { src: url("../fonts/a.woff2"); }\n',
        css__components__row_css='.row { background: url("../../icons/row.svg"); }\n',
        css__own_css=".row { color: red; }\n",
    )

    assert found == {
        "css/list.css": (
            '@layer base;\n@font-face { src: url("../fonts/a.woff2"); }\n'
            '.row { background: url("../icons/row.svg"); }\n\n.row { color: red; }\n'
        )
    }


@pytest.mark.parametrize(
    ("sources", "problem"),
    [
        (
            {"js__components__a_js": 'import { b } from "./b.js";\nexport function mount() {}\n'},
            "js/components/a.js: imports js/components/b.js, which is not there",
        ),
        (
            {
                "js__components__a_js": 'import { b } from "./b.js";\nexport function mount() {}\n',
                "js__components__b_js": 'import { mount } from "./a.js";\nexport const b = 1;\n',
            },
            "js/components/b.js: imports js/components/a.js, which imports it",
        ),
        (
            {"js__components__a_js": 'import b from "./b.js";\nexport function mount() {}\n'},
            'js/components/a.js: cannot be bundled: import b from "./b.js";',
        ),
        (
            {
                "js__components__a_js": 'import { b } from "./b.js";\nexport function mount() {}\n',
                "js__components__b_js": "export const b = import.meta.url;\n",
            },
            "js/components/b.js: asks for its own address",
        ),
        (
            {"css__list_css": '@import "base.css";\n'},
            "css/list.css: imports css/base.css, which is",
        ),
    ],
)
def test_what_cannot_be_bundled_is_refused(sources, problem):
    """An import that leads nowhere, in a circle or is written otherwise stops the build."""
    with pytest.raises(RenderError) as error:
        bundled(paths(sources))

    assert str(error.value).startswith(problem)


def test_no_state_is_in_two_bundles():
    """A page may load several bundles: what a module remembers must not be there twice."""
    directory = bundled_directory("assets")
    holders = {
        path.relative_to(directory).as_posix(): [
            line for line in path.read_text("utf-8").splitlines() if line.startswith("let ")
        ]
        for path in (directory / "js").rglob("*.js")
    }
    scripts = {
        name: text
        for name, text in bundled(collected([directory])).items()
        if name.startswith("js/")
    }
    published = [text.decode() for text in scripts.values()]

    remembering = [lines for lines in holders.values() if lines]
    assert len(remembering) >= 2
    for lines in remembering:
        assert sum(all(line in text for line in lines) for text in published) == 1
