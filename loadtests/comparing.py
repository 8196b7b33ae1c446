"""Two runs beside each other: by how much a percentile differs, and whether that is more than chance.

Requests of one second share the second's fate, so that they are no independent samples: whole intervals are drawn
again (a block bootstrap), both runs', and the difference is significant if its 95 % interval has no nought in it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from loadtests.recording import Samples

PERCENTS: Final = (50.0, 90.0, 99.0)
_DRAWS: Final = 400
_SKIP_S: Final = 5.0
"""The first seconds, in which the rate rises."""
INTERVALS_MIN: Final = 10

Reals = NDArray[np.float64]


class Difference(NamedTuple):
    """Of the response time's percentile, in milliseconds: this run's, the other's, and the interval of what is between.

    `low` and `high` bound this less the other with 95 %; None where there are too few intervals to tell.
    """

    percent: float
    this_ms: float
    other_ms: float
    low_ms: float | None
    high_ms: float | None

    @property
    def significant(self) -> bool | None:
        """None: nobody can tell."""
        if self.low_ms is None or self.high_ms is None:
            return None
        return self.low_ms > 0.0 or self.high_ms < 0.0


def compared(this: Samples, other: Samples, seed: int = 1) -> list[Difference]:
    """Each of PERCENTS."""
    chance = np.random.default_rng(seed)
    drawn = [_drawn(samples, chance) for samples in (this, other)]
    found = []
    for i, percent in enumerate(PERCENTS):
        this_ms, other_ms = (samples.whole.response.percentile(percent) * 1e3 for samples in (this, other))
        low = high = None
        if all(each is not None for each in drawn):
            between = drawn[0][:, i] - drawn[1][:, i]  # type: ignore[index]  # neither is None here
            low, high = (float(edge) for edge in np.quantile(between, [0.025, 0.975]))
        found.append(Difference(percent, this_ms, other_ms, low, high))
    return found


def _drawn(samples: Samples, chance: np.random.Generator) -> Reals | None:
    """Percentiles in milliseconds of runs made of this one's intervals, drawn again; None: too few of them."""
    kept = [timed for index, timed in samples.intervals.items() if index * samples.interval_s >= _SKIP_S]
    if len(kept) < INTERVALS_MIN:
        return None
    columns = [dict(timed.response.counts()) for timed in kept]
    values = np.array(sorted({value for column in columns for value in column}), dtype=np.float64)
    place = {value: i for i, value in enumerate(values.astype(int).tolist())}
    counts = np.zeros((len(kept), len(values)))
    for row, column in enumerate(columns):
        for value, count in column.items():
            counts[row, place[value]] = count
    weights = chance.multinomial(len(kept), np.full(len(kept), 1.0 / len(kept)), size=_DRAWS)
    summed = np.cumsum(weights @ counts, axis=1)
    totals = summed[:, -1:]
    found = [values[np.argmax(summed >= np.maximum(1.0, np.ceil(totals * p / 100.0)), axis=1)] for p in PERCENTS]
    return np.stack(found, axis=1) / 1e3
