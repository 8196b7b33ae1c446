"""The simulator: replications and study points per CPU-second of this process, on one core."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from simulator import sensitivity
from simulator.events.engine import simulate as run_events
from simulator.knobs import Knobs
from simulator.running import run
from simulator.scenario import load
from simulator.vectorised.engine import simulate

PROGRAMME = Knobs(horizon_weeks=364)
"""60 suppliers and 5,403 providers, 364 weekly steps: the programme of simulation.md 1.1."""


def cpu_seconds(work: Callable[[], object], times: int = 3) -> list[float]:
    """CPU time of each of several runs, sorted."""
    spent = []
    for _ in range(times):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return sorted(spent)


def main() -> None:
    """Print the section."""
    simulate(PROGRAMME, range(100))
    batch = cpu_seconds(lambda: simulate(PROGRAMME, range(500)), 7)
    lean = cpu_seconds(lambda: simulate(PROGRAMME, range(500), detail=False), 7)
    story = cpu_seconds(lambda: run_events(PROGRAMME, 0), 5)
    chart = cpu_seconds(lambda: run(load("june_2020"), 10_000), 2)
    morris = cpu_seconds(lambda: sensitivity.morris(Knobs()))
    sobol = cpu_seconds(lambda: sensitivity.sobol(Knobs()))
    print("## Simulator: the onboarding programme\n")
    print("60 suppliers, 5,403 providers, 364 weekly steps; best and median of the runs.\n")
    print("| | best | median | aim |")
    print("|---|---|---|---|")
    print(f"| vectorised, replications per CPU-second | {500 / batch[0]:,.0f} | {500 / median(batch):,.0f} | 2,000 |")
    print(f"| the same, milestones and totals only | {500 / lean[0]:,.0f} | {500 / median(lean):,.0f} | |")
    print(f"| event engine (SimPy), replications per CPU-second | {1 / story[0]:.1f} | {1 / median(story):.1f} | |")
    print(f"| 10,000 replications to bands (470 weeks), CPU-s | {chart[0]:.2f} | {median(chart):.2f} | 5 |")
    print(f"| Morris, 120 points x 20 replications, CPU-s | {morris[0]:.2f} | {median(morris):.2f} | 2 |")
    print(f"| Sobol, 448 points x 20 replications, CPU-s | {sobol[0]:.2f} | {median(sobol):.2f} | 2 |")


if __name__ == "__main__":
    main()
