"""Rows 33 to 37: the plan ("Plan van aanpak")."""

from __future__ import annotations

from datetime import date

import numpy as np

from simulator.events.measures import share_of_pool
from simulator.knobs import Knobs
from simulator.letter.statement import (
    JANUARY,
    JUNE,
    T0,
    Finding,
    batch,
    certain,
    chance,
    curve,
    day,
    events,
    on,
    statement,
)
from simulator.plan import plan_of, steering_at
from simulator.timeline import to_day

_EARLY_2021 = date(2021, 2, 1)


@statement(
    33,
    "P1",
    "kost tijd … direct gestart",
    "structural steering takes time; a temporary boost starts at once",
    otherwise={"steering_boost": 0.0},
    unless="nothing temporary is done",
)
def two_speeds(knobs: Knobs) -> Finding:
    level = np.array([steering_at(knobs, float(at)) for at in plan_of(knobs).grid])
    before, after = steering_at(knobs, T0 - 1.0), steering_at(knobs, T0)
    helped = day(certain(knobs).changed(setback=4.0), "mandate_ready")
    without = day(certain(knobs).changed(setback=4.0, steering_boost=0.0), "mandate_ready")
    monotone = bool((np.diff(level) >= 0.0).all() and level[-1] == 1.0)
    return Finding(
        monotone and after > before and helped < without,
        f"steering {before:.0%} → {after:.0%} at once, "
        f"{steering_at(knobs, to_day(date(2021, 7, 1))):.0%} a year later; "
        f"a setback of four weeks costs {(without - helped) / 7.0:.2f} weeks less",
    )


@statement(
    34,
    "P2",
    "niet mogelijk … op beide",
    "not both tracks at once",
    otherwise=JANUARY,
    unless="what January believed comes true",
)
def not_both(knobs: Knobs) -> Finding:
    found = batch(knobs.changed(priority="both"), 1_000).milestones
    planned = to_day(date(2020, 12, 31))
    both = float(((found["mandate_live"] <= planned) & (found["register_live"] <= planned)).mean())
    care = chance(knobs.changed(priority="care"), "mandate_live", _EARLY_2021)
    return Finding(
        both < 0.01 and care > both + 0.3,
        f"chance of both as once planned {both:.1%}; of care alone by 1 February 2021 {care:.0%}",
    )


@statement(
    35,
    "P2",
    "prioriteit … aansluiten van de zorg",
    "care goes before all but continuity",
    knobs=JUNE.changed(legal_weeks=10.0),
    otherwise={"priority": "both"},
    unless="both tracks have priority",
)
def care_before_all(knobs: Knobs) -> Finding:
    together = day(certain(knobs), "mandate_live")
    alone = day(certain(knobs).changed(external_builder=True), "mandate_live")
    run = events(certain(knobs))
    other = share_of_pool(run, "statutory_track", run.plan.begin, run.milestones["mandate_live"])
    return Finding(
        together == alone and other == 0.0,
        f"mandates live {on(together)} with the statutory track waiting, {on(alone)} were it not there",
    )


@statement(
    36,
    "P2",
    "inloggen en machtigen … randvoorwaardelijk",
    "a PGO needs both login and mandates",
    otherwise={"mandate_plan": date(2020, 5, 1), "release_high": 0.0},
    unless="mandates had been live before any login",
)
def both_needed(knobs: Knobs) -> Finding:
    run = events(certain(knobs))
    same = all(p.pgo_ready == (p.login_live is not None and p.mandate_live is not None) for p in run.providers)
    login, ready = curve(certain(knobs), "login", 1)[0], curve(certain(knobs), "pgo_ready", 1)[0]
    gap = float((login - ready).max())
    return Finding(same and gap > 1.0, f"ready exactly where both are; at most {gap:,.0f} providers had only the login")


@statement(
    37,
    "P2",
    "op al deze voorzieningen",
    "one routed connection gives all services",
    otherwise={"services": 1, "direct_effort": 0.01, "integration_fte": 30.0},
    unless="there is one service, directly next to free, and an integration takes thirty people",
)
def one_connection(knobs: Knobs) -> Finding:
    run = events(certain(knobs))
    every = {"login", "mandate"}
    complete = all(set(p.services) == every for p in run.providers if p.login_live is not None)
    totals = batch(certain(knobs), 1).totals
    routed = float(totals["integration_fte_weeks"][0] / totals["connected_at_end"][0])
    direct = float(totals["direct_fte_weeks_avoided"][0] / totals["connected_at_end"][0])
    return Finding(
        complete and routed < direct,
        f"FTE-weeks a provider: {routed:.2f} routed, {direct:.2f} for each of {knobs.services} services directly",
    )
