"""What the desk does by itself: finish what a crash left, look at what helpers asked, and send what is to go out."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import httpx

from authority.facts import Provider, Service
from graph.desk import Desk
from graph.desk.outbox import Message
from graph.ledger import Ledger
from graph.turn import Turn
from resolvers.caller import Caller
from resolvers.mandate_requests import look_at_requests
from resolvers.mandates import keep_withdrawn_ones
from resolvers.office import DAY_US, Office, at_record, settle
from resolvers.telling import Change
from server.audit.records import Asking, Trace, records_of
from server.audit.trail import Trail
from server.desk.post import Later, Never, Post
from server.desk.settings import DeskFile
from server.desk.texts import Names

_LOG: Final = logging.getLogger("machtigen.desk")
_EVERY_S: Final = 1.0
_TIDY_EVERY: Final = 3_600
"""Rounds, so once an hour."""
_BEGUN_BEFORE_US: Final = 10_000_000
"""A deed younger than this may be under way in another worker."""
_TOGETHER: Final = 20
TRIES_MAX: Final = 16
_FIRST_WAIT_US: Final = 30_000_000
_WAIT_MAX_US: Final = 6 * 3_600_000_000
_KEEP_SENT_US: Final = 30 * DAY_US
_KEEP_ATTEMPTS_US: Final = 2 * DAY_US
_KEEP_DEEDS_US: Final = 7 * DAY_US
_KEEP_REQUESTS_US: Final = 730 * DAY_US


@asynccontextmanager
async def kept(
    file: DeskFile | None, ledger: Ledger, clock: Callable[[], int], trail: Trail | None
) -> AsyncIterator[Office | None]:
    """The desk, open, and driven by whichever worker has the turn; None: there is none."""
    if file is None:
        yield None
        return
    desk = Desk(file.path)
    turn = Turn(Path(f"{file.path}.lock"))
    try:
        async with httpx.AsyncClient(follow_redirects=False) as client:
            post = file.post(client)
            office = Office(desk, file.codes(), terms=file.terms(), letters=post.sends_letters)
            rounds = Rounds(at_record(ledger), office, post, clock, trail)
            driving = asyncio.create_task(_drive(turn, rounds), name="desk")
            try:
                yield office
            finally:
                driving.cancel()
                with suppress(asyncio.CancelledError):
                    await driving
    finally:
        turn.give_up()
        desk.close()


async def checked(file: DeskFile) -> None:
    """Open it once. Raises BadConfiguration and LedgerUnavailable, in one line."""
    file.codes()
    file.terms()
    async with httpx.AsyncClient() as client:
        file.post(client)
    Desk(file.path).close()


class Rounds:
    """One round does a little of everything; whatever is broken off is done again."""

    def __init__(
        self, ledger: Ledger, office: Office, post: Post, clock: Callable[[], int], trail: Trail | None = None
    ) -> None:
        self._ledger, self._office, self._post, self._clock, self._trail = ledger, office, post, clock, trail
        self._first, self._rounds = True, 0

    async def round(self) -> None:
        """What goes wrong in one of its parts does not keep the others from their turn."""
        for part in (self._settle, self._keep, self._look, self._send, self._tidy):
            try:
                await part()
            except Exception as wrong:  # noqa: BLE001 - whatever it is, the next round comes
                _LOG.error("the desk tries again in a moment: %s: %s", type(wrong).__name__, wrong)

    async def _settle(self) -> None:
        now = self._clock()
        # the first finds what was left when the server ended; after that another worker may be at it
        before = None if self._first else now - _BEGUN_BEFORE_US
        await settle(self._ledger, self._office.desk, now, self._tell, begun_before=before)
        self._first = False
        if self._trail is not None:
            await self._trail.sync()

    async def _keep(self) -> None:
        again = await keep_withdrawn_ones(self._ledger, self._office, self._clock())
        if again:
            _LOG.error("%d withdrawn mandates were stated anew by their register, and are withdrawn again", again)

    async def _look(self) -> None:
        await look_at_requests(self._ledger, self._office, self._clock())

    async def _send(self) -> None:
        if self._post.ready:
            due = self._office.desk.outbox.due(self._clock(), _TOGETHER)
            await asyncio.gather(*(self._deliver(message) for message in due))

    async def _tidy(self) -> None:
        """Forget what nobody needs any more."""
        if self._rounds % _TIDY_EVERY == 0:
            now, desk = self._clock(), self._office.desk
            await asyncio.to_thread(desk.outbox.forget_before, now - _KEEP_SENT_US)
            await asyncio.to_thread(desk.attempts.forget_before, now - _KEEP_ATTEMPTS_US)
            await asyncio.to_thread(desk.deeds.forget_before, now - _KEEP_DEEDS_US)
            await asyncio.to_thread(desk.requests.forget_before, now - _KEEP_REQUESTS_US)
        self._rounds += 1

    async def _deliver(self, message: Message) -> None:
        outbox = self._office.desk.outbox
        try:
            names = await names_of(self._ledger, message.about.services)
            means = await self._post.send(message, names, self._office.codes)
        except Later as wrong:
            due_at = next_try(message.attempts + 1, self._clock())
            await asyncio.to_thread(outbox.failed, message.key, str(wrong), due_at)
            if due_at is None:
                _LOG.error("message %s is given up: %s", message.key, wrong)
        except Never as wrong:
            await asyncio.to_thread(outbox.failed, message.key, str(wrong), None)
            _LOG.error("message %s cannot be sent: %s", message.key, wrong)
        else:
            await asyncio.to_thread(outbox.sent, message.key, means, self._clock())

    def _tell(self, change: Change, caller: Caller) -> None:
        if self._trail is not None:
            asking = Asking(Trace.of(""), caller, change.mutation, self._clock())
            self._trail.append(
                records_of([change], asking)
            )  # what cannot be recorded now stays untold until the next round


def next_try(tries: int, now: int) -> int | None:
    """When to try again after so many failures: later each time, and not all at once; None: given up."""
    if tries >= TRIES_MAX:
        return None
    wait = min(_FIRST_WAIT_US * 2 ** (tries - 1), _WAIT_MAX_US)
    return now + int(wait * random.uniform(0.5, 1.5))  # noqa: S311 - no secret


async def names_of(ledger: Ledger, services: tuple[str, ...]) -> Names:
    """What people call these services: `Mijn dossier (Ziekenhuis Zeeduin)`."""
    found = await ledger.find("service", services)
    offering = await ledger.find("provider", sorted({name.partition("/")[0] for name in services}))
    names = {}
    for name in services:
        service, provider = found.get(name), offering.get(name.partition("/")[0])
        short = service.name if isinstance(service, Service) and service.name else name.partition("/")[2]
        where = provider.name if isinstance(provider, Provider) and provider.name else name.partition("/")[0]
        names[name] = f"{short} ({where})"
    return Names(names)


async def _drive(turn: Turn, rounds: Rounds) -> None:
    await turn.wait(_EVERY_S)
    while True:
        await rounds.round()
        await asyncio.sleep(_EVERY_S)
