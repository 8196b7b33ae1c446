"""Queues whose answers are known: M/M/1, M/M/c, M/G/1 and M/G/c in both styles, and the closed forms beside them.

The counter and the teams are such queues; what holds for them is checked here, where theory says what must come out
(Erlang C; Pollaczek and Khinchine). Times are in units of a mean service unless a caller means something else.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import simpy
from numpy.typing import NDArray

from simulator.drawing import gamma_of_mean_one
from simulator.events.pool import Steps
from simulator.streams import Process, uniforms

Reals = NDArray[np.float64]


class Customers(NamedTuple):
    """Arrival times and services, (replications, customers)."""

    arrivals: Reals
    services: Reals


def customers(
    seed: int, replications: int, count: int, rate: float, service: float = 1.0, cv: float = 1.0
) -> Customers:
    """Poisson arrivals and Gamma services; `cv` 1 is exponential, 0 constant."""
    who = np.arange(count, dtype=np.uint64)
    gap, length, _, _ = uniforms(seed, np.arange(replications, dtype=np.uint64), Process.QUEUE, who)
    return Customers(np.cumsum(-np.log(gap) / rate, axis=1), service * gamma_of_mean_one(cv, length))


def waits(who: Customers, servers: int) -> Reals:
    """How long each waits, all replications at once (Kiefer and Wolfowitz)."""
    free = np.zeros((servers, len(who.arrivals)))
    every = np.arange(len(who.arrivals))
    waited = np.empty_like(who.arrivals)
    for index in range(who.arrivals.shape[1]):
        server = np.argmin(free, axis=0)
        begin = np.maximum(free[server, every], who.arrivals[:, index])
        waited[:, index] = begin - who.arrivals[:, index]
        free[server, every] = begin + who.services[:, index]
    return waited


class Counted(NamedTuple):
    """What the event queue saw: waits in order of arrival, and (time, waiting, in service, done) at each change."""

    waits: Reals
    seen: list[tuple[float, int, int, int]]


def counted(arrivals: Reals, services: Reals, servers: int) -> Counted:
    """One replication of the same queue in SimPy."""
    env = simpy.Environment()
    resource = simpy.Resource(env, servers)
    waited = np.empty(len(arrivals))
    seen: list[tuple[float, int, int, int]] = []

    def see(done: int) -> None:
        seen.append((env.now, len(resource.queue), resource.count, (seen[-1][3] if seen else 0) + done))

    def customer(index: int) -> Steps:
        yield env.timeout(float(arrivals[index]))
        with resource.request() as server:
            see(0)
            yield server
            waited[index] = env.now - arrivals[index]
            see(0)
            yield env.timeout(float(services[index]))
        see(1)

    for index in range(len(arrivals)):
        env.process(customer(index))
    env.run()
    return Counted(waited, seen)


def erlang_c(servers: int, load: float) -> float:
    """The probability that an arrival must wait in M/M/c at `load` erlangs, which must be less than `servers`."""
    assert 0.0 <= load < servers
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked / (1.0 - (load / servers) * (1.0 - blocked))


def mean_wait_mmc(servers: int, rate: float, service: float = 1.0) -> float:
    """Mean wait in M/M/c; with one server M/M/1."""
    return erlang_c(servers, rate * service) * service / (servers - rate * service)


def mean_wait_mg1(rate: float, service: float, cv: float) -> float:
    """Mean wait in M/G/1 (Pollaczek and Khinchine)."""
    load = rate * service
    assert load < 1.0
    return load * service * (1.0 + cv**2) / (2.0 * (1.0 - load))


def mean_wait_at(utilisation: float, servers: int) -> float:
    """Mean wait of a small job in a team this busy, in services; infinite when it is full."""
    return math.inf if utilisation >= 1.0 else mean_wait_mmc(servers, utilisation * servers)
