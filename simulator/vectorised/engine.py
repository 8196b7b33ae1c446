"""The vectorised engine: thousands of replications at once, weekly curves, exact milestone dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator import adoption, exclusion, registers
from simulator.country import LAUNCHING, Country, country_of
from simulator.drawing import Drawn, draw
from simulator.knobs import KINDS, Knobs
from simulator.outcome import Batch, within
from simulator.plan import Plan, plan_of, project_share, project_speed
from simulator.timeline import DAYS_PER_WEEK, WEEKS_PER_QUARTER, to_day
from simulator.vectorised.chains import Chains, chains, work_by
from simulator.vectorised.connecting import Connecting, connecting, day_of_provider, first_of_each, weekly
from simulator.vectorised.working_time import WorkingTime

Reals = NDArray[np.float64]

RANKED: Final = ("login_half", "login_90", "pgo_half", "pgo_90")
"""Milestones that are the day of a provider of some rank, which take the longest to find."""


def simulate(knobs: Knobs, replications: range, *, detail: bool = True, ranked: Sequence[str] = RANKED) -> Batch:
    """These replications of a scenario. Without `detail` milestones and totals only, which sensitivity needs.

    `ranked` are the milestones of a half and of nine tenths that are wanted; the others of those are left at nan.
    """
    return simulate_drawn(knobs, draw(knobs, replications), detail=detail, ranked=ranked)


def simulate_drawn(knobs: Knobs, drawn: Drawn, *, detail: bool = True, ranked: Sequence[str] = RANKED) -> Batch:
    """The same for given inputs."""
    plan, country = plan_of(knobs), country_of(knobs)
    runs = len(drawn.setback)
    time = WorkingTime(plan, drawn)
    tracks = chains(knobs, plan, drawn, time)
    connected = connecting(knobs, plan, country, drawn, tracks.mandate_live, time)
    direct = plan.begin + np.cumsum(drawn.direct_weeks, axis=1) * DAYS_PER_WEEK
    milestones = _milestones(knobs, plan, country, drawn, tracks, connected, direct, ranked)

    curves = weekly(knobs, plan, country, connected)
    login, mandate = curves.login, curves.mandate
    demanded = exclusion.enforced(knobs, country, plan.grid, login, mandate)
    gap = exclusion.without_mandate(demanded, mandate)
    excluded = exclusion.person_weeks(country, gap)
    direct_by_week = _counts(direct, plan)
    totals = _totals(knobs, plan, country, drawn, connected, login - mandate, excluded, direct)
    all_login, all_ready = login.sum(axis=1), mandate.sum(axis=1)
    cost_tracks = work_by(tracks, time.done(np.full(runs, plan.end))[:, None])
    _costs(knobs, plan, totals, cost_tracks, all_login[:, -1] + 0.0, direct_by_week[:, -1])
    # sums of fractions: a millionth of a provider is rounding
    totals["connected_at_end"] = np.round(all_ready[:, -1] if knobs.pathway != "direct" else direct_by_week[:, -1], 6)
    if not detail:
        return Batch(runs, milestones, totals, excluded, None, None)

    other = weekly(knobs, plan, country, connected, other=True).login[:, 0] if country.other.any() else 0.0 * all_login
    people, waiting, counters = _adoption(knobs, plan, drawn)
    coverage = registers.coverage_at(knobs, plan.begin, plan.grid, tracks.register_live)
    stale = registers.stale_shares(knobs, plan.grid, coverage)
    demand = demanded.sum(axis=1)
    series = {
        "login": all_login,
        "pgo_ready": all_ready,
        **{f"pgo_ready_{kind}": mandate[:, column] for column, kind in enumerate(KINDS)},
        "direct": direct_by_week,
        "other_sectors": other,
        "enforced": demand,
        "informal_share": knobs.informal * (1.0 - demand / max(1, country.care)),
        "excluded_people": exclusion.excluded_people(country, gap),
        "registered_low_skilled": people[0],
        "registered_others": people[1],
        "counter_queue": waiting,
        "register_coverage": coverage,
        **{f"stale_{name}": values for name, values in stale.items()},
    }
    loads = _loads(knobs, plan, tracks, connected, time, direct)
    loads["counters_busy"] = counters
    return Batch(
        runs, milestones, totals, excluded, {name: values.astype(np.float32) for name, values in series.items()}, loads
    )


def direct_days(knobs: Knobs, replications: range) -> Reals:
    """The days of the direct connections, by replication and order; as many as the horizon can hold."""
    weeks = draw(knobs, replications).direct_weeks
    return np.asarray(plan_of(knobs).begin + np.cumsum(weeks, axis=1) * DAYS_PER_WEEK, np.float64)


def _milestones(
    knobs: Knobs,
    plan: Plan,
    country: Country,
    drawn: Drawn,
    tracks: Chains,
    connected: Connecting,
    direct: Reals,
    ranked: Sequence[str],
) -> dict[str, Reals]:
    runs = len(drawn.setback)
    care = ~country.other
    logins = first_of_each(knobs, country, connected, mandate=False)
    ready = first_of_each(knobs, country, connected, mandate=True)
    none = np.full(runs, np.inf)
    if country.other.any():
        first_other = np.where(np.isnan(drawn.other_open), np.nan, logins[:, country.other].min(axis=1))
    else:
        first_other = np.full(runs, np.nan)
    ranks = {"half": -(-country.care // 2), "90": -(-country.care * 9 // 10)}

    def reached(name: str) -> Reals:
        service, rank = name.split("_")
        if name not in ranked:
            return np.full(runs, np.nan)
        return day_of_provider(knobs, plan, country, connected, ranks[rank], mandate=service == "pgo")

    pilot_day = to_day(knobs.administration_pilot)
    days = {
        "website_live": np.full(runs, adoption.website_live(knobs)),
        "counter_live": np.full(runs, to_day(knobs.counter_live)),
        "first_login_connection": logins[:, care].min(axis=1),
        "routing_test": tracks.routing_test,
        "mandate_ready": tracks.mandate_ready,
        "mandate_live": tracks.mandate_live,
        "first_routed_connection": ready[:, care].min(axis=1),
        **{name: reached(name) for name in RANKED},
        "first_direct_connection": direct[:, 0] if direct.shape[1] else none,
        "legal_resolved": tracks.legal_resolved,
        # a pilot needs the law and comes no earlier than planned
        "administration_pilot": np.maximum(tracks.legal_resolved, pilot_day),
        "development_start": tracks.development_start,
        "register_live": tracks.register_live,
        "first_other_sector": first_other,
    }
    return {name: within(values, plan.end) for name, values in days.items()}


def _totals(
    knobs: Knobs,
    plan: Plan,
    country: Country,
    drawn: Drawn,
    connected: Connecting,
    unready: Reals,
    excluded: Reals,
    direct: Reals,
) -> dict[str, Reals]:
    """Figures of one number a replication."""
    asked, begun = connected.asked[:, LAUNCHING + 1 :], np.minimum(connected.started[:, LAUNCHING + 1 :], plan.end)
    joined = asked < plan.end
    waits = np.where(joined, begun - np.where(joined, asked, 0.0), 0.0)
    return {
        "login_without_mandate_provider_weeks": unready[:, :, :-1].sum(axis=(1, 2)),
        "excluded_person_weeks": excluded.sum(axis=(1, 2)),
        "mean_wait_weeks": waits.sum(axis=1) / np.maximum(joined.sum(axis=1), 1) / DAYS_PER_WEEK,
        "mean_waiting_suppliers": waits.sum(axis=1) / (plan.end - plan.begin),
        "setback_weeks": drawn.setback,
        "integration_fte_weeks": knobs.integration_fte
        * np.where(connected.integrated <= plan.end, drawn.integration_weeks, 0.0)[:, 1:].sum(axis=1),
    }


def _costs(
    knobs: Knobs, plan: Plan, totals: dict[str, Reals], work: tuple[Reals, Reals], routed: Reals, direct: Reals
) -> None:
    """FTE-weeks and euros. A week's work takes the project people there are, at the speed that they have together."""
    now = max(to_day(knobs.decision_date), to_day(knobs.staff_from))
    people = knobs.staff * project_share(knobs, now) / project_speed(knobs, now)
    each = knobs.direct_team * WEEKS_PER_QUARTER / knobs.direct_rate * knobs.direct_effort if knobs.direct_rate else 0.0
    totals["pool_fte_weeks_mandate"] = work[0][:, 0] * people
    totals["pool_fte_weeks_statutory"] = work[1][:, 0] * people
    totals["direct_fte_weeks"] = direct * each
    totals["direct_fte_weeks_avoided"] = routed * each * knobs.services
    spent = [
        totals[name]
        for name in ("pool_fte_weeks_mandate", "pool_fte_weeks_statutory", "integration_fte_weeks", "direct_fte_weeks")
    ]
    totals["cost_euro"] = np.asarray(sum(spent)) * knobs.fte_week_cost


