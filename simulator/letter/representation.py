"""Rows 51 to 58: statutory representation ("Wettelijke vertegenwoordiging"), reports, and three from elsewhere."""

from __future__ import annotations

from datetime import date

import numpy as np

from simulator import decisions
from simulator.country import AGE_BANDS, PEOPLE_PER_BAND, country_of
from simulator.drawing import draw
from simulator.events.measures import share_of_pool
from simulator.knobs import Knobs
from simulator.letter.statement import (
    JUNE,
    T0,
    Finding,
    batch,
    certain,
    detailed,
    events,
    on,
    statement,
    week_of,
)
from simulator.plan import plan_of, project_share
from simulator.timeline import to_day


@statement(
    51,
    "R1",
    "stilgelegd",
    "statutory work at Logius stands still while care has the focus",
    knobs=JUNE.changed(legal_weeks=10.0),
    otherwise={"priority": "both"},
    unless="both tracks have priority",
)
def stands_still(knobs: Knobs) -> Finding:
    run = events(certain(knobs))
    ready = run.milestones["mandate_ready"]
    statutory = share_of_pool(run, "statutory_track", T0, run.milestones["mandate_live"])
    care = share_of_pool(run, "mandate_track", T0, ready)
    return Finding(
        statutory == 0.0 and abs(care - project_share(knobs, T0)) < 1e-9,
        f"from the letter until mandates are ready: statutory {statutory:.0%} "
        f"of the pool, care {care:.0%}, which is all project people",
    )


@statement(
    52,
    "R1",
    "uitvoering nog niet voor nodig",
    "law and policy go on without the builder",
    otherwise={"legal_at_logius": True},
    unless="the work on the law needs the pool",
)
def law_goes_on(knobs: Knobs) -> Finding:
    plain = batch(knobs).milestones["legal_resolved"]
    half = batch(knobs.changed(capacity=0.5)).milestones["legal_resolved"]
    return Finding(
        bool((plain == half).all()),
        f"law settled {on(float(np.median(plain)))} (median); with half the pool {on(float(np.median(half)))}",
    )


@statement(
    53,
    "R1",
    "buiten Logius ontwikkeld",
    "built outside Logius it is earlier, if the overhead is bearable",
    knobs=JUNE.changed(external_builder=True),
    otherwise={"external_overhead": 4.0},
    unless="an external builder needs four times the work",
)
def outside(knobs: Knobs) -> Finding:
    external = batch(knobs).milestones
    waiting = batch(knobs.changed(external_builder=False)).milestones["register_live"]
    gain = float((waiting - external["register_live"]).mean()) / 7.0
    available = float((waiting - external["development_start"]).mean()) / 7.0
    even = available * knobs.external_capacity / knobs.statutory_effort
    season = plan_of(knobs).freeze
    through = any(
        start < window.begin and window.resumes < end
        for start, end in zip(external["development_start"], external["register_live"], strict=True)
        for window in season
    ) or bool((external["development_start"] > season[0].begin).any())
    return Finding(
        gain > 0.0 and through,
        f"{gain:.0f} weeks earlier than waiting for Logius; breaks even at "
        f"{even:.2f} times the work, taken is {knobs.external_overhead:g}",
    )


@statement(
    54,
    "R1",
    "samenhang van de GDI … geborgd",
    "another builder gives the same answers",
    otherwise={"external_complete": True},
    unless="the other builder reads 'not found' as 'there is none'",
)
def same_answers(knobs: Knobs) -> Finding:
    ours = [decisions.answer(s) for s in decisions.SITUATIONS]
    theirs = [decisions.answer(s, complete=knobs.external_complete) for s in decisions.SITUATIONS]
    differ = [s.name for s, a, b in zip(decisions.SITUATIONS, ours, theirs, strict=True) if a != b]
    return Finding(
        not differ,
        f"{len(ours)} situations, " + (f"another answer for: {', '.join(differ)}" if differ else "the same answers"),
    )


