"""The mandate desk of a server: its store, its secret, its terms; and how a deed is done so that no crash halves it."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from base64 import b32encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any, Final, cast

import msgspec

from authority.facts import Fact
from authority.mandates import Terms
from authority.moments import DAY_US
from graph.desk import Codes, Desk
from graph.desk.attempts import Limit
from graph.desk.deeds import Overtaken, carry_out
from graph.desk.outbox import About, MessageKind, NewMessage
from graph.errors import LedgerUnavailable
from graph.ledger import Appended, Ledger, Token
from graph.replica import Replica
from resolvers.caller import Caller
from resolvers.refusals import Refused
from resolvers.telling import Change

HOUR_US: Final = 3_600_000_000
OURS: Final = "mandate"
"""Ids of mandates that were made here begin with it."""
_TRIES: Final = 10
"""How often a deed is planned anew because another was faster."""


class Limits(msgspec.Struct, frozen=True):
    """How often somebody may do something; who goes past it is told to come back later."""

    wrong_codes_an_hour: int = 5
    wrong_codes_a_day: int = 15
    wrong_codes_about_one_a_day: int = 20
    requests_a_day: int = 10
    requests_a_day_for_organisation: int = 500
    letters_about_one_a_month: int = 5
    letters_of_one_helper_a_month: int = 3
    withdrawals_an_hour: int = 50
    at_counter_an_hour: int = 60


class Office(msgspec.Struct, frozen=True):
    """`codes` None: no key is configured, and nothing with a code is offered. `letters`: a letter can be sent."""

    desk: Desk
    codes: Codes | None
    terms: Terms = Terms()
    limits: Limits = Limits()
    letters: bool = False


class _AtRecord:
    """Reads the record itself, and writes through its replica, which then answers nothing older in this process."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def __getattr__(self, name: str) -> Any:
        return getattr(self._replica.record, name)

    async def append(self, facts: Sequence[Fact]) -> Appended:
        return await self._replica.append(facts)


def at_record(ledger: Ledger) -> Ledger:
    """The ledger for who changes something: a copy that is a second behind may not know of a withdrawal."""
    return cast("Ledger", _AtRecord(ledger)) if isinstance(ledger, Replica) else ledger


class Attributed(msgspec.Struct, frozen=True):
    """What a deed's own mutation tells of it, for whoever finishes it after a crash."""

    change: Change
    caller: Caller


class Plan(msgspec.Struct, frozen=True):
    """What a deed does. `seen`: by fact, when the version that was read was recorded; None: there was none.

    `also`: what else changes in the desk, in the same transaction.
    """

    facts: Sequence[Fact]
    seen: Mapping[str, int | None]
    change: Change
    messages: Sequence[NewMessage] = ()
    also: Callable[[sqlite3.Connection], None] | None = None


async def perform(
    ledger: Ledger, desk: Desk, caller: Caller, over: Sequence[str], plan: Callable[[], Awaitable[Plan]], now: int
) -> Token:
    """Do it once and whole; durable when it returns. `over`: the facts that it may state, as `deeds.named` has them.

    What others have begun over the same facts is finished first, and `plan` reads after that; it may raise
    Overtaken to read again. Raises what else it raises.
    """
    for _ in range(_TRIES):
        await finish(ledger, desk, over, now)
        try:
            planned = await plan()
            if not planned.facts:
                return await ledger.head()
            told = msgspec.json.encode(Attributed(planned.change, caller))
            deed = await asyncio.to_thread(
                desk.deeds.begin, planned.facts, planned.seen, planned.messages, told, now, planned.also
            )
        except Overtaken:
            continue
        return await carry_out(ledger, desk.deeds, deed, now, told=True)
    raise LedgerUnavailable("others change the same thing all the time; try again")


async def finish(ledger: Ledger, desk: Desk, over: Sequence[str], now: int) -> None:
    """What others have begun over these facts is done."""
    for deed in desk.deeds.under_way(over=over):
        await carry_out(ledger, desk.deeds, deed, now, told=False)


async def settle(
    ledger: Ledger, desk: Desk, now: int, tell_of: Callable[[Change, Caller], None], *, begun_before: int | None = None
) -> int:
    """Finish what a crash left unfinished, and tell it as its own mutation would have; how many there were."""
    for deed in desk.deeds.under_way(begun_before=begun_before):
        await carry_out(ledger, desk.deeds, deed, now, told=False)
    finished = desk.deeds.untold(begun_before)
    for deed in finished:
        told = msgspec.json.decode(deed.told, type=Attributed)
        tell_of(msgspec.structs.replace(told.change, as_of=str(await ledger.head())), told.caller)
        await asyncio.to_thread(partial(desk.deeds.finish, deed, now, told=True))
    return len(finished)


async def limited(desk: Desk, limits: Sequence[Limit], now: int, code: str = "TOO_MANY_REQUESTS") -> tuple[int, ...]:
    """Count a try against these. Raises Refused."""
    taken = await asyncio.to_thread(desk.attempts.take, limits, now)
    if taken is None:
        raise Refused(code)
    return taken


def new_id(kind: str) -> str:
    """An id that nobody guesses: `kind/` and 128 random bits."""
    return f"{kind}/{b32encode(secrets.token_bytes(16)).decode().rstrip('=').lower()}"


def message(kind: MessageKind, recipient: str, about: About, version: int) -> NewMessage:
    """`version`: of the mandate, so that each change is told once to each side."""
    said = f"{about.mandate}\0{kind}\0{version}\0{about.side}"
    return NewMessage(sha256(said.encode()).hexdigest()[:40], kind, recipient, about)


__all__ = [
    "DAY_US",
    "HOUR_US",
    "OURS",
    "Limits",
    "Office",
    "Plan",
    "at_record",
    "finish",
    "limited",
    "message",
    "new_id",
    "perform",
    "settle",
]