def _counts(days: Reals, plan: Plan) -> Reals:
    """How many of each row's days lie on or before each week's begin."""
    weeks = len(plan.grid)
    at = np.ceil(np.clip((days - plan.begin) / DAYS_PER_WEEK - 1e-9, 0.0, weeks)).astype(np.int64)
    cells = (np.arange(len(days))[:, None] * (weeks + 1) + at).ravel()
    counts = np.bincount(cells, minlength=len(days) * (weeks + 1)).reshape(len(days), weeks + 1)
    return np.cumsum(counts, axis=1)[:, :weeks].astype(np.float64)


def _adoption(knobs: Knobs, plan: Plan, drawn: Drawn) -> tuple[tuple[Reals, Reals], Reals, Reals]:
    """Registered people of both skills and the counters' queue by week; and the sum of the counters' use."""
    runs, grid = len(drawn.setback), plan.grid
    state = adoption.nobody(runs)
    low, others, waiting = (np.empty((len(grid), runs)) for _ in range(3))
    busy = np.zeros(len(grid))
    capacity = max(adoption.counter_capacity(knobs), 1e-9)
    for week, day in enumerate(grid):
        low[week], others[week], waiting[week] = state.low_skilled, state.others, state.waiting
        after = adoption.a_week(knobs, float(day), state, drawn.innovators, drawn.imitators)
        busy[week] = ((after.served - state.served) / capacity).sum()
        state = after
    return (low.T, others.T), waiting.T, busy


