"""The condition of each connector, for whoever watches over a server: no person stands in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

import msgspec

from graph.registers.health import Breaker
from graph.registers.scheduler import Source
from graph.registers.store import ConnectorStore


@runtime_checkable
class TellsPlace(Protocol):
    """A connector whose watermark can be told in words that name nobody. Without it the watermark is not shown."""

    def place(self, watermark: str) -> str:
        """Where the next poll begins; "" is before the first."""
        ...


class Condition(msgspec.Struct, frozen=True, gc=False):
    """Instants in microseconds; None: not yet. `watermark` None: it would name somebody.

    `failures` in a row and `failures_total` ever. `quarantine`: rows that wait; `notices`: those not looked at.
    """

    name: str
    register: str
    watermark: str | None
    breaker: Breaker
    failures: int
    failures_total: int
    last_error: str | None
    last_heard: int | None
    next_try: int | None
    quarantine: int
    notices: int


def conditions(sources: Iterable[Source], store: ConnectorStore, now: int) -> list[Condition]:
    """One for each source, in their order."""
    waiting, notices = store.waiting(), store.noticed()
    found = []
    for source in sources:
        connector = source.connector
        health = store.health(connector.name)
        watermark = store.watermark(connector.name)
        found.append(
            Condition(
                name=connector.name,
                register=connector.register,
                watermark=connector.place(watermark) if isinstance(connector, TellsPlace) else None,
                breaker=health.breaker(now),
                failures=health.failures,
                failures_total=health.failures_total,
                last_error=health.last_error,
                last_heard=health.last_success,
                next_try=health.next_try or None,
                quarantine=waiting.get(connector.name, 0),
                notices=notices.get(connector.name, 0),
            )
        )
    return found
