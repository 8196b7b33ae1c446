"""Burn-up: what is connected against the target and its date."""

from __future__ import annotations

from datetime import date

from simulator.report.axes import PHONE, Frame, nice, time_axis, value_axis
from simulator.report.chart import Cell, Chart, Drawing, cell
from simulator.report.series import Values, fan, shown_until, week_at, weeks_of
from simulator.report.svg import line, tag, words
from simulator.report.words import day_of, day_words, number, percent
from simulator.study import BAND_NAMES, Document


def burnup(document: Document) -> Chart:
    """The target is a mark on its day; the distance to it is drawn and named."""
    weeks = weeks_of(document)
    name = "direct" if document["run"]["pathway"] == "direct" else "pgo_ready"
    curve: dict[str, Values] = document["weekly"][name]
    wanted, on = document["target"]["providers"], day_of(document["target"]["on"])
    at = week_at(weeks, on)
    end = shown_until(weeks, [curve["p50"]], on)
    there = curve["p50"][at]

    def draw(width: float) -> Drawing:
        ticks = nice(max(wanted, *curve["p90"]))
        frame = Frame(46.0, width - 8, 46.0, 330.0, weeks[0], end, ticks[-1])
        parts = value_axis(frame, ticks, unit) + time_axis(frame)
        parts += fan(frame, weeks, curve, "c1")
        if frame.holds(on):
            parts += _mark(frame, on, wanted, there, width)
        return Drawing(360.0, parts)

    unit = "care providers, directly connected" if name == "direct" else "care providers with login and mandates"
    short = wanted - there
    title = (
        f"On {day_words(on)}, {number(there)} of {number(wanted)} are connected ({percent(there / max(1, wanted))})"
        + (f": {number(short)} short of the target" if short > 0.5 else ": the target is met")
    )
    rows = [
        [Cell("target"), cell(document, "/target/on", day_words), cell(document, "/target/providers", number)],
        *(
            [
                Cell(f"connected, {band.upper()}"),
                Cell(day_words(weeks[at])),
                cell(document, f"/weekly/{name}/{band}/{at}", number),
            ]
            for band in BAND_NAMES
        ),
    ]
    return Chart(
        key="burnup",
        title=title,
        note="Median run and the band of eight runs in ten, against the target.",
        draw=draw,
        header=("", "day", "providers"),
        rows=rows,
    )


def _mark(frame: Frame, on: date, wanted: float, there: float, width: float) -> list[str]:
    x, high, low = frame.x(on), frame.y(wanted), frame.y(there)
    side = "end" if x > (frame.left + frame.right) / 2 else "start"
    shift = -10.0 if side == "end" else 10.0
    parts = [
        line((x, frame.bottom), (x, high), "mark"),
        tag("path", d=f"M{x:.1f} {high - 7:.1f}l7 7l-7 7l-7 -7Z", class_="diamond"),
    ]
    label = f"target {number(wanted)}" if width <= PHONE else f"target: {number(wanted)} on {day_words(on)}"
    parts.append(words(x + shift, high - 8, label, side, "label"))
    if low - high > 26:
        middle = (low + high) / 2
        parts.append(line((x, high + 8), (x, low), "gapline"))
        parts.append(words(x - 8, middle + 4, f"{number(wanted - there)} short", "end", "label c2"))
    return parts
