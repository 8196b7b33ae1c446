"""Each row's test: the statement is true of the model in its own world, and not in the one named against it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simulator.letter import STATEMENTS, Statement


def _row(number: int) -> Statement:
    statement = STATEMENTS[number]
    found = statement.measure(statement.knobs)
    assert found.holds, found.says
    against = statement.measure(statement.otherwise)
    assert not against.holds, f"also true if {statement.unless}: {against.says}"
    assert found.says
    return statement


@pytest.fixture(scope="session")
def row() -> Callable[[int], Statement]:
    """Measure a statement in both of its worlds, and hand it over for more."""
    return _row
