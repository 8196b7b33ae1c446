"""What has been seen before in an input of any size, in bounded memory.

A sighting is a key's hash, a content's hash and a place (a line or a position). Beyond half a million they lie in
temporary files divided by key, so that equal keys lie together and each file fits in memory by itself. Hashes can meet
by chance: whoever reads `repeated` looks at the places themselves before believing it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import BinaryIO, Final

_SIGHTINGS_IN_MEMORY: Final = 500_000
_PARTS: Final = 64
_VALUES: Final = 3


class Sightings:
    """Add first, then ask once."""

    def __init__(self, in_memory: int = _SIGHTINGS_IN_MEMORY) -> None:
        self._recent = array("q")
        self._values_in_memory = in_memory * _VALUES
        self._parts: list[BinaryIO] = []

    def add(self, key: int, content: int, place: int) -> None:
        """Hashes of key and content, each of 64 bits with a sign as `hash` gives them."""
        recent = self._recent
        recent.extend((key, content, place))
        if len(recent) >= self._values_in_memory:
            self._divide()

    def _divide(self) -> None:
        if not self._parts:
            self._parts = [TemporaryFile() for _ in range(_PARTS)]  # noqa: SIM115 - closed by `close`
        divided = [array("q") for _ in range(_PARTS)]
        values = iter(self._recent)
        for key, content, place in zip(values, values, values, strict=True):
            divided[key % _PARTS].extend((key, content, place))
        for part, sightings in zip(self._parts, divided, strict=True):
            part.write(sightings.tobytes())
        self._recent = array("q")

    def repeated(self) -> Iterator[list[int]]:
        """The places of each key that was seen with different contents, in the order in which they were added."""
        if not self._parts:
            yield from _repeated(self._recent)
            return
        self._divide()
        for part in self._parts:
            part.seek(0)
            yield from _repeated(array("q", part.read()))

    def close(self) -> None:
        """Let go of the files."""
        for part in self._parts:
            part.close()


def _repeated(sightings: array[int]) -> Iterator[list[int]]:
    first: dict[int, int] = {}
    groups: dict[int, list[int]] = {}
    for at, key in enumerate(sightings[::_VALUES]):
        before = first.setdefault(key, at)
        if before != at:
            groups.setdefault(key, [before]).append(at)
    for group in groups.values():
        if len({sightings[at * _VALUES + 1] for at in group}) > 1:
            yield [sightings[at * _VALUES + 2] for at in group]
