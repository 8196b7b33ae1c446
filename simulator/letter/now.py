"""Rows 01 to 12: how late it is, and where things stand (the letter's opening, and "waar staan we nu")."""

from __future__ import annotations

from datetime import date

import numpy as np

from simulator import adoption, decisions, registers
from simulator.knobs import Knobs
from simulator.letter.statement import (
    JANUARY,
    JUNE,
    Finding,
    batch,
    certain,
    curve,
    day,
    events,
    on,
    statement,
    week_of,
)
from simulator.plan import plan_of
from simulator.timeline import WEEKS_PER_QUARTER, to_day
from simulator.vectorised.engine import direct_days


@statement(
    1,
    "I1",
    "planning … vertraagd is",
    "the programme is late",
    otherwise=JANUARY,
    unless="what January believed comes true",
)
def late(knobs: Knobs) -> Finding:
    now, then = batch(certain(knobs)).milestones, batch(certain(JANUARY)).milestones
    known = [name for name in now if not (np.isnan(now[name]).any() or np.isnan(then[name]).any())]
    not_earlier = all((now[name] >= then[name]).all() for name in known)
    strict = all((now[name] > then[name]).all() for name in ("routing_test", "first_routed_connection"))
    first = now["first_routed_connection"][0]
    return Finding(
        not_earlier and strict,
        f"none of {len(known)} milestones earlier than in January; the first routed connection "
        f"{on(then['first_routed_connection'][0])} → {on(first)}",
    )


@statement(
    2,
    "W1",
    "twee doelen",
    "two goals: voluntary mandates and statutory representation",
    otherwise={"external_builder": True, "external_from": date(2035, 1, 1)},
    unless="nobody builds the statutory track",
)
def two_goals(knobs: Knobs) -> Finding:
    run = events(certain(knobs))
    weeks = {
        track: sum(shares[f"{track}_track"] * (to - since) / 7.0 for since, to, shares in run.pool.spans)
        for track in ("mandate", "statutory")
    }
    one_track = {situation.track for situation in decisions.SITUATIONS} == {"voluntary", "statutory"}
    return Finding(
        one_track and weeks["mandate"] > 0.0 and weeks["statutory"] > 0.0,
        f"weeks of the whole pool: {weeks['mandate']:.1f} on mandates, {weeks['statutory']:.1f} on the statutory track",
    )


@statement(
    3,
    "W1",
    "niet digi-vaardig … laagdrempelige",
    "a group that needs help of its own",
    otherwise={"online_low_skill": JUNE.online_other},
    unless="skill makes no difference to who gets in online",
)
def needs_help(knobs: Knobs) -> Finding:
    week = week_of(knobs, date(2020, 12, 31))
    low = curve(knobs, "registered_low_skilled")[:, week].mean() / knobs.low_skilled
    others = curve(knobs, "registered_others")[:, week].mean() / knobs.skilled_users
    return Finding(
        low < 0.6 * others,
        f"recorded a mandate by the end of 2020: {low:.1%} of the low-skilled, {others:.1%} of others",
    )


@statement(
    4,
    "W1",
    "ouderlijk gezag en bewindvoering",
    "three kinds by law: parent, administrator, next of kin",
    otherwise={"deaths": 0.0},
    unless="nobody dies",
)
def three_kinds(knobs: Knobs) -> Finding:
    week = week_of(knobs, knobs.decision_date)
    stale = {name: float(curve(knobs, f"stale_{name}")[0, week]) for name in registers.REGISTERS}
    distinct = len({round(share, 6) for share in stale.values()}) == 3
    return Finding(
        distinct and min(stale.values()) > 0.0,
        "stale or missing at the letter: "
        + ", ".join(f"{name.replace('_', ' ')} {share:.2%}" for name, share in stale.items()),
    )


