"""What came of a rehearsal: answers that are right, stale, silent or wrong; and the model's own stale share beside it.

*Stale*: not what is right, but what follows from what the registers had told by then. *Silent*: likewise, since a
register had not been heard from. *Wrong*: neither. A share agrees with the model's if it lies within three standard
errors of it; the error has two parts, the questions that happened to be asked and the world that happened to be.
"""

from __future__ import annotations

from collections import Counter
from math import inf, sqrt
from typing import Any, Final, Literal, NamedTuple, get_args

import numpy as np

from simulator.registers import DAYS_PER_YEAR, share_of_decisions, stale_deaths, stale_rulings
from simulator.rehearsal.asking import Posed, Track
from simulator.rehearsal.happenings import Happenings
from simulator.rehearsal.year import coverage

Judged = Literal["right", "stale", "silent", "wrong"]
ERRORS_MAX: Final = 3.0
EXAMPLES_MAX: Final = 20


class Share(NamedTuple):
    """The stale share of a track: in the service, in the model, and the standard error of their difference."""

    track: Track
    asked: int
    service: float
    model: float
    error: float

    @property
    def errors(self) -> float:
        """How many standard errors they differ by."""
        difference = abs(self.service - self.model)
        return 0.0 if difference < 1e-12 else inf if self.error == 0.0 else difference / self.error

    @property
    def agrees(self) -> bool:
        """Within ERRORS_MAX."""
        return self.errors <= ERRORS_MAX


class Tally:
    """Hears every answer."""

    def __init__(self, happenings: Happenings) -> None:
        self.happenings = happenings
        self.counts: Counter[tuple[Track, Judged]] = Counter()
        self.false_permits: Counter[bool] = Counter()
        """By whether the lag explains them."""
        self.examples: list[dict[str, Any]] = []
        """Of wrong answers."""
        self._loud: Counter[tuple[Track, int]] = Counter()
        """Questions by day, but for days on which the registers were silent."""
        self._stale: Counter[Track] = Counter()

    def hear(self, day: int, posed: Posed, outcome: str, reason: str) -> Judged:
        """One answer of the service."""
        said = (outcome, reason)
        judged: Judged = "wrong"
        if said == posed.right:
            judged = "right"
        elif said == posed.told:
            judged = "silent" if reason == "REGISTER_STALE" else "stale"
        self.counts[posed.track, judged] += 1
        if outcome == "PERMIT" and posed.right.outcome != "PERMIT":
            self.false_permits[judged == "stale"] += 1
        if judged == "wrong" and len(self.examples) < EXAMPLES_MAX:
            found = {"outcome": outcome, "reason": reason}
            self.examples.append(
                {"question": posed.question, "found": found, "right": posed.right, "explained": posed.told}
            )
        if day not in self.happenings.world.silent:
            self._loud[posed.track, day] += 1
            self._stale[posed.track] += judged == "stale"
        return judged

    @property
    def wrong(self) -> int:
        """Answers that nothing explains."""
        return sum(count for (_, judged), count in self.counts.items() if judged == "wrong")

    def shares(self) -> list[Share]:
        """The tracks of which the model knows a stale share."""
        knobs = self.happenings.year.run.knobs
        rulings, kin = self.happenings.rulings, self.happenings.kin
        parental = share_of_decisions(np.array(stale_rulings(knobs)), np.array(float(knobs.minors)), knobs.reask)
        a_year = np.array(max(knobs.deaths * DAYS_PER_YEAR, 1.0))
        following = share_of_decisions(np.array(stale_deaths(knobs)), a_year, knobs.reask)
        found = [
            self._share("parental_authority", float(parental), _spread([one.shows - one.happens for one in rulings])),
            self._share("next_of_kin", float(following), _spread([one.shows - one.happens for one in kin])),
            self._administration(),
        ]
        return [share for share in found if share.asked]

    def _share(self, track: Track, model: float, spread: float) -> Share:
        asked = sum(count for (name, _), count in self._loud.items() if name == track)
        of_questions = model * (1.0 - model) / max(asked, 1)
        return Share(
            track, asked, self._stale[track] / max(asked, 1), model, sqrt(of_questions + (model * spread) ** 2)
        )

    def _administration(self) -> Share:
        """1 - coverage on the days on which it was asked; each adult is in the register or not."""
        year = self.happenings.year
        covered = dict(zip(year.days, coverage(year, year.days).tolist(), strict=True))
        days = {day: count for (name, day), count in self._loud.items() if name == "administration"}
        asked = max(sum(days.values()), 1)
        model = sum(count * (1.0 - covered[day]) for day, count in days.items()) / asked
        adults = max(len(self.happenings.world.entries), 1)
        spread = sqrt(model * (1.0 - model) / adults) / model if model else 0.0
        return self._share("administration", model, spread)

    def table(self) -> list[dict[str, Any]]:
        """A row for each track that was asked."""
        judged = get_args(Judged)
        tracks = [track for track in get_args(Track) if any(self.counts[track, name] for name in judged)]
        return [{"track": track} | {name: self.counts[track, name] for name in judged} for track in tracks]


def _spread(lags: list[int]) -> float:
    """The standard error of a sum of so many lags, as a share of it: their number is Poisson, their length varies."""
    total = sum(lags)
    return sqrt(sum(lag * lag for lag in lags)) / total if total else 0.0
