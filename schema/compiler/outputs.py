"""Selection sets as Python: for each a function that builds the answer's object from what a resolver gave.

The source is generated, since a dict display with attribute reads in it is several times faster than anything that
walks a plan. What is generated is made of numbered names alone; nothing of a document's text is in it but response
names, as string literals.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final, NamedTuple, TypeAlias, cast

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLID,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from resolvers.caller import Forbidden
from schema.compiler.inputs import Converter, arguments, said
from schema.compiler.unusual import Unusual
from schema.guard import admitted, inside

Run: TypeAlias = Callable[[Any, dict[str, Any]], Coroutine[Any, Any, dict[str, Any]]]
"""The whole operation: from what `Info` is to resolvers, and the coerced variables, to `data`."""
_FIELDS_MAX: Final = 2_000
"""In the generated code of one operation; a larger one is left to graphql-core."""
_PLAIN: Final = {GraphQLString: "str", GraphQLID: "str", GraphQLBoolean: "bool"}
_RESOLVERS: Final = "GraphQLCoreConverter.from_resolver.<locals>."
"""How Strawberry's own resolvers are named; anything else around one is left to graphql-core."""


class Place(NamedTuple):
    """How a value is completed: the code of it, given the code of the value; and whether that is to be awaited."""

    code: Callable[[str], str]
    waits: bool


class Compiled(NamedTuple):
    """`guarded`: the fields below the root that not everybody may have, or not always."""

    run: Run
    guarded: frozenset[str]


def compiled(
    schema: GraphQLSchema,
    converter: GraphQLCoreConverter,
    operation: OperationDefinitionNode,
    fragments: dict[str, FragmentDetails],
    flags: dict[str, bool],
) -> Compiled:
    """The operation with these values of the variables that its directives name. Raises Unusual."""
    return _Writer(schema, converter, operation, fragments, VariableValues({}, dict(flags))).run()


