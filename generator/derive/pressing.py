"""What the format text tells of the object: a disc of which kind and colour, or none.

The browser does the same: assets/src/js/model/pressing.js.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

_VINYL = re.compile(
    r"(\d+×)?(vinyl|lathe cut|acetate|flexi-disc|shellac|pathé disc|edison disc)\b", re.IGNORECASE
)
_SILVER = re.compile(
    r"(\d+×)?(cdr?|sacd|dvdr?|blu-ray(-r)?|cdv|minidvd|hybrid|laserdisc|vcd|svcd|hd dvd)\b",
    re.IGNORECASE,
)
_PATTERN = re.compile(
    r"\b(splatter(?:ed)?|marbled?|swirl(?:ed)?|smoke|split|half|translucent|transparent|clear)\b",
    re.IGNORECASE,
)
_COLOUR = re.compile(
    r"\b(black|white|red|orange|yellow|green|blue|turquoise|purple|violet|pink|brown|gr[ae]y"
    r"|silver|gold(?:en)?)\b",
    re.IGNORECASE,
)
_KIN = {
    "violet": "purple",
    "gray": "grey",
    "silver": "grey",
    "golden": "gold",
    "turquoise": "blue",
}
_PATTERNS = {"splatter": "splatter", "split": "split", "half": "split"} | dict.fromkeys(
    ("marble", "swirl", "smoke"), "marbled"
)


class Pressing(NamedTuple):
    """The object of a record."""

    kind: str  # vinyl, silver, or nothing: a cassette, a file
    colour: str  # of the vinyl, in one of twelve words; nothing where the text names none
    pattern: str  # splatter, marbled, split, clear or nothing
    words: str  # "marbled green 2×vinyl"


def pressing_of(formats: Sequence[str]) -> Pressing:
    """The object of a record, by the first of its format texts that is one."""
    things = (text for text in formats if not text.casefold().startswith("all media"))
    main = next(things, formats[0] if formats else "")
    name = main.partition(",")[0]
    if _SILVER.match(main):
        return Pressing("silver", "", "", name)
    if not _VINYL.match(main):
        return Pressing("", "", "", name)
    text = ", ".join(formats)
    colour, pattern = _found(_COLOUR, text), _found(_PATTERN, text)
    said = " ".join(filter(None, (pattern, colour)))
    shown = f"{said} {name.lower()}" if said else name
    kind = next((kind for word, kind in _PATTERNS.items() if pattern.startswith(word)), "clear")
    return Pressing("vinyl", _KIN.get(colour, colour), pattern and kind, shown)


def _found(words: re.Pattern[str], text: str) -> str:
    """The first of the words in a text, in small letters."""
    match = words.search(text)
    return match[0].lower() if match else ""
