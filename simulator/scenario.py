"""Scenarios: TOML files that inherit, checked key by key.

`inherits = "june_2020"` (a shipped name, or a path beside the file) takes all values of another scenario. A value is in
its knob's unit, or says its own: `slack_weeks = "10 days"`. What is wrong is one line with file, key, and the nearest
name that exists.
"""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from simulator.errors import ScenarioError
from simulator.knobs import KINDS, METAS, Kind, Knobs, Meta
from simulator.objectives import Objective, objective_of
from simulator.plan import plan_of
from simulator.timeline import to_day

SHIPPED: Final = Path(__file__).parent / "scenarios"
_DEPTH_MAX: Final = 16
_DAYS: Final = {"day": 1.0, "week": 7.0, "quarter": 365.25 / 4.0, "year": 365.25}
_OWN_KEYS: Final = ("inherits", "title", "objectives")


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A named set of knobs with what is asked of it. `lineage` names what it inherits from, itself first."""

    name: str
    title: str
    knobs: Knobs
    objectives: tuple[Objective, ...]
    lineage: tuple[str, ...]

    @property
    def digest(self) -> str:
        """A hash of what decides the outcome: every knob but the number of replications."""
        values = dataclasses.asdict(self.knobs)
        del values["replications"]
        return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]

    def changed(self, **values: object) -> Scenario:
        """The same scenario with other knobs."""
        return dataclasses.replace(self, knobs=self.knobs.changed(**values))


def shipped() -> list[str]:
    """Names of the scenarios that come with the simulator."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def load(name_or_path: str) -> Scenario:
    """A shipped scenario by name, or a file. ScenarioError, in one line, for anything that is wrong."""
    return _read(_locate(name_or_path, SHIPPED.parent, ""), ())


def _locate(name: str, beside: Path, source: str) -> Path:
    """A path to a file, relative to the one that names it, or a shipped name."""
    if name in shipped():
        return SHIPPED / f"{name}.toml"
    for path in (Path(name), beside / name, beside / f"{name}.toml"):
        if path.is_file():
            return path
    if name.endswith(".toml") or "/" in name:
        raise ScenarioError(f"no such file {name!r}", source=source, key="inherits" if source else "")
    raise ScenarioError(
        f"no such scenario {name!r}{_nearest(name, shipped())}; shipped are {', '.join(shipped())}",
        source=source,
        key="inherits" if source else "",
    )


