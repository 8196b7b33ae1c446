from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from graph.embedded import EmbeddedGraph
from resolvers.telling import EVIDENCE_MAX, Change, Told, tell, telling
from tests.schema.asking import data, error
from tests.schema.conftest import ledger
from tests.server.asking import ROOT

__all__ = ["ledger"]
RECORD = """mutation($facts: [JSON!]!, $evidence: String, $channel: EvidenceChannel) {
  recordFacts(facts: $facts, evidence: $evidence, channel: $channel) { asOf userErrors { code } } }"""
BLOCK = {"fact": "block", "id": "k1", "provider": "h1", "represented": "child", "reason": "RULING"}


@pytest.fixture
def told() -> Iterator[list[Told]]:
    """What is told while it is there."""
    changes: list[Told] = []
    token = telling.set(changes.append)
    yield changes
    telling.reset(token)


def test_without_a_door_nothing_is_told() -> None:
    tell(Change("recordFacts", "l.1"))


async def test_a_ruling_on_paper_is_told_with_its_evidence(ledger: EmbeddedGraph, told: list[Told]) -> None:
    said = {"facts": [BLOCK], "evidence": " C/10/712345 ", "channel": "PAPER"}
    done = (await data(ledger, RECORD, said))["recordFacts"]
    assert told == [Change("recordFacts", done["asOf"], ("block/k1",), (), "PAPER", "C/10/712345")]
    (_, kept) = (await ledger.history("block", "k1"))[-1]
    assert "712345" not in str(kept)


async def test_the_page_s_own_mutation(ledger: EmbeddedGraph, told: list[Told]) -> None:
    page = (ROOT / "docs/registers.md").read_text(encoding="utf-8")
    (mutation,) = (block for block in page.split("```graphql\n")[1:] if block.startswith("mutation"))
    await data(ledger, mutation.partition("```")[0], {"facts": [BLOCK]})
    (change,) = told
    assert isinstance(change, Change)
    assert (change.channel, change.evidence) == ("PAPER", "C/10/712345 / JE RK 26-1234")


async def test_what_is_refused_is_told_by_its_codes_alone(ledger: EmbeddedGraph, told: list[Told]) -> None:
    facts = [BLOCK | {"reason": "NO"}, BLOCK | {"reason": "NEITHER"}, {"fact": "block"}]
    await data(ledger, RECORD, {"facts": facts})
    head = str(await ledger.head())
    assert told == [Change("recordFacts", head, (), ("WRONG_VALUE", "MISSING_FIELD"))]


@pytest.mark.parametrize("evidence", ["x" * (EVIDENCE_MAX + 1), "bsn:1", f"ID {'1' * 9}", "1" * 8])
async def test_evidence_with_a_number_or_too_long_is_refused_and_nothing_done(
    ledger: EmbeddedGraph, told: list[Told], evidence: str
) -> None:
    before = await ledger.head()
    wrong = await error(ledger, RECORD, {"facts": [BLOCK], "evidence": evidence})
    assert wrong["extensions"]["field"] == "evidence"
    assert evidence not in str(wrong)
    assert (await ledger.head(), told) == (before, [])


async def test_providers_are_told_of(ledger: EmbeddedGraph, told: list[Told]) -> None:
    service: dict[str, Any] = {"id": "record", "domain": "CARE_RECORD", "minimumAssurance": "SUBSTANTIAL"}
    onboard = "mutation($p: [ProviderInput!]!) { onboardProvider(providers: $p) { asOf } }"
    await data(ledger, onboard, {"p": [{"id": "gp1", "sector": "GP", "services": [service]}]})
    advance = 'mutation($to: ProviderStatus!) { advanceProvider(ids: ["gp1"], to: $to) { asOf } }'
    await data(ledger, advance, {"to": "ASSESSED"})
    await data(ledger, advance, {"to": "LIVE"})
    changes = [each for each in told if isinstance(each, Change)]
    assert [(each.mutation, each.facts, each.refused) for each in changes] == [
        ("onboardProvider", ("provider/gp1", "service/gp1/record"), ()),
        ("advanceProvider", ("provider/gp1",), ()),
        ("advanceProvider", (), ("WRONG_STEP",)),
    ]
