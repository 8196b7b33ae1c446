"""Over HTTP: CPU time of the server for a decision, a batch, a list; `machtigen serve` with one worker."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from authority.facts import Authority, Fact, Person, Provider, Service
from authority.moments import SINCE_EVER
from graph.embedded import EmbeddedGraph
from tests.server.asking import served
from tests.tokens import header

BEARER = header("EXPLORER")["authorization"]
FAMILIES = 10_000
CONNECTIONS = 8
SECONDS = 4.0
TICKS = os.sysconf("SC_CLK_TCK")

DECISION = """query Decision($question: Question!) {
  decision(question: $question) { outcome reason validUntil asOf grounds { id kind register { id } } }
}"""
SMALL = "query Decision($question: Question!) { decision(question: $question) { outcome } }"
DECISIONS = "query Decisions($questions: [Question!]!) { decisions(questions: $questions) { outcome reason } }"
REPRESENTED_BY = """query($representative: ID!) {
  representedBy(representative: $representative, provider: "h1", service: "record", assurance: HIGH) {
    nodes { person { id } decision { outcome } } pageInfo { hasNextPage } } }"""


def country() -> Iterator[Fact]:
    """Families of a mother and two children: sole parental authority over both."""
    yield Provider(id="h1", register="PROVIDER", recorded_at=SINCE_EVER, sector="HOSPITAL", status="LIVE")
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


def question(n: int) -> dict[str, str]:
    who = {"representative": f"m{n % FAMILIES}", "represented": f"c{n % FAMILIES}a"}
    return who | {"provider": "h1", "service": "record", "assurance": "SUBSTANTIAL"}


def requests(query: str, variables: Iterator[dict[str, Any]], count: int) -> list[bytes]:
    """Whole requests, made beforehand: each family's turn comes once in 10,000."""
    made = []
    for each in (next(variables) for _ in range(count)):
        body = json.dumps({"query": query, "variables": each}).encode()
        headers = (
            "host: localhost",
            f"authorization: {BEARER}",
            "content-type: application/json",
            f"content-length: {len(body)}",
        )
        made.append("\r\n".join(("POST /graphql HTTP/1.1", *headers, "", "")).encode() + body)
    return made


async def load(url: str, made: list[bytes], expected: bytes, seconds: float) -> tuple[int, float]:
    """Closed loop over some connections; how many answers, and the median latency in milliseconds."""
    turn = cycle(made)
    latencies: list[float] = []
    deadline = time.monotonic() + seconds
    address = urlsplit(url)

    async def one() -> None:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        while time.monotonic() < deadline:
            begun = time.perf_counter()
            writer.write(next(turn))
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            body = await reader.readexactly(length)
            assert head.startswith(b"HTTP/1.1 200"), head
            assert expected in body, body[:300]
            latencies.append((time.perf_counter() - begun) * 1e3)
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return len(latencies), sorted(latencies)[len(latencies) // 2]


def cpu_seconds(parent: int) -> float:
    """User and system time of the server's worker."""
    workers = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    stats = [Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split() for worker in workers]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / TICKS


async def filled(path: str) -> None:
    graph = EmbeddedGraph.open(path)
    facts = list(country())
    for start in range(0, len(facts), 5_000):
        await graph.append(facts[start : start + 5_000])
    await graph.close()


async def main() -> None:
    """Each kind of request for some seconds."""
    one = ({"question": question(n)} for n in cycle(range(FAMILIES)))
    small = ({"question": question(n)} for n in cycle(range(FAMILIES)))
    fifty = ({"questions": [question(n * 50 + k) for k in range(50)]} for n in cycle(range(FAMILIES)))
    thousand = ({"questions": [question(n * 1_000 + k) for k in range(1_000)]} for n in cycle(range(FAMILIES)))
    lists = ({"representative": f"m{n}"} for n in cycle(range(FAMILIES)))
    kinds = [
        ("one decision, with grounds", requests(DECISION, one, 20_000), 1),
        ("one decision, `outcome` only", requests(SMALL, small, 20_000), 1),
        ("50 decisions in one request", requests(DECISIONS, fifty, 400), 50),
        ("1,000 decisions in one request", requests(DECISIONS, thousand, 20), 1_000),
        ("whom may I act for (two)", requests(REPRESENTED_BY, lists, 20_000), 1),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "graph")
        await filled(path)
        rows = []
        with served(path) as (url, process):
            for name, made, decisions in kinds:
                print(name, file=sys.stderr)
                await load(url, made, b'"PERMIT"', 1.0)
                before = cpu_seconds(process.pid)
                count, median = await load(url, made, b'"PERMIT"', SECONDS)
                cpu = (cpu_seconds(process.pid) - before) / count * 1e6
                rows.append(f"| {name} | {cpu:,.0f} | {cpu / decisions:,.1f} | {median:,.1f} |")
    print("## Decisions over HTTP (`machtigen serve`)\n")
    print(
        f"One worker, embedded graph of {FAMILIES:,} families, every request about other people than the one before; "
        f"{CONNECTIONS} connections in a closed loop on the same machine, answers checked. CPU time is the worker's; "
        "the median latency includes the wait for the other connections' turn.\n"
    )
    print("| request | CPU µs per request | CPU µs per decision | median ms |\n|---|---:|---:|---:|")
    print("\n".join(rows))


if __name__ == "__main__":
    asyncio.run(main())
