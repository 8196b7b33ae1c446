"""Small fans: connected providers of each kind of care."""

from __future__ import annotations

from simulator.report.axes import PHONE, Frame, time_axis, value_axis
from simulator.report.chart import Chart, Drawing
from simulator.report.series import Values, band_header, fan, quarterly, shown_until, week_at, weeks_of
from simulator.report.svg import words
from simulator.report.words import KIND_WORDS, day_of, day_words, lower_first, number, percent
from simulator.study import Document

_PANEL = 190.0


def sectors(document: Document) -> Chart:
    """Login and mandates by kind, as a share of the kind, since one kind is most of all."""
    weeks, weekly, providers = weeks_of(document), document["weekly"], document["providers"]
    kinds = [kind for kind in KIND_WORDS if providers[kind]]
    curves = {kind: weekly[f"pgo_ready_{kind}"] for kind in kinds}
    names = {kind: f"{KIND_WORDS[kind]} ({number(providers[kind])})" for kind in kinds}
    totals = {kind: float(providers[kind]) for kind in kinds}
    if providers["other_sectors"]:
        curves["other"], names["other"] = (
            weekly["other_sectors"],
            f"Outside care ({number(providers['other_sectors'])})",
        )
        totals["other"] = float(providers["other_sectors"])
    end = shown_until(weeks, [curve["p50"] for curve in curves.values()])

    def draw(width: float) -> Drawing:
        columns = 1 if width <= PHONE else 2
        each = (width - 24 * (columns - 1)) / columns
        parts: list[str] = []
        for index, (kind, curve) in enumerate(curves.items()):
            left, top = (index % columns) * (each + 24), (index // columns) * _PANEL
            frame = Frame(left + 46, left + each - 8, top + 40, top + _PANEL - 38, weeks[0], end, 1.0)
            shares: dict[str, Values] = {
                band: [value / totals[kind] for value in values] for band, values in curve.items()
            }
            parts.append(words(left + 2, top + 18, names[kind], class_="label strong"))
            parts += value_axis(frame, [0.0, 0.5, 1.0], "", percent=True) + time_axis(frame)
            parts += fan(frame, weeks, shares, "c1")
        return Drawing(_PANEL * -(-len(curves) // columns), parts)

    target = week_at(weeks, day_of(document["target"]["on"]))
    slowest = min(kinds, key=lambda kind: curves[kind]["p50"][target] / totals[kind])
    pointers = {
        f"/weekly/{'other_sectors' if kind == 'other' else f'pgo_ready_{kind}'}": names[kind] for kind in curves
    }
    share = curves[slowest]["p50"][target] / totals[slowest]
    return Chart(
        key="sectors",
        title=(
            f"Last in line: {lower_first(KIND_WORDS[slowest])}, {percent(share)} of which has login and mandates on "
            f"{day_words(document['target']['on'])}"
        ),
        note="Share of each kind with login and mandates. Line: median run. Band: eight runs in ten.",
        draw=draw,
        header=band_header(pointers),
        rows=quarterly(document, pointers, end, number),
    )
