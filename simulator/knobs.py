"""Every quantity of the model: name, unit, default, bounds, and the source or the mark "estimate".

The defaults together are the world of the letter of 18 June 2020 as the State Secretary saw it: the scenario
`june_2020` changes nothing. References: S1 … S13 and chapters are those of simulation.md; "letter" is Kamerstuk
26 643 nr. 693 (S1) with the paragraph.
"""

# ruff: noqa: RUF009 - each default is a field made by a function, each knob one line of a table

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any, Final, Literal, NamedTuple

SOURCES: Final = {
    "letter": "Kamerstuk 26 643 nr. 693, 18 June 2020 (zoek.officielebekendmakingen.nl/kst-26643-693); paragraph",
    "S2": "volksgezondheidenzorg.info: general practice, 5,028 practices on 1 January 2016",
    "S4": "icthealth.nl, February 2023, and medmij.nl, December 2023: care providers on the MedMij list",
    "S7": "nu.nl and Telegraaf, February 2017, from the Raad voor de rechtspraak: adults under a protective measure",
    "S8": "waalre.antwoordop.nl: about 60,000 decisions on parental authority a year",
    "S9": "CBS 37296ned and monitorlangdurigezorg.nl: population by age, 2018",
    "S10": "CBS, longreads.cbs.nl, 2021: deaths a day in 2020",
    "S11": "security.nl, December 2023, and informatiebeveiliging.nl: people without enough digital skill",
    "calibrated": "set so that the model gives what the letter says; no published figure",
    "choice": "part of the plan itself",
    "estimate": "no source has it: vary it",
}
"""What the short names in `Meta.source` stand for."""
KINDS: Final = ("hospital", "gp", "mental", "other_care")
"""The kinds of care provider, in the order of the model's columns."""

Kind = Literal["number", "integer", "date", "choice", "switch", "windows", "kinds", "dates"]
E: Final = "estimate"


class Meta(NamedTuple):
    """What is known about a knob beside its value."""

    kind: Kind
    unit: str
    low: float
    high: float
    source: str
    meaning: str
    choices: tuple[str, ...] = ()
    optional: str = ""


def _number(default: float, unit: str, low: float, high: float, source: str, meaning: str) -> Any:
    return dataclasses.field(default=default, metadata={"meta": Meta("number", unit, low, high, source, meaning)})


def _maybe(word: str, unit: str, low: float, high: float, source: str, meaning: str) -> Any:
    """A number, or `word` for None."""
    meta = Meta("number", unit, low, high, source, meaning, optional=word)
    return dataclasses.field(default=None, metadata={"meta": meta})


def _integer(default: int, unit: str, low: int, high: int, source: str, meaning: str) -> Any:
    return dataclasses.field(default=default, metadata={"meta": Meta("integer", unit, low, high, source, meaning)})


def _date(default: date | None, source: str, meaning: str, optional: str = "") -> Any:
    meta = Meta("date", "date", 0, 0, source, meaning, optional=optional)
    return dataclasses.field(default=default, metadata={"meta": meta})


def _choice(default: str, choices: tuple[str, ...], source: str, meaning: str) -> Any:
    meta = Meta("choice", "choice", 0, 0, source, meaning, choices)
    return dataclasses.field(default=default, metadata={"meta": meta})


def _switch(default: bool, source: str, meaning: str) -> Any:
    return dataclasses.field(default=default, metadata={"meta": Meta("switch", "true or false", 0, 0, source, meaning)})


def _several(kind: Kind, default: tuple[Any, ...], unit: str, source: str, meaning: str) -> Any:
    return dataclasses.field(default=default, metadata={"meta": Meta(kind, unit, 0, 0, source, meaning)})


