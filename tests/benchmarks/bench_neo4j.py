"""Neo4j as the ledger: import, and the neighbourhoods of questions, straight from a real server on this machine."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from authority.decide import decide
from authority.facts import Authority, Fact, Person, Provider, Service
from authority.moments import day
from authority.question import Question
from graph.local_neo4j import Settings
from graph.local_neo4j.artefacts import VERSION
from graph.neo4j_graph import Neo4jGraph
from tests.neo4j_server import Neo4jServer, started_in

FAMILIES = 10_000
BATCH_FACTS = 5_000
TICKS = os.sysconf("SC_CLK_TCK")


def country() -> Iterator[Fact]:
    """Families of a mother and two children, sole parental authority over both, and a mandate to the neighbour."""
    yield Provider(id="h1", register="PROVIDER", sector="HOSPITAL", status="LIVE")
    yield Service(
        id="h1/record", register="PROVIDER", provider="h1", domain="CARE_RECORD", minimum_assurance="SUBSTANTIAL"
    )
    for n in range(FAMILIES):
        yield Person(id=f"m{n}", register="BRP", born="1985-05-05")
        for child in (f"c{n}a", f"c{n}b"):
            yield Person(id=child, register="BRP", born="2020-05-05")
            yield Authority(
                id=f"g-{child}", register="BRP", kind="PARENTAL_SOLE", representative=f"m{n}", represented=child
            )
        yield Authority(
            id=f"v-{n}",
            register="DIGID_MACHTIGEN",
            kind="VOLUNTARY_MANDATE",
            representative=f"m{(n + 1) % FAMILIES}",
            represented=f"m{n}",
            services=("h1/record",),
            valid_from=day("2024-01-01"),
        )


def question(n: int) -> Question:
    return Question(
        representative=f"m{n % FAMILIES}",
        represented=f"c{n % FAMILIES}a",
        provider="h1",
        service="record",
        assurance="SUBSTANTIAL",
        at=day("2026-06-15"),
    )


class Cost(NamedTuple):
    """Seconds, of the clock and of each side's processor; and each call's."""

    wall: float
    ours: float
    neo4j: float
    calls: list[float]


def server_seconds(server: Neo4jServer) -> float:
    fields = Path(f"/proc/{server.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def measured(server: Neo4jServer, calls: list[Callable[[], Awaitable[object]]]) -> Cost:
    """One call after another."""
    wall, ours, neo4j, each = time.perf_counter(), time.process_time(), server_seconds(server), []
    for call in calls:
        begun = time.perf_counter()
        await call()
        each.append(time.perf_counter() - begun)
    return Cost(time.perf_counter() - wall, time.process_time() - ours, server_seconds(server) - neo4j, sorted(each))


async def imported(server: Neo4jServer, graph: Neo4jGraph) -> str:
    facts = list(country())
    batches = [facts[first : first + BATCH_FACTS] for first in range(0, len(facts), BATCH_FACTS)]
    cost = await measured(server, [lambda batch=batch: graph.append(batch) for batch in batches])  # type: ignore[misc]
    slowest, median = cost.calls[-1], cost.calls[len(batches) // 2]
    print(f"first batch at most {slowest:.1f} s, median {median:.2f} s", file=sys.stderr)
    assert (await graph.head()).position == len(facts)
    per_fact = 1e6 / len(facts)
    return (
        f"| import, {BATCH_FACTS:,} facts a transaction ({len(facts):,} facts) | {len(facts) / cost.wall:,.0f}/s | "
        f"{cost.ours * per_fact:,.0f} | {cost.neo4j * per_fact:,.0f} | median batch {BATCH_FACTS / median:,.0f}/s |"
    )


async def asked(server: Neo4jServer, graph: Neo4jGraph, at_once: int, rounds: int) -> str:
    async def ask(first: int) -> None:
        questions = [question(first + k) for k in range(at_once)]
        for each, around in zip(questions, await graph.neighbourhoods(questions), strict=True):
            assert decide(each, around).outcome == "PERMIT"

    # the server compiles what it runs often; what is measured is how it runs once it has
    await measured(server, [lambda n=n: ask(n * at_once) for n in range(rounds)])  # type: ignore[misc]
    cost = await measured(server, [lambda n=n: ask(7 + n * at_once) for n in range(rounds)])  # type: ignore[misc]
    count = at_once * rounds
    named = "one decision" if at_once == 1 else f"{at_once:,} decisions"
    median, worst = cost.calls[rounds // 2] * 1e3, cost.calls[int(rounds * 0.99)] * 1e3
    return (
        f"| {named} in one query | {count / cost.wall:,.0f}/s | {cost.ours / count * 1e6:,.0f} | "
        f"{cost.neo4j / count * 1e6:,.0f} | p50 {median:.1f} ms, p99 {worst:.1f} ms a query |"
    )


async def appended(server: Neo4jServer, graph: Neo4jGraph, rounds: int) -> str:
    async def append(n: int) -> None:
        await graph.append([Person(id=f"new{n}", register="BRP", born="1990-01-01")])

    cost = await measured(server, [lambda n=n: append(n) for n in range(rounds)])  # type: ignore[misc]
    median, worst = cost.calls[rounds // 2] * 1e3, cost.calls[int(rounds * 0.99)] * 1e3
    return (
        f"| append one fact | {rounds / cost.wall:,.0f}/s | {cost.ours / rounds * 1e6:,.0f} | "
        f"{cost.neo4j / rounds * 1e6:,.0f} | p50 {median:.1f} ms, p99 {worst:.1f} ms |"
    )


async def main() -> None:
    """Fill an empty database, then ask."""
    with tempfile.TemporaryDirectory() as folder:
        print("starting Neo4j", file=sys.stderr)
        server = started_in(Path(folder), Settings(heap_mib=2048, page_cache_mib=512))
        try:
            graph = await server.graph()
            rows = [await imported(server, graph)]
            for at_once, rounds in ((1, 2_000), (50, 100), (1_000, 10)):
                rows.append(await asked(server, graph, at_once, rounds))
                print(rows[-1], file=sys.stderr)
            rows.append(await appended(server, graph, 300))
            await graph.close()
        finally:
            server.end()
    print("## Neo4j\n")
    print(
        f"`Neo4jGraph` on Neo4j Community {VERSION} on the same machine, one connection, one call at a time, "
        f"{FAMILIES:,} families. Decisions are read from Neo4j itself (`LATEST`): one round trip, one query.\n"
    )
    print("| what | throughput | our CPU µs each | Neo4j's CPU µs each | |")
    print("|---|--:|--:|--:|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    asyncio.run(main())
