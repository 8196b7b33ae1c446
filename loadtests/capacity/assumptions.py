"""What is neither measured nor simulated, from a file in which each figure stands with its source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from loadtests.errors import LoadTestError

DEFAULT: Final = Path(__file__).with_name("assumptions.toml")
Triangle = tuple[float, float, float]


@dataclass(frozen=True)
class Assumptions:
    """By section and key; `uncertain` are low, likely, high."""

    uncertain: dict[str, Triangle]
    machine: dict[str, float]
    shortage: dict[str, float]
    neo4j: dict[str, float]

    @property
    def headroom(self) -> float:
        """The share of a machine that is kept free. Queues need less of a large machine than of a small one."""
        said = self.machine["headroom"]
        return said if said > 0.0 else 0.712 / float(self.machine["cores"] ** 0.448)


def read(path: Path | None = None) -> Assumptions:
    """The shipped file, with what another says in place. Raises LoadTestError that names file and key."""
    found = _loaded(DEFAULT)
    if path is not None:
        for section, values in _loaded(path).items():
            if section not in found or not isinstance(values, dict):
                raise LoadTestError(f"{path}: [{section}]: expected one of {', '.join(found)}")
            for key, value in values.items():
                if key not in found[section]:
                    near = get_close_matches(key, list(found[section]), 1)
                    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(found[section])}"
                    raise LoadTestError(f"{path}: {section}.{key}: no such assumption; {hint}")
                found[section][key] = value
    name = path or DEFAULT
    uncertain = {key: _triangle(name, key, value) for key, value in found["uncertain"].items()}
    rest = {
        section: {key: _number(name, f"{section}.{key}", value) for key, value in found[section].items()}
        for section in ("machine", "shortage", "neo4j")
    }
    if rest["machine"]["cores"] < 1:
        raise LoadTestError(f"{name}: machine.cores: found {rest['machine']['cores']:g}, expected at least 1")
    if not rest["machine"]["headroom"] < 1.0:
        raise LoadTestError(f"{name}: machine.headroom: found {rest['machine']['headroom']:g}, expected below 1")
    return Assumptions(uncertain, **rest)


def _loaded(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as wrong:
        raise LoadTestError(f"{path}: {wrong.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise LoadTestError(f"{path}: {wrong}") from None


def _number(path: Path, key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise LoadTestError(f"{path}: {key}: found {value!r}, expected a number of at least 0")
    return float(value)


def _triangle(path: Path, key: str, value: Any) -> Triangle:
    if not isinstance(value, list) or len(value) != 3:
        raise LoadTestError(f"{path}: uncertain.{key}: found {value!r}, expected [low, likely, high]")
    low, likely, high = (_number(path, f"uncertain.{key}", part) for part in value)
    if not (0.0 < low <= likely <= high and low < high):
        raise LoadTestError(f"{path}: uncertain.{key}: found {value!r}, expected 0 < low <= likely <= high")
    return low, likely, high
