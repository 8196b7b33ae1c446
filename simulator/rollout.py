"""How a roll-out spreads over its time: a share of customers as a function of the share of time, and back.

Both shapes are lines between points, so that both engines mean the same by them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

_S: Final = 1.0 / (1.0 + np.exp(-np.linspace(-4.0, 4.0, 9)))
SHAPES: Final[dict[str, tuple[Reals, Reals]]] = {
    "linear": (np.array([0.0, 1.0]), np.array([0.0, 1.0])),
    "logistic": (np.linspace(0.0, 1.0, 9), (_S - _S[0]) / (_S[-1] - _S[0])),
}


def share_at(shape: str, time: Reals) -> Reals:
    """The share connected when a share of the time has passed."""
    if shape == "linear":
        return np.clip(time, 0.0, 1.0)
    return np.interp(time, *SHAPES[shape])


def time_of(shape: str, share: Reals) -> Reals:
    """The share of the time that has passed when a share is connected."""
    times, shares = SHAPES[shape]
    return np.interp(share, shares, times)


def turn_of(shape: str, customers: int) -> Reals:
    """When each of a supplier's customers has its turn, as a share of the roll-out's time."""
    return time_of(shape, (np.arange(customers) + 0.5) / max(1, customers))
