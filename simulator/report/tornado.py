"""What matters: each uncertain knob from its low to its high value, all others as they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from simulator.report.axes import PHONE, Frame, nice, scale, time_axis
from simulator.report.chart import Cell, Chart, Drawing, cell
from simulator.report.svg import box, line, words
from simulator.report.words import HARD, day_words, large, lower_first, number
from simulator.study import Document
from simulator.timeline import EPOCH

KNOB_WORDS: Final = {
    "gp_practices": "Number of GP practices",
    "routing_slots": "Integrations at the same time",
    "integration_high": "Longest integration, weeks",
    "setback_p": "Chance of a setback",
    "setback_mean": "Mean size of a setback, weeks",
}
_TITLES: Final = {
    "excluded_person_weeks": "Exclusion, person-weeks (mean)",
    "weeks_to_90_login": "Login at nine in ten (mean date)",
    "mandate_live_week": "Routed mandates live (mean date)",
}


def tornado(document: Document) -> Chart | None:
    """One panel a measure, the widest bar on top; the knob's values stand at the bar's ends."""
    found = document["one_at_a_time"]
    if found is None:
        return None
    swings: dict[str, Any] = found["swings"]

    def size(knob: str, measure: str) -> float:
        return abs(float(swings[knob]["at_high"][measure] - swings[knob]["at_low"][measure]))

    def draw(width: float) -> Drawing:
        parts: list[str] = []
        top = 0.0
        for measure, title in _TITLES.items():
            moving = [knob for knob in swings if size(knob, measure) > 1e-6 * max(1.0, abs(found["base"][measure]))]
            moving.sort(key=lambda knob: -size(knob, measure))
            parts.append(words(2, top + 18, title, class_="label strong"))
            if moving:
                drawn = _panel(found, measure, moving, width, top + 30)
                parts += drawn.parts
                top = drawn.height + 16
            else:
                parts.append(words(2, top + 42, "None of these changes it.", class_="label quiet"))
                top += 64
        return Drawing(top, parts)

    first = max(swings, key=lambda knob: size(knob, "excluded_person_weeks"))
    second = max(swings, key=lambda knob: size(knob, "weeks_to_90_login"))
    weeks = size(second, "weeks_to_90_login")
    title = (
        f"What moves the day of login at nine in ten most: {lower_first(KNOB_WORDS.get(second, second))}, "
        f"{number(weeks)} weeks between its ends"
    )
    if size(first, "excluded_person_weeks") > 0:
        title += f"; exclusion most: {lower_first(KNOB_WORDS.get(first, first))}"
    return Chart(
        key="tornado",
        title=title,
        note=(
            f"Each knob at its low and its high value, all others as the scenario has them: {found['points']} points "
            f"of {found['replications']} runs under the same random numbers. The ends are estimates of what is "
            "possible. The vertical line is the scenario itself."
        ),
        draw=draw,
        header=("knob", "from", "to", *(f"{_TITLES[m]}, {end}" for m in _TITLES for end in ("at low", "at high"))),
        rows=[
            [
                Cell(KNOB_WORDS.get(knob, knob)),
                cell(document, f"/one_at_a_time/swings/{knob}/low", number),
                cell(document, f"/one_at_a_time/swings/{knob}/high", number),
                *(
                    cell(
                        document,
                        f"/one_at_a_time/swings/{knob}/{end}/{measure}",
                        large if "person" in measure else _day,
                    )
                    for measure in _TITLES
                    for end in ("at_low", "at_high")
                ),
            ]
            for knob in swings
        ],
    )


def indices(document: Document) -> tuple[str, tuple[str, ...], list[list[Cell]]] | None:
    """What `--sensitivity` found, as a table's title, header and rows."""
    found = document["sensitivity"]
    if found is None:
        return None
    names = list(next(iter(next(iter(found["figures"].values())).values())))
    header = ("knob", *(f"{_TITLES[measure]}, {name}" for measure in found["figures"] for name in names))
    knobs = list(next(iter(found["figures"].values())))
    rows = [
        [
            Cell(KNOB_WORDS.get(knob, knob)),
            *(
                cell(document, f"/sensitivity/figures/{measure}/{knob}/{name}", lambda value: f"{value:,.3g}")
                for measure in found["figures"]
                for name in names
            ),
        ]
        for knob in knobs
    ]
    words = {"morris": "Morris screening", "sobol": "Shares of the variance (Sobol)"}[found["method"]]
    return f"{words}: {found['points']} points of {found['replications']} runs", header, rows


def _panel(found: Any, measure: str, knobs: list[str], width: float, top: float) -> Drawing:
    narrow = width <= PHONE
    step = 44.0 if narrow else 28.0
    left = 44.0 if narrow else 266.0
    swings = found["swings"]
    ends = [swings[knob][end][measure] for knob in knobs for end in ("at_low", "at_high")] + [found["base"][measure]]
    dated = measure != "excluded_person_weeks"
    low = min(ends) if dated else 0.0
    reach = max(max(ends) - low, 1e-9)
    right = width - 50.0

    def x(value: float) -> float:
        return float(left + (right - left) * (value - low) / reach)

    bottom = top + step * len(knobs)
    parts = [line((left, bottom), (right, bottom), "base")]
    if dated:
        begin, end = (EPOCH + timedelta(weeks=value) for value in (low, low + reach))
        parts += time_axis(Frame(left, right, top, bottom, begin, max(end, begin + timedelta(days=60))))
    else:
        divide, prefix = scale(reach)
        for tick in nice(reach)[:-1]:
            parts.append(
                words(
                    x(tick),
                    bottom + 18,
                    f"{tick / divide:,.10g}" + (f" {prefix.strip()}" if tick else ""),
                    "middle",
                    "tick",
                )
            )
            parts.append(line((x(tick), bottom), (x(tick), bottom + 5), "tickline"))
    base_x = x(found["base"][measure])
    labels: list[str] = []
    for index, knob in enumerate(knobs):
        y = top + step * index + (18.0 if narrow else 3.0)
        at_low, at_high = x(swings[knob]["at_low"][measure]), x(swings[knob]["at_high"][measure])
        base = min(max(base_x, min(at_low, at_high)), max(at_low, at_high))
        where = (8.0, y - 4, "start") if narrow else (left - 52, y + 15, "end")
        labels.append(words(where[0], where[1], KNOB_WORDS.get(knob, knob), where[2], "small" if narrow else "label"))
        for at, color in ((at_low, "c6"), (at_high, "c2")):
            parts.append(box(min(at, base), y, abs(at - base), 19, f"fill {color}"))
        first_left = at_low <= at_high
        for at, which, to_left in ((at_low, "low", first_left), (at_high, "high", not first_left)):
            value = swings[knob][which]
            shown = f"{value:.0%}".replace("%", f"{HARD}%") if knob == "setback_p" else f"{value:,.10g}"
            labels.append(words(at - 5 if to_left else at + 5, y + 14, shown, "end" if to_left else "start", "small"))
    parts.append(line((base_x, top - 4), (base_x, bottom), "mark"))
    parts += labels
    return Drawing(bottom + 28, parts)


def _day(weeks: float) -> str:
    return day_words(EPOCH + timedelta(weeks=weeks))
