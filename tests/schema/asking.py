"""Ask the schema itself, without HTTP."""

from __future__ import annotations

from typing import Any

from graph.ledger import Ledger
from resolvers.caller import WITHIN, Caller
from schema.context import Context
from schema.execution import GraphQLRequest, execute
from tests.resolvers.small import NOW


async def ask(
    ledger: Ledger,
    query: str,
    variables: dict[str, Any] | None = None,
    *,
    caller: Caller = WITHIN,
    language: str = "",
    dev: bool = False,
) -> dict[str, Any]:
    """The response's body; who asks may do everything, unless the test is about that."""
    context = Context(ledger, caller=caller, accept_language=language, clock=lambda: NOW, dev=dev)
    return (await execute(GraphQLRequest(query, variables), context)).body


async def data(ledger: Ledger, query: str, variables: dict[str, Any] | None = None, *, language: str = "") -> Any:
    """The data of a response without errors."""
    body = await ask(ledger, query, variables, language=language)
    assert "errors" not in body, body["errors"]
    return body["data"]


async def error(ledger: Ledger, query: str, variables: dict[str, Any] | None = None, *, dev: bool = False) -> Any:
    """The only error of a response."""
    body = await ask(ledger, query, variables, dev=dev)
    assert len(body["errors"]) == 1, body
    return body["errors"][0]
