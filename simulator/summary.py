"""A result in a terminal: milestones, what matters, and bars; and a run told as a story."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from simulator.choosing import Choice
from simulator.events.engine import Run
from simulator.outcome import MILESTONES
from simulator.results import BANDS, Result
from simulator.sensitivity import Sensitivity
from simulator.timeline import to_date

Reals = NDArray[np.float64]

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_WIDTH = 24
_TOTALS = {
    "excluded_person_weeks": "person-weeks of exclusion",
    "login_without_mandate_provider_weeks": "provider-weeks of login without mandates",
    "connected_at_end": "providers connected at the end",
    "mean_wait_weeks": "weeks that a supplier waits",
    "cost_euro": "cost in euros",
}


def bar(share: float, width: int = _WIDTH) -> str:
    """A share as a bar of eighths."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    whole, part = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[part] if part else "")).ljust(width)


def summary(result: Result) -> RenderableType:
    """Milestones, connected providers by half-year, who is left out, the pool, verdicts."""
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
        _totals(result),
        _connected(result),
        _excluded(result),
        _pool(result),
    ]
    if verdicts := result.verdicts():
        table = Table("objective", "wanted", "found", "", box=box.SIMPLE_HEAD)
        for verdict in verdicts:
            met = Text("met", "green") if verdict.met else Text("MISSED", "bold red")
            table.add_row(verdict.key, verdict.wanted, verdict.found, met)
        parts.append(table)
    return Group(*parts)


def _milestones(result: Result) -> Table:
    table = Table("milestone", *(f"P{q * 100:.0f}" for q in BANDS), "reached", box=box.SIMPLE_HEAD)
    for name in MILESTONES:
        days = result.milestones[name]
        if np.isnan(days).any():
            table.add_row(name.replace("_", " "), "not known", "", "", "")
            continue
        dates = [str(to_date(result.quantile(name, q)) or "later") for q in BANDS]
        table.add_row(name.replace("_", " "), *dates, f"{np.isfinite(days).mean():.0%}")
    return table


def _totals(result: Result) -> Table:
    table = Table("over the whole run", *(f"P{q * 100:.0f}" for q in BANDS), "mean", "±95 %", box=box.SIMPLE_HEAD)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, words in _TOTALS.items():
        values = [
            f"{result.quantile(name, q):,.4g}"
            if abs(result.quantile(name, q)) < 1e4
            else f"{result.quantile(name, q):,.0f}"
            for q in BANDS
        ]
        mean = float(result.totals[name].mean())
        table.add_row(
            words, *values, f"{mean:,.1f}" if mean < 1e4 else f"{mean:,.0f}", f"{result.half_width(name):,.3g}"
        )
    return table


def _connected(result: Result) -> Table:
    knobs = result.scenario.knobs
    curve = "direct" if knobs.pathway == "direct" else "pgo_ready"
    bands = result.bands[curve]
    most = max(1.0, float(bands.max()))
    title = "connected directly" if curve == "direct" else "connected, login and mandates"
    table = Table("", title, "P10", "P50", "P90", box=box.SIMPLE_HEAD)
    for column in table.columns[2:]:
        column.justify = "right"
    for week in range(0, len(result.grid), 26):
        low, middle, high = bands[week]
        table.add_row(
            str(to_date(result.grid[week])), bar(middle / most), f"{low:,.0f}", f"{middle:,.0f}", f"{high:,.0f}"
        )
    return table


def _excluded(result: Result) -> Table:
    groups = result.excluded_by_group()
    means = {group: float(values.mean()) for group, values in groups.items() if group[0] != "0-17"}
    most = max(1e-9, *means.values())
    table = Table("excluded, mean person-weeks", "", "", box=box.SIMPLE_HEAD)
    table.columns[2].justify = "right"
    for (band, skill), mean in means.items():
        table.add_row(f"{band}, {skill} digital skill", bar(mean / most), f"{mean:,.0f}")
    return table


def _pool(result: Result) -> Table:
    weeks = min(len(result.grid), 104)
    table = Table("the pool, first two years", "", "mean share", box=box.SIMPLE_HEAD)
    table.columns[2].justify = "right"
    for name in ("continuity", "change_programme", "mandate_track", "statutory_track", "outage", "frozen_or_idle"):
        share = float(result.loads[name][:weeks].mean())
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
