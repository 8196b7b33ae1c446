"""Lines with their numbers, from a file or standard input: plain, gzip or Zstandard.

Gzip and Zstandard are known by their first bytes, so that what comes through a pipe may be compressed too; a file
whose name ends in `.gz` or `.zst` must be what it says.
"""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Final, Self

import zstandard

from graph.errors import BadInput, Problem, Unreadable
from graph.intake import LINE_BYTES_MAX

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STANDARD_INPUT: Final = "-"
_GZIP: Final = b"\x1f\x8b"
_ZSTANDARD: Final = b"\x28\xb5\x2f\xfd"
_LINE_SPACE: Final = b" \t\r\n"
_CHUNK_BYTES: Final = 128 * 1024


class Source:
    """Something to read lines from, once, as a context manager. `name` is what errors call it.

    Raises Unreadable where it cannot be opened or read, and BadInput where it cannot be unpacked.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.name = "standard input" if path == STANDARD_INPUT else path
        self.size_bytes: int | None = None
        """As it lies on disk; None for a pipe."""
        self._file: BinaryIO | None = None
        self._raw: _Raw | None = None

    def __enter__(self) -> Self:
        try:
            if self.path == STANDARD_INPUT:
                self._raw = _Raw(sys.stdin.buffer)
            else:
                file = Path(self.path)
                self._file = file.open("rb")
                self.size_bytes = file.stat().st_size
                self._raw = _Raw(self._file)
        except OSError as wrong:
            self.__exit__(None, None, None)
            raise self._unreadable(wrong) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def read_bytes(self) -> int:
        """How far it has been read, counted as it lies on disk."""
        return self._raw.read_bytes if self._raw is not None else 0

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Each line that is not blank, with its number from 1.

        Of a line that is too long for `graph.intake` only the beginning comes, long enough to be refused there.
        """
        assert self._raw is not None, "used as a context manager"
        number = 0
        try:
            read = partial(self._unpacked(self._raw).readline, LINE_BYTES_MAX + 1)
            for line in iter(read, b""):
                number += 1
                if len(line) > LINE_BYTES_MAX:
                    rest = line
                    while rest and not rest.endswith(b"\n"):
                        rest = read()
                if line.strip(_LINE_SPACE):
                    yield number, line
        except (gzip.BadGzipFile, EOFError, zlib.error, zstandard.ZstdError):
            packed = "whole and valid compressed data"
            problem = Problem("MALFORMED", line=number + 1, found="data that cannot be unpacked", expected=packed)
            raise BadInput([problem], source=self.name) from None
        except OSError as wrong:
            raise self._unreadable(wrong) from None

    def _unpacked(self, raw: _Raw) -> io.BufferedReader:
        if not raw.start and self.path.endswith((".gz", ".zst")):
            raise EOFError  # nothing at all is no packed nothing: a download that never began
        stream: io.RawIOBase = raw
        if raw.start.startswith(_GZIP) or self.path.endswith(".gz"):
            # GzipFile is no RawIOBase, and yet all that a BufferedReader needs
            stream = gzip.GzipFile(fileobj=io.BufferedReader(raw, _CHUNK_BYTES))  # type: ignore[assignment]
        elif raw.start.startswith(_ZSTANDARD) or self.path.endswith(".zst"):
            stream = _Zstandard(raw)
        return io.BufferedReader(stream, _CHUNK_BYTES)

    def _unreadable(self, wrong: OSError) -> Unreadable:
        return Unreadable(f"{self.name}: cannot be read: {wrong.strerror or wrong}")


class _Raw(io.RawIOBase):
    """A file that tells how it starts before it is read, and how far it has been read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.start = self._ahead = file.read(4)
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self._ahead[: len(view)] or self._file.read(min(len(view), _CHUNK_BYTES))
        self._ahead = self._ahead[len(data) :]
        view[: len(data)] = data
        self.read_bytes += len(data)
        return len(data)


class _Zstandard(io.RawIOBase):
    """Unpacks one frame after another; unlike the library's own reader it notices that the last one is cut off.

    Raises EOFError for that, and ZstdError.
    """

    def __init__(self, packed: _Raw) -> None:
        self._packed = packed
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._behind_frame = b""
        self._unpacked = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        while not self._unpacked:
            packed = self._behind_frame or self._packed.read(_CHUNK_BYTES)
            self._behind_frame = b""
            if not packed:
                if self._frame is not None:
                    raise EOFError
                return 0
            if self._frame is None:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            self._unpacked = self._frame.decompress(packed)
            if self._frame.eof:
                self._behind_frame, self._frame = self._frame.unused_data, None
        view = memoryview(buffer).cast("B")
        data, self._unpacked = self._unpacked[: len(view)], self._unpacked[len(view) :]
        view[: len(data)] = data
        return len(data)
