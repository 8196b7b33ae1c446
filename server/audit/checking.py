"""Whether the records are as they were written: each against its seal, each segment against the index.

What no check of these files can show is a directory that was rewritten as a whole, seals and all. Against that stands
the head that this gives: whoever keeps it elsewhere can have it looked for later.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from server.audit.directory import INDEX, SEGMENT, Entry, Header, is_live
from server.audit.reading import NoRecords
from server.audit.sealing import GENESIS, Line, NotSealed, line_of

PROBLEMS_MAX: Final = 1_000
"""Told one by one; of more it is said that there are more."""
Told = Callable[[int, int], None]


class Problem(msgspec.Struct, frozen=True):
    """One thing that is not as it was written. `record`: its number in the file, None where it is about the file."""

    file: str
    record: int | None
    what: str

    def __str__(self) -> str:
        return f"{self.file}{'' if self.record is None else f':{self.record}'}: {self.what}"


class Checked(msgspec.Struct):
    """`head`: of the index, to be kept elsewhere. `open`: segments that are being written or were never closed."""

    head: str = GENESIS.hex()
    segments: int = 0
    records: int = 0
    open: int = 0
    problems: list[Problem] = []
    more_problems: int = 0

    def found(self, file: str, record: int | None, what: str) -> None:
        """A problem."""
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(Problem(file, record, what))
        else:
            self.more_problems += 1


class _Segment(msgspec.Struct):
    """What the index says of it. `before`: the seal of the index before it was opened."""

    opened: Entry
    before: bytes
    reached: Entry
    closed: Entry | None = None


class _Index(msgspec.Struct):
    segments: dict[str, _Segment]
    heads: set[str]
    names: list[str]
    head: bytes = GENESIS


def check(directory: Path, *, kept: str = "", told: Told = lambda done, total: None) -> Checked:
    """Read every record. `kept`: a head that was given before, which must still be in the index. Raises NoRecords."""
    if not (directory / INDEX).is_file():
        raise NoRecords(f"{directory}: no audit records are there")
    checked = Checked(problems=[])
    index = _index(directory, checked)
    checked.head = index.head.hex()
    if kept and kept not in index.heads:
        checked.found(
            INDEX, None, f"the head that was kept, {kept}, is not in it: what it stood for was removed or changed"
        )
    total, done = sum((directory / name).stat().st_size for name in index.names), 0
    for name in index.names:
        if name not in index.segments:
            checked.found(name, None, "the index does not know it: it was added, or the index was cut off")
    for name, known in index.segments.items():
        checked.segments += 1
        if name not in index.names:
            checked.found(name, None, f"removed: the index says that it had {known.reached.line} records or more")
            continue
        _check_segment(directory, name, known, index, checked)
        done += (directory / name).stat().st_size
        told(done, total)
    return checked


# the index


def _index(directory: Path, checked: Checked) -> _Index:
    """Read with no writer in it, together with the names that are there."""
    file = os.open(directory / INDEX, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_SH)
        with os.fdopen(os.dup(file), "rb") as text:
            lines = text.read().splitlines(keepends=True)
        names = sorted(path.name for path in directory.iterdir() if SEGMENT.fullmatch(path.name))
    finally:
        os.close(file)
    index = _Index({}, {GENESIS.hex()}, names)
    for line in _walked(INDEX, iter(lines), GENESIS, checked):
        try:
            entry = msgspec.json.decode(line.content + b"}", type=Entry)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            checked.found(INDEX, line.number, "is no entry of an index")
        else:
            _enter(index, entry, line.number, checked)
        index.head = line.seal
        index.heads.add(line.seal.hex())
    return index


def _enter(index: _Index, entry: Entry, number: int, checked: Checked) -> None:
    known = index.segments.get(entry.segment)
    if SEGMENT.fullmatch(entry.segment) is None:
        checked.found(INDEX, number, "names no segment")
    elif entry.what == "opened" and known is None:
        index.segments[entry.segment] = _Segment(entry, index.head, entry)
    elif entry.what == "opened" or known is None or known.closed is not None:
        checked.found(INDEX, number, f"{entry.segment}: {entry.what}, which cannot be after what the index said before")
    else:
        known.reached = entry
        if entry.what == "closed":
            known.closed = entry


# a segment


def _check_segment(directory: Path, name: str, known: _Segment, index: _Index, checked: Checked) -> None:
    path = directory / name
    live = known.closed is None and is_live(path)
    with path.open("rb") as file:
        first = file.readline()
        previous = _previous(name, first, known, index, checked)
        if previous is None:
            return
        file.seek(0)
        last, reached = None, None
        for line in _walked(name, file, previous, checked, live=live):
            last = line
            if line.number == known.reached.line:
                reached = line.seal.hex()
    if last is None:
        return
    ended = last.content.startswith(b'{"ended":')
    checked.records += last.number - (1 if ended else 0)
    if last.number < known.reached.line:
        missing = f"truncated: it ends with record {last.number}, and the index knows of record {known.reached.line}"
        checked.found(name, last.number, missing)
    elif reached != known.reached.head:
        checked.found(name, known.reached.line, "is not what the index says was written there")
    if known.closed is not None:
        if last.number > known.closed.line:
            checked.found(
                name, last.number, f"added: the index says that it was closed with record {known.closed.line}"
            )
    elif ended and not _closed_meanwhile(directory, name):
        checked.found(INDEX, None, f"cut off: {name} was closed, and the index does not say so")
    else:
        checked.open += 1


def _previous(name: str, first: bytes, known: _Segment, index: _Index, checked: Checked) -> bytes | None:
    """The seal that it says to go on from, which must be one that it can. None: its first line is no header."""
    try:
        header = msgspec.json.decode(line_of(first[:-1]).content + b"}", type=Header)
        previous = bytes.fromhex(header.previous)
    except (NotSealed, msgspec.MsgspecError, ValueError):
        checked.found(name, 0, "its first line is not that of a segment: changed or removed")
        return None
    if header.segment != name:
        checked.found(name, 0, f"is the segment {header.segment}: files were exchanged or renamed")
        return None
    before = index.segments.get(_before(name))
    allowed = {known.before.hex()}
    if before is not None and before.closed is not None:
        allowed.add(before.closed.head)
    if header.previous not in allowed:
        checked.found(name, 0, "does not go on from the end of the segment before it")
    return previous


def _before(name: str) -> str:
    """The segment before it in its chain, if there is one."""
    chain, _, number = name.removesuffix(".jsonl").rpartition("-")
    return f"{chain}-{int(number) - 1:06}.jsonl"


def _closed_meanwhile(directory: Path, name: str) -> bool:
    """By its writer, since the index was read."""
    index = _index(directory, Checked(problems=[])).segments.get(name)
    return index is not None and index.closed is not None


# lines


def _walked(name: str, texts: Iterator[bytes], seal: bytes, checked: Checked, *, live: bool = False) -> Iterator[Line]:
    """The lines that can be read; what is wrong with any is found. `live`: the last one is perhaps being written."""
    fits, expected = [seal], 0
    for text in texts:
        if not text.endswith(b"\n"):
            if not live:
                checked.found(name, expected, f"torn: {len(text)} bytes of a line that has no end")
            return
        try:
            line = line_of(text[:-1])
        except NotSealed:
            checked.found(name, expected, "changed: it is no record with a seal")
            fits, expected = [], expected + 1
            continue
        seals = [sha256(each + line.content).digest() for each in fits]
        if line.number != expected:
            what = f"stands where record {expected} should: {_between(expected, line.number)}"
            checked.found(name, line.number, f"{what}{_named(line)}")
        elif fits and line.seal not in seals:
            checked.found(name, line.number, f"changed: it does not fit its seal{_named(line)}")
        # of a line whose own seal was changed the next one still fits the seal that it had
        fits = [line.seal] if line.seal in seals else [line.seal, *seals[:1]]
        expected = line.number + 1
        yield line


def _between(expected: int, number: int) -> str:
    if number < expected:
        return "moved, or repeated"
    last = number - 1
    return f"record {expected}{'' if last == expected else f' to {last}'} removed or moved"


class _Named(msgspec.Struct):
    trace_id: str = ""
    span_id: str = ""


def _named(line: Line) -> str:
    """Its trace and span, by which others know it."""
    try:
        named = msgspec.json.decode(line.content + b"}", type=_Named)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
    return f" (trace {named.trace_id}, span {named.span_id})" if named.trace_id else ""
