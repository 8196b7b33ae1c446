"""One GraphQL request in, one response out; knows nothing of HTTP."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Container, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Final

import msgspec
from graphql import GraphQLError, OperationType
from strawberry.types.graphql import OperationType as Executed

from graph.errors import GraphError
from resolvers.caller import NotIdentified
from schema.api import api_schema
from schema.compiler import run_compiled
from schema.context import Context
from schema.costs import budget_of
from schema.documents import INTROSPECTION, REFUSED, Document, Operation, document_of
from schema.errors import Code, Refused, formatted
from schema.numbers import looked_up

QUERIES: Final = frozenset({OperationType.QUERY})
QUERIES_AND_MUTATIONS: Final = frozenset({OperationType.QUERY, OperationType.MUTATION})
_SUBSCRIPTIONS: Final = frozenset({OperationType.SUBSCRIPTION})
_AS_STREAM: Final = "a subscription goes over a WebSocket, or as a request that accepts text/event-stream"

_EXECUTED: Final = (Executed.QUERY, Executed.MUTATION)


class GraphQLRequest(msgspec.Struct, frozen=True, rename="camel"):
    """The parameters of a GraphQL request over HTTP (GraphQL over HTTP, section *Request Parameters*).

    `document_id`: the sha256 of a document that the server knows, in the place of its text.
    """

    query: str | None = None
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None
    document_id: str | None = None

    def __post_init__(self) -> None:
        """Raises ValueError where it names no document."""
        if self.query is None and self.document_id is None and "persistedQuery" not in (self.extensions or ()):
            raise ValueError("expected a query, or the documentId of one")


class GraphQLResponse(msgspec.Struct, frozen=True):
    """`refused`: the request was never executed, or not allowed; then there is no `data`.

    `operation`: what was asked, where that could be told.
    """

    body: dict[str, Any]
    refused: Code | None = None
    operation: Operation | None = None

    @property
    def word(self) -> str:
        """What was asked, of which there are few."""
        return REFUSED if self.operation is None else self.operation.word


class Admitted(msgspec.Struct, frozen=True):
    """An operation that may be executed, what it will cost, and what it may."""

    operation: Operation
    cost: int
    budget: int


def admitted(
    document: Document, request: GraphQLRequest, context: Context, types: Container[OperationType]
) -> Admitted:
    """The operation that the request asks for, of these types, within every limit.

    Somebody who is not identified gets `__typename`, what is wrong with their document, and in development the schema.
    Raises Refused, or InvalidDocument where the document is none that the schema has.
    """
    if document.refused is not None:
        raise document.refused.again()
    if document.errors:
        raise InvalidDocument(document.errors)
    operation = document.operation(request.operation_name)
    if operation.type not in types:
        if operation.type is OperationType.SUBSCRIPTION:
            raise Refused(Code.OPERATION_NOT_ALLOWED, _AS_STREAM)
        raise Refused(Code.OPERATION_NOT_ALLOWED, "only queries are allowed here: send it with POST")
    nobody = context.caller.role is None and not context.caller.within
    if nobody and operation.word != INTROSPECTION:
        raise Refused(Code.UNAUTHENTICATED, str(NotIdentified()))
    if operation.size.introspects and not context.dev:
        raise Refused(Code.INTROSPECTION_OFF, "the schema is not told here: take schema/schema.graphql, or use --dev")
    cost, budget = operation.plan.cost(request.variables or {}), budget_of(context.caller)
    if cost > budget:
        raise Refused(Code.COST_LIMIT, f"it costs {cost:,}, and may cost {budget:,}", found=cost, limit=budget)
    return Admitted(operation, cost, budget)


class InvalidDocument(Exception):
    """The document, or the numbers among its variables; its errors say why."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        self.errors = errors
        super().__init__()


async def _numbers(request: GraphQLRequest, context: Context) -> Mapping[str, str]:
    """The ids of the numbers that the variables name people by. Raises InvalidDocument."""
    try:
        return await looked_up(context.ledger, context.pseudonyms, request.variables)
    except GraphError as wrong:
        raise InvalidDocument([GraphQLError(str(wrong), original_error=wrong)]) from None


