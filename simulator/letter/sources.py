"""Rows 13 to 19: what parents and administrators wait for ("waar staan we nu", W6 and W7): sources and registers."""

from __future__ import annotations

from datetime import date

import numpy as np

from simulator import decisions, registers
from simulator.events.engine import RULINGS_FOLLOWED
from simulator.knobs import Knobs
from simulator.letter.statement import (
    T0,
    Finding,
    batch,
    certain,
    curve,
    events,
    on,
    statement,
)
from simulator.plan import plan_of
from simulator.timeline import to_day


@statement(
    13,
    "W6",
    "pilot … afgerond",
    "the pilot at one hospital is over, and connects nobody else",
    otherwise={"pilot_end": date(2020, 12, 1)},
    unless="the pilot lasts until December 2020",
)
def pilot_done(knobs: Knobs) -> Finding:
    run = events(certain(knobs))
    ends = [at for at, words in run.story if "the pilot for parents" in words]
    moved = events(certain(knobs).changed(pilot_end=date(2021, 6, 1)))
    same = [p.login_live for p in run.providers] == [p.login_live for p in moved.providers]
    return Finding(
        len(ends) == 1 and ends[0] < T0 and same,
        f"{len(ends)} pilot, over on {on(ends[0])}; moved, no provider's date changes",
    )


@statement(
    14,
    "W6",
    "geen eenduidige digitale bron",
    "parental authority cannot always be determined",
    otherwise={"undetermined": 0.0},
    unless="a source shows everybody's authority",
)
def no_single_source(knobs: Knobs) -> Finding:
    asked = decisions.weights(knobs, 0.0, 0.0)
    parents = [s for s in decisions.SITUATIONS if s.name.startswith("parent")]
    open_share = sum(asked[s.name] for s in parents if decisions.answer(s) == "INDETERMINATE") / knobs.minors
    permitted = sum(asked[s.name] for s in parents if decisions.answer(s) == "PERMIT") / knobs.minors
    shown = 1.0 - knobs.undetermined
    return Finding(
        open_share > 0.0 and abs(permitted - shown) < 1e-9,
        f"{open_share:.1%} of minors: INDETERMINATE, never PERMIT; "
        f"the law answers with {len(decisions.OUTCOMES)} outcomes",
    )


@statement(
    15,
    "W6",
    "tot 3 maanden … na een rechterlijke uitspraak",
    "a ruling shows up to three months later",
    otherwise={"register_lag": 183.0},
    unless="the register takes up to half a year",
)
def three_months(knobs: Knobs) -> Finding:
    run = events(certain(knobs))
    longest = max(run.ruling_lags)
    days, stock = (np.array(column) for column in zip(*run.stale, strict=True))
    begin = run.plan.begin + knobs.register_lag
    spans = np.clip(np.append(days[1:], run.plan.end), begin, None) - np.clip(days, begin, None)
    seen = float((stock * spans).sum() / (run.plan.end - begin)) / RULINGS_FOLLOWED
    by_little = registers.stale_rulings(knobs)
    return Finding(
        longest <= 92.0 and abs(seen / by_little - 1.0) < 0.05,
        f"longest of {len(run.ruling_lags):,} lags {longest:.1f} days; {seen:,.0f} rulings not shown at any moment, "
        f"by Little's law {by_little:,.0f}",
    )


@statement(
    16,
    "W7",
    "niet plaatsgevonden",
    "no pilot for administrators in the first half of 2020",
    otherwise={"legal_weeks": 10.0},
    unless="law and policy take ten weeks",
)
def no_pilot(knobs: Knobs) -> Finding:
    pilots = batch(knobs).milestones["administration_pilot"]
    early = int((pilots < to_day(date(2020, 7, 1))).sum())
    return Finding(
        early == 0,
        f"{early} of {len(pilots)} replications hold it before July 2020; the earliest on {on(pilots.min())}",
    )


@statement(
    17,
    "W7",
    "digitaal register … als basis",
    "no digital decision on administrators before there is a register",
    otherwise={
        "legal_weeks": 0.0,
        "external_builder": True,
        "external_from": date(2020, 1, 1),
        "statutory_effort": 10.0,
    },
    unless="an external builder had finished the register before the letter",
)
def register_first(knobs: Knobs) -> Finding:
    live = batch(knobs, 100).milestones["register_live"]
    coverage = curve(knobs, "register_coverage")
    before = plan_of(knobs).grid[None, :] <= live[:, None]
    without = next(s for s in decisions.SITUATIONS if s.name == "administrator not in the register")
    return Finding(
        bool((coverage[before] == 0.0).all()) and decisions.answer(without) != "PERMIT" and live.min() > T0,
        f"register live {on(live.min())} at the earliest; until then an administrator gets {decisions.answer(without)}",
    )


@statement(
    18,
    "W7",
    "beleidsmatige en juridische vraagstukken … voordat",
    "law and policy come before development",
    otherwise={"legal_first": False, "priority": "both"},
    unless="development does not wait for the law",
)
def law_first(knobs: Knobs) -> Finding:
    found = batch(knobs).milestones
    gap = (found["development_start"] - found["legal_resolved"]) / 7.0
    return Finding(
        bool((gap >= -1e-9).all()),
        f"development starts {gap.min():.1f} to {gap.max():.1f} weeks after the law is settled",
    )


@statement(
    19,
    "W7",
    "register … verder gevuld",
    "the register fills over years",
    otherwise={"register_fill": 10_000_000.0},
    unless="all entries are made in the first weeks",
)
def filling(knobs: Knobs) -> Finding:
    coverage = curve(knobs, "register_coverage")
    live = batch(knobs, 100).milestones["register_live"]
    year_later = np.array([row[min(int(at // 7) + 52, len(row) - 1)] for row, at in zip(coverage, live, strict=True)])
    grows = bool((np.diff(coverage, axis=1) >= -1e-6).all() and coverage.min() >= 0.0 and coverage.max() <= 1.0)
    missing = curve(knobs, "stale_administration")
    return Finding(
        grows and year_later.max() < 0.9 and np.allclose(missing, 1.0 - coverage, atol=1e-6),
        f"a year after it is live {year_later.mean():.0%} of measures are in it; of the rest it says nothing",
    )
