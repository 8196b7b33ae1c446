"""The scalability law is recovered from noisy points (simulation.md chapter 2), and says where it does not know."""

from __future__ import annotations

import numpy as np
import pytest

from loadtests.errors import LoadTestError
from loadtests.usl import fit, usl

NS = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]
TRUE = (1_200.0, 0.06, 0.0008)


def points(noise: float, seed: int = 1, true: tuple[float, float, float] = TRUE) -> list[tuple[float, float]]:
    chance = np.random.default_rng(seed)
    exact = usl(np.array(NS), *true)
    return [(n, float(x * (1.0 + noise * chance.standard_normal()))) for n, x in zip(NS, exact, strict=True)]


def test_without_noise_it_is_exact() -> None:
    found = fit(points(0.0))
    assert (found.rate, found.alpha, found.beta) == pytest.approx(TRUE, rel=1e-3)
    assert found.peak == pytest.approx(np.sqrt((1 - 0.06) / 0.0008), rel=1e-3)


def test_with_two_percent_noise_the_truth_lies_in_the_band() -> None:
    inside = 0
    for seed in range(12):
        found = fit(points(0.02, seed), seed)
        assert found.peak == pytest.approx(34.3, rel=0.2)
        low, high = found.most_band()
        inside += low <= fit(points(0.0)).most <= high
    # 95 % of twelve, three standard deviations less
    assert inside >= 8


def test_a_law_without_coherence_has_no_peak() -> None:
    found = fit(points(0.0, true=(100.0, 0.1, 0.0)))
    assert found.peak > 1_000
    # and is not believed beyond what was measured
    assert found.most == pytest.approx(found.at(64.0))
    assert found.extrapolates(65.0)
    assert not found.extrapolates(64.0)


def test_too_few_points() -> None:
    with pytest.raises(LoadTestError, match="needs 4 concurrencies; there are 2"):
        fit([(1.0, 10.0), (2.0, 20.0), (2.0, 21.0)])
    with pytest.raises(LoadTestError, match="above 0"):
        fit([(n, 0.0) for n in NS])
