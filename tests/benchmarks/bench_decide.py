"""`decide` alone, in CPU time: the neighbourhood is at hand. The neighbourhood read is measured with each graph."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from authority.decide import decide
from authority.explanation import explain
from authority.moments import SINCE_EVER
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from graph.gathering import Pile, gather
from graph.intake import fact_of, question_of

CASES = Path(__file__).parent.parent / "cases"
ROUNDS = 30
SECONDS_A_ROUND = 0.03

Asked = tuple[Question, Neighbourhood]

HOSPITAL: list[dict[str, Any]] = [
    {"fact": "provider", "id": "h1", "sector": "HOSPITAL", "status": "LIVE", "live_from": "2020-09-01"},
    {
        "fact": "service",
        "id": "h1/record",
        "provider": "h1",
        "domain": "CARE_RECORD",
        "minimum_assurance": "SUBSTANTIAL",
    },
    {"fact": "person", "id": "child", "born": "2018-03-01"},
    {"fact": "person", "id": "mother", "born": "1985-03-01"},
    {"fact": "person", "id": "father", "born": "1984-03-01"},
    *(
        {"fact": "authority", "id": f"{holder}-child", "kind": "PARENTAL_JOINT", "representative": holder}
        | {"represented": "child", "valid_from": "2018-03-01"}
        for holder in ("mother", "father")
    ),
]
REGISTERS: list[dict[str, Any]] = [
    {"fact": "register", "id": name, "heard_from": "2026-06-15T08:00:00Z", "max_silence": "P7D"}
    for name in ("BRP", "GEZAGSREGISTER", "CCBR", "COURT", "DIGID_MACHTIGEN")
]
QUESTION = {
    "representative": "mother",
    "represented": "child",
    "provider": "h1",
    "service": "h1/record",
    "assurance": "SUBSTANTIAL",
    "at": "2026-06-15T10:00:00Z",
}


def asked(facts: list[dict[str, Any]], question: dict[str, Any]) -> Asked:
    put = question_of(question, now=0)
    return put, gather(put, Pile([fact_of(fact, recorded_at=SINCE_EVER)[0] for fact in facts]))


def microseconds(work: Callable[[Question, Neighbourhood], object], many: list[Asked]) -> float:
    """CPU time of one, in the best of many rounds: other work on the machine only ever adds."""
    times = 1
    while _spent(work, many, times) < SECONDS_A_ROUND:
        times *= 2
    return min(_spent(work, many, times) for _ in range(ROUNDS)) / times / len(many) * 1e6


def _spent(work: Callable[[Question, Neighbourhood], object], many: list[Asked], times: int) -> float:
    begun = time.process_time()
    for _ in range(times):
        for question, around in many:
            work(question, around)
    return time.process_time() - begun


def cases() -> list[Asked]:
    lines = [
        line for name in ("decisions", "decisions_timed") for line in (CASES / f"{name}.jsonl").open(encoding="utf-8")
    ]
    return [asked(case["facts"], case["question"]) for case in map(json.loads, lines)]


def main() -> None:
    ordinary = asked(HOSPITAL, QUESTION)
    rows = {
        "parent, child under 12, hospital record: PERMIT until a birthday": [ordinary],
        "the same, five registers that may fall silent: PERMIT until one does": [
            asked([*HOSPITAL, *REGISTERS], QUESTION)
        ],
        "a stranger: DENY, nothing looked at": [
            asked(HOSPITAL, QUESTION | {"representative": "father", "represented": "no"})
        ],
        "oneself, an adult: PERMIT": [asked(HOSPITAL, QUESTION | {"represented": "mother"})],
        "the open cases, on average": cases(),
    }
    print("## Deciding\n")
    print(
        "`authority.decide` with the neighbourhood in memory, `valid_until` included; the last row is `explain` of the "
        f"first. Best of {ROUNDS} rounds.\n"
    )
    print("| question | µs CPU |\n|---|---:|")
    for name, many in rows.items():
        print(f"decide: {name}", file=sys.stderr)
        print(f"| {name} | {microseconds(decide, many):.1f} |")
    print(f"| explained: the first | {microseconds(explain, [ordinary]):.0f} |")


if __name__ == "__main__":
    main()
