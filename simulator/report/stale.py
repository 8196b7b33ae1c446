"""Stale decisions: how much of what is asked is answered from a register that is behind."""

from __future__ import annotations

from typing import Final

from simulator.report.axes import PHONE, Frame, nice, time_axis, value_axis
from simulator.report.chart import Chart, Drawing
from simulator.report.series import band_header, fan, quarterly, shown_until, weeks_of
from simulator.report.svg import words
from simulator.report.words import day_words, percent
from simulator.study import Document

_PANEL: Final = 190.0
_REGISTERS: Final = {
    "stale_parental_authority": "Parental authority",
    "stale_administration": "Administrators",
    "stale_next_of_kin": "Next of kin",
}


def stale(document: Document) -> Chart:
    """A panel for each register, each with its own scale: their sizes differ a hundredfold."""
    weeks, weekly = weeks_of(document), document["weekly"]
    curves = {name: weekly[name] for name in _REGISTERS}
    end = shown_until(weeks, [curve["p50"] for curve in curves.values()])

    def draw(width: float) -> Drawing:
        columns = 1 if width <= PHONE else 3
        each = (width - 18 * (columns - 1)) / columns
        parts: list[str] = []
        for index, (name, curve) in enumerate(curves.items()):
            left, top = (index % columns) * (each + 18), (index // columns) * _PANEL
            ticks = nice(max(curve["p90"]), 3)
            frame = Frame(left + 52, left + each - 8, top + 40, top + _PANEL - 38, weeks[0], end, ticks[-1])
            parts.append(words(left + 2, top + 18, _REGISTERS[name], class_="label strong"))
            parts += value_axis(frame, ticks, "", percent=True) + time_axis(frame)
            parts += fan(frame, weeks, curve, "c4")
        return Drawing(_PANEL * -(-len(curves) // columns), parts)

    live = document["milestones"]["register_live"]["p50"]
    start = curves["stale_administration"]["p50"][0]
    pointers = {f"/weekly/{name}": words for name, words in _REGISTERS.items()}
    return Chart(
        key="stale",
        title=(
            f"{percent(curves['stale_parental_authority']['p50'][-1])} of the questions on parental authority meet a "
            f"register that is behind; on administrators {percent(start)} until theirs is live ({day_words(live)})"
        ),
        note=(
            "Share of the decisions asked in which the register does not yet show what holds. Each panel has its own "
            "scale. Line: median run. Band: eight runs in ten."
        ),
        draw=draw,
        header=band_header(pointers),
        rows=quarterly(document, pointers, end, percent),
    )
