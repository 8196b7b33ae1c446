"""The embedded graph: import, export and verify as a user runs them; appending, reading and deciding in process."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from authority.decide import decide
from authority.facts import Authority, Fact, Person, Provider, Service
from authority.moments import SINCE_EVER, day
from authority.question import Question
from graph.embedded import EmbeddedGraph
from graph.intake import fact_of_line, read_fact

MACHTIGEN = str(Path(sys.executable).with_name("machtigen"))
PEOPLE = 610_000
"""A million facts."""
TIMES = 3
QUESTIONS = 2_000
APPENDS = 300


class Run(NamedTuple):
    """A command in a process of its own: seconds of its processor and of the clock, and its memory in MiB."""

    cpu: float
    wall: float
    own_mib: float
    """The most that it held for itself: without pages of the graph's file, which the system can take back."""


def ran(*arguments: str) -> Run:
    begun = time.perf_counter()
    with subprocess.Popen([MACHTIGEN, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        own_kib = 0
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            own_kib = max(own_kib, _anonymous_kib(process.pid))
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, arguments
    return Run(used.ru_utime + used.ru_stime, time.perf_counter() - begun, own_kib / 1024)


def _anonymous_kib(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1])
    return 0  # it has ended


def best(runs: list[Run]) -> Run:
    """By processor time: other work on the machine only ever adds."""
    return min(runs, key=lambda run: run.cpu)


def row(what: str, count: int, run: Run) -> str:
    print(f"{what}: {run}", file=sys.stderr)
    mib = f"{run.own_mib:,.0f}"
    return f"| {what} | {count / run.cpu:,.0f}/s | {run.cpu / count * 1e6:.1f} | {count / run.wall:,.0f}/s | {mib} |"


def stages(folder: Path) -> list[str]:
    made, graph = folder / "facts.jsonl", folder / "graph"
    facts = str(made)
    print("making facts", file=sys.stderr)
    ran("population", "--people", str(PEOPLE), "--out", facts)
    with made.open("rb") as lines:
        count = sum(1 for _ in lines)
    imports = []
    for _ in range(TIMES):
        graph.unlink(missing_ok=True)
        imports.append(ran("import", facts, "--recorded-at", "since-ever", "--graph", str(graph)))
    again = ran("import", facts, "--recorded-at", "since-ever", "--graph", str(graph))
    exports = [ran("export", "--graph", str(graph)) for _ in range(TIMES)]
    verified = ran("verify", "--graph", str(graph))
    mib = graph.stat().st_size / 2**20
    return [
        row(f"`import` into an empty graph ({count:,} facts, {mib:,.0f} MiB of file)", count, best(imports)),
        row("`import` of the same again: nothing changes", count, again),
        row("`export`", count, best(exports)),
        row("`verify`", count, verified),
    ]


def person(n: int) -> Fact:
    return Person(id=f"new{n}", register="BRP", born="1990-01-01")


async def in_process(path: Path) -> list[str]:
    """Questions about parents and children all over the graph, and appends of one fact, durable when they return."""
    graph = EmbeddedGraph.open(path)
    asked = await parents_questions(graph)
    neighbourhoods = [await graph.neighbourhood(question) for question in asked]

    async def read() -> None:
        for question in asked:
            await graph.neighbourhood(question)

    async def decided() -> None:
        for question in asked:
            assert decide(question, await graph.neighbourhood(question)).outcome == "PERMIT"

    async def decided_alone() -> None:
        for question, around in zip(asked, neighbourhoods, strict=True):
            decide(question, around)

    rows = []
    for what, work in (("neighbourhood", read), ("decide", decided_alone), ("neighbourhood and decide", decided)):
        rows.append(f"| {what} | {await microseconds(work) / len(asked):.1f} | |")
    rows.append(await appended(graph))
    await graph.close()
    return rows


async def parents_questions(graph: EmbeddedGraph) -> list[Question]:
    """A sole parent of a small child asks for its hospital record: each about other people."""
    hospital: list[Fact] = [
        Provider(id="bench", register="PROVIDER", sector="HOSPITAL", status="LIVE"),
        Service(id="bench/r", register="PROVIDER", provider="bench", domain="CARE_RECORD", minimum_assurance="LOW"),
    ]
    await graph.append(hospital)
    at, pairs = day("2026-06-15"), list[tuple[str, str]]()
    async for change in graph.changes():
        fact = fact_of_line(change.line)
        if isinstance(fact, Authority) and fact.kind == "PARENTAL_SOLE" and fact.representative is not None:
            pairs.append((fact.representative, fact.represented))
    questions = [
        Question(representative=one, represented=two, provider="bench", service="r", assurance="HIGH", at=at)
        for one, two in pairs
    ]
    chosen = questions[:: max(1, len(questions) // (3 * QUESTIONS))]
    permitted = [q for q in chosen if decide(q, await graph.neighbourhood(q)).outcome == "PERMIT"]
    return permitted[:QUESTIONS]


async def microseconds(work: Callable[[], Coroutine[Any, Any, None]]) -> float:
    """CPU time in the best of some rounds."""
    spent = []
    for _ in range(7):
        begun = time.process_time()
        await work()
        spent.append(time.process_time() - begun)
    return min(spent) * 1e6


async def appended(graph: EmbeddedGraph) -> str:
    begun, each = time.process_time(), []
    for n in range(APPENDS):
        started = time.perf_counter()
        await graph.append([person(n)])
        each.append((time.perf_counter() - started) * 1e3)
    cpu = (time.process_time() - begun) / APPENDS * 1e6
    each.sort()
    clock = f"p50 {each[APPENDS // 2]:.1f} ms, p99 {each[int(APPENDS * 0.99)]:.1f} ms by the clock, the disk included"
    return f"| append one fact | {cpu:,.0f} | {clock} |"


def checked(path: Path) -> str:
    """Intake alone: JSON to checked facts."""
    with path.open("rb") as file:
        lines = list(islice(file, 100_000))
    spent = []
    for _ in range(TIMES):
        begun = time.process_time()
        for line in lines:
            read_fact(line, recorded_at=SINCE_EVER)
        spent.append(time.process_time() - begun)
    return f"| one line read and checked | {min(spent) / len(lines) * 1e6:.1f} | |"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = stages(Path(folder))
        singles = [checked(Path(folder) / "facts.jsonl"), *asyncio.run(in_process(Path(folder) / "graph"))]
    print("## The embedded graph\n")
    print(
        f"A million facts of `machtigen population --people {PEOPLE}`, each command as a process of its own, its start "
        f"included; import and export are the best of {TIMES}. Memory is the most that the process held for itself; "
        "pages of the graph's file that it has mapped come on top and are the system's to take back.\n"
    )
    print("| command | facts by CPU | CPU µs each | facts by the clock | MiB at most |\n|---|--:|--:|--:|--:|")
    print("\n".join(rows))
    print(f"\nIn process, in that graph; {QUESTIONS:,} parents ask, each about another child.\n")
    print("| what | CPU µs each | |\n|---|--:|---|")
    print("\n".join(singles))


if __name__ == "__main__":
    main()
