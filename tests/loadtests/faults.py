"""Faults during load: what clients saw on both clocks, and whether anything wrong was said or anything lost.

`python -m tests.loadtests.faults [worker] [neo4j]` (`make faults`) runs them at length and prints Markdown; the short
one of a killed worker is a test.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from msgspec.structs import replace

from graph.local_neo4j import Home, Settings, start
from loadtests.arrivals import constant
from loadtests.mix import reading, writing
from loadtests.objectives import DEFAULT, read
from loadtests.plan import Plan
from loadtests.runs import Run, run
from server.cli.own_service import own_service
from tests.loadtests.country import PEOPLE, country
from tests.neo4j_server import Neo4jServer, started_in
from tests.server.cli.commands import machtigen


def busy(seconds: float, decisions: float = 40.0, writes: float = 3.0) -> Plan:
    """Everything that reads, and everything that writes."""
    rates = reading(constant(decisions, seconds))
    for event in ("mandates_requested", "mandates_activated", "mandates_withdrawn", "register_facts"):
        rates |= writing(event, constant(writes, seconds))
    return Plan(rates, people=PEOPLE, run=f"fault{os.getpid()}", patience_s=30.0)


def worker_killed(folder: Path, seconds: float = 60.0) -> Run:
    """One of two workers, with SIGKILL, a third of the way."""
    with country(folder, workers=2) as own:
        killed: list[int] = []

        def during(at: float) -> None:
            if at >= seconds / 3.0 and not killed:
                worker = _workers(own.pid)[0]
                killed.append(worker.pid)
                worker.send_signal(signal.SIGKILL)

        found = run(busy(seconds), own.url, read(DEFAULT), pool=50, during=during)
        assert killed
        assert len(_workers(own.pid)) == 2, "the worker did not come back"
        return found


def _workers(parent: int) -> list[psutil.Process]:
    """Those that serve; what multiprocessing has beside them does not."""
    children = psutil.Process(parent).children()
    return [child for child in children if not any("resource_tracker" in word for word in child.cmdline())]


def neo4j_killed(folder: Path, seconds: float = 180.0) -> Run:
    """Neo4j as the record, with SIGKILL, a third of the way; started again at the half."""
    home = folder / "neo4j"
    server = started_in(home)
    facts = str(folder / "facts.jsonl")
    access = {"NEO4J_USERNAME": server.username, "NEO4J_PASSWORD": server.password}
    try:
        assert machtigen("population", "--people", str(PEOPLE), "--no-names", "--out", facts).status == 0
        told = machtigen("import", "--graph", server.uri, facts, stdin=b"", **access)
        assert told.status == 0, told
        with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
            for name, value in access.items():
                patch.setenv(name, value)
            url = stack.enter_context(own_service(server.uri, PEOPLE, 1, 1)).url
            steps: list[Callable[[], None]] = [server.end, lambda: _again(home, server)]
            times = [seconds / 3.0, seconds / 2.0]

            def during(at: float) -> None:
                if steps and at >= times[-len(steps)]:
                    steps.pop(0)()

            return run(busy(seconds, decisions=20.0, writes=0.5), url, read(DEFAULT), pool=50, during=during)
    finally:
        _end(home)


def _again(home: Path, server: Neo4jServer) -> None:
    port = int(server.uri.rpartition(":")[2])
    settings = Settings(heap_mib=512, page_cache_mib=64, java_options=("-XX:TieredStopAtLevel=1",))
    start(Home(home), replace(settings, bolt_port=port, http_port=port + 1), tied=True)


def _end(home: Path) -> None:
    recorded = Home(home).recorded()
    if recorded is not None and psutil.pid_exists(recorded.pid):
        os.kill(recorded.pid, signal.SIGKILL)


def told(what: str, found: Run) -> str:
    """A row."""
    samples, whole = found.samples, found.samples.whole
    response, service = (clock.percentiles(50.0, 99.0, 100.0) for clock in (whole.response, whole.service))
    errors = ", ".join(f"{count} {error}" for error, count in whole.errors.most_common(4)) or "none"
    times = " | ".join(f"{value * 1e3:,.0f}" for value in (*response, *service))
    findings = samples.findings
    return (
        f"| {what} | {whole.count:,} | {times} | {errors} | {samples.dropped} | {findings['acknowledged']} | "
        f"{findings['lost']} | {findings['false_permit']} | {findings['wrong']} |"
    )


FAULTS: dict[str, Callable[[Path], Run]] = {"worker": worker_killed, "neo4j": neo4j_killed}


def main(wanted: list[str]) -> int:
    times = "P50 | P99 | longest | P50 sent | P99 sent | longest sent"
    print(f"| fault | requests | {times} | failed | dropped | writes acknowledged | lost | false permits | wrong |")
    print("|---|" + "--:|" * 13)
    right = True
    for name in wanted or list(FAULTS):
        with tempfile.TemporaryDirectory(prefix="fault-") as folder:
            found = FAULTS[name](Path(folder))
        print(told(f"{name} killed", found), flush=True)
        findings = found.samples.findings
        right = right and not (findings["lost"] or findings["false_permit"] or findings["wrong"] or findings["unasked"])
        for example in found.samples.examples:
            print(example, file=sys.stderr)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
