"""The Cypher: parameters only, in files, by index, and one round trip for a decision."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from neo4j import Driver, GraphDatabase

import graph.neo4j_graph
from authority.facts import Authority, Person, Provider, Service
from authority.question import Question
from graph.neo4j_graph import Neo4jGraph
from graph.neo4j_graph.queries import migrations, query
from graph.relations import __doc__ as relations_doc
from server.cli.demo import loaded, made
from tests.neo4j_server import Neo4jServer

PACKAGE = Path(graph.neo4j_graph.__file__).parent
FILES = sorted((PACKAGE / "cypher").glob("*.cypher"))
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.glob("*.py")))
NAMES = [path.stem for path in FILES if path.stem != "await_indexes"]
SCANS = {"AllNodesScan", "NodeByLabelScan", "NodeIndexScan", "DirectedAllRelationshipsScan"}
MAY_SCAN = {
    "examine": {"AllNodesScan", "NodeByLabelScan", "NodeIndexScan"},  # whether anything is there at all: one row
    "neighbourhoods": {"NodeByLabelScan"},  # registers are few
    "registers": {"NodeByLabelScan"},
    "stats": {"NodeByLabelScan"},
}


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_every_file_is_used(name: str) -> None:
    assert f'"{name}"' in CODE


def test_no_cypher_stands_in_the_code() -> None:
    assert not re.findall(r"\b(MATCH|MERGE|UNWIND|CREATE|DELETE|RETURN)\b", CODE)


def test_migrations_are_numbered_without_gaps() -> None:
    assert [migration.number for migration in migrations()] == list(range(1, len(migrations()) + 1))
    statements = [statement for migration in migrations() for statement in migration.statements]
    # each may run twice without harm
    assert all("IF NOT EXISTS" in statement or "IS NULL" in statement for statement in statements)


def test_walks_follow_the_relations_of_the_model() -> None:
    named = set(re.findall(r"\[:([A-Z_]+)\]", relations_doc or "")) | {"RECORDED_IN"}
    for name in ("next_to", "relations_among"):
        (followed,) = re.findall(r"-\[r?:([A-Z_|]+)\]-", query(name))
        assert set(followed.split("|")) == named


EMPTY = "MATCH (n) WHERE NOT n:Migration DETACH DELETE n"
HUB = "CREATE (a:Thing {key: 'a'}), (b:Thing {key: 'b'}) WITH * UNWIND range(1, 2000) AS n CREATE (a)-[:OVER]->(b)"
"""Things few and relations many: where the planner is most tempted to look through all things."""


class Plans(NamedTuple):
    """The operators of each query's plan: in a town just loaded, in a graph with nothing, and where there is a hub.

    The planner goes by statistics, which are far behind after an import: only hints keep it from reading everything.
    """

    town: dict[str, set[str]]
    nothing: dict[str, set[str]]
    hub: dict[str, set[str]]


@pytest.fixture(scope="module")
def plans(neo4j_server: Neo4jServer, tmp_path_factory: pytest.TempPathFactory) -> Plans:
    facts = made(tmp_path_factory.mktemp("demo") / "town", 1_000, 1, datetime(2026, 6, 15, tzinfo=UTC))
    neo4j_server.wipe()
    loaded(neo4j_server.uri, facts)
    auth = (neo4j_server.username, neo4j_server.password)
    with GraphDatabase.driver(neo4j_server.uri, auth=auth) as driver:

        def all_plans() -> dict[str, set[str]]:
            driver.execute_query("CALL db.clearQueryCaches()")
            return {name: planned(driver, name) for name in NAMES}

        driver.execute_query("CALL db.awaitIndexes()")
        town = all_plans()
        driver.execute_query(EMPTY)
        nothing = all_plans()
        driver.execute_query(HUB)
        hub = all_plans()
        driver.execute_query(EMPTY)
        return Plans(town, nothing, hub)


def planned(driver: Driver, name: str) -> set[str]:
    _, summary, _ = driver.execute_query(f"EXPLAIN {query(name)}")
    plan: Any = summary.plan
    return operators(plan)


@pytest.mark.parametrize("name", NAMES)
def test_no_query_looks_through_everything(plans: Plans, name: str) -> None:
    for found in plans:
        assert found[name] & SCANS <= MAY_SCAN.get(name, set())


@pytest.mark.parametrize("name", ["ids", "services_of", "represented_by", "employees_of", "changes", "verify"])
def test_a_page_is_read_in_the_order_of_its_index(plans: Plans, name: str) -> None:
    for found in plans:
        assert not found[name] & {"Sort", "Top", "Distinct"}


@pytest.mark.parametrize("name", ["holding", "registers", "neighbourhoods", "newest_versions"])
def test_the_newest_version_is_found_without_reading_those_before(plans: Plans, name: str) -> None:
    """A register tells every few minutes that it is there: that is a hundred thousand versions a year."""
    for found in plans:
        assert "PartialTop" in found[name]
        assert not found[name] & {"Sort", "Top"}


def operators(plan: dict[str, Any]) -> set[str]:
    below = (operators(child) for child in plan.get("children", ()))
    return {plan["operatorType"].partition("@")[0]}.union(*below)


async def test_a_decision_is_one_query_in_one_round_trip(
    neo4j_graph: Neo4jGraph, caplog: pytest.LogCaptureFixture
) -> None:
    await neo4j_graph.append(
        [
            Provider(id="h1", register="PROVIDER", sector="HOSPITAL", status="LIVE"),
            Service(id="h1/record", register="PROVIDER", provider="h1", domain="CARE_RECORD", minimum_assurance="LOW"),
            Person(id="kim", register="BRP", born="2020-05-05"),
            *(
                Authority(id=f"a{n}", register="BRP", kind="PARENTAL_JOINT", representative=f"p{n}", represented="kim")
                for n in range(4)
            ),
        ]
    )
    question = Question(
        representative="p1", represented="kim", provider="h1", service="record", assurance="HIGH", at=10**15
    )
    await neo4j_graph.neighbourhood(question)
    with caplog.at_level(logging.DEBUG, logger="neo4j.io"):
        around = await neo4j_graph.neighbourhood(question)
        sent = re.findall(r"C: ([A-Z]+)\b", caplog.text)
    assert sent == ["RUN", "PULL"]
    assert len(around.authorities["kim"]) == 4
