"""How reports say things: times in the unit that people read, shares, what an objective is called."""

from __future__ import annotations

from typing import Any, Final

from simulator.report.words import day_words

DASH: Final = "\u2013"
HARD: Final = "\u00a0"

_NAMES: Final = {
    "errors": "requests that failed",
    "dropped": "arrivals that were dropped",
    "wrong": "wrong answers",
    "false_permits": "false permits",
    "lost_writes": "acknowledged writes that were lost",
    "refused": "writes that were refused",
}
_CLOCKS: Final = {
    "response": "response time from the intended start",
    "service": "service time from sending",
    "freshness": "until a write shows without its token",
}
_SHAPES: Final = {
    "busiest-hour": "The busiest hour",
    "spike": "A spike in the busiest hour",
    "soak": "A soak at the week's mean",
    "day": "The busiest day, hour by hour",
    "wave": "An onboarding wave beside the busiest hour",
    "break": "A step towards the knee",
}
_VERDICTS: Final = {
    "met": "Objectives met.",
    "missed": "Objectives missed.",
    "invalid": "Invalid: the generator was the limit, and the figures say little of the service.",
}


def time_words(milliseconds: float | None) -> str:
    """0.8 ms, 12 ms, 1.5 s."""
    if milliseconds is None:
        return DASH
    if milliseconds >= 1_000.0:
        return f"{milliseconds / 1e3:,.3g}{HARD}s" if milliseconds < 1e5 else f"{milliseconds / 1e3:,.0f}{HARD}s"
    return f"{milliseconds:.3g}{HARD}ms" if milliseconds < 99.95 else f"{milliseconds:.0f}{HARD}ms"


def share(value: float | None) -> str:
    """0 %, 0.02 %, 12 %."""
    if value is None:
        return DASH
    percent = 100.0 * value
    return f"{percent:.2g}{HARD}%" if percent < 9.95 else f"{percent:.0f}{HARD}%"


def rate(per_second: float | None) -> str:
    """120/s, 0.4/s."""
    if per_second is None:
        return DASH
    return f"{per_second:,.0f}/s" if per_second >= 9.95 else f"{per_second:.2g}/s"


def count(value: float | None) -> str:
    """1,234."""
    return DASH if value is None else f"{value:,.0f}"


def amount(key: str, value: float | None) -> str:
    """An objective's value in its unit."""
    if value is None:
        return "not measured"
    if key.endswith("_ms"):
        return time_words(value)
    return share(value) if key in ("errors", "dropped") else count(value)


def objective_words(key: str) -> str:
    """What it is called."""
    if key in _NAMES:
        return _NAMES[key]
    clock, _, percent = key.removesuffix("_ms").partition("_p")
    return f"{_CLOCKS[clock]}, P{percent}"


def title_of(about: dict[str, Any]) -> str:
    """Of a run."""
    shape = _SHAPES[about["shape"]]
    times = "" if about.get("scale", 1.0) == 1.0 else f", {about['scale']:g} times"
    if "scenario" in about:
        return f"{shape} of {about['scenario']} in the week of {day_words(about['week'])}{times}"
    if "curve" in about:
        return f"The rates of {about['curve']}{times}"
    return f"{about['rate']:,g} decisions a second{times}"


def verdict_line(document: dict[str, Any]) -> str:
    """One line."""
    verdict = document["verdict"]
    why = f" {'; '.join(verdict['why'])}." if verdict["why"] else ""
    return _VERDICTS[verdict["outcome"]] + why