def _read(path: Path, heirs: tuple[str, ...]) -> Scenario:
    if len(heirs) >= _DEPTH_MAX or str(path) in heirs:
        raise ScenarioError("inherits from itself or through too many files", source=path.name, key="inherits")
    values = _toml(path)
    parent = Scenario("", "", Knobs(), (), ())
    if "inherits" in values:
        inherits = values["inherits"]
        if not isinstance(inherits, str):
            raise ScenarioError("expected the name of a scenario", source=path.name, key="inherits")
        parent = _read(_locate(inherits, path.parent, path.name), (*heirs, str(path)))
    given = {key: value for key, value in values.items() if key not in _OWN_KEYS}
    changes = {key: _value(key, value, path.name) for key, value in given.items()}
    if "slack_weeks" in changes and "mandate_plan" in changes:
        raise ScenarioError("state mandate_plan or slack_weeks, not both", source=path.name, key="slack_weeks")
    if "slack_weeks" in changes:
        changes["mandate_plan"] = None
    objectives = {objective.key: objective for objective in parent.objectives}
    asked = values.get("objectives", {})
    if not isinstance(asked, dict):
        raise ScenarioError("expected a table [objectives]", source=path.name, key="objectives")
    for key, wish in asked.items():
        objectives[key] = objective_of(key, wish, path.name)
    knobs = parent.knobs.changed(**changes)
    _check_together(knobs, path.name)
    _check_days(objectives, knobs, path.name)
    return Scenario(
        name=path.stem,
        title=str(values.get("title", parent.title)),
        knobs=knobs,
        objectives=tuple(objectives.values()),
        lineage=(path.stem, *parent.lineage),
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        key = "" if isinstance(error, UnicodeDecodeError) else _key_at(text, str(error))
        raise ScenarioError(f"not TOML: {' '.join(str(error).split())}", source=path.name, key=key) from error
    except OSError as error:
        raise ScenarioError(f"cannot be read: {error.strerror}", source=str(path)) from error


def _key_at(text: str, problem: str) -> str:
    """The key on the line that a TOML error names, such as that of 30 February; empty if there is none."""
    line = re.search(r"at line (\d+)", problem)
    found = re.match(r"\s*(\w+)\s*=", text.splitlines()[int(line[1]) - 1]) if line else None
    return found[1] if found else ""


def _nearest(word: str, names: list[str]) -> str:
    near = difflib.get_close_matches(word, names, 1, 0.5)
    return f"; did you mean {near[0]}?" if near else ""


class _Wrong:
    """Makes the error for one key of one file, so that each reader need only say what it expected."""

    def __init__(self, source: str, key: str, value: object) -> None:
        self._source, self._key, self._value = source, key, value

    def expected(self, what: str) -> ScenarioError:
        shown = str(self._value) if isinstance(self._value, date) else json.dumps(self._value, default=str)
        return ScenarioError(f"found {shown}, expected {what}", source=self._source, key=self._key)


def _value(key: str, value: object, source: str) -> object:
    """One knob's value from TOML, in the knob's unit and within its bounds."""
    if key not in METAS:
        near = _nearest(key, [*METAS, *_OWN_KEYS])
        raise ScenarioError(f"no such knob{near or '; see machtigen simulate --knobs'}", source=source, key=key)
    meta = METAS[key]
    if meta.optional and value == meta.optional:
        return None
    return _READERS[meta.kind](meta, value, _Wrong(source, key, value))


def _or_word(meta: Meta) -> str:
    return f' or "{meta.optional}"' if meta.optional else ""


def _switch(_: Meta, value: object, wrong: _Wrong) -> bool:
    if not isinstance(value, bool):
        raise wrong.expected("true or false")
    return value


def _choice(meta: Meta, value: object, wrong: _Wrong) -> str:
    if not isinstance(value, str) or value not in meta.choices:
        near = _nearest(value, list(meta.choices)) if isinstance(value, str) else ""
        raise wrong.expected(f"one of {', '.join(meta.choices)}{near}")
    return value


def _date(meta: Meta, value: object, wrong: _Wrong) -> date:
    """TOML's own date, or one in quotes; the 30th of February is impossible in both."""
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            value = date.fromisoformat(value)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise wrong.expected(f"a date YYYY-MM-DD{_or_word(meta)}")
    return value


def _dates(meta: Meta, value: object, wrong: _Wrong) -> tuple[date, ...]:
    if not isinstance(value, list):
        raise wrong.expected("a list of dates YYYY-MM-DD")
    return tuple(_date(meta, item, wrong) for item in value)


def _kinds(_: Meta, value: object, wrong: _Wrong) -> tuple[str, ...]:
    if not isinstance(value, list) or any(item not in KINDS for item in value) or len({*value}) < len(value):
        raise wrong.expected(f"a list of different kinds among {', '.join(KINDS)}")
    return tuple(value)


def _windows(_: Meta, value: object, wrong: _Wrong) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise wrong.expected('a list of windows such as "02-01/07-01"')
    return tuple(value)


def _number(meta: Meta, value: object, wrong: _Wrong) -> float:
    """A number in the knob's unit, or `"13 weeks"` in another unit of time; within bounds."""
    span = f"{_bound(meta.low)} to {_bound(meta.high)} {meta.unit}{_or_word(meta)}"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise wrong.expected(span)
    number = _in_unit(meta, value, wrong, span) if isinstance(value, str) else float(value)
    if not meta.low <= number <= meta.high:
        raise wrong.expected(span)
    return number


def _in_unit(meta: Meta, text: str, wrong: _Wrong, span: str) -> float:
    amount, _, unit = text.partition(" ")
    try:
        number = float(amount)
    except ValueError:
        raise wrong.expected(span) from None
    given, wanted = unit.strip().rstrip("s"), meta.unit.rstrip("s")
    if given == wanted:
        return number
    if given not in _DAYS or wanted not in _DAYS:
        units = [f"{name}s" for name in _DAYS] if wanted in _DAYS else [meta.unit]
        raise wrong.expected(f"a number of {meta.unit}{_nearest(unit.strip(), units)}")
    return number * _DAYS[given] / _DAYS[wanted]


def _integer(meta: Meta, value: object, wrong: _Wrong) -> int:
    number = _number(meta, value, wrong)
    # beyond 2^53 a float would not keep what was written
    whole = value if isinstance(value, int) else round(number)
    if whole not in (value, number):
        raise wrong.expected(f"a whole number, {_bound(meta.low)} to {_bound(meta.high)} {meta.unit}")
    return whole


_READERS: Final[dict[Kind, Callable[[Meta, object, _Wrong], object]]] = {
    "number": _number,
    "integer": _integer,
    "date": _date,
    "choice": _choice,
    "switch": _switch,
    "windows": _windows,
    "kinds": _kinds,
    "dates": _dates,
}


def _bound(bound: float) -> str:
    return f"{bound:,.15g}"


def _check_days(objectives: dict[str, Objective], knobs: Knobs, source: str) -> None:
    """An objective's day lies within the run."""
    for objective in objectives.values():
        if objective.on and not 0 <= (objective.on - knobs.start).days <= 7 * knobs.horizon_weeks:
            sentence = f"{objective.on} lies outside the run, {knobs.horizon_weeks} weeks from {knobs.start}"
            raise ScenarioError(sentence, source=source, key=f"objectives.{objective.key}")


def _check_together(knobs: Knobs, source: str) -> None:
    """What single values cannot show: dates and ranges that contradict one another."""
    try:
        plan = plan_of(knobs)
    except ValueError as error:
        raise ScenarioError(str(error), source=source, key="freeze") from error
    if plan.mandate_work <= 0.0:
        key = "mandate_plan" if knobs.mandate_plan else "slack_weeks"
        raise ScenarioError(f"plans going live before the run starts on {knobs.start}", source=source, key=key)
    for low, high in (
        ("integration_low", "integration_high"),
        ("rollout_low", "rollout_high"),
        ("release_low", "release_high"),
    ):
        if getattr(knobs, low) > getattr(knobs, high):
            raise ScenarioError(
                f"{getattr(knobs, low):g} is more than {high} ({getattr(knobs, high):g})", source=source, key=low
            )
    if to_day(knobs.scale_start) < to_day(knobs.routing_ready):
        raise ScenarioError(f"lies before routing_ready ({knobs.routing_ready})", source=source, key="scale_start")
    if not any((knobs.hospitals, knobs.gp_practices, knobs.mental_care, knobs.other_care)):
        raise ScenarioError("there is no care provider at all", source=source, key="hospitals")
