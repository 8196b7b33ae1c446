"""A result in a terminal: milestones, what matters, and bars; and a run told as a story."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from simulator.choosing import Choice
from simulator.comparing import Comparison
from simulator.events.engine import Run
from simulator.outcome import MILESTONES
from simulator.results import BANDS, Result
from simulator.sensitivity import Sensitivity
from simulator.timeline import DAYS_PER_WEEK, to_date

Reals = NDArray[np.float64]

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_WIDTH = 24
_TOTALS = {
    "excluded_person_weeks": "person-weeks excluded",
    "login_without_mandate_provider_weeks": "login only, provider-weeks",
    "connected_at_end": "connected at the end",
    "mean_wait_weeks": "wait of a supplier, weeks",
    "cost_euro": "cost, euros",
}
_BANDS = tuple(f"P{q * 100:.0f}" for q in BANDS)


def bar(share: float, width: int = _WIDTH) -> str:
    """A share as a bar of eighths."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    whole, part = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[part] if part else "")).ljust(width)


def summary(result: Result) -> RenderableType:
    """Milestones, connected providers by half-year, who is left out, the pool, totals, verdicts; 80 columns do."""
    knobs = result.scenario.knobs
    head = Text(f"{result.scenario.title or result.scenario.name}\n", "bold")
    head.append(
        f"{result.scenario.name} · {result.replications:,} replications · seed {knobs.seed} · "
        f"scenario {result.scenario.digest}",
        "not bold dim",
    )
    parts: list[RenderableType] = [
        head,
        _milestones(result),
        _connected(result),
        _excluded(result),
        _pool(result),
        _totals(result),
    ]
    if verdicts := result.verdicts():
        table = _table("objective", "wanted", "found", "")
        for verdict in verdicts:
            met = Text("met", "green") if verdict.met else Text("MISSED", "bold red")
            table.add_row(verdict.key, verdict.wanted, verdict.found, met)
        parts.append(table)
    return Group(*(Padding(part, (0, 0, 1, 0), expand=False) for part in parts))


def beside(base: Result, comparison: Comparison) -> RenderableType:
    """Another scenario's paired differences: what it changes, run by run."""
    other = comparison.other.scenario
    table = _table(f"{other.name} against {base.scenario.name}", *_BANDS, "mean", "±95 %", right=range(1, 6))
    for difference in comparison.differences:
        timed = difference.measure in MILESTONES
        figures = [*difference.bands, difference.mean, difference.half_width]
        shown = [short(value / DAYS_PER_WEEK if timed else value) for value in figures]
        name = _TOTALS.get(difference.measure) or f"{difference.measure.replace('_', ' ')}, weeks"
        table.add_row(name, *shown)
    return Padding(table, (0, 0, 1, 0), expand=False)


def short(value: float) -> str:
    """12.9M, 25k, 147, 0.4; a dash for what is not within the run."""
    size = abs(value)
    if not np.isfinite(value):
        return "-"
    if size >= 999_500:
        return f"{value / 1e6:,.1f}M"
    if size >= 9_950:
        return f"{value / 1e3:,.0f}k"
    return f"{value + 0.0:,.0f}" if size >= 100 or size < 0.05 or value == round(value) else f"{value:,.1f}"


def _table(*header: str, right: Iterable[int] = ()) -> Table:
    table = Table(*header, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in right:
        table.columns[column].justify = "right"
    return table


def _milestones(result: Result) -> Table:
    table = _table("milestone", *_BANDS, "reached", right=[4])
    for name in MILESTONES:
        days = result.milestones[name]
        if np.isnan(days).any():
            table.add_row(name.replace("_", " "), "not known", "", "", "")
            continue
        dates = [str(to_date(result.quantile(name, q)) or "later") for q in BANDS]
        table.add_row(name.replace("_", " "), *dates, f"{np.isfinite(days).mean():.0%}")
    return table


def _totals(result: Result) -> Table:
    table = _table("over the whole run", *_BANDS, "mean", "±95 %", right=range(1, 6))
    for name, words in _TOTALS.items():
        values = [result.quantile(name, q) for q in BANDS]
        mean = float(result.totals[name].mean())
        table.add_row(words, *map(short, values), short(mean), short(result.half_width(name)))
    return table


def _connected(result: Result) -> Table:
    curve = "direct" if result.scenario.knobs.pathway == "direct" else "pgo_ready"
    bands = result.bands[curve]
    most = max(1.0, float(bands.max()))
    title = "connected directly" if curve == "direct" else "with login and mandates"
    table = _table("providers", title, *_BANDS, right=[2, 3, 4])
    for week in range(0, len(result.grid), 26):
        low, middle, high = bands[week]
        table.add_row(
            str(to_date(result.grid[week])), bar(middle / most), f"{low:,.0f}", f"{middle:,.0f}", f"{high:,.0f}"
        )
        if low >= 0.9995 * bands[-1, 2]:
            # the last half-years would all say the same
            break
    return table


def _excluded(result: Result) -> RenderableType:
    groups = result.excluded_by_group()
    means = {group: float(values.mean()) for group, values in groups.items() if group[0] != "0-17"}
    most = max(means.values())
    if most == 0.0:
        return Text("Nobody is excluded, in any replication.")
    table = _table("excluded, person-weeks", "", "mean", right=[2])
    for (band, skill), mean in means.items():
        table.add_row(f"{band}, {skill} digital skill", bar(mean / most), short(mean))
    return table


def _pool(result: Result) -> Table:
    first = min(len(result.grid), 104)
    table = _table("the pool, first two years", "", "mean share", right=[2])
    for name in ("continuity", "change_programme", "mandate_track", "statutory_track", "outage", "frozen_or_idle"):
        share = float(result.loads[name][:first].mean())
        table.add_row(name.replace("_", " "), bar(share), f"{share:.1%}")
    return table


def tornado(sensitivity: Sensitivity) -> RenderableType:
    """Which knobs matter, by measure, the strongest first."""
    by = "mu_star" if sensitivity.method == "morris" else "total"
    parts: list[RenderableType] = []
    for measure in sensitivity.figures:
        ranked = sensitivity.ranked(measure)
        most = max(1e-9, ranked[0][1][by])
        table = Table(measure.replace("_", " "), "", *ranked[0][1], box=box.SIMPLE_HEAD)
        for name, figures in ranked:
            table.add_row(name, bar(figures[by] / most), *(f"{value:,.3g}" for value in figures.values()))
        parts.append(table)
    parts.append(
        Text(f"{sensitivity.method}: {sensitivity.points} points of {sensitivity.replications} replications", "dim")
    )
    return Group(*parts)


def options(choice: Choice) -> Table:
    """The options of a choice, the best first, with what choosing another costs."""
    table = Table(choice.knob, choice.measure.replace("_", " "), "P90", "regret", "±95 %", "euros", box=box.SIMPLE_HEAD)
    for column in table.columns[1:]:
        column.justify = "right"
    for option in choice.options:
        value = ", ".join(option.value) if isinstance(option.value, tuple) else f"{option.value}"
        figures = (option.mean, option.p90, option.regret, option.regret_half_width, option.cost_euro)
        table.add_row(value, *(f"{figure:,.4g}" if abs(figure) < 1e4 else f"{figure:,.0f}" for figure in figures))
    return table


def story(run: Run, console: Console) -> None:
    """What happened in one replication, in order."""
    for day, words in sorted(run.story, key=lambda event: event[0]):
        console.print(f"[cyan]{to_date(day)}[/]  {words}", highlight=False)
