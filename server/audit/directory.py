"""The directory of the audit records: segments, and the index that says which there are.

    index.jsonl                                  sealed; opened, reached and closed, for every segment
    20261127T134700Z-3f9a1c20-000001.jsonl       a segment: when its chain began, the chain, its number in it
    20261127T134700Z-3f9a1c20-000001.torn        what a crash left of a last line, set aside

Each process that writes has a chain of its own. A segment's first line says the seal that it goes on from: the end of
the segment before it or, where a chain begins or its last segment could not be closed, the last line of the index. Its
last line says how it ended. Whoever writes in a segment holds a lock on it, which the operating system takes back when
the process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

import msgspec

from graph.opening import is_neo4j
from server.audit.sealing import GENESIS, Line, NotSealed, line_of, sealed

INDEX: Final = "index.jsonl"
SEGMENT: Final = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}-\d{6}\.jsonl", re.ASCII)
_PRIVATE: Final = 0o600
_TAIL_BYTES: Final = 65_536


def audit_path(graph: str, configured: str | None = None) -> Path:
    """Where the records of a service over this graph are: beside a graph in a file, for a Neo4j in `.machtigen`."""
    if configured:
        return Path(configured)
    return Path(".machtigen/audit") if is_neo4j(graph) else Path(f"{graph}.audit")


class AuditUnavailable(Exception):
    """The audit record cannot be written, so no answer may leave. One line that says why, for the operator."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the index. `at`: milliseconds. `line`, `head`: the number and seal of the last line there was then.

    `recovered`: its writer ended without closing it. `torn`: bytes of a last line that were set aside.
    """

    what: Literal["opened", "reached", "closed"]
    segment: str
    at: int
    line: int
    head: str
    recovered: bool = False
    torn: int = 0


class Header(msgspec.Struct, frozen=True):
    """What the first line of a segment says. `previous`: the seal that it goes on from."""

    segment: str
    previous: str
    began: int
    resource: Mapping[str, str]


class End(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the last line of a segment says."""

    ended: int
    recovered: bool = False
    torn: int = 0


_encode: Final = msgspec.json.Encoder().encode
_entry: Final = msgspec.json.Decoder(Entry).decode


class Tail(msgspec.Struct, frozen=True):
    """Where a sealed file stands: its last whole line, and how many bytes of another follow."""

    number: int
    seal: bytes
    size: int
    torn: int = 0


