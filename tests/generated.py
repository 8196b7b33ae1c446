"""Hypothesis strategies for facts and questions, shared by every test of what must hold for all input.

The pools of ids are small so that facts meet: the same people, two organisations, two providers with their services,
and few ids per type so that the same statement is stated again, moves to other people, and is taken back. Every fact
keeps the rules of facts.md chapters 1 and 2 (what `graph.intake` lets through), so that intake accepts it as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal, TypeVar, get_args

from hypothesis import strategies as st

from authority.codes import (
    Act,
    Assurance,
    AuthorityKind,
    AuthorityStatus,
    BlockReason,
    CareDomain,
    Claim,
    Domain,
    Ground,
    Matter,
    OrganisationKind,
    ProviderStatus,
    Sector,
    Served,
)
from authority.facts import (
    Ability,
    Authority,
    Block,
    Consent,
    Employment,
    Fact,
    Organisation,
    Person,
    Provider,
    Register,
    Service,
    type_of,
)
from authority.moments import DAY_US, SINCE_EVER, day, instant
from authority.question import Question
from authority.registers import DEFAULT_REGISTER, TABLE

_T = TypeVar("_T")

PEOPLE: Final = ("p1", "p2", "p3", "p4", "p5")
ADULTS: Final = ("p1", "p2")
"""Of age where `worlds` begins, so that they may hold something."""
ORGANISATIONS: Final = ("o1", "o2")
PROVIDERS: Final = ("h1", "m1")
SHORT_NAMES: Final = ("record", "treatment", "money", "tax", "desk", "school")
SERVICES: Final = tuple(f"{provider}/{short}" for provider in PROVIDERS for short in SHORT_NAMES)
OWN_REGISTER: Final = "OWN"
"""A register that table 3 does not have; a pile of facts that names it holds its register fact."""
REGISTERS: Final = (*TABLE, OWN_REGISTER)
GOODS: Final = ("house", "car")

NOW: Final = instant("2026-06-15T10:00:00Z")
DAYS: Final = (
    *(day(f"{year}-06-15") for year in (2010, 2014, 2018, 2022, 2025)),
    *(day(text) for text in ("2026-01-01", "2026-06-14", "2026-06-16", "2026-12-01", "2030-01-01")),
)
"""Beginnings and ends: around NOW and around people's twelfth, sixteenth and eighteenth birthdays."""
RECORDED: Final = (
    SINCE_EVER,
    *(instant(f"{text}T09:00:00+01:00") for text in ("2025-01-01", "2026-01-01", "2026-03-01", "2026-06-15")),
    NOW + 30 * DAY_US,
)
"""Few instants, so that versions meet at equal ones; the last lies in the future."""
BORN: Final = (
    *("1940-05-05", "1980-02-29", "1985-12-31", "2007-06-15", "2008-06-15", "2008-06-16"),
    *("2010-06-15", "2011-01-01", "2014-06-15", "2016-07-01", "2024-01-01"),
    *("2010-00-00", "2014-06-00", "1950-00-12", "0000-00-00"),
)

people = st.sampled_from(PEOPLE)
organisations = st.sampled_from(ORGANISATIONS)
providers = st.sampled_from(PROVIDERS)
services = st.sampled_from(SERVICES)
holders = st.sampled_from((*PEOPLE, *ADULTS * 3, *ORGANISATIONS))
recorded = st.sampled_from(RECORDED)
moments = st.one_of(
    st.just(NOW),
    st.just(NOW),
    st.just(NOW),
    st.sampled_from(DAYS).flatmap(lambda start: st.sampled_from((start - 1, start, start + DAY_US))),
)
_mostly = {value: st.sampled_from((value,) * 11 + (not value,)) for value in (False, True)}
_absent: st.SearchStrategy[None] = st.none()


def _ids(prefix: str, count: int) -> st.SearchStrategy[str]:
    return st.sampled_from(tuple(f"{prefix}{n}" for n in range(1, count + 1)))


