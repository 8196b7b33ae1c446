"""The national rehearsal (`make national`): a country's busiest hours and an onboarding wave on one machine.

The graph is made once and kept, for 18 million people take hours. Prints Markdown; the reports are in the folder.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.server.asking import MACHTIGEN

RUNS: dict[str, tuple[str, ...]] = {
    "june_2020, busiest hour": ("--scenario", "june_2020"),
    "hospitals_2027 in March 2027, busiest hour": ("--scenario", "hospitals_2027", "--week", "2027-W09"),
    "hospitals_2027, a spike": ("--scenario", "hospitals_2027", "--week", "2027-W09", "--shape", "spike"),
    "onboarding wave": ("--scenario", "hospitals_2027", "--week", "2027-W09", "--shape", "wave"),
}
KNEE = ("--scenario", "hospitals_2027", "--week", "2027-W09", "--shape", "break")


def loadtest(*arguments: str) -> tuple[int, Any]:
    """Exit status, and what it says as JSON."""
    done = subprocess.run([MACHTIGEN, "loadtest", *arguments, "--json"], stdout=subprocess.PIPE, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout else None


COLUMNS = (
    *("run", "decisions/s", "writes/s", "P50 ms", "P99 ms", "P99 sent", "dropped", "wrong", "false permits", "lost"),
    *("fresh P99 ms", "verdict"),
)


def row(name: str, status: int, whole: Any) -> str:
    times, load, findings, fresh = (whole[key] for key in ("times", "load", "findings", "freshness"))
    writers = ("Mandates", "Counters", "Registers", "Suppliers")
    written = sum(
        each["requests"] for each in whole["names"] if each["name"].split(".")[0] in writers and "," not in each["name"]
    )
    figures = (load["decisions_per_second"], written / whole["seconds"])
    waits = (times["response"]["p50_ms"], times["response"]["p99_ms"], times["service"]["p99_ms"])
    counts = (load["dropped"], findings["wrong"], findings["false_permit"], findings["lost"])
    cells = [name, *(f"{value:.3g}" for value in (*figures, *waits)), *map(str, counts)]
    cells += [f"{fresh['p99_ms']:.3g}" if fresh else "", f"{whole['verdict']['outcome']} ({status})"]
    return f"| {' | '.join(cells)} |"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seconds", default="120")
    parser.add_argument("--workers", default="1")
    parser.add_argument("--folder", type=Path, default=Path(".machtigen/national"))
    given = parser.parse_args()
    folder: Path = given.folder
    folder.mkdir(parents=True, exist_ok=True)
    graph = str(folder / f"graph-{given.people}")
    own = ("--serve", "--graph", graph, "--people", str(given.people), "--workers", str(given.workers))
    where = f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the begin"
    print(f"{given.people:,} people, {given.workers} worker, {where}.\n")
    print(f"| {' | '.join(COLUMNS)} |\n|---|{'--:|' * (len(COLUMNS) - 2)}---|")
    worst = 0
    for number, (name, arguments) in enumerate(RUNS.items()):
        out = ("--out", str(folder / f"run-{number}"), "--seconds", given.seconds)
        status, whole = loadtest(*arguments, *own, *out)
        if whole is None:
            return status
        worst = max(worst, status)
        print(row(name, status, whole), flush=True)
    status, found = loadtest(*KNEE, *own, "--seconds", "15", "--steps", "16")
    if found is not None:
        steps = ", ".join(f"{step['requests_per_second']:.0f}/s {step['outcome']}" for step in found["steps"])
        print(f"\nKnee: held at {found['held']:,.0f} requests/s; the limit was {found['limit']}. Steps: {steps}.")
    return worst


if __name__ == "__main__":
    sys.exit(main())