class Directory:
    """Made where there is none. Raises AuditUnavailable."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._index():
                pass
        except OSError as error:
            raise unavailable(path, error) from None

    @contextmanager
    def _index(self) -> Iterator[int]:
        """The index, with nobody else in it."""
        file = os.open(self.path / INDEX, os.O_RDWR | os.O_CREAT, _PRIVATE)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)

    def opened(self, name: str, began: int, previous: bytes | None, resource: Mapping[str, str]) -> tuple[int, Tail]:
        """A new segment, locked, with its first line; `previous` None: it begins a chain. Raises OSError."""
        with self._index() as index:
            tail = self._mended(index)
            previous = tail.seal if previous is None else previous
            header = Header(name, previous.hex(), began, resource)
            line, seal = sealed(previous, 0, _encode(header))
            file = os.open(self.path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, _PRIVATE)
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                write(file, line, 0)
                os.fsync(file)
                self._append(index, tail, Entry("opened", name, began, 0, seal.hex()))
                self._sync_names()
            except BaseException:
                os.close(file)
                (self.path / name).unlink(missing_ok=True)
                raise
        return file, Tail(0, seal, len(line))

    def stated(self, entry: Entry) -> None:
        """One more line of the index, durable. Raises OSError."""
        with self._index() as index:
            self._append(index, self._mended(index), entry)

    def _append(self, index: int, tail: Tail, entry: Entry) -> Tail:
        line, seal = sealed(tail.seal, tail.number + 1, _encode(entry))
        write(index, line, tail.size)
        try:
            os.fdatasync(index)
        except OSError:
            os.ftruncate(index, tail.size)
            raise
        return Tail(tail.number + 1, seal, tail.size + len(line))

    def _mended(self, index: int) -> Tail:
        """Its end; what a crash left of a last line is set aside. Raises AuditUnavailable: its end is no end."""
        size = os.fstat(index).st_size
        start = max(0, size - _TAIL_BYTES)
        data = os.pread(index, size - start, start)
        whole = data.rfind(b"\n") + 1
        if whole != len(data):
            _set_aside(self.path / INDEX, data[whole:])
            os.ftruncate(index, start + whole)
        if not whole:
            return Tail(-1, GENESIS, 0)
        try:
            last = line_of(data[data.rfind(b"\n", 0, whole - 1) + 1 : whole - 1])
        except NotSealed:
            raise AuditUnavailable(
                f"{self.path / INDEX}: its last line is damaged; see machtigen audit verify"
            ) from None
        return Tail(last.number, last.seal, start + whole)

    def _sync_names(self) -> None:
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    # after a crash

    def recover(self, at: int) -> list[str]:
        """Close the segments whose writers ended without closing them; their names. Raises AuditUnavailable."""
        try:
            with self._index() as index:
                tail = self._mended(index)
                left = {entry.segment: entry for entry in self._entries(index)}
                closed = []
                for name in self.names():
                    last = left.get(name)
                    if last is not None and last.what == "closed":
                        continue
                    with _mine(self.path / name) as file:
                        if file is None:
                            continue
                        if last is None:
                            _forget_empty(self.path / name)
                            continue
                        entry = _closed(self.path / name, file, at)
                        if entry is not None:
                            tail = self._append(index, tail, entry)
                            closed.append(name)
                return closed
        except OSError as error:
            raise unavailable(self.path, error) from None

    def _entries(self, index: int) -> Iterator[Entry]:
        """Those that can be read; what is wrong with the others is for `machtigen audit verify` to say."""
        with os.fdopen(os.dup(index), "rb") as file:
            file.seek(0)
            for text in file:
                try:
                    yield _entry(text)
                except (msgspec.MsgspecError, UnicodeDecodeError):
                    continue

    def names(self) -> list[str]:
        """Of the segments that are there; those of a chain in their order."""
        return sorted(each.name for each in self.path.iterdir() if SEGMENT.fullmatch(each.name))


def unavailable(path: Path, error: OSError) -> AuditUnavailable:
    """The error in one line."""
    return AuditUnavailable(f"{path}: the audit record cannot be written: {(error.strerror or str(error)).lower()}")


def write(file: int, data: bytes, size: int) -> None:
    """At the end of the file, which has this size: all of it or nothing. Raises OSError."""
    try:
        written = os.pwrite(file, data, size)
        while written < len(data):  # the disk was full in the midst of it: the next try says so
            written += os.pwrite(file, data[written:], size + written)
    except OSError:
        os.ftruncate(file, size)
        raise


def last_line(path: Path) -> Tail:
    """Where a segment ends: read whole, for its last whole line is one whose seal fits. Raises OSError."""
    tail = Tail(-1, GENESIS, 0)
    with path.open("rb") as file:
        size = 0
        for text in file:
            if not text.endswith(b"\n"):
                return Tail(tail.number, tail.seal, size, len(text))
            size += len(text)
            line = _line(text)
            tail = Tail(tail.number, tail.seal, size) if line is None else Tail(line.number, line.seal, size)
    return tail


def is_live(path: Path) -> bool:
    """Whether a process writes in it. Raises OSError."""
    file = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


@contextmanager
def _mine(path: Path) -> Iterator[int | None]:
    """The segment for us alone; None: a process writes in it."""
    file = os.open(path, os.O_RDWR)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield file
    finally:
        os.close(file)


def _closed(path: Path, file: int, at: int) -> Entry | None:
    """Close it for a writer that is gone. None: it has no line at all, which `machtigen audit verify` tells."""
    tail = last_line(path)
    if tail.number < 0:
        return None
    if tail.torn:
        _set_aside(path, os.pread(file, tail.torn, tail.size))
        os.ftruncate(file, tail.size)
    ended = _ended(path)
    if not ended:
        line, seal = sealed(tail.seal, tail.number + 1, _encode(End(at, recovered=True, torn=tail.torn)))
        write(file, line, tail.size)
        tail = Tail(tail.number + 1, seal, tail.size + len(line), tail.torn)
    os.fsync(file)
    return Entry("closed", path.name, at, tail.number, tail.seal.hex(), recovered=True, torn=tail.torn)


def _ended(path: Path) -> bool:
    """Whether its last whole line is an end: its writer was gone before the index knew."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        lines = file.read().splitlines()
    return bool(lines) and lines[-1].startswith(b'{"ended":')


def _forget_empty(path: Path) -> None:
    """A segment that the index does not know has at most its first line: its writer was gone before the second."""
    with path.open("rb") as file:
        if sum(1 for _ in file) <= 1:
            path.unlink()


def _set_aside(path: Path, torn: bytes) -> None:
    with path.with_suffix(".torn").open("ab") as file:
        file.write(torn + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _line(text: bytes) -> Line | None:
    try:
        return line_of(text[:-1])
    except NotSealed:
        return None
