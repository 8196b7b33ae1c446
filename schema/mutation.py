"""What can be changed: facts are recorded, all or none."""

# mypy: disable-error-code="untyped-decorator"
# strawberry.field does not say what it makes of a function
from __future__ import annotations

import strawberry
from strawberry.scalars import JSON

from graph.errors import Problem
from resolvers import facts
from schema.context import Info
from schema.errors import without_numbers


@strawberry.type(description="What is wrong with one fact. Nothing was recorded.")
class UserError:
    """`graph.errors.Problem`."""

    code: str = strawberry.field(
        description="Stable: MALFORMED, UNKNOWN_FIELD, MISSING_FIELD, WRONG_VALUE, BAD_INTERVAL, RESERVED_ID, "
        "UNKNOWN_REFERENCE, CONFLICT."
    )
    message: str = strawberry.field(description="What was found and what was expected.")
    field: str | None = strawberry.field(description="The fact's field, as facts name it.")
    line: int = strawberry.field(description="Which of the facts, counted from 1.")


@strawberry.type(description="What `recordFacts` did: all of it, or nothing and why.")
class RecordFactsPayload:
    """All or none."""

    as_of: str = strawberry.field(
        description="The ledger's position after it; pass it as `atLeast` so that a later question sees these facts."
    )
    recorded: int = strawberry.field(description="How many were new; a fact that the ledger has already is no change.")
    user_errors: list[UserError]


@strawberry.type
class Mutation:
    """DESIGN.md chapter 6."""

    @strawberry.mutation(
        description="Record facts, all or none: objects as in a facts file, with snake_case fields. A fact without "
        "recorded_at is recorded now."
    )
    async def record_facts(self, info: Info, facts: list[JSON]) -> RecordFactsPayload:
        """Durable when it returns."""
        done = await _record(info, facts)
        return RecordFactsPayload(
            as_of=str(done.token), recorded=done.recorded, user_errors=[_told(problem) for problem in done.problems]
        )


async def _record(info: Info, stated: list[JSON]) -> facts.Recorded:
    return await facts.record(info.context.ledger, stated, now=info.context.now)


def _told(problem: Problem) -> UserError:
    return UserError(
        code=problem.code,
        message=without_numbers(problem.sentence),
        field=without_numbers(problem.field) or None,
        line=problem.line,
    )
