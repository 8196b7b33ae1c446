"""One GraphQL request in, one response out; knows nothing of HTTP."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from graphql import FieldNode, GraphQLError, GraphQLSyntaxError, OperationDefinitionNode
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from schema.api import api_schema, parsed
from schema.compiler import run_compiled
from schema.context import Context
from schema.errors import BSN_PREFIX, BsnNotConfigured, Code, formatted, simple

_QUERIES: Final = frozenset({OperationType.QUERY})
_QUERIES_AND_MUTATIONS: Final = frozenset({OperationType.QUERY, OperationType.MUTATION})


REFUSED: Final = "refused"
SEVERAL: Final = "several"
ROOT_FIELDS: Final = frozenset(
    field
    for root in (api_schema._schema.query_type, api_schema._schema.mutation_type)
    if root is not None
    for field in root.fields
)
"""What can be asked for at the top of a document."""
_NAME_ONE: Final = "name one of the document's operations in operationName"


class GraphQLRequest(msgspec.Struct, frozen=True, rename="camel"):
    """The parameters of a GraphQL request over HTTP (GraphQL over HTTP, section *Request Parameters*)."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None


class GraphQLResponse(msgspec.Struct, frozen=True):
    """`refused`: the request was never executed, or not allowed; then there is no `data`."""

    body: dict[str, Any]
    refused: Code | None = None


async def execute(
    request: GraphQLRequest, context: Context, *, mutations: bool = True, compiling: bool = True
) -> GraphQLResponse:
    """Execute it. No exception leaves here for what a request can cause; the rest is masked (`schema.errors`).

    Without `compiling` graphql-core executes it in any case: the answer is the same.
    """
    if BSN_PREFIX in request.query:
        # in a document it would be kept in caches and shown in errors; only a variable may carry one
        return _refused(Code.BSN_NOT_CONFIGURED, str(BsnNotConfigured("")))
    if compiling and (data := await run_compiled(request.query, request.operation_name, request.variables, context)):
        return GraphQLResponse({"data": data})
    if request.operation_name is None and _has_several_operations(request.query):
        return _refused(Code.OPERATION_RESOLUTION_FAILED, _NAME_ONE)
    try:
        result = await api_schema.execute(
            request.query,
            variable_values=request.variables,
            context_value=context,
            operation_name=request.operation_name,
            allowed_operation_types=_QUERIES_AND_MUTATIONS if mutations else _QUERIES,
        )
    except CannotGetOperationTypeError:
        return _refused(Code.OPERATION_RESOLUTION_FAILED, _NAME_ONE)
    except InvalidOperationTypeError:
        return _refused(Code.OPERATION_NOT_ALLOWED, "only queries are allowed here: send it with POST")
    errors: list[GraphQLError] = result.errors or []
    if not errors:
        return GraphQLResponse({"data": result.data})
    refused = result.data is None and not any(error.path for error in errors)
    told = [formatted(error, request_error=refused, show_internal=context.dev) for error in errors]
    if refused:
        return GraphQLResponse({"errors": told}, Code(told[0]["extensions"]["code"]))
    return GraphQLResponse({"errors": told, "data": result.data})


def operation_kind(query: str, operation_name: str | None) -> str:
    """A word for what is asked, of which there are few: the one root field, `several`, or `refused`."""
    if BSN_PREFIX in query:
        return REFUSED
    try:
        definitions = parsed(query).definitions
    except (GraphQLSyntaxError, RecursionError):
        return REFUSED
    operations = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
    named = [each for each in operations if operation_name is None or (each.name and each.name.value == operation_name)]
    if len(named) != 1:
        return REFUSED
    selected = named[0].selection_set.selections
    fields = {each.name.value if isinstance(each, FieldNode) else SEVERAL for each in selected}
    if len(fields) > 1 or fields == {SEVERAL}:
        return SEVERAL
    (field,) = fields
    if field.startswith("__"):
        return "introspection"
    return field if field in ROOT_FIELDS else REFUSED


def _has_several_operations(query: str) -> bool:
    """Strawberry would silently execute the first of them; the document comes from its own cache."""
    try:
        document = parsed(query)
    except GraphQLSyntaxError:
        return False
    return sum(isinstance(each, OperationDefinitionNode) for each in document.definitions) > 1


def _refused(code: Code, message: str) -> GraphQLResponse:
    return GraphQLResponse({"errors": [simple(code, message)]}, code)
