"""Bundling: one script for each component and one style sheet for each page, of what they import.

The sources stay plain modules and plain sheets. A bundle only puts what a page loads anyway into
one file: that compresses better, and needs one round trip instead of one for each level.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping

from generator.errors import RenderError

Sources = Mapping[str, str]
Links = Callable[[str], Iterable[str]]
"""What a source imports, as it says it."""

OWN_STYLES = "css/own.css"
"""A workspace's own sheet: every page has it last."""

_MODULE = re.compile(r"js/(?!theme-boot\.js$).+\.js")
_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";$', re.MULTILINE)
_LAZY = re.compile(r'\bimport\("(\.[^"]+)"\)')
_EXPORT = re.compile(r"^export (?=(?:async function|function|const|class) (\w+))", re.MULTILINE)
_MOUNT = re.compile(r"^export (?:async )?function mount\b", re.MULTILINE)
_OTHER_FORM = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_STYLES_IMPORT = re.compile(r'^@import "([^"]+)";\n?', re.MULTILINE)
_STYLES_LINK = re.compile(r'url\("([^":]+)"\)')


def bundled(assets: Mapping[str, bytes]) -> dict[str, bytes]:
    """The assets as pages ask for them; what others import is not published besides.

    Raises RenderError for an import that leads nowhere or in a circle, or that is written in
    another way than `import { name } from "./module.js";` or `@import "sheet.css";`.
    """
    modules = {name: text.decode() for name, text in assets.items() if _MODULE.fullmatch(name)}
    sheets = {name: text.decode() for name, text in assets.items() if name.endswith(".css")}
    made = _scripts(modules) | _sheets(sheets)
    rest = {name: text for name, text in assets.items() if name not in modules | sheets}
    return dict(sorted((rest | {name: text.encode() for name, text in made.items()}).items()))


def _scripts(modules: Sources) -> dict[str, str]:
    """Every module that a page or another module asks for by its address."""
    lazy = {_beside(name, link) for name, text in modules.items() for link in _LAZY.findall(text)}
    mounted = {name for name, text in modules.items() if _MOUNT.search(text)}
    entries = _not_imported(modules, _module_links) | lazy | mounted
    return {entry: _script(entry, modules) for entry in sorted(entries)}


def _not_imported(sources: Sources, links: Links) -> set[str]:
    imported = {_beside(name, link) for name, text in sources.items() for link in links(text)}
    return sources.keys() - imported


def _module_links(text: str) -> list[str]:
    return [link for _, link in _IMPORT.findall(text)]


def _script(entry: str, modules: Sources) -> str:
    """A module with all it imports before it, each as a closed function of its own."""
    *before, _ = _in_order(entry, modules, _module_links)
    parts = [
        f"const {_handle(name)} = (() => {{\n{_closed(name, modules)}}})();\n" for name in before
    ]
    return "".join(parts) + _linked(entry, modules[entry])


def _closed(name: str, modules: Sources) -> str:
    text = _linked(name, modules[name])
    if "import.meta" in text:
        raise RenderError(name, "asks for its own address, which a bundled module does not have")
    names = ", ".join(_EXPORT.findall(text))
    return f"{_EXPORT.sub('', text)}return {{ {names} }};\n"


def _linked(name: str, text: str) -> str:
    """The module with its imports taken from the bundle."""

    def taken(match: re.Match[str]) -> str:
        names = re.sub(r"\bas\b", ":", " ".join(match[1].split())).replace(" : ", ": ")
        return f"const {{ {names.rstrip(', ')} }} = {_handle(_beside(name, match[2]))};"

    linked = _IMPORT.sub(taken, text)
    unknown = _OTHER_FORM.search(_EXPORT.sub("", linked))
    if unknown:
        raise RenderError(name, f"cannot be bundled: {unknown[0]}")
    return linked


def _handle(name: str) -> str:
    """What a module is called in a bundle: js/model/text.js is $model_text."""
    return "$" + re.sub(r"\W", "_", name.removeprefix("js/").removesuffix(".js"))


def _sheets(sheets: Sources) -> dict[str, str]:
    """Every sheet that is not part of another; those of the pages end with the workspace's own."""
    own = sheets.get(OWN_STYLES, "")
    found = _not_imported(sheets, _STYLES_IMPORT.findall) - {OWN_STYLES}
    pages = {name for name in found if _STYLES_IMPORT.search(sheets[name])}
    return {
        name: _sheet(name, sheets) + (f"\n{own}" if own and name in pages else "") for name in found
    }


def _sheet(page: str, sheets: Sources) -> str:
    names = _in_order(page, sheets, _STYLES_IMPORT.findall)

    def moved(name: str) -> str:
        def link(match: re.Match[str]) -> str:
            return f'url("{posixpath.relpath(_beside(name, match[1]), posixpath.dirname(page))}")'

        return _STYLES_LINK.sub(link, _STYLES_IMPORT.sub("", sheets[name]))

    return "".join(moved(name) for name in names)


def _in_order(entry: str, sources: Sources, links: Links) -> list[str]:
    """The entry and all it imports, each once: in the order of the imports, after its own."""
    done: list[str] = []
    under_way: list[str] = []

    def visit(name: str) -> None:
        if name in done:
            return
        if name not in sources:
            raise RenderError(under_way[-1], f"imports {name}, which is not there")
        if name in under_way:
            raise RenderError(under_way[-1], f"imports {name}, which imports it")
        under_way.append(name)
        for link in links(sources[name]):
            visit(_beside(name, link))
        done.append(under_way.pop())

    visit(entry)
    return done


def _beside(name: str, link: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), link))
