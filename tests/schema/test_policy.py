"""The policy table, every cell of it, asked of an execution; and that no field is without a row.

The schema is built from its own text with stand-ins for what resolvers give, so that every field can be come to, and
the guard of the product is put around them. Then for each role and field a query is executed on a way that the role may
go. What is tried is who may, not what they get: that the product's own schema has the same guard is asserted too, and
`tests/server/identity` asks real people of a real server.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple, cast, get_args

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    get_nullable_type,
    graphql,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
)

from resolvers.caller import NOBODY, WITHIN, Caller, Forbidden, NotIdentified, Role
from resolvers.nodes import node_id
from schema import guard
from schema.api import api_schema
from schema.policy import ALLOW, DENY, POLICY, THINGS, Rule
from schema.printing import SDL

ROLES: Final[tuple[Role, ...]] = get_args(Role)
BY_ID: Final = ("Query.node", "Query._entities")
SIDES: Final = ("representative", "represented", "provider")
FIELDS: Final = [name for name, _ in guard.fields_of(api_schema._schema)]


class Thing:
    """Stands for what a resolver gives: somebody's own, or a stranger's. `kind`: its type, where it may be several."""

    def __init__(self, whose: str, kind: str = "") -> None:
        self.id = self.holder = self.representative = whose
        self.kind = kind

    def __getattr__(self, name: str) -> Thing:
        if name.startswith("_"):
            raise AttributeError(name)
        return Thing(self.id)


class Turn(NamedTuple):
    """The context of one execution. `whose`: the things are; `kinds`: what an interface or union gives, by field."""

    caller: Caller
    whose: str
    kinds: Mapping[str, str]
    numbers: Mapping[str, str] = {}


class Way(NamedTuple):
    """The fields from the top of the schema to a type, each with the type that it is of and the one it leads to."""

    steps: tuple[tuple[str, str, str], ...] = ()

    @property
    def path(self) -> list[str]:
        return [field for _, field, _ in self.steps]


@cache
def stood_in() -> GraphQLSchema:
    schema = build_schema(SDL.read_text(), assume_valid_sdl=True)
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            kind.resolve_type = lambda found, *_: found.kind
    for name, field in guard.fields_of(schema):
        field.resolve = _given(name, field)
    guard.guarded(schema)
    return schema


def _given(name: str, field: GraphQLField) -> Any:
    def resolve(_: Any, info: Any, **args: Any) -> Any:
        turn: Turn = info.context
        return _value(field.type, Thing(turn.whose, turn.kinds.get(name, "")), len(args.get("representations", "1")))

    return resolve


def _value(kind: Any, thing: Thing, many: int) -> Any:
    kind = get_nullable_type(kind)
    if is_list_type(kind):
        return [_value(kind.of_type, thing, 1) for _ in range(many)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    return {"Int": 1, "Float": 1.0, "Boolean": True}.get(kind.name, "x") if is_leaf_type(kind) else thing


def roots(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    return [root for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root is not None]


def fields_of(type_name: str) -> Mapping[str, GraphQLField]:
    kind = stood_in().type_map[type_name]
    assert isinstance(kind, GraphQLObjectType)
    return cast("Mapping[str, GraphQLField]", kind.fields)


def leads_to(field: GraphQLField) -> list[str]:
    kind = get_named_type(field.type)
    if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        return [each.name for each in stood_in().get_possible_types(kind)]
    return [kind.name] if isinstance(kind, GraphQLObjectType) else []


@cache
def ways(role: Role | None) -> Mapping[str, Way]:
    """The shortest way to each type that the role can come to; with None whatever way there is."""
    found = {root.name: Way() for root in roots(stood_in())}
    waiting = deque(found)
    while waiting:
        type_name = waiting.popleft()
        for name, field in fields_of(type_name).items():
            coordinate = f"{type_name}.{name}"
            if role is not None and POLICY[coordinate].get(role, DENY) is DENY:
                continue
            for target in leads_to(field):
                if role is not None and coordinate in BY_ID and THINGS[target].get(role, DENY) is DENY:
                    continue
                if target not in found:
                    found[target] = Way((*found[type_name].steps, (type_name, name, target)))
                    waiting.append(target)
    return found


def literal(kind: Any, mine: bool) -> str:
    """An argument: mine where it names somebody or something and `mine`, else a stranger's."""
    kind = get_nullable_type(kind)
    if is_list_type(kind):
        return f"[{literal(kind.of_type, mine)}]"
    if isinstance(kind, GraphQLInputObjectType):
        said = {
            each: literal(field.type, mine)
            for each, field in kind.fields.items()
            if is_non_null_type(field.type) or each in SIDES
        }
        return "{" + ", ".join(f"{each}: {text}" for each, text in said.items()) + "}"
    if isinstance(kind, GraphQLEnumType):
        return str(next(iter(kind.values)))
    if kind.name in ("Int", "Float", "Boolean"):
        return {"Int": "1", "Float": "1.0", "Boolean": "true"}[kind.name]
    return '"me"' if mine else '"stranger"'


def arguments(coordinate: str, target: str, *, mine: bool, replay: bool) -> str:
    type_name, _, name = coordinate.partition(".")
    field = fields_of(type_name)[name]
    said = {
        each: literal(argument.type, mine)
        for each, argument in field.args.items()
        if is_required_argument(argument) or each in SIDES
    }
    whose = "me" if mine else "stranger"
    if coordinate == "Query._entities":
        said = {"representations": f'[{{__typename: "{target}", id: "{whose}"}}]'}
    if coordinate == "Query.node":
        said = {"id": f'"{node_id(target, whose)}"'}
    if replay and "asOf" in field.args:
        said["asOf"] = '"token"'
    return "(" + ", ".join(f"{each}: {text}" for each, text in said.items()) + ")" if said else ""


