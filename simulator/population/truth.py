"""The truth about given rows: who holds what over them, and what the answer to a question must be.

The generator knows this because it made it; nothing here looks at the facts that were written or asks
`authority.decide`. `expected` follows facts.md chapter 5 for what the population has: no consents, abilities, blocks
or acts of disposal; holders of offices alive, adult and under no measure, of parental authority not under curatele.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np

from authority.codes import ASSURANCE_RANK, CARE_DOMAINS, Assurance, AuthorityKind, AuthorityStatus, Ground, Outcome
from authority.reasons import RANK
from simulator.population.authorities import GROUNDS, KINDS, NONE, STATUSES, authorities
from simulator.population.draws import Rows
from simulator.population.institutions import Institutions, ServiceKind
from simulator.population.population import (
    BEWIND,
    BEWIND_AND_MENTORSCHAP,
    CURATELE,
    MENTORSCHAP,
    NO_DATE,
    NO_MEASURE,
    Population,
)
from simulator.population.streets import streets

_EPOCH: Final = date(1970, 1, 1)
_OVER_MINORS: Final = {"PARENTAL_SOLE", "PARENTAL_JOINT", "SHARED_AUTHORITY", "GUARDIANSHIP"}
_AFTER_DEATH: Final = {"NEXT_OF_KIN_MANDATE", "EXECUTOR", "HEIR", "RECORD_AFTER_DEATH"}
_PERMIT_REASON: Final = {
    "PARENTAL_SOLE": "PARENTAL_AUTHORITY",
    "PARENTAL_JOINT": "PARENTAL_AUTHORITY",
}
"""Every other kind permits under its own name."""


class Held(NamedTuple):
    """One authority as the generator made it. `services` None is all; `representative` is a row, as candidates are."""

    id: str
    kind: AuthorityKind
    represented: int
    representative: int | None
    organisation: int | None
    provider: int | None
    services: tuple[str, ...] | None
    status: AuthorityStatus
    ground: Ground | None
    house_only: bool
    candidates: tuple[int, ...]
    valid_from: date | None
    valid_until: date | None

    def in_force(self, day: date) -> bool:
        """On a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return self.status == "ACTIVE" and begun and (self.valid_until is None or day < self.valid_until)


class Someone(NamedTuple):
    """What decides about a person: `age` on `as_of` (for the dead: as if alive), `measure` as in `population`."""

    row: int
    age: int
    measure: int
    dead: bool
    died_under_16: bool


class Verdict(NamedTuple):
    """What the service must answer."""

    outcome: Outcome
    reason: str


def _day(number: int) -> date | None:
    return None if number == NO_DATE else _EPOCH + timedelta(days=number)


def truth(population: Population, rows: Rows, institutions: Institutions | None = None) -> dict[int, list[Held]]:
    """Who holds what over the people of these rows. A row over whom nobody holds anything has an empty list."""
    institutions = institutions or Institutions(population)
    rows = np.unique(rows)
    found: dict[int, list[Held]] = {int(row): [] for row in rows}
    held = authorities(population, institutions, rows)
    ids = population.pseudonyms.of(held.represented)
    columns = (
        held.represented,
        held.number,
        held.kind,
        held.representative,
        held.organisation,
        held.provider,
        held.services,
        held.status,
        held.ground,
        held.house,
        held.candidate_1,
        held.candidate_2,
        held.valid_from,
        held.valid_until,
    )
    for pseudonym, values in zip(ids.tolist(), zip(*(c.tolist() for c in columns), strict=True), strict=True):
        row, number, kind, person, body, provider, services, status, ground, house, one, two, start, end = values
        found[row].append(
            Held(
                id=f"{pseudonym:016x}/{number}",
                kind=KINDS[kind],
                represented=row,
                representative=None if person == NONE else person,
                organisation=None if body == NONE else body,
                provider=None if provider == NONE else provider,
                services=None if provider == NONE else tuple(institutions.service_ids(provider, services)),
                status=STATUSES[status],
                ground=None if ground == NONE else GROUNDS[ground],
                house_only=bool(house),
                candidates=tuple(candidate for candidate in (one, two) if candidate != NONE),
                valid_from=_day(start),
                valid_until=_day(end),
            )
        )
    return found


def someone(population: Population, rows: Rows) -> list[Someone]:
    """What decides about the people of these rows."""
    age = streets().age.take(population.pattern_rows(rows))
    dead, measure = population.dead_and_measure(rows, age)
    people = population.at(rows)
    # 16 years have four leap days; a day more or less is looked at by the calendar
    young = np.zeros(len(rows), dtype=np.bool_)
    for index in np.flatnonzero(dead & (age < 18)).tolist():
        born, died = (_EPOCH + timedelta(days=int(column[index])) for column in (people.birth, people.died))
        young[index] = (died.year - born.year - ((died.month, died.day) < (born.month, born.day))) < 16
    return [
        Someone(*values)
        for values in zip(rows.tolist(), age.tolist(), measure.tolist(), dead.tolist(), young.tolist(), strict=True)
    ]


