"""Who may give and hold a mandate: held against rule M, and case by case where the register is stricter."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authority.decide import decide
from authority.facts import Authority, Organisation, Person, Provider, Service
from authority.mandates import (
    Terms,
    lapsed,
    period_of,
    refusal_of_period,
    refusal_of_renewal,
    refusal_of_representative,
    refusal_of_represented,
    refusal_of_service,
    state_of,
    withdrawn,
)
from authority.moments import DAY_US, day, instant
from authority.neighbourhood import Neighbourhood
from authority.question import Question

NOW = instant("2026-11-24T12:00:00Z")
TERMS = Terms()
PROVIDER = Provider(id="p", register="PROVIDER", sector="HOSPITAL", status="LIVE", route="DIRECT")
DOMAINS = ("CARE_RECORD", "CARE_DECISION", "PROPERTY", "TAX", "GOVERNMENT", "SCHOOL")


def service(domain: Any = "TAX", **more: Any) -> Service:
    fields = {"provider": "p", "domain": domain, "minimum_assurance": "LOW"} | more
    return Service(id="p/s", register="PROVIDER", **fields)


def person(name: str = "r", born: str = "1950-01-01", **more: Any) -> Person:
    return Person(id=name, register="BRP", born=born, **more)


def measure(kind: Any, **more: Any) -> Authority:
    return Authority(id=more.pop("id", kind), register="CCBR", kind=kind, representative="x", represented="r", **more)


def mandate(start: int = NOW, end: int | None = None, **more: Any) -> Authority:
    fields = {"representative": "h", "represented": "r", "services": ("p/s",)} | more
    return Authority(
        id="m",
        register="DIGID_MACHTIGEN",
        kind="VOLUNTARY_MANDATE",
        valid_from=start,
        valid_until=NOW + TERMS.longest if end is None else end,
        **fields,
    )


days = st.integers(-40, 40).map(lambda days: NOW + days * DAY_US)


def _ordered(pair: tuple[int | None, int | None]) -> tuple[int | None, int | None]:
    start, end = pair
    return pair if start is None or end is None or start < end else (end, start + 1)


intervals = st.tuples(st.none() | days, st.none() | days).map(_ordered)
sure = st.sampled_from(
    ["1950-01-01", "2008-11-24", "2008-11-25", "2008-12-01", "2010-11-24", "2010-11-25", "2016-01-01"]
)
unsure = st.sampled_from(["2008-00-00", "2008-11-00", "2010-00-00", "0000-00-00"])
born = sure | unsure


@st.composite
def measures(draw: st.DrawFn) -> list[Authority]:
    found = []
    for number in range(draw(st.integers(0, 3))):
        starts, ends = draw(intervals)
        found.append(
            measure(
                draw(st.sampled_from(["CURATELE", "BEWIND", "MENTORSCHAP"])),
                id=f"x{number}",
                status=draw(st.sampled_from(["REQUESTED", "ACTIVE", "WITHDRAWN", "ENDED"])),
                valid_from=starts,
                valid_until=ends,
            )
        )
    return found


@st.composite
def people(draw: st.DrawFn, name: str) -> Person:
    return person(
        name,
        draw(born),
        died=draw(st.none() | st.none() | days),
        under_investigation=draw(st.sampled_from([False, False, False, True])),
    )


def asked(domain: str, at: int, sides: dict[str, Person], over: dict[str, list[Authority]]) -> tuple[str, str]:
    question = Question(
        representative="h", represented="r", provider="p", service="p/s", assurance="HIGH", at=at, known_at=None
    )
    around = Neighbourhood(service=service(domain), provider=PROVIDER, people=sides, authorities=over)
    decision = decide(question, around)
    return decision.outcome, decision.reason


@settings(max_examples=400, deadline=None)
@given(people("r"), people("h"), measures(), measures(), st.sampled_from(DOMAINS), st.integers(0, 40))
def test_what_is_not_refused_is_permitted_from_its_start(
    represented: Person, holder: Person, over: list[Authority], over_holder: list[Authority], domain: str, wait: int
) -> None:
    start = NOW + wait * DAY_US
    over_holder = [
        Authority(**{name: getattr(each, name) for name in each.__struct_fields__} | {"represented": "h"})
        for each in over_holder
    ]
    refused = (
        refusal_of_service(service(domain), PROVIDER, NOW)
        or refusal_of_represented(represented, over, [service(domain)], NOW, start)
        or refusal_of_representative(holder, over_holder, [service(domain)], NOW)
    )
    made = mandate(start)
    sides = {"r": represented, "h": holder}
    outcome, reason = asked(domain, start, sides, {"r": [*over, made], "h": over_holder})
    if refused is None:
        # what begins between now and the start ends it before it begins; nobody knew of a death or measure to come
        later = [each for each in over if each.valid_from is not None and NOW < each.valid_from <= start]
        later_holder = [each for each in over_holder if each.valid_from is not None and NOW < each.valid_from <= start]
        dies = any(each.died is not None and each.died <= start for each in sides.values())
        if not later and not later_holder and not dies:
            assert (outcome, reason) == ("PERMIT", "VOLUNTARY_MANDATE")
    elif wait == 0:
        # the register is stricter: it takes no new mandate for care under bewind, and looks at ended measures alike
        assert outcome != "PERMIT" or refused in ("REPRESENTED_NOT_ABLE", "REPRESENTATIVE_INCAPABLE")


@settings(max_examples=300, deadline=None)
@given(people("r"), people("h"), measures(), st.sampled_from(DOMAINS), st.integers(-40, 0))
def test_lapsed_is_what_rule_m_says(
    represented: Person, holder: Person, over: list[Authority], domain: str, since: int
) -> None:
    made = mandate(NOW + since * DAY_US)
    sides = {"r": represented, "h": holder}
    around = Neighbourhood(service=service(domain), provider=PROVIDER, people=sides, authorities={"r": [*over, made]})
    _, reason = asked(domain, NOW, sides, {"r": [*over, made]})
    found = lapsed(made, around, [service(domain)], NOW)
    if reason in ("LAPSED_BY_MEASURE", "REPRESENTED_DECEASED", "REPRESENTATIVE_DECEASED"):
        assert found
    if reason == "VOLUNTARY_MANDATE":
        assert not found


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, None),
        ({"mandatable": False}, "NOT_MANDATABLE"),
        ({"provider": "q"}, "SERVICE_NOT_OFFERED"),
    ],
)
def test_a_service(changed: dict[str, Any], refused: str | None) -> None:
    assert refusal_of_service(service(**changed), PROVIDER, NOW) == refused


def test_a_provider_offers_a_route_and_is_live() -> None:
    def with_(**changed: Any) -> str | None:
        fields = {"sector": "GP", "status": "LIVE", "route": "ROUTING"} | changed
        return refusal_of_service(service(), Provider(id="p", register="PROVIDER", **fields), NOW)

    assert with_() is None
    assert with_(route=None) == "MANDATE_ROUTE_REQUIRED"
    assert with_(status="TESTED") == with_(status="SUSPENDED") == with_(live_from=NOW + 1) == "PROVIDER_NOT_LIVE"
    assert with_(live_from=NOW) is None
    assert refusal_of_service(None, None, NOW) == "SERVICE_NOT_OFFERED"


def test_no_new_mandate_under_bewind_for_care_either() -> None:
    for domain in ("CARE_RECORD", "TAX"):
        refused = refusal_of_represented(person(), [measure("BEWIND")], [service(domain)], NOW, NOW)
        assert refused == "REPRESENTED_NOT_ABLE"
    care = refusal_of_represented(person(), [measure("MENTORSCHAP")], [service("CARE_RECORD")], NOW, NOW)
    assert care == "REPRESENTED_NOT_ABLE"
    assert refusal_of_represented(person(), [measure("MENTORSCHAP")], [service("TAX")], NOW, NOW) is None
    to_come = measure("CURATELE", valid_from=NOW + DAY_US)
    assert refusal_of_represented(person(), [to_come], [service()], NOW, NOW + 2 * DAY_US) == "REPRESENTED_NOT_ABLE"


@pytest.mark.parametrize(
    ("domains", "years", "refused"),
    [
        (["CARE_RECORD"], "2010-11-24", None),
        (["CARE_RECORD"], "2010-11-25", "REPRESENTATIVE_TOO_YOUNG"),
        (["CARE_RECORD", "TAX"], "2010-11-24", "REPRESENTATIVE_TOO_YOUNG"),
        (["TAX"], "2008-11-24", None),
        (["TAX"], "2008-00-00", "BIRTH_DATE_UNCERTAIN"),
        (["TAX"], "0000-00-00", "BIRTH_DATE_UNCERTAIN"),
    ],
)
def test_how_old_a_representative_is(domains: list[str], years: str, refused: str | None) -> None:
    assert refusal_of_representative(person("h", years), [], [service(each) for each in domains], NOW) == refused


def test_an_organisation_is_in_the_trade_register() -> None:
    def office(**more: Any) -> Organisation:
        return Organisation(id="o", register="HANDELSREGISTER", kind="OTHER", **more)

    assert refusal_of_representative(office(), [], [service()], NOW) is None
    assert refusal_of_representative(office(registered=False), [], [service()], NOW) == "ORGANISATION_NOT_REGISTERED"
    assert refusal_of_representative(office(under_investigation=True), [], [service()], NOW) == "UNDER_INVESTIGATION"
    assert refusal_of_representative(None, [], [service()], NOW) == "REPRESENTATIVE_UNKNOWN"


def test_a_period_begins_today_and_is_as_long_as_may_be() -> None:
    plain = period_of(None, None, NOW, TERMS)
    assert (plain.start, plain.end - plain.start) == (NOW, TERMS.longest)
    assert period_of(day("2026-11-24"), None, NOW, TERMS).start == NOW, "today is from now on"
    assert refusal_of_period(plain, NOW, TERMS) is None
    assert refusal_of_period(period_of(day("2026-11-23"), None, NOW, TERMS), NOW, TERMS) == "WRONG_PERIOD"
    assert refusal_of_period(period_of(None, NOW, NOW, TERMS), NOW, TERMS) == "WRONG_PERIOD"
    assert refusal_of_period(period_of(None, NOW + TERMS.longest + 1, NOW, TERMS), NOW, TERMS) == "PERIOD_TOO_LONG"
    far = period_of(NOW + TERMS.ahead + 1, None, NOW, TERMS)
    assert refusal_of_period(far, NOW, TERMS) == "WRONG_PERIOD"


def test_a_renewal_extends_what_stands_and_revives_nothing() -> None:
    end = NOW + 10 * DAY_US
    made = mandate(NOW - 10 * DAY_US, end)
    assert refusal_of_renewal(made, [], end + 1, NOW) is None
    assert refusal_of_renewal(made, [], end, NOW) == "WRONG_PERIOD"
    assert refusal_of_renewal(made, [], end + 1, end) == "NOT_ACTIVE"
    assert refusal_of_renewal(withdrawn(made, NOW), [], end + 1, NOW) == "NOT_ACTIVE"
    # the measure is over, and what it ended does not come back (facts.md 5.3, rule M)
    over = measure("CURATELE", valid_from=NOW - 5 * DAY_US, valid_until=NOW - 4 * DAY_US)
    assert refusal_of_renewal(made, [over], end + 1, NOW) == "LAPSED_BY_LAW"
    before = measure("CURATELE", valid_from=NOW - 50 * DAY_US, valid_until=NOW - 10 * DAY_US)
    assert refusal_of_renewal(made, [before], end + 1, NOW) is None


@given(days, st.none() | days, days, st.integers(-5, 5))
def test_a_withdrawal_always_holds_and_is_a_fact_that_may_stand(
    start: int, end: int | None, recorded_at: int, late: int
) -> None:
    if end is not None and end <= start:
        return
    made = Authority(
        id="m",
        register="DIGID_MACHTIGEN",
        recorded_at=recorded_at,
        kind="VOLUNTARY_MANDATE",
        representative="h",
        represented="r",
        services=("p/s",),
        valid_from=start,
        valid_until=end,
    )
    taken = withdrawn(made, recorded_at + late)
    assert taken.recorded_at > made.recorded_at, "whatever the clock says"
    assert taken.status == "WITHDRAWN"
    assert taken.valid_until is None or taken.valid_until > start
    assert taken.valid_until in (end, taken.recorded_at)


def test_states() -> None:
    assert state_of(mandate(), NOW, lapsed=False) == "ACTIVE"
    assert state_of(mandate(), NOW, lapsed=True) == "LAPSED_BY_LAW"
    assert state_of(mandate(NOW + 1), NOW, lapsed=False) == "PENDING_START"
    assert state_of(mandate(end=NOW + 1), NOW + 1, lapsed=True) == "EXPIRED"
    assert state_of(withdrawn(mandate(), NOW), NOW, lapsed=True) == "WITHDRAWN"
    assert state_of(mandate(status="ENDED"), NOW, lapsed=False) == "EXPIRED"
    assert state_of(mandate(status="REQUESTED"), NOW, lapsed=False) == "REQUESTED"
