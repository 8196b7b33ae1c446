"""A soak of subscriptions: none lost, none doubled, memory flat after. `make soak`; a smaller one is a test.

    python -m tests.soak --subscribers 2000 --changes 10000

Against `machtigen serve` in a process of its own. Two rounds: in each, subscribers come by WebSocket and as event
streams, authorities change by the thousand, half of the connections break off midway and go on from their last token,
and all leave. After a round every subscriber must have been told each change of what it follows, once and in order, and
each last decision must be the one that a question gets. What the second round leaves in the worker's own memory beyond
what the first did is what a leak would be.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
import psutil

from authority.moments import instant, instant_text
from graph.embedded import EmbeddedGraph
from tests.resolvers.small import fill
from tests.server.asking import served
from tests.server.streaming import AUTHORITY, DECISION, Socket, events, record, socket
from tests.tokens import BY_WHAT_IS_ASKED

ON_A_SOCKET: Final = 50
TOGETHER: Final = 50
STREAMS_SHARE: Final = 20
"""Every so-manieth subscriber has an event stream of its own."""
DECISIONS_SHARE: Final = 10
QUIET_SECONDS: Final = 60.0
_BEGINS: Final = instant("2026-01-01T00:00:00Z")
_ASK: Final = "query($q: Question!, $t: String!) { decision(question: $q, atLeast: $t) { outcome reason } }"


class Report(msgspec.Struct):
    """What was seen. Memory in MiB, of the worker alone and without the file that it maps."""

    subscribers: int
    changes: int
    told: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    decisions_told: int = 0
    decisions_wrong: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_start: float = 0.0
    memory_most: float = 0.0
    memory_after: tuple[float, ...] = ()

    @property
    def sound(self) -> bool:
        """None lost, none doubled, none out of order, every decision right, and memory flat."""
        right = not (self.lost or self.doubled or self.disordered or self.decisions_wrong)
        return right and self.memory_after[-1] - self.memory_after[0] < 4 + self.memory_after[0] * 0.02


class Follower:
    """One subscriber: whom it follows, and what it was told."""

    def __init__(self, number: int, person: str) -> None:
        self.number, self.person = number, person
        self.decides = number % DECISIONS_SHARE == 1
        self.streams = number % STREAMS_SHARE == 0
        self.tokens: list[str] = []
        self.decisions: list[dict[str, str]] = []
        self.resume: str | None = None

    def query(self) -> tuple[str, dict[str, Any]]:
        if self.decides:
            return DECISION, {"question": question(self.person), "after": self.resume}
        return AUTHORITY, {"represented": self.person, "after": self.resume}

    def take(self, body: dict[str, Any]) -> None:
        data = body["data"]
        if self.decides:
            change = data["decisionChanged"]
            self.resume = change["resume"]
            self.decisions.append({name: change["decision"][name] for name in ("outcome", "reason")})
        else:
            self.resume = data["authorityChanged"]["asOf"]
            self.tokens.append(data["authorityChanged"]["asOf"])


def question(person: str) -> dict[str, Any]:
    return {
        "representative": "helper",
        "represented": person,
        "provider": "h1",
        "service": "record",
        "assurance": "SUBSTANTIAL",
    }


def mandate(person: str, status: str, number: int) -> dict[str, Any]:
    return {
        "fact": "authority",
        "id": f"m-{person}",
        "kind": "VOLUNTARY_MANDATE",
        "representative": "helper",
        "represented": person,
        "services": ["h1/record"],
        "valid_from": "2020-01-01",
        "status": status,
        "recorded_at": instant_text(_BEGINS + number * 1_000),
    }


def world(people: Sequence[str]) -> Iterator[dict[str, Any]]:
    yield {"fact": "provider", "id": "h1", "sector": "HOSPITAL", "status": "LIVE"}
    yield {
        "fact": "service",
        "id": "h1/record",
        "provider": "h1",
        "domain": "CARE_RECORD",
        "minimum_assurance": "SUBSTANTIAL",
    }
    yield {"fact": "person", "id": "helper", "born": "1980-01-01"}
    for person in people:
        yield {"fact": "person", "id": person, "born": "1950-01-01"}
        yield mandate(person, "ACTIVE", 0)


async def soak(subscribers: int, changes: int, rounds: int = 2) -> Report:
    """Run it."""
    people = [f"p{n}" for n in range(max(subscribers // 2, 1))]
    report = Report(subscribers, changes)
    with tempfile.TemporaryDirectory() as place:
        path = str(Path(place) / "graph")
        graph = EmbeddedGraph.open(path)
        await fill(graph, world(people))
        await graph.close()
        with served(path) as (url, process):
            (worker,) = [each for each in psutil.Process(process.pid).children() if _is_worker(each)]
            report.memory_start = _memory(worker)
            began, cpu = time.monotonic(), sum(worker.cpu_times()[:2])
            left = []
            for number in range(rounds):
                await _round(url, people, report, number * changes, worker)
                await asyncio.sleep(1)
                left.append(_memory(worker))
            report.memory_after = tuple(left)
            report.seconds = time.monotonic() - began
            report.cpu_seconds = sum(worker.cpu_times()[:2]) - cpu
    return report


async def _round(url: str, people: Sequence[str], report: Report, first: int, worker: psutil.Process) -> None:
    followers = [Follower(n, people[n % len(people)]) for n in range(report.subscribers)]
    expected: defaultdict[str, list[str]] = defaultdict(list)
    token = await record(url, {"fact": "person", "id": "helper", "born": "1980-01-01"})
    for follower in followers:
        follower.resume = token
    half = report.changes // 2
    async with _Connections(url, followers):
        token = await _change(url, people, expected, range(first, first + half))
    # here half of what was told is perhaps still under way: whoever comes back goes on from what it took
    async with _Connections(url, followers):
        token = await _change(url, people, expected, range(first + half, first + report.changes))
        await _all_told(followers, expected)
        report.memory_most = max(report.memory_most, _memory(worker))
    await _judge(url, followers, expected, token, report)


async def _change(url: str, people: Sequence[str], expected: dict[str, list[str]], numbers: range) -> str:
    token = ""
    for start in range(numbers.start, numbers.stop, TOGETHER):
        batch = range(start, min(start + TOGETHER, numbers.stop))
        facts = [mandate(people[n % len(people)], ("WITHDRAWN", "ACTIVE")[n // len(people) % 2], n + 1) for n in batch]
        token = await record(url, *facts)
        ledger, _, last = token.rpartition(".")
        for place, fact in enumerate(facts):
            expected[fact["represented"]].append(f"{ledger}.{int(last) - len(facts) + 1 + place}")
    return token


async def _all_told(followers: Sequence[Follower], expected: dict[str, list[str]]) -> None:
    """Until everybody has as many as there were, or nothing has come for long; what is missing is lost."""
    count, since = -1, time.monotonic()
    while time.monotonic() - since < QUIET_SECONDS:
        told = sum(len(each.tokens) for each in followers)
        if all(each.decides or len(each.tokens) >= len(expected[each.person]) for each in followers):
            await asyncio.sleep(1)  # would one be told twice, it came now
            return
        if told != count:
            count, since = told, time.monotonic()
        await asyncio.sleep(0.1)


async def _judge(
    url: str, followers: Sequence[Follower], expected: dict[str, list[str]], token: str, report: Report
) -> None:
    answers: dict[str, dict[str, str]] = {}
    async with httpx.AsyncClient(timeout=60, auth=BY_WHAT_IS_ASKED) as client:
        for follower in followers:
            if not follower.decides:
                wanted, told = expected[follower.person], follower.tokens
                report.told += len(told)
                report.lost += len(set(wanted) - set(told))
                report.doubled += len(told) - len(set(told))
                report.disordered += told != sorted(told, key=lambda each: int(each.rpartition(".")[2]))
                continue
            report.decisions_told += len(follower.decisions)
            person = follower.person
            if person not in answers:
                asked = {"query": _ASK, "variables": {"q": question(person), "t": token}}
                response = await client.post(f"{url}/graphql", json=asked)
                answers[person] = response.json()["data"]["decision"]
            pairs = zip(follower.decisions, follower.decisions[1:], strict=False)
            repeated = any(before == after for before, after in pairs)
            report.decisions_wrong += repeated or follower.decisions[-1] != answers[person]


class _Connections:
    """All followers connected, until it is left: then they break off, whatever is under way."""

    def __init__(self, url: str, followers: Sequence[Follower]) -> None:
        self._url = url
        self._streams = [each for each in followers if each.streams]
        rest = [each for each in followers if not each.streams]
        self._groups = [rest[start : start + ON_A_SOCKET] for start in range(0, len(rest), ON_A_SOCKET)]
        self._stack = AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> None:
        for group in self._groups:
            ws = await self._stack.enter_async_context(socket(self._url, max_queue=None))
            await ws.begin()
            for follower in group:
                query, variables = follower.query()
                await ws.subscribe(str(follower.number), query, **variables)
            self._tasks.append(asyncio.create_task(self._read(ws, {str(each.number): each for each in group})))
        for follower in self._streams:
            self._tasks.append(asyncio.create_task(self._stream(follower)))

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        ended = await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()
        broken = [each for each in ended if not isinstance(each, asyncio.CancelledError)]
        assert not broken, broken[:3]

    @staticmethod
    async def _read(ws: Socket, followers: dict[str, Follower]) -> None:
        while True:
            message = json.loads(await ws.connection.recv())
            if message["type"] == "ping":
                continue
            assert message["type"] == "next", message
            followers[message["id"]].take(message["payload"])

    async def _stream(self, follower: Follower) -> None:
        query, variables = follower.query()
        async with events(self._url, query, **variables) as told:
            async for name, body in told:
                assert name == "next", name
                follower.take(body)
        raise AssertionError("the stream ended")


def _is_worker(process: psutil.Process) -> bool:
    return "resource_tracker" not in " ".join(process.cmdline())


def _memory(process: psutil.Process) -> float:
    """Its own, in MiB: without what it shares of files, such as the graph."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    (line,) = [each for each in status.splitlines() if each.startswith("RssAnon:")]
    return int(line.split()[1]) / 1024


def main() -> int:
    """From the command line."""
    parser = argparse.ArgumentParser(description="A soak of subscriptions.")
    parser.add_argument("--subscribers", type=int, default=2_000)
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=2)
    chosen = parser.parse_args()
    report = asyncio.run(soak(chosen.subscribers, chosen.changes, chosen.rounds))
    print(msgspec.json.format(msgspec.json.encode(report)).decode())
    return 0 if report.sound else 1


if __name__ == "__main__":
    sys.exit(main())
