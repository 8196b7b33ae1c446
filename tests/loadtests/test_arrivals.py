"""Rates over time, and the instants drawn from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.arrivals import Curve, Spacing, constant, ramp, read, steps
from loadtests.errors import LoadTestError

rates = st.floats(0.0, 40.0).map(lambda rate: round(rate, 3))
curves = st.lists(
    st.tuples(st.floats(0.0, 90.0).map(lambda instant: round(instant, 3)), rates), min_size=2, max_size=6
).map(
    lambda points: Curve(tuple((instant, rate) for (instant, _), (_, rate) in zip(sorted(points), points, strict=True)))
)


def cumulative(curve: Curve, instant: float) -> float:
    """How many are to come until then, by trapezoids of its points."""
    total = 0.0
    for (begin, first), (end, last) in zip(curve.points, curve.points[1:], strict=False):
        if end > begin and instant > begin:
            until = min(instant, end)
            at_until = first + (last - first) * (until - begin) / (end - begin)
            total += (until - begin) * (first + at_until) / 2.0
    return total


@settings(deadline=None)
@given(curves)
def test_evenly_spaced_arrivals_come_when_the_rate_says(curve: Curve) -> None:
    drawn = list(curve.draw("constant", 1, "x"))
    assert abs(len(drawn) - curve.total) <= 1.0
    assert drawn == sorted(drawn)
    for number, instant in enumerate(drawn):
        assert cumulative(curve, instant) == pytest.approx(number + 0.5, abs=1e-3)


@settings(deadline=None)
@given(curves, st.integers(1, 5))
def test_the_parts_of_even_arrivals_are_the_whole(curve: Curve, parts: int) -> None:
    whole = list(curve.draw("constant", 1, "x"))
    shared = [instant for part in range(parts) for instant in curve.draw("constant", 1, "x", part, parts)]
    assert sorted(shared) == whole


@settings(deadline=None)
@given(curves, st.integers(0, 2**32), st.integers(1, 4))
def test_random_arrivals_lie_within_and_are_drawn_again_the_same(curve: Curve, seed: int, parts: int) -> None:
    drawn = [list(curve.draw("poisson", seed, "x", part, parts)) for part in range(parts)]
    assert drawn == [list(curve.draw("poisson", seed, "x", part, parts)) for part in range(parts)]
    together = sorted(instant for part in drawn for instant in part)
    assert all(curve.points[0][0] - 1e-6 <= instant <= curve.seconds + 1e-6 for instant in together)
    # five standard deviations of a Poisson number, and one more for small ones
    assert abs(len(together) - curve.total) <= 5.0 * curve.total**0.5 + 1.0


def test_random_arrivals_do_not_know_one_another() -> None:
    drawn = np.array(list(constant(500.0, 120.0).draw("poisson", 7, "x")))
    gaps = np.diff(drawn)
    assert np.mean(gaps) == pytest.approx(1 / 500, rel=0.03)
    # the gaps of a Poisson process are exponential: as large a deviation as mean
    assert np.std(gaps) == pytest.approx(np.mean(gaps), rel=0.03)


def test_a_ramp_has_more_and_more() -> None:
    drawn = np.array(list(ramp(0.0, 100.0, 10.0).draw("constant", 1, "x")))
    assert len(drawn) == 500
    assert [int(((drawn >= s) & (drawn < s + 1)).sum()) for s in (0, 4, 9)] == [5, 45, 95]


def test_steps_and_what_comes_after() -> None:
    curve = steps([10.0, 20.0], 5.0).then(constant(0.0, 5.0))
    assert (curve.total, curve.seconds, curve.most) == (150.0, 15.0, 20.0)
    assert [curve.at(instant) for instant in (0.0, 4.9, 5.0, 9.9, 10.0, 15.0, 16.0)] == [10, 10, 20, 20, 0, 0, 0]


def test_other_streams_draw_otherwise() -> None:
    one = constant(10.0, 10.0)
    assert list(one.draw("poisson", 1, "x")) != list(one.draw("poisson", 1, "y"))
    assert list(one.draw("poisson", 1, "x")) != list(one.draw("poisson", 2, "x"))


def test_a_soak_of_a_week_is_drawn_piece_by_piece() -> None:
    drawn = constant(100.0, 7 * 86_400.0).draw("poisson", 1, "x")
    first = [next(drawn) for _ in range(1_000)]
    assert first[-1] == pytest.approx(10.0, rel=0.2)


def test_a_day_is_replayed_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_text("# measured on 1 March\nseconds,per_second\n0,2\n60,10\n120,2\n")
    assert read(file) == Curve(((0.0, 2.0), (60.0, 10.0), (120.0, 2.0)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("seconds,per_second\n0,1\nx,2\n", "day.csv:3: expected columns seconds and per_second with numbers"),
        ("time,rate\n0,1\n", "day.csv:2: expected columns"),
        ("seconds,per_second\n0,1\n", "2 to 100,000 points; found 1"),
        ("seconds,per_second\n5,1\n0,1\n", "goes forward; found 0 s after 5 s"),
        ("seconds,per_second\n0,1\n5,-1\n", "a rate is 0 to 1,000,000 a second; found -1 at 5 s"),
        ("seconds,per_second\n0,1\n5,nan\n", "found nan at 5 s"),
    ],
)
def test_a_bad_day_is_told_by_its_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "day.csv"
    file.write_text(text)
    with pytest.raises(LoadTestError, match=said):
        read(file)


@pytest.mark.parametrize("spacing", ["constant", "poisson"])
def test_nothing_comes_where_the_rate_is_nought(spacing: Spacing) -> None:
    assert list(constant(0.0, 100.0).draw(spacing, 1, "x")) == []
