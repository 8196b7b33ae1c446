"""Rows 38 to 50: care first ("focus op de zorg"), and footnote 6."""

from __future__ import annotations

from datetime import date

import numpy as np

from simulator.drawing import SETBACK_MOST_WEEKS, draw
from simulator.events.measures import excluded_person_weeks
from simulator.knobs import Knobs
from simulator.letter.statement import (
    JUNE,
    Finding,
    batch,
    certain,
    chance,
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

_EARLY_2021 = date(2021, 2, 1)


@statement(
    38,
    "V1",
    "niet alleen … Substantieel, maar ook … Machtigen",
    "a provider needs the higher level and mandates",
    otherwise={"mandate_plan": date(2020, 5, 1), "release_high": 0.0},
    unless="mandates had been live before any login",
)
def level_and_mandates(knobs: Knobs) -> Finding:
    run = events(certain(knobs))
    waiting = [
        (p.mandate_live if p.mandate_live is not None else run.plan.end) - p.enforced
        for p in run.providers
        if p.enforced is not None
    ]
    left_out = sum(1 for days in waiting if days > 0.0)
    return Finding(
        left_out > 0,
        f"{left_out:,} of {len(waiting):,} providers demand the level before "
        f"they have mandates, the longest for {max(waiting) / 7.0:.0f} weeks",
    )


@statement(
    39,
    "V1",
    "onmogelijk",
    "the higher level ends lending out a password",
    otherwise={"enforce_policy": "never"},
    unless="nobody demands the higher level",
)
def no_lending(knobs: Knobs) -> Finding:
    run = events(certain(knobs))
    consistent = all(p.informal_help_works == (p.enforced is None) for p in run.providers)
    informal = curve(certain(knobs), "informal_share", 1)[0]
    return Finding(
        consistent and informal[-1] < 1e-6 < informal[0],
        f"helped by a lent password: {informal[0]:.0%} of dependants at first, "
        f"{informal[week_of(knobs, date(2021, 7, 1))]:.0%} in July 2021, {max(0.0, informal[-1]):.0%} at the end",
    )


@statement(
    40,
    "V1",
    "uitgesloten … onacceptabel",
    "whoever needs help is shut out; enforcing with mandates avoids it",
    otherwise={"enforce_policy": "with_mandate"},
    unless="the level is demanded only where mandates work",
)
def shut_out(knobs: Knobs) -> Finding:
    exact = excluded_person_weeks(events(certain(knobs)))
    weekly = float(batch(certain(knobs), 1).totals["excluded_person_weeks"][0])
    safe = batch(knobs.changed(enforce_policy="with_mandate")).totals["excluded_person_weeks"]
    return Finding(
        exact > 0.0 and abs(weekly / exact - 1.0) < 0.02 and float(np.abs(safe).max()) == 0.0,
        f"{exact / 1e6:.1f} million person-weeks; none if a provider enforces when its mandates are live",
    )


@statement(
    41,
    "V2",
    "vanaf juni 2020 … beperkt aantal",
    "a few from June 2020",
    otherwise={"routing_ready": date(2020, 3, 1)},
    unless="routing was open in March",
)
def a_few(knobs: Knobs) -> Finding:
    login = curve(knobs, "login")
    june, september = week_of(knobs, date(2020, 6, 1)), week_of(knobs, date(2020, 8, 31))
    before, pilot = float(login[:, june].max()), float(login[:, september].max())
    return Finding(
        before == 0.0 and 0.0 < pilot <= knobs.launch_cap + 1e-6, f"{before:.0f} before June, {pilot:.0f} by September"
    )


@statement(
    42,
    "V2",
    "vanaf september 2020 op grote schaal",
    "large scale from September 2020",
    otherwise={"scope": "launching"},
    unless="only the launching customers are connected",
)
def large_scale(knobs: Knobs) -> Finding:
    login = curve(knobs, "login").mean(axis=0)
    begin, scale, end = (week_of(knobs, at) for at in (knobs.routing_ready, knobs.scale_start, date(2020, 12, 31)))
    before, after = (login[scale] - login[begin]) / (scale - begin), (login[end] - login[scale]) / (end - scale)
    return Finding(after >= 10.0 * before > 0.0, f"{before:.1f} providers a week until September, {after:.1f} after")


@statement(
    43,
    "V2",
    "essentieel … in 2020 … PGO's",
    "September decides who can log in at the end of 2020",
    otherwise={"scope": "launching"},
    unless="only the launching customers are connected",
)
def september(knobs: Knobs) -> Finding:
    end = week_of(knobs, date(2020, 12, 31))
    starts = (date(2020, 9, 1), date(2020, 10, 1), date(2020, 11, 1))
    logins = [float(curve(knobs.changed(scale_start=at), "login")[:, end].mean()) for at in starts]
    return Finding(
        logins[0] > logins[1] > logins[2],
        "providers with login at the end of 2020: "
        + ", ".join(f"{n:,.0f} from {at:%B}" for n, at in zip(logins, starts, strict=True)),
    )


@statement(
    44,
    "V2",
    "Parallel … begin 2021 of zoveel eerder",
    "mandates go in parallel with login",
    otherwise={"mandate_waits_for_login": True},
    unless="mandate work waits for login at scale",
)
def parallel(knobs: Knobs) -> Finding:
    plain = batch(knobs).milestones["mandate_live"]
    late = batch(knobs.changed(scale_start=date(2020, 11, 1), routing_ready=date(2020, 8, 8))).milestones[
        "mandate_live"
    ]
    sooner = day(certain(knobs).changed(staff=30.0), "mandate_live")
    return Finding(
        bool((plain == late).all()) and sooner < day(certain(knobs), "mandate_live"),
        f"login two months later moves no mandate date; with more people they come sooner, {on(sooner)}",
    )


@statement(
    45,
    "V2",
    "mogen zich geen tegenvallers voordoen",
    "no slack: early 2021 only without setbacks",
    knobs=JUNE.changed(incident_rate=0.0),
    otherwise={"setback_p": 0.0},
    unless="there are no setbacks",
)
def no_slack(knobs: Knobs) -> Finding:
    runs = 4_000
    live = chance(knobs, "mandate_live", _EARLY_2021, runs)
    slack = max(0.0, knobs.slack_weeks - plan_of(knobs).growth)
    small = -np.expm1(-slack / knobs.setback_mean) / -np.expm1(-SETBACK_MOST_WEEKS / knobs.setback_mean)
    theory = 1.0 - knobs.setback_p + knobs.setback_p * small
    error = np.sqrt(theory * (1.0 - theory) / runs)
    in_time = float((draw(knobs, range(runs)).setback <= knobs.slack_weeks).mean())
    return Finding(
        live < 1.0 and abs(live - theory) < 3.0 * error and abs(live - in_time) < 1e-12,
        f"early 2021 in {live:.1%}, a total setback within the slack in {in_time:.1%}, by formula {theory:.1%}",
    )


@statement(
    46,
    "V2",
    "Een kleine vertraging … direct … een half jaar",
    "a small delay costs half a year",
    knobs=JUNE.changed(steering=1.0),
    otherwise={"freeze": ("03-01/05-01",), "remobilise_weeks": 0.0},
    unless="the freeze is the tax filing window alone",
)
def cliff(knobs: Knobs) -> Finding:
    planned = plan_of(knobs).mandate_plan

    def slip(weeks: float) -> float:
        return (day(certain(knobs).changed(setback=weeks), "mandate_live") - planned) / 7.0

    small = all(abs(slip(weeks) - weeks) < 1e-6 for weeks in (0.0, 0.5, knobs.slack_weeks))
    large = all(24.0 <= slip(weeks) <= 28.0 for weeks in (knobs.slack_weeks + 0.1, 2.0, 4.0, 8.0, 12.0, 22.0))
    a_day_more = knobs.slack_weeks + 1.0 / 7.0
    return Finding(
        small and large and slip(a_day_more) / a_day_more >= 20.0,
        f"one week late: {slip(knobs.slack_weeks):.1f} weeks; a day more: "
        f"{slip(a_day_more):.1f} weeks; most {max(slip(w) for w in (2.0, 8.0, 22.0)):.1f}",
    )


@statement(
    47,
    "V2",
    "uiterlijk in de tweede helft van 2021",
    "the second half of 2021 at the latest",
    knobs=JUNE.changed(setback_p=1.0, incident_rate=0.0),
    otherwise={"freeze": ("02-01/12-15",)},
    unless="the freeze lasts until December",
)
def at_the_latest(knobs: Knobs) -> Finding:
    runs = 2_000
    live = batch(knobs, runs).milestones["mandate_live"]
    late = live[draw(knobs, range(runs)).setback > knobs.slack_weeks]
    within = (late >= to_day(date(2021, 7, 1))) & (late < to_day(date(2022, 1, 1)))
    return Finding(
        bool(within.all()) and len(late) > 100,
        f"of {len(late):,} late replications {within.mean():.0%} live {on(late.min())} to {on(late.max())}",
    )


@statement(
    48,
    "V3",
    "andere dienstverleners … nog niet … nog niet duidelijk",
    "no date for other sectors",
    otherwise={"scope": "all", "other_sectors_open": date(2022, 1, 1)},
    unless="a date is set",
)
def no_date(knobs: Knobs) -> Finding:
    other = batch(knobs).milestones["first_other_sector"]
    unknown = bool(np.isnan(other).all())
    return Finding(
        unknown, "the date is not known, in no replication" if unknown else f"{on(other.min())} to {on(other.max())}"
    )


@statement(
    49,
    "V3",
    "een snellere optie … rechtstreeks",
    "for some the direct route is quicker",
    knobs=JUNE.changed(direct_cv=0.0),
    otherwise={"pathway": "routed"},
    unless="there is no direct route",
)
def direct_can_win(knobs: Knobs) -> Finding:
    quarters = 6
    opens = to_day(knobs.start) + quarters * WEEKS_PER_QUARTER * 7.0
    sooner = {
        rate: int((direct_days(knobs.changed(direct_rate=rate), range(1)) <= opens + 1e-6).sum())
        for rate in (2.0, 2.5, 3.0)
    }
    return Finding(
        all(count == int(rate * quarters) for rate, count in sooner.items()),
        f"before routing opens after {quarters} quarters: "
        + ", ".join(f"{count} at {rate:g} a quarter" for rate, count in sooner.items()),
    )


@statement(
    50,
    "F6",
    "geen andere grootschalige trajecten",
    "no large work in the tax season",
    knobs=JUNE.changed(setback=2.0),
    otherwise={"freeze": ()},
    unless="there is no freeze",
)
def freeze(knobs: Knobs) -> Finding:
    run = events(certain(knobs))
    season = plan_of(JUNE).freeze
    inside = sum(
        (shares["mandate_track"] + shares["statutory_track"]) * max(0.0, min(to, w.resumes) - max(since, w.begin))
        for since, to, shares in run.pool.spans
        for w in season
    )
    big = [s.integrated for s in run.suppliers[1:] if s.integrated is not None] + [run.milestones["mandate_live"]]
    live = sum(1 for at in big for w in season if w.begin < at < w.resumes)
    small = sum(
        1 for p in run.providers if p.login_live is not None for w in season if w.begin < p.login_live < w.resumes
    )
    return Finding(
        inside == 0.0 and live == 0 and small > 0,
        f"in all tax seasons {inside / 7.0:.1f} weeks of large "
        f"work, {live} large go-lives; {small:,} small connections",
    )
