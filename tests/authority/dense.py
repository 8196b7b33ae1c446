"""Facts thrown close together over one pair of people, so that rules meet each other; made from one number.

`tests.generated` draws facts of any kind about anybody, which is what storage must bear; few of those worlds reach the
inner rules. Here the ages, kinds and dates that the law asks for are likely, and everything else still possible.
"""

from __future__ import annotations

from random import Random
from typing import Any, Final, TypeVar, get_args

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
)
from authority.moments import DAY_US, day, instant
from authority.question import Question
from authority.registers import DEFAULT_REGISTER
from authority.registers import TABLE as REGISTERS
from authority.rules.table import TABLE

_T = TypeVar("_T")

NOW: Final = instant("2026-06-15T10:00:00Z")
CHILDREN: Final = ("2024-01-01", "2014-06-16", "2014-06-15", "2013-03-01", "2010-06-16", "2010-06-15", "2008-06-16")
ADULTS: Final = ("2008-06-15", "2000-02-29", "1985-03-01", "1940-05-05")
PARTIAL: Final = ("2014-06-00", "2008-00-00", "2010-06-00", "0000-00-00", "1980-00-00")
BEGINNINGS: Final = (
    None,
    day("2015-01-01"),
    day("2019-01-01"),
    day("2026-01-01"),
    day("2026-06-15"),
    day("2026-07-01"),
)
ENDS: Final = (day("2026-06-15"), day("2026-07-01"), day("2030-01-01"))
OVER_MINORS: Final[tuple[AuthorityKind, ...]] = (
    *("PARENTAL_SOLE", "PARENTAL_JOINT", "PARENTAL_JOINT", "SHARED_AUTHORITY", "GUARDIANSHIP"),
    *("GUARDIANSHIP", "TREATMENT_SUBSTITUTE"),
)
OVER_ADULTS: Final[tuple[AuthorityKind, ...]] = ("VOLUNTARY_MANDATE", "CURATELE", "BEWIND", "MENTORSCHAP")
AFTER_DEATH: Final[tuple[AuthorityKind, ...]] = ("NEXT_OF_KIN_MANDATE", "EXECUTOR", "HEIR", "RECORD_AFTER_DEATH")
STATEMENTS: Final[tuple[AuthorityKind, ...]] = ("NO_AUTHORITY", "UNDETERMINED")


class _World:
    def __init__(self, number: int) -> None:
        self.random = Random(number)
        self.facts: list[Fact] = []
        self.life = self.one(("CHILD", "CHILD", "ADULT", "ADULT", "DEAD"))
        self.through_office = self.seldom(6)
        self.asker = "office" if self.through_office else "asker"

    def one(self, values: tuple[_T, ...]) -> _T:
        return self.random.choice(values)

    def seldom(self, times: int) -> bool:
        return self.random.randrange(times) == 0

    def add(self, fact: Fact) -> None:
        self.facts.append(fact)

    def version(self, served: str) -> dict[str, Any]:
        """An id of its own, and what every fact has."""
        return {
            "id": f"{served}-{len(self.facts)}",
            "register": DEFAULT_REGISTER[served],
            "under_investigation": self.seldom(25),
            "retracted": self.seldom(40),
        }

    def interval(self, *, begins: bool = False) -> dict[str, Any]:
        start = self.one(BEGINNINGS[1:] if begins else BEGINNINGS)
        end = self.one(ENDS) if self.seldom(4) else None
        return {"valid_from": start, "valid_until": end if start is None or end is None or start < end else None}

    def person(self, name: str, born: tuple[str, ...]) -> None:
        dead = name == "person" and self.life == "DEAD"
        died = day("2025-12-01") if dead else day("2026-06-16") if self.seldom(25) else None
        if name != "person" and self.seldom(30):
            died = day("2026-01-01")
        when = self.one(PARTIAL) if self.seldom(15) else self.one(born)
        self.add(Person(**{**self.version("person"), "id": name}, born=when, died=died))

    def authority(self, kind: AuthorityKind, holder: str | None, represented: str = "person") -> None:
        names_services = kind in ("VOLUNTARY_MANDATE", "TREATMENT_SUBSTITUTE", "RECORD_AFTER_DEATH")
        services = ("h/s", "h/t") if names_services or self.seldom(8) else None
        self.add(
            Authority(
                **self.version(kind),
                kind=kind,
                representative=None if kind in STATEMENTS else holder,
                represented=represented,
                services=("h/t",) if services and self.seldom(6) else services,
                providers=("m",) if self.seldom(25) else None,
                domains=(self.one(get_args(Domain)),) if self.seldom(25) else None,
                goods=("house",) if kind == "BEWIND" and self.seldom(3) else None,
                exercise="JOINT" if self.seldom(4) else "SOLE",
                ground=self.one((None, None, *get_args(Ground))),
                candidates=(self.one(("asker", "other")),) if kind == "UNDETERMINED" else (),
                status=self.one(get_args(AuthorityStatus)) if self.seldom(8) else "ACTIVE",
                **self.interval(begins=kind == "VOLUNTARY_MANDATE"),
            )
        )

    def kind(self) -> AuthorityKind:
        likely = {"CHILD": OVER_MINORS, "ADULT": OVER_ADULTS, "DEAD": (*AFTER_DEATH, *AFTER_DEATH, *OVER_MINORS)}
        return self.one(get_args(AuthorityKind)[:13]) if self.seldom(8) else self.one(likely[self.life])


