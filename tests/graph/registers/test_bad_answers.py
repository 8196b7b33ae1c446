"""What a register can do wrong beside talking nonsense: hang, repeat itself, speak out of order, stay down."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence

import httpx
import pytest

from authority.facts import Authority
from authority.moments import day, local_day
from graph.embedded import EmbeddedGraph
from graph.pseudonyms import Pseudonyms
from graph.registers import scheduler as scheduling
from graph.registers.brp import Brp
from graph.registers.connector import Page, Row, SourceFailed
from graph.registers.health import OPENS_AFTER
from graph.registers.polling import Terms, poll_once
from graph.registers.scheduler import Scheduler, Source
from graph.registers.store import ConnectorStore
from tests.graph.registers.brp_server import brp_server, person

NOW = day("2026-11-24")
CHILD = "900000001"


async def test_a_server_that_hangs(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    go_on = threading.Event()

    def hang(said: bytes) -> bytes:
        go_on.wait(30)
        return said

    with brp_server() as brp:
        brp.people = {CHILD: person(CHILD)}
        async with httpx.AsyncClient() as client:
            source = Brp(
                name="brp",
                url=brp.url,
                key=None,
                client=client,
                ledger=ledger,
                pseudonyms=Pseudonyms({1: b"k" * 32}, eleven_test=False),
                numbers=lambda: [CHILD] * 25,
                today=lambda: local_day(NOW),
            )
            brp.spoil = hang
            hurried = Terms(every=1, timeout=200_000)
            taken = await poll_once(source, hurried, ledger, store, now=NOW, chance=lambda: 0.0)
            go_on.set()
            assert taken.failed == "brp: no answer within 0.2 s"
            assert (store.watermark("brp"), await ledger.ids("person", limit=1)) == ("", [])
            brp.spoil = None
            assert (await poll_once(source, Terms(every=1), ledger, store, now=NOW, chance=lambda: 0.0)).failed is None
            assert (store.watermark("brp"), len(await ledger.ids("person", limit=9))) == ("20", 1)


class Given:
    """A source that gives these pages whatever it is asked for, one after the other."""

    name, register = "court", "GEZAGSREGISTER"

    def __init__(self, pages: Sequence[Sequence[dict[str, object]]]) -> None:
        self.pages, self.polls = list(pages), 0

    async def poll(self, since: str) -> Page:
        facts = self.pages[self.polls % len(self.pages)]
        self.polls += 1
        rows = [Row(f"page {self.polls}", fact, json.dumps(fact)) for fact in facts]
        return Page(rows, str(self.polls), more=self.polls < len(self.pages))


def guardianship(**more: object) -> dict[str, object]:
    return {
        "fact": "authority",
        "id": "g1",
        "kind": "GUARDIANSHIP",
        "representative": "p1",
        "represented": "c",
    } | more


async def sync(source: Given, ledger: EmbeddedGraph, store: ConnectorStore, now: int = NOW) -> int:
    return (await Scheduler([], ledger, store, clock=lambda: now).sync(Source(source, Terms(every=1)))).recorded


async def test_the_same_page_again_and_again_is_no_change(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    assert await sync(Given([[guardianship()]] * 5), ledger, store) == 1
    assert await sync(Given([[guardianship()]] * 5), ledger, store, NOW + 60_000_000) == 0
    assert len(await ledger.history("authority", "g1")) == 1


async def test_pages_out_of_order_end_in_what_was_recorded_last(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    newer = guardianship(recorded_at="2026-11-20T00:00:00Z", status="ENDED")
    older = guardianship(recorded_at="2026-11-10T00:00:00Z")
    assert await sync(Given([[newer], [older]]), ledger, store) == 2
    (held,) = (await ledger.holding_versions([("authority", "g1")])).values()
    assert isinstance(held, Authority)
    assert held.status == "ENDED"


class Down(Given):
    async def poll(self, since: str) -> Page:
        self.polls += 1
        raise SourceFailed("court: cannot be reached")


async def test_a_source_that_is_down_is_asked_less_and_less_and_then_one_try_decides(
    ledger: EmbeddedGraph, store: ConnectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "_SLEEP_S_MAX", 0.001)
    clock = NOW
    source = Down([[]])
    driven = Scheduler([Source(source, Terms(every=1))], ledger, store, clock=lambda: clock, chance=lambda: 0.0)
    running = asyncio.create_task(driven.run())
    try:
        waits = []
        for tries in range(1, OPENS_AFTER + 3):
            while source.polls < tries:  # noqa: ASYNC110  # what runs beside us is what is tested
                await asyncio.sleep(0.001)
            await asyncio.sleep(0.02)
            assert source.polls == tries  # not once more before its time
            health = store.health("court")
            assert health.breaker(clock) == ("OPEN" if tries >= OPENS_AFTER else "CLOSED")
            waits.append(health.next_try - clock)
            clock = health.next_try
        assert waits == [500_000 << n for n in range(OPENS_AFTER + 2)]
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
