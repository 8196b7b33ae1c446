from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from authority.facts import Employment, Fact, Organisation, Provider, Register, Service
from graph.chain import GENESIS, content_hash, link
from graph.errors import BadToken, LedgerBehind
from graph.intake import line_of
from graph.ledger import Edge, Ledger, View
from tests.contracts.facts import EARLY, LATER, hospital, mandate, may, person


async def test_changes_come_in_order_without_gaps_and_hash_their_lines(ledger: Ledger) -> None:
    facts: list[Fact] = [person(f"p{n:04}") for n in range(2_500)]
    await ledger.append(facts[:1_200])
    await ledger.append(facts[1_200:])
    changes = [change async for change in ledger.changes()]
    assert [change.position for change in changes] == list(range(1, 2_501))
    assert [change.line for change in changes] == [line_of(fact) for fact in facts]
    assert all(change.hash == content_hash(change.line) for change in changes)
    head = GENESIS
    for change in changes:
        head = link(head, change.hash)
    assert (await ledger.verify()).head == head.hex()


async def test_changes_after_a_position_and_so_many(ledger: Ledger) -> None:
    await ledger.append([person(f"p{n}") for n in range(5)])
    assert [change.position async for change in ledger.changes(3)] == [4, 5]
    assert [change.position async for change in ledger.changes(1, limit=2)] == [2, 3]
    assert [change.position async for change in ledger.changes(5)] == []
    assert [change.position async for change in ledger.changes(99)] == []


async def test_changes_end_where_the_ledger_ended_at_the_call(ledger: Ledger) -> None:
    await ledger.append([person("anna")])
    seen = []
    async for change in ledger.changes():
        seen.append(change.position)
        await ledger.append([person(f"p{change.position}")])
    assert seen == [1]


@pytest.mark.parametrize("page", [1, 3, 7, 100])
async def test_every_list_pages_completely(ledger: Ledger, page: int) -> None:
    ids = sorted(f"{prefix}{n}" for prefix in ("p", "p-", "p.", "P", "p/", "p:_") for n in range(3))
    await ledger.append([Organisation(id="office", register="HANDELSREGISTER", kind="OTHER")])
    await ledger.append([person(name) for name in ids])
    await ledger.append([mandate(f"m{name}", "anna", name) for name in ids])
    await ledger.append(
        [Employment(id=f"e{name}", register="EHERKENNING", employee=name, organisation="office") for name in ids]
    )
    await ledger.append([mandate("other", "anna2", "somebody"), mandate("another", "ann", "somebody")])

    async def everything(list_page: Callable[..., Awaitable[list[str]]], of: str) -> list[str]:
        found: list[str] = []
        while rows := await list_page(of, after=found[-1] if found else "", limit=page):
            assert len(rows) <= page
            found += rows
        return found

    assert await everything(ledger.ids, "person") == ids
    assert await everything(ledger.represented_by, "anna") == ids
    assert await everything(ledger.employees_of, "office") == ids


async def test_a_page_may_begin_after_an_id_that_is_not_there(ledger: Ledger) -> None:
    await ledger.append([person("a"), person("c"), mandate("m1", "z", "a"), mandate("m2", "z", "c")])
    assert await ledger.ids("person", after="b") == ["c"]
    assert await ledger.represented_by("z", after="b") == ["c"]
    assert await ledger.ids("person", after="c") == []


async def test_ids_of_different_types_do_not_mix(ledger: Ledger) -> None:
    await ledger.append([person("x"), mandate("x", "x", "x"), Register(id="x", register="x", serves=("BEWIND",))])
    assert await ledger.ids("person") == await ledger.ids("authority") == await ledger.ids("register") == ["x"]
    assert await ledger.ids("organisation") == []


@pytest.mark.parametrize("name", ["nobody", "x" * 128, "", "x" * 600, "é", "a\0b", "~x"])
async def test_whatever_is_unknown_is_answered_with_nothing(ledger: Ledger, name: str) -> None:
    await ledger.append([*hospital(), person("anna"), mandate("m", "anna", "bram")])
    assert await ledger.find("person", [name]) == {}
    assert await ledger.holding_versions([("authority", name)]) == {}
    assert await ledger.history("authority", name) == []
    assert await ledger.services_of(name) == []
    assert await ledger.represented_by(name) == []
    assert await ledger.holders_over(name) == []
    assert await ledger.employees_of(name) == []
    around = await ledger.neighbourhood(may(name, name, organisation=name, provider=name))
    assert (around.people, around.authorities, around.provider) == ({}, {}, None)
    walked = await ledger.walk(("person", name))
    assert [(n.type, n.id, n.fact) for n in walked.nodes] == [("person", name, None)]
    assert (walked.edges, walked.complete) == ((), True)


