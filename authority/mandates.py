"""A voluntary mandate from the request to its end: its states, and who may give and hold one (domain.md 2.1 and 5).

What is refused here could never become a PERMIT by rule M (`authority.rules.voluntary_mandate`), or DigiD Machtigen
does not take it: nobody under 18 or under curatele or bewind gives a new mandate, whatever the service. What is not
known is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec

from authority.case import Case, birth_days, registers_of, turns
from authority.codes import CARE_DOMAINS, CURATELE, MENTORSCHAP
from authority.facts import Authority, Block, Consent, Organisation, Person, Provider, Service
from authority.moments import DAY_US, local_day
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from authority.rules.voluntary_mandate import voluntary_mandate

MandateState = Literal[
    "REQUESTED", "CODE_EXPIRED", "CANCELLED", "PENDING_START", "ACTIVE", "EXPIRED", "WITHDRAWN", "LAPSED_BY_LAW"
]
Refusal = Literal[
    "SERVICE_NOT_OFFERED",
    "PROVIDER_NOT_LIVE",
    "MANDATE_ROUTE_REQUIRED",
    "NOT_MANDATABLE",
    "WRONG_PERIOD",
    "PERIOD_TOO_LONG",
    "OWN_MANDATE",
    "REPRESENTATIVE_UNKNOWN",
    "REPRESENTATIVE_DECEASED",
    "REPRESENTATIVE_TOO_YOUNG",
    "REPRESENTATIVE_INCAPABLE",
    "REPRESENTED_UNKNOWN",
    "REPRESENTED_DECEASED",
    "REPRESENTED_TOO_YOUNG",
    "REPRESENTED_NOT_ABLE",
    "BIRTH_DATE_UNCERTAIN",
    "UNDER_INVESTIGATION",
    "ORGANISATION_NOT_REGISTERED",
    "NOT_ACTIVE",
    "LAPSED_BY_LAW",
]
GRANTOR_AGE: Final = 18
CARE_AGE: Final = 16
"""Of the representative, in care (MedMij)."""
ELSEWHERE_AGE: Final = 18
_NO_NEW_MANDATE: Final = frozenset({"CURATELE", "BEWIND"})


class Terms(msgspec.Struct, frozen=True):
    """What an operator sets, in microseconds; the defaults are estimates (domain.md 5.7).

    `longest`: from start to end. `code_valid`: from the request to the last moment at which its code works. `ahead`:
    how far off a start may lie.
    """

    longest: int = 1_827 * DAY_US
    code_valid: int = 90 * DAY_US
    ahead: int = 366 * DAY_US


class Period(msgspec.Struct, frozen=True):
    """Half-open, in microseconds."""

    start: int
    end: int


def period_of(start: int | None, end: int | None, now: int, terms: Terms) -> Period:
    """What somebody asks: from now and as long as may be, where they do not say. Today means: from now on."""
    if start is None or (start < now and local_day(start) == local_day(now)):
        start = now
    return Period(start, start + terms.longest if end is None else end)


def refusal_of_period(period: Period, now: int, terms: Terms) -> Refusal | None:
    """Not before now, and not for longer than the terms allow."""
    if period.start < now or period.end <= period.start or period.start > now + terms.ahead:
        return "WRONG_PERIOD"
    return "PERIOD_TOO_LONG" if period.end - period.start > terms.longest else None


def refusal_of_service(service: Service | None, provider: Provider | None, now: int) -> Refusal | None:
    """A live provider with a route for mandates, and a service that a mandate may cover."""
    if service is None or provider is None or service.provider != provider.id:
        return "SERVICE_NOT_OFFERED"
    if provider.status != "LIVE" or (provider.live_from is not None and provider.live_from > now):
        return "PROVIDER_NOT_LIVE"
    if provider.route is None:
        return "MANDATE_ROUTE_REQUIRED"
    return None if service.mandatable else "NOT_MANDATABLE"


def refusal_of_representative(
    holder: Person | Organisation | None, over_holder: Iterable[Authority], services: Sequence[Service], now: int
) -> Refusal | None:
    """A living person, old enough for every service, not under curatele; or an organisation in the trade register."""
    if holder is None:
        return "REPRESENTATIVE_UNKNOWN"
    if isinstance(holder, Organisation):
        if not holder.registered:
            return "ORGANISATION_NOT_REGISTERED"
        return "UNDER_INVESTIGATION" if holder.under_investigation else None
    if holder.died is not None and holder.died <= now:
        return "REPRESENTATIVE_DECEASED"
    age = CARE_AGE if all(service.domain in CARE_DOMAINS for service in services) else ELSEWHERE_AGE
    if not _surely(holder, age, now):
        return "BIRTH_DATE_UNCERTAIN" if _perhaps(holder, age, now) else "REPRESENTATIVE_TOO_YOUNG"
    if any(_runs_at(measure, now) for measure in over_holder if measure.kind in CURATELE):
        return "REPRESENTATIVE_INCAPABLE"
    return "UNDER_INVESTIGATION" if holder.under_investigation else None


def refusal_of_represented(
    person: Person | None, over: Iterable[Authority], services: Sequence[Service], now: int, start: int
) -> Refusal | None:
    """A living adult, who is under no curatele or bewind now or at the start, and in care has no mentor."""
    if person is None:
        return "REPRESENTED_UNKNOWN"
    if person.died is not None and person.died <= now:
        return "REPRESENTED_DECEASED"
    if not _surely(person, GRANTOR_AGE, now):
        return "BIRTH_DATE_UNCERTAIN" if _perhaps(person, GRANTOR_AGE, now) else "REPRESENTED_TOO_YOUNG"
    kinds = _NO_NEW_MANDATE
    if any(service.domain in CARE_DOMAINS for service in services):
        kinds = kinds | MENTORSCHAP
    if any(_runs_at(measure, now) or _runs_at(measure, start) for measure in over if measure.kind in kinds):
        return "REPRESENTED_NOT_ABLE"
    return "UNDER_INVESTIGATION" if person.under_investigation else None


def refusal_of_renewal(mandate: Authority, over: Iterable[Authority], until: int, now: int) -> Refusal | None:
    """It is in force or will be, and no curatele or bewind has begun since it was given: those it does not survive."""
    if mandate.status != "ACTIVE" or mandate.retracted or _ended(mandate, now):
        return "NOT_ACTIVE"
    if mandate.valid_until is None or until <= mandate.valid_until:
        return "WRONG_PERIOD"
    assert mandate.valid_from is not None, "the intake refuses a mandate without valid_from"
    for measure in over:
        begun = measure.status != "REQUESTED" and (measure.valid_from is None or measure.valid_from <= now)
        over_before = measure.valid_until is not None and measure.valid_until <= mandate.valid_from
        if measure.kind in _NO_NEW_MANDATE and begun and not over_before:
            return "LAPSED_BY_LAW"
    return None


def state_of(mandate: Authority, now: int, *, lapsed: bool) -> MandateState:
    """Where a mandate that was activated stands. `lapsed`: a measure or a death stands in its way (rule M)."""
    if mandate.status == "WITHDRAWN" or mandate.retracted:
        return "WITHDRAWN"
    if mandate.status == "REQUESTED":
        return "REQUESTED"
    if mandate.status == "ENDED" or _ended(mandate, now):
        return "EXPIRED"
    if lapsed:
        return "LAPSED_BY_LAW"
    return "PENDING_START" if mandate.valid_from is not None and mandate.valid_from > now else "ACTIVE"


def lapsed(mandate: Authority, around: Neighbourhood, services: Iterable[Service], at: int) -> bool:
    """Whether a measure or a death ended it or put it to rest, for every one of these services (BW 3:72).

    `around`: of a question between the two sides.
    """
    assert mandate.representative is not None
    sides = (mandate.representative, mandate.represented)
    people = [around.people.get(side) for side in sides]
    if any(person is not None and person.died is not None and person.died <= at for person in people):
        return True
    over_holder = around.authorities.get(mandate.representative, ())
    if any(_runs_at(measure, at) for measure in over_holder if measure.kind in CURATELE):
        return True
    reasons = [_finding_at(mandate, around, service, at) for service in services]
    return bool(reasons) and all(reason in _LAPSES for reason in reasons)


_LAPSES: Final = frozenset({"GRANTOR_NOT_ABLE", "LAPSED_BY_MEASURE"})


def _finding_at(mandate: Authority, around: Neighbourhood, service: Service, at: int) -> str | None:
    """What rule M says of it here."""
    question = Question(
        representative=mandate.representative or "",
        represented=mandate.represented,
        provider=service.provider,
        service=service.id,
        assurance="HIGH",
        at=at,
    )
    here = msgspec.structs.replace(around, service=service)
    born = [birth_days(around.people.get(side))[0] for side in (question.representative, question.represented)]
    finding = voluntary_mandate(Case(question, here, registers_of(here), *born), mandate)
    return finding.reason if finding is not None else None


def withdrawn(mandate: Authority, recorded_at: int) -> Authority:
    """The same statement, taken back by either side at this instant (BW 3:72).

    It holds later than what it takes back, whatever the clock says now.
    """
    at = later_than(mandate, recorded_at)
    begun = mandate.valid_from is None or mandate.valid_from < at
    ends_now = begun and (mandate.valid_until is None or mandate.valid_until > at)
    return msgspec.structs.replace(
        mandate, status="WITHDRAWN", recorded_at=at, valid_until=at if ends_now else mandate.valid_until
    )


def later_than(held: Authority | Consent | Block | None, now: int) -> int:
    """When to record what replaces a version: now, but always after it, or it would not hold."""
    return now if held is None else max(now, held.recorded_at + 1)


def _ended(mandate: Authority, now: int) -> bool:
    return mandate.valid_until is not None and mandate.valid_until <= now


def _runs_at(measure: Authority, instant: int) -> bool:
    """As rule M counts it: whatever its status but REQUESTED."""
    return (
        measure.status != "REQUESTED"
        and not measure.retracted
        and (measure.valid_from is None or measure.valid_from <= instant)
        and (measure.valid_until is None or instant < measure.valid_until)
    )


def _surely(person: Person, years: int, now: int) -> bool:
    """So old by every birth date that may be the right one."""
    return all(turns(born, years) <= now for born in birth_days(person))


def _perhaps(person: Person, years: int, now: int) -> bool:
    return any(turns(born, years) <= now for born in birth_days(person))
