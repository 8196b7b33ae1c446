"""The hash chain over the ledger (DESIGN.md chapter 3), the same on both graphs.

Each position carries the hash of its content, and the chain links those hashes, not the bytes: a content can be
erased by law (its hash and position stay) and the chain still holds.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

GENESIS: Final = bytes(32)
"""What position 1 links to: the head of the empty ledger."""


def content_hash(line: bytes) -> bytes:
    """SHA-256 of a fact's canonical line (`graph.intake.line_of`)."""
    return sha256(line).digest()


def link(previous: bytes, content: bytes) -> bytes:
    """The head after a position: SHA-256 of the head before it followed by its content's hash."""
    return sha256(previous + content).digest()
