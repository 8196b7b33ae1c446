"""A result as files: CSV for people, Parquet for programs, JSON for both; each says what it is a result of.

The bytes are a function of the result alone: the same scenario, seed and number of replications give the same files.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv, parquet

from simulator.demand import EVENTS, HOURS_PER_WEEK, events_per_hour
from simulator.outcome import CURVES, LOADS, MILESTONES, TOTALS
from simulator.results import BANDS, Result
from simulator.timeline import EPOCH, to_date

Reals = NDArray[np.float64]
TABLES: Final = ("milestones", "totals", "weekly", "loads", "excluded", "demand")
_UNIX_TO_EPOCH: Final = EPOCH.toordinal() - date(1970, 1, 1).toordinal()


def write(result: Result, folder: Path) -> list[Path]:
    """All files of a result into a folder that is made if need be; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    about = identity(result)
    for name in TABLES:
        written += write_table(TABLE_OF[name](result), folder, name, about)
    whole = folder / "result.json"
    whole.write_text(json.dumps(as_json(result), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return [*written, whole]


def write_table(table: pa.Table, folder: Path, name: str, about: dict[str, str | int]) -> list[Path]:
    """One table as CSV, with what it is a result of in its first line, and as Parquet, with the same as metadata."""
    plain = folder / f"{name}.csv"
    with plain.open("wb") as file:
        file.write(("# " + "; ".join(f"{key} {value}" for key, value in about.items()) + "\n").encode())
        csv.write_csv(table, file)
    packed = folder / f"{name}.parquet"
    metadata = {key: str(value) for key, value in about.items()}
    parquet.write_table(table.replace_schema_metadata(metadata), packed, compression="zstd")
    return [plain, packed]


def identity(result: Result) -> dict[str, str | int]:
    """Scenario, its hash, seed, replications and version."""
    return {
        "scenario": result.scenario.name,
        "hash": result.scenario.digest,
        "seed": result.scenario.knobs.seed,
        "replications": result.replications,
        "machtigen": result.version,
    }


def as_json(result: Result) -> dict[str, Any]:
    """What a program or a CI run wants to know: quantiles, totals, verdicts."""
    return {
        **identity(result),
        "title": result.scenario.title,
        "milestones": {name: _milestone(result, name) for name in MILESTONES},
        "totals": {
            name: {"mean": sober(float(result.totals[name].mean())), "half_width_95": sober(result.half_width(name))}
            | {f"p{q * 100:.0f}": sober(result.quantile(name, q)) for q in BANDS}
            for name in TOTALS
        },
        "excluded_person_weeks_mean": {
            f"{band}/{skill}": sober(float(values.mean()))
            for (band, skill), values in result.excluded_by_group().items()
        },
        "objectives": [
            {"key": verdict.key, "met": verdict.met, "found": verdict.found, "wanted": verdict.wanted}
            for verdict in result.verdicts()
        ],
    }


def _milestone(result: Result, name: str) -> dict[str, object]:
    days = result.milestones[name]
    shown: dict[str, object] = {
        f"p{q * 100:.0f}": None if (day := result.date_of(name, q)) is None else day.isoformat() for q in BANDS
    }
    return shown | {"known": bool(not np.isnan(days).any()), "reached": sober(float(np.isfinite(days).mean()))}


def sober(number: float) -> float | None:
    """Nine digits, so that rounding errors are not shown; None for what is not finite."""
    return float(f"{number:.9g}") if np.isfinite(number) else None


def _dates(days: Reals) -> pa.Array:
    """Days as dates; null where there is none."""
    missing = ~np.isfinite(days)
    whole = np.floor(np.where(missing, 0.0, days) + 1.0 / 1440.0).astype(np.int32) + _UNIX_TO_EPOCH
    return pa.array(whole, pa.date32(), mask=missing)


def _milestones(result: Result) -> pa.Table:
    columns = {"replication": pa.array(np.arange(result.replications))}
    return pa.table(columns | {name: _dates(result.milestones[name]) for name in MILESTONES})


def _totals(result: Result) -> pa.Table:
    columns = {"replication": pa.array(np.arange(result.replications))}
    return pa.table(columns | {name: pa.array(result.totals[name]) for name in TOTALS})


def _weekly(result: Result) -> pa.Table:
    columns = {"week": _dates(result.grid)}
    for name in CURVES if result.bands else ():
        columns |= {f"{name}_p{q * 100:.0f}": pa.array(result.bands[name][:, i]) for i, q in enumerate(BANDS)}
        columns[f"{name}_mean"] = pa.array(result.means[name])
    return pa.table(columns)


def _loads(result: Result) -> pa.Table:
    return pa.table(
        {"week": _dates(result.grid)} | {name: pa.array(result.loads[name]) for name in LOADS if result.loads}
    )


def _excluded(result: Result) -> pa.Table:
    columns = {"replication": pa.array(np.arange(result.replications))}
    groups = result.excluded_by_group().items()
    return pa.table(columns | {f"{band}_{skill}_skill": pa.array(values) for (band, skill), values in groups})


def _demand(result: Result) -> pa.Table:
    """What is asked and written by hour of the week, for every thirteenth week: what load tests replay."""
    weeks = range(0, len(result.grid) if result.means else 0, 13)
    hours = [(week, hour) for week in weeks for hour in range(HOURS_PER_WEEK)]
    columns = {
        "week": pa.array([to_date(result.grid[week]) for week, _ in hours], pa.date32()),
        "hour": pa.array([hour for _, hour in hours], pa.int32()),
        "decisions_per_second": pa.array([result.decisions_per_second(*at) for at in hours], pa.float64()),
    }
    for name in EVENTS:
        per_week = result.events_per_week[name] if hours else np.zeros(0)
        rates = [events_per_hour(result.scenario.knobs, name, float(per_week[week]), hour) for week, hour in hours]
        columns[f"{name}_per_hour"] = pa.array(rates, pa.float64())
    return pa.table(columns)


TABLE_OF: Final = {
    "milestones": _milestones,
    "totals": _totals,
    "weekly": _weekly,
    "loads": _loads,
    "excluded": _excluded,
    "demand": _demand,
}
