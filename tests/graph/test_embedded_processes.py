"""Other processes: killed while writing, reading while one writes, writing at the same time."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from authority.decide import decide
from graph.embedded import EmbeddedGraph
from graph.intake import fact_of_line
from tests.contracts.facts import hospital, mandate, may, person

WRITER = """
import asyncio, sys
from graph.embedded import EmbeddedGraph
from tests.contracts.facts import mandate, person

async def main(path, name, size, batches, map_size):
    graph = EmbeddedGraph.open(path, map_size=map_size)
    for batch in range(batches):
        facts = []
        for n in range(size):
            facts += [person(f"{name}.{batch}.{n}"), mandate(f"{name}.{batch}.{n}", "holder", f"{name}.{batch}.{n}")]
        token = (await graph.append(facts)).token
        print(batch, token.position, flush=True)
    await graph.close()

asyncio.run(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])))
"""
READER = """
import asyncio, sys
from graph.embedded import EmbeddedGraph
from graph.ledger import View

async def main(path, until, map_size):
    graph = EmbeddedGraph.open(path, read_only=True, map_size=map_size)
    looks = 0
    while True:
        position = (await graph.head()).position
        ids = await graph.represented_by("holder", limit=10_000_000)
        people = await graph.find("person", ids, View(as_of=None))
        assert len(people) == len(ids) >= position // 2 - 1, (len(people), len(ids), position)
        seen = [change.position async for change in graph.changes(max(0, position - 50))]
        assert seen == list(range(max(0, position - 50) + 1, seen[-1] + 1 if seen else 1)), seen
        looks += 1
        if position >= until:
            break
        await asyncio.sleep(0.001)
    assert not (await graph.verify()).problems
    print(looks)

asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
"""


def started(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finished(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


@pytest.mark.parametrize("acknowledged", [1, 3, 8, 20])
async def test_killed_while_writing(tmp_path: Path, acknowledged: int) -> None:
    """What was acknowledged is there, nothing is half there, and the next writer goes on."""
    path, size = tmp_path / "g", 25
    process = started(WRITER, path, "w", size, 10_000, 1 << 20)
    try:
        assert process.stdout is not None
        last = await asyncio.to_thread(_line, process.stdout, acknowledged)
        await asyncio.sleep(0.0007 * acknowledged)  # somewhere in the midst of one of the next writes
    finally:
        process.send_signal(signal.SIGKILL)
        # what it was about to say when it was killed may have been cut off
        rest = process.communicate()[0].rpartition("\n")[0].splitlines()
    acknowledged_position = int((rest[-1] if rest else last).split()[1])
    graph = EmbeddedGraph.open(path)
    position = (await graph.head()).position
    assert position in {acknowledged_position, acknowledged_position + 2 * size}
    changes = [change async for change in graph.changes()]
    assert [change.position for change in changes] == list(range(1, position + 1))
    people = [fact_of_line(change.line).id for change in changes[::2]]
    assert len(await graph.find("person", people)) == position // 2
    assert len(await graph.represented_by("holder", limit=position)) == position // 2
    assert (await graph.verify()).problems == ()
    assert (await graph.append([person("after")])).token.position == position + 1
    await graph.close()


def _line(stream: IO[str], count: int) -> str:
    lines = [stream.readline() for _ in range(count)]
    return lines[-1]


def test_killed_while_it_makes_the_file(tmp_path: Path) -> None:
    for attempt in range(6):
        path = tmp_path / f"g{attempt}"
        process = started(WRITER, path, "w", 1, 10_000, 1 << 20)
        while not path.exists():
            time.sleep(0.0005)
        time.sleep(0.0004 * attempt)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        asyncio.run(_is_usable(path))


async def _is_usable(path: Path) -> None:
    graph = EmbeddedGraph.open(path)
    await graph.append([person("after")])
    assert (await graph.verify()).problems == ()
    await graph.close()


async def test_two_processes_read_while_one_writes_and_the_file_grows(tmp_path: Path) -> None:
    path, batches, size = tmp_path / "g", 60, 20
    graph = EmbeddedGraph.open(path)
    await graph.close()
    small = 1 << 18
    readers = [started(READER, path, 2 * batches * size, small) for _ in range(2)]
    writer = started(WRITER, path, "w", size, batches, small)
    assert len(finished(writer).splitlines()) == batches
    for reader in readers:
        assert int(finished(reader)) > 0
    assert path.stat().st_size > small, "each of them had to follow the file's growth"


async def test_processes_that_write_at_once_leave_no_gap(tmp_path: Path) -> None:
    path, batches, size = tmp_path / "g", 15, 10
    writers = [started(WRITER, path, name, size, batches, 1 << 18) for name in ("a", "b", "c")]
    positions = [int(line.split()[1]) for writer in writers for line in finished(writer).splitlines()]
    assert sorted(positions) == [2 * size * n for n in range(1, 3 * batches + 1)]
    graph = EmbeddedGraph.open(path, read_only=True)
    assert (await graph.stats())["person"] == 3 * batches * size
    assert (await graph.verify()).problems == ()
    await graph.close()


async def test_what_another_process_writes_is_seen_by_the_next_question(tmp_path: Path) -> None:
    path = tmp_path / "g"
    graph = EmbeddedGraph.open(path, map_size=1 << 16)
    await graph.append([*hospital(), person("holder")])
    asked = may("holder", "w.0.0")
    assert decide(asked, await graph.neighbourhood(asked)).reason == "NO_GROUND"
    finished(started(WRITER, path, "w", 500, 1, 1 << 30))
    assert decide(asked, await graph.neighbourhood(asked)).reason == "VOLUNTARY_MANDATE"
    await graph.append([mandate("w.0.0", "holder", "w.0.0", retracted=True, recorded_at=asked.at)])
    assert decide(asked, await graph.neighbourhood(asked)).reason == "NO_GROUND"
    await graph.close()


HOLDER = """
import sys, time
import lmdb
with lmdb.open(sys.argv[1], subdir=False, readonly=True).begin() as txn:
    print("reading", flush=True)
    time.sleep(600)
"""


async def test_a_reader_that_was_killed_takes_no_place_and_lets_the_file_not_grow(tmp_path: Path) -> None:
    path = tmp_path / "g"
    graph = EmbeddedGraph.open(path)
    await graph.append([person("anna")])
    reader = started(HOLDER, path)
    assert reader.stdout is not None
    await asyncio.to_thread(_line, reader.stdout, 1)
    assert graph.readers() == 1
    await _append_one_by_one(graph, "a")
    held = path.stat().st_size
    reader.send_signal(signal.SIGKILL)
    reader.communicate()
    assert graph.readers() == 1, "nobody told us"
    await _append_one_by_one(graph, "b")
    assert path.stat().st_size < 1.25 * held, "the pages that the reader held back are used again"
    assert graph.readers() == 0
    await graph.close()


async def _append_one_by_one(graph: EmbeddedGraph, name: str) -> None:
    for n in range(150):
        await graph.append([person(f"{name}{n}")])
