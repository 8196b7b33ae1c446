"""Places: 342 municipalities of Zipf size and the four-digit postcode areas in them.

A household draws one 16-bit *place*; municipality, postcode and whoever serves the neighbourhood follow from it, so
that neighbours share a hospital. Municipalities are numbered by size and have no names.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from simulator.population import figures
from simulator.population.names import DRAWN_FROM

FIRST_POSTCODE: Final = 1_011
LAST_POSTCODE: Final = 9_999


class Places(NamedTuple):
    """For each of 65,536 places: its municipality (0 is the largest) and its four-digit postcode."""

    municipality: npt.NDArray[np.uint16]
    postcode: npt.NDArray[np.uint16]


def municipality_shares() -> npt.NDArray[np.float64]:
    """Shares of the population by rank: a Zipf law through the largest one's share."""
    ranks = np.arange(1, figures.MUNICIPALITIES + 1, dtype=np.float64)
    low, high = 0.0, 2.0
    for _ in range(60):
        exponent = (low + high) / 2
        largest = 1 / (ranks**-exponent).sum()
        low, high = (exponent, high) if largest < figures.LARGEST_MUNICIPALITY / figures.PEOPLE else (low, exponent)
    weights = ranks**-low
    shares: npt.NDArray[np.float64] = weights / weights.sum()
    return shares


@cache
def places() -> Places:
    """The table of places."""
    edges = np.round(np.cumsum(municipality_shares()) * DRAWN_FROM).astype(np.int64)
    width = np.diff(edges, prepend=0)
    municipality = np.repeat(np.arange(len(width), dtype=np.uint16), width)
    areas = np.maximum(1, np.round(width * (figures.POSTCODES / DRAWN_FROM))).astype(np.int64)
    first_area = np.cumsum(areas) - areas
    within = np.arange(DRAWN_FROM) - (edges - width)[municipality]
    area = first_area[municipality] + within * areas[municipality] // width[municipality]
    # areas are spread over the numbers that exist, in the order of municipalities
    step = (LAST_POSTCODE - FIRST_POSTCODE) / int(area[-1] + 1)
    return Places(municipality, (FIRST_POSTCODE + np.floor(area * step)).astype(np.uint16))
