"""A name and a birth date that two people bear: each has the measure in doubt, all the way to the decision."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from authority.decision import Decision
from authority.moments import day
from graph.ledger import Ledger
from tests.graph.registers.brp_server import person
from tests.graph.registers.town import GRANTEE, GRANTOR, OWNER, PARTNER, RESTRICTED, Town, entry, pid, town


def said(decision: Decision) -> str:
    return f"{decision.outcome} {decision.reason}"


def mandate(grantor: str) -> str:
    """A row of the DigiD Machtigen example, from the grantor to PARTNER."""
    row = {
        "machtiging": f"M-{grantor}",
        "vertegenwoordigde": grantor,
        "gemachtigde": PARTNER,
        "diensten": "UMC-DOSSIER,BELASTING-AANGIFTE",
        "status": "actief",
        "ingang": "2026-01-15",
        "geldig_tot_en_met": "2028-01-14",
    }
    return json.dumps(row) + "\n"


async def settled(here: Town, measure: str) -> None:
    """Two people of one name and birth date, each with a mandate; the CCBR knows one of the two."""
    here.brp.people[RESTRICTED] = person(RESTRICTED, "1950-04-05", naam={"geslachtsnaam": "Van  Voorbéeld"})
    here.ccbr.entries = []
    here.drop("digid-machtigen/2026-11-24T11.jsonl", mandate(OWNER) + mandate(RESTRICTED))
    await here.sync()
    for grantor in (OWNER, RESTRICTED, GRANTOR):
        holder = GRANTEE if grantor == GRANTOR else PARTNER
        assert said(await here.ask(holder, grantor, "tax/return")) == "PERMIT VOLUNTARY_MANDATE"
    here.ccbr.entries = [
        entry("C-9", measure, "van Voorbeeld", "1950-04-05", "G. Voorbeeld") | {"started_on": "2026-06-01"}
    ]
    here.clock += 60_000_000
    await here.sync("ccbr")


@pytest.mark.parametrize("measure", ["CURATELE", "BEWIND"])
async def test_a_match_that_could_be_two_people(ledger: Ledger, tmp_path: Path, measure: str) -> None:
    async with town(ledger, tmp_path / "town") as here:
        await settled(here, measure)
        for candidate in (OWNER, RESTRICTED):
            assert said(await here.ask(GRANTEE, candidate, "bank/account")) == "INDETERMINATE UNDER_INVESTIGATION"
            assert said(await here.ask(PARTNER, candidate, "tax/return")) == "DENY LAPSED_BY_MEASURE"
        # nobody else is touched
        assert said(await here.ask(GRANTEE, GRANTOR, "tax/return")) == "PERMIT VOLUNTARY_MANDATE"
        assert said(await here.ask(GRANTEE, GRANTOR, "umc/record")) == "PERMIT VOLUNTARY_MANDATE"
        assert said(await here.ask(GRANTOR, GRANTOR, "tax/return")) == "PERMIT SELF"
        who = ", ".join(sorted((pid(OWNER), pid(RESTRICTED))))
        assert [n.sentence for n in here.store.notices("ccbr")] == [
            f"entry C-9 could be any of {who}: each has it under investigation"
        ]

        # absence proves nothing: what it no longer shows is not taken back
        here.ccbr.entries = []
        here.clock = day("2026-11-26")
        await here.sync()
        assert said(await here.ask(GRANTEE, OWNER, "bank/account")) == "INDETERMINATE UNDER_INVESTIGATION"
        assert said(await here.ask(PARTNER, RESTRICTED, "tax/return")) == "DENY LAPSED_BY_MEASURE"


async def test_one_match_is_a_doubt_where_not_everybody_is_known(ledger: Ledger, tmp_path: Path) -> None:
    async with town(ledger, tmp_path / "town", everybody_known=False) as here:
        await here.sync()
        assert said(await here.ask(GRANTEE, RESTRICTED, "bank/account")) == "INDETERMINATE UNDER_INVESTIGATION"
