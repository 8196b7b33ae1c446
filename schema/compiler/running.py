"""A request's turn with the compiled way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from resolvers.decisions import counting
from resolvers.telling import telling
from schema.compiler.compiling import operation
from schema.context import Context

T = TypeVar("T")


async def run_compiled(
    query: str, operation_name: str | None, variables: Mapping[str, Any] | None, context: Context
) -> dict[str, Any] | None:
    """The answer's `data`; None: graphql-core is to execute the operation, with the same context.

    What is counted and told is passed on once the answer is whole, so that what is executed again is told once.
    """
    compiled = operation(query, operation_name)
    if compiled is None:
        return None
    try:
        with _held_back(counting), _held_back(telling):
            return await compiled.run(context, variables)
    except Exception:  # noqa: BLE001 - whatever it is, graphql-core meets it again and tells it as the standard says
        return None


@contextmanager
def _held_back(door: ContextVar[Callable[[T], None] | None]) -> Iterator[None]:
    """What is handed to whoever stands at the door waits until the end; after an error it is forgotten."""
    passed_on = door.get()
    if passed_on is None:
        yield
        return
    held: list[T] = []
    token = door.set(held.append)
    try:
        yield
    finally:
        door.reset(token)
    for each in held:
        passed_on(each)
