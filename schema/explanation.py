"""An explanation as GraphQL types: the records of `authority.explanation` as they are, with texts in one language."""

# mypy: disable-error-code="untyped-decorator"
# strawberry.field does not say what it makes of a function
from __future__ import annotations

from typing import Any, Self, cast

import msgspec
import strawberry
from strawberry import ID, Parent, Private
from strawberry.scalars import JSON
from strawberry.utils.str_converters import to_camel_case

from authority import explanation as law
from authority import learnt, walk, witness
from graph.intake import line_of
from graph.ledger import Token
from resolvers.browsing import told_to_nobody
from resolvers.decisions import Answer
from resolvers.explanation import learnt_since
from schema.context import Info
from schema.decisions import Decision
from schema.scalars import DateTime
from schema.sizes import about
from schema.things import Authority
from schema.words import (
    Assurance,
    AuthorityKind,
    AuthorityStatus,
    ChangeKind,
    Language,
    LearntChange,
    LookKind,
    Outcome,
    ReasonCode,
    StepState,
    WhyNot,
)

_MOMENT = "A date where a day begins, else an instant."


def _text(root: Parent[Any], info: Info, language: Language | None = None) -> str:
    texts: walk.Texts = root.text
    return texts.nl if (language or info.context.language) == "NL" else texts.en


def _found(root: Parent[witness.Look]) -> str | None:
    return str(root.found).lower() if isinstance(root.found, bool) else root.found


@strawberry.type(description="A fact, by type and id.")
class FactRef:
    """`authority.witness.FactRef`."""

    type: str
    id: ID


@strawberry.type(description="One thing that a step looked at, and what it found.")
class Look:
    """`authority.witness.Look`."""

    what: LookKind
    of: str = strawberry.field(description="The person, fact or register.")
    detail: str = strawberry.field(description="An age, a type of fact or measures, by `what`; else empty.")

    found: str | None = strawberry.field(
        resolver=_found, description="true, false, GIVEN, REFUSED or SILENT; null: not recorded."
    )


@strawberry.type(description="One step of the rules.")
class Step:
    """`authority.walk.StepTaken`."""

    name: str = strawberry.field(description="Stable, for programs.")
    section: str = strawberry.field(description="Of the contract, facts.md.")
    law: str = strawberry.field(description="The article or document that it rests on.")
    state: StepState
    reason: ReasonCode | None = strawberry.field(description="What it gave, with FOUND.")
    looks: list[Look]

    text: str = strawberry.field(resolver=_text, description="What it asks.")


@strawberry.type(description="One authority of the asker over the represented, weighed.")
class GroundWeighed:
    """`authority.walk.GroundWeighed`."""

    outcome: Outcome
    reason: ReasonCode
    required_consents: list[ID]
    step_up: Assurance | None
    counts: bool = strawberry.field(description="It gave the winning outcome and reason.")
    status: AuthorityStatus
    valid_from: str | None = strawberry.field(description=_MOMENT)
    valid_until: str | None = strawberry.field(description=_MOMENT)
    steps: list[Step]
    leaned_on: list[FactRef] = strawberry.field(description="Facts whose being in doubt would make it INDETERMINATE.")
    authority: Authority


@strawberry.type(description="The walk through the rules with one pair of birth days.")
class Reading:
    """`authority.walk.Reading`."""

    representative_born: str | None = strawberry.field(
        description="A date; 150_YEARS_BEFORE or DAY_OF_QUESTION for an unknown year; null for somebody unknown."
    )
    represented_born: str | None = strawberry.field(description="As `representativeBorn`.")
    outcome: Outcome
    reason: ReasonCode
    checks: list[Step] = strawberry.field(description="What comes before the grounds, or leads past them.")
    grounds: list[GroundWeighed] = strawberry.field(description="Best first; empty for oneself and without a ground.")
    leaned_on: list[FactRef]

    @classmethod
    def of(cls, reading: walk.Reading, authorities: dict[str, Authority]) -> Self:
        """With the authorities themselves in it."""
        return cls(
            representative_born=reading.representative_born,
            represented_born=reading.represented_born,
            outcome=reading.outcome,
            reason=reading.reason,
            checks=cast("list[Step]", reading.checks),
            grounds=[
                GroundWeighed(
                    outcome=ground.outcome,
                    reason=ground.reason,
                    required_consents=cast("list[ID]", ground.required_consents),
                    step_up=cast("Assurance | None", ground.step_up),
                    counts=ground.counts,
                    status=cast("AuthorityStatus", ground.status),
                    valid_from=ground.valid_from,
                    valid_until=ground.valid_until,
                    steps=cast("list[Step]", ground.steps),
                    leaned_on=cast("list[FactRef]", ground.leaned_on),
                    authority=authorities[ground.id],
                )
                for ground in reading.grounds
            ],
            leaned_on=cast("list[FactRef]", reading.leaned_on),
        )


@strawberry.type(description="An authority over the represented that is not the asker's, and why it is no ground here.")
class OtherAuthority:
    """`authority.explanation.OtherAuthority`."""

    id: ID
    kind: AuthorityKind
    in_force: bool
    why: WhyNot

    text: str = strawberry.field(resolver=_text, description="Why, in words.")