async def test_services_follow_their_provider(ledger: Ledger) -> None:
    await ledger.append(hospital())
    await ledger.append([Provider(id="h", register="PROVIDER", sector="GP", status="LIVE")])
    assert await ledger.services_of("h1") == ["h1/record"]
    assert await ledger.services_of("h") == []


async def test_registers_follow_the_view(ledger: Ledger) -> None:
    first = Register(id="BRP", register="BRP", heard_from=EARLY, recorded_at=EARLY)
    second = Register(id="BRP", register="BRP", heard_from=LATER, recorded_at=LATER)
    await ledger.append([first])
    assert dict(await ledger.registers()) == {"BRP": first}
    await ledger.append([second])
    assert dict(await ledger.registers()) == {"BRP": second}
    assert dict(await ledger.registers(View(as_of=1))) == {"BRP": first}
    assert dict(await ledger.registers(View(known_at=LATER - 1))) == {"BRP": first}
    assert dict(await ledger.registers(View(as_of=0))) == {}


async def test_a_service_that_changes_is_seen_at_once(ledger: Ledger) -> None:
    """What is kept between questions is let go of as soon as it changes."""
    provider, service = hospital()
    await ledger.append([provider, service])
    assert (await ledger.neighbourhood(may("anna", "bram"))).service == service
    assert isinstance(service, Service)
    changed = Service(
        id=service.id,
        register="PROVIDER",
        provider="h1",
        domain="TAX",
        minimum_assurance="HIGH",
        recorded_at=LATER,
    )
    await ledger.append([changed])
    assert (await ledger.neighbourhood(may("anna", "bram"))).service == changed
    assert (await ledger.neighbourhood(may("anna", "bram"), as_of=2)).service == service


async def test_a_position_not_reached_is_refused(ledger: Ledger) -> None:
    await ledger.append([person("anna")])
    with pytest.raises(LedgerBehind):
        await ledger.neighbourhood(may("anna", "bram"), as_of=2)
    with pytest.raises(LedgerBehind):
        await ledger.find("person", ["anna"], View(as_of=2))
    with pytest.raises(BadToken):
        await ledger.neighbourhood(may("anna", "bram"), as_of=-1)


async def test_a_walk_draws_the_model_of_the_design(ledger: Ledger) -> None:
    await ledger.append(
        [
            *hospital(),
            person("anna"),
            person("bram"),
            Organisation(id="office", register="HANDELSREGISTER", kind="OTHER"),
            Employment(id="e", register="EHERKENNING", employee="anna", organisation="office"),
            mandate("m", "office", "bram"),
        ]
    )
    found = await ledger.walk(("authority", "m"))
    assert set(found.edges) == {
        Edge("HOLDS", ("organisation", "office"), ("authority", "m")),
        Edge("OVER", ("authority", "m"), ("person", "bram")),
        Edge("COVERS", ("authority", "m"), ("service", "h1/record")),
        Edge("RECORDED_IN", ("authority", "m"), ("register", "DIGID_MACHTIGEN")),
    }
    facts = {(node.type, node.id): node.fact for node in found.nodes}
    assert facts["person", "bram"] == person("bram")
    assert facts["register", "DIGID_MACHTIGEN"] is None, "only mentioned"
    near_anna = {edge.relation for edge in (await ledger.walk(("person", "anna"))).edges}
    assert near_anna == {"OF", "WORKS_FOR", "RECORDED_IN"}


async def test_a_walk_says_when_there_is_more(ledger: Ledger) -> None:
    await ledger.append([mandate(f"m{n}", "anna", f"p{n}") for n in range(20)])
    cut = await ledger.walk(("person", "anna"), depth=2, limit=10)
    assert not cut.complete
    assert len(cut.nodes) == 10
    assert (cut.nodes[0].type, cut.nodes[0].id) == ("person", "anna")
    assert {node.type for node in cut.nodes[1:]} == {"authority"}, "nearest first"
    ends = {(node.type, node.id) for node in cut.nodes}
    assert all(edge.source in ends and edge.target in ends for edge in cut.edges)
    whole = await ledger.walk(("person", "anna"), depth=1, limit=21)
    assert whole.complete
    assert len(whole.nodes) == 21


async def test_stats_count_things_and_positions(ledger: Ledger) -> None:
    await ledger.append([person("anna"), person("anna", recorded_at=LATER), mandate("m", "anna", "bram")])
    stats = await ledger.stats()
    assert (stats["facts"], stats["person"], stats["authority"], stats["block"]) == (3, 1, 1, 0)
