"""What was done for a caller: told by the resolvers, recorded by whoever stands at the door (`server.audit`).

The record is written before the answer leaves. Evidence goes here and never into a fact: what was seen on paper is no
part of what holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import msgspec

from authority.facts import Fact, type_of
from authority.question import Question

if TYPE_CHECKING:
    from resolvers.decisions import Answer

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


class Given(msgspec.Struct, frozen=True, gc=False):
    """Decisions that were given, each by itself.

    `asked_token`: the ledger token that the caller asked for, which tells why an answer is LEDGER_BEHIND.
    `hypothetical`: of a ledger that is not: nobody may act on it.
    """

    answers: Sequence[Answer]
    asked_token: str = ""
    hypothetical: bool = False


class Searched(msgspec.Struct, frozen=True, gc=False):
    """One page of a search: `answers` are those that it found, in order, all at the ledger token `as_of`.

    `kind`: what was looked for, in AuthZEN's words: SUBJECT the representatives of somebody, RESOURCE the represented,
    ACTION the services. `asked`: the question asked of each; what is looked for is not said in it. `after`: where the
    page began, `first`: how many it may hold, `more`: whether there is another page.
    """

    kind: Literal["SUBJECT", "RESOURCE", "ACTION"]
    asked: Question
    answers: Sequence[Answer]
    as_of: str
    after: tuple[str, ...] = ()
    first: int = 0
    more: bool = False


class Failed(msgspec.Struct, frozen=True, gc=False):
    """Questions that could not be answered at all, with the code of the error."""

    questions: Sequence[Question]
    code: str


class Signed(msgspec.Struct, frozen=True, gc=False):
    """A statement that was signed of an answer (`resolvers.statements`). `expires`: seconds since 1970."""

    id: str
    expires: int
    answer: Answer


class Looked(msgspec.Struct, frozen=True, gc=False):
    """What was shown to somebody who looks around in the graph: `type/id` of each; what lies beside it was counted."""

    shown: tuple[str, ...]


Told: TypeAlias = Change | Given | Searched | Failed | Signed | Looked

telling: ContextVar[Callable[[Told], None] | None] = ContextVar("telling", default=None)
"""Who records what is done for a caller now; set at the door. None: there is no door, such as in a command."""


def tell(told: Told) -> None:
    """Hand it to whoever records for this request."""
    record = telling.get()
    if record is not None:
        record(told)


def stated_by(facts: Iterable[Fact]) -> tuple[str, ...]:
    """`type/id` of each, in order."""
    return tuple(f"{type_of(fact)}/{fact.id}" for fact in facts)
