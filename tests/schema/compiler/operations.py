"""Queries made at random over our schema: aliases, fragments, directives, variables, now and then nonsense.

A query is valid GraphQL, mostly; its values are such that some find something, some nothing, and some are refused.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    is_leaf_type,
)

DEPTH_MAX = 5
RARE = frozenset({"after", "asOf", "atLeast", "freshness"})
"""Arguments of which most pairs are refused."""
LEFT_OUT = frozenset({"_service", "_entities"})
INSTANTS = ("2026-06-15T10:00:00Z", "2031-01-01T00:00:00+01:00", "2020-02-29T12:00:00.5Z", "0001-01-01T00:00:00Z")


class Operation(NamedTuple):
    """A document, and the variables that it is sent with."""

    text: str
    variables: dict[str, Any]


class Maker:
    """`ids`: by the name of an argument or input field, what it may be; `texts`: likewise for strings."""

    def __init__(self, schema: GraphQLSchema, ids: Mapping[str, Sequence[str]], tokens: Sequence[str]) -> None:
        self._schema, self._ids, self._tokens = schema, ids, tokens

    def operation(self, seed: int) -> Operation:
        """The same for the same seed."""
        return _Making(self._schema, self._ids, self._tokens, random.Random(seed)).operation()


class _Making:
    def __init__(
        self, schema: GraphQLSchema, ids: Mapping[str, Sequence[str]], tokens: Sequence[str], chance: random.Random
    ) -> None:
        self._schema, self._ids, self._tokens, self._chance = schema, ids, tokens, chance
        self._declared: list[str] = []
        self._variables: dict[str, Any] = {}
        self._fragments: list[str] = []
        self._aliases = 0

    def operation(self) -> Operation:
        query = self._schema.query_type
        assert query is not None
        body = self._selection(query, 0)
        declared = f"({', '.join(self._declared)})" if self._declared else ""
        return Operation(f"query Made{declared} {body}\n" + "\n".join(self._fragments), self._variables)

    def _often(self, share: float) -> bool:
        return self._chance.random() < share

    def _selection(self, type_: GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType, depth: int) -> str:
        parts = [self._part(type_, depth) for _ in range(self._chance.randint(1, 2 if depth == 0 else 4))]
        return "{ " + " ".join(parts) + " }"

    def _part(self, type_: Any, depth: int) -> str:
        if self._often(0.08) or isinstance(type_, GraphQLUnionType):
            return self._fragment(type_, depth)
        if self._often(0.08):
            return f"{self._alias()}__typename{self._directive()}"
        return self._field(type_, depth)

    def _fragment(self, type_: Any, depth: int) -> str:
        if isinstance(type_, GraphQLObjectType):
            within: Any = type_
        else:
            within = self._chance.choice([*self._schema.get_possible_types(type_), type_])
        if isinstance(within, GraphQLUnionType):
            return "__typename"
        body = self._selection(within, depth + 1)
        if self._often(0.4):
            name = f"F{len(self._fragments)}_{self._chance.randrange(10**6)}"
            self._fragments.append(f"fragment {name} on {within.name} {body}")
            return f"...{name}{self._directive()}"
        condition = f" on {within.name}" if within is not type_ or self._often(0.5) else ""
        return f"...{condition}{self._directive()} {body}"

    def _field(self, type_: Any, depth: int) -> str:
        fields = {name: each for name, each in type_.fields.items() if name not in LEFT_OUT}
        leaves = [name for name, each in fields.items() if is_leaf_type(_named(each.type))]
        names = leaves if depth >= DEPTH_MAX and leaves else list(fields)
        name = self._chance.choice(names)
        field: GraphQLField = fields[name]
        inner = _named(field.type)
        if not is_leaf_type(inner) and depth >= DEPTH_MAX + 2:
            return "__typename"
        said = self._arguments(field)
        body = "" if is_leaf_type(inner) else " " + self._selection(inner, depth + 1)
        alias = self._alias() if field.args else self._alias() if self._often(0.15) else ""
        return f"{alias}{name}{said}{self._directive()}{body}"

    def _alias(self) -> str:
        self._aliases += 1
        return f"a{self._aliases}: "

    def _directive(self) -> str:
        if not self._often(0.08):
            return ""
        name, value = self._chance.choice(["skip", "include"]), self._often(0.5)
        if self._often(0.5):
            return f" @{name}(if: {str(value).lower()})"
        return f" @{name}(if: ${self._declare('Boolean!', value)})"

    def _declare(self, type_: str, value: Any, default: str = "") -> str:
        name = f"v{len(self._declared)}"
        self._declared.append(f"${name}: {type_}{default}")
        self._variables[name] = value
        return name

    def _arguments(self, field: GraphQLField) -> str:
        said = []
        for name, argument in field.args.items():
            needed = isinstance(argument.type, GraphQLNonNull)
            if not needed and self._often(0.95 if name in RARE else 0.65):
                continue
            said.append(f"{name}: {self._argument(name, argument.type)}")
        return f"({', '.join(said)})" if said else ""

    def _argument(self, name: str, type_: GraphQLInputType) -> str:
        value = self._value(name, type_)
        if self._often(0.5):
            return self._literal(value, type_)
        nullable = not isinstance(type_, GraphQLNonNull)
        default = ""
        if self._often(0.15) and value is not None:
            default = f" = {self._literal(value, type_)}"
        variable = self._declare(str(type_), value, default)
        if (nullable or default) and self._often(0.3):
            del self._variables[variable]
        return f"${variable}"

    def _value(self, name: str, type_: GraphQLInputType) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return self._present(name, type_.of_type)
        return None if self._often(0.15) else self._present(name, type_)

    def _present(self, name: str, type_: Any) -> Any:
        if isinstance(type_, GraphQLList):
            return [self._value(name, type_.of_type) for _ in range(self._chance.randint(0, 3))]
        if isinstance(type_, GraphQLEnumType):
            return self._chance.choice(list(type_.values))
        if isinstance(type_, GraphQLInputObjectType):
            return {
                field: self._value(field, each.type)
                for field, each in type_.fields.items()
                if isinstance(each.type, GraphQLNonNull) or self._often(0.15)
            }
        assert isinstance(type_, GraphQLScalarType)
        return self._scalar(name, type_.name)

    def _scalar(self, name: str, type_name: str) -> Any:
        if self._often(0.03):
            return self._chance.choice(["", "nonsense", "~nonsense"])
        if type_name == "ID":
            return self._chance.choice([*self._ids.get(name, self._ids["id"]), "nobody"])
        if type_name == "DateTime":
            return self._chance.choice([*INSTANTS, "2026-06-15"] if self._often(0.1) else INSTANTS)
        if type_name == "Int":
            return self._chance.choice([0, 100, 101] if self._often(0.05) else [1, 3, 50])
        if type_name == "Boolean":
            return self._often(0.5)
        return self._chance.choice(self._tokens) if name in RARE else "house"

    def _literal(self, value: Any, type_: Any) -> str:
        """As GraphQL writes it; parts of it may become variables."""
        if isinstance(type_, GraphQLNonNull):
            return self._literal(value, type_.of_type)
        if value is None:
            return "null"
        if isinstance(type_, GraphQLList):
            return "[" + ", ".join(self._inner(each, type_.of_type) for each in value) + "]"
        if isinstance(type_, GraphQLInputObjectType):
            told = (f"{name}: {self._inner(each, type_.fields[name].type)}" for name, each in value.items())
            return "{" + ", ".join(told) + "}"
        if isinstance(type_, GraphQLEnumType):
            return str(value)
        if isinstance(value, bool):
            return str(value).lower()
        return f'"{value}"' if isinstance(value, str) else str(value)

    def _inner(self, value: Any, type_: Any) -> str:
        if self._often(0.1) and is_leaf_type(_named(type_)):
            return f"${self._declare(str(type_), value)}"
        return self._literal(value, type_)


def _named(type_: GraphQLOutputType) -> Any:
    inner: Any = type_
    while isinstance(inner, (GraphQLNonNull, GraphQLList)):
        inner = inner.of_type
    return inner
