"""A value under investigation flags the answer that looked at it, and changes nothing else (domain.md 7.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from authority.parental.brp import UnderInvestigation
from authority.parental.records import Doubts
from tests.authority.parental.families import as_parent, child, child_of, derive, father, mother, partner, ruling, union


@pytest.mark.parametrize(
    ("mark", "field", "in_doubt"),
    [
        ("010310", "010310", True),
        ("10310", "010310", True),
        ("010310", "010330", False),
        ("010300", "010330", True),
        ("010300", "010410", False),
        ("010000", "018120", True),
        ("010000", "020310", False),
        ("010120", "010120", False),
        ("010100", "010120", False),
        ("010000", "010120", True),
        ("020120", "020120", True),
    ],
)
def test_which_fields_a_mark_covers(mark: str, field: str, *, in_doubt: bool) -> None:
    doubts = Doubts(date(2026, 4, 23))
    doubts.look(UnderInvestigation(field=mark), field)
    assert bool(doubts.fields) == in_doubt


@pytest.mark.parametrize(("until", "in_doubt"), [(None, True), ("2026-04-23", True), ("2026-04-22", False)])
def test_an_investigation_that_ended_casts_no_doubt(until: str | None, *, in_doubt: bool) -> None:
    doubts = Doubts(date(2026, 4, 23))
    doubts.look(UnderInvestigation(field="010310", until=until), "010310")
    assert bool(doubts.fields) == in_doubt


def mark(field: str) -> Any:
    return {"under_investigation": {"field": field}}


@pytest.mark.parametrize(
    ("people", "in_doubt"),
    [
        ((child(**mark("010310")),), True),
        ((child(**mark("010410")),), True),
        ((child(**mark("018120")),), True),
        ((child(history=[mark("518120")]),), True),
        ((child(history=[mark("018120")]),), False),
        ((child(residence={"municipality": "0518", **mark("080910")}),), False),
        ((child(authority_record={**ruling("12"), **mark("113210")}),), True),
        ((child(authority_record={**ruling("12"), **mark("118510")}),), True),
        ((child_of(as_parent(mother(), **mark("020240")), as_parent(father())),), True),
        ((child_of(as_parent(mother()), as_parent(father(), **mark("036210"))),), True),
        ((child(), mother(**mark("010310"))), True),
        ((child(), mother(**mark("018120"))), False),
        ((child(), mother(authority_record=mark("113310"))), True),
        ((child(), mother(unions=[union(partner(), **mark("050610"))])), True),
        ((child(), mother(children=[{"bsn": "000000036", **mark("090310")}])), False),
    ],
)
def test_which_doubts_flag_the_answer(people: Any, *, in_doubt: bool) -> None:
    assert derive(*people).under_investigation == in_doubt


def test_a_question_not_reached_casts_no_doubt() -> None:
    married = (mother(unions=[union(father())]), father(unions=[union(mother())]))
    acknowledged_in_doubt = child_of(as_parent(mother()), as_parent(father(), **mark("038120")))
    assert derive(acknowledged_in_doubt).under_investigation
    assert not derive(acknowledged_in_doubt, *married).under_investigation