class Asked(NamedTuple):
    """A question in the generator's terms.

    `alone`: whoever held the authority with the asker has died. `silent`: the registers have not been heard from for
    too long.
    """

    asker: Someone
    organisation: int | None
    represented: Someone
    service: ServiceKind
    service_id: str
    live: bool
    mandatable: bool
    assurance: Assurance
    alone: bool = False
    silent: bool = False


def expected(asked: Asked, held: list[Held], day: date, *, certified: bool = True) -> Verdict:
    """The answer on `day`, which is the population's `as_of`; `held` is what is held over the represented.

    `certified`: the asking organisation, if it is a guardianship institution, has its certificate.
    """
    asker, represented = asked.asker, asked.represented
    oneself = asker.row == represented.row
    if not asked.live:
        return Verdict("DENY", "PROVIDER_NOT_LIVE")
    if asker.dead:
        return Verdict("DENY", "REPRESENTATIVE_DECEASED")
    if oneself:
        return _at_level(_oneself(asked, held, day), asked)
    if asker.measure == CURATELE:
        return Verdict("DENY", "REPRESENTATIVE_INCAPABLE")
    if asked.organisation is None:
        grounds = [one for one in held if one.representative == asker.row]
    else:
        grounds = [one for one in held if one.organisation == asked.organisation]
    if not grounds:
        candidate = any(
            one.kind == "UNDETERMINED" and asked.organisation is None and asker.row in one.candidates for one in held
        )
        return Verdict("INDETERMINATE", "AUTHORITY_UNDETERMINED") if candidate else Verdict("DENY", "NO_GROUND")
    verdicts = [_at_level(_of_ground(one, asked, held, day, certified=certified), asked) for one in grounds]
    return min(verdicts, key=lambda verdict: RANK[verdict.reason])


def _at_level(verdict: Verdict, asked: Asked) -> Verdict:
    if verdict.outcome not in ("PERMIT", "CONSENT_REQUIRED"):
        return verdict
    if asked.silent:
        return Verdict("INDETERMINATE", "REGISTER_STALE")
    needed = ASSURANCE_RANK[asked.service.assurance]
    if asked.organisation is not None and asked.asker.row != asked.represented.row:
        needed = max(needed, ASSURANCE_RANK["SUBSTANTIAL"])
    return verdict if ASSURANCE_RANK[asked.assurance] >= needed else Verdict("DENY", "STEP_UP_REQUIRED")


def _of_ground(one: Held, asked: Asked, held: list[Held], day: date, *, certified: bool) -> Verdict:
    """facts.md 5.2, steps 1 to 5."""
    if not one.in_force(day):
        return Verdict("DENY", _why_not_in_force(one, day))
    if asked.represented.dead and one.kind not in _AFTER_DEATH:
        on_request = one.kind in _OVER_MINORS and asked.represented.died_under_16
        if on_request and asked.service.domain in ("CARE_RECORD", "PROPERTY", "TAX"):
            return Verdict("INDETERMINATE", "PROVIDER_MUST_DECIDE")
        return Verdict("DENY", "REPRESENTED_DECEASED")
    if (one.services is not None and asked.service_id not in one.services) or not _covers(one, asked.service):
        return Verdict("DENY", "NOT_IN_SCOPE")
    if one.kind == "GUARDIANSHIP" and one.organisation is not None and not certified:
        return Verdict("INDETERMINATE", "CERTIFICATE_EXPIRED")
    permit = Verdict("PERMIT", _PERMIT_REASON.get(one.kind, one.kind))
    if one.kind in _OVER_MINORS:
        return _minor(one, asked, permit)
    if one.kind == "HEIR" and asked.service.domain == "PROPERTY":
        return _heir(one, held, day)
    return _adult(one, asked, permit)


def _why_not_in_force(one: Held, day: date) -> str:
    if one.status != "ACTIVE":
        return {"REQUESTED": "NOT_ACTIVE", "WITHDRAWN": "WITHDRAWN", "ENDED": "EXPIRED"}[one.status]
    return "NOT_YET_VALID" if one.valid_from is not None and day < one.valid_from else "EXPIRED"


