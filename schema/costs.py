"""What an operation costs, before it is executed, by `@cost` and `@listSize` in the schema (IBM's specification).

https://ibm.github.io/graphql-specs/cost-spec.html. A field that gives objects costs 1 for each that it may give, one
that gives values nothing, unless `@cost` says otherwise; a list multiplies what is below it. Whatever a fragment or a
condition may select is counted as selected. What depends on variables is kept as a sum, worked out for each request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    is_interface_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from strawberry.federation.schema_directives import Cost, ListSize

from resolvers.browsing import NODES_MAX
from resolvers.caller import Caller, Role
from resolvers.decisions import QUESTIONS_MAX
from resolvers.onboarding import TOGETHER_MAX
from resolvers.paging import FIRST_DEFAULT, FIRST_MAX
from schema.errors import Code, Refused

MUTATION: Final = 10
LIST_SIZE: Final = 5
"""Of a list that does not say how long it may be."""
BUDGETS: Final[Mapping[Role | None, int]] = {
    None: 100,
    "CITIZEN": 2_000,
    "COUNTER": 2_000,
    "AUDITOR": 10_000,
    "EXPLORER": 10_000,
    "PROVIDER": 20_000,
    "REGISTER": 20_000,
    "OPERATOR": 20_000,
}
"""The most that one request of a role may cost: a thousand decisions with their grounds for those who ask in bulk."""
_SAID_ITEM_BY_ITEM: Final[Mapping[tuple[str, str], tuple[str, int | None]]] = {
    ("Query", "decisions"): ("questions", QUESTIONS_MAX),
    ("Query", "graph"): ("of", NODES_MAX),
    ("Query", "_entities"): ("representations", QUESTIONS_MAX),
    ("Mutation", "onboardProvider"): ("providers", TOGETHER_MAX),
    ("Mutation", "advanceProvider"): ("ids", TOGETHER_MAX),
    ("Mutation", "recordFacts"): ("facts", None),
}
"""Fields that do as much as a list among their arguments is long, and how long that may be. `@listSize` can name an
integer argument only; this makes exact what is an assumption there."""


def budget_of(caller: Caller, budgets: Mapping[Role | None, int] = BUDGETS) -> int:
    """What this caller may spend on one request; our own commands as much as anybody."""
    return max(budgets.values()) if caller.within else budgets[caller.role]


class Count(msgspec.Struct, frozen=True):
    """How many a list gives: `fixed`, or by a variable, an integer or itself a list; an `argument` says it."""

    field: str
    argument: str
    code: Code
    most: int | None
    fixed: int = 0
    variable: str = ""
    default: int = 1

    def of(self, variables: Mapping[str, Any]) -> int:
        """With these variables, which are not coerced yet: what does not fit its type is refused later.

        Raises Refused past `most`.
        """
        found = self._said(variables.get(self.variable)) if self.variable else self.fixed
        if self.most is not None and found > self.most:
            what = "on a page" if self.code is Code.PAGE_LIMIT else "at once"
            message = f"{self.field} takes at most {self.most:,} {what}"
            raise Refused(self.code, message, field=self.argument, found=found, limit=self.most)
        return max(found, 0)

    def _said(self, value: object) -> int:
        if self.code is Code.PAGE_LIMIT:
            return value if isinstance(value, int) else self.default
        return len(value) if isinstance(value, list) else self.default

    @property
    def certain(self) -> bool:
        """Always the same, and allowed."""
        return not self.variable and (self.most is None or self.fixed <= self.most)


class Plan(msgspec.Struct, frozen=True):
    """A sum: `fixed`, and for each part as many times a plan as a count says."""

    fixed: int = 0
    parts: tuple[tuple[Count, Plan], ...] = ()

    def cost(self, variables: Mapping[str, Any]) -> int:
        """With these variables. Raises Refused where they ask for more than a page or a batch may have."""
        found = self.fixed
        for count, each in self.parts:
            found += count.of(variables) * each.cost(variables)
        return found

    @property
    def least(self) -> int:
        """With lists of one and pages as long as they are where nothing is said."""
        return self.fixed + sum((count.default if count.variable else count.fixed) * p.least for count, p in self.parts)

    @property
    def most(self) -> int | None:
        """With the longest lists and pages; None: there is no longest."""
        found = self.fixed
        for count, each in self.parts:
            below = each.most
            longest = count.most if count.variable else count.fixed
            if below is None or longest is None:
                return None
            found += longest * below
        return found

    def refusals(self) -> Iterator[Refused]:
        """Pages and batches that are too large whatever the variables are."""
        for count, each in self.parts:
            if not count.variable and not count.certain:
                try:
                    count.of({})
                except Refused as wrong:
                    yield wrong
            yield from each.refusals()

    def plus(self, other: Plan) -> Plan:
        """Both."""
        return Plan(self.fixed + other.fixed, self.parts + other.parts)

    def times(self, count: Count) -> Plan:
        """So many times."""
        if count.certain and not self.parts:
            return Plan(count.fixed * self.fixed)
        return Plan(0, ((count, self),))


class _Lengths(NamedTuple):
    """How long the lists in these fields of a selection set are, by the arguments of the field above them."""

    fields: frozenset[str]
    length: Count


def planned(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> Plan:
    """The plan of an operation of a valid document."""
    root = schema.get_root_type(operation.operation)
    assert root is not None
    start = Plan(MUTATION if operation.operation is OperationType.MUTATION else 0)
    return start.plus(_Planning(schema, document, operation).selections(root, operation.selection_set, None))


class _Planning:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self._defaults = {
            each.variable.name.value: int(each.default_value.value)
            for each in operation.variable_definitions or ()
            if isinstance(each.default_value, IntValueNode)
        }

    def selections(self, parent: GraphQLNamedType, selected: SelectionSetNode, lengths: _Lengths | None) -> Plan:
        found = Plan()
        for each in selected.selections:
            if isinstance(each, FieldNode):
                found = found.plus(self._field(parent, each, lengths))
                continue
            fragment: InlineFragmentNode | FragmentDefinitionNode
            if isinstance(each, FragmentSpreadNode):
                fragment = self._fragments[each.name.value]
            else:
                assert isinstance(each, InlineFragmentNode)
                fragment = each
            condition = fragment.type_condition
            narrowed = parent if condition is None else self._schema.type_map[condition.name.value]
            found = found.plus(self.selections(narrowed, fragment.selection_set, lengths))
        return found

    def _field(self, parent: GraphQLNamedType, node: FieldNode, lengths: _Lengths | None) -> Plan:
        name = node.name.value
        field = parent.fields.get(name) if is_object_type(parent) or is_interface_type(parent) else None
        if field is None:  # __typename, __schema, __type
            return Plan()
        sized = _directive(field, ListSize)
        sizing = sized.slicing_arguments if sized is not None else None
        page = self._page(field, node, sizing[0]) if sizing else None
        named = frozenset(sized.sized_fields or ()) if sized is not None else frozenset[str]()
        below = Plan()
        if node.selection_set is not None:
            inside = _Lengths(named, page) if page is not None and named else None
            below = self.selections(get_named_type(field.type), node.selection_set, inside)
        once = Plan(_weight(field))
        items = _SAID_ITEM_BY_ITEM.get((parent.name, name))
        if items is not None:
            count = self._items(node, *items)
            return once.plus(below).times(count) if _is_list(field) else once.times(count).plus(below)
        if not _is_list(field):
            return once.plus(below)
        if lengths is not None and name in lengths.fields:
            return once.plus(below).times(lengths.length)
        if page is not None and not named:
            return once.plus(below).times(page)
        assumed = sized.assumed_size if sized is not None else None
        return once.plus(below).times(Count(name, "", Code.PAGE_LIMIT, None, LIST_SIZE if assumed is None else assumed))

    def _page(self, field: GraphQLField, node: FieldNode, argument: str) -> Count:
        """How many on a page."""
        given = _given(node, argument)
        default = field.args[argument].default
        usual = default.value if default is not None and isinstance(default.value, int) else FIRST_DEFAULT
        if isinstance(given, VariableNode):
            variable = given.name.value
            usual = self._defaults.get(variable, usual)
            return Count(node.name.value, argument, Code.PAGE_LIMIT, FIRST_MAX, variable=variable, default=usual)
        fixed = int(given.value) if isinstance(given, IntValueNode) else usual
        return Count(node.name.value, argument, Code.PAGE_LIMIT, FIRST_MAX, fixed)

    @staticmethod
    def _items(node: FieldNode, argument: str, most: int | None) -> Count:
        """How many in a list among the arguments."""
        given = _given(node, argument)
        if isinstance(given, VariableNode):
            return Count(node.name.value, argument, Code.BATCH_LIMIT, most, variable=given.name.value)
        fixed = len(given.values) if isinstance(given, ListValueNode) else 1
        return Count(node.name.value, argument, Code.BATCH_LIMIT, most, fixed)


def _given(node: FieldNode, argument: str) -> ValueNode | None:
    return next((each.value for each in node.arguments or () if each.name.value == argument), None)


def _is_list(field: GraphQLField) -> bool:
    return is_list_type(field.type.of_type if is_non_null_type(field.type) else field.type)


def _weight(field: GraphQLField) -> int:
    """Of the field by itself; else of the type that it gives; else 1 for objects and 0 for values."""
    own = _directive(field, Cost)
    if own is not None:
        return int(own.weight)
    given = get_named_type(field.type)
    of_type = _directive(given, Cost)
    if of_type is not None:
        return int(of_type.weight)
    return int(is_composite_type(given))


def _directive(defined: GraphQLField | GraphQLNamedType, kind: type) -> Any:
    """The directive of this kind that the definition has; None: it has none."""
    definition = defined.extensions.get("strawberry-definition")
    return next((each for each in getattr(definition, "directives", None) or () if isinstance(each, kind)), None)
