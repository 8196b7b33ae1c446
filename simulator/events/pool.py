"""The pool at Logius: scarce people, whose project speed changes under the work that they do.

Continuity comes first and takes its share before any project does; an outage takes everything (letter O5). Work that is
under way slows down, stands still and goes on with the pool: it is told of every change.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Literal

import simpy

from simulator.knobs import Knobs
from simulator.plan import Plan, project_share
from simulator.timeline import DAYS_PER_WEEK

Track = Literal["mandate", "statutory"]
TRACKS: tuple[Track, ...] = ("mandate", "statutory")
CARE_SHARE = {"care": 1.0, "both": 0.5, "statutory": 0.0}
_HAIR = 1e-9

Steps = Generator[simpy.Event, Any, None]


class Pool:
    """Speed in weeks of the pool of June 2020 a week; `used` are pool shares times weeks, by claim."""

    def __init__(self, env: simpy.Environment, knobs: Knobs, plan: Plan) -> None:
        self._env, self._knobs, self._plan = env, knobs, plan
        self._changed = env.event()
        self._base = float(plan.speed[0])
        self._outages = 0
        self._working: set[Track] = set()
        self._since = env.now
        self.priority = plan.priorities[0][1]
        self.mandate_is_live = False
        self.first_progress: dict[str, float] = {}
        self.spans: list[tuple[float, float, dict[str, float]]] = []
        """(from, to, share of the pool by claim): what the pool did, without a gap."""

    @property
    def speed(self) -> float:
        """Of project work that has all project people."""
        return 0.0 if self._outages else self._base

    def rate(self, track: Track) -> float:
        """The share of the project people that a track has now."""
        statutory = "statutory" in self._working and (self.priority != "care" or self.mandate_is_live)
        care = CARE_SHARE[self.priority]
        if track == "mandate":
            return 0.0 if "mandate" not in self._working else (care if statutory else 1.0)
        return 0.0 if not statutory else (1.0 - care if "mandate" in self._working else 1.0)

    def change(self, **what: object) -> None:
        """Something about the pool is different from now on: close the books and tell all work under way."""
        self._close()
        for name, value in what.items():
            setattr(self, name, value)
        changed, self._changed = self._changed, self._env.event()
        changed.succeed()

    def _close(self) -> None:
        if self._env.now > self._since:
            self.spans.append((self._since, self._env.now, self._shares()))
            self._since = self._env.now

    def _shares(self) -> dict[str, float]:
        """Who has which share of the people at this moment; they sum to one."""
        project = project_share(self._knobs, self._since)
        change = max(0.0, 1.0 - self._knobs.continuity_reserved - project)
        moving = 1.0 if self.speed > 0.0 else 0.0
        mandate, statutory = (self.rate(track) * project * moving for track in TRACKS)
        outage = project if self._outages and self._base > 0.0 else 0.0
        shares = {
            "continuity": self._knobs.continuity_reserved,
            "change_programme": change,
            "mandate_track": mandate,
            "statutory_track": statutory,
            "outage": outage,
        }
        return shares | {"frozen_or_idle": 1.0 - sum(shares.values())}

    def calendar(self) -> Steps:
        """Freeze, remobilisation, change programme, staff: the speed as the plan has it."""
        for day, speed in zip(self._plan.turns[:-1], self._plan.speed, strict=True):
            if day > self._env.now:
                yield self._env.timeout(day - self._env.now)
            self.change(_base=float(speed))

    def outage(self, begin: float, end: float) -> Steps:
        """Everybody drops the projects; the services come first."""
        yield self._env.timeout(begin - self._env.now)
        self.change(_outages=self._outages + 1)
        yield self._env.timeout(end - begin)
        self.change(_outages=self._outages - 1)

    def work(self, weeks: float, track: Track | None = None, name: str = "") -> Steps:
        """Do this much work; without a track a connection team does it, at the pool's speed."""
        left = weeks
        if track is not None:
            self.change(_working=self._working | {track})
        while left > _HAIR:
            speed = self.speed * (1.0 if track is None else self.rate(track)) / DAYS_PER_WEEK
            if speed <= 0.0:
                yield self._changed
                continue
            self.first_progress.setdefault(name, self._env.now)
            begun = self._env.now
            yield self._env.timeout(left / speed) | self._changed
            left -= speed * (self._env.now - begun)
        self.first_progress.setdefault(name, self._env.now)
        if track is not None:
            self.change(_working=self._working - {track})

    def finish(self) -> None:
        """The run is over: close the books."""
        self._close()