def _adult(one: Held, asked: Asked, permit: Verdict) -> Verdict:
    """Rules A, G and M, and what next of kin get, where nothing is recorded of anybody's ability."""
    domain = asked.service.domain
    if one.kind in ("CURATELE", "MENTORSCHAP") and domain in CARE_DOMAINS:
        drink = one.kind == "CURATELE" and one.ground == "DRINK_OR_DRUGS"
        return Verdict("INDETERMINATE", "PROVIDER_MUST_DECIDE" if drink else "ABILITY_UNKNOWN")
    if one.kind == "BEWIND" and one.house_only:
        return Verdict("INDETERMINATE", "GOODS_UNKNOWN")
    if one.kind == "VOLUNTARY_MANDATE":
        return permit if asked.mandatable else Verdict("DENY", "NOT_IN_SCOPE")
    if one.kind in ("EXECUTOR", "HEIR") and domain == "GOVERNMENT":
        return Verdict("INDETERMINATE", "PROVIDER_MUST_DECIDE")
    return permit


def _covers(one: Held, service: ServiceKind) -> bool:
    """Table 5.3: whether the kind gives anything for the service's domain."""
    domain = service.domain
    care, money = domain in CARE_DOMAINS, domain in ("PROPERTY", "TAX")
    if one.kind == "CURATELE":
        return domain != "SCHOOL"
    if one.kind == "BEWIND":
        return money or (domain == "GOVERNMENT" and service.matter == "FINANCIAL" and not one.house_only)
    if one.kind == "MENTORSCHAP":
        return care or (domain == "GOVERNMENT" and service.matter == "CARE_ASSESSMENT")
    if one.kind == "NEXT_OF_KIN_MANDATE":
        return domain == "TAX"
    if one.kind in ("EXECUTOR", "HEIR"):
        return domain in ("PROPERTY", "GOVERNMENT")
    if one.kind == "RECORD_AFTER_DEATH":
        return domain == "CARE_RECORD"
    return True


def _minor(one: Held, asked: Asked, permit: Verdict) -> Verdict:
    """Rules K, J, J1, T and C where nobody has said anything yet."""
    if asked.represented.age >= 18:
        return Verdict("DENY", "REPRESENTED_IS_ADULT")
    joint = one.kind in ("PARENTAL_JOINT", "SHARED_AUTHORITY")
    both = Verdict("CONSENT_REQUIRED", "OTHER_HOLDER_MUST_CONSENT")
    by_rule_j = permit if not joint or asked.alone or asked.service.routine else both
    domain, age = asked.service.domain, asked.represented.age
    if domain == "SCHOOL":
        return by_rule_j
    if domain not in CARE_DOMAINS:
        return permit
    if age >= 16:
        return Verdict("DENY", "REPRESENTED_DECIDES_ALONE")
    if age >= 12:
        if asked.service.channel == "PUBLIC":
            return Verdict("DENY", "CHANNEL_EXCLUDES")
        if domain == "CARE_RECORD":
            return Verdict("INDETERMINATE", "CHILD_CONSENT_UNKNOWN")
        return Verdict("CONSENT_REQUIRED", "CHILD_MUST_CONSENT")
    return permit if domain == "CARE_RECORD" else by_rule_j


def _heir(one: Held, held: list[Held], day: date) -> Verdict:
    """Rule H where no heir has consented."""
    others = [
        other
        for other in held
        if other.in_force(day) and (other.representative, other.organisation) != (one.representative, one.organisation)
    ]
    if any(other.kind == "EXECUTOR" for other in others):
        return Verdict("DENY", "NOT_IN_SCOPE")
    if any(other.kind == "HEIR" for other in others):
        return Verdict("CONSENT_REQUIRED", "OTHER_HEIRS_MUST_CONSENT")
    return Verdict("INDETERMINATE", "PROVIDER_MUST_DECIDE")


def _oneself(asked: Asked, held: list[Held], day: date) -> Verdict:
    """Table 5.4 for adults; `questions` asks no minors about themselves."""
    assert asked.represented.age >= 18
    domain, measure = asked.service.domain, asked.represented.measure
    unknown = Verdict("INDETERMINATE", "ABILITY_UNKNOWN")
    if measure == CURATELE:
        return unknown if domain in CARE_DOMAINS else Verdict("DENY", "SELF_NOT_ABLE")
    if measure in (MENTORSCHAP, BEWIND_AND_MENTORSCHAP) and domain in CARE_DOMAINS:
        return unknown
    if measure in (BEWIND, BEWIND_AND_MENTORSCHAP):
        assert any(one.kind == "BEWIND" and one.in_force(day) for one in held)
        if domain == "TAX":
            return Verdict("DENY", "SELF_NOT_ABLE")
        if domain == "PROPERTY":
            return Verdict("CONSENT_REQUIRED", "ADMINISTRATOR_MUST_CONSENT")
    measures = [one for one in held if one.kind in ("CURATELE", "BEWIND", "MENTORSCHAP") and one.in_force(day)]
    assert measure != NO_MEASURE or not measures
    return Verdict("PERMIT", "SELF")
