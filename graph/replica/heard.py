"""When the copy last held all that the record did: one number that the processes of a machine share."""

from __future__ import annotations

import mmap
import os
import struct
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

_SIZE: Final = 16
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


class Heard:
    """Microseconds of the machine's clock that never jumps; 0: not known.

    The file also names the machine's start, since that clock begins anew with it: what an earlier one left says
    nothing.
    """

    def __init__(self, path: Path) -> None:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(file).st_size < _SIZE:
                os.ftruncate(file, _SIZE)
            self._shared = mmap.mmap(file, _SIZE)
        finally:
            os.close(file)
        self._boot = _boot()

    @staticmethod
    def now() -> int:
        """The same clock."""
        return time.monotonic_ns() // 1_000

    def set(self, instant: int) -> None:
        """At this instant, or later, the copy held all that the record did. 0: that is not known any more."""
        struct.pack_into("<qq", self._shared, 0, self._boot, instant)

    def behind(self) -> float:
        """How far the copy may be behind, in seconds; infinite where that is not known."""
        boot, instant = struct.unpack_from("<qq", self._shared, 0)
        now: int = self.now()
        if boot != self._boot or not 0 < instant <= now:
            return float("inf")
        return float(now - instant) / 1e6

    def close(self) -> None:
        """Let go of the file."""
        self._shared.close()


def _boot() -> int:
    with suppress(OSError, ValueError):
        return int(_BOOT.read_text().strip().replace("-", "")[:15], 16)
    return 1
