from __future__ import annotations

import pytest

from graph.errors import BadInput
from schema.evidence import evidence_of
from tests.resolvers.small import A_NUMBER

GROUPS = (A_NUMBER[:3], A_NUMBER[3:6], A_NUMBER[6:])


@pytest.mark.parametrize("between", ["", " ", ".", "-"])
@pytest.mark.parametrize("around", ["{}", "bsn {}.", "card of {}, seen"])
def test_a_number_is_refused_as_people_write_it(between: str, around: str) -> None:
    with pytest.raises(BadInput) as refused:
        evidence_of(around.format(between.join(GROUPS)))
    assert not any(group in str(refused.value) for group in GROUPS)


@pytest.mark.parametrize(
    "seen",
    [
        "ECLI:NL:RBAMS:2024:1234",
        "C/16/2026/17",
        "ruling of 2026-11-27",
        f"Hof {'.'.join(GROUPS)}/01",
        f"page 1-{'-'.join(GROUPS)}",
        " form 12 ",
    ],
)
def test_what_was_seen_is_kept(seen: str) -> None:
    assert evidence_of(seen) == seen.strip()
