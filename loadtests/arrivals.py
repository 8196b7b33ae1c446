"""When arrivals are to begin: a rate over time, and instants drawn from it, whatever becomes of the ones before.

That makes the model open: users of a country do not wait for one another. A closed loop asks less of a slow service,
and so hides that it is slow (simulation.md 1.3).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from loadtests.errors import LoadTestError

Seconds = NDArray[np.float64]
Spacing = Literal["constant", "poisson"]
"""`constant`: evenly; `poisson`: as people who know nothing of one another."""

SPACINGS: Final[tuple[Spacing, ...]] = ("constant", "poisson")
_PIECE_SECONDS: Final = 60.0
"""Drawn at once, so that a soak of days needs no more memory than a minute."""
_POINTS_MAX: Final = 100_000
PER_SECOND_MAX: Final = 1_000_000.0


class Segment(NamedTuple):
    """A straight piece of a curve."""

    begin: float
    end: float
    first: float
    last: float

    @property
    def total(self) -> float:
        """Arrivals in it, in the mean."""
        return (self.end - self.begin) * (self.first + self.last) / 2.0

    def inverse(self, counts: Seconds) -> Seconds:
        """The instants at which so many have come since the segment's begin."""
        length = self.end - self.begin
        slope = (self.last - self.first) / length
        if abs(slope) * length < 1e-9 * max(self.first, self.last):
            return self.begin + counts / self.first
        root = np.sqrt(np.maximum(self.first**2 + 2.0 * slope * counts, 0.0))
        # the form of the quadratic's root that loses no digits where the slope is small
        return np.asarray(self.begin + 2.0 * counts / np.maximum(self.first + root, 1e-300), np.float64)


@dataclass(frozen=True)
class Curve:
    """Arrivals a second over time, straight between points; two points at one instant are a jump."""

    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if not 2 <= len(self.points) <= _POINTS_MAX:
            raise LoadTestError(f"a rate over time has 2 to {_POINTS_MAX:,} points; found {len(self.points)}")
        for (before, _), (after, _) in pairwise(self.points):
            if not after >= before:
                raise LoadTestError(f"a rate over time goes forward; found {after:g} s after {before:g} s")
        for instant, rate in self.points:
            if not 0.0 <= rate <= PER_SECOND_MAX or not 0.0 <= instant < float("inf"):
                raise LoadTestError(f"a rate is 0 to {PER_SECOND_MAX:,.0f} a second; found {rate:g} at {instant:g} s")

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.points[-1][0]

    @property
    def total(self) -> float:
        """Arrivals in all, in the mean."""
        return sum(segment.total for segment in self.segments())

    @property
    def most(self) -> float:
        """The highest rate."""
        return max(rate for _, rate in self.points)

    def at(self, instant: float) -> float:
        """The rate at an instant; at a jump the one after it."""
        times, rates = (np.array(values) for values in zip(*self.points, strict=True))
        after = int(np.searchsorted(times, instant, side="right"))
        if after >= len(times):
            return float(rates[-1]) if instant == times[-1] else 0.0
        if after == 0:
            return 0.0
        return float(np.interp(instant, times[after - 1 : after + 1], rates[after - 1 : after + 1]))

    def segments(self) -> Iterator[Segment]:
        """The straight pieces that last, each at most a minute."""
        for (begin, first), (end, last) in pairwise(self.points):
            if end <= begin:
                continue
            parts = max(1, int(np.ceil((end - begin) / _PIECE_SECONDS)))
            edges = np.linspace(begin, end, parts + 1).tolist()
            rates = np.linspace(first, last, parts + 1).tolist()
            for i in range(parts):
                yield Segment(edges[i], edges[i + 1], rates[i], rates[i + 1])

    def scaled(self, factor: float) -> Curve:
        """The same shape, so many times as high."""
        return Curve(tuple((instant, rate * factor) for instant, rate in self.points))

    def then(self, other: Curve) -> Curve:
        """This one and after it the other."""
        return Curve(self.points + tuple((self.seconds + instant, rate) for instant, rate in other.points))

    def draw(self, spacing: Spacing, seed: int, stream: str, part: int = 0, parts: int = 1) -> Iterator[float]:
        """Instants in seconds from the begin, in order: those of one of several generators that share the load.

        The parts together have the whole rate. Evenly spaced they are the whole's very instants; Poisson parts are
        independent, which together are Poisson again.
        """
        assert 0 <= part < parts
        come = 0.0
        for number, segment in enumerate(self.segments()):
            counts = (
                _evenly(come, segment.total, part, parts)
                if spacing == "constant"
                else _at_random(segment.total, parts, seed, f"{stream}/{part}/{number}")
            )
            if len(counts):
                yield from segment.inverse(counts).tolist()
            come += segment.total


def constant(per_second: float, seconds: float) -> Curve:
    """One rate."""
    return Curve(((0.0, per_second), (seconds, per_second)))


def ramp(first: float, last: float, seconds: float) -> Curve:
    """From one rate to another."""
    return Curve(((0.0, first), (seconds, last)))


def steps(rates: Iterable[float], seconds_each: float) -> Curve:
    """One rate after another."""
    found = [constant(rate, seconds_each) for rate in rates]
    curve = found[0]
    for after in found[1:]:
        curve = curve.then(after)
    return curve


def read(path: Path) -> Curve:
    """A curve from a CSV file with the columns `seconds` and `per_second`: a day as it was measured, to be replayed."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    except (OSError, UnicodeDecodeError) as wrong:
        raise LoadTestError(f"{path}: {getattr(wrong, 'strerror', None) or wrong}") from None
    points = []
    for number, row in enumerate(rows, 2):
        try:
            points.append((float(row["seconds"]), float(row["per_second"])))
        except (KeyError, TypeError, ValueError):
            raise LoadTestError(f"{path}:{number}: expected columns seconds and per_second with numbers") from None
    try:
        return Curve(tuple(points))
    except LoadTestError as wrong:
        raise LoadTestError(f"{path}: {wrong}") from None


def _evenly(come: float, total: float, part: int, parts: int) -> Seconds:
    """Counts within a segment: each half a step after a whole number of the curve's arrivals."""
    first, last = np.ceil(come - 0.5), np.ceil(come + total - 0.5)
    numbers = np.arange(first, last)
    return np.asarray(numbers[(numbers % parts) == part] + 0.5 - come, np.float64)


def _at_random(total: float, parts: int, seed: int, stream: str) -> Seconds:
    """Counts within a segment: their number is Poisson, and given that they are anywhere."""
    digest = blake2b(f"{seed}/{stream}".encode(), digest_size=16).digest()
    chance = np.random.Generator(np.random.Philox(key=np.frombuffer(digest, dtype=np.uint64)))
    return np.sort(chance.random(chance.poisson(total / parts))) * total
