"""Things by id: read together, at one position and as the registers knew them; and ids that are unique over all types.

A *node id* begins with `~`, which no opaque id can, so the two are never confused (DESIGN.md chapter 3).
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from authority.codes import FactType
from authority.facts import Fact
from graph.errors import BadInput, Problem
from graph.ledger import NOW, Ledger, Token, View
from resolvers.reading import Reading, Sight, answering, position

NODE_TYPES: Final[Mapping[str, FactType]] = {
    "Person": "person",
    "Organisation": "organisation",
    "Provider": "provider",
    "Service": "service",
    "Authority": "authority",
    "Register": "register",
}
"""The types that have node ids, by their name in GraphQL."""


class Key(NamedTuple):
    """A thing, as somebody looks at it."""

    type: FactType
    id: str
    view: View = NOW


async def find_many(ledger: Ledger, keys: Sequence[Key]) -> list[Fact | None]:
    """The holding version of each, in their order; None for what is unknown. One read for each type and view."""
    together: defaultdict[tuple[FactType, View], list[str]] = defaultdict(list)
    for key in keys:
        together[key.type, key.view].append(key.id)
    found = {(fact_type, view): await ledger.find(fact_type, ids, view) for (fact_type, view), ids in together.items()}
    return [found[key.type, key.view].get(key.id) for key in keys]


async def sight_at(ledger: Ledger, as_of: str | None, known_at: int | None, at: int | None) -> Sight:
    """The sight at a token. Raises BadToken, and LedgerBehind for a token that the ledger has not reached."""
    reading = Reading(as_of=as_of)
    return Sight(await position(await answering(ledger, reading), reading), known_at, at)


def position_of(as_of: str) -> int | None:
    """The position of a decision's own token; None where it has none."""
    return Token.parse(as_of).position if as_of else None


def node_id(type_name: str, thing_id: str) -> str:
    """The id of this thing among all types."""
    return "~" + urlsafe_b64encode(f"{type_name}:{thing_id}".encode()).decode().rstrip("=")


def read_node_id(text: str, field: str = "id") -> tuple[str, str]:
    """The type's name and the thing's own id. Raises BadInput."""
    try:
        plain = urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)).decode() if text.startswith("~") else ""
    except (NotBase64, UnicodeError, ValueError):
        plain = ""
    type_name, colon, thing_id = plain.partition(":")
    if not colon or type_name not in NODE_TYPES:
        raise BadInput([Problem("WRONG_VALUE", field=field, expected="a nodeId, which begins with ~")])
    return type_name, thing_id


def own_id(text: str, field: str, *type_names: str) -> str:
    """The thing's own id from either form. Raises BadInput for the node id of another type."""
    if not text.startswith("~"):
        return text
    type_name, thing_id = read_node_id(text, field)
    if type_name not in type_names:
        expected = f"the id of a {' or '.join(type_names)}"
        raise BadInput([Problem("WRONG_VALUE", field=field, found=f"that of a {type_name}", expected=expected)])
    return thing_id
