"""The search for the knee, against services whose knee is known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadtests.knee import PRECISION, knee
from loadtests.objectives import Outcome


@given(st.floats(1.0, 5_000.0), st.floats(0.2, 500.0))
def test_it_is_found_from_below_and_from_above(first: float, times: float) -> None:
    true = first * times
    found = knee(first, lambda rate: "met" if rate <= true else "missed")
    assert found.limit == "the service"
    assert found.held <= true < (found.broke or 0.0)
    assert (found.broke or 0.0) / found.held <= PRECISION


def test_where_the_generator_is_the_limit_it_says_so() -> None:
    def run(rate: float) -> Outcome:
        return "met" if rate <= 400.0 else "invalid"

    found = knee(100.0, run)
    assert (found.held, found.broke, found.limit) == (337.5, None, "the generator")


def test_a_service_that_never_holds() -> None:
    found = knee(100.0, lambda rate: "missed")
    assert (found.held, found.broke, found.limit) == (0.0, 12.5, "the service")
    assert [step.rate for step in found.steps] == [100.0, 50.0, 25.0, 12.5]
