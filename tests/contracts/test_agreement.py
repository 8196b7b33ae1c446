"""Whatever is appended in whatever portions: every answer of a graph is the reference's.

The embedded graph gets new worlds for each kind of answer. To fill and empty a Neo4j takes most of the time, so that
there every kind is asked of the same worlds, and everybody's neighbourhoods in one query.
"""

from __future__ import annotations

from itertools import chain, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from authority.decide import decide
from authority.facts import TYPES, Fact, type_of
from authority.neighbourhood import Neighbourhood, other_holders
from authority.question import Question
from graph.ledger import Ledger, View
from graph.relations import Key
from tests import generated
from tests.contracts.homes import Home
from tests.contracts.reference import Reference

_FIXTURES_STAY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


async def _filled(home: Home, portions: list[list[Fact]]) -> tuple[Ledger, Reference]:
    ledger, reference = await home.empty(), Reference()
    for portion in portions:
        appended = await ledger.append(portion)
        assert appended.recorded == reference.append(portion)
        assert appended.token.position == len(reference.facts)
    return ledger, reference


def _portions(data: st.DataObject) -> list[list[Fact]]:
    """One input in portions of any size, then another that may contradict it and repeat it."""
    world = data.draw(generated.worlds(most=25))
    more = data.draw(st.lists(generated.facts, max_size=12))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(world)), max_size=3)))
    portions = [world[start:end] for start, end in zip([0, *cuts], [*cuts, len(world)], strict=True)]
    return [*portions, more, world[: data.draw(st.integers(0, 5))]]


async def _decisions_at_every_known_at_and_position(ledger: Ledger, reference: Reference, data: st.DataObject) -> None:
    questions = data.draw(st.lists(generated.questions(reference.facts), min_size=3, max_size=6))
    positions = (None, 0, data.draw(st.integers(0, len(reference.facts))), len(reference.facts))
    name = (await ledger.head()).ledger
    for as_of in positions:
        position = len(reference.facts) if as_of is None else as_of
        together = await ledger.neighbourhoods(questions, as_of)
        for question, one in zip(questions, together, strict=True):
            around = await ledger.neighbourhood(question, as_of)
            assert around == one
            assert around.as_of == f"{name}.{position}"
            expected = decide(question, reference.neighbourhood(question, as_of))
            assert decide(question, around) == replace(expected, as_of=around.as_of)


async def _neighbourhoods_of_everybody(ledger: Ledger, reference: Reference, data: st.DataObject) -> None:
    """Closer than decisions show: everything that may matter is there, and nothing that is not stated."""
    question = data.draw(generated.questions())
    known_at = data.draw(st.sampled_from((None, None, *generated.RECORDED)))
    as_of = data.draw(st.one_of(st.none(), st.integers(0, len(reference.facts))))
    pairs = product((*generated.PEOPLE, "unknown"), repeat=2)
    asked = [
        replace(question, representative=one, represented=other, organisation=organisation, known_at=known_at)
        for (one, other), organisation in product(pairs, (None, *generated.ORGANISATIONS))
    ]
    for each, around in zip(asked, await ledger.neighbourhoods(asked, as_of), strict=True):
        everything = reference.neighbourhood(each, as_of)
        assert what_matters(each, around) == what_matters(each, everything)
        assert facts_of(around) <= facts_of(everything)


async def _lists_versions_and_histories(ledger: Ledger, reference: Reference, _: st.DataObject) -> None:
    for fact_type in TYPES:
        assert await ledger.ids(fact_type, limit=1000) == reference.ids(fact_type)
        for fact_id in reference.ids(fact_type):
            assert await ledger.history(fact_type, fact_id) == reference.history(fact_type, fact_id)
    assert await ledger.holding_versions(list(reference.newest())) == reference.newest()
    for provider in generated.PROVIDERS:
        assert await ledger.services_of(provider) == reference.services_of(provider)
    for party in (*generated.PEOPLE, *generated.ORGANISATIONS):
        assert await ledger.represented_by(party) == reference.represented_by(party)
        assert await ledger.holders_over(party) == reference.holders_over(party)
        assert await ledger.employees_of(party) == reference.employees_of(party)
    counts: dict[str, int] = {name: len(reference.ids(name)) for name in TYPES}
    assert await ledger.stats() == {"facts": len(reference.facts), **counts}
    assert await ledger.authorities_stated() == reference.authorities_stated()
    assert (await ledger.verify()).problems == ()


