"""What one request brings with it: ledger, caller, now, language, and a reader that reads things together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from graphql import DocumentNode
from strawberry.dataloader import DataLoader
from strawberry.types import Info as StrawberryInfo

from authority.facts import Fact
from graph.ledger import Ledger, View
from graph.pseudonyms import Pseudonyms
from graph.registers.condition import Condition
from resolvers.caller import Caller
from resolvers.decisions import Answer
from resolvers.live import Live
from resolvers.nodes import Key, find_many
from resolvers.office import Office
from resolvers.reading import Reading
from resolvers.registers import Watch, authorities_stated
from resolvers.statements import Signer
from schema.words import Language

if TYPE_CHECKING:
    from schema.documents import Document


def clock() -> int:
    """The instant now, in microseconds."""
    return time.time_ns() // 1_000


class Context:
    """`now` is one instant for the whole request; things that it looks up by id are read together.

    `watch`: what the server knows of its registers; None: there is no server that asks or counts. `office`: its
    mandate desk; None: it has none. `signer`: who signs its statements; None: nobody. `document`: what is asked,
    validated; None: it has not been read yet. `holds_until`: when the first of the decisions that were given changes by
    itself, in microseconds; None: none does. `latest`: one was asked of the record itself. `live`: what tells
    subscriptions of changes; None: there are none here. `documents`: finds the one that a request means; None: by its
    text alone.
    """

    def __init__(  # noqa: PLR0913 - each is another part of the server
        self,
        ledger: Ledger,
        *,
        caller: Caller,
        pseudonyms: Pseudonyms | None = None,
        accept_language: str = "",
        clock: Callable[[], int] = clock,
        dev: bool = False,
        watch: Watch | None = None,
        office: Office | None = None,
        signer: Signer | None = None,
        live: Live | None = None,
        documents: Documents | None = None,
    ) -> None:
        self.ledger = ledger
        self.caller = caller
        self.pseudonyms = pseudonyms
        self.numbers: Mapping[str, str] = {}
        """The ids of the numbers that this request names people by (`schema.numbers`)."""
        self.watch = watch
        self.office = office
        self.signer = signer
        self.live = live
        self.documents = documents
        self._clock = clock
        self.now = clock()
        self.dev = dev
        self.document: DocumentNode | None = None
        self.holds_until: int | None = None
        self.latest = False
        self._reading: set[asyncio.Task[object]] = set()
        self._accept_language = accept_language

    def renew(self) -> None:
        """For the next event of a subscription: a now of its own, and nothing kept from the one before."""
        self.now = self._clock()
        self._reading.clear()
        for kept in _KEPT:
            self.__dict__.pop(kept, None)

    @cached_property
    def language(self) -> Language:
        """The first of nl and en that `Accept-Language` prefers; nl without one."""
        return preferred_language(self._accept_language)

    def gave(self, answers: Sequence[Answer], how: Reading) -> None:
        """Decisions are given in this request."""
        self.latest = self.latest or how.freshness == "LATEST"
        ends = [each.decision.valid_until for each in answers if each.decision.valid_until is not None]
        if ends:
            self.holds_until = min(ends) if self.holds_until is None else min(self.holds_until, *ends)

    def stop(self) -> None:
        """What is read together is read beside the request; it ends with it."""
        for task in self._reading:
            task.cancel()

    def _begun(self) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._reading.add(task)

    @cached_property
    def things(self) -> DataLoader[Key, Fact | None]:
        """Things by id, all those that are asked at the same time in one read for each type."""

        async def load(keys: list[Key]) -> list[Fact | None]:
            self._begun()
            return await find_many(self.ledger, keys)

        return DataLoader(load)

    @cached_property
    def connectors(self) -> Sequence[Condition]:
        """The condition of each connector of the server, read once for the whole request."""
        return () if self.watch is None else self.watch.conditions(self.now)

    @cached_property
    def authorities_stated(self) -> DataLoader[View, Mapping[str, int] | None]:
        """By view and register, how many authorities hold by its word; one read a view for the whole request."""

        async def load(views: list[View]) -> list[Mapping[str, int] | None]:
            self._begun()
            return [await authorities_stated(self.ledger, view) for view in views]

        return DataLoader(load)


_KEPT: Final = ("things", "connectors", "authorities_stated")

Documents: TypeAlias = "Callable[[str | None, str | None, Mapping[str, Any] | None], Document]"
"""From what a request says, `query`, `documentId` and `extensions`, to the document that it means. Raises Refused."""
Info: TypeAlias = StrawberryInfo[Context, None]


def preferred_language(accept: str) -> Language:
    """RFC 9110 12.5.4, for two languages: the one with the greater weight, Dutch where they are equal."""
    weights = {"nl": 0.0, "en": 0.0}
    for part in accept.lower().split(","):
        tag, _, parameters = part.strip().partition(";")
        try:
            weight = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        for language in weights if tag == "*" else {tag.split("-")[0]} & weights.keys():
            weights[language] = max(weights[language], weight)
    return "EN" if weights["en"] > weights["nl"] else "NL"
