"""The scoring of official cases."""

from __future__ import annotations

from typing import Any

import pytest

from authority.parental.agreement import compare
from authority.parental.brp import Relation, ThirdParty

JOINT = Relation(
    type="GezamenlijkOuderlijkGezag", minor="000000036", parents=("000000012", "000000024"), under_investigation=False
)
SHARED = Relation(
    type="GezamenlijkGezag",
    minor="000000036",
    parents=("000000012",),
    third_parties=(ThirdParty(known=True, bsn="000000048"),),
    under_investigation=False,
)


def changed(relation: Relation, **changes: Any) -> Relation:
    return Relation(**{field: getattr(relation, field) for field in relation.__struct_fields__} | changes)


@pytest.mark.parametrize(
    ("derived", "agrees", "false_grants", "doubts_agree"),
    [
        ([JOINT], True, 0, True),
        ([changed(JOINT, parents=JOINT.parents and JOINT.parents[::-1])], True, 0, True),
        ([changed(JOINT, under_investigation=True)], True, 0, False),
        ([], False, 0, False),
        ([JOINT, JOINT], False, 0, False),
        ([changed(JOINT, parents=("000000012",))], False, 0, False),
        ([changed(JOINT, parents=("000000012", None))], False, 0, False),
        ([changed(JOINT, parents=("000000012", "000000048"))], False, 1, False),
        ([changed(JOINT, minor="000000048")], False, 2, False),
        ([changed(JOINT, type="EenhoofdigOuderlijkGezag")], False, 0, False),
        ([SHARED], False, 1, False),
    ],
)
def test_compare(derived: Any, *, agrees: bool, false_grants: int, doubts_agree: bool) -> None:
    found = compare(derived, [JOINT])
    assert (found.agrees, len(found.false_grants), found.doubts_agree) == (agrees, false_grants, doubts_agree)


def test_whether_a_third_party_is_known_counts() -> None:
    assert not compare([changed(SHARED, third_parties=(ThirdParty(known=False),))], [SHARED]).agrees
    assert compare([SHARED], [JOINT]).false_grants == (("000000048", "000000036"),)
