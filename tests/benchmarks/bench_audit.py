"""What the audit record of a decision costs, in CPU time: made, sealed, and written to the file."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from graph.embedded import EmbeddedGraph
from resolvers.caller import Caller
from resolvers.decisions import Answer, decide_all
from resolvers.statements import statement
from resolvers.telling import Given
from server.audit.checking import check
from server.audit.records import Asking, Trace, records_of
from server.audit.sealing import GENESIS, sealed
from server.audit.trail import Trail
from server.statement.keys import Signing, keys_in, made
from tests.resolvers.small import NOW, asked, fill

ROUNDS = 40
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
CALLER = Caller(role="PROVIDER", party="hospital-12", subject="p1.k5zvkz2oq3jt4n7m6wq2c4l7g5hd3xya")
DECISIONS = 1_000


def asking() -> Asking:
    """What a request brings."""
    return Asking(Trace.of(TRACEPARENT), CALLER, "decision", NOW)


def microseconds(work: Callable[[], object], times: int) -> float:
    """CPU time of one, in the best of many rounds: other work on the machine only ever adds."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(times):
            work()
        best = min(best, (time.process_time() - begun) / times)
    return best * 1e6


async def answers(folder: Path) -> list[Answer]:
    """A parent's, about a child."""
    graph = EmbeddedGraph.open(str(folder / "graph"))
    await fill(graph)
    found = await decide_all(graph, [asked()] * DECISIONS)
    await graph.close()
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many = asyncio.run(answers(folder))
        trail = Trail(folder / "audit", lambda: NOW, {})

        def written(count: int) -> None:
            trail.append(records_of([Given(many[:count])], asking()))

        written(1)
        (body,) = records_of([Given(many[:1])], asking())
        keys = keys_in({"MACHTIGEN_SIGNING_KEY_1": made()})
        assert keys is not None
        signing = Signing("https://machtigen.example", keys)
        rows = {
            "one decision of a request, all of it": microseconds(lambda: written(1), 1_000),
            "each of 1,000 in one request, all of it": microseconds(lambda: written(DECISIONS), 2) / DECISIONS,
            "of which sealed": microseconds(lambda: sealed(GENESIS, 1, body), 2_000),
            "a signed statement, where it is asked for": microseconds(lambda: statement(many[0], signing, now=NOW), 50),
        }
        trail.rotate()
        begun = time.process_time()
        checked = check(folder / "audit")
        each = (time.process_time() - begun) / checked.records * 1e6
        assert not checked.problems
    print("## Audit records and signed statements\n")
    print(
        "A record in the shape of the standard, made, sealed and written to the file before the answer leaves; not the "
        f"disk's own work once a second. {len(body):,} bytes each. Best of {ROUNDS} rounds.\n"
    )
    print("| what | µs CPU |\n|---|---:|")
    for what, cost in rows.items():
        print(f"audit: {what}", file=sys.stderr)
        print(f"| {what} | {cost:.1f} |")
    print(f"| `audit verify`, each record of {checked.records:,} | {each:.1f} |")


if __name__ == "__main__":
    main()
