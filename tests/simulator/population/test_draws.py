from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulator.population.draws import Pseudonyms, below, draw, key, shares, words

ROWS = st.lists(st.integers(0, 2**40), min_size=1, max_size=50, unique=True)


@given(seed=st.integers(0, 2**63), rows=ROWS)
def test_pseudonyms_differ_lead_back_and_are_no_citizen_numbers(seed: int, rows: list[int]) -> None:
    pseudonyms = Pseudonyms(seed)
    found = pseudonyms.of(np.array(rows, dtype=np.int64)).tolist()
    assert len(set(found)) == len(rows)
    assert [pseudonyms.row(number) for number in found] == rows
    # a BSN has nine digits, in decimal or as it would stand in an id
    assert all(len(str(number)) >= 19 and len(f"{number:x}") == 16 for number in found)


@given(seed=st.integers(0, 2**63), rows=ROWS)
def test_a_draw_depends_on_its_counter_alone(seed: int, rows: list[int]) -> None:
    counters = np.array(rows, dtype=np.int64)
    together = draw(key(seed, "x"), counters)
    assert [int(draw(key(seed, "x"), counters[i : i + 1])[0]) for i in range(len(rows))] == together.tolist()


def test_splitmix_as_published() -> None:
    # reference values of SplitMix64 with state 1234567: its n-th output is the mix of state + n · golden
    assert draw(np.uint64(1234567), np.arange(1, 4)).tolist() == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


def test_streams_differ_and_fill_their_range() -> None:
    counters = np.arange(200_000)
    one, two = draw(key(1, "one"), counters), draw(key(1, "two"), counters)
    assert abs(np.corrcoef(shares(one), shares(two))[0, 1]) < 0.01
    assert abs(np.corrcoef(shares(one)[1:], shares(one)[:-1])[0, 1]) < 0.01
    for part in words(one).T:
        assert np.bincount(part >> 12, minlength=16).min() > 0.95 * len(counters) / 16
    assert set(below(one, 6).tolist()) == set(range(6))
    assert 0 <= shares(one).min() < shares(one).max() < 1
