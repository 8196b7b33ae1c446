"""A frame to draw in: dates to the right, values upwards, ticks as people read them."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from math import floor, log10

from simulator.report.svg import TEXT, line, width_of, words
from simulator.report.words import month_words

PHONE = 340.0
"""Charts of at most this width stack what wide ones set side by side."""


@dataclasses.dataclass(frozen=True)
class Frame:
    """A rectangle in pixels with the dates and the highest value that it shows; values begin at `lowest`."""

    left: float
    right: float
    top: float
    bottom: float
    begin: date
    end: date
    most: float = 1.0
    lowest: float = 0.0

    def x(self, day: date) -> float:
        """Where a date is."""
        return self.left + (self.right - self.left) * ((day - self.begin).days / max(1, (self.end - self.begin).days))

    def y(self, value: float) -> float:
        """Where a value is."""
        share = (value - self.lowest) / (self.most - self.lowest)
        return self.bottom - (self.bottom - self.top) * share

    def holds(self, day: date) -> bool:
        """Whether a date is shown."""
        return self.begin <= day <= self.end


def nice(most: float, parts: int = 4) -> list[float]:
    """Round values from 0 to at least `most`, in about as many parts."""
    if most <= 0.0:
        return [0.0, 1.0]
    rough = most / parts
    power = 10.0 ** floor(log10(rough))
    step = next(power * unit for unit in (1.0, 2.0, 2.5, 5.0, 10.0) if power * unit >= rough * 0.999)
    count = -int(-most * 0.9999 // step)
    return [step * index for index in range(count + 1)]


def scale(most: float) -> tuple[float, str]:
    """By what to divide large values on an axis, and what to put before the unit: (1e6, "million ")."""
    if most >= 1.5e6:
        return 1e6, "million "
    return (1e3, "thousand ") if most >= 2e4 else (1.0, "")


def value_axis(frame: Frame, ticks: list[float], unit: str, divide: float = 1.0, percent: bool = False) -> list[str]:
    """Horizontal lines with their values, and above them what is measured."""
    parts = []
    for tick in ticks:
        y = frame.y(tick)
        shown = f"{tick * 100:g} %" if percent else f"{tick / divide:,.10g}"
        parts.append(line((frame.left, y), (frame.right, y), "base" if tick == 0.0 else "grid"))
        parts.append(words(frame.left - 6, y + 4, shown, "end", "tick"))
    if unit:
        parts.append(words(0.0, frame.top - 12, unit, class_="unit"))
    return parts


def time_axis(frame: Frame) -> list[str]:
    """Years, or months where there is room for them."""
    days = (frame.end - frame.begin).days
    wide = (frame.right - frame.left) / max(days, 1)
    return _years(frame, wide * 365) if days > 3.2 * 365 else _months(frame, wide * 30.4)


def _years(frame: Frame, pixels: float) -> list[str]:
    every = 1 if pixels >= width_of("2020") + 6 else 2
    parts = []
    for year in range(frame.begin.year, frame.end.year + 1):
        first, last = max(frame.begin, date(year, 1, 1)), min(frame.end, date(year + 1, 1, 1))
        x = frame.x(first)
        parts.append(line((x, frame.bottom), (x, frame.bottom + 5), "tickline"))
        room = frame.x(last) - x
        if (year - frame.begin.year) % every == 0 and room * every >= width_of("2020"):
            parts.append(words(x + min(room, pixels) / 2, frame.bottom + 18, f"{year}", "middle", "tick"))
    return parts


def _months(frame: Frame, pixels: float) -> list[str]:
    room = width_of("Mar 2027") + 10
    every = next((step for step in (1, 2, 3, 6, 12) if step * pixels >= room), 24)
    parts = []
    day = frame.begin.replace(day=1)
    while day <= frame.end:
        if day >= frame.begin and (day.month - 1) % min(every, 12) == 0:
            x = frame.x(day)
            parts.append(line((x, frame.bottom), (x, frame.bottom + 5), "tickline"))
            half = room / 2 - 5
            at = min(max(x, half), frame.right + TEXT - half)
            parts.append(words(at, frame.bottom + 18, month_words(day), "middle", "tick"))
        day = (day + timedelta(days=31)).replace(day=1)
    return parts
