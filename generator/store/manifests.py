"""What the last build of each output was made from, sealed below `data/built/`.

It names accounts and secret links, so it is sealed like them. It describes a site on this machine,
so it is no state: the branch does not keep it, and without it everything is rendered.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from generator.errors import SealError
from generator.store import files
from generator.store.sealed import Place, load_sealed
from generator.store.vault import Vault


class Manifests:
    """The manifest of one output; the vault is asked for only to seal or open."""

    def __init__(self, data: Path, vault: Callable[[], Vault], output: Path) -> None:
        self._vault = vault
        name = hashlib.sha256(bytes(output.resolve())).hexdigest()[:16]
        self._place = Place(data / "built" / name, "manifest", name)

    def load(self) -> bytes | None:
        """What was saved last; None where nothing was, or where it cannot be read any more."""
        try:
            return load_sealed(self._place, self._vault())
        except (SealError, OSError):
            return None

    def save(self, text: bytes) -> None:
        """Keep it in place of the former one."""
        envelope = self._vault().seal("manifest", self._place.subject_id, text)
        files.write_atomic(self._place.path, envelope, files.SECRET_MODE)

    def forget(self) -> None:
        """Keep nothing any more. Needs no key."""
        if self._place.path.exists():
            files.remove_file(self._place.path)
