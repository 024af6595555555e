"""Covers: the addresses of small and large covers, apart from what search and filters need.

An address of Discogs is a signature, options and the image's name in base 64. Both sizes share
the name, names hold the release's id, and options repeat; only signatures are incompressible.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from generator.derive.rows import Row, accepted_images
from generator.domain.collection import Collection

_ADDRESS = re.compile(r"([^/]+)/((?:[a-z]+:[^/]+/)+)((?:[\w-]{16}/)*[\w-]{1,16})\.jpeg", re.ASCII)
_STEM = "s3://discogs-database-images/R-"
_PIECE = 16

_Column = dict[str, object]


class _Parts(NamedTuple):
    """An address without its origin: what signs it, how it is cut, which image it is.

    An address of another kind is all signature.
    """

    signature: str
    options: str = ""
    name: str = ""


def cover_columns(releases: Sequence[Row], origin: str) -> tuple[_Column, _Column]:
    """The addresses of the releases' small covers and of their large ones, in the same order."""
    small = [_parts(row.thumb or row.cover, row, origin) for row in releases]
    large = [_parts(row.cover or row.thumb, row, origin) for row in releases]
    unshared = [
        other._replace(name="") if other.name == one.name else other
        for one, other in zip(small, large, strict=True)
    ]
    return _columns(small), _columns(unshared)


def refused_covers(collection: Collection, origin: str) -> str:
    """A warning where most covers are not at the origin the pages may load from, else ""."""
    covers = (one.cover or one.thumb for one in collection.releases.values())
    sent, accepted = [address for address in covers if address], accepted_images(origin)
    refused = [address for address in sent if not accepted.fullmatch(address)]
    if len(refused) * 2 <= len(sent):
        return ""
    ((place, _),) = Counter(map(_host, refused)).most_common(1)
    return f"most covers are at {place} instead of {_host(origin)}, so pages show drawn sleeves"


def _host(address: str) -> str:
    found = re.match(r"https?://([A-Za-z0-9.-]{1,100})(?:[:/]|$)", address)
    return found[1] if found else "another address"


def _parts(address: str | None, row: Row, origin: str) -> _Parts:
    if address is None:
        return _Parts("")
    rest = address.removeprefix(f"{origin}/")
    found = _ADDRESS.fullmatch(rest)
    if found is None:
        return _Parts(rest)
    signature, options, coded = found.groups()
    name = _name(coded, f"{_STEM}{row.release_id}-")
    return _Parts(rest) if name is None else _Parts(signature, options, name)


def _name(coded: str, stem: str) -> str | None:
    """What follows the stem in a coded name, if coding it again gives the same."""
    digits = coded.replace("/", "")
    try:
        path = urlsafe_b64decode(digits + "=" * (-len(digits) % 4)).decode("ascii")
    except (Error, UnicodeDecodeError):
        return None
    name = path.removeprefix(stem)
    plain = name.isprintable() and name not in ("", path)
    return name if plain and _coded(path) == coded else None


def _coded(path: str) -> str:
    digits = urlsafe_b64encode(path.encode()).decode().rstrip("=")
    return "/".join(digits[start : start + _PIECE] for start in range(0, len(digits), _PIECE))


def _columns(parts: Sequence[_Parts]) -> _Column:
    options = sorted({each.options for each in parts})
    numbers = {option: number for number, option in enumerate(options)}
    return {
        "signatures": [each.signature for each in parts],
        "options": options,
        "cuts": [numbers[each.options] for each in parts],
        "names": [each.name for each in parts],
    }
