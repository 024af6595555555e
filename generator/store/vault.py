"""Encryption at rest, and the only home of cryptography: a ring of keys seals and opens envelopes.

An envelope is JSON with the algorithm, the key's id, the purpose and the id of its subject. All of
that is authenticated, so one account's token does not open in another account's place.
"""

import base64
import binascii
import hashlib
import json
import re
import secrets
from collections.abc import Callable
from functools import cache
from typing import Literal, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from generator.errors import SealError, VaultError

Purpose = Literal["token", "account", "status", "pending", "snapshot", "seen"]

SETTING = "OAUTH_ENCRYPTION_KEY"
KEY_BYTES = 32
NONCE_BYTES = 12
LEAST_VARIETY = 20
"""Distinct bytes of a key. Of random keys one in 7 billion has fewer; of hexadecimal or repeated
text, and of 16 bytes padded with zeros, every one has."""

_ALGORITHM = "A256GCM"
_VERSION = 1
_MEMBERS = {"alg": str, "kid": str, "p": str, "u": str, "v": int, "n": str, "c": str}


class _Envelope(NamedTuple):
    """A parsed envelope; `context` is everything but nonce and ciphertext."""

    context: dict[str, str | int]
    nonce: bytes
    ciphertext: bytes


class Vault:
    """A ring of keys: the first seals, all open. Its repr is redacted."""

    def __init__(
        self, keys: tuple[bytes, ...], randomness: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        for number, key in enumerate(keys, start=1):
            _check_key(key, number)
        if not keys:
            raise VaultError(SETTING, "holds no key")
        self._keys = {_key_id(key): key for key in keys}
        self._first = _key_id(keys[0])
        self._randomness = randomness

    @classmethod
    def from_setting(cls, text: str) -> "Vault":
        """The ring in a setting: base64url keys separated by commas. Raises VaultError."""
        if not text.strip():
            raise VaultError(SETTING, "is not set")
        parts = text.split(",")
        return cls(tuple(_decoded_key(part.strip(), n) for n, part in enumerate(parts, start=1)))

    def __repr__(self) -> str:
        return "Vault(***)"

    def seal(
        self, purpose: Purpose, subject_id: str, plaintext: bytes, generation: int = 0
    ) -> bytes:
        """An envelope around `plaintext`, which opens for this purpose and this id alone.

        Each version of a file has a greater generation than the one before.
        """
        context: dict[str, str | int] = {
            "alg": _ALGORITHM,
            "kid": self._first,
            "p": purpose,
            "u": subject_id,
            "v": _VERSION,
        }
        if generation:
            context["g"] = generation
        nonce = self._randomness(NONCE_BYTES)
        cipher = AESGCM(_subkey(self._keys[self._first], purpose))
        ciphertext = cipher.encrypt(nonce, plaintext, _canonical(context))
        return _canonical({**context, "n": _encoded(nonce), "c": _encoded(ciphertext)})

    def open(self, purpose: Purpose, subject_id: str, envelope: bytes) -> bytes:
        """The plaintext sealed for this purpose and id. Raises SealError; it quotes no content."""
        where = f"sealed {purpose} of {subject_id}"
        context, nonce, ciphertext = _parse_envelope(envelope, where)
        if context["alg"] != _ALGORITHM or context["v"] != _VERSION:
            raise SealError(where, "is sealed in a format that this version does not read")
        if context["p"] != purpose or context["u"] != subject_id:
            raise SealError(where, "is sealed for another place")
        key = self._keys.get(str(context["kid"]))
        if key is None:
            raise SealError(where, f"is sealed with a key that is not in {SETTING}")
        try:
            return AESGCM(_subkey(key, purpose)).decrypt(nonce, ciphertext, _canonical(context))
        except InvalidTag:
            raise SealError(where, "was changed after it was sealed") from None

    def is_current(self, envelope: bytes) -> bool:
        """Whether an envelope is sealed under the first key. Raises SealError."""
        return _parse_envelope(envelope, "a sealed file").context["kid"] == self._first


def generation_of(envelope: bytes) -> int:
    """The generation an envelope states, which opening it proves. Raises SealError."""
    return int(_parse_envelope(envelope, "a sealed file").context.get("g", 0))


def new_key() -> str:
    """A fresh key, as the setting holds it."""
    return _encoded(secrets.token_bytes(KEY_BYTES))


def _decoded_key(text: str, number: int) -> bytes:
    if not re.fullmatch(r"[A-Za-z0-9_-]+={0,2}", text):
        what = "is not base64url" if text else "is empty"
        raise VaultError(SETTING, f"key {number} {what}")
    unpadded = text.rstrip("=")
    try:
        return base64.urlsafe_b64decode(unpadded + "=" * (-len(unpadded) % 4))
    except binascii.Error:
        raise VaultError(SETTING, f"key {number} is not base64url") from None


def _check_key(key: bytes, number: int) -> None:
    if len(key) != KEY_BYTES:
        raise VaultError(SETTING, f"key {number} is {len(key)} bytes long instead of {KEY_BYTES}")
    if len(set(key)) < LEAST_VARIETY:
        raise VaultError(SETTING, f"key {number} is not random: it repeats too few bytes")


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"gatefold/key-id/v1:" + key).hexdigest()[:16]


@cache
def _subkey(key: bytes, purpose: str) -> bytes:
    info = f"gatefold/{purpose}/v{_VERSION}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)


def _canonical(members: dict[str, str | int]) -> bytes:
    return json.dumps(members, sort_keys=True, separators=(",", ":")).encode()


def _parse_envelope(envelope: bytes, where: str) -> _Envelope:
    damaged = SealError(where, "is not a sealed file, or is damaged")
    try:
        members = json.loads(envelope)
    except (ValueError, RecursionError):
        raise damaged from None
    if not isinstance(members, dict) or members.keys() - {"g"} != _MEMBERS.keys():
        raise damaged
    kinds = _MEMBERS | {"g": int} if "g" in members else _MEMBERS
    if any(type(members[name]) is not kind for name, kind in kinds.items()):
        raise damaged
    nonce, ciphertext = _decoded(members.pop("n")), _decoded(members.pop("c"))
    if nonce is None or ciphertext is None or len(nonce) != NONCE_BYTES:
        raise damaged
    return _Envelope(members, nonce, ciphertext)


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes | None:
    """The bytes that `_encoded` turns into exactly this text, None for any other text."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    return data if _encoded(data) == text else None
