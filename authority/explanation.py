"""`explain`: why a decision is what it is, step by step, for a developer (DESIGN.md chapter 1).

It walks the same steps as `authority.decide` (`authority.walk`) on a case that takes notes (`authority.witness`).
What would change the answer is found by deciding again with that one thing changed, never by a second set of rules.

An explanation tells what exists and what people said. It is for developers and their role only, never for the asker; a
child's refusal is not told even here (facts.md 5.3, rule K).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from authority.case import Case, registers_of
from authority.codes import REGISTER_STATEMENTS, Outcome
from authority.decide import cases_of, decide
from authority.decision import Decision
from authority.facts import Authority, Consent, Register
from authority.moments import moment_text
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from authority.registers import Registers
from authority.walk import Reading, Texts, moment_or_none, walk
from authority.witness import Witness

WhyNot = Literal["HELD_BY_ANOTHER", "HELD_PERSONALLY", "HOLDER_NOT_NAMED", "REGISTER_STATEMENT"]
ChangeKind = Literal["TIME", "CONSENT", "STEP_UP", "HEARD"]


class OtherAuthority(msgspec.Struct, frozen=True, kw_only=True):
    """An authority over the represented that is not the asker's, and why it is no ground here.

    `why`: HELD_BY_ANOTHER; HELD_PERSONALLY where she asks for an organisation; HOLDER_NOT_NAMED; REGISTER_STATEMENT, a
    register's own word about a minor.
    """

    id: str
    kind: str
    representative: str | None
    register: str
    in_force: bool
    why: WhyNot
    text: Texts


class RegisterHeard(msgspec.Struct, frozen=True, kw_only=True):
    """A register with a fact, or that matters to a ground. `stale_from` None: never."""

    id: str
    heard_from: str | None
    stale_from: str | None
    stale: bool
    matters: bool


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What would change the answer, if only that changed, and into what.

    `what`: TIME passes until `at`; CONSENT given by all of `who`; STEP_UP to level `level`; HEARD, the registers in
    `who` were heard from now.
    """

    what: ChangeKind
    outcome: Outcome
    reason: str
    text: Texts
    at: str | None = None
    who: tuple[str, ...] = ()
    level: str | None = None


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The decision and how it came about. Times are text (RFC 3339, or a date where a day begins).

    `decision` is exactly `decide`'s; its JSON form is `graph.intake.answer_of`. There is one reading unless a birth
    date is partial.
    """

    decision: Decision
    readings: tuple[Reading, ...]
    other_authorities: tuple[OtherAuthority, ...]
    registers: tuple[RegisterHeard, ...]
    changes: tuple[Change, ...]


def explain(question: Question, around: Neighbourhood) -> Explanation:
    """Why the decision on `question` is what it is. Pure; costs many times what `decide` does."""
    decision = decide(question, around)
    walks = [walk(Witness.of(case)) for case in cases_of(question, around)]
    if len(walks) == 1:
        assert walks[0].reading.reason == decision.reason, "the walk takes the steps that decide takes"
    matter = frozenset[str]().union(*(walk.registers for walk in walks))
    return Explanation(
        decision=decision,
        readings=tuple(walk.reading for walk in walks),
        other_authorities=_others(question, around),
        registers=_registers(question, registers_of(around), matter),
        changes=tuple(_changes(question, around, decision)),
    )


_WHY: Final = {
    "HELD_BY_ANOTHER": Texts("Iemand anders heeft deze grond.", "Somebody else holds it."),
    "HELD_PERSONALLY": Texts(
        "De vrager heeft deze grond persoonlijk; hier vraagt een organisatie.",
        "The asker holds it personally; here an organisation asks.",
    ),
    "HOLDER_NOT_NAMED": Texts("Het register noemt de houder niet.", "The register does not name the holder."),
    "REGISTER_STATEMENT": Texts(
        "Dit is een uitspraak van het register zelf, niemands grond.",
        "This is the register's own statement, nobody's ground.",
    ),
}


def _others(question: Question, around: Neighbourhood) -> tuple[OtherAuthority, ...]:
    """Authorities over the represented that are not the asker's, and why each is no ground here."""
    case = cases_of(question, around)[0]
    own = {ground.id for ground in case.grounds} if not case.oneself else set[str]()
    others = []
    for authority in sorted(case.over_represented, key=lambda authority: authority.id):
        if authority.id in own:
            continue
        why = _why_not(case, authority)
        others.append(
            OtherAuthority(
                id=authority.id,
                kind=authority.kind,
                representative=authority.representative,
                register=authority.register,
                in_force=case.in_force(authority),
                why=why,
                text=_WHY[why],
            )
        )
    return tuple(others)


