"""Backoff with jitter and the circuit breaker."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graph.registers.health import OPENS_AFTER, Health


def test_the_circuit_opens_after_failures_in_a_row_and_one_try_decides() -> None:
    health = Health()
    for _ in range(OPENS_AFTER):
        assert health.breaker(0) == "CLOSED"
        health = health.failed(0, "down", lambda: 0.5)
    assert health.breaker(health.next_try - 1) == "OPEN"
    assert health.breaker(health.next_try) == "HALF_OPEN"
    assert health.succeeded(health.next_try, 10).breaker(health.next_try) == "CLOSED"


@given(st.integers(0, 200), st.floats(0, 1, exclude_max=True))
def test_the_wait_grows_to_ten_minutes_and_no_further(failures: int, chance: float) -> None:
    health = Health(failures=failures)
    wait = health.failed(0, "down", lambda: chance).next_try
    longest = min(2**failures * 1_000_000, 600_000_000)
    assert longest // 2 <= wait <= longest


def test_chance_spreads_those_who_failed_together() -> None:
    tries = {Health(failures=7).failed(0, "down", lambda share=share: share).next_try for share in (0.0, 0.5, 0.99)}  # type: ignore[misc]  # mypy does not infer it
    assert len(tries) == 3
