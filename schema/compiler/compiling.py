"""Which operations are compiled, kept by their text; and how one runs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.language import DirectiveNode, Visitor, visit

from schema.api import api_schema
from schema.compiler.inputs import variables
from schema.compiler.outputs import Compiled, compiled
from schema.compiler.unusual import Unusual
from schema.context import Context
from schema.documents import DOCUMENTS_CACHED_MAX, document_of
from schema.guard import forbidden

_VARIANTS_MAX: Final = 16
"""Of one operation, by the values of the variables that `@skip` and `@include` name."""
_TEXT_MAX: Final = 20_000
"""Characters of a document; a larger one is not kept."""


class Asking:
    """What resolvers take for Strawberry's `Info`: they look at the context alone."""

    __slots__ = ("context",)

    def __init__(self, context: Context) -> None:
        self.context = context


class Operation:
    """A validated query, compiled for each set of values of the variables that its directives name."""

    def __init__(self, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        if operation.operation is not OperationType.QUERY:
            raise Unusual
        fragments = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
        if any(each.variable_definitions for each in fragments):
            raise Unusual
        self._operation = operation
        self._fragments = {each.name.value: FragmentDetails(each) for each in fragments}
        self._coerce = variables(api_schema._schema, operation)
        self._flags = _flags(document)
        self._variants: dict[tuple[object, ...], Compiled | None] = {}

    async def run(self, context: Context, given: Mapping[str, Any] | None) -> dict[str, Any]:
        """The operation's `data`. Raises Unusual, and whatever a resolver raises."""
        coerced = self._coerce(given or {})
        run = self._variant(coerced)
        if run.guarded and forbidden(run.guarded, context.caller):
            raise Unusual
        return await run.run(Asking(context), coerced)

    def _variant(self, coerced: dict[str, Any]) -> Compiled:
        key = tuple([coerced.get(name) for name in self._flags])
        if key not in self._variants:
            if len(self._variants) >= _VARIANTS_MAX:
                raise Unusual
            self._variants[key] = self._compiled(
                {name: value for name, value in coerced.items() if name in self._flags}
            )
        found = self._variants[key]
        if found is None:
            raise Unusual
        return found

    def _compiled(self, flags: dict[str, Any]) -> Compiled | None:
        try:
            return compiled(api_schema._schema, api_schema.schema_converter, self._operation, self._fragments, flags)
        except (Unusual, GraphQLError, RecursionError):
            return None


@lru_cache(maxsize=DOCUMENTS_CACHED_MAX)
def _operation(query: str, operation_name: str | None) -> Operation | None:
    document = document_of(query).tree
    if document is None:
        return None
    try:
        return Operation(document, _named(document, operation_name))
    except (Unusual, GraphQLError, RecursionError):
        return None


def operation(query: str, operation_name: str | None) -> Operation | None:
    """The compiled operation; None: graphql-core is to execute it."""
    return _operation(query, operation_name) if len(query) <= _TEXT_MAX else None


def _named(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    found = [each for each in operations if name is None or (each.name is not None and each.name.value == name)]
    if len(found) != 1:
        raise Unusual
    return found[0]


class _Flags(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        if node.name.value not in ("skip", "include"):
            raise Unusual
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.names.add(argument.value.name.value)


def _flags(document: DocumentNode) -> tuple[str, ...]:
    visitor = _Flags()
    visit(document, visitor)
    return tuple(sorted(visitor.names))
