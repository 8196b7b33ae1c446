"""What a stranger can learn from how long an answer takes, about somebody unknown and about people who exist."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import httpx

from graph.embedded import EmbeddedGraph
from resolvers.caller import Caller
from schema.context import Context
from schema.execution import GraphQLRequest, execute
from tests.benchmarks.bench_http import DECISION
from tests.resolvers.small import NOW, QUESTION, fill
from tests.server.asking import served
from tests.tokens import header

TURNS = 4_000
TURNS_HTTP = 1_500
WARM_UP = 200
ME = Caller("CITIZEN", "temp", assurance="HIGH")
ABOUT = {
    "nobody-here": "nobody has such an id",
    "temp2": "known, and nobody acts for them",
    "client": "known, an office acts for them",
    "child": "known, two parents act for them",
}
Samples = dict[str, list[float]]


def asked(person: str) -> dict[str, object]:
    """A citizen's question about this person."""
    return {"question": {**QUESTION, "representative": "temp", "represented": person}}


async def in_process(path: str) -> Samples:
    """Seconds for each answer by itself, asked in turns."""
    graph = EmbeddedGraph.open(path)
    await fill(graph)
    await fill(graph, [{"fact": "person", "id": "temp2", "born": "1995-01-01"}])
    took: Samples = {person: [] for person in ABOUT}
    bodies = set()
    for turn in range(TURNS + WARM_UP):
        for person, samples in took.items():
            begun = time.perf_counter()
            context = Context(graph, caller=ME, clock=lambda: NOW)
            response = await execute(GraphQLRequest(DECISION, asked(person)), context)
            spent = time.perf_counter() - begun
            bodies.add(str(response.body))
            if turn >= WARM_UP:
                samples.append(spent)
    await graph.close()
    assert len(bodies) == 1, "the answers are the very same"
    return took


def over_http(path: str, role: str, **said: str) -> Samples:
    """The same from a service on this machine, one connection."""
    took: Samples = {person: [] for person in ABOUT}
    with served(path) as (url, _), httpx.Client(base_url=url, headers=header(role, **said)) as client:
        for turn in range(TURNS_HTTP + WARM_UP):
            for person, samples in took.items():
                begun = time.perf_counter()
                response = client.post("/graphql", json={"query": DECISION, "variables": asked(person)})
                spent = time.perf_counter() - begun
                assert response.status_code == 200
                if turn >= WARM_UP:
                    samples.append(spent)
    return took


def longer(one: list[float], other: list[float]) -> float:
    """How often a random one of the first takes longer than one of the second (Mann-Whitney); 0.5: no telling."""
    ranked = sorted([(each, 0) for each in one] + [(each, 1) for each in other])
    ranks = sum(rank for rank, (_, which) in enumerate(ranked, 1) if which == 0)
    return (ranks - len(one) * (len(one) + 1) / 2) / (len(one) * len(other))


def main() -> None:
    """One table."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "graph")
        ways = {
            "by itself": asyncio.run(in_process(path)),
            "a provider, over HTTP": over_http(path, "PROVIDER", party="h1"),
            "a citizen, over HTTP": over_http(path, "CITIZEN", sub="temp"),
        }
    print("## What a stranger learns from time\n")
    print("The same question about four people, in turns: the median time of an answer, and how often one takes longer")
    print("than one about nobody (50 %: time tells nothing). Answers to citizens leave on a beat (`server/beat.py`).\n")
    print("| about |" + "".join(f" {way}, µs | longer |" for way in ways))
    print("|---|" + "--:|--:|" * len(ways))
    for person, what in ABOUT.items():
        cells = (
            f" {statistics.median(took[person]) * 1e6:,.1f} | {longer(took[person], took['nobody-here']):.0%} |"
            for took in ways.values()
        )
        print(f"| {what} |" + "".join(cells))


if __name__ == "__main__":
    main()
