"""Teams and queues: how busy the integration slots, the direct team and the counters are, and who waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from simulator.report.axes import PHONE, Frame, nice, scale, time_axis, value_axis
from simulator.report.chart import Chart, Drawing, cell
from simulator.report.series import points, shown_until, weeks_of
from simulator.report.svg import path, words
from simulator.report.words import day_words, number, percent
from simulator.study import Document

_PANEL: Final = 190.0


def teams(document: Document) -> Chart:
    """Shares of use from 0 to 100 %, numbers waiting on their own scale; means of all runs."""
    weeks, loads = weeks_of(document), document["loads"]
    panels: list[tuple[str, Sequence[float], bool]] = [
        (f"Integration slots in use (of {document['slots']})", loads["slots_busy"], True),
        ("Suppliers waiting for a slot", loads["suppliers_waiting"], False),
        ("Counters in use", loads["counters_busy"], True),
        ("People waiting at counters", document["weekly"]["counter_queue"]["mean"], False),
    ]
    end = shown_until(weeks, [loads["slots_busy"], loads["suppliers_waiting"]])

    def draw(width: float) -> Drawing:
        columns = 1 if width <= PHONE else 2
        each = (width - 24 * (columns - 1)) / columns
        parts: list[str] = []
        for index, (name, values, share) in enumerate(panels):
            left, top = (index % columns) * (each + 24), (index // columns) * _PANEL
            ticks = [0.0, 0.5, 1.0] if share else nice(max(values), 3)
            divide, prefix = (1.0, "") if share else scale(ticks[-1])
            frame = Frame(left + 46, left + each - 8, top + 40, top + _PANEL - 38, weeks[0], end, ticks[-1])
            title = f"{name}, {prefix.strip()}" if prefix else name
            parts.append(words(left + 2, top + 18, title, class_="label strong"))
            parts += value_axis(frame, ticks, "", divide, percent=share) + time_axis(frame)
            parts.append(path(points(frame, weeks, values), "line c1"))
        return Drawing(_PANEL * -(-len(panels) // columns), parts)

    wait = document["totals"]["mean_wait_weeks"]["mean"]
    last = max(index for index, week in enumerate(weeks) if week <= end)
    return Chart(
        key="teams",
        title=f"A supplier waits {number(wait)} weeks for one of {document['slots']} integration slots, on average",
        note=(
            f"Mean of all runs, by week. At most {number(max(panels[1][1]))} suppliers wait at the same time. "
            "The team for direct connections works without a pause."
        ),
        draw=draw,
        header=(
            "week of",
            "slots in use",
            "suppliers waiting",
            "counters in use",
            "people waiting",
            "direct team in use",
        ),
        rows=[
            [
                cell(document, f"/weeks/{week}", day_words),
                cell(document, f"/loads/slots_busy/{week}", percent),
                cell(document, f"/loads/suppliers_waiting/{week}", number),
                cell(document, f"/loads/counters_busy/{week}", percent),
                cell(document, f"/weekly/counter_queue/mean/{week}", number),
                cell(document, f"/loads/direct_team_busy/{week}", percent),
            ]
            for week in range(0, last + 1, 13)
        ],
    )