def _document(request: GraphQLRequest, context: Context) -> Document:
    """The one that the request means, by what this server takes. Raises Refused."""
    if context.documents is None:
        return document_of(request.query or "")
    return context.documents(request.query, request.document_id, request.extensions)


async def execute(
    request: GraphQLRequest,
    context: Context,
    *,
    mutations: bool = True,
    compiling: bool = True,
    document: Document | None = None,
) -> GraphQLResponse:
    """Execute it. No exception leaves here for what a request can cause; the rest is masked (`schema.errors`).

    Without `compiling` graphql-core executes it in any case: the answer is the same. `document`: the one that the
    request means, where it has been looked up.
    """
    try:
        document = document or _document(request, context)
        asked = admitted(document, request, context, QUERIES_AND_MUTATIONS if mutations else QUERIES)
        context.numbers = await _numbers(request, context)
    except Refused as wrong:
        return GraphQLResponse({"errors": [wrong.told]}, wrong.code)
    except InvalidDocument as invalid:
        return _failed(invalid.errors, context, None)
    data = None
    if compiling and not context.numbers:
        data = await run_compiled(document.text, request.operation_name, request.variables, context)
    if data is not None:
        body: dict[str, Any] = {"data": data}
    else:
        context.document = document.tree
        result = await api_schema.execute(
            document.text,
            variable_values=request.variables,
            context_value=context,
            operation_name=request.operation_name,
            allowed_operation_types=_EXECUTED,
        )
        errors: list[GraphQLError] = result.errors or []
        unidentified = [error for error in errors if isinstance(error.original_error, NotIdentified)]
        if unidentified:
            return _failed(unidentified, context, asked.operation)
        if errors and result.data is None and not any(error.path for error in errors):
            return _failed(errors, context, asked.operation)
        if context.live is not None and asked.operation.type is OperationType.MUTATION:
            context.live.wake()
        body = {"data": result.data}
        if errors:
            body["errors"] = _told(errors, context)
    if request.extensions and request.extensions.get("cost") is True:
        body["extensions"] = {"cost": {"requested": asked.cost, "budget": asked.budget}}
    return GraphQLResponse(body, operation=asked.operation)


async def stream(
    request: GraphQLRequest, context: Context, *, mutations: bool = True
) -> AsyncGenerator[GraphQLResponse, None]:
    """The response of a query or mutation, or each one of a subscription; a `refused` one is the last."""
    try:
        document = _document(request, context)
        asked = admitted(document, request, context, _SUBSCRIPTIONS | (QUERIES_AND_MUTATIONS if mutations else QUERIES))
        context.numbers = await _numbers(request, context)
    except Refused as wrong:
        yield GraphQLResponse({"errors": [wrong.told]}, wrong.code)
        return
    except InvalidDocument as invalid:
        yield _failed(invalid.errors, context, None)
        return
    if asked.operation.type is not OperationType.SUBSCRIPTION:
        yield await execute(request, context, mutations=mutations, document=document)
        return
    context.document = document.tree
    results = await api_schema.subscribe(
        document.text,
        variable_values=request.variables,
        context_value=context,
        operation_name=request.operation_name,
    )
    async with aclosing(results):
        async for result in results:
            if result.errors and result.data is None and not any(error.path for error in result.errors):
                yield _failed(result.errors, context, asked.operation)
                return
            body: dict[str, Any] = {"data": result.data}
            if result.errors:
                body["errors"] = _told(result.errors, context)
            yield GraphQLResponse(body, operation=asked.operation)


def _failed(errors: Sequence[GraphQLError], context: Context, operation: Operation | None) -> GraphQLResponse:
    """Nothing was executed."""
    told = [formatted(error, request_error=True, show_internal=context.dev) for error in errors]
    return GraphQLResponse({"errors": told}, Code(told[0]["extensions"]["code"]), operation)


def _told(errors: Sequence[GraphQLError], context: Context) -> list[dict[str, Any]]:
    """Of something that was executed."""
    return [formatted(error, request_error=False, show_internal=context.dev) for error in errors]
