from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.drawing import draw
from simulator.knobs import METAS, Knobs
from simulator.plan import plan_of
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


MOVES = {
    "scope zipf_exponent gp_suppliers hospital_suppliers mental_suppliers other_suppliers": (
        "integration_weeks rollout_weeks release_weeks"
    ),
    "direct_rate direct_cv direct_effort direct_wait": "direct_weeks",
    "integration_low integration_high": "integration_weeks",
    "rollout_low rollout_high launch_weeks": "rollout_weeks",
    "release_low release_high": "release_weeks",
    "estimate_error estimate_sigma": "estimate statutory_estimate",
    # an unseen slip grows; the freeze moves the planned day at which it is looked for
    "setback_p setback_mean steering steering_boost detection_weeks slip_growth freeze_first_year": "setback",
    "change_effect incident_rate horizon_weeks": "outage_begin outage_end",
    "incident_median incident_sigma": "outage_end",
    "legal_weeks legal_sigma": "legal_weeks",
    "innovators": "innovators",
    "imitators": "imitators",
    "adoption_sigma": "innovators imitators",
}
OWN = {knob: set(drawn.split()) for knobs, drawn in MOVES.items() for knob in knobs.split()}
"""What each knob may move; a knob that is not here moves nothing."""
ALL = {"seed", "antithetic"}


def another(name: str, value: object) -> object:
    """A different value of a knob, within its bounds; None where it has no plain one."""
    meta = METAS[name]
    if meta.kind == "switch":
        return not value
    if meta.kind == "choice":
        return next(choice for choice in meta.choices if choice != value)
    if meta.kind == "integer":
        assert isinstance(value, int)
        return value + 1
    if meta.kind == "number" and isinstance(value, float | int):
        return min(meta.high, value * 1.5 + 0.1) if value < meta.high else value / 2.0
    return None


def test_no_knob_moves_a_draw_that_is_not_its_own() -> None:
    knobs = Knobs(gp_practices=300, gp_suppliers=12, horizon_weeks=200)
    before = draw(knobs, range(6))
    tried = 0
    for name in METAS.keys() - ALL:
        value = another(name, getattr(knobs, name))
        if value is None:
            continue
        tried += 1
        after = draw(knobs.changed(**{name: value}), range(6))
        moved = {
            field
            for field in before._fields
            if not np.array_equal(getattr(before, field), getattr(after, field), equal_nan=True)
        }
        assert moved == OWN.get(name, set()), name
    assert tried > 90


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


@pytest.mark.parametrize("weeks", [70, 100, 300])
def test_a_shorter_run_is_the_beginning_of_a_longer_one(weeks: int) -> None:
    whole, part = draw(Knobs(), range(50)), draw(Knobs(horizon_weeks=weeks), range(50))
    end = plan_of(Knobs(horizon_weeks=weeks)).end
    for replication in range(50):
        outages, seen = (
            [
                (begin, min(over, end))
                for begin, over in zip(drawn.outage_begin[replication], drawn.outage_end[replication], strict=True)
                if begin < min(over, end)
            ]
            for drawn in (whole, part)
        )
        assert np.ravel(seen) == pytest.approx(np.ravel(outages))
    assert (part.outage_begin <= part.outage_end).all()
