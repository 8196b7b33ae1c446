"""Looking around in the graph: the same on every graph, and complete against what is stated."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from authority.facts import TYPES, Consent, Fact
from graph.ledger import Ledger, View
from graph.relations import relations_of
from resolvers.browsing import Ref, neighbours, nodes, others_beside, search, told_to_nobody
from tests import generated
from tests.contracts.facts import EARLY, LATER, hospital, mandate, person
from tests.contracts.homes import Home
from tests.contracts.reference import Reference
from tests.resolvers.small import fill
from tests.schema.asking import data as data_of
from tests.schema.asking import error

_FIXTURES_STAY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
_BEFORE = replace(View(), known_at=EARLY)


@pytest.mark.parametrize("home", ["embedded"], indirect=True)
@settings(_FIXTURES_STAY, max_examples=60)
@given(data=st.data())
async def test_next_to_a_node_is_all_that_is_stated_of_it(home: Home, data: st.DataObject) -> None:
    await _next_to_a_node_is_all_that_is_stated_of_it(home, data)


@pytest.mark.parametrize("home", ["neo4j"], indirect=True)
@settings(_FIXTURES_STAY, max_examples=5)
@given(data=st.data())
async def test_next_to_a_node_is_all_that_is_stated_of_it_in_neo4j(home: Home, data: st.DataObject) -> None:
    await _next_to_a_node_is_all_that_is_stated_of_it(home, data)


async def _next_to_a_node_is_all_that_is_stated_of_it(home: Home, data: st.DataObject) -> None:
    world = data.draw(generated.worlds(most=25))
    ledger, reference = await home.empty(), Reference()
    await ledger.append(world)
    reference.append(world)
    held = await ledger.holding_versions([(t, i) for t in TYPES for i in reference.ids(t)])
    edges = {
        edge
        for fact in held.values()
        if not told_to_nobody(fact)
        for edge in relations_of(fact, generated.ORGANISATIONS)
    }
    for ref in held:
        expected = {(edge.relation, edge.target == ref, edge.source if edge.target == ref else edge.target)
                    for edge in edges if ref in (edge.source, edge.target)}  # fmt: skip
        around = await neighbours(ledger, ref)
        assert {(group.relation, group.incoming, (node.type, node.id)) for group, node in around.found} == expected
        assert sum(count for _, count in around.counts()) == len(around.found)
        assert around.complete


def _world() -> list[Fact]:
    return [*hospital(), person("anna"), person("bert"), person("carl"), mandate("m1", "anna", "bert")]


async def _beside(ledger: Ledger, ref: Ref, view: View) -> set[tuple[str, str, str]]:
    return {(group.relation, node.type, node.id) for group, node in (await neighbours(ledger, ref, view)).found}


async def test_a_person_in_the_past_has_the_authorities_of_then(ledger: Ledger) -> None:
    """One that was corrected to another holder, and one that was taken back, as they were known."""
    await ledger.append([*_world(), mandate("m2", "anna", "carl")])
    corrected = mandate("m1", "carl", "bert", recorded_at=LATER)
    await ledger.append([corrected, mandate("m2", "anna", "carl", recorded_at=LATER, retracted=True)])
    source = {("RECORDED_IN", "register", "BRP")}
    assert await _beside(ledger, ("person", "anna"), View()) == source
    then = source | {("HOLDS", "authority", "m1"), ("HOLDS", "authority", "m2")}
    assert await _beside(ledger, ("person", "anna"), _BEFORE) == then
    assert await _beside(ledger, ("person", "carl"), _BEFORE) == source | {("OVER", "authority", "m2")}
    position = (await ledger.head()).position - 2
    assert await _beside(ledger, ("person", "anna"), View(as_of=position)) == then


async def test_statements_come_with_the_people_that_they_name(ledger: Ledger) -> None:
    await ledger.append(_world())
    shown = await nodes(ledger, [("authority", "m1")])
    assert [node.id for node in await others_beside(ledger, shown)] == ["anna", "bert"]
    assert [node.fact for node in await nodes(ledger, [("person", "nobody")])] == [None]


async def test_what_somebody_refused_for_themselves_is_told_to_nobody(ledger: Ledger) -> None:
    refusal = Consent(
        id="no", register="PROVIDER", from_="bert", representative="anna", represented="bert", given=False,
        recorded_at=EARLY,
    )  # fmt: skip
    await ledger.append([*_world(), refusal, replace(refusal, id="other", from_="carl")])
    for ref in (("person", "bert"), ("person", "anna"), ("register", "PROVIDER")):
        found = {node.id for _, node in (await neighbours(ledger, ref)).found}
        assert "no" not in found
        assert "other" in found
    unknown, hidden = await nodes(ledger, [("consent", "nothing"), ("consent", "no")])
    assert replace(unknown, id="no") == hidden
    assert not (await search(ledger, "no", 10)).nodes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("h1", [("provider", "h1"), ("service", "h1/record")]),
        ("ann", [("person", "anna")]),
        ("anna", [("person", "anna")]),
        ("ANNA", []),
        ("tax off", [("provider", "t1")]),
        ("KOMPAS", [("organisation", "office")]),
        ("brp", [("register", "BRP")]),
        ("  ", []),
        ("Noor", []),
    ],
)
async def test_search(ledger: Ledger, text: str, found: list[Ref]) -> None:
    """By the beginning of an id; by a name what is no person."""
    more: list[dict[str, Any]] = [
        {"fact": "provider", "id": "t1", "sector": "TAX", "status": "LIVE", "name": "Tax office"},
        {"fact": "organisation", "id": "office", "kind": "OTHER", "name": "Kompas Bewindvoering"},
        {"fact": "person", "id": "child", "born": "2018-03-01", "name": "Noor"},
    ]
    await ledger.append(_world())
    await fill(ledger, more)
    result = await search(ledger, text, 10)
    assert [(node.type, node.id) for node in result.nodes] == found
    assert result.complete
    if len(found) > 1:
        assert not (await search(ledger, text, 1)).complete


async def test_pages_of_neighbours_are_complete(ledger: Ledger) -> None:
    people = [person(f"p{n:02}") for n in range(25)]
    await ledger.append(
        [*hospital(), person("anna"), *people, *(mandate(f"m{n:02}", "anna", f"p{n:02}") for n in range(25))]
    )
    query = """query($after: String, $groups: [NeighbourGroupInput!]) {
      graph(of: [{type: person, id: "anna"}]) { known closed states { relation target { type id } }
        neighbourCounts { relation incoming type kind count } neighboursComplete
        neighbours(groups: $groups, first: 10, after: $after) { nodes { type id kind validFrom fact } endCursor } } }"""
    groups = [{"relation": "HOLDS", "incoming": False, "type": "authority", "kind": "VOLUNTARY_MANDATE"}]
    seen, after = [], None
    for _ in range(3):
        (node,) = (await data_of(ledger, query, {"after": after, "groups": groups}))["graph"]
        seen += [each["id"] for each in node["neighbours"]["nodes"] if each["type"] == "authority"]
        after = node["neighbours"]["endCursor"]
    assert after is None
    assert seen == [f"m{n:02}" for n in range(25)]
    assert {
        "relation": "HOLDS",
        "incoming": False,
        "type": "authority",
        "kind": "VOLUNTARY_MANDATE",
        "count": 25,
    } in node["neighbourCounts"]
    assert node["neighboursComplete"] is True
    (node,) = (await data_of(ledger, query))["graph"]
    assert not [each for each in node["neighbours"]["nodes"] if each["type"] == "register"]
    many = {"of": [{"type": "person", "id": "a"}] * 1001}
    wrong = await error(ledger, "query($of: [NodeRef!]!) { graph(of: $of) { id } }", many)
    assert wrong["extensions"]["field"] == "of"
