"""Folding, sort keys, search text and credit lines: how names are compared and written."""

import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import unquote

from generator.domain.collection import ArtistCredit, Format, LabelCredit

_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l"}
    | {"ı": "i", "ς": "σ"}  # noqa: RUF001 - these letters are meant
)
_ARTICLES = frozenset("the a an der die das le la les los las el il de het os as".split())
_SUFFIX = re.compile(r" \(\d+\)$")
_DIGITS = re.compile(r"[0-9]+")
_DROPPED = frozenset({"Mn", "Me", "Cf"})

SortKey = str  # compares as the house order: character by character, runs of digits as numbers


def fold(text: str) -> str:
    """The text as it is compared: no marks, no format characters, no case, kindred letters unified.

    Lower-casing comes before the letters so that one table serves both cases and a final sigma
    made by lower-casing is unified too.
    """
    if text.isascii():
        return text.lower()
    marks_gone = "".join(
        char
        for char in unicodedata.normalize("NFKD", text)
        if unicodedata.category(char) not in _DROPPED
    )
    return marks_gone.lower().translate(_LETTERS)


def natural_key(folded: str) -> SortKey:
    """A key that orders folded text code point by code point, runs of ASCII digits as one number.

    Equal numbers: fewer leading zeros first. Numbers stand where the digits stand, before letters.
    They are compared as (length, digits), so that no run is too long to be a number.
    """
    return _DIGITS.sub(_number_key, folded)


def _number_key(run: re.Match[str]) -> str:
    """A run always begins with "0" here, and its two lengths have as many digits as any other's."""
    number = run[0].lstrip("0")
    return f"0{len(number):09}{number}{len(run[0]) - len(number):09}"


def name_key(name: str) -> tuple[SortKey, str]:
    """The order of names in lists of values: by folded text, then by the raw string."""
    return natural_key(fold(name)), name


def sort_name(name: str) -> str:
    """The folded name without one leading article, if something is left without it."""
    folded = fold(name)
    article, space, rest = folded.partition(" ")
    rest = rest.lstrip(" ")
    return rest if space and rest and article in _ARTICLES else folded


def without_suffix(name: str) -> str:
    """The database name without its trailing number: "Nirvana (2)" is "Nirvana"."""
    return _SUFFIX.sub("", name)


def credited_name(artist: ArtistCredit) -> str:
    """The name as this release prints it, else the database name without its number."""
    return artist.printed or without_suffix(artist.name)


def credit_line(artists: Sequence[ArtistCredit]) -> str:
    """All artists in one line, joined as the release joins them."""
    line = ""
    for index, artist in enumerate(artists):
        line += credited_name(artist)
        if index < len(artists) - 1:
            line += _joint(artist.join.strip())
    return line


def _joint(join: str) -> str:
    return f"{join or ','} " if join in ("", ",", ";") else f" {join} "


def format_display(entry: Format) -> str:
    """One format entry as it is shown: "2×Vinyl, LP, Album, 180 g"."""
    name = f"{entry.quantity}×{entry.name}" if entry.quantity > 1 else entry.name
    return ", ".join(part for part in (name, *entry.descriptions, entry.text) if part)


def key_of(credit: ArtistCredit | LabelCredit) -> int | str:
    """The key by which artists and labels are compared: the id, or the folded name without one.

    The suffix stays in a name without id: it distinguishes two artists.
    """
    return credit.id if credit.id is not None else name_only_key(credit.name)


def name_only_key(name: str) -> str:
    """The key of an artist or a label that has a database name and no id."""
    return f"name:{fold(name)}"


def site_name(discogs_name: str) -> str:
    """The default name of an account: folded, only safe characters, ends trimmed."""
    safe = re.sub(r"[^a-z0-9._-]", "-", fold(discogs_name))
    return safe.strip("-_.")[:40].strip("-_.") or "collection"


def discogs_username(text: str) -> str:
    """The user name in a name, or in the address of a profile or a collection."""
    found = re.match(r"(?:https?://)?(?:www\.)?discogs\.com/(?:\w\w/)?user/([^/?#]+)", text.strip())
    return unquote(found[1]) if found else text.strip()