def _some(values: tuple[_T, ...], *, most: int = 3) -> st.SearchStrategy[tuple[_T, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(tuple)


@st.composite
def _intervals(draw: st.DrawFn, *, begins: bool = False) -> dict[str, Any]:
    """Half-open, never empty; most have no end, so that much is in force."""
    start = draw(st.sampled_from(DAYS) if begins else st.sampled_from((*(None,) * 8, *DAYS)))
    end = draw(st.sampled_from((*(None,) * 20, *DAYS)))
    if start is not None and end is not None and end <= start:
        end = None
    return {"valid_from": start, "valid_until": end}


@st.composite
def _version(draw: st.DrawFn, served: str) -> dict[str, Any]:
    """What every fact has."""
    own_word = draw(st.sampled_from((True,) * 9 + (False,)))
    return {
        "register": DEFAULT_REGISTER[served] if own_word else draw(st.sampled_from(REGISTERS)),
        "recorded_at": draw(recorded),
        "retracted": draw(_mostly[False]),
        "under_investigation": draw(_mostly[False]),
    }


@st.composite
def persons(draw: st.DrawFn, person_id: str | None = None) -> Person:
    return Person(
        **draw(_version("person")),
        id=person_id or draw(people),
        born=draw(st.sampled_from(BORN)),
        died=draw(st.sampled_from((*(None,) * 40, *DAYS))),
        name=draw(st.sampled_from((None, "Jan", "Ülkü de Vríes"))),
    )


@st.composite
def organisation_facts(draw: st.DrawFn, organisation_id: str | None = None) -> Organisation:
    return Organisation(
        **draw(_version("organisation")),
        id=organisation_id or draw(organisations),
        kind=draw(st.sampled_from(get_args(OrganisationKind))),
        registered=draw(_mostly[True]),
        certified_until=draw(st.one_of(_absent, st.sampled_from(DAYS))),
        name=draw(st.sampled_from((None, "Kantoor"))),
    )


@st.composite
def employments(draw: st.DrawFn) -> Employment:
    return Employment(
        **draw(_version("employment")),
        id=draw(_ids("e", 4)),
        employee=draw(people),
        organisation=draw(organisations),
        services=draw(st.one_of(_absent, _some(SERVICES))),
        **draw(_intervals()),
    )


@st.composite
def provider_facts(draw: st.DrawFn, provider_id: str | None = None) -> Provider:
    return Provider(
        **draw(_version("provider")),
        id=provider_id or draw(providers),
        sector=draw(st.sampled_from(get_args(Sector))),
        status=draw(st.sampled_from(("LIVE",) * 16 + get_args(ProviderStatus))),
        route=draw(st.sampled_from((None, "DIRECT", "ROUTING"))),
        supplier=draw(st.sampled_from((None, "Leverancier"))),
        live_from=draw(st.sampled_from((*(None,) * 10, *DAYS))),
    )


@st.composite
def service_facts(draw: st.DrawFn, service_id: str | None = None) -> Service:
    chosen = service_id or draw(services)
    return Service(
        **draw(_version("service")),
        id=chosen,
        provider=chosen.partition("/")[0],
        domain=draw(st.sampled_from(get_args(Domain))),
        minimum_assurance=draw(st.sampled_from(get_args(Assurance))),
        channel=draw(st.sampled_from(("PROVIDER", "PROVIDER", "PUBLIC"))),
        routine=draw(_mostly[False]),
        mandatable=draw(_mostly[True]),
        matter=draw(st.sampled_from(get_args(Matter))),
    )


_KINDS: tuple[AuthorityKind, ...] = get_args(AuthorityKind)
_DOMAINS: tuple[Domain, ...] = get_args(Domain)
_SERVED: tuple[Served, ...] = get_args(Served)
_NAMES_SERVICES = frozenset({"VOLUNTARY_MANDATE", "TREATMENT_SUBSTITUTE", "RECORD_AFTER_DEATH"})
_NAMES_NOBODY = frozenset({"NO_AUTHORITY", "UNDETERMINED"})
_MAY_NAME_NOBODY = frozenset({"GUARDIANSHIP", "SHARED_AUTHORITY"})


@st.composite
def authorities(draw: st.DrawFn) -> Authority:
    kind = draw(st.sampled_from(_KINDS))
    everything = st.one_of(_absent, _absent, _some(SERVICES))
    nobody = kind in _NAMES_NOBODY or (kind in _MAY_NAME_NOBODY and draw(_mostly[False]))
    return Authority(
        **draw(_version(kind)),
        id=draw(_ids("a", 8)),
        kind=kind,
        representative=None if nobody else draw(holders),
        represented=draw(people),
        services=draw(_some(SERVICES, most=8) if kind in _NAMES_SERVICES else everything),
        providers=draw(st.one_of(_absent, _absent, _absent, _some(PROVIDERS))),
        domains=draw(st.one_of(_absent, _absent, _absent, _some(_DOMAINS))),
        goods=draw(st.one_of(_absent, _some(GOODS))) if kind == "BEWIND" else None,
        exercise=draw(st.sampled_from(("SOLE", "SOLE", "JOINT"))),
        ground=draw(st.sampled_from((None, *get_args(Ground)))),
        candidates=draw(st.one_of(st.just(()), _some(PEOPLE))) if kind == "UNDETERMINED" else (),
        status=draw(st.sampled_from(("ACTIVE",) * 16 + get_args(AuthorityStatus))),
        **draw(_intervals(begins=kind == "VOLUNTARY_MANDATE")),
    )


@st.composite
def consents(draw: st.DrawFn) -> Consent:
    return Consent(
        **draw(_version("consent")),
        id=draw(_ids("c", 6)),
        from_=draw(st.sampled_from((*PEOPLE, *ORGANISATIONS, "COURT"))),
        representative=draw(holders),
        represented=draw(people),
        provider=draw(st.one_of(_absent, providers)),
        domain=draw(st.one_of(_absent, _absent, st.sampled_from(get_args(Domain)))),
        act=draw(st.one_of(_absent, st.sampled_from(get_args(Act)))),
        given=draw(_mostly[True]),
        **draw(_intervals()),
    )


@st.composite
def abilities(draw: st.DrawFn) -> Ability:
    return Ability(
        **draw(_version("ability")),
        id=draw(_ids("b", 4)),
        person=draw(people),
        provider=draw(st.one_of(_absent, providers)),
        domain=draw(st.one_of(_absent, st.sampled_from(get_args(CareDomain)))),
        able=draw(st.booleans()),
        **draw(_intervals()),
    )


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    return Block(
        **draw(_version("block")),
        id=draw(_ids("k", 3)),
        provider=draw(providers),
        represented=draw(people),
        representative=draw(st.one_of(_absent, holders)),
        reason=draw(st.sampled_from(get_args(BlockReason))),
        **draw(_intervals()),
    )


@st.composite
def registers(draw: st.DrawFn, register_id: str | None = None) -> Register:
    chosen = register_id or draw(st.sampled_from(REGISTERS))
    served = _some(_SERVED, most=6)
    return Register(
        id=chosen,
        register=chosen,
        recorded_at=draw(recorded),
        retracted=draw(_mostly[False]),
        serves=draw(served if chosen == OWN_REGISTER else st.one_of(_absent, served)),
        complete=draw(st.sampled_from((None, True, False))),
        heard_from=draw(st.one_of(_absent, st.just(NOW - DAY_US), st.sampled_from(RECORDED))),
        max_silence=draw(st.one_of(_absent, _absent, st.sampled_from((DAY_US // 24, 2 * DAY_US, 92 * DAY_US)))),
        delay=draw(st.one_of(_absent, st.just(92 * DAY_US))),
    )


facts: st.SearchStrategy[Fact] = st.one_of(
    persons(),
    organisation_facts(),
    employments(),
    provider_facts(),
    service_facts(),
    *[authorities()] * 6,
    consents(),
    consents(),
    abilities(),
    blocks(),
    registers(),
)


def without_conflicts(pile: list[Fact]) -> list[Fact]:
    """Of facts with the same `(type, id, recorded_at)` the first: one input may not hold two that differ (CONFLICT)."""
    seen: dict[tuple[str, str, int], Fact] = {}
    for fact in pile:
        seen.setdefault((type_of(fact), fact.id, fact.recorded_at), fact)
    return list(seen.values())


def _base(draw: st.DrawFn) -> list[Fact]:
    """Live providers with their services, people and organisations, known since ever: references always hold."""
    since_ever: dict[str, Any] = {"recorded_at": SINCE_EVER}
    domains = dict(zip(SHORT_NAMES, _DOMAINS, strict=True))
    base: list[Fact] = [
        Register(id=OWN_REGISTER, register=OWN_REGISTER, serves=("BEWIND", "consent"), **since_ever),
        *(Provider(id=p, register="PROVIDER", sector="OTHER", status="LIVE", **since_ever) for p in PROVIDERS),
    ]
    for service in SERVICES:
        provider, _, short = service.partition("/")
        base.append(
            Service(
                id=service,
                register="PROVIDER",
                provider=provider,
                domain=domains[short],
                minimum_assurance="SUBSTANTIAL",
                **since_ever,
            )
        )
    for person in PEOPLE:
        born = "1980-02-29" if person in ADULTS else draw(st.sampled_from(BORN))
        base.append(Person(id=person, register="BRP", born=born, **since_ever))
    for organisation in ORGANISATIONS:
        kind: OrganisationKind = draw(st.sampled_from(get_args(OrganisationKind)))
        base.append(
            Organisation(
                id=organisation,
                register="HANDELSREGISTER",
                kind=kind,
                certified_until=day("2030-01-01"),
                **since_ever,
            )
        )
    return base


@st.composite
def worlds(draw: st.DrawFn, *, most: int = 25) -> list[Fact]:
    """Facts of one input, without conflicts: what every question needs first, then up to `most` of anything."""
    base = _base(draw)
    least = draw(st.integers(0, most // 2))  # Hypothesis draws short lists unless told otherwise
    return without_conflicts([*base, *draw(st.lists(facts, min_size=least, max_size=most))])


@st.composite
def questions(
    draw: st.DrawFn,
    world: Sequence[Fact] = (),
    known_at: Literal["NEVER", "SOMETIMES"] = "SOMETIMES",
) -> Question:
    """Mostly about the two sides of an authority of `world`, else about anybody; now and then something unknown."""
    anybody = st.one_of(people, people, people, st.just("unknown-person"))
    representative, represented, organisation = (
        draw(anybody),
        draw(anybody),
        draw(st.one_of(_absent, _absent, _absent, organisations)),
    )
    stated = [f for f in world if isinstance(f, Authority) and f.representative is not None]
    if stated and draw(_mostly[True]):
        authority = draw(st.sampled_from(stated))
        assert authority.representative is not None
        represented, organisation = authority.represented, None
        if authority.representative in PEOPLE:
            representative = authority.representative
        else:
            organisation = authority.representative
    provider = draw(st.sampled_from((*PROVIDERS * 5, "unknown-provider")))
    short = draw(st.sampled_from((*SHORT_NAMES * 3, "unknown")))
    return Question(
        representative=representative,
        represented=represented,
        provider=provider,
        service=draw(st.sampled_from((short, *(f"{provider}/{short}",) * 8, f"h1/{short}"))),
        assurance=draw(st.sampled_from(("BASIC", "LOW", "SUBSTANTIAL", *("HIGH",) * 12))),
        at=draw(moments),
        id=draw(st.sampled_from((None, "q1"))),
        known_at=draw(st.sampled_from((*(None,) * 12, NOW, *RECORDED))) if known_at == "SOMETIMES" else None,
        organisation=draw(st.sampled_from((*(organisation,) * 9, "unknown-organisation"))),
        act=draw(st.one_of(st.just("ORDINARY"), st.sampled_from(get_args(Act)))),
        good=draw(st.sampled_from((None, *GOODS, "boat"))),
        claim=draw(st.one_of(_absent, _absent, st.sampled_from(get_args(Claim)))),
    )
