"""The event engine: simulation.md chapter 5 as processes, read from top to bottom."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date

import numpy as np
import simpy
from numpy.typing import NDArray

from simulator import adoption, registers
from simulator.country import LAUNCHING, country_of
from simulator.drawing import Drawn, draw
from simulator.events.people import Provider, Supplier
from simulator.events.pool import Pool, Steps
from simulator.knobs import Knobs
from simulator.plan import next_review, plan_of
from simulator.rollout import turn_of
from simulator.streams import Process, uniforms
from simulator.timeline import DAYS_PER_WEEK, next_allowed, to_date, to_day

Reals = NDArray[np.float64]

RULINGS_FOLLOWED = 0.01
"""The share of court rulings that a run follows one by one."""


@dataclasses.dataclass(frozen=True)
class Report:
    """What parliament was told: only what had happened by then."""

    on: date
    logged_in: int
    pgo_ready: int
    reached: tuple[str, ...]


class Run:
    """One replication. `run()` once; then `milestones`, `story`, `providers`, `pool.spans` and the rest hold it."""

    def __init__(self, knobs: Knobs, drawn: Drawn, replication: int = 0) -> None:
        assert len(drawn.setback) == 1
        self.knobs, self.drawn, self.replication = knobs, drawn, replication
        self.plan, self.country = plan_of(knobs), country_of(knobs)
        self.env = simpy.Environment(self.plan.begin)
        self.pool = Pool(self.env, knobs, self.plan)
        self.slots = simpy.Resource(self.env, knobs.routing_slots)
        self.mandate_live = self.env.event()
        self.legal_resolved = self.env.event()
        self.milestones: dict[str, float] = {}
        self.story: list[tuple[float, str]] = []
        self.reports: list[Report] = []
        self.citizens: list[adoption.Adoption] = []
        self.queue: list[tuple[float, int, int, int]] = []
        """(day, waiting, in service, done): the suppliers, at each change."""
        self.ruling_lags: list[float] = []
        self.stale: list[tuple[float, int]] = []
        """(day, rulings followed that the register does not show yet), at each change."""
        self.suppliers = [
            Supplier(
                column,
                [Provider(int(kind), column, bool(other)) for _ in range(customers)],
                self.env.event(),
            )
            for column, (kind, customers, other) in enumerate(
                zip(self.country.kind, self.country.customers, self.country.other, strict=True)
            )
        ]
        self.providers = [provider for supplier in self.suppliers for provider in supplier.customers]

    # the run

    def run(self) -> Run:
        """From the first day to the horizon."""
        self._start(self.pool.calendar)
        for begin, end in zip(self.drawn.outage_begin[0], self.drawn.outage_end[0], strict=True):
            if begin < end:
                self._start(self.pool.outage, begin, end)
        for process in (
            self.website,
            self.counters,
            self.pilot,
            self.priorities,
            self.mandate_chain,
            self.law,
            self.administration_pilot,
            self.statutory_track,
            self.launching_customers,
            self.direct_team,
            self.citizens_register,
            self.rulings,
            self.reporter,
            self.hospitals_enforce,
        ):
            self._start(process)
        if self.knobs.pathway != "direct":
            for supplier in self.suppliers[LAUNCHING + 1 :]:
                self._start(self.supplier, supplier)
        self.env.run(self.plan.end + 1e-6)
        self.pool.finish()
        if "statutory" in self.pool.first_progress:  # also where the horizon comes before the work is done
            self.milestones["development_start"] = self.pool.first_progress["statutory"]
        return self

    def _start(self, process: Callable[..., Steps], *arguments: object) -> None:
        self.env.process(process(*arguments))

    def _reach(self, milestone: str, words: str = "") -> None:
        """The first time counts."""
        if milestone not in self.milestones:
            self.milestones[milestone] = self.env.now
            self._tell(words or milestone.replace("_", " "))

    def _tell(self, words: str) -> None:
        self.story.append((self.env.now, words))

    def _until(self, day: float) -> simpy.Event:
        """The day, at once if it has passed; beyond any horizon if it is never."""
        return self.env.timeout(max(0.0, min(day, self.plan.end + 10.0) - self.env.now))

    # the mandate chain

    def mandate_chain(self) -> Steps:
        """Build, test, wait for what is late, and go live where the freeze allows it (letter W5, V2)."""
        yield self._until(self.plan.work_begins)
        estimate = self.drawn.estimate[0]
        yield from self.pool.work(self.plan.test_work * estimate, "mandate", "mandate")
        self._reach("routing_test", "routed mandates pass their test")
        yield from self.pool.work((self.plan.mandate_work - self.plan.test_work) * estimate, "mandate", "mandate")
        late = float(self.drawn.setback[0]) * DAYS_PER_WEEK
        if late:
            self._tell(f"the work is done, but a setback of {late / 7:.1f} weeks keeps it waiting")
        yield self.env.timeout(late)
        self._reach("mandate_ready", "routed mandates are ready to go live")
        allowed = float(next_allowed(np.array([self.env.now]), self.plan.freeze)[0])
        if allowed > self.env.now:
            self._tell(f"no going live in the freeze: not before {to_date(allowed)}")
        yield self._until(allowed)
        self._reach("mandate_live", "mandates through routing are live")
        self.pool.change(mandate_is_live=True)
        self.mandate_live.succeed()

    def priorities(self) -> Steps:
        """Another priority holds from a review on (letter O1)."""
        for day, to in self.plan.priorities[1:]:
            yield self._until(day)
            assert self.env.now >= next_review(self.knobs, self.env.now) - 1e-6
            self.pool.change(priority=to)
            self._tell(f"the review gives priority to {to}")

    # the statutory track

    def law(self) -> Steps:
        """Policy and law: no builder is needed for it, unless the scenario says so (letter R1)."""
        weeks = float(self.drawn.legal_weeks[0])
        if self.knobs.legal_at_logius:
            yield from self.pool.work(weeks, name="law")
        else:
            yield self.env.timeout(weeks * DAYS_PER_WEEK)
        self._reach("legal_resolved", "law and policy for representation are settled")
        self.legal_resolved.succeed()

    def administration_pilot(self) -> Steps:
        """Not without the law, and not before it was planned (letter W7)."""
        yield self.legal_resolved
        yield self._until(to_day(self.knobs.administration_pilot))
        self._reach("administration_pilot", "the pilot for administrators is held")

    def statutory_track(self) -> Steps:
        """The register of administrators: by the pool once it may, or by an external builder (letter W7, R1)."""
        if self.knobs.legal_first:
            yield self.legal_resolved
        effort = self.knobs.statutory_effort * float(self.drawn.statutory_estimate[0])
        if self.knobs.external_builder:
            yield self._until(to_day(self.knobs.external_from))
            self._reach("development_start", "an external builder starts on the register")
            weeks = effort * self.knobs.external_overhead / self.knobs.external_capacity
            yield self.env.timeout(weeks * DAYS_PER_WEEK)
        else:
            yield from self.pool.work(effort, "statutory", "statutory")
        self._reach("register_live", "the register of administrators is live")

    # connecting

    def launching_customers(self) -> Steps:
        """A few providers from June 2020, one after the other (letter V2)."""
        if self.knobs.pathway == "direct":
            return
        launching = self.suppliers[LAUNCHING]
        yield self._until(to_day(self.knobs.routing_ready))
        launching.asked = launching.started = launching.integrated = self.env.now
        self._tell(f"routing opens for {len(launching.customers)} launching customers")
        self._start(self.release, launching)
        self._roll_out(launching)

    def supplier(self, supplier: Supplier) -> Steps:
        """Ask for a slot when routing is open to it, integrate, and roll out to all customers."""
        yield self._until(to_day(self.knobs.scale_start) if not self._other(supplier) else self._others_open())
        if self._other(supplier) and self.knobs.priority == "care" and not self.mandate_live.triggered:
            yield self.mandate_live
        supplier.asked = self.env.now
        self._count(1, 0, 0)
        with self.slots.request() as slot:
            yield slot
            self._count(-1, 1, 0)
            name = f"supplier {supplier.column}"
            yield from self.pool.work(float(self.drawn.integration_weeks[0, supplier.column]), name=name)
            supplier.started = self.pool.first_progress[name]
            supplier.integrated = self.env.now
        self._count(0, -1, 1)
        self._tell(f"supplier {supplier.column} is integrated: {len(supplier.customers)} customers can follow")
        self._start(self.release, supplier)
        self._roll_out(supplier)

    def _other(self, supplier: Supplier) -> bool:
        return bool(self.country.other[supplier.column])

    def _others_open(self) -> float:
        opens = float(self.drawn.other_open[0])
        return float("inf") if np.isnan(opens) else opens

    def _count(self, waiting: int, serving: int, done: int) -> None:
        last = self.queue[-1] if self.queue else (self.env.now, 0, 0, 0)
        self.queue.append((self.env.now, last[1] + waiting, last[2] + serving, last[3] + done))

    def release(self, supplier: Supplier) -> Steps:
        """The supplier's software knows the mandates some weeks after they are live."""
        if not self.mandate_live.triggered:
            yield self.mandate_live
        released = self.milestones["mandate_live"] + float(self.drawn.release_weeks[0, supplier.column]) * DAYS_PER_WEEK
        yield self._until(released)
        supplier.released.succeed()

    def _roll_out(self, supplier: Supplier) -> None:
        days = float(self.drawn.rollout_weeks[0, supplier.column]) * DAYS_PER_WEEK
        turns = turn_of(self.knobs.rollout_shape, len(supplier.customers)) * days
        for provider, turn in zip(supplier.customers, turns, strict=True):
            self._start(self.provider, provider, supplier, float(turn))

    def provider(self, provider: Provider, supplier: Supplier, turn: float) -> Steps:
        """Its turn in the roll-out brings the login; the mandates come with the supplier's release."""
        yield self.env.timeout(turn)
        provider.login_live = self.env.now
        if provider.other:
            self._reach("first_other_sector", "the first organisation of another sector is connected")
        else:
            self._reach("first_login_connection", "the first care provider logs in through routing")
        if self.knobs.enforce_policy == "immediately" and provider.enforced is None:
            provider.enforced = self.env.now
        if not supplier.released.triggered:
            yield supplier.released
        provider.mandate_live = self.env.now
        if not provider.other:
            self._reach("first_routed_connection", "the first care provider has mandates through routing")
        if self.knobs.enforce_policy == "with_mandate" and provider.enforced is None:
            provider.enforced = self.env.now

    def hospitals_enforce(self) -> Steps:
        """All hospitals demand Substantieel on one day, whatever else they have."""
        if self.knobs.hospitals_enforce_on is None:
            return
        yield self._until(to_day(self.knobs.hospitals_enforce_on))
        for provider in self.providers:
            if provider.kind == 0 and not provider.other and provider.enforced is None:
                provider.enforced = self.env.now
        self._tell("all hospitals demand Substantieel")

    def direct_team(self) -> Steps:
        """One connection after the other, two or three a quarter (letter W4)."""
        self.direct_days: list[float] = []
        care = iter([p for p in self.providers if not p.other] if self.knobs.pathway == "direct" else [])
        for weeks in self.drawn.direct_weeks[0]:
            yield self.env.timeout(float(weeks) * DAYS_PER_WEEK)
            self.direct_days.append(self.env.now)
            provider = next(care, None)
            if provider is not None:
                provider.direct = self.env.now
            self._reach("first_direct_connection", "the first direct connection of this run")

    # citizens and registers

    def website(self) -> Steps:
        """The new site opens, and goes on improving (letter W3)."""
        yield self._until(adoption.website_live(self.knobs))
        self._reach("website_live", "the new site of DigiD Machtigen is live")

    def counters(self) -> Steps:
        """Help for who cannot do it online (letter W3)."""
        yield self._until(to_day(self.knobs.counter_live))
        self._reach("counter_live", "mandates can be recorded at counters")

    def pilot(self) -> Steps:
        """Parents and children at one hospital, done before the letter; it connects nobody else (letter W6)."""
        if to_day(self.knobs.pilot_end) >= self.plan.begin:
            yield self._until(to_day(self.knobs.pilot_end))
        self.story.append((to_day(self.knobs.pilot_end), "the pilot for parents at one hospital ends"))

    def citizens_register(self) -> Steps:
        """A step a week."""
        state = adoption.nobody(1)
        while True:
            self.citizens.append(state)
            state = adoption.a_week(self.knobs, self.env.now, state, self.drawn.innovators, self.drawn.imitators)
            yield self.env.timeout(DAYS_PER_WEEK)

    def rulings(self) -> Steps:
        """Courts decide; the register shows it some weeks later. One ruling in a hundred is followed."""
        rate = self.knobs.rulings * RULINGS_FOLLOWED / registers.DAYS_PER_YEAR
        if rate == 0.0:
            return
        most = int(rate * (self.plan.end - self.plan.begin) * 1.3) + 100
        which = np.array([self.replication], np.uint64)
        gap, lag, _, _ = uniforms(self.knobs.seed, which, Process.RULING, np.arange(most).astype(np.uint64))
        lags = registers.lag_of(self.knobs, lag[0])
        for wait, days in zip(-np.log(gap[0]) / rate, lags, strict=True):
            yield self.env.timeout(float(wait))
            self.ruling_lags.append(float(days))
            self._stale(1)
            self._start(self.processed, float(days))

    def processed(self, days: float) -> Steps:
        """The register shows the ruling."""
        yield self.env.timeout(days)
        self._stale(-1)

    def _stale(self, change: int) -> None:
        self.stale.append((self.env.now, (self.stale[-1][1] if self.stale else 0) + change))

    # reports

    def reporter(self) -> Steps:
        """What is known on the day, and nothing later."""
        for on in sorted(self.knobs.reports):
            yield self._until(to_day(on))
            self.reports.append(
                Report(
                    on=on,
                    logged_in=sum(p.login_live is not None for p in self.providers),
                    pgo_ready=sum(p.pgo_ready for p in self.providers),
                    reached=tuple(self.milestones),
                )
            )
            self._tell(f"report to parliament: {self.reports[-1].logged_in} providers log in through routing")


def simulate(knobs: Knobs, replication: int) -> Run:
    """One replication of a scenario, run."""
    return Run(knobs, draw(knobs, range(replication, replication + 1)), replication).run()
