"""A document is read once: parsed, measured, validated, its operations costed. Asked again, it is only looked up."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

import msgspec
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from schema.api import api_schema
from schema.costs import Plan, planned
from schema.errors import BSN_PREFIX, BsnNotConfigured, Code, Refused
from schema.limits import Size, parsed, sizes

DOCUMENTS_CACHED_MAX: Final = 512
"""Documents that are kept; the largest takes 600 KiB, so that a stranger can make no more than 300 MiB of them."""
ERRORS_MAX: Final = 10
"""What is told of one document; the first few say what is wrong with it."""
SCHEMA: Final = api_schema._schema
RULES: Final = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
"""Classes made once. A rule class made for each request would empty a cache that is kept by them (users.md 4.1)."""
REFUSED: Final = "refused"
SEVERAL: Final = "several"
INTROSPECTION: Final = "introspection"
_DECISIONS: Final = ("decision", "decisions")
_NAME_ONE: Final = "name one of the document's operations in operationName"


class Operation(msgspec.Struct, frozen=True):
    """One operation of a valid document.

    `word`: what it asks, of which there are few, to count requests by. `decides`: it asks for decisions alone.
    """

    type: OperationType
    word: str
    decides: bool
    size: Size
    plan: Plan


class Document(msgspec.Struct, frozen=True):
    """What a text is: `tree`, where it is valid; else `refused`, too large, or `errors` of syntax or validation."""

    text: str
    tree: DocumentNode | None = None
    operations: Mapping[str, Operation] = {}
    errors: tuple[GraphQLError, ...] = ()
    refused: Refused | None = None

    def operation(self, name: str | None) -> Operation:
        """The operation of that name, or the only one. Raises Refused."""
        if name is None:
            if len(self.operations) == 1:
                return next(iter(self.operations.values()))
        elif name in self.operations and name:
            return self.operations[name]
        raise Refused(Code.OPERATION_RESOLUTION_FAILED, _NAME_ONE)


_NUMBERED: Final = Document("", refused=Refused(Code.BSN_NOT_CONFIGURED, str(BsnNotConfigured(""))))


class _Kept:
    """The valid documents that were asked last, by their text. What is invalid is not worth the room."""

    def __init__(self) -> None:
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self.read = 0

    def get(self, query: str) -> Document:
        found = self._documents.get(query)
        if found is not None:
            self._documents.move_to_end(query)
            return found
        self.read += 1
        found = read(query)
        if found.tree is not None:
            self._documents[query] = found
            if len(self._documents) > DOCUMENTS_CACHED_MAX:
                self._documents.popitem(last=False)
        return found

    def __len__(self) -> int:
        return len(self._documents)


kept: Final = _Kept()


def document_of(query: str) -> Document:
    """The document of this text; one that was asked before is only looked up."""
    if BSN_PREFIX in query:
        # it would be kept, and shown in errors; only a variable may carry one
        return _NUMBERED
    return kept.get(query)


def read(query: str) -> Document:
    """Read it anew."""
    if BSN_PREFIX in query:
        return _NUMBERED
    try:
        tree = parsed(query)
        measured = sizes(tree)
    except GraphQLSyntaxError as wrong:
        return Document(query, errors=(wrong,))
    except Refused as wrong:
        return Document(query, refused=wrong)
    errors = validate(SCHEMA, tree, RULES, max_errors=ERRORS_MAX)
    if errors:
        return Document(query, errors=tuple(errors[:ERRORS_MAX]))
    operations = {
        name: Operation(each.operation, _word(each), _decides(each), measured[name], planned(SCHEMA, tree, each))
        for each in tree.definitions
        if isinstance(each, OperationDefinitionNode)
        for name in (each.name.value if each.name else "",)
    }
    return Document(query, tree, operations)


def _word(operation: OperationDefinitionNode) -> str:
    """The one root field, `several`, or `introspection`."""
    selected = operation.selection_set.selections
    fields = {each.name.value if isinstance(each, FieldNode) else SEVERAL for each in selected}
    if len(fields) > 1:
        return SEVERAL
    (field,) = fields
    return INTROSPECTION if field.startswith("__") or field == "_service" else field


def _decides(operation: OperationDefinitionNode) -> bool:
    return operation.operation is OperationType.QUERY and all(
        isinstance(each, FieldNode) and each.name.value in _DECISIONS for each in operation.selection_set.selections
    )
