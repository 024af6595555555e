"""Sealed files: their places, writes only where the content changed, and sizes that hide it."""

import gzip
import io
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from generator.errors import SealError
from generator.store import files
from generator.store.vault import Purpose, Vault, generation_of

_COMPRESSED: frozenset[Purpose] = frozenset({"snapshot"})
"""Compressed before sealing: ciphertext cannot be compressed later."""
_COMPRESSION = 6
_SMALLEST = 1024  # bytes; smaller contents all have this size
_GZIP = zlib.MAX_WBITS + 16
_PIECE = 2**16
_NOT_PACKED = (gzip.BadGzipFile, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class Place:
    """The one place where a sealed file opens."""

    path: Path
    purpose: Purpose
    subject_id: str

    @property
    def where(self) -> str:
        """The path from the state directory down, for messages; it holds nothing but the id."""
        return "/".join(self.path.parts[-4:])


def account_place(data: Path, account_id: str, purpose: Purpose) -> Place:
    """The place of an account's file of this purpose."""
    return Place(data / "accounts" / account_id / purpose, purpose, account_id)


def load_sealed(place: Place, vault: Vault, least: int = 0) -> bytes:
    """The content of the file. Raises SealError naming the place, or OSError.

    A generation below `least` is an older version that somebody put back.
    """
    try:
        envelope = place.path.read_bytes()
        content = vault.open(place.purpose, place.subject_id, envelope)
        compressed = place.purpose in _COMPRESSED
        text = gzip.decompress(content) if compressed else content.rstrip(b" ")
    except SealError as error:
        raise SealError(place.where, error.what) from None
    except _NOT_PACKED:
        raise SealError(place.where, "holds data that cannot be decompressed") from None
    if generation_of(envelope) < least:
        hint = (
            f"restore the newest version; to accept this one, delete {place.path.parts[-4]}/.seen"
        )
        raise SealError(place.where, "is older than the version that was here before", hint)
    return text


def save_sealed(place: Place, vault: Vault, text: Iterable[bytes], least: int = 0) -> bool:
    """Store `text`, which comes in pieces; True if the file had to be written.

    A compressed text is never in memory as a whole. The file gets a generation above `least` and
    that of the version before.
    """
    if place.purpose in _COMPRESSED:
        content = padded(b"".join(_packed(text)), b"\0")  # which gzip allows at the end
    else:
        content = padded(b"".join(text), b" ")  # which JSON allows at the end
    before = stated_generation(place.path)
    if before >= least and _holds(place, vault, content):
        return False
    envelope = vault.seal(place.purpose, place.subject_id, content, max(before, least) + 1)
    files.write_atomic(place.path, envelope, files.SECRET_MODE)
    return True


def stated_generation(path: Path) -> int:
    """The generation of a sealed file, 0 for one that is missing or damaged."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 512))
            found = re.search(rb'"g":(\d{1,15}),"kid"', file.read())
    except OSError:
        return 0
    return int(found[1]) if found else 0


def padded(content: bytes, filler: bytes) -> bytes:
    """The content up to the next size of Padmé, which is at most 12 % more.

    Ciphertext is as long as its content, so a size would show how large a collection is. Nikitin
    et al., Reducing Metadata Leakage from Encrypted Files and Communication with PURBs, 2019.
    """
    size = max(_SMALLEST, len(content))
    exponent = size.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return content + filler * (-(-size // step) * step - len(content))


def _holds(place: Place, vault: Vault, content: bytes) -> bool:
    """Whether the file holds `content` already; a file that does not open holds nothing.

    Another version of zlib compresses the same text to other bytes.
    """
    try:
        held = vault.open(place.purpose, place.subject_id, place.path.read_bytes())
        return held == content or (
            place.purpose in _COMPRESSED
            and all(one == two for one, two in zip_longest(_pieces(held), _pieces(content)))
        )
    except (SealError, OSError, *_NOT_PACKED):
        return False


def _packed(text: Iterable[bytes]) -> Iterator[bytes]:
    """The text in gzip's format, without a time."""
    packing = zlib.compressobj(_COMPRESSION, wbits=_GZIP)
    yield from map(packing.compress, text)
    yield packing.flush()


def _pieces(packed: bytes) -> Iterator[bytes]:
    """The text in pieces of one size."""
    with gzip.open(io.BytesIO(packed)) as file:
        while piece := file.read(_PIECE):
            yield piece
