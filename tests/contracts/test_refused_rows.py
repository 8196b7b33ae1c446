"""A row that nobody understands may be the one that takes something back: what it is about is in doubt at once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from authority.decision import Decision
from graph.ledger import Ledger
from graph.registers.polling import replay
from graph.registers.scheduler import Scheduler
from tests.graph.registers.town import GRANTEE, GRANTOR, OWNER, Town, pid, town


@pytest.fixture
async def here(ledger: Ledger, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(ledger, tmp_path / "town") as made:
        await made.sync("brp", "provider", "digid-machtigen")
        assert said(await made.ask(GRANTEE, GRANTOR, "umc/record")) == "PERMIT VOLUNTARY_MANDATE"
        made.clock += 60_000_000
        yield made


def said(decision: Decision) -> str:
    return f"{decision.outcome} {decision.reason}"


def row(**changed: object) -> str:
    """The mandate of the example as its register states it, with some of it changed."""
    stated = {
        "machtiging": "M-1001",
        "vertegenwoordigde": GRANTOR,
        "gemachtigde": GRANTEE,
        "diensten": "UMC-DOSSIER",
        "status": "actief",
        "ingang": "2026-01-15",
        "geldig_tot_en_met": "2028-01-14",
    }
    return json.dumps(stated | changed) + "\n"


async def drop(here: Town, *rows: str) -> None:
    here.clock += 60_000_000
    here.drop(f"digid-machtigen/2028-{here.clock}.jsonl", "".join(rows))
    scheduler = Scheduler([], here.ledger, here.store, clock=lambda: here.clock)
    assert (await scheduler.sync(here.sources["digid-machtigen"])).failed is None


async def test_a_row_that_the_mapping_refuses(here: Town) -> None:
    other = row(machtiging="M-1003", vertegenwoordigde=OWNER)
    await drop(here, row(status="opgezegd"), other)
    assert [q.problem for q in here.store.quarantine()] == ["column 'status': a word that the mapping does not know"]
    assert said(await here.ask(GRANTEE, GRANTOR, "umc/record")) == "INDETERMINATE UNDER_INVESTIGATION"
    assert said(await here.ask(GRANTEE, OWNER, "umc/record")) == "PERMIT VOLUNTARY_MANDATE"
    # the source says it again so that it is understood
    await drop(here, row(status="ingetrokken"))
    assert said(await here.ask(GRANTEE, GRANTOR, "umc/record")) == "DENY WITHDRAWN"


async def test_a_row_that_breaks_facts_md_and_is_mended(here: Town) -> None:
    await drop(here, row(geldig_tot_en_met="2025-12-31"))
    (waiting,) = here.store.quarantine()
    assert "valid_until" in waiting.problem
    assert said(await here.ask(GRANTEE, GRANTOR, "umc/record")) == "INDETERMINATE UNDER_INVESTIGATION"
    mended = json.dumps(json.loads(waiting.raw) | {"register": "DIGID_MACHTIGEN", "valid_until": "2027-01-01"})
    await replay(waiting.number, here.ledger, here.store, now=here.clock + 1, mended=mended)
    here.clock += 1
    decision = await here.ask(GRANTEE, GRANTOR, "umc/record")
    assert said(decision) == "PERMIT VOLUNTARY_MANDATE"
    assert decision.grounds == (f"digid/{json.loads(row())['machtiging']}",)


async def test_of_two_rows_about_one_mandate_the_later_one_holds(here: Town) -> None:
    await drop(here, row(), row(status="ingetrokken"))
    assert here.store.quarantine() == []
    assert said(await here.ask(GRANTEE, GRANTOR, "umc/record")) == "DENY WITHDRAWN"
    await drop(here, row(status="ingetrokken"), row())
    assert said(await here.ask(GRANTEE, GRANTOR, "umc/record")) == "PERMIT VOLUNTARY_MANDATE"


async def test_a_good_row_and_one_that_is_not_understood_about_one_mandate(here: Town) -> None:
    await drop(here, row(diensten="UMC-AFSPRAAK"), row(status="?"))
    assert said(await here.ask(GRANTEE, GRANTOR, "umc/treatment")) == "INDETERMINATE UNDER_INVESTIGATION"


async def test_a_row_about_somebody_else_under_the_same_number_takes_nothing_over(here: Town) -> None:
    """Out of order and about people we do not know: who is unknown has no ground, and the mandate is as last said."""
    await drop(here, row(vertegenwoordigde="900000099", gemachtigde="900000098", machtiging="M-7"))
    assert here.store.quarantine() == []
    assert said(await here.ask("900000098", "900000099", "umc/record")) == "DENY NO_GROUND"
    assert pid("900000098") != pid(GRANTEE)
