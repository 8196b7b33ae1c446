"""A real `machtigen import`, killed on the way: what it left is whole, and the same command completes it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from graph.embedded import EmbeddedGraph

MACHTIGEN = str(Path(sys.executable).with_name("machtigen"))
PEOPLE = 40_000


def facts_file(path: Path) -> Path:
    with path.open("w", encoding="utf-8") as lines:
        for n in range(PEOPLE):
            print(json.dumps({"fact": "person", "id": f"p{n}", "born": "1980-02-03"}), file=lines)
            holds = {"fact": "authority", "id": f"c{n}", "kind": "CURATELE", "representative": f"p{n}"}
            print(json.dumps(holds | {"represented": f"p{(n + 7) % PEOPLE}"}), file=lines)
    return path


def importing(facts: Path, graph: Path) -> list[str]:
    return [MACHTIGEN, "import", str(facts), "--recorded-at", "since-ever", "--json", "--graph", str(graph)]


def exported(graph: Path) -> bytes:
    return subprocess.run([MACHTIGEN, "export", "--graph", str(graph)], capture_output=True, check=True).stdout


def killed_on_the_way(process: subprocess.Popen[bytes], graph: Path) -> int:
    """Kill the import when some of it has been stored. The position that it left."""
    deadline = time.monotonic() + 60
    while not graph.exists() or graph.stat().st_size < 2**20:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    asyncio.run(stored(graph, deadline))
    process.kill()
    process.communicate()
    return asyncio.run(stored(graph, deadline))


async def stored(graph: Path, deadline: float) -> int:
    """The position of what is stored, once there is anything."""
    looking = EmbeddedGraph.open(graph, read_only=True)
    while not (position := (await looking.head()).position):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.001)
    await looking.close()
    return position


def test_an_import_that_is_killed_leaves_a_beginning_that_the_same_command_completes(tmp_path: Path) -> None:
    facts, graph = facts_file(tmp_path / "facts.jsonl"), tmp_path / "graph"
    position = killed_on_the_way(subprocess.Popen(importing(facts, graph), stdout=subprocess.PIPE), graph)
    assert 0 < position < 2 * PEOPLE, "killed too late to show anything"
    subprocess.run([MACHTIGEN, "verify", "--graph", str(graph)], capture_output=True, check=True)
    left = exported(graph)
    assert left.count(b"\n") == position
    done = json.loads(subprocess.run(importing(facts, graph), capture_output=True, check=True).stdout)
    assert (done["recorded"], done["unchanged"]) == (2 * PEOPLE - position, position)
    completed = exported(graph)
    assert completed.startswith(left)
    assert statements(completed.splitlines()) == statements(facts.read_bytes().splitlines())


def statements(lines: list[bytes]) -> list[tuple[str, str]]:
    return [(fact["fact"], fact["id"]) for fact in map(msgspec.json.decode, lines)]
