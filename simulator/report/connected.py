"""The fan: care providers with login, and with login and mandates, by week."""

from __future__ import annotations

from typing import Final

from simulator.report.axes import Frame, nice, time_axis, value_axis
from simulator.report.chart import Chart, Drawing
from simulator.report.series import band_header, fan, quarterly, shown_until, week_at, weeks_of
from simulator.report.svg import LINE, line, words
from simulator.report.words import day_words, number
from simulator.study import Document

_CURVES: Final = {"/weekly/login": "login", "/weekly/pgo_ready": "login and mandates"}


def connected(document: Document) -> Chart:
    """Login dashed, login and mandates solid; for a plan without routing the direct connections."""
    return _direct(document) if document["run"]["pathway"] == "direct" else _routed(document)


def _routed(document: Document) -> Chart:
    weeks, weekly = weeks_of(document), document["weekly"]
    login, ready = weekly["login"], weekly["pgo_ready"]
    end = shown_until(weeks, [login["p50"], ready["p50"], ready["p10"]])
    total = document["providers"]["care"]
    gap = max(range(len(weeks)), key=lambda week: login["p50"][week] - ready["p50"][week])

    def draw(width: float) -> Drawing:
        ticks = nice(max(total, *login["p90"]))
        frame = Frame(46.0, width - 8, 46.0, 330.0, weeks[0], end, ticks[-1])
        parts = value_axis(frame, ticks, "care providers") + time_axis(frame)
        parts += _all_of(frame, total)
        parts += fan(frame, weeks, login, "c2 dashed") + fan(frame, weeks, ready, "c1")
        parts += _names(frame, document, gap)
        return Drawing(360.0, parts)

    half = document["milestones"]["pgo_half"]
    last = document["milestones"]["pgo_90"]
    return Chart(
        key="connected",
        title=(
            f"Half of the {number(total)} care providers offer login and mandates by {day_words(half['p50'])}, "
            f"nine in ten by {day_words(last['p50'])}"
        ),
        note="Lines are the median run (P50); bands hold eight runs in ten (P10 to P90).",
        draw=draw,
        header=band_header(_CURVES),
        rows=quarterly(document, _CURVES, end, number),
    )


def _direct(document: Document) -> Chart:
    weeks, direct = weeks_of(document), document["weekly"]["direct"]
    end = shown_until(weeks, [direct["p50"]])

    def draw(width: float) -> Drawing:
        ticks = nice(max(1.0, *direct["p90"]))
        frame = Frame(46.0, width - 8, 46.0, 330.0, weeks[0], end, ticks[-1])
        parts = value_axis(frame, ticks, "providers, directly connected") + time_axis(frame)
        return Drawing(360.0, parts + fan(frame, weeks, direct, "c1"))

    last = len(weeks) - 1
    return Chart(
        key="connected",
        title=(
            f"One by one: {number(direct['p50'][last])} of {number(document['providers']['care'])} care providers "
            f"are connected when the run ends, on {day_words(document['weeks'][last])}"
        ),
        note="The line is the median run (P50); the band holds eight runs in ten (P10 to P90).",
        draw=draw,
        header=band_header({"/weekly/direct": "directly connected"}),
        rows=quarterly(document, {"/weekly/direct": ""}, end, number),
    )


def _all_of(frame: Frame, total: float) -> list[str]:
    y = frame.y(total)
    return [
        line((frame.left, y), (frame.right, y), "mark"),
        words(frame.left + 4, y - 6, f"all {number(total)}", class_="label quiet"),
    ]


def _names(frame: Frame, document: Document, gap: int) -> list[str]:
    """Names where the curves are furthest apart: login above its curve, mandates below theirs."""
    weeks, weekly = weeks_of(document), document["weekly"]
    upper, lower = frame.y(weekly["login"]["p50"][gap]), frame.y(weekly["pgo_ready"]["p50"][gap])
    x = frame.x(weeks[gap])
    if lower - upper < 30:
        # nowhere apart: one name for both, under the curve
        at = week_at(weeks, frame.begin + (frame.end - frame.begin) / 2)
        y = min(frame.bottom - 10, frame.y(weekly["pgo_ready"]["p10"][at]) + 24)
        return [words(frame.x(weeks[at]), y, "login, and login with mandates", class_="label c1")]
    after = next(
        week
        for week in range(gap, len(weeks))
        if weekly["pgo_ready"]["p50"][week] >= 0.55 * weekly["login"]["p50"][week]
    )
    ready_x = frame.x(weeks[after]) + 12
    ready_y = max(frame.y(weekly["pgo_ready"]["p10"][after]), frame.y(weekly["pgo_ready"]["p50"][after])) - 4
    ready_y = min(max(ready_y, frame.y(weekly["pgo_ready"]["p50"][after]) + LINE), frame.bottom - 26)
    return [
        words(max(frame.left + 40, x - 18), upper - 26, "login", "end", "label c2"),
        words(ready_x, ready_y, "login and", class_="label c1"),
        words(ready_x, ready_y + LINE, "mandates", class_="label c1"),
    ]
