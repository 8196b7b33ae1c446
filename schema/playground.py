"""The playground: a case file decided by the same law, and forgotten."""

# mypy: disable-error-code="untyped-decorator"
# strawberry.field does not say what it makes of a function
from __future__ import annotations

from typing import Self, cast

import strawberry
from strawberry import ID
from strawberry.scalars import JSON
from strawberry.utils.str_converters import to_camel_case

from graph.errors import BadInput, Problem
from resolvers import cases
from schema.decisions import Reason
from schema.errors import without_numbers
from schema.mutation import UserError
from schema.scalars import DateTime
from schema.words import Assurance, Outcome, ReasonCode


@strawberry.type(description="A field of an answer that is not what was expected.")
class CaseDifference:
    """`resolvers.cases.Difference`."""

    field: str
    expected: JSON | None
    found: JSON | None


@strawberry.type(description="A case of a case file, answered from the facts of that file alone.")
class CaseAnswered:
    """`resolvers.cases.Outcomes`."""

    name: str
    line: int = strawberry.field(description="Where it begins, from 1.")
    outcome: Outcome
    reason: ReasonCode
    reasons: list[Reason]
    required_consents: list[ID]
    step_up: Assurance | None
    valid_until: DateTime | None
    stale_registers: list[ID]
    grounds: list[ID] = strawberry.field(description="Ids of the authorities that gave the outcome and reason.")
    as_expected: bool | None = strawberry.field(description="null: it expects nothing.")
    differences: list[CaseDifference]

    @classmethod
    def of(cls, found: cases.Outcomes) -> Self:
        """From the resolver's own."""
        decision = found.decision
        return cls(
            name=found.case.name,
            line=found.case.line,
            outcome=decision.outcome,
            reason=decision.reason,
            reasons=[Reason(code=code) for code in decision.reasons],
            required_consents=cast("list[ID]", decision.required_consents),
            step_up=decision.step_up,
            valid_until=cast("DateTime | None", decision.valid_until),
            stale_registers=cast("list[ID]", decision.stale_registers),
            grounds=cast("list[ID]", decision.grounds),
            as_expected=not found.differences if found.case.expect else None,
            differences=[
                CaseDifference(field=to_camel_case(each.field), expected=each.expected, found=each.found)
                for each in found.differences
            ],
        )


@strawberry.type(description="What became of a case file: its answers, or what is wrong with it. None of it is kept.")
class Playground:
    """One of both lists is empty."""

    cases: list[CaseAnswered]
    problems: list[UserError] = strawberry.field(description="Each with its line in the file.")


async def played(text: str, now: int) -> Playground:
    """The answers of a file; raises BadInput for one that is too large to look into."""
    size = len(text.encode(errors="replace"))
    if size > cases.BYTES_MAX:
        found, expected = f"{size:,} bytes", f"at most {cases.BYTES_MAX:,}"
        raise BadInput([Problem("WRONG_VALUE", field="cases", found=found, expected=expected)])
    try:
        read = await cases.read_cases(text, now=now)
    except BadInput as bad:
        return Playground(cases=[], problems=[_told(problem) for problem in bad.problems])
    return Playground(cases=[CaseAnswered.of(each) for each in read.decided()], problems=[])


def _told(problem: Problem) -> UserError:
    return UserError(
        code=problem.code,
        message=without_numbers(problem.sentence),
        field=without_numbers(problem.field) or None,
        line=problem.line,
    )
