"""Providers, registers, history and recording, over a real graph."""

from __future__ import annotations

from authority.moments import instant
from graph.embedded import EmbeddedGraph
from resolvers import authorities, facts, providers, registers
from tests.resolvers.small import NOW, fill


async def test_providers_by_page_and_sector(ledger: EmbeddedGraph) -> None:
    page = await providers.providers(ledger, 1)
    assert ([p.id for p in page.items], page.more) == (["h1"], True)
    page = await providers.providers(ledger, 1, "h1")
    assert ([p.id for p in page.items], page.more) == (["t1"], False)
    page = await providers.providers(ledger, 10, sector="TAX")
    assert [p.id for p in page.items] == ["t1"]


async def test_a_provider_that_was_taken_back_is_not_listed(ledger: EmbeddedGraph) -> None:
    gone = {"fact": "provider", "id": "h1", "sector": "HOSPITAL", "status": "LIVE", "retracted": True}
    await fill(ledger, [gone | {"recorded_at": "2026-01-01T00:00:00Z"}])
    assert [p.id for p in (await providers.providers(ledger, 10)).items] == ["t1"]


async def test_services_are_those_of_the_provider(ledger: EmbeddedGraph) -> None:
    assert [s.id for s in await providers.services_of(ledger, "h1")] == ["h1/record"]
    assert await providers.services_of(ledger, "nobody") == []


async def test_registers_of_table_3_and_of_facts(ledger: EmbeddedGraph) -> None:
    await fill(
        ledger,
        [
            {"fact": "register", "id": "CCBR", "heard_from": "2026-01-01T00:00:00Z", "max_silence": "P1D"},
            {"fact": "register", "id": "OWN", "serves": ["BEWIND", "consent"], "complete": True},
        ],
    )
    known = {state.id: state for state in await registers.registers(ledger)}
    assert len(known) == 11
    assert known["CCBR"].serves == ("CURATELE", "BEWIND")
    assert known["CCBR"].complete_for == ("CURATELE",)
    assert known["CCBR"].stale_from == instant("2026-01-02T00:00:00Z")
    assert known["OWN"].complete_for == ("BEWIND", "consent")
    assert known["BRP"].stale_from is None
    assert await registers.register(ledger, "NOPE") is None


async def test_history_has_every_version_with_its_token(ledger: EmbeddedGraph) -> None:
    ended = {"fact": "authority", "id": "b1", "kind": "BEWIND", "representative": "office", "represented": "client"}
    await fill(ledger, [ended | {"status": "ENDED", "recorded_at": "2026-02-01T00:00:00Z"}])
    versions = await authorities.history(ledger, "b1")
    assert [version.fact.status for version in versions] == ["ACTIVE", "ENDED"]
    assert versions[-1].as_of == str(await ledger.head())
    assert await authorities.history(ledger, "nothing") == []


async def test_recording_is_all_or_nothing_and_tells_every_problem(ledger: EmbeddedGraph) -> None:
    before = await ledger.head()
    done = await facts.record(
        ledger,
        [
            {"fact": "person", "id": "new", "born": "2000-01-01"},
            {"fact": "person", "id": "bad", "born": "yesterday", "colour": "red"},
            "no object",
        ],
        now=NOW,
    )
    assert (done.recorded, done.token, await ledger.head()) == (0, before, before)
    assert [(p.line, p.code, p.field) for p in done.problems] == [
        (2, "WRONG_VALUE", "born"),
        (2, "UNKNOWN_FIELD", "colour"),
        (3, "MALFORMED", ""),
    ]


async def test_references_are_checked_against_the_ledger(ledger: EmbeddedGraph) -> None:
    service = {"fact": "service", "id": "x/y", "provider": "x", "domain": "TAX", "minimum_assurance": "LOW"}
    done = await facts.record(ledger, [service], now=NOW)
    assert [(p.line, p.code, p.field) for p in done.problems] == [(1, "UNKNOWN_REFERENCE", "provider")]
    provider = {"fact": "provider", "id": "x", "sector": "TAX", "status": "LIVE"}
    assert (await facts.record(ledger, [service, provider], now=NOW)).recorded == 2


async def test_the_same_again_is_no_change(ledger: EmbeddedGraph) -> None:
    person = {"fact": "person", "id": "new", "born": "2000-01-01"}
    first = await facts.record(ledger, [person], now=NOW)
    again = await facts.record(ledger, [person], now=NOW + 1)
    assert (first.recorded, again.recorded) == (1, 0)
    assert first.token == again.token
    assert [version.recorded_at for _, version in await ledger.history("person", "new")] == [NOW]
