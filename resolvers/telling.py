"""What a caller changed or tried to: told by each mutation, recorded by whoever stands at the door (`server.audit`).

The record is durable before the answer leaves. Evidence goes here and never into a fact: what was seen on paper is no
part of what holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Final, Literal

import msgspec

from authority.facts import Fact, type_of

EvidenceChannel = Literal["ONLINE", "LETTER", "COUNTER", "PAPER"]
EVIDENCE_MAX: Final = 200
"""Characters."""


class Change(msgspec.Struct, frozen=True, gc=False):
    """One change that a caller made or tried.

    `mutation`: its GraphQL name. `as_of`: the ledger's token after it. `facts`: `type/id` of each that was stated.
    `refused`: the codes of its user errors, when nothing was done. `channel`: an EvidenceChannel, or "". `evidence`:
    what was seen, such as a ruling's number or the kind of an identity document; never a BSN and never a name.
    """

    mutation: str
    as_of: str
    facts: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    channel: str = ""
    evidence: str = ""


telling: ContextVar[Callable[[Change], None] | None] = ContextVar("telling", default=None)
"""Who records what a caller changes now; set at the door. None: there is no door, such as in a command."""


def tell(change: Change) -> None:
    """Hand it to whoever records for this request."""
    record = telling.get()
    if record is not None:
        record(change)


def stated_by(facts: Iterable[Fact]) -> tuple[str, ...]:
    """`type/id` of each, in order."""
    return tuple(f"{type_of(fact)}/{fact.id}" for fact in facts)
