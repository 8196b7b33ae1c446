"""The writing side: what this process records, in its own chain of segments."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from server.audit.directory import AuditUnavailable, Directory, End, Entry, Tail, unavailable, write
from server.audit.sealing import sealed

RESUMED: Final = "machtigen.audit_resumed"
SEGMENT_BYTES_MAX: Final = 64 * 2**20
_LOG: Final = logging.getLogger("machtigen.audit")
_SYNC_EVERY_S: Final = 1.0
_REACHED_EVERY: Final = 10
"""Syncs between two lines of the index that say how far a segment is."""
_encode: Final = msgspec.json.Encoder().encode


class Trail:
    """One for each process. Its first segment is made with its first record. `clock` in microseconds.

    A record is with the operating system when `append` returns, so that no end of the process loses it, and on the disk
    when `sync` has returned after it, so that no power cut does.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], int],
        resource: Mapping[str, str],
        *,
        segment_bytes_max: int = SEGMENT_BYTES_MAX,
    ) -> None:
        self.directory = Directory(path)
        self._clock, self._resource, self._bytes_max = clock, resource, segment_bytes_max
        self._chain = f"{datetime.fromtimestamp(clock() // 1_000_000, UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        self._number = 0
        self._end: bytes | None = None
        self._file = -1
        self._name = ""
        self._tail = Tail(-1, b"", 0)
        self._synced = self._stated = -1
        self._owed: list[bytes] = []
        self.failing = False
        """The last record could not be written; nothing is to be done for a caller until one can."""

    def append(self, bodies: Sequence[bytes], *, done: bool = False) -> None:
        """Record these, in one write. Raises AuditUnavailable, and then none of them is.

        `done`: they are of changes that are in the ledger already, and are recorded later if they cannot be now.
        """
        bodies = [*self._owed, *bodies]
        try:
            if self._file < 0:
                self._open()
            number, seal = self._tail.number, self._tail.seal
            lines = []
            for body in bodies:
                number += 1
                line, seal = sealed(seal, number, body)
                lines.append(line)
            data = b"".join(lines)
            write(self._file, data, self._tail.size)
        except OSError as error:
            self.failing = True
            if done:
                self._owed = bodies
            raise unavailable(self.directory.path / self._name, error) from None
        except AuditUnavailable:
            self.failing = True
            raise
        self._tail = Tail(number, seal, self._tail.size + len(data))
        self._owed.clear()
        self.failing = False

    def _open(self) -> None:
        name = f"{self._chain}-{self._number + 1:06}.jsonl"
        self._file, self._tail = self.directory.opened(name, self._clock() // 1_000, self._end, self._resource)
        self._number += 1
        self._name, self._synced, self._stated = name, 0, 0

    def resume(self) -> None:
        """Find out whether records can be written again, by one that says so. Raises AuditUnavailable."""
        self.append([_encode({"event_name": RESUMED, "timestamp": self._clock() // 1_000})])

    def works(self) -> bool:
        """Whether records can be written; where the last one could not be, it is tried."""
        if self.failing:
            with suppress(AuditUnavailable):
                self.resume()
        return not self.failing

    async def sync(self) -> None:
        """Everything recorded so far is on the disk when this returns. Raises AuditUnavailable."""
        reached = self._tail.number
        if self._file < 0 or reached == self._synced:
            return
        name, file = self._name, os.dup(self._file)  # the segment may be closed meanwhile
        try:
            await asyncio.to_thread(os.fdatasync, file)
        except OSError as error:
            # what the disk has of this segment is unknown: it is left as it is, for the next start to close
            self.failing = True
            if name == self._name:
                self._leave()
            raise unavailable(self.directory.path / name, error) from None
        finally:
            os.close(file)
        if name == self._name:
            self._synced = max(self._synced, reached)

    def _leave(self, end: bytes | None = None) -> None:
        os.close(self._file)
        self._file, self._end = -1, end

    def rotate(self) -> None:
        """Close this segment; the next record begins another. Raises OSError."""
        if self._file < 0:
            return
        at = self._clock() // 1_000
        line, seal = sealed(self._tail.seal, self._tail.number + 1, _encode(End(at)))
        write(self._file, line, self._tail.size)
        end = None
        try:
            os.fsync(self._file)
            self.directory.stated(Entry("closed", self._name, at, self._tail.number + 1, seal.hex()))
            end = seal
        finally:
            self._leave(end)

    async def keep(self, ticks: int) -> None:
        """What is to be done once a second."""
        await self.sync()
        if self._tail.size >= self._bytes_max:
            self.rotate()
        elif self._file >= 0 and ticks % _REACHED_EVERY == 0 and self._stated < self._synced == self._tail.number:
            self._stated = self._tail.number
            reached = Entry("reached", self._name, self._clock() // 1_000, self._tail.number, self._tail.seal.hex())
            await asyncio.to_thread(self.directory.stated, reached)


@asynccontextmanager
async def recorded(
    path: Path | None, clock: Callable[[], int], resource: Mapping[str, str]
) -> AsyncIterator[Trail | None]:
    """A trail that is on the disk once a second, and closed at the end; None where there is no path."""
    if path is None:
        yield None
        return
    trail = Trail(path, clock, resource)
    trail.directory.recover(clock() // 1_000)

    async def keep() -> None:
        ticks = 0
        while True:
            await asyncio.sleep(_SYNC_EVERY_S)
            ticks += 1
            try:
                await trail.keep(ticks)
            except (AuditUnavailable, OSError) as error:
                _LOG.error("%s", error)

    keeping = asyncio.create_task(keep(), name="audit")
    try:
        yield trail
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        try:
            trail.rotate()
        except (AuditUnavailable, OSError) as error:
            _LOG.error("the last segment is closed by the next start: %s", error)
