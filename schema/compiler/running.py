"""A request's turn with the compiled way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from resolvers.decisions import Answer, counting
from schema.compiler.compiling import operation
from schema.context import Context


async def run_compiled(
    query: str, operation_name: str | None, variables: Mapping[str, Any] | None, context: Context
) -> dict[str, Any] | None:
    """The answer's `data`; None: graphql-core is to execute the operation, with the same context.

    Decisions are counted once the answer is whole, so that what is executed again is not counted twice.
    """
    compiled = operation(query, operation_name)
    if compiled is None:
        return None
    count, held = counting.get(), list[Sequence[Answer]]()
    token = counting.set(held.append)
    try:
        data = await compiled.run(context, variables)
    except Exception:  # noqa: BLE001 - whatever it is, graphql-core meets it again and tells it as the standard says
        return None
    finally:
        counting.reset(token)
    if count is not None:
        for answers in held:
            count(answers)
    return data
