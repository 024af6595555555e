"""Stripping: scripts and style sheets without the comments and indentation that only we read.

It knows lines, not languages: a script whose lines may begin inside a text stays as it is.
"""

import re

_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*$|/\*(?!!).*?\*/)", re.MULTILINE | re.DOTALL)
_SHEET_COMMENT = re.compile(
    r"(?<![^\n])[ \t]*/\*(?!!)[^*]*\*+(?:[^/*][^*]*\*+)*/"
    r"|[ \t]*/\*(?!!)[^*]*\*+(?:[^/*][^*]*\*+)*/(?![^\n])"
    r"""|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|url\([^)]*\)|/\*.*?\*/)""",
    re.DOTALL,
)
_UNENDED = re.compile(r"/\*(?!.*\*/)|\\`|\\$")
_INDENTATION = re.compile(r"^\s+", re.MULTILINE)


def stripped(path: str, content: bytes) -> bytes:
    """The asset as it is published; what is neither a script nor a style sheet of ours is kept."""
    if path.startswith("js/") and path.endswith(".js"):
        return _script(content.decode()).encode()
    if path.startswith("css/"):
        return _sheet(content.decode()).encode()
    return content


def _script(text: str) -> str:
    """Without comments that begin a line.

    A string or an expression ends with its line; a template may not, nor a comment after code, nor
    a string with a backslash at the line's end. A script with one of those is kept whole.
    """
    bare = _COMMENT.sub("", text)
    if any(_UNENDED.search(line) or line.count("`") % 2 for line in bare.split("\n")):
        return text
    return _INDENTATION.sub("", bare)


def _sheet(text: str) -> str:
    """Without comments that begin or end a line; between words of one line they keep them apart."""
    return _INDENTATION.sub("", _SHEET_COMMENT.sub(r"\1", text))
