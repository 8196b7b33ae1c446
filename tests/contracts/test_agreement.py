"""Whatever is appended in whatever portions: every answer of a graph is the reference's."""

from __future__ import annotations

from itertools import chain, product

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


@settings(_FIXTURES_STAY, max_examples=150)
@given(data=st.data())
async def test_decisions_at_every_known_at_and_position(home: Home, data: st.DataObject) -> None:
    portions = _portions(data)
    facts = [fact for portion in portions for fact in portion]
    questions = data.draw(st.lists(generated.questions(facts), min_size=3, max_size=6))
    ledger, reference = await _filled(home, portions)
    positions = (None, 0, data.draw(st.integers(0, len(reference.facts))), len(reference.facts))
    for question in questions:
        for as_of in positions:
            around = await ledger.neighbourhood(question, as_of)
            position = len(reference.facts) if as_of is None else as_of
            assert around.as_of == f"{(await ledger.head()).ledger}.{position}"
            expected = decide(question, reference.neighbourhood(question, as_of))
            assert decide(question, around) == replace(expected, as_of=around.as_of)
            assert await ledger.neighbourhoods([question, question], as_of) == [around, around]


@settings(_FIXTURES_STAY, max_examples=150)
@given(data=st.data())
async def test_neighbourhoods_of_everybody(home: Home, data: st.DataObject) -> None:
    """Closer than decisions show: everything that may matter is there, and nothing that is not stated."""
    ledger, reference = await _filled(home, _portions(data))
    question = data.draw(generated.questions())
    known_at = data.draw(st.sampled_from((None, None, *generated.RECORDED)))
    as_of = data.draw(st.one_of(st.none(), st.integers(0, len(reference.facts))))
    for representative, represented in product((*generated.PEOPLE, "unknown"), repeat=2):
        for organisation in (None, *generated.ORGANISATIONS):
            asked = replace(
                question,
                representative=representative,
                represented=represented,
                organisation=organisation,
                known_at=known_at,
            )
            around = await ledger.neighbourhood(asked, as_of)
            everything = reference.neighbourhood(asked, as_of)
            assert what_matters(asked, around) == what_matters(asked, everything)
            assert facts_of(around) <= facts_of(everything)


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


@settings(_FIXTURES_STAY, max_examples=80)
@given(data=st.data())
async def test_lists_versions_and_histories(home: Home, data: st.DataObject) -> None:
    ledger, reference = await _filled(home, _portions(data))
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


@settings(_FIXTURES_STAY, max_examples=80)
@given(data=st.data())
async def test_views(home: Home, data: st.DataObject) -> None:
    ledger, reference = await _filled(home, _portions(data))
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


@settings(_FIXTURES_STAY, max_examples=80)
@given(data=st.data())
async def test_walks(home: Home, data: st.DataObject) -> None:
    ledger, reference = await _filled(home, _portions(data))
    nodes = sorted({end for edge in reference.edges() for end in (edge.source, edge.target)})
    depth = data.draw(st.integers(0, 3))
    for node in nodes:
        await _walks_the_same(ledger, reference, node, depth)


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