@strawberry.type(description="A register that has told something of itself, or that matters to a ground.")
class RegisterHeard:
    """`authority.explanation.RegisterHeard`."""

    id: ID
    heard_from: str | None = strawberry.field(description=_MOMENT)
    stale_from: str | None = strawberry.field(description=f"{_MOMENT} null: never.")
    stale: bool
    matters: bool = strawberry.field(description="It matters to a ground of this question.")


@strawberry.type(description="What would change the answer if only that changed, and into what.")
class Change:
    """`authority.explanation.Change`."""

    what: ChangeKind
    outcome: Outcome
    reason: ReasonCode
    at: str | None = strawberry.field(description=f"With TIME. {_MOMENT}")
    who: list[str] = strawberry.field(description="With CONSENT those who give it, with HEARD the registers.")
    level: Assurance | None = strawberry.field(description="With STEP_UP.")

    text: str = strawberry.field(resolver=_text, description="In words.")


@strawberry.type(description="A fact around the question that does not hold as it did then.")
class LearntFact:
    """`authority.learnt.Learnt`."""

    fact: str = strawberry.field(description="Its type, as facts name it.")
    id: ID
    change: LearntChange
    as_of: str = strawberry.field(description="The token of the position at which the ledger learnt it.")
    recorded_at: DateTime = strawberry.field(description="When the register knew it; the year 1: since ever.")


@strawberry.type(
    description="What has been learnt around a question since a past decision on it, and whether that would differ now."
)
class Since:
    """`authority.learnt.Since`."""

    as_of: str = strawberry.field(description="The token of the position up to which this looked: the newest.")
    facts: list[LearntFact] = strawberry.field(
        description="In the order of the ledger, each as it holds now. Where there are none, nothing differs."
    )
    decision_now: Decision = strawberry.field(
        description="The answer to the same question, for the same `at`, from everything known now. The silence of "
        "registers is measured when it was then: at `knownAt`, or without one at `at`."
    )
    differs: bool = strawberry.field(description="Whether `decisionNow` is another one than `decision` was.")
    differs_in: list[str] = strawberry.field(description="The fields of Decision that differ.")

    @classmethod
    def of(cls, compared: learnt.Since, now: Answer) -> Self:
        """From the law's own, and the answer of now with its facts."""
        token = Token.parse(now.around.as_of)
        return cls(
            as_of=str(token),
            facts=[
                LearntFact(
                    fact=each.fact,
                    id=ID(each.id),
                    change=each.change,
                    as_of=str(Token(token.ledger, each.position)),
                    recorded_at=DateTime(each.recorded_at),
                )
                for each in compared.facts
            ],
            decision_now=Decision.of(now),
            differs=compared.differs,
            differs_in=[to_camel_case(name) for name in compared.differs_in],
        )


@strawberry.type(
    description="Why a decision is what it is, step by step. For developers: it tells what exists and what people said."
)
class Explanation:
    """`authority.explanation.Explanation`."""

    decision: Decision
    readings: list[Reading] = strawberry.field(
        description="One, unless a birth date is partly unknown.", directives=[about(1)]
    )
    other_authorities: list[OtherAuthority]
    registers: list[RegisterHeard]
    changes: list[Change]
    answer: Private[Answer]
    past: Private[bool]

    @strawberry.field(
        description="The facts that it was decided from, as a facts file has them, so that a test can ask again; "
        "without names, and without what somebody refused for themselves, which is told to nobody."
    )
    def facts(self) -> list[JSON]:
        """Each once."""
        stated = (fact for fact in dict.fromkeys(self.answer.around.facts()) if not told_to_nobody(fact))
        lines = [msgspec.json.decode(line_of(fact), type=dict[str, Any]) for fact in stated]
        return cast("list[JSON]", [{name: line[name] for name in line if name != "name"} for line in lines])

    @strawberry.field(
        description="What has been learnt since then, and whether the answer would differ now; null where neither "
        "`asOf` nor `knownAt` asks for a past decision. What the registers knew by `knownAt` and the ledger learnt "
        "later was part of that decision; with `asOf` it was not, and is here."
    )
    async def since(self, info: Info) -> Since | None:
        """Read only when asked."""
        return Since.of(*await learnt_since(info.context.ledger, self.answer)) if self.past else None

    @classmethod
    def of(cls, explained: law.Explanation, answer: Answer, *, past: bool) -> Self:
        """From the law's own, and the facts that it speaks of."""
        decision = Decision.of(answer)
        over = answer.around.authorities.get(answer.question.represented, ())
        authorities = {each.id: Authority.of(each, decision.sight) for each in over}
        return cls(
            decision=decision,
            readings=[Reading.of(each, authorities) for each in explained.readings],
            other_authorities=cast("list[OtherAuthority]", explained.other_authorities),
            registers=cast("list[RegisterHeard]", explained.registers),
            changes=cast("list[Change]", explained.changes),
            answer=answer,
            past=past,
        )
