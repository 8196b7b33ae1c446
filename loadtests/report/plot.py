"""A frame to draw in: seconds to the right, values upwards, straight or logarithmic."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from math import ceil, floor, log10

from loadtests.report.words import time_words
from simulator.report.axes import nice
from simulator.report.svg import Point, area, line, path, tag, words

Values = Sequence[float | None]


@dataclasses.dataclass(frozen=True)
class Plot:
    """A rectangle in pixels; `end` is the last x, `most` the highest value; `least` above 0 makes it logarithmic."""

    left: float
    right: float
    top: float
    bottom: float
    end: float
    most: float
    least: float = 0.0

    def x(self, at: float) -> float:
        """Where an instant is."""
        return self.left + (self.right - self.left) * at / max(self.end, 1e-9)

    def y(self, value: float) -> float:
        """Where a value is; below the least stands at the bottom."""
        if self.least > 0.0:
            part = log10(max(value, self.least) / self.least) / log10(self.most / self.least)
        else:
            part = value / self.most
        return self.bottom - (self.bottom - self.top) * part

    def lines(self, xs: Sequence[float], values: Values, style: str) -> list[str]:
        """A line, broken where there is no value; a value alone is a dot."""
        parts, run = [], list[Point]()
        for at, value in [*zip(xs, values, strict=True), (0.0, None)]:
            if value is not None:
                run.append((self.x(at), self.y(value)))
            elif run:
                parts.append(
                    path(run, f"line {style}")
                    if len(run) > 1
                    else tag("circle", cx=run[0][0], cy=run[0][1], r=2, class_=f"dot {style}")
                )
                run = []
        return parts

    def steps(self, xs: Sequence[float], width: float, values: Sequence[float], style: str) -> list[str]:
        """Areas of counts by interval."""
        upper = [
            (self.x(at), self.y(value))
            for left, value in zip(xs, values, strict=True)
            for at in (left, min(left + width, self.end))
        ]
        return [area(upper, [(x, self.bottom) for x, _ in upper], style)] if upper else []


def logarithmic(left: float, right: float, top: float, bottom: float, end: float, values: Sequence[Values]) -> Plot:
    """For times in milliseconds: whole decades around all values."""
    known = [value for each in values for value in each if value is not None and value > 0.0] or [1.0, 10.0]
    least, most = 10.0 ** floor(log10(min(known))), 10.0 ** ceil(log10(max(known)) + 1e-9)
    return Plot(left, right, top, bottom, end, max(most, least * 10.0), least)


def time_values(plot: Plot, unit: str) -> list[str]:
    """Decades of milliseconds."""
    parts = [words(0.0, plot.top - 12, unit, class_="unit")]
    decade = plot.least
    while decade <= plot.most * 1.001:
        y = plot.y(decade)
        parts.append(line((plot.left, y), (plot.right, y), "grid"))
        parts.append(words(plot.left - 6, y + 4, time_words(decade), "end", "tick"))
        decade *= 10.0
    return parts


def counts(plot: Plot, ticks: Sequence[float], unit: str, suffix: str = "") -> list[str]:
    """Round values."""
    parts = [words(0.0, plot.top - 12, unit, class_="unit")]
    for tick in ticks:
        y = plot.y(tick)
        parts.append(line((plot.left, y), (plot.right, y), "base" if tick == 0.0 else "grid"))
        parts.append(words(plot.left - 6, y + 4, f"{tick:,.10g}{suffix}", "end", "tick"))
    return parts


def seconds(plot: Plot) -> list[str]:
    """Since the begin, in seconds, minutes or hours."""
    unit, divide = ("h", 3_600.0) if plot.end > 3 * 3_600 else ("min", 60.0) if plot.end > 300 else ("s", 1.0)
    parts = []
    for tick in nice(plot.end / divide, 5 if plot.right - plot.left > 400 else 3):
        x = plot.x(tick * divide)
        if x > plot.right + 1:
            continue
        parts.append(line((x, plot.bottom), (x, plot.bottom + 5), "tickline"))
        shown = f"{tick:,.10g} {unit}"
        anchor = "end" if x > plot.right - 20 else "middle" if tick else "start"
        parts.append(words(x, plot.bottom + 18, shown, anchor, "tick"))
    return parts


def named(plot: Plot, names: Sequence[tuple[str, str]]) -> list[str]:
    """What each line is, in a row above the plot, to the right of the unit."""
    parts = []
    x = plot.right
    for text, style in reversed(names):
        width = 7.2 * len(text)
        parts.append(words(x, plot.top - 12, text, "end", f"small {style}"))
        parts.append(line((x - width - 24, plot.top - 16), (x - width - 6, plot.top - 16), f"line {style}"))
        x -= width + 40
    return parts
