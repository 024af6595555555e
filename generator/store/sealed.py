"""Sealed files: where they are, and rewriting them only when what they hold has changed."""

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path

from generator.errors import SealError
from generator.store import files
from generator.store.vault import Purpose, Vault

_COMPRESSED: frozenset[Purpose] = frozenset({"snapshot", "masters"})
"""Compressed before sealing, because ciphertext compresses nowhere later."""
_COMPRESSION = 6


@dataclass(frozen=True, slots=True)
class Place:
    """The one place where a sealed file opens."""

    path: Path
    purpose: Purpose
    subject_id: str

    @property
    def where(self) -> str:
        """The file for people, from the state directory down; it tells nothing but the id."""
        return "/".join(self.path.parts[-4:])


def account_place(data: Path, account_id: str, purpose: Purpose) -> Place:
    """Where an account's file of this purpose is."""
    return Place(data / "accounts" / account_id / purpose, purpose, account_id)


def load_sealed(place: Place, vault: Vault) -> bytes:
    """What the file holds. Raises SealError naming the place, or OSError."""
    try:
        plaintext = vault.open(place.purpose, place.subject_id, place.path.read_bytes())
        return gzip.decompress(plaintext) if place.purpose in _COMPRESSED else plaintext
    except SealError as error:
        raise SealError(place.where, error.what, error.hint) from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise SealError(place.where, "holds nothing that could be unpacked") from None


def save_sealed(place: Place, vault: Vault, plaintext: bytes) -> bool:
    """Makes the file hold `plaintext`; True when it had to be written for that."""
    if _holds(place, vault, plaintext):
        return False
    if place.purpose in _COMPRESSED:
        plaintext = gzip.compress(plaintext, _COMPRESSION, mtime=0)
    envelope = vault.seal(place.purpose, place.subject_id, plaintext)
    files.write_atomic(place.path, envelope, files.SECRET_MODE)
    return True


def _holds(place: Place, vault: Vault, plaintext: bytes) -> bool:
    """Whether the file holds `plaintext` already; one that does not open holds nothing."""
    try:
        return load_sealed(place, vault) == plaintext
    except (SealError, FileNotFoundError):
        return False
