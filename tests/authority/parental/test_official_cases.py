"""Every official case: `current` agrees in full, and no tier gives authority that the official answer does not give."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from authority.parental.agreement import compare
from authority.parental.brp import Case
from authority.parental.derivation import Population
from authority.parental.relations import determinations_for, relation_of

FILE = Path(__file__).parents[2] / "cases/parental_authority.jsonl"
CASES = [msgspec.json.decode(line, type=Case) for line in FILE.read_bytes().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_official_case(case: Case) -> None:
    found = determinations_for(case.query.bsn, Population(case.facts.persons), case.evaluation_date)
    relations = [relation for relation in map(relation_of, found) if relation is not None]
    assert case.expected is not None
    agreement = compare(relations, case.expected)
    assert not agreement.false_grants
    if case.tier == "current":
        assert agreement.agrees
        assert agreement.doubts_agree


def test_all_cases_are_there() -> None:
    assert len({case.id for case in CASES}) == 386
    assert sum(case.tier == "current" for case in CASES) == 372
