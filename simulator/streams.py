"""Random numbers: counter-based Philox, so that every draw has an address.

The address is (seed, replication, process, entity). A draw depends on nothing else: another knob, another number of
suppliers or another engine leaves it as it was (common random numbers). The generator is Philox 4x64 with ten rounds
(Salmon et al., Parallel random numbers: as easy as 1, 2, 3; SC 2011), as `numpy.random.Philox` has it; computed here
for many addresses at once, since NumPy's own needs one object for each.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Reals = NDArray[np.float64]

ROUNDS: Final = 10
_FEW: Final = 100
_LOW: Final = np.uint64(0xFFFFFFFF)
_HALF: Final = np.uint64(32)
_MULTIPLY_0: Final = 0xD2E7470EE14C6C93
_MULTIPLY_1: Final = 0xCA5A826395121157
_WEYL_0: Final = 0x9E3779B97F4A7C15
_WEYL_1: Final = 0xBB67AE8584CAA73B
_WORD: Final = 0xFFFFFFFFFFFFFFFF


class Process(IntEnum):
    """What a draw is for. Numbers are part of the address: a new process gets a new one, none is used again."""

    SETBACK = 1
    ESTIMATE = 2
    INCIDENT = 3
    SUPPLIER = 4
    DIRECT = 5
    LEGAL = 6
    ADOPTION = 7
    OTHER_SECTORS = 8
    RULING = 9
    QUEUE = 10


def _product(multiplier: int, x: Words) -> tuple[Words, Words]:
    """High and low word of a 64 by 64 bit product; from halves, as NumPy has no 128-bit integers."""
    low, high = np.uint64(multiplier & 0xFFFFFFFF), np.uint64(multiplier >> 32)
    x_low, x_high = x & _LOW, x >> _HALF
    middle = x_high * low + ((x_low * low) >> _HALF)
    middle_2 = x_low * high + (middle & _LOW)
    return x_high * high + (middle >> _HALF) + (middle_2 >> _HALF), x * np.uint64(multiplier)


def words(seed: int, replications: Words, process: int, entities: Words, block: int = 0) -> tuple[Words, ...]:
    """Four 64-bit words for each (replication, entity): shapes as the two broadcast.

    Equal to `numpy.random.Philox(key=seed | replication << 64, counter=…).random_raw(4)`, whose counter stands one
    before (block, process, entity, 0), since NumPy counts on before it draws.
    """
    shape = np.broadcast_shapes(replications.shape, entities.shape)
    with np.errstate(over="ignore"):
        c0 = np.full(shape, block, np.uint64)
        c1 = np.full(shape, process, np.uint64)
        c2 = np.broadcast_to(entities.astype(np.uint64), shape)
        c3 = np.zeros(shape, np.uint64)
        key_0 = seed & _WORD
        key_1 = replications.astype(np.uint64)
        for _ in range(ROUNDS):
            high_0, low_0 = _product(_MULTIPLY_0, c0)
            high_1, low_1 = _product(_MULTIPLY_1, c2)
            c0, c1, c2, c3 = high_1 ^ c1 ^ np.uint64(key_0), low_1, high_0 ^ c3 ^ key_1, low_0
            key_0 = (key_0 + _WEYL_0) & _WORD
            key_1 = key_1 + np.uint64(_WEYL_1)
    return c0, c1, c2, c3


@lru_cache(maxsize=64)
def _again(seed: int, replications: bytes, process: Process, entities: bytes) -> tuple[Reals, ...]:
    """The same few draws, asked for by many points of a sensitivity study."""
    rows, columns = np.frombuffer(replications, np.uint64)[:, None], np.frombuffer(entities, np.uint64)
    drawn = tuple(_unit(word) for word in words(seed, rows, process, columns))
    for values in drawn:
        values.flags.writeable = False
    return drawn


def _unit(word: Words) -> Reals:
    """The middle of one of 2^53 equal parts of (0, 1)."""
    return np.asarray(((word >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53, np.float64)


def uniforms(
    seed: int, replications: Words, process: Process, entities: Words, *, antithetic: bool = False
) -> tuple[Reals, ...]:
    """Four uniforms in (0, 1), never an end, as (replications, entities); both arguments are one-dimensional.

    `antithetic`: replications 2i and 2i + 1 share their draws, the second as 1 - u, which halves what averages out.
    """
    keys = replications >> np.uint64(1) if antithetic else replications
    if len(keys) <= _FEW:
        halves = _again(seed, keys.tobytes(), process, entities.tobytes())
    else:
        halves = tuple(_unit(word) for word in words(seed, keys[:, None], process, entities))
    if not antithetic:
        return halves
    odd = (replications & np.uint64(1)).astype(bool)[:, None]
    return tuple(np.where(odd, 1.0 - u, u) for u in halves)
