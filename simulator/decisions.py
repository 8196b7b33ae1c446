"""What is decided, while registers fill and lag: the law itself answers for each situation that the simulator counts.

The situations are typical and few; `authority.decide` gives the outcome, the model's state how often each occurs. So a
change of the law changes the forecast, and no outcome is asserted here.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from authority.codes import AuthorityKind, Claim, Domain, Outcome
from authority.decide import decide
from authority.facts import Authority, Person, Provider, Register, Service
from authority.moments import day
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from simulator.knobs import Knobs
from simulator.registers import DAYS_PER_YEAR

OUTCOMES: Final[tuple[Outcome, ...]] = ("PERMIT", "CONSENT_REQUIRED", "INDETERMINATE", "DENY")


class Situation(NamedTuple):
    """Somebody asks to act for somebody; `kind` None: no ground is found."""

    name: str
    track: str
    kind: AuthorityKind | None
    domain: Domain
    born: str
    died: str | None = None
    claim: Claim | None = None
    register: str = ""


SITUATIONS: Final = (
    Situation(
        "voluntary mandate", "voluntary", "VOLUNTARY_MANDATE", "CARE_RECORD", "1940-01-01", register="DIGID_MACHTIGEN"
    ),
    Situation("parent of a young child", "statutory", "PARENTAL_SOLE", "CARE_RECORD", "2015-01-01", register="BRP"),
    Situation("parent, authority not shown", "statutory", "UNDETERMINED", "CARE_RECORD", "2015-01-01", register="BRP"),
    Situation("administrator in the register", "statutory", "BEWIND", "PROPERTY", "1950-01-01", register="CCBR"),
    Situation("administrator not in the register", "statutory", None, "PROPERTY", "1950-01-01", claim="BEWIND"),
    Situation(
        "next of kin", "statutory", "NEXT_OF_KIN_MANDATE", "TAX", "1940-01-01", "2020-06-01", register="NEXT_OF_KIN"
    ),
    Situation("nobody's representative", "voluntary", None, "CARE_RECORD", "1940-01-01"),
)
_DAY: Final = "2021-03-01"


def answer(situation: Situation, *, complete: bool = False) -> Outcome:
    """The law's outcome; `complete`: a builder whose register of administrators claims to be complete."""
    service = Service(
        id="p/s", register="PROVIDER", provider="p", domain=situation.domain, minimum_assurance="SUBSTANTIAL"
    )
    people = {
        "r": Person(id="r", register="BRP", born="1970-01-01"),
        "c": Person(
            id="c", register="BRP", born=situation.born, died=None if situation.died is None else day(situation.died)
        ),
    }
    grounds = []
    if situation.kind is not None:
        undetermined = situation.kind == "UNDETERMINED"
        mandate = situation.kind == "VOLUNTARY_MANDATE"
        grounds.append(
            Authority(
                id="a",
                register=situation.register,
                kind=situation.kind,
                representative=None if undetermined else "r",
                represented="c",
                candidates=("r",) if undetermined else (),
                services=("p/s",) if mandate else None,
                valid_from=day("2020-01-01") if mandate else None,
            )
        )
    registers = {"CCBR": Register(id="CCBR", register="CCBR", complete=True)} if complete else {}
    around = Neighbourhood(
        service=service,
        provider=Provider(id="p", register="PROVIDER", sector="HOSPITAL", status="LIVE"),
        people=people,
        authorities={"c": grounds},
        registers=registers,
    )
    question = Question(
        representative="r",
        represented="c",
        provider="p",
        service="p/s",
        assurance="SUBSTANTIAL",
        at=day(_DAY),
        claim=situation.claim,
    )
    return decide(question, around).outcome


def weights(knobs: Knobs, mandates: float, coverage: float) -> dict[str, float]:
    """How many people are in each situation, by name, given recorded mandates and the register's coverage."""
    undetermined = knobs.minors * knobs.undetermined
    return {
        "voluntary mandate": mandates,
        "parent of a young child": knobs.minors - undetermined,
        "parent, authority not shown": undetermined,
        "administrator in the register": knobs.administrated * coverage,
        "administrator not in the register": knobs.administrated * (1.0 - coverage),
        "next of kin": knobs.deaths * DAYS_PER_YEAR,
        "nobody's representative": max(0.0, knobs.low_skilled + knobs.skilled_users - mandates) * 0.01,
    }


def outcome_shares(knobs: Knobs, mandates: float, coverage: float) -> dict[Outcome, float]:
    """The share of each outcome among the decisions asked; they sum to one."""
    asked = weights(knobs, mandates, coverage)
    shares = dict.fromkeys(OUTCOMES, 0.0)
    for situation in SITUATIONS:
        shares[answer(situation)] += asked[situation.name] / sum(asked.values())
    return shares
