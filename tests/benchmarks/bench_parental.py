"""Parental authority: CPU time per 1,000 official cases, step by step, and per child with the route kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import process_time

import msgspec

from authority.parental.brp import Case
from authority.parental.derivation import Population
from authority.parental.determine import Determination
from authority.parental.relations import determinations_for, relation_of

FILE = Path(__file__).parent.parent / "cases/parental_authority.jsonl"
ROUNDS = 7
PASSES = 5


def best_seconds(work: Callable[[], object]) -> float:
    """The least CPU time of one pass, of several rounds: what the work takes when nothing disturbs it."""
    times = []
    for _ in range(ROUNDS):
        before = process_time()
        for _ in range(PASSES):
            work()
        times.append((process_time() - before) / PASSES)
    return min(times)


def derive(case: Case) -> list[Determination]:
    return determinations_for(case.query.bsn, Population(case.facts.persons), case.evaluation_date)


def main() -> None:
    lines = FILE.read_bytes().splitlines()
    decoder, encoder = msgspec.json.Decoder(Case), msgspec.json.Encoder()
    cases = [decoder.decode(line) for line in lines]
    found = [derive(case) for case in cases]
    children = sum(len(each) for each in found)
    questions = sum(len(each.route) for several in found for each in several)

    decoding = best_seconds(lambda: [decoder.decode(line) for line in lines])
    deriving = best_seconds(lambda: [derive(case) for case in cases])
    encoding = best_seconds(lambda: [encoder.encode([relation_of(each) for each in several]) for several in found])

    per_thousand = 1000 / len(cases)
    print("## Parental authority (`machtigen parental-authority`)\n")
    print(
        f"The {len(cases)} official cases, {sum(map(len, lines)) / len(lines):,.0f} bytes a line on average; ", end=""
    )
    print(f"{children} relations and exclusions, {questions / children:.1f} questions for each.\n")
    print("| step | CPU ms per 1,000 cases |\n|---|---:|")
    for step, seconds in (("read and check a line", decoding), ("derive", deriving), ("write the answer", encoding)):
        print(f"| {step} | {seconds * 1e3 * per_thousand:.1f} |")
    print(f"| together | {(decoding + deriving + encoding) * 1e3 * per_thousand:.1f} |")


if __name__ == "__main__":
    main()
