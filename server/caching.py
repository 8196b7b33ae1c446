"""What a browser may keep (RFC 9111), and whether what it kept is still the answer (RFC 9110, section 13).

An answer is kept by who asked alone, and by default asked about again each time: its entity tag is a hash of all that
it says, so that 304 is the same answer decided anew. Whoever allows more, a few seconds, allows a wrong yes as long; a
question that has the token of a withdrawal is another URL, and so is never answered from before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from schema.context import Context
from schema.documents import Operation

_SECOND: Final = 1_000_000
NO_CACHE: Final = b"private, no-cache"
_DIGEST_BYTES: Final = 16


def entity_tag(body: bytes, media: str) -> bytes:
    """A strong one: equal for equal answers alone."""
    digest = blake2b(body, digest_size=_DIGEST_BYTES, salt=media[:16].encode())
    return b'"' + digest.hexdigest().encode() + b'"'


def unchanged(tag: bytes, if_none_match: str) -> bool:
    """Whether the client has this answer already."""
    said = [each.strip().removeprefix("W/") for each in if_none_match.split(",")]
    return tag.decode() in said or said == ["*"]


def cache_control(context: Context, operation: Operation, ceiling_seconds: int) -> bytes:
    """`max-age` for decisions alone: until the first of them changes by itself, and no longer than the ceiling."""
    if not ceiling_seconds or not operation.decides or context.latest:
        return NO_CACHE
    seconds = ceiling_seconds
    if context.holds_until is not None:
        seconds = min(seconds, (context.holds_until - context.now) // _SECOND)
    return b"private, max-age=%d" % seconds if seconds > 0 else NO_CACHE


Headers = Sequence[tuple[bytes, bytes]]


def cached(context: Context, operation: Operation, body: bytes, media: str, ceiling_seconds: int) -> Headers:
    """The headers of an answer to a query."""
    return ((b"cache-control", cache_control(context, operation, ceiling_seconds)), (b"etag", entity_tag(body, media)))
