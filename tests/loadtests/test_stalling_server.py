"""simulation.md table 1.3: Locust alone says p90 = 3 ms of a server that is down a fifth of the time. Ours does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from loadtests.arrivals import Spacing, constant
from loadtests.plan import Plan
from tests.loadtests.generators import generated, stalling
from tests.loadtests.stalling_server import FREEZE_S, PERIOD_S

RATE, SECONDS = 100.0, 20.0


def corrected_truth(percent: float) -> float:
    """What arrivals at any time wait: whoever comes in the freeze waits until its end."""
    came = np.linspace(0.0, PERIOD_S, 1_000_001)
    waits = np.where(came < FREEZE_S, FREEZE_S - came, 0.0)
    return float(np.quantile(waits, percent / 100.0))


def test_the_truth_is_half_a_second() -> None:
    assert corrected_truth(90) == pytest.approx(0.5, rel=1e-3)
    assert corrected_truth(99) == pytest.approx(0.95, rel=1e-3)


@pytest.mark.parametrize("spacing", ["constant", "poisson"])
def test_p90_is_within_a_tenth_of_the_corrected_truth(tmp_path: Path, spacing: Spacing) -> None:
    plan = Plan({"Helpers.ask": constant(RATE, SECONDS)}, spacing=spacing, people=1_000)
    with stalling() as url:
        # as many connections as the table's Locust had: ten
        samples = generated(url, plan, tmp_path, pool=10)
    whole = samples.whole
    assert samples.dropped == 0
    assert whole.count == pytest.approx(RATE * SECONDS, rel=0.1)
    if spacing == "constant":
        assert whole.count == RATE * SECONDS
    # of 400 random arrivals in freezes 5 % more or less is usual, and moves p90 by as much
    assert whole.response.percentile(90) == pytest.approx(
        corrected_truth(90), rel=0.1 if spacing == "constant" else 0.2
    )
    assert whole.response.percentile(99) == pytest.approx(corrected_truth(99), rel=0.1)
    # and the clock that hides it would have hidden it
    assert whole.service.percentile(90) < 0.1


def test_a_pool_that_is_too_small_drops_and_says_how_many(tmp_path: Path) -> None:
    plan = Plan({"Helpers.ask": constant(RATE, 10.0)}, spacing="constant", people=1_000, patience_s=0.3)
    with stalling() as url:
        samples = generated(url, plan, tmp_path, pool=1)
    # in each freeze those wait too long who came in its first 0.7 s, but for the one that was under way
    assert samples.due.total() == RATE * 10.0
    assert samples.dropped == samples.due.total() - samples.whole.count > 0
    assert samples.dropped == sum(samples.dropped_by_interval.values())
    # at least those; more where this machine has others to serve
    assert 2 * 0.7 * RATE - 20 <= samples.dropped < 0.6 * samples.due.total()
