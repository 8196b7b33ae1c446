"""Rows 20 to 32: the causes ("Oorzaken")."""

from __future__ import annotations

from datetime import date

import numpy as np

from simulator.forecast import probability
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
    detailed,
    events,
    on,
    statement,
    week_of,
)
from simulator.plan import most_useful_staff, plan_of
from simulator.queues import customers, waits
from simulator.timeline import to_day

_TRUTH = JANUARY.changed(estimate_error=390.0 / 182.0, estimate_sigma=0.15)
"""January's plan with the work that turned out to be there: 1 January to 25 January 2021 instead of to 1 July 2020."""


@statement(
    20,
    "O1",
    "stapsgewijs … prioritering … aangepast",
    "priorities change, at reviews, and move people only",
    knobs=JUNE.changed(reprioritise_on=date(2020, 8, 1), legal_weeks=20.0, legal_sigma=0.0, incident_rate=0.0),
    otherwise={"monitoring_weeks": 0.0},
    unless="priorities change on any day",
)
def reviews(knobs: Knobs) -> Finding:
    run = events(certain(knobs))
    changed = [at for at, words in run.story if words.startswith("the review gives")]
    at_review = all((at - run.plan.begin) % (JUNE.monitoring_weeks * 7.0) < 1e-6 for at in changed)
    whole = all(abs(sum(shares.values()) - 1.0) < 1e-9 for _, _, shares in run.pool.spans)
    shared = any(shares["mandate_track"] > 0.0 and shares["statutory_track"] > 0.0 for _, _, shares in run.pool.spans)
    return Finding(
        len(changed) == 1 and at_review and whole and shared,
        f"wished for on {knobs.reprioritise_on}, in force on {on(changed[0])}; the pool's shares always sum to one",
    )


@statement(
    21,
    "O2",
    "achterblijven van aansluiting",
    "connecting lags behind what is needed",
    knobs=JUNE.changed(pathway="direct"),
    otherwise={"direct_rate": 2_000.0},
    unless="two thousand direct connections a quarter were possible",
)
def lags(knobs: Knobs) -> Finding:
    grid = plan_of(knobs).grid
    target = knobs.report_target * (grid - grid[0]) / (to_day(knobs.target_date) - grid[0])
    connected = curve(knobs, "direct").max(axis=0)
    until = (grid > grid[0] + 7.0) & (grid <= to_day(knobs.target_date))
    behind = bool((connected < target)[until].all())
    end = week_of(knobs, knobs.target_date)
    return Finding(
        behind, f"at the end of 2022 the direct route has connected {connected[end]:,.0f} of {knobs.report_target:,}"
    )


@statement(
    22,
    "O2",
    "launching customers … te beperkt",
    "a few launching customers do not connect a country",
    knobs=JUNE.changed(scope="launching"),
    otherwise={"scope": "care"},
    unless="routing is open to all care",
)
def launching_only(knobs: Knobs) -> Finding:
    most = float(curve(knobs, "login").max())
    total = sum((knobs.hospitals, knobs.gp_practices, knobs.mental_care, knobs.other_care))
    return Finding(most <= knobs.launch_cap + 1e-6, f"never more than {most:,.0f} of {total:,} providers")


@statement(
    23,
    "O3",
    "Tot maart … haalbaar … In maart … duidelijk",
    "in March the forecast turned",
    knobs=_TRUTH,
    otherwise={"estimate_error": 1.0},
    unless="the work had not been underestimated",
)
def forecast_turned(knobs: Knobs) -> Finding:
    in_2020 = date(2020, 12, 31)
    before = probability(knobs, "mandate_live", in_2020, date(2020, 2, 1))
    after = probability(knobs, "mandate_live", in_2020, date(2020, 4, 1))
    return Finding(
        before > 0.9 and after < 0.1,
        f"chance of mandates live in 2020: forecast in February {before:.0%}, in April {after:.1%}",
    )


@statement(
    24,
    "O3",
    "meer tijd en capaciteit … dan voorzien",
    "both tracks took more than was foreseen",
    otherwise=JANUARY,
    unless="what January believed comes true",
)
def underestimated(knobs: Knobs) -> Finding:
    begin = to_day(knobs.start)
    factors = {
        name: (day(certain(knobs), name) - begin) / (day(certain(JANUARY), name) - begin)
        for name in ("mandate_live", "register_live")
    }
    return Finding(
        min(factors.values()) > 1.0,
        f"against January: mandates {factors['mandate_live']:.2f} "
        f"times the time, statutory {factors['register_live']:.2f} times",
    )


@statement(
    25,
    "O3",
    "in 2020 … niet meer tot maatschappelijk resultaat",
    "nothing usable in 2020",
    otherwise=JANUARY,
    unless="what January believed comes true",
)
def nothing_in_2020(knobs: Knobs) -> Finding:
    end = date(2020, 12, 31)
    routed, statutory = (chance(knobs, name, end) for name in ("first_routed_connection", "register_live"))
    return Finding(
        routed == 0.0 and statutory == 0.0,
        f"chance in 2020: a routed mandate {routed:.1%}, a digital statutory decision {statutory:.1%}",
    )


@statement(
    26,
    "O4",
    "vertraging … van de een heeft direct gevolgen voor … de ander",
    "a delay is handed on in full",
    otherwise={"routing_ready": date(2021, 11, 1), "scale_start": date(2021, 11, 1)},
    unless="connecting starts so late that there is slack between mandates and it",
)
def handed_on(knobs: Knobs) -> Finding:
    chain = ("mandate_ready", "mandate_live", "first_routed_connection")
    plain = {name: day(certain(knobs), name) for name in chain}
    full = True
    slips = []
    for weeks in (0.5, 1.0, 3.0):
        late = {name: day(certain(knobs).changed(setback=weeks, steering=1.0), name) for name in chain}
        moved = [(late[name] - plain[name]) / 7.0 for name in chain]
        full = full and all(slip >= weeks - 1e-6 for slip in moved)
        slips.append(f"{weeks:g} → {moved[-1]:.1f}")
    return Finding(full, f"weeks of delay of the mandates → of the first connection: {', '.join(slips)}")


