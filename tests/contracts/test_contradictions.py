"""Sources that contradict each other are shown, whichever door the facts came through, on every kind of graph."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from authority.moments import day
from graph.importing import import_facts
from graph.ledger import Ledger
from graph.reading import Source
from graph.registers.connector import Page, Row
from graph.registers.polling import Terms, poll_once, replay
from graph.registers.store import ConnectorStore
from tests.server.asking import ask, in_process
from tests.server.test_metrics import at, told

NOW = day("2026-11-27")
SHOWN = "{ contradictions(first: 1) { nodes { person { id } sentence since } totalCount complete } }"
RECORD = "mutation($f: [JSON!]!) { recordFacts(facts: $f) { recorded userErrors { message } } }"


def stated(child: str, register: str, kind: str, holder: str | None, **more: object) -> dict[str, object]:
    fact = {"fact": "authority", "id": f"{register}/{child}/{holder}", "register": register, "kind": kind}
    return fact | {"representative": holder, "represented": child} | more


class Here:
    """A server without sources of its own, over a ledger into which facts come by other doors."""

    def __init__(self, ledger: Ledger, store: ConnectorStore, folder: Path) -> None:
        self.ledger, self.store, self.folder, self.clock = ledger, store, folder, NOW
        self.client: httpx.AsyncClient

    async def shown(self) -> dict[str, Any]:
        found: dict[str, Any] = (await ask(self.client, SHOWN))["contradictions"]
        assert found["complete"]
        return found

    async def poll(self, *facts: dict[str, object]) -> None:
        """By a connector of the court's."""

        class Court:
            name, register = "court", "GEZAGSREGISTER"

            async def poll(self, since: str) -> Page:
                return Page([Row(f"row {n}", fact, json.dumps(fact)) for n, fact in enumerate(facts)], since)

        taken = await poll_once(Court(), Terms(every=1), self.ledger, self.store, now=self.clock, chance=lambda: 0.0)
        assert taken.failed is None

    async def load(self, *facts: dict[str, object]) -> None:
        """By `machtigen import`."""
        path = self.folder / "facts.jsonl"
        path.write_text("".join(json.dumps(fact) + "\n" for fact in facts))
        with Source(str(path)) as source:
            await import_facts(self.ledger, source, recorded_at=self.clock)


@pytest.fixture
async def here(ledger: Ledger, tmp_path: Path) -> AsyncIterator[Here]:
    store = ConnectorStore(tmp_path / "connectors.sqlite")
    made = Here(ledger, store, tmp_path)
    async with in_process(ledger, clock=lambda: made.clock, watchlist=tmp_path / "connectors.sqlite") as client:
        made.client = client
        yield made
    store.close()


async def test_by_every_door(here: Here) -> None:
    assert (await here.shown())["totalCount"] == 0
    brp = [stated(f"c{n}", "BRP", "PARENTAL_SOLE", "p") for n in range(4)]
    await here.load(*brp, stated("c0", "GEZAGSREGISTER", "PARENTAL_SOLE", "q"))
    assert (await here.shown())["totalCount"] == 1, "import"

    court = [stated(f"c{n}", "GEZAGSREGISTER", "GUARDIANSHIP", None) for n in range(4)]
    recorded = await ask(here.client, RECORD, {"f": [court[1]]})
    assert recorded["recordFacts"] == {"recorded": 1, "userErrors": []}
    assert (await here.shown())["totalCount"] == 2, "recordFacts"

    await here.poll(court[2], court[3] | {"valid_from": "nonsense"})
    assert (await here.shown())["totalCount"] == 3, "a connector"
    (row,) = here.store.quarantine()
    await replay(row.number, here.ledger, here.store, now=here.clock, mended=json.dumps(court[3]))
    found = await here.shown()
    assert found["totalCount"] == 4, "the quarantine"
    assert found["nodes"] == [
        {
            "person": {"id": "c0"},
            "sentence": "sources disagree about c0 since 2026-11-27: BRP says PARENTAL_SOLE of p; GEZAGSREGISTER says"
            " PARENTAL_SOLE of q",
            "since": "2026-11-26T23:00:00Z",
        }
    ]
    assert len(here.store.notices()) == 4
    metrics = await told(here.client)
    assert (at(metrics, "contradictions"), at(metrics, "contradictions_unread_facts")) == (4, 0)


async def test_a_block_and_a_measure_and_what_begins_later(here: Here) -> None:
    disagree = "sources disagree about BEWIND over a"
    block: dict[str, object] = {
        "fact": "block",
        "id": "b",
        "provider": "umc",
        "represented": "c",
        "representative": "p",
    }
    await here.load(stated("c", "BRP", "PARENTAL_SOLE", "p"), block | {"reason": "RULING"})
    await here.load(
        {"fact": "person", "id": "a", "born": "1960-01-01"},
        stated("a", "CCBR", "BEWIND", "q", valid_from="2020-01-01"),
        stated("a", "COURT", "BEWIND", "r", valid_from="2027-01-01"),
    )
    assert [each["person"]["id"] for each in (await here.shown())["nodes"]] == ["a"]
    assert [notice.sentence for notice in here.store.notices()] == [
        "umc recorded a ruling against p over c since 2026-11-27, whom BRP still shows",
        f"{disagree} since 2026-11-27: CCBR says of q from 2020-01-01; COURT says it begins on 2027-01-01",
    ]
    here.clock = day("2027-01-02")
    assert (await here.shown())["totalCount"] == 2
    newest = f"{disagree} since 2027-01-01: CCBR says of q from 2020-01-01; COURT says of r from 2027-01-01"
    assert here.store.notices()[0].sentence == newest
