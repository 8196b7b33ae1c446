"""Directories of audit records to look at and to spoil."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graph.pseudonyms import number_free
from server.audit.trail import Trail
from tests.resolvers.small import NOW

RESOURCE = {"service.name": "machtigen"}


class Clock:
    """Goes on by a millisecond whenever it is looked at."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        self.now += 1_000
        return self.now


def body(name: str) -> bytes:
    """A record's content."""
    return json.dumps({"trace_id": name, "span_id": name, "event_name": "test", "timestamp": 1}).encode()


def made(directory: Path, segments: list[int], clock: Clock | None = None) -> list[Path]:
    """One chain of closed segments with so many records each; their paths."""
    trail = Trail(directory, clock or Clock(), RESOURCE)
    for number, count in enumerate(segments):
        for place in range(count):
            trail.append([body(f"{number}.{place}")])
        trail.rotate()
    return [directory / name for name in trail.directory.names()]


def recorded(directory: Path) -> list[dict[str, Any]]:
    """All records, in order."""
    lines = (json.loads(text) for text in _texts(directory))
    return [line for line in lines if "event_name" in line]


def _texts(directory: Path) -> Iterator[str]:
    for segment in sorted(directory.glob("2*.jsonl")):
        yield from segment.read_text(encoding="utf-8").splitlines()


def valid_number() -> str:
    """Nine digits that pass the eleven test, made here so that none stands in a file."""
    return next(text for n in range(999_999_900, 999_999_999) if number_free(text := str(n)) != text)
