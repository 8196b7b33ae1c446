"""Latencies in HDR histograms: equal relative error everywhere, and those of many processes add up to the whole's.

http://hdrhistogram.org; the encoding is its V2, which its other tools read as well.
"""

from __future__ import annotations

from math import ceil
from typing import Final

from hdrh.histogram import HdrHistogram

LONGEST_S: Final = 600.0
"""Whatever takes longer is kept as this."""
_MICROSECOND: Final = 1e6
_LONGEST: Final = int(LONGEST_S * _MICROSECOND)


class Latencies:
    """Times in seconds, kept in microseconds with two or three significant digits."""

    __slots__ = ("_histogram", "digits", "total_s")

    def __init__(self, digits: int = 3) -> None:
        self.digits = digits
        self.total_s = 0.0
        self._histogram = HdrHistogram(1, _LONGEST, digits)

    def record(self, seconds: float) -> None:
        """One more."""
        self.total_s += seconds
        self._histogram.record_value(min(max(int(seconds * _MICROSECOND), 1), _LONGEST))

    @property
    def count(self) -> int:
        """How many."""
        found: int = self._histogram.get_total_count()
        return found

    @property
    def mean(self) -> float:
        """In seconds; 0 if there are none."""
        return self.total_s / self.count if self.count else 0.0

    @property
    def longest(self) -> float:
        """In seconds; 0 if there are none."""
        return self._histogram.get_max_value() / _MICROSECOND if self.count else 0.0

    def percentile(self, percent: float) -> float:
        """In seconds: the least time that so many percent did not exceed; 0 if there are none."""
        return self.percentiles(percent)[0]

    def percentiles(self, *percents: float) -> list[float]:
        """Several at once, from low to high. (The library's own rounds the rank, and so down.)"""
        found: list[float] = []
        seen = value = 0
        counts = iter(self.counts())
        for percent in percents:
            rank = min(max(1, ceil(percent / 100.0 * self.count - 1e-9)), self.count)
            while seen < rank:
                value, more = next(counts)
                seen += more
            found.append(value / _MICROSECOND)
        return found

    def share_above(self, seconds: float) -> float:
        """The share that took longer."""
        if not self.count:
            return 0.0
        limit = int(seconds * _MICROSECOND)
        return sum(count for value, count in self.counts() if value > limit) / self.count

    def add(self, other: Latencies) -> None:
        """All of another's as well."""
        assert self.digits == other.digits
        self.total_s += other.total_s
        self._histogram.add(other._histogram)

    def encoded(self) -> str:
        """As text, a few hundred bytes."""
        return f"{self.digits} {self.total_s!r} {self._histogram.encode().decode()}"

    @classmethod
    def decoded(cls, text: str) -> Latencies:
        """From that text."""
        digits, total, histogram = text.split(" ")
        found = cls(int(digits))
        found.total_s = float(total)
        found._histogram.decode_and_add(histogram.encode())
        return found

    def same_counts(self, other: Latencies) -> bool:
        """Whether each value occurs as often in the other."""
        return self.counts() == other.counts()

    def counts(self) -> list[tuple[int, int]]:
        """(microseconds, how often), each value that occurred."""
        items = self._histogram.get_recorded_iterator()
        return [(item.value_iterated_to, item.count_added_in_this_iter_step) for item in items]
