"""Who is left out: people at a time, and person-weeks by age and digital skill."""

from __future__ import annotations

from simulator.report.axes import PHONE, Frame, nice, scale, time_axis, value_axis
from simulator.report.chart import Cell, Chart, Drawing, cell
from simulator.report.series import band_header, fan, quarterly, shown_until, weeks_of
from simulator.report.svg import box, words
from simulator.report.words import DASH, SKILL_WORDS, day_words, large
from simulator.study import BAND_NAMES, Document


def excluded(document: Document) -> Chart:
    """People who cannot get in, by week."""
    weeks, curve = weeks_of(document), document["weekly"]["excluded_people"]
    end = shown_until(weeks, [curve["p50"], curve["p90"]])
    most = max(curve["p90"])

    def draw(width: float) -> Drawing:
        if most == 0.0:
            return Drawing(30.0, [words(0.0, 20.0, "Nobody, in any week.", class_="label quiet")])
        ticks = nice(most)
        divide, prefix = scale(ticks[-1])
        frame = Frame(46.0, width - 8, 46.0, 290.0, weeks[0], end, ticks[-1])
        parts = value_axis(frame, ticks, f"{prefix}people who cannot get in", divide) + time_axis(frame)
        return Drawing(320.0, parts + fan(frame, weeks, curve, "c2"))

    peak = max(range(len(weeks)), key=lambda week: curve["p50"][week])
    if curve["p50"][peak] > 0:
        title = (
            f"Up to {large(curve['p50'][peak])} people at a time cannot get in (median run, {day_words(weeks[peak])})"
        )
    elif most > 0:
        title = f"Nobody is left out in the median run; up to {large(most)} people at a time in the worst tenth"
    elif document["totals"]["excluded_person_weeks"]["mean"] > 0:
        title = "Nobody is left out in nine runs of ten"
    else:
        title = "Nobody is left out, in any run"
    return Chart(
        key="excluded",
        title=title,
        note=(
            "People who depend on somebody's help, at providers that demand the higher login level before mandates "
            "work there. Median run and the band of eight runs in ten."
        ),
        draw=draw,
        header=band_header({"/weekly/excluded_people": ""}),
        rows=quarterly(document, {"/weekly/excluded_people": ""}, end, large),
    )


def groups(document: Document) -> Chart | None:
    """Person-weeks by age and skill, the mean of all runs. None: nobody is left out in any run."""
    means: dict[str, float] = document["excluded_person_weeks_mean"]
    total = sum(means.values())
    if total == 0.0:
        return None
    bands = [band for band in dict.fromkeys(key.split("/")[0] for key in means) if band != "0-17"]

    def draw(width: float) -> Drawing:
        narrow = width <= PHONE
        left, right = (8.0, width - 96) if narrow else (210.0, width - 110)
        unit = (right - left) / max(means.values())
        parts, y = [], 8.0
        for band in bands:
            for skill, color in (("low", "c2"), ("other", "c1")):
                value = means[f"{band}/{skill}"]
                name = f"{band.replace('-', DASH)}, {SKILL_WORDS[skill]}"
                if narrow:
                    parts.append(words(left, y + 14, name, class_="small"))
                    y += 20
                else:
                    parts.append(words(left - 10, y + 15, name, "end", "label"))
                parts.append(box(left, y, max(1.0, value * unit), 21, f"fill {color}"))
                parts.append(words(left + value * unit + 6, y + 15, large(value), class_="label"))
                y += 27
            y += 8
        return Drawing(y, parts)

    low = sum(value for key, value in means.items() if key.endswith("/low"))
    old = sum(value for key, value in means.items() if key.split("/")[0] in ("65-79", "80+"))
    return Chart(
        key="groups",
        title=(
            f"{100 * low / total:.0f} % of those weeks fall on people with low digital skill, "
            f"{100 * old / total:.0f} % on people of 65 and over"
        ),
        note=(
            "Person-weeks of exclusion over the whole run by age and digital skill, mean of all runs. "
            "Minors depend on parental authority and are not counted here."
        ),
        draw=draw,
        header=("age, digital skill", "person-weeks, mean"),
        rows=[
            [
                Cell(key.replace("/", ", ")),
                cell(document, f"/excluded_person_weeks_mean/{key.replace('/', '~1')}", large),
            ]
            for key in means
        ]
        + [
            [Cell(f"all, {band.upper()}"), cell(document, f"/totals/excluded_person_weeks/{band}", large)]
            for band in BAND_NAMES
        ],
    )
