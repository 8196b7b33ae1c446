"""Variables and arguments: from JSON as it came to what a resolver takes.

Coercion follows the GraphQL specification, section 6.1.2; of what it refuses only that is said here, by `Unusual`.
Lists must be written as lists: the coercion of a single value into one is left to graphql-core.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias, cast

from graphql import (
    ArgumentNode,
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    Undefined,
    VariableNode,
    get_variable_values,
    is_non_null_type,
    is_required_argument,
    type_from_ast,
)
from graphql.execution.values import VariableValues, coerce_argument, get_argument_values
from graphql.language import FieldNode, Visitor, visit
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import InputContext, convert_argument
from strawberry.types.base import StrawberryList, StrawberryOptional, has_object_definition
from strawberry.types.field import StrawberryField

from schema.compiler.unusual import Unusual

Coercion: TypeAlias = Callable[[Any], Any]
_INT_BOUND: Final = 2**31
_NEEDED: Final = object()


class Converter:
    """How Strawberry turns coerced values into what resolvers take."""

    def __init__(self, converter: GraphQLCoreConverter) -> None:
        self.config: StrawberryConfig = converter.config
        self.scalars = converter.scalar_registry

    def of(self, type_: Any) -> Coercion | None:
        """The conversion of a coerced value that is not null; None: it is taken as it is."""
        if isinstance(type_, StrawberryOptional):
            return self.of(type_.of_type)
        if isinstance(type_, StrawberryList):
            return self._list(self.of(type_.of_type))
        if not has_object_definition(type_):
            return None
        definition = type_.__strawberry_definition__
        if definition.from_input is None:
            return lambda value: convert_argument(value, type_, self.scalars, self.config)
        context = InputContext(info=None, config=self.config, scalar_registry=self.scalars, path=())
        from_input = definition.from_input
        return lambda value: from_input(type_, value, context)

    @staticmethod
    def _list(item: Coercion | None) -> Coercion:
        if item is None:
            return list
        return lambda values: [None if value is None else item(value) for value in values]


def coercion(type_: GraphQLInputType) -> Coercion:
    """From JSON to the coerced value, null included; raises Unusual."""
    if isinstance(type_, GraphQLNonNull):
        return _present(_nullable(type_.of_type))
    inner = _nullable(type_)
    return lambda value: None if value is None else inner(value)


def _present(inner: Coercion) -> Coercion:
    def present(value: Any) -> Any:
        if value is None:
            raise Unusual
        return inner(value)

    return present


def _nullable(type_: GraphQLInputType) -> Coercion:
    if isinstance(type_, GraphQLList):
        return _list(coercion(type_.of_type))
    if isinstance(type_, GraphQLInputObjectType):
        return _object(type_)
    if isinstance(type_, GraphQLEnumType):
        return _enum(type_)
    assert isinstance(type_, GraphQLScalarType)
    if type_ in (GraphQLString, GraphQLID):
        return _text
    if type_ is GraphQLBoolean:
        return _flag
    if type_ is GraphQLInt:
        return _int
    return _scalar(type_)


def _text(value: Any) -> str:
    if value.__class__ is not str:
        raise Unusual
    return value


def _flag(value: Any) -> bool:
    if value.__class__ is not bool:
        raise Unusual
    return value


def _int(value: Any) -> int:
    if value.__class__ is not int or not -_INT_BOUND <= value < _INT_BOUND:
        raise Unusual
    return value


def _scalar(type_: GraphQLScalarType) -> Coercion:
    coerce = type_.coerce_input_value

    def scalar(value: Any) -> Any:
        try:
            coerced = coerce(value)
        except Exception:  # noqa: BLE001 - whatever a scalar raises, graphql-core tells it
            raise Unusual from None
        if coerced is Undefined:
            raise Unusual
        return coerced

    return scalar


def _enum(type_: GraphQLEnumType) -> Coercion:
    members = {name: type_.coerce_input_value(name) for name in type_.values}

    def member(value: Any) -> Any:
        if value.__class__ is not str or value not in members:
            raise Unusual
        return members[value]

    return member


def _list(item: Coercion) -> Coercion:
    def items(value: Any) -> list[Any]:
        if value.__class__ is not list:
            raise Unusual
        return [item(each) for each in value]

    return items


def _object(type_: GraphQLInputObjectType) -> Coercion:
    coercions: dict[str, tuple[str, Coercion]] = {}
    needed: set[str] = set()
    defaults: dict[str, Any] = {}
    for name, field in type_.fields.items():
        out = field.out_name or name
        coercions[name] = (out, _deferred(field.type))
        if isinstance(field.type, GraphQLNonNull) and field.default_value is Undefined:
            needed.add(name)
        elif field.default_value is not Undefined:
            if field.default_value is not None:
                raise Unusual  # such a default is coerced by graphql-core
            defaults[out] = None
    out_type = type_.out_type

    def fields(value: Any) -> Any:
        if value.__class__ is not dict or not needed <= value.keys():
            raise Unusual
        coerced = defaults.copy()
        try:
            for name, said in value.items():
                out, coerce = coercions[name]
                coerced[out] = coerce(said)
        except KeyError:
            raise Unusual from None
        return out_type(coerced)

    return fields


def _deferred(type_: GraphQLInputType) -> Coercion:
    """Made at first use: an input may hold itself."""
    made: list[Coercion] = []

    def coerce(value: Any) -> Any:
        if not made:
            made.append(coercion(type_))
        return made[0](value)

    named = type_
    while isinstance(named, (GraphQLNonNull, GraphQLList)):
        named = named.of_type
    return coerce if isinstance(named, GraphQLInputObjectType) else coercion(type_)


def variables(
    schema: GraphQLSchema, operation: OperationDefinitionNode
) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """The coercion of an operation's variables; a nullable one without value or default is left out."""
    coercions: list[tuple[str, Coercion, object]] = []
    for definition in operation.variable_definitions or ():
        name, type_ = definition.variable.name.value, type_from_ast(schema, definition.type)
        if type_ is None or definition.directives:
            raise Unusual
        absent: object = _NEEDED if isinstance(type_, GraphQLNonNull) else Undefined
        if definition.default_value is not None:
            found = get_variable_values(schema, [definition], {})
            if isinstance(found, list):
                raise Unusual
            absent = found.coerced[name]
        coercions.append((name, coercion(cast("GraphQLInputType", type_)), absent))

    def coerce(given: Mapping[str, Any]) -> dict[str, Any]:
        coerced = {}
        for name, coerce_one, absent in coercions:
            if name in given:
                coerced[name] = coerce_one(given[name])
            elif absent is _NEEDED:
                raise Unusual
            elif absent is not Undefined:
                coerced[name] = absent
        return coerced

    return coerce


