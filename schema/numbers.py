"""A citizen service number (BSN) in a request: taken in a variable, for a person, and turned into an id at once.

`bsn:` and nine digits. Before anything is executed every number in the variables is checked and looked up
(`looked_up`); the guard then puts the ids in their places (`replaced`) before a rule or a resolver sees the arguments.
In the text of a document, in a URL, in a fact and in the place of anything but a person it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from graphql import GraphQLArgument, GraphQLInputObjectType, get_nullable_type, is_list_type

from graph.errors import BadInput, Problem
from graph.ledger import Ledger
from graph.pseudonyms import NotABsn, Pseudonyms
from schema.errors import BSN_PREFIX

PERSONS: Final = frozenset({"representative", "represented", "from", "person"})
"""Arguments and input fields that name a person, in whatever field or input they stand."""
PERSON_BY_ID: Final = frozenset({"Query.person"})
"""Fields whose argument `id` does."""
_ANY: Final = BSN_PREFIX.encode()
_NUMBERS_MAX: Final = 2_000


async def looked_up(
    ledger: Ledger, pseudonyms: Pseudonyms | None, variables: Mapping[str, Any] | None
) -> Mapping[str, str]:
    """The id of each number in these variables; without keys of none. Raises BadInput, naming the place.

    Somebody who is known under an older key keeps that id; somebody unknown has the newest key's. Both cost one read.
    """
    if pseudonyms is None or not variables or _ANY not in msgspec.json.encode(variables):
        return {}
    candidates: dict[str, list[str]] = {}
    for place, text in _numbers(variables, ""):
        if text not in candidates:
            candidates[text] = _candidates(pseudonyms, place, text)
            if len(candidates) > _NUMBERS_MAX:
                expected = f"at most {_NUMBERS_MAX} different numbers in a request"
                raise BadInput([Problem("WRONG_VALUE", field=place, expected=expected)])
    if not candidates:
        return {}
    known = await ledger.find("person", [each for ids in candidates.values() for each in ids])
    return {text: next((each for each in ids if each in known), ids[0]) for text, ids in candidates.items()}


def _candidates(pseudonyms: Pseudonyms, place: str, text: str) -> list[str]:
    try:
        return list(pseudonyms.ids_of(text.removeprefix(BSN_PREFIX)))
    except NotABsn as wrong:
        raise BadInput([Problem("WRONG_VALUE", field=place, expected=str(wrong))]) from None


def _numbers(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every text that begins like a number, and where it stands."""
    if isinstance(value, str):
        if value.startswith(BSN_PREFIX):
            yield place, value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _numbers(each, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _numbers(each, f"{place}[{number}]")


def replaced(
    field: str, arguments: Mapping[str, GraphQLArgument], args: Mapping[str, Any], numbers: Mapping[str, str]
) -> dict[str, Any]:
    """The arguments with ids in the place of numbers. Raises BadInput where a number is not a person's place."""
    return {
        name: _replaced(arguments[name].type, field in PERSON_BY_ID or name in PERSONS, name, value, numbers)
        for name, value in args.items()
    }


def _replaced(kind: Any, person: bool, place: str, value: Any, numbers: Mapping[str, str]) -> Any:
    kind = get_nullable_type(kind)
    if isinstance(value, str):
        if not value.startswith(BSN_PREFIX):
            return value
        if not person or value not in numbers:
            raise BadInput([Problem("WRONG_VALUE", field=place, expected="no number: only a person is named by one")])
        return numbers[value]
    if isinstance(value, list) and is_list_type(kind):
        return [_replaced(kind.of_type, person, f"{place}[{n}]", each, numbers) for n, each in enumerate(value)]
    if isinstance(value, dict) and isinstance(kind, GraphQLInputObjectType):
        return {
            name: _replaced(kind.fields[name].type, name in PERSONS, f"{place}.{name}", each, numbers)
            for name, each in value.items()
        }
    for where, _ in _numbers(value, place):
        raise BadInput([Problem("WRONG_VALUE", field=where, expected="no number: facts name people by id")])
    return value
