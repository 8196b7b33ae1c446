"""Providers brought live, on every ledger."""

from __future__ import annotations

from typing import Any

from authority.facts import Provider, Service
from graph.ledger import Ledger
from resolvers.onboarding import onboard
from tests.resolvers.small import NOW

RECORD = {"id": "record", "domain": "CARE_RECORD", "minimum_assurance": "LOW"}
HOSPITAL: dict[str, Any] = {"id": "zee", "sector": "HOSPITAL", "supplier": "epd", "services": [RECORD]}
HOUR = 3_600_000_000


async def step(ledger: Ledger, hours: int, **data: Any) -> str:
    """Its status afterwards, or the code of what is wrong."""
    done = await onboard(ledger, [data], now=NOW + hours * HOUR)
    return done.problems[0].code if done.problems else done.providers[0].status


async def test_a_provider_goes_live_step_by_step_and_its_history_is_kept(ledger: Ledger) -> None:
    assert await step(ledger, 0, **HOSPITAL) == "APPLIED"
    assert await step(ledger, 1, id="zee", status="LIVE") == "WRONG_STEP"
    assert await step(ledger, 2, id="zee", status="ASSESSED") == "ASSESSED"
    assert await step(ledger, 3, id="zee", status="CONNECTED") == "ROUTE_REQUIRED"
    higher = [{"id": "record", "minimum_assurance": "SUBSTANTIAL"}]
    assert await step(ledger, 4, id="zee", services=higher) == "MANDATE_ROUTE_REQUIRED"
    assert await step(ledger, 5, id="zee", status="CONNECTED", route="ROUTING", services=higher) == "CONNECTED"
    assert await step(ledger, 6, id="zee", status="TESTED") == "TESTED"
    assert await step(ledger, 7, id="zee", status="LIVE", live_from="2027-01-01") == "LIVE"
    assert await step(ledger, 8, id="zee", status="SUSPENDED") == "SUSPENDED"
    versions = [fact for _, fact in await ledger.history("provider", "zee") if isinstance(fact, Provider)]
    assert [fact.status for fact in versions] == ["APPLIED", "ASSESSED", "CONNECTED", "TESTED", "LIVE", "SUSPENDED"]
    assert {fact.supplier for fact in versions} == {"epd"}, "what is not said stays"
    service = (await ledger.find("service", ["zee/record"]))["zee/record"]
    assert isinstance(service, Service)
    assert service.minimum_assurance == "SUBSTANTIAL"


async def test_one_that_is_wrong_leaves_all_as_they_were(ledger: Ledger) -> None:
    before = await ledger.head()
    wrong = {**HOSPITAL, "id": "b", "services": [{**RECORD, "domain": "CARE"}]}
    done = await onboard(ledger, [HOSPITAL, wrong, {"id": "c"}], now=NOW)
    assert [(each.line, each.code, each.field) for each in done.problems] == [
        (2, "WRONG_VALUE", "services[0].domain"),
        (3, "UNKNOWN_REFERENCE", "id"),
    ]
    assert await ledger.head() == before


async def test_the_same_again_changes_nothing(ledger: Ledger) -> None:
    await onboard(ledger, [HOSPITAL], now=NOW)
    again = await onboard(ledger, [HOSPITAL], now=NOW + HOUR)
    assert (again.recorded, again.problems) == (0, ())