def _loads(
    knobs: Knobs, plan: Plan, tracks: Chains, connected: Connecting, time: WorkingTime, direct: Reals
) -> dict[str, Reals]:
    """Sums over the replications, by week, of how each resource is used."""
    grid = plan.grid
    runs = len(direct)
    done = time.done(grid[None, :])
    share = np.array([project_share(knobs, float(day)) for day in grid])
    # what the pool would have done in a week without outages, and outside the freeze
    pieces = np.clip(np.searchsorted(plan.turns, grid, side="right") - 1, 0, len(plan.speed) - 1)
    line = (
        np.interp(grid, plan.turns, np.concatenate([[0.0], np.cumsum(plan.speed * np.diff(plan.turns))]))
        / DAYS_PER_WEEK
    )
    could = np.diff(line, append=line[-1] + plan.speed[pieces[-1]])
    mandate, statutory = (_rises(work) for work in work_by(tracks, done))
    able = _rises(done)
    per_work = share / np.maximum(could, 1e-9)
    outage = np.maximum(could * runs - able, 0.0) * per_work
    used = [mandate * per_work, statutory * per_work]
    return {
        "continuity": np.full(len(grid), runs * knobs.continuity_reserved),
        "change_programme": runs * np.maximum(1.0 - knobs.continuity_reserved - share, 0.0),
        "mandate_track": used[0],
        "statutory_track": used[1],
        "outage": outage,
        "frozen_or_idle": np.maximum(share * runs - used[0] - used[1] - outage, 0.0),
        "slots_busy": _between(connected.started[:, 1:], connected.integrated[:, 1:], plan) / knobs.routing_slots,
        "suppliers_waiting": _between(connected.asked[:, 1:], connected.started[:, 1:], plan),
        "direct_team_busy": _between(np.full((runs, 1), plan.begin), direct[:, -1:], plan)
        if direct.shape[1]
        else np.zeros(len(grid)),
    }


def _rises(work: Reals) -> Reals:
    """Work per week summed over the replications; the last week repeats the one before."""
    rises = np.diff(work.sum(axis=0))
    return np.asarray(np.append(rises, rises[-1:]), np.float64)


def _between(begin: Reals, end: Reals, plan: Plan) -> Reals:
    """How many are between their begin and end at each week's begin, summed over the replications."""
    return np.asarray((_counts(begin, plan) - _counts(end, plan)).sum(axis=0), np.float64)
