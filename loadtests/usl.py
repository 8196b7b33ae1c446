"""The Universal Scalability Law (Gunther), fitted, with how sure that is.

X(n) = rate * n / (1 + alpha * (n - 1) + beta * n * (n - 1)). `rate`: throughput of one; `alpha`: what is done one after
another (contention); `beta`: what all have to agree on (coherence).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import curve_fit

from loadtests.errors import LoadTestError

Reals = NDArray[np.float64]
POINTS_MIN: Final = 4
_DRAWS: Final = 200
_COHERENCE_LEAST: Final = 1e-9


def usl(n: Reals, rate: float, alpha: float, beta: float) -> Reals:
    """Throughput at n."""
    return np.asarray(rate * n / (1.0 + alpha * (n - 1.0) + beta * n * (n - 1.0)), np.float64)


@dataclass(frozen=True)
class Fit:
    """`draws`: rate, alpha and beta by row, of points drawn again; `measured`: the highest n that was."""

    rate: float
    alpha: float
    beta: float
    draws: Reals
    measured: float
    error: float
    """Root mean square of the residuals, as a share of the throughput."""

    def at(self, n: float) -> float:
        """Throughput."""
        return float(usl(np.array([n]), self.rate, self.alpha, self.beta)[0])

    def band(self, n: float, quantiles: Sequence[float] = (0.025, 0.975)) -> list[float]:
        """Its 95 % interval, or other quantiles."""
        found = [float(usl(np.array([n]), *row)[0]) for row in self.draws]
        return [float(value) for value in np.quantile(found, quantiles)]

    @property
    def peak(self) -> float:
        """N at which throughput is highest; inf where it never falls."""
        return _peak(self.alpha, self.beta)

    @property
    def most(self) -> float:
        """The highest throughput within what was measured: beyond, nobody has looked."""
        return self.at(min(max(1.0, self.peak), self.measured))

    def most_band(self, quantiles: Sequence[float] = (0.025, 0.975)) -> list[float]:
        """Its 95 % interval, or other quantiles."""
        found = [
            float(usl(np.array([min(max(1.0, _peak(a, b)), self.measured)]), rate, a, b)[0])
            for rate, a, b in self.draws.tolist()
        ]
        return [float(value) for value in np.quantile(found, quantiles)]

    def extrapolates(self, n: float) -> bool:
        """Whether N lies beyond what was measured."""
        return n > self.measured


def _peak(alpha: float, beta: float) -> float:
    return float("inf") if beta <= _COHERENCE_LEAST else float(np.sqrt(max(0.0, 1.0 - alpha) / beta))


def fit(points: Sequence[tuple[float, float]], seed: int = 1) -> Fit:
    """Of (N, throughput). Raises LoadTestError for too few."""
    ns, xs = (np.array(values, np.float64) for values in zip(*sorted(points), strict=True))
    if len(set(ns.tolist())) < POINTS_MIN:
        raise LoadTestError(f"a scalability law needs {POINTS_MIN} concurrencies; there are {len(set(ns.tolist()))}")
    if not (xs > 0.0).all():
        raise LoadTestError("a scalability law needs throughputs above 0")
    best = _fitted(ns, xs)
    fitted = usl(ns, *best)
    # residuals as shares: a run that was twice as fast scatters twice as much
    residuals = xs / fitted - 1.0
    freedom = max(1, len(xs) - 3)
    residuals *= np.sqrt(len(xs) / freedom)
    chance = np.random.default_rng(seed)
    draws = np.array(
        [_fitted(ns, fitted * (1.0 + chance.choice(residuals, len(xs))), best) for _ in range(_DRAWS)], np.float64
    )
    return Fit(*best, draws=draws, measured=float(ns.max()), error=float(np.sqrt(np.mean(residuals**2))))


def _fitted(ns: Reals, xs: Reals, start: tuple[float, float, float] | None = None) -> tuple[float, float, float]:
    xs = np.maximum(xs, 1e-9)
    first = start or (float(xs[0] / ns[0]), 0.05, 0.001)
    bounds = ([1e-9, 0.0, 0.0], [np.inf, 1.0, 1.0])
    inside = tuple(float(np.clip(value, low + 1e-12, high)) for value, low, high in zip(first, *bounds, strict=True))
    found, _ = curve_fit(usl, ns, xs, p0=inside, bounds=bounds, sigma=xs, maxfev=20_000)
    rate, alpha, beta = found.tolist()
    return rate, alpha, beta
