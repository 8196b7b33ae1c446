"""A hypothetical answer. Not a Decision: it has no position, no token, and nothing that could be signed or kept."""

# mypy: disable-error-code="untyped-decorator"
# strawberry.field does not say what it makes of a function
from __future__ import annotations

from typing import Self, cast

import strawberry
from strawberry import ID

from resolvers.whatif import Hypothesis
from schema.decisions import Reason
from schema.explanation import Change, FactRef, OtherAuthority, Reading, RegisterHeard
from schema.scalars import DateTime
from schema.things import Authority
from schema.words import Assurance, Outcome, ReasonCode


@strawberry.type(
    description="What the answer would be, and why, if some facts were recorded and others taken back. It opens no "
    "door: nothing of it is recorded, signed, counted, or ever served by `decision`."
)
class WhatIf:
    """`resolvers.whatif.Hypothesis`."""

    hypothetical: bool = strawberry.field(description="Always true.")
    outcome: Outcome
    reason: ReasonCode
    reasons: list[Reason]
    required_consents: list[ID]
    step_up: Assurance | None
    valid_until: DateTime | None
    stale_registers: list[ID]
    readings: list[Reading]
    other_authorities: list[OtherAuthority]
    registers: list[RegisterHeard]
    changes: list[Change]
    added: list[FactRef] = strawberry.field(description="Of `add`, what is not known already.")
    removed: list[FactRef]

    @classmethod
    def of(cls, hypothesis: Hypothesis) -> Self:
        """From the resolver's own."""
        explained, decision, question = hypothesis.explanation, hypothesis.answer.decision, hypothesis.answer.question
        over = hypothesis.answer.around.authorities.get(question.represented, ())
        authorities = {each.id: Authority.of(each) for each in over}
        return cls(
            hypothetical=True,
            outcome=decision.outcome,
            reason=decision.reason,
            reasons=[Reason(code=code) for code in decision.reasons],
            required_consents=cast("list[ID]", decision.required_consents),
            step_up=decision.step_up,
            valid_until=cast("DateTime | None", decision.valid_until),
            stale_registers=cast("list[ID]", decision.stale_registers),
            readings=[Reading.of(each, authorities) for each in explained.readings],
            other_authorities=cast("list[OtherAuthority]", explained.other_authorities),
            registers=cast("list[RegisterHeard]", explained.registers),
            changes=cast("list[Change]", explained.changes),
            added=[FactRef(type=fact_type, id=ID(each)) for fact_type, each in hypothesis.added],
            removed=[FactRef(type=fact_type, id=ID(each)) for fact_type, each in hypothesis.removed],
        )
