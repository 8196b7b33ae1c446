"""Ask a question among a few facts: the harness of the tests of authority, so that a test reads as a table of cases.

`anna` asks about `bram` at hospital `h`, now. What a case leaves out is the ordinary thing: two adults, a live provider
with one service for every domain, an authority since 2020. A fact of the same type and id replaces the ordinary one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pytest

from authority.decide import decide
from authority.decision import Decision
from authority.facts import Fact, type_of
from authority.moments import instant
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from graph.gathering import Pile, gather
from graph.intake import fact_of, question_of

NOW: Final = "2026-06-15T10:00:00Z"
BORN: Final = {
    age: f"{2026 - age}-03-01" for age in (0, 1, 5, 11, 12, 13, 15, 16, 17, 18, 19, 40, 41, 42, 80)
}  # the age on NOW
SHORT: Final = {
    "record": "CARE_RECORD",
    "treatment": "CARE_DECISION",
    "policy": "PROPERTY",
    "return": "TAX",
    "desk": "GOVERNMENT",
    "class": "SCHOOL",
}
ALL_SERVICES: Final = tuple(f"h/{short}" for short in (*SHORT, "benefits", "wmo", "routine"))


def fact(fact_type: str, fact_id: str, **fields: Any) -> Fact:
    """A fact as intake reads it from a line; `from_` stands for `from`."""
    if "from_" in fields:
        fields["from"] = fields.pop("from_")
    return fact_of({"fact": fact_type, "id": fact_id, **fields}, recorded_at=instant("2020-01-01T00:00:00Z"))[0]


def person(name: str, age: int | None = None, **fields: Any) -> Fact:
    """Somebody of this age now, or as `born` says."""
    born = fields.pop("born", None) or BORN[40 if age is None else age]
    return fact("person", name, born=born, **fields)


def service(short: str, domain: str, **fields: Any) -> Fact:
    return fact("service", f"h/{short}", provider="h", domain=domain, **{"minimum_assurance": "SUBSTANTIAL", **fields})


def authority(kind: str, representative: str | None = "anna", **fields: Any) -> Fact:
    """Over bram, since 2020 unless `valid_from` says otherwise; the kinds that must name services name all of them."""
    given = {"id": f"{kind}-{representative}", "represented": "bram", "valid_from": "2020-01-01", **fields}
    if kind in ("VOLUNTARY_MANDATE", "TREATMENT_SUBSTITUTE", "RECORD_AFTER_DEATH"):
        given.setdefault("services", list(ALL_SERVICES))
    return fact("authority", given.pop("id"), kind=kind, representative=representative, **given)


def consent(giver: str, **fields: Any) -> Fact:
    """To anna's acting for bram."""
    given = {"id": f"consent-{giver}", "representative": "anna", "represented": "bram", **fields}
    return fact("consent", given.pop("id"), from_=giver, **given)


def refusal(giver: str, **fields: Any) -> Fact:
    return consent(giver, id=f"refusal-{giver}", given=False, **fields)


def ability(able: bool, name: str = "bram", **fields: Any) -> Fact:
    return fact("ability", fields.pop("id", f"able-{able}"), person=name, able=able, **fields)


def block(**fields: Any) -> Fact:
    return fact("block", "block", **{"provider": "h", "represented": "bram", "reason": "GOOD_CARE", **fields})


def register(name: str, **fields: Any) -> Fact:
    return fact("register", name, **fields)


def silent(name: str, **fields: Any) -> Fact:
    """A register that is stale now."""
    return register(name, heard_from="2026-06-01T00:00:00Z", max_silence="P7D", **fields)


ORDINARY: Final = (
    fact("provider", "h", sector="HOSPITAL", status="LIVE"),
    *(service(short, domain) for short, domain in SHORT.items()),
    service("benefits", "GOVERNMENT", matter="FINANCIAL"),
    service("wmo", "GOVERNMENT", matter="CARE_ASSESSMENT"),
    service("routine", "CARE_DECISION", routine=True),
    person("anna", 40),
    person("bram", 41),
    person("cora", 42),
)


def asked_of(facts: Iterable[Fact], **fields: Any) -> tuple[Question, Neighbourhood]:
    """The question with what is left out filled in, and its neighbourhood among these facts."""
    asked = {
        "representative": "anna",
        "represented": "bram",
        "provider": "h",
        "service": "record",
        "assurance": "SUBSTANTIAL",
        "at": NOW,
        **{name: value for name, value in fields.items() if value is not None},
    }
    question = question_of(asked, now=0)
    stated = {(type_of(f), f.id) for f in facts}
    return question, gather(question, Pile([*(f for f in ORDINARY if (type_of(f), f.id) not in stated), *facts]))


def ask(facts: Iterable[Fact], **fields: Any) -> Decision:
    """What is decided."""
    return decide(*asked_of(list(facts), **fields))


Case = tuple[tuple[Fact, ...], dict[str, Any], str]


def table(cases: dict[str, Case]) -> pytest.MarkDecorator:
    """Each case by its name: the facts, what the question says otherwise than usual, and the reason expected."""
    return pytest.mark.parametrize(
        ("facts", "question", "reason"), [pytest.param(*case, id=name) for name, case in cases.items()]
    )
