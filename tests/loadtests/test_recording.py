"""Histograms and samples: what parts saw adds up to what one would have seen."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.histograms import LONGEST_S, Latencies
from loadtests.recording import EXAMPLES_MAX, Samples

times = st.lists(st.floats(1e-6, 100.0), max_size=60)


def latencies(values: list[float], digits: int = 3) -> Latencies:
    found = Latencies(digits)
    for value in values:
        found.record(value)
    return found


@settings(deadline=None, max_examples=40)
@given(st.lists(times, min_size=1, max_size=4))
def test_the_parts_histograms_are_the_wholes(parts: list[list[float]]) -> None:
    whole = latencies([value for part in parts for value in part])
    added = Latencies()
    for part in parts:
        added.add(Latencies.decoded(latencies(part).encoded()))
    assert added.same_counts(whole)
    assert added.count == whole.count
    assert added.mean == pytest.approx(whole.mean)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(1e-4, 100.0), min_size=1, max_size=200), st.sampled_from([50.0, 90.0, 99.0, 100.0]))
def test_percentiles_are_right_to_three_digits(values: list[float], percent: float) -> None:
    exact = float(np.quantile(values, percent / 100.0, method="inverted_cdf"))
    assert latencies(values).percentile(percent) == pytest.approx(exact, rel=2e-3, abs=2e-6)


def test_what_is_longer_than_the_longest_is_kept_as_that() -> None:
    found = latencies([LONGEST_S * 10, 0.0])
    assert found.count == 2
    assert found.longest == pytest.approx(LONGEST_S, rel=1e-3)


def test_an_empty_one_says_nought() -> None:
    empty = Latencies.decoded(Latencies().encoded())
    assert (empty.count, empty.mean, empty.percentile(99), empty.longest, empty.share_above(0)) == (0, 0, 0, 0, 0)


def test_the_share_above() -> None:
    assert latencies([i / 1_000 for i in range(1, 1_001)]).share_above(0.9) == pytest.approx(0.1, abs=2e-3)


def samples(seed: int) -> Samples:
    chance = np.random.default_rng(seed)
    found = Samples()
    found.generators = 1
    for at in np.sort(chance.random(200)) * 10:
        service = float(chance.exponential(0.01))
        error = "HTTP 500" if chance.random() < 0.05 else None
        found.record(f"name {chance.integers(3)}", service, service + 0.001, error, float(at))
        found.due["Helpers.ask"] += 1
        found.begun["Helpers.ask"] += int(chance.random() < 0.9)
        found.find("checked")
    found.find("wrong", {"question": seed})
    found.freshness.record(0.1)
    found.lateness.record(0.2)
    found.dropped_by_interval[3] += 1
    return found


def test_samples_survive_their_json() -> None:
    one = samples(1)
    assert Samples.from_json(json.loads(json.dumps(one.as_json()))).as_json() == one.as_json()


def test_samples_add_up_in_any_order() -> None:
    forward, backward = samples(1), samples(3)
    forward.add(samples(2))
    forward.add(samples(3))
    backward.add(samples(2))
    backward.add(samples(1))
    assert forward.whole.response.same_counts(backward.whole.response)
    assert forward.whole.errors == backward.whole.errors
    assert forward.generators == 3
    assert forward.due.total() == 600
    assert forward.dropped == 600 - forward.begun.total()
    assert sum(timed.count for timed in forward.intervals.values()) == forward.whole.count == 600
    assert forward.findings == {"checked": 600, "wrong": 3}


def test_examples_are_few() -> None:
    found = Samples()
    for number in range(3 * EXAMPLES_MAX):
        found.find("false_permit", {"question": number})
    assert found.findings["false_permit"] == 3 * EXAMPLES_MAX
    assert [example["question"] for example in found.examples] == list(range(EXAMPLES_MAX))
