"""The policy table at work: a wrapper around the resolver of each field that not everybody who comes there may have.

`admitted` is the same for whoever does not come through a resolver, such as a compiled operation or a subscription.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, get_args

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_introspection_type,
    is_object_type,
)

from graph.errors import BadInput
from resolvers.caller import Caller, Forbidden, NotIdentified, Role
from resolvers.nodes import own_id
from schema.numbers import replaced
from schema.policy import ALLOW, DENY, POLICY, Args, Rule, rule_of, rule_of_thing

_Resolve = Callable[..., Any]
_INSIDE: Final = "guarded_resolver"


class MissingPolicy(Exception):
    """Fields that the policy table does not have; one line that says what to do."""

    def __init__(self, fields: Iterable[str]) -> None:
        super().__init__(f"no row in schema/policy.py, so that nobody may have it: {', '.join(fields)}")


def fields_of(schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLField]]:
    """Every `Type.field` of ours, and the field itself."""
    for type_name, kind in schema.type_map.items():
        if is_object_type(kind) and not is_introspection_type(kind):
            for name, field in kind.fields.items():
                yield f"{type_name}.{name}", field


def guarded(schema: GraphQLSchema) -> None:
    """Put the guard around the schema's resolvers. Raises MissingPolicy."""
    fields = list(fields_of(schema))
    if missing := [name for name, _ in fields if name not in POLICY]:
        raise MissingPolicy(missing)
    needed = unsettled(schema)
    for name, field in fields:
        if name not in needed:
            continue
        wrap = _WRAPPERS.get(name, _plain)
        within = field.resolve if field.subscribe is None else field.subscribe
        assert within is not None, f"{name} has no resolver to guard"
        guard = wrap(name, field, within)
        setattr(guard, _INSIDE, within)
        if field.subscribe is None:
            field.resolve = guard
        else:
            field.subscribe = guard


def inside(resolve: Any) -> Any:
    """The resolver within the guard; itself where there is none."""
    return getattr(resolve, _INSIDE, resolve)


def unsettled(schema: GraphQLSchema) -> frozenset[str]:
    """The fields at which something is left to decide: one who comes there may not have it, or not always.

    Whoever cannot come to a type at all needs no guard at its fields: what leads there refuses them.
    """
    roots = [root for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root is not None]
    found = {f"{root.name}.{field}" for root in roots for field in root.fields}
    for role in get_args(Role):
        caller = Caller(role)
        waiting, seen = list(roots), set(roots)
        while waiting:
            kind = waiting.pop()
            for name, field in kind.fields.items():
                rule = rule_of(f"{kind.name}.{name}", caller)
                if not rule.always:
                    found.add(f"{kind.name}.{name}")
                if rule is not DENY:
                    for each in _leads_to(schema, field):
                        if each not in seen:
                            seen.add(each)
                            waiting.append(each)
    return frozenset(found)


def _leads_to(schema: GraphQLSchema, field: GraphQLField) -> Iterable[GraphQLObjectType]:
    kind = get_named_type(field.type)
    if is_abstract_type(kind):
        return schema.get_possible_types(kind)
    return [kind] if is_object_type(kind) else []


def admitted(field: str, caller: Caller, args: Args, source: Any = None) -> Rule:
    """The rule that lets this caller have `Type.field`. Raises Forbidden.

    A rule with `shows` still has to look at the result.
    """
    return _let(rule_of(field, caller), caller, args, source)


def forbidden(fields: Iterable[str], caller: Caller) -> frozenset[str]:
    """Those of these fields that this caller may never have, and those that depend on more than the caller."""
    return frozenset(field for field in fields if not rule_of(field, caller).always)


def _let(rule: Rule, caller: Caller, args: Args, source: Any) -> Rule:
    if rule is ALLOW:
        return rule
    if caller.role is None:
        raise NotIdentified
    if (
        rule is DENY
        or (rule.asks is not None and not rule.asks(caller, args))
        or (rule.has is not None and not rule.has(caller, source))
    ):
        raise Forbidden(rule.says)
    return rule


def _plain(name: str, field: GraphQLField, resolve: _Resolve) -> _Resolve:
    def guard(source: Any, info: Any, **args: Any) -> Any:
        caller: Caller = info.context.caller
        if info.context.numbers:
            args = replaced(name, field.args, args, info.context.numbers)
        rule = _let(rule_of(name, caller), caller, args, source)
        found = resolve(source, info, **args)
        return found if rule.shows is None else _shown(rule, caller, found)

    return guard


def _entities(name: str, field: GraphQLField, resolve: _Resolve) -> _Resolve:
    def guard(source: Any, info: Any, **args: Any) -> Any:
        caller: Caller = info.context.caller
        if caller.role is None and not caller.within:
            raise NotIdentified
        if info.context.numbers:
            args = replaced(name, field.args, args, info.context.numbers)
        asked = [dict(each) if isinstance(each, Mapping) else {} for each in args["representations"]]
        rules = [_rule_of_entity(each, caller) for each in asked]
        allowed = [each for each, rule in zip(asked, rules, strict=True) if not isinstance(rule, Exception)]
        found = iter(resolve(source, info, representations=allowed))
        return [
            rule if isinstance(rule, Exception) else next(found) if rule.shows is None
            else _shown(rule, caller, next(found))
            for rule in rules
        ]  # fmt: skip

    return guard


def _rule_of_entity(asked: Mapping[str, Any], caller: Caller) -> Rule | Exception:
    """An error stands in its own place of the list, and spoils no other."""
    type_name = asked.get("__typename")
    try:
        if not isinstance(type_name, str) or not isinstance(asked.get("id"), str):
            return Forbidden("a representation has __typename and id")
        return _let(rule_of_thing(type_name, caller), caller, {"id": own_id(asked["id"], "id", type_name)}, None)
    except (Forbidden, BadInput) as refused:
        return refused


async def _shown(rule: Rule, caller: Caller, found: Any) -> Any:
    assert rule.shows is not None
    return rule.shows(caller, await found if inspect.isawaitable(found) else found)


_WRAPPERS: Final[Mapping[str, Callable[[str, GraphQLField, _Resolve], _Resolve]]] = {
    "Query._entities": _entities,
}