@statement(
    5,
    "W3",
    "website is begin juni live",
    "the new site opened early in June, and works better",
    otherwise={"website_effort": 40.0},
    unless="the site takes 40 weeks of work",
)
def website(knobs: Knobs) -> Finding:
    live = day(knobs, "website_live")
    others = curve(knobs, "registered_others").mean(axis=0)
    at = int((live - to_day(knobs.start)) // 7)
    gains = np.diff(others)
    in_time = to_day(date(2020, 6, 1)) <= live <= to_day(date(2020, 6, 10))
    # a step that growth alone does not make
    step, trend = gains[at + 1] / gains[at - 1], gains[at - 1] / gains[at - 3]
    return Finding(
        in_time and step > trend,
        f"live {on(live)}; registrations a week then rise by {step - 1.0:.0%}, before by {trend - 1.0:.1%}",
    )


@statement(
    6,
    "W3",
    "doorlopend proces … nog niet af",
    "improvement goes on",
    otherwise={"improvement": 0.0},
    unless="nothing is improved after the opening",
)
def goes_on(knobs: Knobs) -> Finding:
    succeed = np.array([adoption.completion(knobs, float(at)) for at in plan_of(knobs).grid])
    end = week_of(knobs, date(2020, 12, 31))
    finished = any("finished" in words for _, words in events(certain(knobs)).story)
    return Finding(
        bool((np.diff(succeed) >= 0.0).all() and succeed[end] > succeed[end - 1] and not finished),
        f"online attempts that succeed: {succeed[0]:.0%} at first, "
        f"{succeed[end]:.1%} at the end of 2020, and still rising",
    )


@statement(
    7,
    "W3",
    "machtiging vast te leggen aan een balie",
    "no counters yet; they will help the low-skilled",
    otherwise={"counter_live": date(2020, 1, 1)},
    unless="counters were open from the start",
)
def counters(knobs: Knobs) -> Finding:
    run = events(certain(knobs))
    served = float(run.citizens[week_of(knobs, knobs.decision_date)].served[0])
    week = week_of(knobs, date(2022, 12, 31))
    with_counters = float(run.citizens[week].low_skilled[0])
    without = float(events(certain(knobs).changed(counter_live=date(2030, 1, 1))).citizens[week].low_skilled[0])
    return Finding(
        served == 0.0 and with_counters > 1.05 * without,
        f"{served:,.0f} at counters by the letter; low-skilled "
        f"with a mandate at the end of 2022: {with_counters:,.0f}, "
        f"without counters {without:,.0f}",
    )


@statement(
    8,
    "W4",
    "2 a 3 aansluitingen per kwartaal",
    "the direct route is slow, and steady",
    otherwise={"direct_cv": 1.0},
    unless="direct effort is exponential, the usual default",
)
def two_or_three(knobs: Knobs) -> Finding:
    days = direct_days(knobs, range(200))
    quarters = int(knobs.horizon_weeks / WEEKS_PER_QUARTER)
    which = np.floor((days - to_day(knobs.start)) / (WEEKS_PER_QUARTER * 7.0)).astype(int)
    counts = np.stack([(which == quarter).sum(axis=1) for quarter in range(quarters)])
    share = float(np.isin(counts, (2, 3)).mean())
    return Finding(share >= 0.95, f"{share:.1%} of quarters have exactly 2 or 3; on average {counts.mean():.2f}")


@statement(
    9,
    "W4",
    "arbeidsintensief",
    "labour limits the direct route",
    knobs=JUNE.changed(pathway="direct"),
    otherwise={"direct_wait": 6.0},
    unless="each connection also waits six weeks, which no labour shortens",
)
def labour(knobs: Knobs) -> Finding:
    today = batch(knobs).totals["connected_at_end"].mean()
    easier = batch(knobs.changed(direct_effort=0.5)).totals["connected_at_end"].mean()
    return Finding(abs(easier / today - 2.0) < 0.05, f"half the effort: {easier / today:.2f} times as many connections")


@statement(
    10,
    "W4",
    "in snel tempo grote aantallen",
    "routing connects many at once",
    otherwise={"scope": "launching"},
    unless="only the launching customers are connected",
)
def large_numbers(knobs: Knobs) -> Finding:
    begin, end = week_of(knobs, knobs.scale_start), week_of(knobs, date(2022, 12, 31))
    routed, direct = curve(knobs, "login"), curve(knobs, "direct")
    gain = float((routed[:, end] - routed[:, begin]).mean() / (direct[:, end] - direct[:, begin]).mean())
    at_once = max(serving for _, _, serving, _ in events(certain(knobs)).queue) if knobs.scope != "launching" else 0
    return Finding(
        gain >= knobs.routing_gain_min and at_once > 1,
        f"until the end of 2022 routing connects {gain:.0f} times "
        f"what the direct route does, {at_once} suppliers at once",
    )


@statement(
    11,
    "W5",
    "in maart getest … vanaf de zomer … aansluiten … wordt niet gehaald",
    "January's plan is not met",
    otherwise=JANUARY,
    unless="January's plan is met",
)
def plan_missed(knobs: Knobs) -> Finding:
    planned = [day(certain(JANUARY), name) for name in ("routing_test", "first_routed_connection")]
    real = [day(certain(knobs), name) for name in ("routing_test", "first_routed_connection")]
    march = (to_day(date(2020, 3, 1)), to_day(date(2020, 4, 1)))
    summer = (to_day(date(2020, 7, 1)), to_day(date(2020, 10, 1)))
    as_planned = march[0] <= planned[0] < march[1] and summer[0] <= planned[1] < summer[1]
    neither = not march[0] <= real[0] < march[1] and not summer[0] <= real[1] < summer[1]
    return Finding(
        as_planned and neither,
        f"January: test {on(planned[0])}, first {on(planned[1])}; now: test {on(real[0])}, first {on(real[1])}",
    )


@statement(
    12,
    "W5",
    "begin 2021 te starten … zorgsector. Daarna … andere sectoren",
    "care first, then other sectors",
    knobs=JUNE.changed(scope="all", other_sectors_open=date(2020, 8, 1)),
    otherwise={"priority": "both"},
    unless="all sectors have equal priority and routing is open to them in August 2020",
)
def care_first(knobs: Knobs) -> Finding:
    found = batch(knobs).milestones
    before = found["first_routed_connection"] < found["first_other_sector"]
    return Finding(bool(before.all()), f"care before every other sector in {before.mean():.0%} of replications")
