"""Run by a test in a process of its own: one deed at the mandate desk, killed with SIGKILL at a step of it.

`python -m tests.graph.desk.dying GRAPH DESK DEED STEP ID CODE`; STEP "" goes on to the end.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graph.desk import deeds
from graph.desk.deeds import Deeds
from graph.embedded import EmbeddedGraph
from tests.desk_town import HOUR, Town, citizen

STEPS = ("before-begin", "within-begin", "after-begin", "after-append", "within-finish", "after-finish")


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _dying(step: str, ledger: EmbeddedGraph) -> None:
    def reached(place: str) -> None:
        if step == place:
            _die()

    begin, finish, append = Deeds.begin, Deeds.finish, ledger.append
    put: Callable[..., None] = vars(deeds)["put"]

    def beginning(self: Deeds, facts: Any, seen: Any, messages: Any, told: Any, now: int, also: Any = None) -> Any:
        def within(database: sqlite3.Connection) -> None:
            also(database)
            reached("within-begin")

        reached("before-begin")
        deed = begin(self, facts, seen, messages, told, now, within)
        reached("after-begin")
        return deed

    async def appending(facts: Any) -> Any:
        done = await append(facts)
        reached("after-append")
        return done

    def putting(*given: Any) -> None:
        put(*given)
        reached("within-finish")

    def finishing(self: Deeds, *given: Any, **more: Any) -> None:
        finish(self, *given, **more)
        reached("after-finish")

    changed: dict[str, Callable[..., Any]] = {"begin": beginning, "finish": finishing}
    for name, function in changed.items():
        setattr(Deeds, name, function)
    vars(deeds)["put"] = putting
    ledger.append = appending  # type: ignore[method-assign]


async def _main(graph: str, desk: str, deed: str, step: str, name: str, code: str) -> None:
    ledger = EmbeddedGraph.open(graph)
    town = Town(ledger, Path(desk))
    town.clock += HOUR
    _dying(step, ledger)
    if deed == "activate":
        await town.activate(citizen("ingrid"), "ria", code)
    else:
        await town.mandate(citizen("ria"), "withdrawMandate", f'id: "{name}"')


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
