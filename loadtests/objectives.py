"""Objectives, and the verdict on a run: met, missed, or invalid because the generator was the limit."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Literal

from loadtests.errors import LoadTestError
from loadtests.recording import Samples

Outcome = Literal["met", "missed", "invalid"]
STATUS: Final[dict[Outcome, int]] = {"met": 0, "missed": 1, "invalid": 3}
"""Exit status (DESIGN.md chapter 7)."""
DEFAULT: Final = Path(__file__).with_name("slo.toml")

_TIMES: Final = {
    f"{clock}_p{percent:g}_ms": (clock, percent)
    for clock in ("response", "service", "freshness")
    for percent in (50.0, 90.0, 95.0, 99.0, 99.9)
}
_COUNTS: Final = {"wrong": "wrong", "false_permits": "false_permit", "lost_writes": "lost", "refused": "refused"}
_SHARES: Final = ("errors", "dropped")
KEYS: Final = (*_TIMES, *_SHARES, *_COUNTS)
VALIDITY: Final = {"generator_cpu": 0.85, "lateness_p99_ms": 100.0, "dropped": 0.001}


@dataclass(frozen=True)
class Objectives:
    """The most that each may be."""

    wanted: dict[str, float]
    validity: dict[str, float]


@dataclass(frozen=True)
class Judged:
    """One objective beside what was found; None: nothing was there to be measured."""

    key: str
    wanted: float
    found: float | None

    @property
    def met(self) -> bool:
        """Nothing measured is nothing missed: what was not written cannot be late."""
        return self.found is None or self.found <= self.wanted


@dataclass(frozen=True)
class Verdict:
    """`why`: what makes it invalid, in words."""

    outcome: Outcome
    judged: tuple[Judged, ...]
    why: tuple[str, ...]

    @property
    def status(self) -> int:
        """Exit status."""
        return STATUS[self.outcome]


def read(path: Path = DEFAULT) -> Objectives:
    """Raises LoadTestError that names file and key."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as wrong:
        raise LoadTestError(f"{path}: {wrong.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise LoadTestError(f"{path}: {wrong}") from None
    for section in found:
        if section not in ("objectives", "validity"):
            raise LoadTestError(f"{path}: [{section}]: expected [objectives] or [validity]")
    return Objectives(
        _numbers(path, "objectives", found.get("objectives", {}), KEYS),
        VALIDITY | _numbers(path, "validity", found.get("validity", {}), tuple(VALIDITY)),
    )


def _numbers(path: Path, section: str, found: Any, known: tuple[str, ...]) -> dict[str, float]:
    if not isinstance(found, dict):
        raise LoadTestError(f"{path}: {section}: expected a table")
    for key, value in found.items():
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            raise LoadTestError(f"{path}: {section}.{key}: no such objective; {hint}")
        if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
            raise LoadTestError(f"{path}: {section}.{key}: found {value!r}, expected a number of at least 0")
    return {key: float(value) for key, value in found.items()}


def judge(objectives: Objectives, samples: Samples, generator_cpu: float | None, missing: int = 0) -> Verdict:
    """On what was seen; `generator_cpu` of the busiest generator, None where it was not watched.

    `missing`: generators that ended without a word; what they were to send was not sent.
    """
    judged = tuple(Judged(key, wanted, found_of(key, samples)) for key, wanted in objectives.wanted.items())
    why = _invalid(objectives, samples, generator_cpu, missing)
    if why:
        return Verdict("invalid", judged, why)
    return Verdict("met" if all(each.met for each in judged) else "missed", judged, ())


def found_of(key: str, samples: Samples) -> float | None:
    """A measure of the samples; None where nothing was measured."""
    if key in _TIMES:
        clock, percent = _TIMES[key]
        whole = samples.whole
        times = {"response": whole.response, "service": whole.service, "freshness": samples.freshness}[clock]
        return times.percentile(percent) * 1e3 if times.count else None
    if key in _COUNTS:
        return float(samples.findings[_COUNTS[key]])  # type: ignore[index]  # a Finding
    if key == "dropped":
        return samples.dropped_share
    whole = samples.whole
    return whole.failed / whole.count if whole.count else None


def _invalid(objectives: Objectives, samples: Samples, generator_cpu: float | None, missing: int) -> tuple[str, ...]:
    limits = objectives.validity
    why = []
    if not samples.whole.count:
        why.append("nothing was sent")
    if missing:
        why.append(f"{missing} of the generators ended without a word")
    if generator_cpu is not None and generator_cpu > limits["generator_cpu"]:
        why.append(
            f"the busiest generator used {generator_cpu:.0%} of a core, more than {limits['generator_cpu']:.0%}: "
            "use more of them (--processes)"
        )
    late = samples.lateness.percentile(99.0) * 1e3
    if late > limits["lateness_p99_ms"]:
        why.append(
            f"the generator handed out one arrival in a hundred {late:,.0f} ms late or later, more than "
            f"{limits['lateness_p99_ms']:,.0f} ms: it had too little of this machine"
        )
    if samples.dropped_share > limits["dropped"] and _service_was_fast(objectives, samples):
        why.append(
            f"{samples.dropped_share:.2%} of the arrivals were dropped although the service answered in time: "
            "the pool of users was too small (--pool)"
        )
    if samples.findings["unasked"]:
        why.append("the service was gone when its acknowledged writes were to be asked for again")
    return tuple(why)


def _service_was_fast(objectives: Objectives, samples: Samples) -> bool:
    """Whether the time from sending alone would have met what is wanted of the response."""
    for key, wanted in objectives.wanted.items():
        clock, percent = _TIMES.get(key, ("", 0.0))
        if clock == "response" and samples.whole.service.percentile(percent) * 1e3 > wanted:
            return False
    return True
