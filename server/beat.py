"""Answers to citizens leave on a beat, so that how long one took does not tell what was looked through for it.

A citizen may ask about anybody as the other side of themselves. Somebody unknown and somebody for whom others act get
the same answer, but the second is some microseconds more work (docs/performance.md, *What a stranger learns*).
Whoever asks in bulk, such as a provider, can ask for the lists themselves, and is not kept waiting.
"""

from __future__ import annotations

import asyncio
import time
from typing import Final

from resolvers.caller import Caller

BEAT_S: Final = 0.004
"""Longer than almost every decision takes."""


async def on_the_beat(caller: Caller, began: float) -> None:
    """Wait until a whole number of beats has passed since the request came; `began` by `time.perf_counter`."""
    if caller.role == "CITIZEN":
        await asyncio.sleep(BEAT_S - (time.perf_counter() - began) % BEAT_S)
