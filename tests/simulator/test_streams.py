from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.drawing import draw
from simulator.knobs import Knobs
from simulator.streams import Process, uniforms, words

WORD = st.integers(0, 2**64 - 1)


@given(WORD, WORD, st.integers(1, 100), WORD, st.integers(0, 2**63))
def test_equal_to_numpys_own_philox(seed: int, replication: int, process: int, entity: int, block: int) -> None:
    drawn = words(seed, np.array([replication], np.uint64), process, np.array([entity], np.uint64), block + 1)
    numpys = np.random.Philox(key=seed | replication << 64, counter=block | process << 64 | entity << 128)
    assert [int(word[0]) for word in drawn] == [int(word) for word in numpys.random_raw(4)]


def test_uniforms_are_uniform_and_never_an_end() -> None:
    u = uniforms(1, np.arange(500, dtype=np.uint64), Process.SUPPLIER, np.arange(200, dtype=np.uint64))[0]
    assert u.min() > 0.0
    assert u.max() < 1.0
    counts = np.histogram(u, 20, (0.0, 1.0))[0]
    expected = u.size / 20
    # chi squared with 19 degrees of freedom: 43.8 is exceeded once in a thousand
    assert ((counts - expected) ** 2 / expected).sum() < 43.8
    assert abs(np.corrcoef(u[:-1].ravel(), u[1:].ravel())[0, 1]) < 0.02


def test_antithetic_pairs_mirror_each_other() -> None:
    u = uniforms(7, np.arange(10, dtype=np.uint64), Process.SETBACK, np.zeros(1, np.uint64), antithetic=True)[0][:, 0]
    assert np.allclose(u[::2] + u[1::2], 1.0)
    assert len(np.unique(u)) == 10


def test_few_and_many_replications_draw_the_same() -> None:
    few = uniforms(3, np.arange(50, dtype=np.uint64), Process.INCIDENT, np.arange(4, dtype=np.uint64))
    many = uniforms(3, np.arange(500, dtype=np.uint64), Process.INCIDENT, np.arange(4, dtype=np.uint64))
    for a, b in zip(few, many, strict=True):
        assert (a == b[:50]).all()


CHANGES = [
    ({"setback_mean": 3.0}, {"setback"}),
    ({"integration_high": 12.0}, {"integration_weeks"}),
    ({"direct_cv": 0.5}, {"direct_weeks"}),
    ({"routing_slots": 5}, set()),
    ({"legal_weeks": 30.0}, {"legal_weeks"}),
    ({"incident_median": 6.0}, {"outage_begin", "outage_end"}),
    ({"innovators": 0.001}, {"innovators"}),
]


@pytest.mark.parametrize(("change", "moved"), CHANGES)
def test_one_knob_moves_its_own_draws_only(change: dict[str, object], moved: set[str]) -> None:
    before, after = draw(Knobs(), range(40)), draw(Knobs().changed(**change), range(40))
    differ = {
        name
        for name in before._fields
        if not np.array_equal(getattr(before, name), getattr(after, name), equal_nan=True)
    }
    assert differ == moved


def test_a_supplier_keeps_its_draws_whatever_the_order() -> None:
    by_size, by_sector = (
        draw(Knobs(sector_order=order), range(5)).integration_weeks for order in ((), ("mental", "gp"))
    )
    assert not np.array_equal(by_size, by_sector)
    assert np.array_equal(np.sort(by_size[:, 1:]), np.sort(by_sector[:, 1:]))


def test_another_seed_or_replication_draws_anew() -> None:
    a, b = draw(Knobs(), range(20)), draw(Knobs(seed=1), range(20))
    assert not np.array_equal(a.integration_weeks, b.integration_weeks)
    assert len(np.unique(a.legal_weeks)) == 20
    assert np.array_equal(draw(Knobs(), range(5, 9)).legal_weeks, a.legal_weeks[5:9])