def dense(number: int) -> tuple[list[Fact], Question]:
    """A small world and a question in it."""
    w = _World(number)
    w.person("person", {"CHILD": CHILDREN, "ADULT": ADULTS, "DEAD": (*ADULTS, *CHILDREN)}[w.life])
    for name in ("asker", "other", "third"):
        w.person(name, (*ADULTS[1:], *ADULTS[1:], "2008-06-15", "2009-01-01", "2011-01-01"))
    first = w.kind()
    _place(w, tuple(TABLE[first]))
    grounds = w.random.randrange(3) if w.seldom(4) else 1
    for n in range(grounds):
        w.authority(first if n == 0 else w.kind(), w.asker)
    holders = ("other", "other", "third", "office", None)
    for _ in range(w.random.randrange(3)):
        kind = w.kind() if w.seldom(3) else first
        holder = w.one(holders)
        w.authority(kind, holder if holder or kind in ("GUARDIANSHIP", "SHARED_AUTHORITY") else "other")
    if w.seldom(10):
        w.authority(w.one(STATEMENTS), None)
    if w.seldom(10):
        w.authority(w.one(OVER_ADULTS[1:]), "third", w.one(("asker", "other")))
    _words(w)
    if w.seldom(10):
        _silence(w)
    return w.facts, _question(w)


def _place(w: _World, covered: tuple[str, ...]) -> None:
    """The provider with its services, and the office with its employee."""
    for name in ("h", "m"):
        not_live = w.seldom(60)
        w.add(
            Provider(
                id=name,
                register="PROVIDER",
                sector="OTHER",
                status="TESTED" if not_live else "LIVE",
                live_from=w.one(BEGINNINGS) if w.seldom(40) else None,
            )
        )
    for short in ("s", "t"):
        w.add(
            Service(
                id=f"h/{short}",
                register="PROVIDER",
                provider="h",
                domain=w.one(get_args(Domain)) if w.seldom(5) else w.one(covered),  # type: ignore[arg-type]
                minimum_assurance=w.one(("LOW", "SUBSTANTIAL", "SUBSTANTIAL", "HIGH")),
                channel="PUBLIC" if w.seldom(6) else "PROVIDER",
                routine=w.seldom(5),
                mandatable=not w.seldom(15),
                matter=w.one(get_args(Matter)),
            )
        )
    w.add(
        Organisation(
            **{**w.version("organisation"), "id": "office"},
            kind=w.one(get_args(OrganisationKind)),
            registered=not w.seldom(10),
            certified_until=w.one((None, day("2026-06-01"), day("2030-01-01"))),
        )
    )
    for _ in range(w.one((0, 1, 1, 1, 1, 2, 2))):
        w.add(
            Employment(
                **w.version("employment"),
                employee="asker",
                organisation="office",
                services=w.one((None, None, ("h/s",), ("h/t",))),
                **w.interval(),
            )
        )


def _words(w: _World) -> None:
    """What people said, what the provider found, and whom it blocked."""
    for giver in ("person", "other", "third", "COURT", "asker"):
        for _ in range(w.one((0, 0, 1, 1, 2))):
            w.add(
                Consent(
                    **w.version("consent"),
                    from_=giver,
                    representative=w.one((w.asker, w.asker, "person")),
                    represented="person",
                    provider=w.one((None, None, "h", "m")),
                    domain=w.one(get_args(Domain)) if w.seldom(5) else None,
                    act=w.one(get_args(Act)) if w.seldom(3) else None,
                    given=not w.seldom(5),
                    **w.interval(),
                )
            )
    for _ in range(w.one((0, 0, 1, 1, 2))):
        w.add(
            Ability(
                **w.version("ability"),
                person="person",
                provider=w.one((None, "h")),
                domain=w.one((None, *get_args(CareDomain))),
                able=w.seldom(3),
                **w.interval(),
            )
        )
    if w.seldom(12):
        w.add(
            Block(
                **w.version("block"),
                provider=w.one(("h", "m")),
                represented="person",
                representative=w.one((None, "asker", "office", "other")),
                reason=w.one(get_args(BlockReason)),
                **w.interval(),
            )
        )


def _silence(w: _World) -> None:
    for name in w.random.sample(sorted(REGISTERS), 2):
        w.add(
            Register(
                id=name,
                register=name,
                complete=w.one((None, None, True, False)),
                heard_from=w.one((None, NOW - DAY_US)),
                max_silence=w.one((None, DAY_US // 2, 2 * DAY_US)),
            )
        )


def _question(w: _World) -> Question:
    oneself = w.seldom(8)
    return Question(
        representative="person" if oneself else "nobody" if w.seldom(60) else "asker",
        represented="nobody" if w.seldom(60) else "person",
        provider="h",
        service=w.one(("s", "h/t", "unknown") if w.seldom(10) else ("s",)),
        assurance=w.one(get_args(Assurance)) if w.seldom(5) else "HIGH",
        at=w.one((*ENDS[:2], day("2014-06-15"))) if w.seldom(12) else NOW,
        known_at=NOW if w.seldom(4) else None,
        organisation="office" if w.through_office else None,
        act=w.one(get_args(Act)) if w.seldom(3) else "ORDINARY",
        good=w.one((None, None, "house", "car")),
        claim=w.one(get_args(Claim)) if w.seldom(3) else None,
    )
