"""What a person sees in Neo4j Browser (DESIGN.md chapter 5): the nodes, their labels, and the newest relations."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from authority.facts import Authority, Employment, Organisation, Person, Provider, Register, Service
from authority.moments import SINCE_EVER, instant
from graph.ledger import View
from graph.neo4j_graph import Neo4jGraph

LATER = instant("2026-01-01T09:00:00+01:00")
HOSPITAL = Provider(id="h1", register="PROVIDER", sector="HOSPITAL", status="LIVE", name="Ziekenhuis")
RECORD = Service(
    id="h1/record", register="PROVIDER", provider="h1", domain="CARE_RECORD", minimum_assurance="SUBSTANTIAL"
)
CHILD = Person(id="kim", register="BRP", born="2020-05-05")
MOTHER = Person(id="ans", register="BRP", born="1985-05-05")
HELD = Authority(
    id="a1", register="BRP", kind="PARENTAL_SOLE", representative="ans", represented="kim", services=("h1/record",)
)
OFFICE = Organisation(id="bureau", register="HANDELSREGISTER", kind="OTHER")
WORKS = Employment(id="e1", register="EHERKENNING", employee="ans", organisation="bureau")

DRAWN = """MATCH (a)-[r]->(b) WHERE NOT a:Fact AND NOT b:Fact
RETURN labels(a) AS source, a.id AS source_id, type(r) AS relation, labels(b) AS target, b.id AS target_id"""


async def asked(graph: Neo4jGraph, query: str, **parameters: Any) -> list[dict[str, Any]]:
    return await graph._connection.read(query, **parameters)


async def drawn(graph: Neo4jGraph) -> set[str]:
    return {
        f"{row['source'][0]} {row['source_id']} {row['relation']} {row['target'][0]} {row['target_id']}"
        for row in await asked(graph, DRAWN)
    }


async def labels(graph: Neo4jGraph, node_id: str) -> list[list[str]]:
    rows = await asked(graph, "MATCH (t:Thing {id: $id}) RETURN labels(t) AS labels", id=node_id)
    return [sorted(set(row["labels"]) - {"Thing"}) for row in rows]


async def test_the_property_graph_of_the_design(neo4j_graph: Neo4jGraph) -> None:
    await neo4j_graph.append([HOSPITAL, RECORD, CHILD, MOTHER, HELD, OFFICE, WORKS])
    found = await drawn(neo4j_graph)
    assert {line for line in found if "RECORDED_IN" not in line} == {
        "Person ans HOLDS Authority a1",
        "Authority a1 OVER Person kim",
        "Authority a1 COVERS Service h1/record",
        "Provider h1 OFFERS Service h1/record",
        "Employment e1 OF Person ans",
        "Employment e1 AT Organisation bureau",
        "Person ans WORKS_FOR Organisation bureau",
    }
    assert "Authority a1 RECORDED_IN Register BRP" in found
    assert len(found) == 7 + 7


async def test_every_version_is_a_fact_and_the_node_has_the_fields_of_the_newest(neo4j_graph: Neo4jGraph) -> None:
    await neo4j_graph.append([HELD, replace(HELD, status="ENDED", recorded_at=LATER)])
    facts = await asked(neo4j_graph, "MATCH (f:Fact {type: 'authority', id: 'a1'}) RETURN f.position AS at ORDER BY at")
    assert [row["at"] for row in facts] == [1, 2]
    (node,) = await asked(neo4j_graph, "MATCH (a:Authority {id: 'a1'}) RETURN properties(a) AS fields")
    assert node["fields"] == {
        "id": "a1",
        "key": "authority/a1",
        "position": 2,
        "kind": "PARENTAL_SOLE",
        "representative": "ans",
        "represented": "kim",
        "services": ["h1/record"],
        "status": "ENDED",
        "recorded_at": "2026-01-01T08:00:00Z",
    }


async def test_an_id_only_referred_to_is_mentioned_until_its_fact_comes(neo4j_graph: Neo4jGraph) -> None:
    await neo4j_graph.append([HELD])
    assert await labels(neo4j_graph, "kim") == [["Mentioned"]]
    assert await labels(neo4j_graph, "h1/record") == [["Mentioned"]]
    assert await neo4j_graph.find("person", ["kim"]) == {}
    assert (await neo4j_graph.stats())["person"] == 0
    await neo4j_graph.append([CHILD, HOSPITAL, RECORD])
    assert await labels(neo4j_graph, "kim") == [["Person"]]
    assert await labels(neo4j_graph, "h1/record") == [["Service"]]
    assert "Authority a1 OVER Person kim" in await drawn(neo4j_graph)


async def test_a_register_of_table_3_is_a_register_also_without_a_fact(neo4j_graph: Neo4jGraph) -> None:
    await neo4j_graph.append([CHILD])
    assert await labels(neo4j_graph, "BRP") == [["Mentioned", "Register"]]
    assert (await neo4j_graph.stats())["register"] == 0
    await neo4j_graph.append([Register(id="BRP", register="BRP")])
    assert await labels(neo4j_graph, "BRP") == [["Register"]]
    assert (await neo4j_graph.stats())["register"] == 1


async def test_relations_show_the_newest_version(neo4j_graph: Neo4jGraph) -> None:
    await neo4j_graph.append([CHILD, MOTHER, HELD])
    moved = replace(HELD, representative="ben", services=None, recorded_at=LATER)
    await neo4j_graph.append([moved])
    found = {line for line in await drawn(neo4j_graph) if "RECORDED_IN" not in line}
    assert found == {"Mentioned ben HOLDS Authority a1", "Authority a1 OVER Person kim"}
    assert await labels(neo4j_graph, "h1/record") == [], "nothing mentions it any more"
    assert await labels(neo4j_graph, "ans") == [["Person"]]


async def test_a_version_that_comes_late_changes_no_relation(neo4j_graph: Neo4jGraph) -> None:
    await neo4j_graph.append([CHILD, MOTHER, replace(HELD, recorded_at=LATER)])
    before = await drawn(neo4j_graph)
    await neo4j_graph.append([replace(HELD, representative="ben", recorded_at=LATER - 1)])
    assert await drawn(neo4j_graph) == before
    assert (await neo4j_graph.find("authority", ["a1"], View(known_at=LATER - 1)))["a1"].representative == "ben"  # type: ignore[union-attr]


async def test_a_retracted_version_states_nothing_but_its_register(neo4j_graph: Neo4jGraph) -> None:
    await neo4j_graph.append([CHILD, MOTHER, HELD])
    await neo4j_graph.append([replace(HELD, retracted=True, recorded_at=LATER)])
    assert {line for line in await drawn(neo4j_graph) if " a1" in line} == {"Authority a1 RECORDED_IN Register BRP"}


async def test_who_works_somewhere_is_said_once_and_until_the_last_employment_ends(neo4j_graph: Neo4jGraph) -> None:
    second = replace(WORKS, id="e2")
    await neo4j_graph.append([MOTHER, OFFICE, WORKS, second])
    works = "MATCH (:Person)-[w:WORKS_FOR]->(:Organisation) RETURN count(w) AS count"
    assert await asked(neo4j_graph, works) == [{"count": 1}]
    await neo4j_graph.append([replace(WORKS, retracted=True, recorded_at=LATER)])
    assert await asked(neo4j_graph, works) == [{"count": 1}]
    await neo4j_graph.append([replace(second, retracted=True, recorded_at=LATER)])
    assert await asked(neo4j_graph, works) == [{"count": 0}]


async def test_browser_colours_by_the_label_that_says_what_it_is(neo4j_graph: Neo4jGraph) -> None:
    """Browser takes the first label, and Neo4j gives labels in the order in which they came to be."""
    await neo4j_graph.append([HOSPITAL, RECORD, CHILD, HELD, OFFICE, WORKS])
    assert "Mentioned ans HOLDS Authority a1" in await drawn(neo4j_graph)
    rows = await asked(neo4j_graph, "MATCH (t:Thing) RETURN DISTINCT labels(t)[0] AS first")
    assert "Thing" not in {row["first"] for row in rows}


async def test_times_are_text_for_people_and_numbers_for_comparing(neo4j_graph: Neo4jGraph) -> None:
    await neo4j_graph.append([CHILD])
    (row,) = await asked(neo4j_graph, "MATCH (f:Fact) RETURN f.recorded_at AS at, f.line AS line")
    assert row == {
        "at": SINCE_EVER,
        "line": '{"fact":"person","id":"kim","recorded_at":"0001-01-01T00:00:00Z","born":"2020-05-05"}',
    }
