"""Compressed copies beside the files, for servers that send them instead of compressing."""

import zlib
from collections.abc import Set
from pathlib import Path

TEXTS = frozenset({".css", ".csv", ".html", ".js", ".json", ".svg", ".txt", ".xml"})
LEAST = 1024
"""Bytes; below, a header costs what compression saves."""
_GZIP = zlib.MAX_WBITS + 16


def precompress(directory: Path, kept: Set[str] = frozenset()) -> None:
    """Put NAME.gz beside every text file of some size; without a time, so that bytes repeat.

    `kept` are files that have theirs already.
    """
    for path in sorted(directory.rglob("*")):
        if path.relative_to(directory).as_posix() in kept:
            continue
        if path.suffix in TEXTS and path.is_file() and path.stat().st_size >= LEAST:
            copy = path.with_name(f"{path.name}.gz")
            copy.unlink(missing_ok=True)
            copy.write_bytes(_packed(path.read_bytes()))


def _packed(content: bytes) -> bytes:
    packing = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, _GZIP)
    return packing.compress(content) + packing.flush()
