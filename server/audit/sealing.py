"""A line of a sealed file: a JSON object that ends in its number and a seal over itself and the line before.

    {…, "record": 17, "seal": "<64 hexadecimal digits>"}

The seal is SHA-256 of the seal before (32 bytes) and the line up to its seal. So a line that was changed does not fit
its own seal, and one that was removed, added or moved does not fit its neighbour's.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import msgspec

GENESIS: Final = bytes(32)
"""Before the first line of an index."""
_BEFORE_SEAL: Final = b',"seal":"'
_AFTER_SEAL: Final = b'"}'
_TAIL_BYTES: Final = len(_BEFORE_SEAL) + 64 + len(_AFTER_SEAL)
_BEFORE_NUMBER: Final = b',"record":'


class NotSealed(ValueError):
    """Not a line of such a file."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """`content`: all that the seal covers. `seal`: as it is written, whether it fits or not."""

    number: int
    content: bytes
    seal: bytes


def sealed(seal: bytes, number: int, body: bytes) -> tuple[bytes, bytes]:
    """The line, and its seal. `body`: a JSON object that is not empty."""
    content = b"%b%b%d" % (body[:-1], _BEFORE_NUMBER, number)
    digest = sha256(seal + content)
    return b"%b%b%b%b\n" % (content, _BEFORE_SEAL, digest.hexdigest().encode(), _AFTER_SEAL), digest.digest()


def line_of(text: bytes) -> Line:
    """From a line without its end. Raises NotSealed."""
    content, tail = text[:-_TAIL_BYTES], text[-_TAIL_BYTES:]
    if not tail.startswith(_BEFORE_SEAL) or not tail.endswith(_AFTER_SEAL):
        raise NotSealed
    number = content.rpartition(_BEFORE_NUMBER)[2]
    hexadecimal = tail[len(_BEFORE_SEAL) : -len(_AFTER_SEAL)]
    if not number.isdigit() or len(number) > 18 or hexadecimal != hexadecimal.lower():
        raise NotSealed
    try:
        return Line(int(number), content, bytes.fromhex(hexadecimal.decode("ascii")))
    except ValueError:
        raise NotSealed from None