async def refused_at(
    way: Way, coordinate: str, caller: Caller, *, mine: bool = True, replay: bool = True, whose: str = "me"
) -> list[str] | None:
    """Execute the query of this field on this way. The path of what the guard refused; None: it refused nothing."""
    type_name, _, name = coordinate.partition(".")
    ends = leads_to(fields_of(type_name)[name])
    end = "Provider" if "Provider" in ends else ends[0] if ends else ""
    text, kinds = "", dict[str, str]()
    for kind_name, field_name, target in reversed((*way.steps, (type_name, name, end))):
        each, field = f"{kind_name}.{field_name}", fields_of(kind_name)[field_name]
        inner = text or (" { __typename }" if target else "")
        if text and is_abstract_type(get_named_type(field.type)):
            inner = f" {{ ... on {target}{text} }}"
        if is_abstract_type(get_named_type(field.type)):
            kinds[each] = target
        text = f" {{ {field_name}{arguments(each, target, mine=mine, replay=replay)}{inner} }}"
    top = way.steps[0][0] if way.steps else type_name
    done = await graphql(stood_in(), top.lower() + text, context_value=Turn(caller, whose, kinds))
    for error in done.errors or []:
        assert isinstance(error.original_error, Forbidden), (text, error)
        return [place for place in error.path or [] if isinstance(place, str)]
    return None


def good(role: Role) -> Caller:
    return Caller(role, "me", "me", "HIGH", None, "a reason")


async def wrong_cells(role: Role) -> AsyncIterator[str]:
    """What the execution does otherwise than the table says."""
    for coordinate in FIELDS:
        type_name, _, name = coordinate.partition(".")
        rule, way = POLICY[coordinate].get(role, DENY), ways(role).get(type_name)
        if rule is DENY:
            path = await refused_at(way or ways(None)[type_name], coordinate, good(role))
            if path is None or (way is not None and path != [*way.path, name]):
                yield f"{coordinate} is given"
        elif way is None:
            yield f"{coordinate} is allowed, and nothing that this role may have leads there"
        elif await refused_at(way, coordinate, good(role)) is not None:
            yield f"{coordinate} is refused"
        elif rule is not ALLOW and not await other_side_is_refused(rule, way, coordinate, role):
            yield f"{coordinate} is given for what it is not for"


async def other_side_is_refused(rule: Rule, way: Way, coordinate: str, role: Role) -> bool:
    """What the same role does not get: a stranger's; without a purpose; what is no replay."""
    path = [*way.path, coordinate.partition(".")[2]]
    if rule.shows is not None:
        found = _value(fields_of(coordinate.partition(".")[0])[coordinate.partition(".")[2]].type, Thing("stranger"), 1)
        shown = rule.shows(good(role), found)
        return not shown or shown == [None]
    if rule.has is not None:
        return await refused_at(way, coordinate, good(role), whose="stranger") == path
    if rule.word == "PURPOSE":
        return await refused_at(way, coordinate, Caller(role, "me", "me", "HIGH")) == path
    if rule.word == "REPLAY":
        return await refused_at(way, coordinate, good(role), replay=False) == path
    stranger = Caller(role, "", "", "HIGH", "somebody", "a reason")
    return await refused_at(way, coordinate, stranger, mine=False) == path


def test_every_field_has_a_row_and_every_row_a_field() -> None:
    assert set(FIELDS) == set(POLICY)
    assert set(THINGS) == set(leads_to(fields_of("Query")["node"])) == set(leads_to(fields_of("Query")["_entities"]))


def test_a_field_without_a_row_keeps_everything_from_starting() -> None:
    schema = build_schema("type Query { providers: [Provider!]! mine: ID } type Provider { id: ID! nickname: String }")
    with pytest.raises(guard.MissingPolicy, match=r"Query\.mine, Provider\.nickname"):
        guard.guarded(schema)


def test_the_product_has_the_guard_wherever_it_is_needed() -> None:
    needed = guard.unsettled(api_schema._schema)
    assert needed == guard.unsettled(stood_in())
    for name, field in guard.fields_of(api_schema._schema):
        guards = [each for each in (field.resolve, field.subscribe) if guard.inside(each) is not each]
        assert len(guards) == (name in needed), name
    for root in roots(api_schema._schema):
        assert {f"{root.name}.{field}" for field in root.fields} <= needed


@pytest.mark.parametrize("role", ROLES)
async def test_every_cell(role: Role) -> None:
    assert [wrong async for wrong in wrong_cells(role)] == []


async def test_nobody_has_anything() -> None:
    for root in roots(stood_in()):
        for name in root.fields:
            with pytest.raises(NotIdentified):
                guard.admitted(f"{root.name}.{name}", NOBODY, {})
            assert await refused_at(Way(), f"{root.name}.{name}", NOBODY) == [name]


async def test_our_own_commands_have_everything() -> None:
    for coordinate in FIELDS:
        way = ways(None)[coordinate.partition(".")[0]]
        assert await refused_at(way, coordinate, WITHIN, mine=False, replay=False, whose="stranger") is None, coordinate
