"""Differences under common random numbers: what would help, and other scenarios beside this one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from math import ceil, floor
from typing import Any, Final

from simulator.report.axes import PHONE, Frame, nice, scale, time_axis, value_axis
from simulator.report.chart import Cell, Chart, Drawing, cell
from simulator.report.series import fan, shown_until, weeks_of
from simulator.report.svg import STRONG, box, dot, line, words, wrapped
from simulator.report.words import (
    DASH,
    LEVER_WORDS,
    MEASURE_WORDS,
    MINUS,
    change,
    day_words,
    euros,
    large,
    lower_first,
    value_words,
    weeks,
)
from simulator.study import BAND_NAMES, Document

Say = Callable[[float | None], str]
_COLORS: Final = ("c2 dashed", "c3 dotted", "c4 dashdot", "c5 longdash")


@dataclasses.dataclass(frozen=True)
class Row:
    """A difference to draw: its name, P10 to P90 and the mark, and what to say beside it."""

    name: str
    low: float | None
    mark: float
    high: float | None
    shown: str
    span: str = ""

    @property
    def still(self) -> bool:
        """Whether nothing changes."""
        return self.low == self.mark == self.high == 0.0


def levers(document: Document) -> Chart | None:
    """What would help: change of the mean exclusion, and of when nine in ten are connected."""
    found: list[dict[str, Any]] = document["levers"]
    if not found:
        return None

    def rows(measure: str, say: Say) -> list[Row]:
        found_by = [(lever["name"], lever["differences"][measure]) for lever in found]
        return [
            Row(
                name=LEVER_WORDS[name],
                low=difference["mean"] - difference["half_width_95"],
                mark=difference["mean"],
                high=difference["mean"] + difference["half_width_95"],
                shown=say(difference["mean"]),
            )
            for name, difference in found_by
            if difference["mean"] is not None and difference["half_width_95"] is not None
        ]

    def draw(width: float) -> Drawing:
        panels = [
            ("Exclusion, {unit}person-weeks: less to the left", rows("excluded_person_weeks", change), 1.0),
            ("Routed mandates live, weeks: earlier to the left", rows("mandate_live", weeks), 7.0),
            ("Login and mandates at nine in ten, weeks: earlier to the left", rows("pgo_90", weeks), 7.0),
        ]
        return _panels(panels, width)

    best = min(found, key=lambda lever: lever["differences"]["excluded_person_weeks"]["mean"] or 0.0)
    saved = best["differences"]["excluded_person_weeks"]["mean"] or 0.0
    soonest = min(found, key=lambda lever: lever["differences"]["pgo_90"]["mean"] or 0.0)
    if saved < -0.5:
        title = f"Against exclusion most: {lower_first(LEVER_WORDS[best['name']])} ({change(saved)} person-weeks)"
    else:
        sooner = weeks(soonest["differences"]["pgo_90"]["mean"])
        title = f"Soonest at nine in ten: {lower_first(LEVER_WORDS[soonest['name']])} ({sooner})"
    return Chart(
        key="levers",
        title=title,
        note=(
            f"Each change alone, against the plan itself: mean difference over {found[0]['replications']} runs under "
            "the same random numbers, with its 95 % interval. What a change costs outside the model is not counted."
        ),
        draw=draw,
        header=(
            "change",
            "exclusion, mean",
            "± 95 %",
            "mandates live, mean",
            "nine in ten, mean",
            "± 95 % (days)",
            "cost, mean",
        ),
        rows=[
            [
                Cell(LEVER_WORDS.get(lever["name"], lever["name"])),
                cell(document, f"/levers/{i}/differences/excluded_person_weeks/mean", change),
                cell(document, f"/levers/{i}/differences/excluded_person_weeks/half_width_95", large),
                cell(document, f"/levers/{i}/differences/mandate_live/mean", weeks),
                cell(document, f"/levers/{i}/differences/pgo_90/mean", weeks),
                cell(
                    document,
                    f"/levers/{i}/differences/pgo_90/half_width_95",
                    lambda v: DASH if v is None else f"{v:.1f}",
                ),
                cell(document, f"/levers/{i}/differences/cost_euro/mean", lambda v: change(v, euros)),
            ]
            for i, lever in enumerate(found)
        ],
    )


def curves(document: Document) -> Chart | None:
    """Connected providers of all scenarios, each with its own line and name."""
    others: list[Document] = document["comparisons"]
    if not others:
        return None
    drawn = [_curve(document), *map(_curve, others)]
    end = max(shown_until(days, [bands["p50"], bands["p10"]]) for days, bands in drawn)
    names = [document["scenario"], *(other["scenario"] for other in others)]
    shown = [
        f"{name} (as {names[0]})" if index and bands == drawn[0][1] else name
        for index, (name, (_, bands)) in enumerate(zip(names, drawn, strict=True))
    ]
    total = document["providers"]["care"]

    def draw(width: float) -> Drawing:
        ticks = nice(max([total, *(max(bands["p90"]) for _, bands in drawn)]))
        frame = Frame(46.0, width - 8, 46.0, 330.0, drawn[0][0][0], end, ticks[-1])
        parts = value_axis(frame, ticks, "care providers with login and mandates") + time_axis(frame)
        for (days, bands), color in reversed(list(zip(drawn, ("c1", *_COLORS * 9), strict=False))):
            parts += fan(frame, days, bands, color)
        for index, (name, color) in enumerate(zip(shown, ("c1", *_COLORS * 9), strict=False)):
            y = frame.bottom + 42 + 20 * index
            parts += [line((8, y - 4), (44, y - 4), f"line {color}"), words(52, y, name, class_="label")]
        return Drawing(frame.bottom + 48 + 20 * len(names), parts)

    halves = [scenario["milestones"]["pgo_half"]["p50"] for scenario in (document, *others)]
    return Chart(
        key="compared",
        title="Half are connected by "
        + ", by ".join(f"{day_words(half)} ({name})" for half, name in zip(halves, names, strict=True)),
        note="Median run and the band of eight runs in ten of each scenario, with the same seed and the same runs.",
        draw=draw,
        header=(
            "scenario",
            *(f"half, {band.upper()}" for band in BAND_NAMES),
            *(f"nine in ten, {band.upper()}" for band in BAND_NAMES),
        ),
        rows=[
            [
                Cell(name),
                *(
                    cell(document, f"{at}/milestones/{milestone}/{band}", day_words)
                    for milestone in ("pgo_half", "pgo_90")
                    for band in BAND_NAMES
                ),
            ]
            for name, at in zip(names, ["", *(f"/comparisons/{i}" for i in range(len(others)))], strict=True)
        ],
    )


def compared(document: Document, index: int) -> Chart:
    """One other scenario: its paired differences."""
    other = document["comparisons"][index]
    at = f"/comparisons/{index}"
    dated = [
        name
        for name in ("mandate_live", "pgo_half", "pgo_90", "register_live")
        if other["differences"][name]["p50"] is not None
    ]

    def row(name: str, say: Say) -> Row:
        difference = other["differences"][name]
        low, middle, high = (difference[band] for band in BAND_NAMES)
        span = "" if low == high else f"8 in 10: {_plain(low, say)} to {_plain(high, say)}"
        return Row(MEASURE_WORDS[name], low, middle or 0.0, high, say(middle), span)

    def draw(width: float) -> Drawing:
        panels = [
            (f"Weeks: earlier in {other['scenario']} to the left", [row(name, weeks) for name in dated], 7.0),
            ("Exclusion, {unit}person-weeks: less to the left", [row("excluded_person_weeks", change)], 1.0),
            ("Cost, {unit}euros: less to the left", [row("cost_euro", lambda value: change(value, euros))], 1.0),
        ]
        return _panels(panels, width)

    live = other["differences"]["mandate_live"]
    gone = other["differences"]["excluded_person_weeks"]
    measures = [*dated, "excluded_person_weeks", "cost_euro"]
    return Chart(
        key=f"compared-{index}",
        title=f"{other['scenario']}: mandates live {_by(live['p50'])}, exclusion {change(gone['p50'])}"
        + (" person-weeks" if abs(gone["p50"] or 0.0) >= 0.5 else ""),
        note=(
            f"{other['title']}. Difference from {document['scenario']} in the same run, {document['replications']:,} "
            "pairs: dot for the median difference, bar for eight pairs in ten. "
            + (f"Changed: {_changes(other)}." if other["changes"] else "No knob is changed.")
        ),
        draw=draw,
        header=("measure", document["scenario"], other["scenario"], "difference, P10", "P50", "P90", "mean", "± 95 %"),
        rows=[_figures(document, at, name) for name in measures],
    )


def _figures(document: Document, at: str, name: str) -> list[Cell]:
    money: Say = (lambda value: change(value, euros)) if name == "cost_euro" else change
    timed = name in document["milestones"]
    where, whole = (
        (f"/milestones/{name}/p50", day_words)
        if timed
        else (f"/totals/{name}/p50", euros if name == "cost_euro" else large)
    )
    say = weeks if timed else money
    return [
        Cell(MEASURE_WORDS[name]),
        cell(document, where, whole),
        cell(document, f"{at}{where}", whole),
        *(cell(document, f"{at}/differences/{name}/{band}", say) for band in (*BAND_NAMES, "mean")),
        cell(
            document,
            f"{at}/differences/{name}/half_width_95",
            lambda v: DASH if v is None else f"{v:.1f} days" if timed else large(v),
        ),
    ]


def _changes(other: Document) -> str:
    return "; ".join(
        f"{entry['knob']} from {value_words(entry['from'])} to {value_words(entry['to'])}" for entry in other["changes"]
    )


def _by(days: float | None) -> str:
    if days is None:
        return "not comparable (not within the run)"
    if abs(days) < 0.5:
        return "on the same day in the median pair"
    return f"{abs(days) / 7:.1f} weeks {'later' if days > 0 else 'earlier'} in the median pair"


def _curve(document: Document) -> tuple[list[Any], dict[str, list[float]]]:
    name = "direct" if (document.get("pathway") or document.get("run", {}).get("pathway")) == "direct" else "pgo_ready"
    return weeks_of(document), document["weekly"][name]


def _plain(value: float | None, say: Say) -> str:
    return "0" if value == 0.0 else say(value)


def _panels(panels: list[tuple[str, list[Row], float]], width: float) -> Drawing:
    """Each with its title; what does not change is named in one line and not drawn. The last number divides days."""
    parts: list[str] = []
    top = 0.0
    for title, rows, divide in panels:
        moving = [row for row in rows if not row.still]
        reach = max(
            (abs(value) for row in moving for value in (row.low, row.mark, row.high) if value is not None), default=0.0
        )
        by, unit = scale(reach) if divide == 1.0 else (divide, "")
        for text in wrapped(title.format(unit=unit), width - 4, STRONG):
            parts.append(words(2, top + 18, text, class_="label strong"))
            top += 17
        if moving:
            drawn = _panel(moving, width, top + 12, by)
            parts += drawn.parts
            top = drawn.height
        still = [lower_first(row.name) for row in rows if row.still]
        if still:
            sentence = f"No change: {', '.join(still)}." if moving else "No change."
            for text in wrapped(sentence, width - 4):
                parts.append(words(2, top + 18, text, class_="label quiet"))
                top += 17
        top += 22
    return Drawing(top, parts)


def _panel(rows: list[Row], width: float, top: float, divide: float) -> Drawing:
    """Differences around a line at zero: names to the left, what they are to the right; stacked on a phone."""
    narrow = width <= PHONE
    step = 62.0 if narrow else 40.0
    left, right = (14.0, width - 14) if narrow else (250.0, width - 250.0)
    values = [value for row in rows for value in (row.low, row.mark, row.high) if value is not None]
    low, high = min(0.0, *values), max(0.0, *values)
    reach = high - low or 1.0
    bottom = top + step * len(rows)

    def x(value: float | None, beyond: float) -> float:
        return beyond if value is None else left + 6 + (right - left - 12) * (value - low) / reach

    parts = _ticks(low, high, divide, lambda value: x(value, 0.0), top, bottom)
    for index, row in enumerate(rows):
        y = top + step * index + (44.0 if narrow else step / 2)
        if narrow:
            shown = row.shown + (f" ({row.span})" if row.span else "")
            parts += [words(2, y - 29, row.name, class_="small"), words(2, y - 13, shown, class_="small quiet")]
        else:
            lines = wrapped(row.name, left - 20)
            for number, text in enumerate(lines):
                parts.append(words(left - 14, y + 4 + 16 * (number - (len(lines) - 1) / 2), text, "end", "label"))
            parts.append(words(right + 12, y + (-3 if row.span else 4), row.shown, class_="label"))
            parts.append(words(right + 12, y + 13, row.span, class_="small quiet"))
        begin, end = x(row.low, left), x(row.high, right)
        parts.append(box(begin, y - 4, max(end - begin, 1.0), 8, "bar c1"))
        parts.append(dot((x(row.mark, 0), y), "dot c1"))
    return Drawing(bottom + 26, parts)


def _ticks(low: float, high: float, divide: float, x: Callable[[float], float], top: float, bottom: float) -> list[str]:
    step = nice(max(-low, high) / divide, 3)[1]
    count = range(ceil(low / divide / step - 1e-9), floor(high / divide / step + 1e-9) + 1)
    parts = [line((x(low), bottom), (x(high), bottom), "base")]
    for tick in count:
        at = x(tick * step * divide)
        parts.append(line((at, top), (at, bottom), "mark" if tick == 0 else "grid"))
        parts.append(
            words(at, bottom + 17, f"{tick * step:+,.10g}".replace("-", MINUS) if tick else "0", "middle", "tick")
        )
    return parts
