"""What it costs, by kind of work."""

from __future__ import annotations

from typing import Final

from simulator.report.axes import PHONE
from simulator.report.chart import Cell, Chart, Drawing, cell
from simulator.report.svg import box, line, words
from simulator.report.words import euros, large
from simulator.study import BAND_NAMES, Document

_WORK: Final = {
    "pool_fte_weeks_mandate": "routed mandates, by the pool",
    "pool_fte_weeks_statutory": "register of administrators",
    "integration_fte_weeks": "integration of suppliers",
    "direct_fte_weeks": "direct connections",
}


def cost(document: Document) -> Chart:
    """A bar for each kind of work, the mean of all runs; the whole with its band."""
    paid: dict[str, float] = document["cost_euro_by_work"]
    whole = document["totals"]["cost_euro"]

    def draw(width: float) -> Drawing:
        narrow = width <= PHONE
        left, right = (8.0, width - 110) if narrow else (210.0, width - 120)
        unit = (right - left) / max(whole["p90"], 1.0)
        parts, y = [], 8.0
        for name, value, color in [
            *((_WORK[name], paid[name], "c1") for name in _WORK),
            ("all together", whole["mean"], "c5"),
        ]:
            if narrow:
                parts.append(words(left, y + 14, name, class_="small"))
                y += 20
            else:
                parts.append(words(left - 10, y + 15, name, "end", "label"))
            parts.append(box(left, y, max(1.0, value * unit), 21, f"fill {color}"))
            end = max(value, whole["p90"]) if color == "c5" else value
            parts.append(words(left + end * unit + 10, y + 15, euros(value), class_="label"))
            y += 30
        low, high = left + whole["p10"] * unit, left + whole["p90"] * unit
        parts += [line((x, y - 27), (x, y - 12), "whisker") for x in (low, high)]
        parts.append(line((low, y - 19.5), (high, y - 19.5), "whisker"))
        return Drawing(y + 4, parts)

    avoided = document["totals"]["direct_fte_weeks_avoided"]["mean"]
    return Chart(
        key="cost",
        title=f"The programme costs {euros(whole['p50'])} ({euros(whole['p10'])} to {euros(whole['p90'])})",
        note=(
            "People's time at one rate a week, over the whole run, mean of all runs; the line across the last bar "
            f"holds eight runs in ten. Connecting the same services one by one would take "
            f"{large(avoided)} person-weeks."
        ),
        draw=draw,
        header=("work", "euros"),
        rows=[[Cell(_WORK[name]), cell(document, f"/cost_euro_by_work/{name}", euros)] for name in _WORK]
        + [
            [Cell(f"all together, {band}"), cell(document, f"/totals/cost_euro/{band}", euros)]
            for band in ("mean", *BAND_NAMES)
        ],
    )
