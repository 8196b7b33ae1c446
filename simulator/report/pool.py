"""Where the time of the pool goes: shares of its people by quarter."""

from __future__ import annotations

from datetime import date
from typing import Final

from simulator.report.axes import PHONE, Frame, time_axis, value_axis
from simulator.report.chart import Chart, Drawing, cell
from simulator.report.series import weeks_of
from simulator.report.svg import area, box, spread, words
from simulator.report.words import day_of, day_words, percent
from simulator.study import Document

_PARTS: Final = {
    "continuity": "running services",
    "change_programme": "change programme",
    "mandate_track": "routed mandates",
    "statutory_track": "register of administrators",
    "outage": "outages",
    "frozen_or_idle": "frozen or without work",
}
"""From the bottom up: what has the first claim lies lowest."""


def pool(document: Document) -> Chart:
    """Stacked shares until the pool's projects are done, each part named beside it."""
    weeks, loads = weeks_of(document), document["loads"]
    end = _end(document)
    last = max(index for index, week in enumerate(weeks) if week <= end)
    levels = [[0.0] * (last + 1)]
    for name in _PARTS:
        levels.append([low + share for low, share in zip(levels[-1], loads[name], strict=False)])

    def draw(width: float) -> Drawing:
        narrow = width <= PHONE
        frame = Frame(46.0, width - (8.0 if narrow else 212.0), 46.0, 300.0, weeks[0], end, 1.0)
        parts = value_axis(frame, [0.0, 0.25, 0.5, 0.75, 1.0], "share of the pool's people", percent=True)
        for index in range(len(_PARTS)):
            lower, upper = (
                [(frame.x(week), frame.y(min(1.0, value))) for week, value in zip(weeks, level, strict=False)]
                for level in (levels[index], levels[index + 1])
            )
            parts.append(area(upper, lower, f"part p{index}"))
        parts += time_axis(frame)
        names = list(_PARTS.values())
        if narrow:
            for index, name in enumerate(reversed(names)):
                y = frame.bottom + 44 + 20 * index
                parts.append(box(8, y - 11, 22, 14, f"part p{len(names) - 1 - index}"))
                parts.append(words(38, y, name, class_="label"))
            return Drawing(frame.bottom + 48 + 20 * len(names), parts)
        middles = [(levels[i][last] + levels[i + 1][last]) / 2 for i in range(len(names))]
        places = spread([frame.y(middle) for middle in middles], 20.0, frame.top + 4, frame.bottom)
        for index, (name, y) in enumerate(zip(names, places, strict=True)):
            parts.append(box(frame.right + 10, y - 8, 14, 14, f"part p{index}"))
            parts.append(words(frame.right + 30, y + 4, name, class_="label"))
        return Drawing(330.0, parts)

    continuity = loads["continuity"][0]
    frozen = sum(loads["frozen_or_idle"][: last + 1]) / (last + 1)
    return Chart(
        key="pool",
        title=(
            f"{percent(continuity)} of the pool keeps services running; {percent(frozen)} stands still in a freeze or "
            "waits for work"
        ),
        note="Who works on what, mean of all runs, by week, until the register of administrators is live.",
        draw=draw,
        header=("week of", *_PARTS.values()),
        rows=[
            [
                cell(document, f"/weeks/{week}", day_words),
                *(cell(document, f"/loads/{name}/{week}", percent) for name in _PARTS),
            ]
            for week in range(0, last + 1, 13)
        ],
    )


def _end(document: Document) -> date:
    """The end of the year in which the pool's last project ends; of the run where none does."""
    weeks = weeks_of(document)
    days = [document["milestones"][name]["p90"] for name in ("mandate_live", "register_live")]
    if any(day is None for day in days):
        return weeks[-1]
    return min(date(max(day_of(day) for day in days).year + 1, 1, 1), weeks[-1])