@statement(
    27,
    "O4",
    "integrale sturing … onvoldoende",
    "weak steering sees slips late, and they grow",
    knobs=JUNE.changed(setback=4.0),
    otherwise={"slip_growth": 0.0},
    unless="a slip that is not seen does not grow",
)
def weak_steering(knobs: Knobs) -> Finding:
    levels = (0.0, 0.25, 0.5, 0.75, 1.0)
    ready = [day(certain(knobs.changed(steering=level, steering_boost=0.0)), "mandate_ready") for level in levels]
    slips = (np.array(ready) - plan_of(knobs).mandate_plan) / 7.0
    return Finding(
        bool((np.diff(slips) <= 1e-9).all() and slips[0] > slips[-1] + 1e-6),
        f"a setback of {knobs.setback:g} weeks becomes {slips[0]:.1f} "
        f"without steering, {slips[-1]:.1f} with full steering",
    )


@statement(
    28,
    "O4",
    "SAFe … niet goed te combineren",
    "two methods that do not go together cost time",
    otherwise={"method_mismatch": False},
    unless="there is one method",
)
def mismatch(knobs: Knobs) -> Finding:
    now = batch(knobs).milestones["mandate_ready"]
    one_method = batch(knobs.changed(method_mismatch=False)).milestones["mandate_ready"]
    gain = (now - one_method) / 7.0
    return Finding(
        bool((gain >= -1e-9).all() and gain.min() > 0.0),
        f"one method: mandates ready {gain.mean():.1f} weeks earlier, never later",
    )


@statement(
    29,
    "O5",
    "niet makkelijk … door opschaling in capaciteit",
    "more people help less than they cost",
    otherwise={"usl_alpha": 0.0, "usl_beta": 0.0},
    unless="people never wait for or talk to one another",
)
def scaling(knobs: Knobs) -> Finding:
    def remaining(staff: float) -> float:
        return day(certain(knobs).changed(staff=staff), "mandate_ready") - T0

    now, twice, crowd = (remaining(knobs.staff * factor) for factor in (1.0, 2.0, 5.0))
    shorter, longer = 1.0 - twice / now, crowd / now - 1.0
    way = "longer" if longer > 0.0 else "shorter"
    return Finding(
        shorter < 0.49 and crowd > twice,
        f"twice the people: {shorter:.0%} shorter; five times: {abs(longer):.0%} {way}; "
        f"beyond {most_useful_staff(knobs):.0f} people it takes longer",
    )


@statement(
    30,
    "O5",
    "breder dan … Machtigen alleen … continuïteit",
    "running services come first",
    otherwise={"continuity_reserved": 0.0},
    unless="nothing is kept for continuity",
)
def continuity_first(knobs: Knobs) -> Finding:
    spans = events(knobs).pool.spans
    project = max(shares["mandate_track"] + shares["statutory_track"] for _, _, shares in spans)
    served = min(shares["continuity"] for _, _, shares in spans)
    return Finding(
        served > 0.0 and project <= 1.0 - served + 1e-9,
        f"continuity always has {served:.0%}; projects never more than {project:.0%}",
    )


@statement(
    31,
    "O5",
    "grote maatschappelijke impact",
    "an outage takes everybody, and the backlog grows",
    knobs=JUNE.changed(incident_rate=6.0),
    otherwise={"incident_rate": 0.0},
    unless="there are no outages",
)
def outages(knobs: Knobs) -> Finding:
    spans = events(knobs).pool.spans
    down = [(to - since, shares) for since, to, shares in spans if shares["outage"] > 0.0]
    stopped = all(shares["mandate_track"] == shares["statutory_track"] == 0.0 for _, shares in down)
    later = (
        batch(knobs).milestones["mandate_ready"] - batch(knobs.changed(incident_rate=0.0)).milestones["mandate_ready"]
    ) / 7.0
    return Finding(
        bool(down) and stopped and later.mean() > 0.0 and later.min() >= -1e-9,
        f"{sum(days for days, _ in down):.0f} days of outage in a run; "
        f"mandates ready {later.mean():.1f} weeks later on average",
    )


@statement(
    32,
    "O5",
    "tegen de grenzen aan",
    "people are used to the limit, where waiting explodes",
    otherwise={"capacity": 3.0},
    unless="there were three times as many project people",
)
def limits(knobs: Knobs) -> Finding:
    found = detailed(certain(knobs), 20)
    assert found.load_sums is not None
    weeks = slice(week_of(knobs, knobs.decision_date), week_of(knobs, date(2021, 1, 18)))
    idle = float(found.load_sums["frozen_or_idle"][weeks].mean()) / found.replications
    levels = (0.5, 0.7, 0.9)
    wait = [float(waits(customers(knobs.seed, 20, 4_000, 2.0 * level), 2)[:, 500:].mean()) for level in levels]
    convex = (wait[2] - wait[1]) / 0.2 > 2.0 * (wait[1] - wait[0]) / 0.2
    by_level = ", ".join(f"{level:.0%} busy: {weeks:.1f}" for level, weeks in zip(levels, wait, strict=True))
    return Finding(
        1.0 - idle >= 0.9 and convex,
        f"the pool is {1.0 - idle:.0%} used; mean wait for one of two people, in services, {by_level}",
    )
