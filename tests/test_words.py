"""Docstrings use engineers' nouns, not descriptions of them."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "generator"


def words_of(path):
    """The words of all docstrings of a module, those of attributes included."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield from re.findall("[a-z']+", str(node.value.value).lower())


@pytest.mark.parametrize(("words", "most"), [(["what"], 2.0), (["told", "tell", "tells"], 0.3)])
def test_a_word_that_hides_a_noun_is_rare(words, most):
    counts = {path: Counter(words_of(path)) for path in PACKAGE.rglob("*.py")}
    total = sum(map(Counter.total, counts.values()))
    found = {
        str(path.relative_to(PACKAGE)): number
        for path, count in sorted(counts.items())
        if (number := sum(count[word] for word in words))
    }

    assert sum(found.values()) * 1000 <= most * total, found