@statement(
    55,
    "P, R",
    "zomer van 2020 … na het zomerreces",
    "reports in summer and after the recess, with what is known then",
    otherwise={"reports": ()},
    unless="nothing is reported",
)
def reports(knobs: Knobs) -> Finding:
    well, badly = (events(certain(knobs).changed(setback=weeks)) for weeks in (0.0, 26.0))
    on_time = [r.on for r in well.reports if date(2020, 6, 21) <= r.on <= date(2020, 9, 22)]
    known = all(
        r.logged_in == sum(1 for p in well.providers if p.login_live is not None and p.login_live <= to_day(r.on))
        and all(well.milestones[name] <= to_day(r.on) for name in r.reached)
        for r in well.reports
    )
    blind = well.reports == badly.reports
    return Finding(
        len(on_time) >= 2 and known and blind,
        "; ".join(f"{r.on}: {r.logged_in} log in, {r.pgo_ready} ready" for r in well.reports) or "no report",
    )


@statement(
    56,
    "O5",
    "verandertraject gestart … noodzakelijke investeringen in de infrastructuur",
    "the change programme takes people, and pays back",
    knobs=JUNE.changed(incident_rate=6.0),
    otherwise={"change_share": 0.0},
    unless="there is no change programme",
)
def change_programme(knobs: Knobs) -> Finding:
    share = [project_share(knobs, to_day(at)) for at in (date(2021, 1, 1), date(2022, 2, 1))]
    loads = detailed(knobs, 50).load_sums
    assert loads is not None
    during = float(loads["change_programme"][week_of(knobs, date(2021, 1, 1))]) / 50
    turn, end = to_day(knobs.change_until), plan_of(knobs).end
    drawn = draw(knobs, range(400))
    begins = drawn.outage_begin[drawn.outage_begin < drawn.outage_end]
    before = float((begins <= turn).sum()) / 400 / ((turn - T0) / 365.25)
    after = float((begins > turn).sum()) / 400 / ((end - turn) / 365.25)
    return Finding(
        during > 0.0 and share[0] < share[1] and after < 0.7 * before,
        f"project share {share[0]:.0%} while it runs, {share[1]:.0%} "
        f"after; outages a year {before:.1f}, then {after:.1f}",
    )


@statement(
    57,
    "P2",
    "op korte termijn … inlogmiddelen op een hoger betrouwbaarheidsniveau",
    "login comes before mandates, never after",
    otherwise={"pathway": "direct"},
    unless="the direct route brings mandates without the higher level",
)
def login_first(knobs: Knobs) -> Finding:
    run = events(certain(knobs))
    dates = [(p.login_live, p.mandate_live if p.mandate_live is not None else p.direct) for p in run.providers]
    with_mandate = [(login, mandate) for login, mandate in dates if mandate is not None]
    never_after = all(login is not None and login <= mandate for login, mandate in with_mandate)
    earlier = sum(1 for login, mandate in with_mandate if login is not None and login < mandate)
    return Finding(
        never_after and earlier > 0,
        f"of {len(with_mandate):,} providers with mandates {earlier:,} had the login earlier",
    )


@statement(
    58,
    "V1",
    "veel ouderen en kwetsbare personen",
    "those shut out are the old and the less skilled",
    otherwise={
        "low_skill_18_64": 0.145,
        "low_skill_65_79": 0.145,
        "low_skill_80": 0.145,
        "hospital_age_tilt": 1.0,
    },
    unless="skill were the same at all ages, and the old no more often in hospital",
)
def the_old(knobs: Knobs) -> Finding:
    by_band = batch(certain(knobs), 20).excluded.mean(axis=0).sum(axis=1)
    shares = by_band / by_band.sum()
    adults = np.array(PEOPLE_PER_BAND[1:]) / sum(PEOPLE_PER_BAND[1:])
    country = country_of(knobs)
    need = country.dependants.sum(axis=(1, 2)) / np.array(
        [knobs.hospital_clients, knobs.gp_clients, knobs.mental_clients, knobs.other_clients]
    )
    older = bool((shares[2:] > 1.5 * adults[1:]).all())
    return Finding(
        older and need[0] > 1.05 * need[1],
        "of the excluded "
        + ", ".join(f"{share:.0%} are {band}" for share, band in zip(shares[1:], AGE_BANDS[1:], strict=True))
        + f"; of hospital clients {need[0]:.1%} need help, of practices' {need[1]:.1%}",
    )
