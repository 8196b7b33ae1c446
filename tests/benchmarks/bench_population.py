"""18 million people: as columns, as Parquet, as fact lines; and why lines are made as they are.

Each whole run is a process of its own, of which the system tells CPU time and peak memory. `BENCH_PEOPLE` sets another
size for a quick look.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np

from simulator.population import Lines, Population
from simulator.population.draws import draw, key
from simulator.population.population import NO_DATE, chunks

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "18000000"))
COLUMNS = "import sys; from simulator.population import Population; Population(int(sys.argv[1]), 1).columns()"


def run(*command: str) -> tuple[float, float]:
    """(CPU seconds, peak MB) of a process, with those it started."""
    child = subprocess.Popen([sys.executable, *command], stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{command} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def whole_runs(folder: Path) -> list[str]:
    command = ("-c", "from server.cli import main; main()", "population", "--people", str(PEOPLE), "--out")
    rows = ["| | CPU s | peak MB | file MB | aim |", "|---|---|---|---|---|"]
    for what, words, name, aim in (
        ("people as columns in memory", ("-c", COLUMNS, str(PEOPLE)), None, "6 s, 1,000 MB"),
        ("people as Parquet (zstd)", command, "people.parquet", "12 s"),
        ("people and authorities as fact lines", command, "facts.jsonl", "180 s"),
        ("the same, `.zst`", command, "facts.jsonl.zst", ""),
    ):
        path = folder / name if name else None
        cpu, memory = run(*words, *([str(path)] if path else []))
        size = f"{path.stat().st_size / 1e6:,.0f}" if path else ""
        rows.append(f"| {what} | {cpu:.1f} | {memory:,.0f} | {size} | {aim} |")
        if path:
            path.unlink()
    return rows


def timed(work: Callable[[], object]) -> float:
    """The least CPU time of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def ways_to_make_lines() -> list[str]:
    """The same person lines four ways, from the same columns."""
    lines = Lines(Population(1_000_000, 1))
    people = Population(1_000_000, 1).columns(0, 32_768)
    first_words, last_words = ([text.decode() for text in texts.tolist()] for texts in lines._name_texts)
    dates, first_day = [text.decode() for text in lines._dates.tolist()], lines._first_day

    def texts() -> Iterator[tuple[str, str, str | None, str]]:
        columns = (people.id, people.birth, people.died, people.first, people.last)
        for number, born, died, first, last in zip(*(column.tolist() for column in columns), strict=True):
            gone = None if died == NO_DATE else dates[died - first_day]
            yield f"{number:016x}", dates[born - first_day], gone, f"{first_words[first]} {last_words[last]}"

    def objects() -> Iterator[dict[str, str]]:
        for number, born, died, name in texts():
            fact = {"fact": "person", "id": number, "born": born}
            if died:
                fact["died"] = died
            fact["name"] = name
            yield fact

    def formatted(number: str, born: str, died: str | None, name: str) -> str:
        gone = f',"died":"{died}"' if died else ""
        return f'{{"fact":"person","id":"{number}","born":"{born}"{gone},"name":"{name}"}}'

    def dumped() -> bytes:
        return "\n".join(json.dumps(fact, separators=(",", ":"), ensure_ascii=False) for fact in objects()).encode()

    ways: dict[str, Callable[[], bytes]] = {
        "`json.dumps`, a line at a time": dumped,
        "msgspec, a line at a time": lambda: b"\n".join(map(msgspec.json.encode, objects())),
        "f-strings, a line at a time": lambda: "\n".join(formatted(*line) for line in texts()).encode(),
        "byte matrix, whole chunks (used)": lambda: lines._persons(people),
    }
    rows = ["| person lines from columns | µs a line |", "|---|---|"]
    return rows + [f"| {name} | {timed(work) / len(people.id) * 1e6:.2f} |" for name, work in ways.items()]


def ways_to_draw() -> list[str]:
    count, stream = 1 << 20, key(1, "bench")
    hashed = timed(lambda: [draw(stream, rows) for rows in chunks(0, count)])
    philox = timed(lambda: [np.random.Philox(key=[1, int(rows[0])]).random_raw(len(rows)) for rows in chunks(0, count)])
    street = timed(lambda: [np.random.Philox(key=[1, start]).random_raw(32) for start in range(0, count >> 5, 32)])
    return [
        "| 64-bit draws | ns a draw |",
        "|---|---|",
        f"| SplitMix64 of (seed, row), any rows (used) | {hashed / count * 1e9:.1f} |",
        f"| Philox, runs of 16,384 | {philox / count * 1e9:.1f} |",
        f"| Philox, runs of 32 (a street) | {street / (count >> 5) * 1e9:.0f} |",
    ]


def main() -> None:
    """Print the section."""
    with tempfile.TemporaryDirectory() as folder:
        print(f"## Population\n\n{PEOPLE:,} people, one process.\n")
        print("\n".join(whole_runs(Path(folder))))
    print("\n" + "\n".join(ways_to_make_lines()))
    print("\n" + "\n".join(ways_to_draw()))


if __name__ == "__main__":
    main()
