"""Checked facts with their line numbers, kept in order until they are stored: in memory while they are few."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import Final

import msgspec

from authority.facts import Fact

_MEMORY_BYTES: Final = 64 * 2**20
_BLOCK_FACTS: Final = 1_000
_LENGTH_BYTES: Final = 4

_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(list[tuple[int, Fact]]).decode

packed: Final[Callable[[Fact], bytes]] = _encode
"""A fact as a spool holds it: equal bytes for equal facts."""


class Spool:
    """Append first, then read as often as needed."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_MEMORY_BYTES)  # noqa: SIM115 - closed by `close`
        self._block: list[tuple[int, msgspec.Raw]] = []
        self.count = 0

    def add(self, line: int, fact: bytes) -> None:
        """The next fact, as `packed`."""
        self._block.append((line, msgspec.Raw(fact)))
        self.count += 1
        if len(self._block) == _BLOCK_FACTS:
            self._write()

    def _write(self) -> None:
        block = _encode(self._block)
        self._file.write(len(block).to_bytes(_LENGTH_BYTES, "big"))
        self._file.write(block)
        self._block = []

    def blocks(self) -> Iterator[list[tuple[int, Fact]]]:
        """All facts in order, some at a time."""
        if self.count > len(self._block):
            end = self._file.tell()
            self._file.seek(0)
            while length := self._file.read(_LENGTH_BYTES):
                yield _decode(self._file.read(int.from_bytes(length, "big")))
            assert self._file.tell() == end
        if self._block:
            yield _decode(_encode(self._block))

    def __iter__(self) -> Iterator[tuple[int, Fact]]:
        for block in self.blocks():
            yield from block

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