class _Writer:
    """Writes the functions of one operation; names in the source are numbered."""

    def __init__(
        self,
        schema: GraphQLSchema,
        converter: GraphQLCoreConverter,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDetails],
        flags: VariableValues,
    ) -> None:
        self._schema, self._operation, self._fragments, self._flags = schema, operation, fragments, flags
        self._convert = Converter(converter)
        self._names: dict[str, Any] = {"together": together, "items": _items, "nothing": _nothing, "Unusual": Unusual}
        self._tables: list[tuple[dict[type, Any], dict[type, str]]] = []
        self._source: list[str] = []
        self._guarded: set[str] = set()
        self._fields = 0
        self._count = 0

    def run(self) -> Compiled:
        query = self._schema.query_type
        assert query is not None
        collected = collect_fields(self._schema, self._fragments, self._flags, query, self._operation)
        if collected.new_defer_usages or collected.forbidden_directive_instances:
            raise Unusual
        function, waits = self._object(query, collected.grouped_field_set, root=True)
        exec(compile("\n".join(self._source), "<operation>", "exec"), self._names)  # noqa: S102 - see the module
        for table, functions in self._tables:
            table.update({origin: self._names[name] for origin, name in functions.items()})
        made = self._names[function]
        if waits:
            return Compiled(lambda info, variables: made(None, info, variables), frozenset(self._guarded))

        async def run(info: Any, variables: dict[str, Any]) -> dict[str, Any]:
            return made(None, info, variables)  # type: ignore[no-any-return]

        return Compiled(run, frozenset(self._guarded))

    def _name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"

    def _constant(self, value: object, kind: str) -> str:
        name = self._name(kind)
        self._names[name] = value
        return name

    def _object(
        self, type_: GraphQLObjectType, grouped: dict[str, list[FieldDetails]], *, root: bool = False
    ) -> tuple[str, bool]:
        """A function of a source `x`, `info`, and variables `v`; its name, and whether it is to be awaited."""
        told: list[str] = []
        waiting: list[tuple[str, str]] = []
        for key, details in grouped.items():
            self._fields += 1
            if self._fields > _FIELDS_MAX:
                raise Unusual
            code, waits = self._field(type_, details)
            if waits:
                result = self._name("r")
                waiting.append((result, code))
                code = result
            told.append(f"{key!r}: {code}")
        name = self._name("object_")
        body = [f"{'async ' if waiting else ''}def {name}(x, info, v):"]
        if type_.is_type_of is not None:
            body.append(f"    if not isinstance(x, {self._constant(_origin(type_), 'type_')}): raise Unusual")
        elif not root:
            body.append("    if x is None: raise Unusual")
        if len(waiting) == 1:
            body.append(f"    {waiting[0][0]} = await {waiting[0][1]}")
        elif waiting:
            results = ", ".join(result for result, _ in waiting)
            body.append(f"    {results} = await together([{', '.join(code for _, code in waiting)}])")
        body.append(f"    return {{{', '.join(told)}}}")
        self._source += body
        return name, bool(waiting)

    def _field(self, type_: GraphQLObjectType, details: list[FieldDetails]) -> tuple[str, bool]:
        """The code of a field's answer, and whether it is to be awaited."""
        node = details[0].node
        name = node.name.value
        if name == "__typename":
            return repr(type_.name), False
        field = type_.fields.get(name)
        own = None if field is None else field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if field is None or not isinstance(own, StrawberryField) or own.extensions or name.startswith("_"):
            raise Unusual
        if not getattr(inside(field.resolve), "__qualname__", "").startswith(_RESOLVERS):
            raise Unusual
        guarded = inside(field.resolve) is not field.resolve
        if guarded and type_ is not self._schema.query_type:
            self._guarded.add(f"{type_.name}.{name}")
        place = self._completed(field.type, details)
        if own.base_resolver is None:
            return place.code(f"x.{own.python_name}"), place.waits
        asked = self._asked(field, own, details)
        if guarded and type_ is self._schema.query_type:
            asked = f"({self._constant(_admission(name, field, details), 'admit_')}(info, v) or {asked})"
        if not own.is_async:
            return place.code(asked), place.waits
        waited = self._name("field_")
        self._source += [
            f"async def {waited}(x, info, v):",
            f"    y = await {asked}",
            f"    return {'await ' if place.waits else ''}{place.code('y')}",
        ]
        return f"{waited}(x, info, v)", True

    def _asked(self, field: GraphQLField, own: StrawberryField, details: list[FieldDetails]) -> str:
        """The call of a resolver."""
        resolver = own.base_resolver
        assert resolver is not None
        said = ["x"] if resolver.self_parameter else []
        sources = {each.name for each in (resolver.root_parameter, resolver.parent_parameter) if each is not None}
        said += [f"{name}=x" for name in sorted(sources)]
        if resolver.info_parameter is not None:
            said.append(f"{resolver.info_parameter.name}=info")
        if field.args:
            made = arguments(field, details[0].node, own, self._convert)
            said.append(f"**{self._constant(made, 'arguments_')}(v)")
        return f"{self._constant(resolver.wrapped_func, 'resolver_')}({', '.join(said)})"

    def _completed(self, type_: GraphQLOutputType, details: list[FieldDetails]) -> Place:
        if isinstance(type_, GraphQLNonNull):
            return self._present(type_.of_type, details)
        present, value = self._present(type_, details), self._name("n")
        null = "nothing()" if present.waits else "None"
        return Place(lambda code: f"({null} if ({value} := {code}) is None else {present.code(value)})", present.waits)

    def _present(self, type_: GraphQLOutputType, details: list[FieldDetails]) -> Place:
        """For null its code raises."""
        if isinstance(type_, GraphQLList):
            return self._list(type_, details)
        if isinstance(type_, GraphQLEnumType):
            words = self._constant({str(each.value): name for name, each in type_.values.items()}, "words_")
            return Place(lambda code: f"{words}[{code}]", waits=False)
        if isinstance(type_, GraphQLScalarType):
            return self._scalar(type_)
        if isinstance(type_, GraphQLObjectType):
            function, waits = self._subfields(type_, details)
            return Place(lambda code: f"{function}({code}, info, v)", waits)
        if isinstance(type_, (GraphQLInterfaceType, GraphQLUnionType)):
            return self._abstract(type_, details)
        raise Unusual

    def _subfields(self, type_: GraphQLObjectType, details: list[FieldDetails]) -> tuple[str, bool]:
        found = collect_subfields(self._schema, self._fragments, self._flags, self._operation, type_, details)
        if found.new_defer_usages or found.forbidden_directive_instances:
            raise Unusual
        return self._object(type_, found.grouped_field_set)

    def _list(self, type_: GraphQLList[Any], details: list[FieldDetails]) -> Place:
        item, each = self._completed(type_.of_type, details), self._name("i")
        if item.waits:
            return Place(lambda code: f"together([{item.code(each)} for {each} in items({code})])", waits=True)
        return Place(lambda code: f"[{item.code(each)} for {each} in items({code})]", waits=False)

    def _scalar(self, type_: GraphQLScalarType) -> Place:
        leaf, plain = self._constant(_output(type_), "leaf_"), _PLAIN.get(type_)
        if plain is None:
            return Place(lambda code: f"{leaf}({code})", waits=False)
        value = self._name("p")
        return Place(
            lambda code: f"({value} if ({value} := {code}).__class__ is {plain} else {leaf}({value}))", waits=False
        )

    def _abstract(self, type_: GraphQLInterfaceType | GraphQLUnionType, details: list[FieldDetails]) -> Place:
        """By the class of the value; all ways are to be awaited where one is."""
        ways = {_origin(each): self._subfields(each, details) for each in self._schema.get_possible_types(type_)}
        waits = any(each for _, each in ways.values())
        functions = {origin: self._awaited(*way) if waits else way[0] for origin, way in ways.items()}
        table: dict[type, Any] = {}
        self._tables.append((table, functions))
        types, value = self._constant(table, "types_"), self._name("u")
        return Place(lambda code: f"{types}[({value} := {code}).__class__]({value}, info, v)", waits)

    def _awaited(self, function: str, waits: bool) -> str:
        if waits:
            return function
        name = self._name("waiting_")
        self._source += [f"async def {name}(x, info, v):", f"    return {function}(x, info, v)"]
        return name


def _admission(name: str, field: GraphQLField, details: list[FieldDetails]) -> Callable[[Any, dict[str, Any]], None]:
    """The guard of a root field. Whom it refuses, and whoever sees a part of the result, graphql-core answers."""
    coordinate, its_arguments = f"Query.{name}", said(field, details[0].node)

    def admit(info: Any, values: dict[str, Any]) -> None:
        try:
            rule = admitted(coordinate, info.context.caller, its_arguments(values))
        except Forbidden:
            raise Unusual from None
        if rule.shows is not None:
            raise Unusual

    return admit


async def together(waiting: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    """All of them at the same time, so that what they read is read together; the first error, once all have ended."""
    results = await asyncio.gather(*waiting, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


def _origin(type_: GraphQLObjectType) -> type:
    definition = type_.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    return cast("type", definition.origin)


def _items(value: Any) -> Any:
    if value.__class__ is not list and value.__class__ is not tuple:
        raise Unusual
    return value


async def _nothing() -> None:
    """A null that is awaited."""


def _output(type_: GraphQLScalarType) -> Callable[[Any], Any]:
    coerce = type_.coerce_output_value

    def output(value: Any) -> Any:
        if value is None:
            raise Unusual
        told = coerce(value)
        if told is None:
            raise Unusual
        return told

    return output
