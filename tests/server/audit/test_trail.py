"""The writing side: real processes that are killed, several at once, and a disk that is full."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph.embedded import EmbeddedGraph
from schema.errors import Code
from server.audit.checking import check
from server.audit.directory import INDEX, AuditUnavailable, Directory, audit_path
from server.audit.records import CHANGE
from server.audit.trail import RESUMED, Trail
from tests.resolvers.small import QUESTION, fill
from tests.server.asking import ROOT, in_process, served
from tests.server.audit.trails import RESOURCE, Clock, body, recorded
from tests.tokens import header

ONE = "query($q: Question!) { decision(question: $q) { outcome } }"
ANSWERS = 200
ASKER = header("PROVIDER", party="h1")
RECORD = "mutation($f: [JSON!]!) { recordFacts(facts: $f) { asOf } }"


async def world(path: Path) -> str:
    """The small world in a file."""
    graph = EmbeddedGraph.open(str(path / "graph"))
    await fill(graph)
    await graph.close()
    return str(path / "graph")


def asked(trace: str) -> dict[str, Any]:
    """What `httpx` posts: a question whose record bears this trace."""
    return {
        "json": {"query": ONE, "variables": {"q": QUESTION}},
        "headers": {"traceparent": f"00-{trace}-00f067aa0ba902b7-01", **ASKER},
    }


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_a_server_that_is_killed_under_load_loses_no_record_of_an_answer(tmp_path: Path, workers: str) -> None:
    graph = await world(tmp_path)
    answered: list[str] = []
    with served(graph, "--workers", workers) as (url, process):

        async def ask(client: httpx.AsyncClient, number: int) -> None:
            for place in range(1_000_000):
                trace = f"{number + 1:08x}{place + 1:024x}"
                try:
                    answer = await client.post(f"{url}/graphql", **asked(trace))
                except httpx.HTTPError:
                    return
                assert answer.json()["data"]["decision"]["outcome"] == "PERMIT"
                answered.append(trace)
                if len(answered) == ANSWERS:
                    _kill_all(process.pid)

        async with httpx.AsyncClient(timeout=10) as client:
            await asyncio.gather(*(ask(client, number) for number in range(4)))
    directory = audit_path(graph)
    found = Counter(each["trace_id"] for each in recorded(directory))
    assert len(answered) >= ANSWERS
    assert {trace for trace in answered if found[trace] != 1} == set()
    Directory(directory).recover(1)
    checked = check(directory)
    assert (checked.problems, checked.open) == ([], 0)
    assert checked.records == found.total()


def _kill_all(parent: int) -> None:
    """A server and its workers, each by its id."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    for pid in (parent, *map(int, found.stdout.split())):
        os.kill(pid, signal.SIGKILL)


async def test_after_a_kill_the_next_start_closes_what_was_left(tmp_path: Path) -> None:
    graph = await world(tmp_path)
    with served(graph) as (url, process):
        await _post(url, "a" * 32)
        _kill_all(process.pid)
    assert check(audit_path(graph)).open == 1
    with served(graph) as (url, _):
        await _post(url, "b" * 32)
    checked = check(audit_path(graph))
    assert (checked.problems, checked.open, checked.records) == ([], 0, 2)


async def _post(url: str, trace: str) -> None:
    async with httpx.AsyncClient() as client:
        (await client.post(f"{url}/graphql", **asked(trace))).raise_for_status()


def test_many_processes_write_in_one_directory(tmp_path: Path) -> None:
    write = f"""
from pathlib import Path
from server.audit.trail import Trail
from tests.server.audit.trails import Clock, RESOURCE, body
trail = Trail(Path({str(tmp_path)!r}), Clock(), RESOURCE)
trail.directory.recover(1)
for n in range(60):
    trail.append([body(str(n))])
    if n % 20 == 19:
        trail.rotate()
"""
    writers = [subprocess.Popen([sys.executable, "-c", write], cwd=ROOT) for _ in range(4)]
    assert [each.wait(60) for each in writers] == [0] * 4
    checked = check(tmp_path)
    assert (checked.problems, checked.records, checked.segments, checked.open) == ([], 240, 12, 0)


# a full disk