Arguments: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]


class _Varying(NamedTuple):
    """An argument that is a variable. `absent`: what it is where the variable has no value."""

    python_name: str
    variable: str
    conversion: Coercion | None
    absent: object
    needed: bool


class _Made:
    """The arguments of one call. `remade`: constants that a resolver might change, converted anew for each run."""

    def __init__(self) -> None:
        self.fixed: dict[str, Any] = {}
        self.remade: list[tuple[str, Any, Coercion]] = []
        self.varying: list[_Varying] = []

    def __call__(self, values: dict[str, Any]) -> dict[str, Any]:
        """From coerced variables. Raises Unusual."""
        made = self.fixed.copy()
        for python_name, value, conversion in self.remade:
            made[python_name] = conversion(value)
        for python_name, variable, maybe, absent, needed in self.varying:
            value = values.get(variable, absent)
            if value is Undefined:
                continue
            if needed and (value is None or value is _NEEDED):
                raise Unusual
            made[python_name] = value if maybe is None or value is None else maybe(value)
        return made


def arguments(field: GraphQLField, node: FieldNode, strawberry_field: StrawberryField, convert: Converter) -> Arguments:
    """The keyword arguments of a resolver, from coerced variables."""
    names = {convert.config.name_converter.from_argument(each): each for each in strawberry_field.arguments}
    return _made(field, node, {name: (each.python_name, convert.of(each.type)) for name, each in names.items()})


def said(field: GraphQLField, node: FieldNode) -> Arguments:
    """The arguments by their names in GraphQL, coerced and not converted, as graphql-core hands them over."""
    return _made(field, node, {name: (name, None) for name in field.args})


def _made(field: GraphQLField, node: FieldNode, taken: Mapping[str, tuple[str, Coercion | None]]) -> Arguments:
    """`taken`: by the argument's name what the resolver calls it, and how it is converted."""
    given = {each.name.value: each for each in node.arguments or ()}
    made = _Made()
    for name, definition in field.args.items():
        (python_name, conversion), value_said = taken[name], given.get(name)
        if value_said is not None and isinstance(value_said.value, VariableNode):
            absent = _NEEDED if is_required_argument(definition) else _constant(node, name, definition, None)
            needed = is_non_null_type(definition.type)
            made.varying.append(_Varying(python_name, value_said.value.name.value, conversion, absent, needed))
            continue
        if value_said is not None and _has_variables(value_said):
            return _general(field, node, taken)
        value = _constant(node, name, definition, value_said)
        if value is not Undefined and conversion is not None and value is not None:
            made.remade.append((python_name, value, conversion))
        elif value is not Undefined:
            made.fixed[python_name] = value
    return made


def _constant(node: FieldNode, name: str, definition: GraphQLArgument, said: ArgumentNode | None) -> object:
    """What a literal says, or the default without one; Undefined: neither."""
    coerced: dict[str, Any] = {}
    try:
        coerce_argument(coerced, node, name, definition, said, None, None)
    except GraphQLError:
        raise Unusual from None
    return next(iter(coerced.values()), Undefined)


def _general(field: GraphQLField, node: FieldNode, taken: Mapping[str, tuple[str, Coercion | None]]) -> Arguments:
    """By graphql-core's own coercion: variables within literals, and defaults."""

    def kwargs(values: dict[str, Any]) -> dict[str, Any]:
        try:
            coerced = get_argument_values(field, node, VariableValues({}, values))
        except GraphQLError:
            raise Unusual from None
        made = {}
        for name, value in coerced.items():
            python_name, conversion = taken[name]
            made[python_name] = value if conversion is None or value is None else conversion(value)
        return made

    return kwargs


class _Variables(Visitor):
    found = False

    def enter_variable(self, *_: Any) -> None:
        self.found = True


def _has_variables(node: Any) -> bool:
    visitor = _Variables()
    visit(node, visitor)
    return visitor.found
