"""Weekly curves of the document: which weeks are worth showing, and how a band and its median are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from simulator.report.axes import Frame
from simulator.report.chart import Cell, cell
from simulator.report.svg import Point, area, path
from simulator.report.words import day_of, day_words
from simulator.study import BAND_NAMES, Document

Values = Sequence[float]


def weeks_of(document: Document) -> list[date]:
    """The first day of each week."""
    return [day_of(week) for week in document["weeks"]]


def week_at(weeks: Sequence[date], day: date) -> int:
    """The week that a day falls in; the first or the last for days outside."""
    return max(0, min(len(weeks) - 1, (day - weeks[0]).days // 7))


def shown_until(weeks: Sequence[date], curves: Sequence[Values], atleast: date | None = None) -> date:
    """The end of the year in which the last of the curves stops changing."""
    last = 0
    for curve in curves:
        end = curve[-1]
        slack = 2e-3 * max(map(abs, curve), default=0.0)
        moving = [week for week, value in enumerate(curve) if abs(value - end) > slack]
        last = max(last, moving[-1] + 1 if moving else 0)
    day = weeks[min(last, len(weeks) - 1)]
    if atleast is not None and weeks[0] <= atleast <= weeks[-1]:
        day = max(day, atleast)
    return min(date(day.year + 1, 1, 1), weeks[-1])


def points(frame: Frame, weeks: Sequence[date], values: Values) -> list[Point]:
    """A curve within the frame."""
    return [(frame.x(week), frame.y(value)) for week, value in zip(weeks, values, strict=True) if frame.holds(week)]


def fan(frame: Frame, weeks: Sequence[date], bands: dict[str, Values], color: str) -> list[str]:
    """P10 to P90 as an area, P50 as a line."""
    low, middle, high = (points(frame, weeks, bands[name]) for name in BAND_NAMES)
    return [area(high, low, f"band {color}"), path(middle, f"line {color}")]


def quarterly(document: Document, curves: dict[str, str], until: date, say: object) -> list[list[Cell]]:
    """A table's rows: the first week of each quarter, each curve at P10, P50 and P90. `curves`: pointer to words."""
    assert callable(say)
    weeks = weeks_of(document)
    rows = []
    for index, week in enumerate(weeks):
        if week > until:
            break
        if index == 0 or (week.month - 1) // 3 != (weeks[index - 1].month - 1) // 3:
            cells = [cell(document, f"{pointer}/{band}/{index}", say) for pointer in curves for band in BAND_NAMES]
            rows.append([cell(document, f"/weeks/{index}", day_words), *cells])
    return rows


def band_header(curves: dict[str, str]) -> tuple[str, ...]:
    """The header of such a table."""
    return (
        "week of",
        *(f"{words}, {band.upper()}" if words else band.upper() for words in curves.values() for band in BAND_NAMES),
    )
