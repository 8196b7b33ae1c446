"""A study as files: what `writing` makes of its result, more tables, result.json with all of it, the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from simulator.report import page
from simulator.study import BAND_NAMES, Document, Study, document
from simulator.writing import identity, write, write_table

STUDY_TABLES: Final = ("comparisons", "levers", "one_at_a_time", "assumptions")
"""Beside `writing.TABLES`; a table without rows is left out."""


def publish(study: Study, folder: Path | None, report: Path | None = None) -> list[Path]:
    """All files of a study into a folder, its report there or at a path of its own; what was written."""
    whole = document(study)
    written = []
    if folder is not None:
        written = write(study.result, folder)
        about = identity(study.result)
        for name, rows in _tables(whole).items():
            if rows:
                written += write_table(pa.Table.from_pylist(rows), folder, name, about)
        # in the place of the result's own, which it contains
        (folder / "result.json").write_text(json.dumps(whole, ensure_ascii=False) + "\n", encoding="utf-8")
        report = report or folder / "report.html"
    if report is not None:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(page(whole), encoding="utf-8")
        written.append(report)
    return written


def _tables(whole: Document) -> dict[str, list[dict[str, Any]]]:
    return {
        "comparisons": [
            {"scenario": other["scenario"], **row}
            for other in whole["comparisons"]
            for row in _differences(other["differences"])
        ],
        "levers": [
            {"lever": lever["name"], "changes": json.dumps(lever["changes"]), **row}
            for lever in whole["levers"]
            for row in _differences(lever["differences"])
        ],
        "one_at_a_time": _swings(whole),
        "assumptions": [
            {**entry, "value": _text(entry["value"]), "default": _text(entry["default"])}
            for entry in whole["assumptions"]
        ],
    }


def _differences(differences: Document) -> list[dict[str, Any]]:
    names = (*BAND_NAMES, "mean", "half_width_95", "share_of_pairs")
    return [
        {"measure": measure, "unit": found["unit"]} | {f"difference_{name}": found[name] for name in names}
        for measure, found in differences.items()
    ]


def _swings(whole: Document) -> list[dict[str, Any]]:
    found = whole["one_at_a_time"]
    if found is None:
        return []
    return [
        {
            "knob": knob, "measure": measure, "own": swing["own"], "low": swing["low"], "high": swing["high"],
            "as_it_is": base, "at_low": swing["at_low"][measure], "at_high": swing["at_high"][measure],
        }
        for knob, swing in found["swings"].items()
        for measure, base in found["base"].items()
    ]  # fmt: skip


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
