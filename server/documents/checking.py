"""What is wrong with a frontend's operations, what they cost at least and at most, and what of it will go away."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from graphql import DocumentNode, GraphQLError, GraphQLSchema, NoDeprecatedCustomRule, validate

from schema.documents import SCHEMA, Document, read
from server.documents.sources import Source, Wrong


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """One operation. `cost`: with lists of one and pages of the usual length; `cost_max`: with the longest; None: none.

    `deprecated`: what it asks that will go away. `wrong`: why it would be refused; then there are no figures.
    """

    name: str
    file: str
    line: int
    hash: str
    type: str = ""
    depth: int = 0
    cost: int = 0
    cost_max: int | None = 0
    deprecated: list[Wrong] = []
    wrong: list[Wrong] = []


def checked(sources: Iterable[Source], budget: int) -> list[Checked]:
    """Each as a service with these limits would take it; `budget`: what a request may cost."""
    return [_checked(each, read(each.text), budget) for each in sources]


def _checked(source: Source, document: Document, budget: int) -> Checked:
    begun = Checked(name=source.name, file=source.file, line=source.line, hash=source.hash)
    if document.refused is not None:
        wrong = [Wrong(source.file, source.line, f"{document.refused} ({document.refused.code})")]
    else:
        wrong = [_placed(source, error) for error in document.errors]
    if len(document.operations) > 1:
        wrong.append(Wrong(source.file, source.line, "a document of a list has one operation"))
    if wrong or document.tree is None:
        return msgspec.structs.replace(begun, wrong=wrong)
    (operation,) = document.operations.values()
    plan = operation.plan
    if plan.least > budget:
        wrong.append(Wrong(source.file, source.line, f"it costs at least {plan.least:,}, and may cost {budget:,}"))
    if operation.size.introspects:
        wrong.append(Wrong(source.file, source.line, "it asks for the schema, which is told to developers alone"))
    wrong += [Wrong(source.file, source.line, str(each)) for each in plan.refusals()]
    return msgspec.structs.replace(
        begun,
        type=operation.type.value,
        depth=operation.size.depth,
        cost=plan.least,
        cost_max=plan.most,
        deprecated=[_placed(source, error) for error in deprecated(SCHEMA, document.tree)],
        wrong=wrong,
    )


def deprecated(schema: GraphQLSchema, tree: DocumentNode) -> list[GraphQLError]:
    """What a document asks that will go away."""
    return validate(schema, tree, [NoDeprecatedCustomRule])


def _placed(source: Source, error: GraphQLError) -> Wrong:
    line = error.locations[0].line if source.whole and error.locations else source.line
    return Wrong(source.file, line, error.message)