class Limited:
    """No file grows past this size, as if the disk were full. In this process, for as long as it is entered."""

    def __init__(self, size: int) -> None:
        self._size = size

    def __enter__(self) -> None:
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self._size, self._before[1]))

    def __exit__(self, *_: object) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)


async def test_on_a_full_disk_no_answer_leaves_and_later_it_goes_on(tmp_path: Path) -> None:
    graph = EmbeddedGraph.open(str(tmp_path / "graph"))
    await fill(graph)
    async with in_process(graph, audit=tmp_path / "audit") as client:
        assert (await client.post("/graphql", **asked("a" * 32))).status_code == 200
        with Limited(0):
            refused = await client.post("/graphql", **asked("b" * 32))
            evaluation = {
                "subject": {"type": "person", "id": "mother"},
                "action": {"name": "h1/record"},
                "resource": {"type": "person", "id": "child"},
            }
            by_authzen = await client.post("/access/v1/evaluation", json=evaluation)
            alive, ready = await client.get("/healthz"), await client.get("/readyz")
        again = await client.post("/graphql", **asked("c" * 32))
    await graph.close()
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["extensions"]) == (503, {"code": "AUDIT_UNAVAILABLE", "retryable": True})
    assert "PERMIT" not in refused.text
    assert by_authzen.status_code == 503
    assert by_authzen.json()["error"]["code"] == Code.AUDIT_UNAVAILABLE
    assert (ready.status_code, ready.json()["status"]) == (503, "the audit record cannot be written")
    assert (alive.status_code, again.status_code) == (200, 200)
    told = [(each["event_name"], each.get("trace_id", "")) for each in recorded(tmp_path / "audit")]
    assert told == [
        ("adl.access_evaluation", "a" * 32),
        (RESUMED, ""),
        ("adl.access_evaluation", "c" * 32),
    ]
    assert check(tmp_path / "audit").problems == []


async def test_a_change_that_was_made_is_recorded_later_and_until_then_none_is_made(tmp_path: Path) -> None:
    graph = EmbeddedGraph.open(str(tmp_path / "graph"))
    await fill(graph)
    (tmp_path / "audit").mkdir()
    before = await graph.head()
    facts = [{"fact": "person", "id": name, "born": "2000-01-01"} for name in ("one", "two", "three")]

    def change(name: int) -> dict[str, Any]:
        return {"json": {"query": RECORD, "variables": {"f": [facts[name]]}}}

    async with in_process(graph, audit=tmp_path / "audit") as client:
        index = tmp_path / "audit" / INDEX
        index.rename(tmp_path / "index")
        index.mkdir()  # nothing can be written here, and the graph can
        statuses = [(await client.post("/graphql", **change(place))).status_code for place in (0, 1)]
        assert (await graph.head()).position == before.position + 1
        index.rmdir()
        (tmp_path / "index").rename(index)
        statuses.append((await client.post("/graphql", **change(2))).status_code)
    await graph.close()
    assert statuses == [503, 503, 200]
    told = [each.get("body", {}).get(CHANGE, {}).get("facts") for each in recorded(tmp_path / "audit")]
    assert told == [["person/one"], None, ["person/three"]]


def test_half_a_write_is_taken_back(tmp_path: Path) -> None:
    trail = Trail(tmp_path, Clock(), RESOURCE)
    trail.append([body("a")])
    (path,) = tmp_path.glob("2*.jsonl")
    size = path.stat().st_size
    with Limited(size + 50), pytest.raises(AuditUnavailable, match="cannot be written"):
        trail.append([body("b" * 1_000)])
    assert (path.stat().st_size, trail.failing) == (size, True)
    trail.append([body("c")])
    trail.rotate()
    assert [each["trace_id"] for each in recorded(tmp_path)] == ["a", "c"]
    assert check(tmp_path).problems == []


def test_a_place_that_cannot_be_written_in_is_refused_before_anything_starts(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("")
    with pytest.raises(AuditUnavailable, match="file"):
        Directory(place)


def test_where_the_records_of_a_graph_are(tmp_path: Path) -> None:
    assert audit_path("some/graph") == Path("some/graph.audit")
    assert audit_path("neo4j://127.0.0.1") == Path(".machtigen/audit")
    assert audit_path("some/graph", "other") == Path("other")
