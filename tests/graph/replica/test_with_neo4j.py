"""Two servers over one real Neo4j, each answering from a copy of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from graph.neo4j_graph import Neo4jGraph
from tests.graph.replica.test_replica import WORLD
from tests.neo4j_server import Neo4jServer
from tests.server.asking import served
from tests.tokens import BY_WHAT_IS_ASKED

TURNS = 40
ASKERS = 4
DECISION = """query($q: Question!, $t: String, $f: Freshness) {
  decision(question: $q, atLeast: $t, freshness: $f) { outcome reason } }"""
RECORD = "mutation($f: [JSON!]!) { recordFacts(facts: $f) { asOf userErrors { message } } }"
QUESTION = {
    "representative": "daughter",
    "represented": "mother",
    "provider": "h1",
    "service": "record",
    "assurance": "HIGH",
}


def asked(client: httpx.Client, query: str, **variables: Any) -> Any:
    response = client.post("/graphql", json={"query": query, "variables": variables})
    body = response.json()
    assert "errors" not in body, body
    return body["data"]


def restated(turn: int, *, ended: bool) -> dict[str, Any]:
    fact = {"fact": "authority", "id": "m1", "register": "DIGID_MACHTIGEN", "kind": "VOLUNTARY_MANDATE"}
    people = {"representative": "daughter", "represented": "mother", "services": ["h1/record"]}
    when = {"valid_from": "2020-01-01", "recorded_at": f"2026-06-15T10:00:{turn:02}Z"}
    return fact | people | when | ({"valid_until": "2021-01-01"} if ended else {})


async def test_a_revocation_acknowledged_is_a_revocation_honoured(
    neo4j_graph: Neo4jGraph, neo4j_server: Neo4jServer, tmp_path: Path
) -> None:
    await neo4j_graph.append(WORLD)
    access = {"NEO4J_USERNAME": neo4j_server.username, "NEO4J_PASSWORD": neo4j_server.password}

    def server(name: str) -> Any:
        return served(
            neo4j_server.uri, "--replica", str(tmp_path / name), "--audit", str(tmp_path / f"{name}-a"), **access
        )

    with server("one") as (one, _), server("other") as (other, _), ThreadPoolExecutor(ASKERS) as pool:
        clients = [httpx.Client(base_url=url, timeout=30, auth=BY_WHAT_IS_ASKED) for url in (one, other)]
        for turn in range(TURNS):
            ended = bool(turn % 2)
            writer, asker = clients[turn % 2], clients[(turn + 1) % 2]
            done = asked(writer, RECORD, f=[restated(turn, ended=ended)])["recordFacts"]
            assert not done["userErrors"], done
            expected = "DENY" if ended else "PERMIT"
            answers = list(
                pool.map(lambda _: asked(asker, DECISION, q=QUESTION, t=done["asOf"])["decision"], range(ASKERS))  # noqa: B023
            )
            assert {each["outcome"] for each in answers} == {expected}, (turn, answers)
            latest = asked(asker, DECISION, q=QUESTION, f="LATEST")["decision"]
            own = asked(writer, DECISION, q=QUESTION)["decision"]
            assert (latest["outcome"], own["outcome"]) == (expected, expected), turn
        behind = [
            line for line in clients[0].get("/metrics").text.splitlines() if line.startswith("machtigen_replica_b")
        ]
        assert float(behind[0].split()[-1]) < 2
        for client in clients:
            client.close()
