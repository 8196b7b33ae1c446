"""Killed with SIGKILL between any two steps: no mandate and a code that works, or exactly one mandate."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from graph.embedded import EmbeddedGraph
from tests.desk_town import HOUR, Town, citizen, codes, town
from tests.graph.desk.dying import STEPS

ROOT = Path(__file__).parent.parent.parent.parent
BEGUN = ("after-begin", "after-append", "within-finish", "after-finish")
RECORD = 'service: "zee/record"'


async def killed(here: Town, graph: Path, deed: str, step: str, name: str, code: str) -> None:
    """Another process does it and dies; we look at what is left."""
    here.close()
    await here.ledger.close()
    command = [sys.executable, "-m", "tests.graph.desk.dying", str(graph), str(here.path), deed, step, name, code]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=subprocess.PIPE)
    _, said = await process.communicate()
    assert process.returncode == -signal.SIGKILL, said.decode()


@pytest.mark.parametrize("by", ["the-desk", "the-helper-again"])
@pytest.mark.parametrize("step", STEPS)
async def test_an_activation(tmp_path: Path, step: str, by: str) -> None:
    graph = tmp_path / "graph"
    here = await town(EmbeddedGraph.open(str(graph)), tmp_path / "desk.sqlite")
    done = await here.request(citizen("ria"), RECORD)
    name, code = done["request"]["id"], done["activationCode"]
    await killed(here, graph, "activate", step, name, code)

    again = Town(EmbeddedGraph.open(str(graph)), here.path)
    again.clock += 2 * HOUR
    if by == "the-desk":
        await again.look()
        expected = "PERMIT VOLUNTARY_MANDATE" if step in BEGUN else "DENY NO_GROUND"
        assert await again.decided("ingrid", "ria", "zee/record") == expected
        if step in BEGUN:
            assert codes(await again.activate(citizen("peter"), "ria", code)) == ["CODE_USED"]
        else:
            assert codes(await again.activate(citizen("peter"), "ria", code)) == [], "the code works"
    else:
        made = await again.activate(citizen("ingrid"), "ria", code)
        assert (made["userErrors"], made["mandate"]["id"]) == ([], name)
    assert len(await again.ledger.history("authority", name)) == 1
    await again.look()
    assert len(await again.ledger.history("authority", name)) == 1
    sides = sorted(to for to, _ in again.letters("GIVEN"))
    assert sides == sorted({"ria", "peter" if by == "the-desk" and step not in BEGUN else "ingrid"})
    assert again.office.desk.deeds.under_way() == []
    assert again.office.desk.deeds.untold(None) == []
    assert (await again.ledger.verify()).problems == ()
    again.close()
    await again.ledger.close()


@pytest.mark.parametrize("step", STEPS)
async def test_a_withdrawal(tmp_path: Path, step: str) -> None:
    graph = tmp_path / "graph"
    here = await town(EmbeddedGraph.open(str(graph)), tmp_path / "desk.sqlite")
    name = await here.mandated()
    await killed(here, graph, "withdraw", step, name, "")
    again = Town(EmbeddedGraph.open(str(graph)), here.path)
    again.clock += 2 * HOUR
    await again.look()
    expected = "DENY WITHDRAWN" if step in BEGUN else "PERMIT VOLUNTARY_MANDATE"
    assert await again.decided("ingrid", "ria", "zee/record") == expected
    assert codes(await again.mandate(citizen("ria"), "withdrawMandate", f'id: "{name}"')) == []
    assert await again.decided("ingrid", "ria", "zee/record") == "DENY WITHDRAWN"
    assert len(await again.ledger.history("authority", name)) == 2
    assert sorted(to for to, _ in again.letters("WITHDRAWN")) == ["ingrid", "ria"]
    again.close()
    await again.ledger.close()


async def test_many_processes_and_one_code_make_one_mandate(tmp_path: Path) -> None:
    graph = tmp_path / "graph"
    here = await town(EmbeddedGraph.open(str(graph)), tmp_path / "desk.sqlite")
    done = await here.request(citizen("ria"), RECORD)
    name, code = done["request"]["id"], done["activationCode"]
    here.close()
    await here.ledger.close()
    command = [sys.executable, "-m", "tests.graph.desk.dying", str(graph), str(here.path), "activate", "", name, code]
    processes = [await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(4)]
    for process in processes:
        _, said = await process.communicate()
        assert process.returncode == 0, said.decode()
    again = Town(EmbeddedGraph.open(str(graph)), here.path)
    again.clock += 2 * HOUR
    assert len(await again.ledger.history("authority", name)) == 1
    assert sorted(to for to, _ in again.letters("GIVEN")) == ["ingrid", "ria"]
    assert await again.decided("ingrid", "ria", "zee/record") == "PERMIT VOLUNTARY_MANDATE"
    again.close()
    await again.ledger.close()
