"""What Neo4j is given of a fact: the row of its version, the node that people see, and the keys of nodes."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, cast

import msgspec

from authority.codes import FactType
from authority.facts import Ability, Authority, Block, Consent, Employment, Fact, type_of
from graph.chain import content_hash
from graph.intake import line_of
from graph.relations import Key, relations_of

LAST: Final = (1 << 63) - 1
"""After every instant: `known_at` of a view that knows everything recorded."""

_PARTY: Final = ("person", "organisation")


class Relation(NamedTuple):
    """A relation by the keys of its ends."""

    name: str
    source: str
    target: str


class Version(msgspec.Struct, gc=False):
    """A fact on its way into the ledger. `content` is its line's hash, as hexadecimal text."""

    fact: Fact
    type: FactType
    line: str
    content: str
    relations: list[Relation]

    @classmethod
    def of(cls, fact: Fact) -> Version:
        """The work that needs no database."""
        line = line_of(fact)
        return cls(fact, type_of(fact), line.decode(), content_hash(line).hex(), relations_stated(fact))

    @property
    def statement(self) -> tuple[FactType, str]:
        """What it is a version of."""
        return self.type, self.fact.id

    def row(self, position: int, link: str) -> dict[str, Any]:
        """The properties of its `:Fact`. `recorded_at` is in microseconds, so that it can be compared."""
        return {
            "position": position,
            "type": self.type,
            "id": self.fact.id,
            "recorded_at": self.fact.recorded_at,
            "line": self.line,
            "hash": self.content,
            "link": link,
            **searched_by(self.fact),
        }

    def node(self, position: int) -> dict[str, Any]:
        """The properties of the node that people see: the fields as they stand in the line."""
        fields: dict[str, Any] = msgspec.json.decode(self.line)
        del fields["fact"]
        fields["key"], fields["position"] = key_of((self.type, self.fact.id)), position
        return fields


def searched_by(fact: Fact) -> dict[str, str]:
    """What a version is found by besides its own id. `about`: whom it concerns; `holder`: who holds the authority."""
    match fact:
        case Authority(representative=None):
            return {"about": fact.represented}
        case Authority():
            return {"about": fact.represented, "holder": cast("str", fact.representative)}
        case Consent() | Block():
            return {"about": fact.represented}
        case Ability():
            return {"about": fact.person}
        case Employment():
            return {"employer": fact.organisation, "employee": fact.employee}
        case _:
            return {}


def key_of(node: Key) -> str:
    """The key of a node; people and organisations share one set of ids, so they share their keys."""
    node_type, node_id = node
    return f"party/{node_id}" if node_type in _PARTY else f"{node_type}/{node_id}"


def node_of(key: str, *, organisation: bool | None) -> Key:
    """The type and id that a key stands for."""
    node_type, _, node_id = key.partition("/")
    if node_type == "party":
        return ("organisation" if organisation else "person", node_id)
    return (node_type, node_id)


def mention(key: str) -> dict[str, Any]:
    """The node of a thing that is only referred to. A register is a register without a fact too (facts.md 3)."""
    node_type, _, node_id = key.partition("/")
    labels = ["Mentioned", "Register"] if node_type == "register" else ["Mentioned"]
    return {"labels": labels, "properties": {"key": key, "id": node_id}}


def relations_stated(fact: Fact) -> list[Relation]:
    """The relations of the property graph that a version states."""
    return [Relation(edge.relation, key_of(edge.source), key_of(edge.target)) for edge in relations_of(fact)]
