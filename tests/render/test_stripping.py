"""Stripping: nothing but comments and white space may be missing from what is published."""

import re
from pathlib import Path

import pytest

from generator.render.assets import bundled, collected
from generator.render.stripping import stripped

ASSETS = bundled("assets")
SOURCES = sorted(
    path.relative_to(ASSETS).as_posix()
    for folder, ending in (("js", "*.js"), ("css", "*.css"))
    for path in (ASSETS / folder).rglob(ending)
)
SKIPPED = r"/\*(?:[^*]|\*(?!/))*\*/|\s+"
LEXEME = r"""|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\w$#@-]+|."""
SHEET = re.compile(SKIPPED + LEXEME, re.DOTALL)
SCRIPT = re.compile(r"//[^\n]*|" + SKIPPED + LEXEME, re.DOTALL)
EXPRESSION = re.compile(r"/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")
BEFORE_EXPRESSION = {"", "return", *"(,=:[!&|?{};>"}


def after_template(source, start):
    """Where the template that opens at `start` ends; what its braces hold belongs to it."""
    place, depth = start + 1, 0
    while depth or source[place] != "`":
        if source[place] == "`":
            place = after_template(source, place)
            continue
        if source[place] == "\\" or source.startswith("${", place):
            depth += source[place] == "$"
            place += 1
        elif depth:
            depth += (source[place] == "{") - (source[place] == "}")
        place += 1
    return place + 1


def lexemes(source, script):
    """What a browser reads of a source: all but comments and the white space between words."""
    found, place = [""], 0
    while place < len(source):
        expression = EXPRESSION.match(source, place) if found[-1] in BEFORE_EXPRESSION else None
        if script and source[place] == "`":
            end = after_template(source, place)
        elif script and expression:
            end = expression.end()
        else:
            end = (SCRIPT if script else SHEET).match(source, place).end()  # type: ignore[union-attr]
        text = source[place:end]
        if not (text.isspace() or text.startswith(("//", "/*"))):
            found.append(text)
        place = end
    return found


def published(path):
    return stripped(path, (ASSETS / path).read_bytes()).decode()


@pytest.mark.parametrize("path", SOURCES)
def test_every_other_token_stays(path):
    """Read by other rules than the stripping's own, the source and what is published are alike."""
    script = path.endswith(".js")
    source = (ASSETS / path).read_text()

    assert lexemes(published(path), script) == lexemes(source, script)


@pytest.mark.parametrize("path", SOURCES)
def test_lines_begin_with_code(path):
    """Neither indentation nor a comment of its own is left."""
    assert not re.search(r"^(\s|//|/\*)", published(path), re.MULTILINE)


@pytest.mark.parametrize("path", SOURCES)
def test_stripping_again_changes_nothing(path):
    """What is left has nothing left to strip."""
    assert stripped(path, published(path).encode()).decode() == published(path)


def test_a_script_keeps_its_texts():
    """Comments go where they begin a line; what looks like one elsewhere stays."""
    source = """\
/** Of the module. */

// A line.
import { at } from "./at.js"; // stays
/**
 * Of `one`.
 */
export function one() {
    /* a block */ return /** @type {string} */ ("// not one" + `/* nor ${at} */`);
}
/*! A licence. */
"""

    assert stripped("js/one.js", source.encode()).decode() == (
        'import { at } from "./at.js"; // stays\n'
        "export function one() {\n"
        'return /** @type {string} */ ("// not one" + `/* nor ${at} */`);\n'
        "}\n"
        "/*! A licence. */\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        "const text = `\n  // kept\n`;\n",
        "const text = `a\\`\n  // kept\n`;\n",
        'const text = "a\\\n  // kept";\n',
        "one(); /* a comment\n  // that\n  /** goes on */\n",
    ],
)
def test_a_script_whose_lines_begin_in_a_text_is_kept(source):
    """Templates, continued strings and comments after code may run over several lines."""
    assert stripped("js/one.js", source.encode()).decode() == source


def test_a_sheet_keeps_its_texts():
    """Comments go where they begin or end a line; between words they keep these apart."""
    source = """\
/* Of the sheet:
   two lines. */
@layer components {
  /* A rule. */
  a/* not a descendant */.b { content: "/* text */"; } /* its end */
  /* one */ c { color: red; } /* two */ d { margin: 0 /* three */ auto; }
  e::after { content: '\\'/*'; background: url(/*.png); }
}
"""

    assert stripped("css/one.css", source.encode()).decode() == (
        "@layer components {\n"
        'a/* not a descendant */.b { content: "/* text */"; }\n'
        "c { color: red; } /* two */ d { margin: 0 /* three */ auto; }\n"
        "e::after { content: '\\'/*'; background: url(/*.png); }\n"
        "}\n"
    )


@pytest.mark.parametrize(
    "path", ["vendor/chart.js/chart.umd.min.js", "fonts/LICENSE", "js/types.d.ts", "site.css"]
)
def test_everything_else_is_published_as_it_is(path):
    """What others wrote, and what is no script and no style sheet of ours."""
    assert stripped(path, b"  // \xff\n") == b"  // \xff\n"


def test_only_bundled_assets_are_stripped(tmp_path):
    """Whoever overrides a file knows why it is as it is."""
    own = tmp_path / "js" / "main.js"
    own.parent.mkdir()
    own.write_bytes(b"  // mine\n")
    found = collected([Path(tmp_path), ASSETS])

    assert found["js/main.js"] == b"  // mine\n"
    assert found["css/tokens.css"].decode() == published("css/tokens.css")
