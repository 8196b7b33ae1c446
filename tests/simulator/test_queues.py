"""Special cases whose answer is known, in both styles."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.queues import counted, customers, erlang_c, mean_wait_mg1, mean_wait_mmc, waits

WARM_UP = 1_000


@pytest.mark.parametrize(
    ("servers", "rate", "cv", "expected"),
    [
        (1, 0.7, 1.0, mean_wait_mmc(1, 0.7)),
        (2, 1.7, 1.0, mean_wait_mmc(2, 1.7)),
        (5, 4.0, 1.0, mean_wait_mmc(5, 4.0)),
        (1, 0.7, 0.0, mean_wait_mg1(0.7, 1.0, 0.0)),
        (1, 0.7, 0.5, mean_wait_mg1(0.7, 1.0, 0.5)),
    ],
)
def test_closed_forms(servers: int, rate: float, cv: float, expected: float) -> None:
    replications = waits(customers(11, 300, 4_000, rate, 1.0, cv), servers)[:, WARM_UP:].mean(axis=1)
    error = replications.std(ddof=1) / np.sqrt(len(replications))
    assert abs(replications.mean() - expected) < 3.0 * error
    assert error < 0.05 * expected, "narrow enough to mean something"


def test_mm1_is_mmc_with_one_server() -> None:
    assert mean_wait_mmc(1, 0.8) == pytest.approx(0.8 / (1 - 0.8))
    assert erlang_c(1, 0.8) == pytest.approx(0.8)
    assert mean_wait_mg1(0.8, 1.0, 1.0) == pytest.approx(mean_wait_mmc(1, 0.8))


@pytest.mark.parametrize("servers", [1, 3])
def test_both_styles_wait_alike(servers: int) -> None:
    who = customers(5, 2, 400, 0.9 * servers)
    both = waits(who, servers)
    for replication in range(2):
        one = counted(who.arrivals[replication], who.services[replication], servers)
        assert np.allclose(one.waits, both[replication], atol=1e-9)


def test_little_and_conservation_in_the_event_queue() -> None:
    who = customers(9, 1, 2_000, 1.7)
    found = counted(who.arrivals[0], who.services[0], 2)
    times = np.array([time for time, *_ in found.seen])
    waiting = np.array([waiting for _, waiting, _, _ in found.seen])
    length = times[-1]
    mean_number = (waiting[:-1] * np.diff(times)).sum() / length
    assert mean_number == pytest.approx(2_000 / length * found.waits.mean(), rel=1e-9)
    arrived = np.searchsorted(who.arrivals[0], times + 1e-12, side="right")
    inside = np.array([sum(counts) for _, *counts in found.seen])
    last_of_instant = np.append(np.diff(times) > 0.0, True)
    # two may arrive or leave in one instant only with probability nought; compare at the end of each instant
    assert (arrived[last_of_instant] == inside[last_of_instant]).all()
