"""Reading: the same lines, however they are packed and wherever they come from; what is cut off is noticed."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import zstandard

from graph.errors import BadInput, Problem, Unreadable
from graph.intake import LINE_BYTES_MAX, read_object
from graph.reading import Source

TEXT = b'{"a":1}\n\n  \t\r\n{"b":2}\r\n\n{"c":3}'
LINES = [(1, b'{"a":1}'), (4, b'{"b":2}'), (6, b'{"c":3}')]


def _frames(text: bytes) -> bytes:
    return b"".join(zstandard.compress(text[n : n + 7]) for n in range(0, len(text), 7))


def _members(text: bytes) -> bytes:
    return b"".join(gzip.compress(text[n : n + 7]) for n in range(0, len(text), 7))


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gz": gzip.compress,
    "gz-members": _members,
    "zst": zstandard.ZstdCompressor(write_checksum=True).compress,
    "zst-frames": _frames,
}


def _lines(path: str) -> list[tuple[int, bytes]]:
    with Source(path) as source:
        return [(number, line.rstrip()) for number, line in source.lines()]


@pytest.mark.parametrize("how", PACKED)
def test_a_file(tmp_path: Path, how: str) -> None:
    file = tmp_path / f"facts.{how.partition('-')[0]}"
    file.write_bytes(PACKED[how](TEXT))
    assert _lines(str(file)) == LINES


@pytest.mark.parametrize("how", PACKED)
def test_packing_is_known_without_a_name(tmp_path: Path, how: str) -> None:
    file = tmp_path / "facts"
    file.write_bytes(PACKED[how](TEXT))
    assert _lines(str(file)) == LINES


@pytest.mark.parametrize("how", PACKED)
def test_standard_input_that_comes_byte_by_byte(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    class Drip(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(size if size == 4 else min(size or 1, 1))

    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=Drip(PACKED[how](TEXT))))
    assert _lines("-") == LINES


def test_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.write(writing, gzip.compress(TEXT))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=pipe))
        assert _lines("-") == LINES


@pytest.mark.parametrize("how", [how for how in PACKED if how != "plain"])
def test_whatever_is_cut_off_is_refused(tmp_path: Path, how: str) -> None:
    file = tmp_path / f"facts.{how.partition('-')[0]}"
    whole = PACKED[how](TEXT)
    cuts = 0
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        refused: BadInput | None = None
        lines: list[tuple[int, bytes]] = []
        try:
            lines = _lines(str(file))
        except BadInput as bad:
            refused = bad
        if refused is not None:
            assert refused.problems[0].code == "MALFORMED"
            assert str(file) in str(refused)
            cuts += 1
        else:
            # between two members or frames nothing tells that more was to come
            assert "-" in how
            assert length > 0
            assert lines == LINES[: len(lines)] or lines[:-1] == LINES[: len(lines) - 1]
    assert cuts > len(whole) // 2


@pytest.mark.parametrize("name", ["facts.gz", "facts.zst"])
def test_a_name_that_promises_packing_keeps_it(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(TEXT)
    with pytest.raises(BadInput, match="cannot be unpacked"):
        _lines(str(file))


@pytest.mark.parametrize("how", ["gz", "zst"])
def test_damage_in_the_middle_names_the_line(tmp_path: Path, how: str) -> None:
    whole = PACKED[how](os.urandom(5_000).hex().encode() + b"\n" + TEXT)
    middle = len(whole) // 2
    file = tmp_path / f"facts.{how}"
    file.write_bytes(whole[:middle] + bytes(byte ^ 0x55 for byte in whole[middle : middle + 64]) + whole[middle + 64 :])
    with pytest.raises(BadInput) as bad:
        _lines(str(file))
    assert str(bad.value).startswith(f"{file}:{bad.value.problems[0].line}: ")
    assert bad.value.problems[0].line >= 1


def test_a_line_too_long_is_refused_and_the_next_one_read(tmp_path: Path) -> None:
    file = tmp_path / "facts"
    file.write_bytes(b'{"a":"' + b"x" * (3 * LINE_BYTES_MAX) + b'"}\n{"b":2}\n')
    (first, long), (second, line) = _lines(str(file))
    assert (first, second, line) == (1, 2, b'{"b":2}')
    with pytest.raises(Problem, match="MALFORMED"):
        read_object(long)


def test_how_far_it_is(tmp_path: Path) -> None:
    file = tmp_path / "facts"
    file.write_bytes(TEXT)
    with Source(str(file)) as source:
        assert source.size_bytes == len(TEXT)
        list(source.lines())
        assert source.read_bytes == len(TEXT)


@pytest.mark.parametrize("path", ["missing.jsonl", "."])
def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path, path: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        _lines(str(tmp_path / path))
    assert str(tmp_path / path) in str(unreadable.value)
    assert "\n" not in str(unreadable.value)