@dataclasses.dataclass(frozen=True)
class Knobs:
    """The values of one scenario; immutable and hashable. `meta(name)` tells unit, bounds and source."""

    # the run
    start: date = _date(date(2020, 1, 1), "choice", "first day of the run; plans count their remaining work from here")
    horizon_weeks: int = _integer(470, "weeks", 1, 40_000, "choice", "length of the run; 470 ends with 2028")
    decision_date: date = _date(date(2020, 6, 18), "letter", "T0: the letter; from here on its choices hold")
    seed: int = _integer(20_200_618, "number", 0, 2**63 - 1, "choice", "key of every random stream")
    replications: int = _integer(
        2_000, "replications", 1, 1_000_000, "choice", "how many when the command does not say"
    )
    antithetic: bool = _switch(False, "choice", "pair replications, the second with 1 - u")

    # who
    scope: str = _choice("care", ("launching", "care", "all"), "letter O2, P2", "whom the routing service connects")
    hospitals: int = _integer(198, "providers", 0, 1_000, "S4", "hospitals and independent clinics")
    gp_practices: int = _integer(5_028, "providers", 0, 20_000, "S2", "GP practices")
    mental_care: int = _integer(51, "providers", 0, 5_000, "S4", "mental health care on the MedMij list")
    other_care: int = _integer(126, "providers", 0, 60_000, "S4", "the rest of the 5,403 on the MedMij list")
    hospital_suppliers: int = _integer(6, "suppliers", 1, 1_000, E, "software suppliers of hospitals")
    gp_suppliers: int = _integer(40, "suppliers", 1, 5_000, E, "software suppliers of GP practices")
    mental_suppliers: int = _integer(6, "suppliers", 1, 1_000, E, "software suppliers of mental health care")
    other_suppliers: int = _integer(8, "suppliers", 1, 10_000, E, "software suppliers of other care")
    zipf_exponent: float = _number(1.1, "exponent", 0, 3, E, "how unevenly customers spread over suppliers")
    other_organisations: int = _integer(355, "organisations", 0, 10_000, "general knowledge", "municipalities in 2020")
    other_sector_suppliers: int = _integer(8, "suppliers", 1, 1_000, E, "software suppliers of municipalities")

    # routes
    pathway: str = _choice("mixed", ("direct", "routed", "mixed"), "letter W4, V3", "mixed: care routed, others direct")
    direct_rate: float = _number(2.5, "connections/quarter", 0, 10_000, "letter W4: 2 to 3", "direct connections")
    direct_cv: float = _number(0.2, "ratio", 0, 1, "calibrated to letter W4", "scatter of direct effort (Gamma)")
    direct_effort: float = _number(1, "x today", 0.01, 100, "letter W4", "labour of one direct connection")
    direct_wait: float = _number(0, "weeks", 0, 520, E, "waiting in each direct connection that no labour shortens")
    direct_team: float = _number(4, "FTE", 0.1, 1_000, E, "people on direct connections; for the cost only")
    services: int = _integer(3, "services", 1, 20, E, "services that one routed connection opens, one by one if direct")
    routing_ready: date = _date(date(2020, 6, 8), "letter V2: from June 2020", "routing open for launching customers")
    launch_cap: int = _integer(10, "providers", 0, 10_000, E, "launching customers before the large scale")
    launch_weeks: float = _number(10, "weeks", 0.5, 200, E, "time to connect the launching customers")
    scale_start: date = _date(date(2020, 9, 1), "letter V2: from September 2020", "routing open at large scale")
    routing_slots: int = _integer(2, "suppliers at once", 1, 100, E, "supplier integrations in parallel")
    integration_low: float = _number(4, "weeks", 0.1, 200, E, "supplier integration, least work")
    integration_high: float = _number(8, "weeks", 0.1, 400, E, "supplier integration, most work")
    integration_fte: float = _number(3, "FTE", 0.1, 100, E, "people on one supplier integration")
    rollout_low: float = _number(8, "weeks", 0.1, 500, E, "roll-out to a supplier's customers, shortest")
    rollout_high: float = _number(26, "weeks", 0.1, 1_000, E, "roll-out to a supplier's customers, longest")
    rollout_shape: str = _choice("linear", ("linear", "logistic"), E, "how a roll-out spreads over its time")
    release_low: float = _number(0, "weeks", 0, 200, E, "from mandates live to a supplier's release of them, least")
    release_high: float = _number(12, "weeks", 0, 400, E, "from mandates live to a supplier's release of them, most")
    routing_gain_min: float = _number(10, "x direct", 1, 10_000, E, "what counts as 'large numbers' (letter W4)")
    sector_order: tuple[str, ...] = _several("kinds", (), "kinds of care", "choice", "kinds first; none: by size")
    other_sectors_open: date | None = _date(None, "letter V2, V3: not clear", "routing for other sectors", "unknown")
    other_sectors_spread: float = _number(26, "weeks", 0, 520, E, "uncertainty after other_sectors_open, if known")

    # the mandate chain
    mandate_plan: date | None = _date(
        None, "letter W5", "planned go-live of routed mandates", "slack before the freeze"
    )
    slack_weeks: float = _number(1, "weeks", 0, 52, "calibrated, 4.3", "from planned go-live to the freeze of 2021")
    test_lead: float = _number(
        17, "weeks", 0, 100, "letter W5: test March, live summer", "from test to planned go-live"
    )
    estimate_error: float = _number(1, "x planned work", 0.1, 20, "letter O3", "work that is really there; median")
    estimate_sigma: float = _number(0, "log scale", 0, 2, E, "scatter of the work, lognormal")
    effort_known: date = _date(date(2020, 3, 15), "letter O3: in March", "when the estimate error shows in forecasts")
    setback_p: float = _number(0.35, "probability", 0, 1, E, "a setback on the mandate chain")
    setback_mean: float = _number(6, "weeks", 0.01, 48, E, "its size, exponential, cut off at 48 weeks")
    setback: float | None = _maybe("drawn", "weeks", 0, 100, "choice", "its size when not drawn")
    mandate_waits_for_login: bool = _switch(False, "letter V2: parallel", "mandate work begins when login is at scale")

    # the freeze
    freeze: tuple[str, ...] = _several(
        "windows", ("02-01/07-01",), "windows", "calibrated, 4.3", "Digistorm, with care"
    )
    freeze_first_year: int = _integer(2021, "year", 2019, 2100, E, "first year of the returning windows")
    remobilise_weeks: float = _number(4, "weeks", 0, 26, E, "from the freeze's end to full speed")

    # the pool at Logius
    staff: float = _number(20, "FTE", 0.5, 1_000, E, "people in the pool from staff_from on")
    staff_from: date = _date(date(2020, 6, 18), "choice", "when a changed staff counts")
    capacity: float = _number(1, "x June 2020", 0.01, 100, "choice", "project capacity beside staff; beliefs differ")
    usl_alpha: float = _number(0.06, "ratio", 0, 1, E, "contention of added staff (Universal Scalability Law)")
    usl_beta: float = _number(0.0008, "ratio", 0, 1, E, "coherence of added staff")
    continuity_reserved: float = _number(0.4, "share", 0, 0.95, E, "running services, first claim on the pool")
    change_share: float = _number(0.1, "share", 0, 0.5, E, "the change programme's claim while it runs")
    change_until: date = _date(date(2021, 12, 31), E, "end of the change programme")
    change_effect: float = _number(0.5, "x", 0, 1, E, "rate of outages after the change programme")
    incident_rate: float = _number(1, "outages/year", 0, 20, E, "outages that take the whole pool")
    incident_median: float = _number(3, "days", 0.01, 100, E, "length of an outage, lognormal")
    incident_sigma: float = _number(0.8, "log scale", 0, 2, E, "scatter of the length of an outage")
    method_mismatch: bool = _switch(True, "letter O4", "two working methods that do not go together")
    mismatch_factor: float = _number(0.85, "x", 0.1, 1, E, "productivity while the mismatch lasts")
    steering: float = _number(0.4, "0 to 1", 0, 1, E, "integral steering before the letter; 1 sees a slip at once")
    steering_boost: float = _number(0.2, "0 to 1", 0, 1, "letter P1: started at once", "temporary, from decision_date")
    steering_from: date = _date(date(2021, 1, 1), E, "structural steering begins to grow")
    steering_ramp: float = _number(52, "weeks", 0.1, 520, "letter P1: takes time", "until structural steering is full")
    detection_weeks: float = _number(13, "weeks", 0, 104, E, "delay in seeing a slip without any steering")
    slip_growth: float = _number(0.1, "weeks/week", 0, 2, E, "how an unseen slip grows")
    priority: str = _choice("care", ("care", "statutory", "both"), "letter P2, R1", "whose work goes first")
    reprioritise_on: date | None = _date(None, "letter O1", "a later wish for another priority", "never")
    reprioritise_to: str = _choice("both", ("care", "statutory", "both"), "letter O1", "the priority then wished")
    monitoring_weeks: float = _number(13, "weeks", 0, 104, "letter O1", "priorities change at these reviews only")

    # the statutory track
    legal_weeks: float = _number(60, "weeks", 0, 520, E, "policy and law for representation, from start")
    legal_sigma: float = _number(0.2, "log scale", 0, 2, E, "scatter of that time, lognormal")
    legal_at_logius: bool = _switch(False, "letter R1: no builder needed", "legal work needs the pool")
    legal_first: bool = _switch(True, "letter W7", "no development before the law is clear")
    statutory_effort: float = _number(40, "weeks", 0.1, 520, E, "work on the register for administrators")
    external_builder: bool = _switch(False, "letter R1: studied", "the register is built outside Logius")
    external_from: date = _date(date(2021, 1, 1), E, "an external builder can begin")
    external_overhead: float = _number(1.3, "x work", 0.1, 20, E, "extra work of an external builder")
    external_capacity: float = _number(1, "x June 2020", 0.01, 100, E, "an external builder's own capacity")
    external_complete: bool = _switch(False, "letter R1: coherence", "a builder that reads 'not found' as 'none'")
    administration_pilot: date = _date(date(2020, 5, 1), "letter W7: first half of 2020", "pilot for administrators")
    pilot_end: date = _date(date(2019, 12, 1), "letter W6: done", "end of the parent-child pilot at one hospital")

    # registers
    rulings: float = _number(60_000, "rulings/year", 0, 10_000_000, "S8", "court decisions on parental authority")
    minors: int = _integer(3_333_105, "people", 1, 20_000_000, "S9", "people under 18")
    register_lag: float = _number(92, "days", 0.01, 1_000, "letter W6: up to 3 months", "longest lag of a ruling")
    lag_shape: str = _choice("uniform", ("uniform", "beta", "constant"), E, "lag between 0 and register_lag")
    reask: float = _number(2, "x", 1, 100, E, "how much more often a family in change asks")
    undetermined: float = _number(
        0.02, "share", 0, 1, "letter W6; share an estimate", "minors whose authority no source shows"
    )
    administrated: int = _integer(326_100, "people", 1, 5_000_000, "S7", "adults under a measure, end of 2016")
    administrated_growth: float = _number(24_000, "people/year", 0, 1_000_000, "S7", "net growth of those")
    register_fill: float = _number(150_000, "people/year", 0, 10_000_000, E, "entries that clerks make once it is live")
    administrator_lag: float = _number(14, "days", 0, 365, E, "from a ruling to the register of administrators")
    deaths: float = _number(461, "deaths/day", 0, 10_000, "S10", "each makes next of kin")
    next_of_kin_lag: float = _number(28, "days", 0.01, 365, E, "until next of kin are registered, on average")

    # citizens
    low_skilled: int = _integer(2_500_000, "people", 1, 20_000_000, "S11", "people who need help to get in")
    skilled_users: int = _integer(1_500_000, "people", 1, 20_000_000, E, "others who would record a mandate")
    innovators: float = _number(0.0006, "1/week", 0, 1, E, "Bass: who begin by themselves")
    imitators: float = _number(0.02, "1/week", 0, 2, E, "Bass: who follow others")
    adoption_sigma: float = _number(0.25, "log scale", 0, 2, E, "scatter of both, lognormal")
    online_low_skill: float = _number(0.35, "share", 0, 1, E, "low-skilled who try online")
    online_other: float = _number(0.95, "share", 0, 1, E, "others who try online")
    website_effort: float = _number(
        22, "weeks", 1, 520, "letter W3: live early June", "work on the new site from start"
    )
    completion_before: float = _number(0.55, "share", 0, 1, E, "online attempts that succeed on the old site")
    completion_after: float = _number(0.7, "share", 0, 1, E, "the same on the new site at first")
    completion_best: float = _number(0.85, "share", 0, 1, E, "the same when all is improved")
    improvement: float = _number(0.01, "1/week", 0, 1, "letter W3: goes on", "speed towards completion_best")
    counter_live: date = _date(date(2021, 1, 4), "letter W3: not yet; date an estimate", "counters register mandates")
    counter_servers: int = _integer(350, "counters", 0, 100_000, E, "counters open")
    counter_hours: float = _number(30, "hours/week", 0, 168, E, "opening hours of a counter")
    counter_minutes: float = _number(15, "minutes", 0.1, 600, E, "one registration at a counter")
    counter_patience: float = _number(0.2, "1/week", 0, 1, E, "share of the queue that gives up in a week")
    withdrawals: float = _number(0.09, "1/year", 0, 1, E, "share of mandates withdrawn; for load and rehearsal only")

    # dependants and exclusion
    hospital_clients: float = _number(30_000, "clients", 0, 10_000_000, E, "clients of one hospital")
    gp_clients: float = _number(
        3_200, "clients", 0, 10_000_000, "17.3 M people over 5,403 providers", "clients of a practice"
    )
    mental_clients: float = _number(5_000, "clients", 0, 10_000_000, E, "clients of one mental health provider")
    other_clients: float = _number(1_000, "clients", 0, 10_000_000, E, "clients of one other provider")
    hospital_age_tilt: float = _number(2, "x", 0.1, 20, E, "how much more often people over 65 are hospital clients")
    low_skill_18_64: float = _number(0.1, "share", 0, 1, E, "low digital skill at 18-64; 14.5 % of all need help, S11")
    low_skill_65_79: float = _number(0.42, "share", 0, 1, E, "low digital skill at 65-79")
    low_skill_80: float = _number(0.87, "share", 0, 1, E, "low digital skill at 80 and over")
    help_low_skill: float = _number(0.8, "share", 0, 1, E, "low-skilled who need somebody's help")
    help_other: float = _number(0.02, "share", 0, 1, E, "others who need somebody's help")
    informal: float = _number(0.5, "share", 0, 1, E, "dependants helped by a lent password while that works")
    enforce_policy: str = _choice(
        "immediately", ("immediately", "with_mandate", "never"), "letter V1", "when a provider demands Substantieel"
    )
    hospitals_enforce_on: date | None = _date(None, "choice", "all hospitals demand Substantieel", "no date")

    # money, load, reports
    fte_week_cost: float = _number(2_200, "euro", 0, 100_000, E, "one person for one week")
    decisions_per_client: float = _number(
        2, "decisions/year", 0, 1_000, E, "decisions asked for a client of a live provider"
    )
    peak_factor: float = _number(5, "x", 1, 50, E, "busiest hour over the mean hour; 5 to 10 in simulation.md 3.2")
    reports: tuple[date, ...] = _several(
        "dates",
        (date(2020, 7, 15), date(2020, 9, 15)),
        "dates",
        "letter: summer, after the recess",
        "reports to parliament",
    )
    report_target: int = _integer(5_403, "providers", 0, 100_000, "S4: end of 2022", "target of the burn-up")
    target_date: date = _date(date(2022, 12, 31), "S4", "date of that target")

    def changed(self, **values: object) -> Knobs:
        """The same with other values; ScenarioError is for files, a wrong name here is a TypeError."""
        return dataclasses.replace(self, **values)  # type: ignore[arg-type]


METAS: Final[dict[str, Meta]] = {field.name: field.metadata["meta"] for field in dataclasses.fields(Knobs)}


def meta(name: str) -> Meta:
    """Unit, bounds, source and meaning of a knob."""
    return METAS[name]