async def _views(ledger: Ledger, reference: Reference, data: st.DataObject) -> None:
    as_of = data.draw(st.one_of(st.none(), st.integers(0, len(reference.facts))))
    known_at = data.draw(st.one_of(st.none(), st.sampled_from(generated.RECORDED)))
    view, stated = View(as_of, known_at), reference.stated(as_of, known_at)
    for fact_type in TYPES:
        expected = {fact.id: fact for fact in stated if type_of(fact) == fact_type}
        assert await ledger.find(fact_type, [*reference.ids(fact_type), "unknown"], view) == expected
        if fact_type == "register":
            assert dict(await ledger.registers(view)) == expected
    keys = list(reference.newest())
    assert await ledger.versions([*keys, ("person", "unknown")], view) == reference.versions(as_of, known_at)


async def _walks(ledger: Ledger, reference: Reference, data: st.DataObject) -> None:
    nodes = sorted({end for edge in reference.edges() for end in (edge.source, edge.target)})
    depth = data.draw(st.integers(0, 3))
    for node in data.draw(st.lists(st.sampled_from(nodes), max_size=6, unique=True)) if nodes else ():
        await _walks_the_same(ledger, reference, node, depth)


def what_matters(question: Question, around: Neighbourhood) -> list[object]:
    """The parts of a neighbourhood that `authority.neighbourhood` asks for; the other parts may be there or not."""
    about = question.represented
    over = around.authorities.get(about, [])
    everybody = {question.representative, about, *other_holders(question, over)}
    organisation = None if question.oneself else question.organisation
    return [
        around.service,
        around.provider,
        around.organisation if organisation else None,
        {party: around.people.get(party) for party in everybody},
        {party: set(around.authorities.get(party, ())) for party in everybody},
        {c for c in around.consents if c.represented == about},
        {a for a in around.abilities if a.person == about},
        {b for b in around.blocks if b.represented == about},
        {
            (e.employee, e)
            for e in around.employments
            if (e.employee, e.organisation) == (question.representative, organisation)
        },
        dict(around.registers),
    ]


def facts_of(around: Neighbourhood) -> set[Fact | None]:
    over = [authority for authorities in around.authorities.values() for authority in authorities]
    said = chain[Fact](around.consents, around.abilities, around.blocks, around.employments)
    single = [around.service, around.provider, around.organisation]
    return {*single, *around.people.values(), *over, *said, *around.registers.values()}


async def _walks_the_same(ledger: Ledger, reference: Reference, node: Key, depth: int) -> None:
    distance, edges = reference.walk(node, depth)
    found = await ledger.walk(node, depth, limit=10_000)
    assert found.complete
    newest: dict[Key, Fact] = {(kind, name): fact for (kind, name), fact in reference.newest().items()}
    assert {(n.type, n.id): n.fact for n in found.nodes} == {key: newest.get(key) for key in distance}
    assert len(found.nodes) == len(distance)
    assert [distance[n.type, n.id] for n in found.nodes] == sorted(distance.values())
    assert set(found.edges) == edges
    assert len(found.edges) == len(edges)


_KINDS = (
    _decisions_at_every_known_at_and_position,
    _neighbourhoods_of_everybody,
    _lists_versions_and_histories,
    _views,
    _walks,
)
embedded = pytest.mark.parametrize("home", ["embedded"], indirect=True)


@embedded
@settings(_FIXTURES_STAY, max_examples=150)
@given(data=st.data())
async def test_decisions_at_every_known_at_and_position(home: Home, data: st.DataObject) -> None:
    await _decisions_at_every_known_at_and_position(*await _filled(home, _portions(data)), data)


@embedded
@settings(_FIXTURES_STAY, max_examples=150)
@given(data=st.data())
async def test_neighbourhoods_of_everybody(home: Home, data: st.DataObject) -> None:
    await _neighbourhoods_of_everybody(*await _filled(home, _portions(data)), data)


@embedded
@settings(_FIXTURES_STAY, max_examples=80)
@given(data=st.data())
async def test_lists_versions_and_histories(home: Home, data: st.DataObject) -> None:
    await _lists_versions_and_histories(*await _filled(home, _portions(data)), data)


@embedded
@settings(_FIXTURES_STAY, max_examples=80)
@given(data=st.data())
async def test_views(home: Home, data: st.DataObject) -> None:
    await _views(*await _filled(home, _portions(data)), data)


@embedded
@settings(_FIXTURES_STAY, max_examples=150)
@given(data=st.data())
async def test_walks(home: Home, data: st.DataObject) -> None:
    await _walks(*await _filled(home, _portions(data)), data)


@pytest.mark.parametrize("home", ["neo4j"], indirect=True)
@settings(_FIXTURES_STAY, max_examples=40)
@given(data=st.data())
async def test_everything_on_neo4j(home: Home, data: st.DataObject) -> None:
    ledger, reference = await _filled(home, _portions(data))
    for kind in _KINDS:
        await kind(ledger, reference, data)
