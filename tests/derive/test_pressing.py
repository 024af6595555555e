"""What the format text tells of the object."""

import json
from pathlib import Path

import pytest

from generator.derive.pressing import Pressing, pressing_of

PRESSINGS = json.loads((Path(__file__).parents[1] / "js/pressing.json").read_text())


@pytest.mark.parametrize(("formats", "kind", "colour", "pattern", "words"), PRESSINGS)
def test_pages_and_browser_tell_the_same(formats, kind, colour, pattern, words):
    assert pressing_of(formats) == Pressing(kind, colour, pattern, words)
