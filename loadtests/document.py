"""A run as one JSON document: what the report shows, what CSV files hold, what a later run is compared with."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from loadtests.comparing import compared
from loadtests.errors import LoadTestError
from loadtests.histograms import Latencies
from loadtests.recording import FINDINGS, Samples
from loadtests.runs import Run

Document = dict[str, Any]

PERCENTS: Final = (50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 100.0)
CURVE: Final = (0.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 97.5, 99.0, 99.5, 99.75, 99.9, 99.95, 99.99, 100.0)
FORMAT: Final = 1


def document(run: Run, title: str, command: str, baseline: tuple[str, Samples] | None = None) -> Document:
    """`baseline`: an earlier run's name and samples."""
    samples, whole = run.samples, run.samples.whole
    return {
        "format": FORMAT,
        "title": title,
        "command": command,
        "begun": run.begun,
        "seconds": run.plan.seconds,
        "verdict": {
            "outcome": run.verdict.outcome,
            "why": list(run.verdict.why),
            "objectives": [
                {"key": each.key, "wanted": each.wanted, "found": _sober(each.found), "met": each.met}
                for each in run.verdict.judged
            ],
        },
        "load": {
            "due": samples.due.total(),
            "begun": samples.begun.total(),
            "dropped": samples.dropped,
            "dropped_share": _sober(samples.dropped_share),
            "requests": whole.count,
            "failed": whole.failed,
            "decisions": samples.decisions,
            "requests_per_second": _sober(whole.count / run.plan.seconds),
            "decisions_per_second": _sober(samples.decisions / run.plan.seconds),
            "lateness_p99_ms": _sober(samples.lateness.percentile(99.0) * 1e3),
        },
        "times": {"response": _times(whole.response), "service": _times(whole.service)},
        "freshness": _times(samples.freshness) if samples.freshness.count else None,
        "curve": [
            {"percent": percent, "response_ms": response, "service_ms": service}
            for percent, response, service in zip(
                CURVE, _milliseconds(whole.response, CURVE), _milliseconds(whole.service, CURVE), strict=True
            )
        ],
        "intervals": _intervals(samples, run.plan.seconds),
        "names": [
            {
                "name": name,
                "requests": timed.count,
                "failed": timed.failed,
                "response": _times(timed.response),
                "service": _times(timed.service),
            }
            for name, timed in sorted(samples.names.items())
        ],
        "errors": [
            {"name": name, "error": error, "count": count}
            for name, timed in sorted(samples.names.items())
            for error, count in timed.errors.most_common(20)
        ],
        "findings": {name: samples.findings[name] for name in FINDINGS},
        "examples": samples.examples,
        "generators": _looks(run.generators),
        "service": _looks(run.service),
        "generator_cpu": _sober(run.generator_cpu),
        "processes": run.processes,
        "pool": run.pool,
        "machine": run.machine,
        "about": run.plan.about,
        "plan": {
            "spacing": run.plan.spacing,
            "seed": run.plan.seed,
            "people": run.plan.people,
            "people_seed": run.plan.people_seed,
            "patience_s": run.plan.patience_s,
        },
        "rates": {name: _sober(curve.most) for name, curve in sorted(run.plan.rates.items())},
        "compared": None if baseline is None else _compared(samples, *baseline),
    }


def write(run: Run, whole: Document, folder: Path, page: str) -> list[Path]:
    """report.html, result.json, run.json (everything, to compare with later), timeline.csv, names.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"report.html": page, "result.json": _json(whole), "run.json": _json(run.as_json())}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    _csv(folder / "timeline.csv", whole["intervals"])
    flat = [
        {key: row[key] for key in ("name", "requests", "failed")}
        | {f"{clock}_{key}": value for clock in ("response", "service") for key, value in row[clock].items()}
        for row in whole["names"]
    ]
    _csv(folder / "names.csv", flat)
    return [folder / name for name in (*texts, "timeline.csv", "names.csv")]


def baseline(path: Path) -> tuple[str, Samples]:
    """An earlier run, from its folder or its run.json. Raises LoadTestError."""
    file = path / "run.json" if path.is_dir() else path
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return f"{path} of {found['begun']}", Samples.from_json(found["samples"])
    except OSError as wrong:
        raise LoadTestError(f"{file}: {wrong.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise LoadTestError(f"{file}: not the run.json of a load test") from None


def _compared(samples: Samples, name: str, other: Samples) -> Document:
    rows = [
        {key: _sober(value) if isinstance(value, float) else value for key, value in each._asdict().items()}
        | {"significant": each.significant}
        for each in compared(samples, other)
    ]
    return {"with": name, "differences": rows}


def _times(times: Latencies) -> Document:
    names = [f"p{percent:g}_ms" for percent in PERCENTS[:-1]]
    shown = dict(zip([*names, "max_ms"], _milliseconds(times, PERCENTS), strict=True))
    return {"mean_ms": _sober(times.mean * 1e3), **shown}


def _milliseconds(times: Latencies, percents: Sequence[float]) -> list[float | None]:
    if not times.count:
        return [None] * len(percents)
    return [_sober(value * 1e3) for value in times.percentiles(*percents)]


def _intervals(samples: Samples, seconds: float) -> list[Document]:
    last = max([int(seconds / samples.interval_s), *samples.intervals, *samples.dropped_by_interval], default=0)
    rows = []
    for index in range(last + 1):
        timed = samples.intervals.get(index)
        row: Document = {
            "at_s": index * samples.interval_s,
            "requests": timed.count if timed else 0,
            "failed": timed.failed if timed else 0,
            "dropped": samples.dropped_by_interval[index],
        }
        for clock in ("response", "service"):
            values = _milliseconds(getattr(timed, clock), (50.0, 90.0, 99.0)) if timed and timed.count else [None] * 3
            row |= dict(zip((f"{clock}_p50_ms", f"{clock}_p90_ms", f"{clock}_p99_ms"), values, strict=True))
        rows.append(row)
    # the last interval may be of no length
    return rows[:-1] if rows and not rows[-1]["requests"] and not rows[-1]["dropped"] else rows


def _looks(looks: Iterable[Any]) -> list[Document]:
    return [
        {"at_s": round(look.at_s, 1), "cpu": round(look.cpu, 3), "memory_mib": round(look.memory / 2**20, 1)}
        for look in looks
        if look.at_s >= 0.0
    ]


def _sober(number: float | None) -> float | None:
    return None if number is None else float(f"{number:.6g}")


def _json(whole: Document) -> str:
    return json.dumps(whole, ensure_ascii=False, allow_nan=False) + "\n"


def _csv(path: Path, rows: Sequence[Document]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        if rows:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
