"""The ledger: one protocol, two homes (DESIGN.md chapter 5). `tests/contracts` runs the same cases on both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

import msgspec

from authority.codes import FactType
from authority.facts import Fact, Register
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from graph.errors import BadToken


class Token(msgspec.Struct, frozen=True, order=True, gc=False):
    """A position in one ledger, as text `ledger.position`. Position 0 is the empty ledger."""

    ledger: str
    position: int

    def __str__(self) -> str:
        return f"{self.ledger}.{self.position}"

    @classmethod
    def parse(cls, text: str) -> Token:
        """Raises BadToken."""
        ledger, dot, position = text.rpartition(".")
        if not dot or not ledger or not position.isascii() or not position.isdigit() or len(position) > 18:
            raise BadToken(f"not a ledger token: {text[:80]!r}")
        return cls(ledger, int(position))


class Change(msgspec.Struct, frozen=True, gc=False):
    """One position of the ledger. `line` is the fact's canonical JSON line without newline (`graph.intake`)."""

    position: int
    hash: bytes
    line: bytes


class Appended(msgspec.Struct, frozen=True, gc=False):
    """`token`: the ledger's position after the write; `recorded`: how many facts were new."""

    token: Token
    recorded: int


class View(msgspec.Struct, frozen=True, gc=False):
    """How a reader looks: `as_of` a ledger position (None: the newest), `known_at` what registers knew by then."""

    as_of: int | None = None
    known_at: int | None = None


NOW = View()


class Node(msgspec.Struct, frozen=True, gc=False):
    """A node of the graph to browse: a thing with its newest fact, or one only mentioned (`fact` None)."""

    type: str
    id: str
    fact: Fact | None


class Edge(msgspec.Struct, frozen=True, gc=False):
    """A directed relation, named as in Neo4j: HOLDS, OVER, COVERS, RECORDED_IN, OFFERS, WORKS_FOR, …"""

    relation: str
    source: tuple[str, str]
    target: tuple[str, str]


class Subgraph(msgspec.Struct, frozen=True, gc=False):
    """What a walk found. `complete` False: `limit` was reached and there is more."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    complete: bool


class Verification(msgspec.Struct, frozen=True, gc=False):
    """`problems` is empty where every content matches its hash and every hash the chain; else one line each."""

    token: Token
    head: str
    problems: tuple[str, ...]


class Ledger(Protocol):
    """Append-only, bitemporal, hash-chained. All ids are opaque; every list is sorted by id and pages completely."""

    batch_facts: int
    """How many facts at once it takes in fastest, for who has many."""
    follow_every_s: float
    """How often to look at its head, for who follows what others write."""

    async def head(self) -> Token:
        """The newest position."""
        ...

    async def chained(self) -> tuple[Token, str]:
        """The newest position, and the chain's link there in hexadecimal: equal links, equal ledgers up to there."""
        ...

    async def append(self, facts: Sequence[Fact]) -> Appended:
        """Record facts in this order, all or none, durable when it returns.

        A fact whose `(type, id, recorded_at)` and content are in the ledger already is no change (facts.md 1). The
        facts have passed `graph.intake`. Writers are serialised.
        """
        ...

    def changes(self, after: int = 0, limit: int | None = None) -> AsyncIterator[Change]:
        """Positions after `after`, in order, without gaps, up to the newest one at the call."""
        ...

    async def neighbourhood(self, question: Question, as_of: int | None = None) -> Neighbourhood:
        """All facts that can matter to the question, the versions that hold at its `known_at`, as of a position."""
        ...

    async def neighbourhoods(self, questions: Sequence[Question], as_of: int | None = None) -> list[Neighbourhood]:
        """The same for many questions, all read at one position."""
        ...

    async def find(self, fact_type: FactType, ids: Sequence[str], view: View = NOW) -> dict[str, Fact]:
        """The holding versions of these ids; unknown and retracted ones are left out."""
        ...

    async def holding_versions(self, keys: Sequence[tuple[FactType, str]]) -> dict[tuple[FactType, str], Fact]:
        """The newest holding version of each key, retracted ones too; for intake (no change, references)."""
        ...

    async def versions(
        self, keys: Sequence[tuple[FactType, str]], view: View = NOW
    ) -> dict[tuple[FactType, str], tuple[int, Fact]]:
        """The version of each key that holds in this view, retracted ones too, with its position."""
        ...

    async def history(self, fact_type: FactType, fact_id: str) -> list[tuple[int, Fact]]:
        """Every version with its position, in ledger order."""
        ...

    async def ids(self, fact_type: FactType, after: str = "", limit: int = 50) -> list[str]:
        """Ids of this type in ascending order, after one of them; retracted ones too."""
        ...

    async def services_of(self, provider: str) -> list[str]:
        """Ids of services that any version placed with this provider."""
        ...

    async def represented_by(self, holder: str, after: str = "", limit: int = 50) -> list[str]:
        """Ids of people over whom any version of an authority ever named this holder."""
        ...

    async def holders_over(self, represented: str) -> list[str]:
        """Ids of people and organisations that any version of an authority over this person ever named."""
        ...

    async def employees_of(self, organisation: str, after: str = "", limit: int = 50) -> list[str]:
        """Ids of people whom any version of an employment ever named at this organisation."""
        ...

    async def registers(self, view: View = NOW) -> Mapping[str, Register]:
        """Every register fact that holds, by id."""
        ...

    async def walk(self, node: tuple[str, str], depth: int = 1, limit: int = 200) -> Subgraph:
        """The nodes within `depth` relations of `(type, id)`, at most `limit`, nearest first."""
        ...

    async def stats(self) -> dict[str, int]:
        """Things and positions counted: `facts`, and the number of ids by type."""
        ...

    async def authorities_stated(self) -> dict[str, int]:
        """By register, over how many authorities its word holds now: their newest version is its, and not retracted.

        Kept as facts are written, so that it costs the same in a graph of any size. Registers without any may be left
        out.
        """
        ...

    async def verify(self) -> Verification:
        """Read every position; check content against hash and hash against chain."""
        ...

    async def close(self) -> None:
        """Let go of files and connections."""
        ...
