"""Which version holds (facts.md 1)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from authority.facts import Person
from authority.moments import SINCE_EVER
from authority.versions import holding
from tests.authority.asking import authority, person


def held(stated: Sequence[tuple[int, str]], known_at: int | None = None) -> list[str | None]:
    """The names that hold of one person, stated at these instants in this ledger order."""
    versions = [Person(id="p", register="BRP", born="1980-01-01", name=name, recorded_at=at) for at, name in stated]
    return [fact.name for fact in holding(versions, known_at) if isinstance(fact, Person)]


@pytest.mark.parametrize(
    ("stated", "known_at", "name"),
    [
        ([(1, "a")], None, ["a"]),
        ([(1, "a"), (2, "b")], None, ["b"]),
        ([(2, "b"), (1, "a")], None, ["b"]),
        ([(1, "a"), (1, "b")], None, ["b"]),
        ([(1, "a"), (2, "b"), (2, "c")], None, ["c"]),
        ([(1, "a"), (3, "b")], 2, ["a"]),
        ([(1, "a"), (3, "b")], 3, ["b"]),
        ([(1, "a")], 0, []),
        ([(SINCE_EVER, "a"), (3, "b")], 0, ["a"]),
        ([], None, []),
    ],
)
def test_the_greatest_recorded_at_holds_else_the_later_position(
    stated: list[tuple[int, str]], known_at: int | None, name: list[str]
) -> None:
    assert held(stated, known_at) == name


def test_a_retraction_holds_and_can_itself_be_taken_back() -> None:
    first = authority("VOLUNTARY_MANDATE", id="m", recorded_at="2026-01-01T00:00:00Z")
    retraction = authority("VOLUNTARY_MANDATE", id="m", recorded_at="2026-02-01T00:00:00Z", retracted=True)
    again = authority("VOLUNTARY_MANDATE", id="m", recorded_at="2026-03-01T00:00:00Z")
    assert holding([first, retraction]) == []
    assert holding([first, retraction], first.recorded_at) == [first]
    assert holding([first, retraction, again]) == [again]


def test_ids_are_unique_within_a_type_only() -> None:
    mandate, somebody = authority("VOLUNTARY_MANDATE", id="x"), person("x")
    assert holding([mandate, somebody]) == [mandate, somebody]