def _why_not(case: Case, authority: Authority) -> WhyNot:
    if authority.kind in REGISTER_STATEMENTS:
        return "REGISTER_STATEMENT"
    if authority.representative is None:
        return "HOLDER_NOT_NAMED"
    if authority.representative == case.question.representative and case.through_organisation:
        return "HELD_PERSONALLY"
    return "HELD_BY_ANOTHER"


def _registers(question: Question, registers: Registers, matter: frozenset[str]) -> tuple[RegisterHeard, ...]:
    """Every register with a fact, and those that matter without one (they are never stale)."""
    seen_at = question.at if question.known_at is None else question.known_at
    stale = frozenset(registers.stale_at(seen_at))
    return tuple(
        RegisterHeard(
            id=name,
            heard_from=moment_or_none(registers[name].heard_from) if name in registers else None,
            stale_from=moment_or_none(registers.silences.get(name)),
            stale=name in stale,
            matters=name in matter,
        )
        for name in sorted({*registers, *matter})
    )


def _changes(question: Question, around: Neighbourhood, decision: Decision) -> Iterator[Change]:
    """Decide again with one thing changed: time, the consents required, the level, the silent registers."""
    if decision.valid_until is not None:
        later = decide(msgspec.structs.replace(question, at=decision.valid_until), around)
        at = moment_text(decision.valid_until)
        yield _change("TIME", later, Texts(f"Vanaf {at}", f"From {at}"), at=at)
    for givers in _who_can_consent(decision):
        who = ", ".join(givers)
        agreed = decide(question, _consenting(question, around, givers))
        yield _change("CONSENT", agreed, Texts(f"Met toestemming van {who}", f"With consent of {who}"), who=givers)
    if decision.step_up is not None:
        level = decision.step_up
        higher = decide(msgspec.structs.replace(question, assurance=level), around)
        yield _change("STEP_UP", higher, Texts(f"Op niveau {level}", f"At level {level}"), level=level)
    if decision.reason == "REGISTER_STALE":
        silent = decision.stale_registers
        heard = decide(question, _heard(around, silent))
        names = ", ".join(silent)
        text = Texts(f"Zodra er weer iets komt van {names}", f"Once there is word again from {names}")
        yield _change("HEARD", heard, text, who=silent)


def _change(
    what: ChangeKind,
    then: Decision,
    text: Texts,
    *,
    at: str | None = None,
    who: tuple[str, ...] = (),
    level: str | None = None,
) -> Change:
    return Change(what=what, outcome=then.outcome, reason=then.reason, text=text, at=at, who=who, level=level)


def _who_can_consent(decision: Decision) -> list[tuple[str, ...]]:
    """Either is enough for an act under bewind (rule C); all are needed elsewhere."""
    if decision.reason == "REPRESENTED_OR_COURT_MUST_CONSENT":
        return [(giver,) for giver in decision.required_consents]
    return [decision.required_consents] if decision.required_consents else []


def _consenting(question: Question, around: Neighbourhood, givers: tuple[str, ...]) -> Neighbourhood:
    """The same facts, had these consented to just this in place of what they said."""
    said = [consent for consent in around.consents if consent.from_ not in givers]
    given = [
        Consent(
            id=f"if-{giver}",
            register="PROVIDER",
            from_=giver,
            representative=question.representative if question.oneself else question.asker,
            represented=question.represented,
            provider=question.provider,
            act=question.act,
            valid_from=question.at,
        )
        for giver in givers
    ]
    return msgspec.structs.replace(around, consents=[*said, *given])


def _heard(around: Neighbourhood, silent: tuple[str, ...]) -> Neighbourhood:
    """The same facts, had these registers been heard from in time."""
    registers: dict[str, Register] = {
        name: msgspec.structs.replace(fact, max_silence=None) if name in silent else fact
        for name, fact in around.registers.items()
    }
    return msgspec.structs.replace(around, registers=Registers(registers))
