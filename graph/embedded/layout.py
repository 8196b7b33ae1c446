"""How the file is laid out: keys and values, byte for byte. `FORMAT` changes whenever one of them does.

    meta       b"format", b"ledger" (its id), b"head" (`Head`), b"counts" (ids by type),
               b"stated" (by register, the authorities of which it states the version that holds)
    ledger     position (8)                                      → link (32) · content hash (32) · canonical line
    versions   type (1) · id · 0 · recorded_at (8) · position (8) → nothing
    records    id of a person or organisation                    → `graph.embedded.records.Record`
    pairs      relation (1) · id · 0 · other id                  → nothing
    mentions   type (1) · id · 0 · position (8)                  → positions (8 each) of facts that name it

Integers are unsigned and big-endian, so that keys sort as the numbers do; instants are shifted by 2⁶³. Ids are ASCII
without control characters, so 0 ends an id and what begins with an id and 1 lies after all its keys.

`versions` answers what held when: the key before (type, id, `known_at` + 1) is the version that held. It is also the
list of ids, the history, and the way to see a fact that is there already. `records` keeps what a decision reads.
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from authority.codes import FactType
from authority.moments import SINCE_EVER

FORMAT: Final = 2
MAGIC: Final = b"machtigen graph "

CODE_OF: Final[dict[FactType, bytes]] = {
    "person": b"p",
    "organisation": b"o",
    "employment": b"e",
    "provider": b"r",
    "service": b"s",
    "authority": b"a",
    "consent": b"c",
    "ability": b"b",
    "block": b"k",
    "register": b"g",
}
HOLDS: Final = b"h"
"""A pair: the holder of an authority, and the person it is over."""
EMPLOYS: Final = b"e"
"""A pair: an organisation, and a person employed there."""
OFFERS: Final = b"o"
"""A pair: a provider, and a service."""

VERSION_PART: Final = 16
"""Bytes of a version key after its statement: the instant and the position."""
HASH_SIZE: Final = 32
LINE_AT: Final = 2 * HASH_SIZE
"""Where the line begins in a value of `ledger`."""

_UINT = struct.Struct(">Q")
_TWO_UINTS = struct.Struct(">QQ")
_SHIFT: Final = 1 << 63
LAST_POSITION: Final = (1 << 64) - 1

pack_position = _UINT.pack


def unpack_position(data: bytes) -> int:
    """The position that these eight bytes, or the last eight of a key, stand for."""
    position: int = _UINT.unpack_from(data, len(data) - 8)[0]
    return position


def things(fact_type: FactType, fact_id: str) -> bytes:
    """What every version key of this statement begins with."""
    return CODE_OF[fact_type] + fact_id.encode() + b"\0"


def version_key(prefix: bytes, recorded_at: int, position: int) -> bytes:
    """The key of one version."""
    return prefix + _TWO_UINTS.pack(recorded_at + _SHIFT, position)


def after_recorded(prefix: bytes, recorded_at: int | None) -> bytes:
    """The least key after all versions of this statement that were recorded by then (None: ever)."""
    if recorded_at is None:
        return prefix[:-1] + b"\1"
    return prefix + _UINT.pack(min(max(recorded_at, SINCE_EVER - 1), _SHIFT - 2) + 1 + _SHIFT)


def recorded_and_position(key: bytes) -> tuple[int, int]:
    """The last two parts of a version key."""
    shifted, position = _TWO_UINTS.unpack_from(key, len(key) - 16)
    return shifted - _SHIFT, position


def id_in(key: bytes) -> str:
    """The id in a version key."""
    return key[1:-17].decode()


def pair_prefix(relation: bytes, one: str) -> bytes:
    """What every pair of this one begins with."""
    return relation + one.encode() + b"\0"


class Head(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The newest position and the chain's last link; and how new the catalogue is: providers, services, registers.

    `catalogue_recorded_at`: the greatest `recorded_at` of any version in the catalogue. A reader who asks for no less
    than both catalogue marks sees the catalogue as it is now.
    """

    position: int
    link: bytes
    catalogue_position: int
    catalogue_recorded_at: int


def pack_head(head: Head) -> bytes:
    """For `meta`."""
    return msgspec.msgpack.encode(head)


_head_decoder = msgspec.msgpack.Decoder(Head)
unpack_head = _head_decoder.decode
_counts_decoder = msgspec.msgpack.Decoder(dict[str, int])
pack_counts = msgspec.msgpack.Encoder().encode
unpack_counts = _counts_decoder.decode
