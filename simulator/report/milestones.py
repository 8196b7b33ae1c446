"""Milestones as dates with their bands; and in which months routed mandates go live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from simulator.report.axes import PHONE, Frame, nice, time_axis, value_axis
from simulator.report.chart import Cell, Chart, Drawing, cell
from simulator.report.svg import box, dot, line, words
from simulator.report.words import DASH, LATER, MILESTONE_WORDS, MONTHS, day_of, day_words, month_words, percent
from simulator.study import BAND_NAMES, Document


def milestones(document: Document) -> Chart:
    """A row each, in the order of their medians; those that are not known are named in the note."""
    found = document["milestones"]
    known = [name for name in found if found[name]["known"] and found[name]["p10"] is not None]
    known.sort(key=lambda name: (found[name]["p50"] or "9999", name))
    unknown = [MILESTONE_WORDS[name] for name in found if not found[name]["known"]]
    days = [day_of(found[name][band]) for name in known for band in BAND_NAMES if found[name][band]]
    begin, end = date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1)

    def draw(width: float) -> Drawing:
        narrow = width <= PHONE
        step = 46.0 if narrow else 27.0
        left = 8.0 if narrow else 262.0
        frame = Frame(left, width - (14.0 if narrow else 196.0), 14.0, 14.0 + step * len(known), begin, end)
        parts = _grid(frame) + time_axis(frame)
        for index, name in enumerate(known):
            y = frame.top + step * index + (30.0 if narrow else step / 2)
            parts += _row(frame, [found[name][band] for band in BAND_NAMES], y)
            shown = _range(found[name]["p10"], found[name]["p90"])
            if narrow:
                parts.append(words(frame.left, y - 14, MILESTONE_WORDS[name], class_="small"))
                parts += _beside(frame, found[name], shown, y)
            else:
                parts.append(words(frame.left - 12, y + 4, MILESTONE_WORDS[name], "end", "label"))
                parts.append(words(frame.right + 12, y + 4, shown, class_="small"))
        return Drawing(frame.bottom + 28, parts)

    live = found["mandate_live"]
    later = [MILESTONE_WORDS[name] for name in found if found[name]["known"] and found[name]["p10"] is None]
    note = "Dot: median run. Bar: eight runs in ten."
    note += f" Not known, on purpose: {', '.join(unknown)}." if unknown else ""
    note += f" Not within the run: {', '.join(later)}." if later else ""
    return Chart(
        key="milestones",
        title=f"Routed mandates go live between {_range(live['p10'], live['p90'], 'and')} in eight runs of ten"
        if live["p10"] != live["p90"]
        else f"Routed mandates go live on {day_words(live['p50'])} in at least eight runs of ten",
        note=note,
        draw=draw,
        header=("milestone", "P10", "P50", "P90", "reached"),
        rows=[
            [
                Cell(MILESTONE_WORDS[name]),
                *(
                    cell(document, f"/milestones/{name}/{band}", day_words if found[name]["known"] else _unknown)
                    for band in BAND_NAMES
                ),
                cell(document, f"/milestones/{name}/reached", percent),
            ]
            for name in found
        ],
    )


def months(document: Document) -> Chart | None:
    """In how many runs mandates go live in each month: where a freeze makes a cliff, two heaps. None: never live."""
    shares: dict[str, float] = document["mandate_live_by_month"]
    if not shares:
        return None
    all_months = _between(min(shares), max(shares))
    values = [shares.get(f"{month:%Y-%m}", 0.0) for month in all_months]

    def draw(width: float) -> Drawing:
        ticks = nice(max(values))
        frame = Frame(46.0, width - 8, 64.0, 230.0, all_months[0], _next(all_months[-1]), ticks[-1])
        step = (frame.right - frame.left) / len(values)
        parts = [words(0.0, 22.0, "share of the runs", class_="unit"), *value_axis(frame, ticks, "", percent=True)]
        every = next(n for n in (1, 2, 3, 6, 12, 24, 60, 600) if step * n >= 30)
        for index, (month, value) in enumerate(zip(all_months, values, strict=True)):
            x = frame.left + step * index
            thick = min(step * 0.8, 46.0)
            parts.append(box(x + (step - thick) / 2, frame.y(value), thick, frame.bottom - frame.y(value), "fill c1"))
            if value >= 0.005 and step >= 30:
                parts.append(words(x + step / 2, frame.y(value) - 5, percent(round(value, 2)), "middle", "small"))
            if index % every == 0:
                parts.append(words(x + step / 2, frame.bottom + 17, MONTHS[month.month - 1], "middle", "tick"))
            if index == 0 or (index % every == 0 and month.year != all_months[index - every].year):
                parts.append(words(x + step / 2, frame.bottom + 33, f"{month.year}", "middle", "tick"))
        return Drawing(272.0, parts)

    top = max(shares, key=lambda month: shares[month])
    rest = [month for month in shares if month > top]
    late = sum(shares[month] for month in rest if (day_of(f"{month}-01") - day_of(f"{top}-01")).days > 120)
    title = f"Mandates go live in {month_words(day_of(f'{top}-01'))} in {percent(round(shares[top], 2))} of the runs"
    return Chart(
        key="months",
        title=title + (f"; in {percent(round(late, 2))} four months later or more" if late >= 0.005 else ""),
        note="Share of the runs in which routed mandates go live in each month. A freeze leaves months empty.",
        draw=draw,
        header=("month", "share of the runs"),
        rows=[
            [Cell(month_words(day_of(f"{month}-01"))), cell(document, f"/mandate_live_by_month/{month}", percent)]
            for month in shares
        ],
    )


def _row(frame: Frame, bands: Sequence[str | None], y: float) -> list[str]:
    low, middle, high = bands
    assert low is not None
    end = frame.x(day_of(high)) if high else frame.right
    parts = [box(frame.x(day_of(low)), y - 4, max(end - frame.x(day_of(low)), 1.0), 8, "bar c1")]
    if middle:
        parts.append(dot((frame.x(day_of(middle)), y), "dot c1"))
    return parts


def _beside(frame: Frame, found: dict[str, str | None], shown: str, y: float) -> list[str]:
    """On a phone the dates stand beside the bar, on the side where there is room."""
    first, last = found["p10"], found["p90"]
    assert first is not None
    begin, end = frame.x(day_of(first)), frame.x(day_of(last)) if last else frame.right
    if frame.right - end > begin - frame.left:
        return [words(end + 10, y + 4, shown, class_="small quiet")]
    return [words(begin - 10, y + 4, shown, "end", "small quiet")]


def _grid(frame: Frame) -> list[str]:
    years = range(frame.begin.year, frame.end.year + 1)
    xs = [frame.x(date(year, 1, 1)) for year in years]
    return [line((x, frame.top), (x, frame.bottom), "grid") for x in xs] + [
        line((frame.left, frame.bottom), (frame.right, frame.bottom), "base")
    ]


def _range(low: str | None, high: str | None, to: str = DASH) -> str:
    """25 Jan to 1 Aug 2021; one date where both are the same."""
    if low is None or high is None or low == high:
        return day_words(low) if low == high else f"{day_words(low)} {to} {LATER}"
    first, last = day_of(low), day_of(high)
    begin = f"{first.day} {MONTHS[first.month - 1]}" + (f" {first.year}" if first.year != last.year else "")
    return f"{begin} {to} {day_words(last)}"


def _unknown(value: object) -> str:
    return "not known"


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _between(first: str, last: str) -> list[date]:
    found = [day_of(f"{first}-01")]
    while f"{found[-1]:%Y-%m}" < last:
        found.append(_next(found[-1]))
    # room for a few months beside a single heap
    while len(found) < 6:
        found.append(_next(found[-1]))
    return found
