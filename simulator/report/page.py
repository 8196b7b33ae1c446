"""The page: title, answer in words, verdicts, charts, assumptions."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from simulator.report.burnup import burnup
from simulator.report.chart import Cell, Chart, cell, figure, table
from simulator.report.connected import connected
from simulator.report.cost import cost
from simulator.report.differences import compared, curves, levers
from simulator.report.excluded import excluded, groups
from simulator.report.milestones import milestones, months
from simulator.report.pool import pool
from simulator.report.prose import in_words
from simulator.report.sectors import sectors
from simulator.report.shell import shell
from simulator.report.stale import stale
from simulator.report.teams import teams
from simulator.report.tornado import indices, tornado
from simulator.report.words import day_words, value_words, with_days
from simulator.scenario import shipped
from simulator.study import Document


def page(document: Document) -> str:
    """The whole report."""
    title = document["title"] or document["scenario"]
    routed = document["run"]["pathway"] != "direct"
    others = range(len(document["comparisons"]))
    sections = [
        ("answer", "In plain words", _answer(document)),
        ("verdicts", "Objectives", _verdicts(document)),
        (
            "when",
            "When",
            _figures(
                [
                    connected(document),
                    burnup(document),
                    *([sectors(document)] if routed else []),
                    *([months(document)] if routed else []),
                    milestones(document),
                ]
            ),
        ),
        ("who", "Who is left out", _figures([excluded(document), groups(document), stale(document)])),
        ("work", "The work", _figures([pool(document), *([teams(document)] if routed else []), cost(document)])),
        (
            "help",
            "What matters and what would help",
            _figures([levers(document), tornado(document)]) + _indices(document),
        ),
        ("beside", "Beside other scenarios", _figures([curves(document), *(compared(document, i) for i in others)])),
        ("assumptions", "Assumptions", _assumptions(document)),
    ]
    return shell("Machtigen · simulation of a plan", title, _about(document), sections, _foot(document))


def _about(document: Document) -> str:
    prepared = f"{day_words(document['prepared'])} · " if document["prepared"] else ""
    return (
        f'<p class="about">{prepared}scenario <b>{escape(document["scenario"])}</b> · '
        f"{document['replications']:,} runs · from {day_words(document['run']['start'])} to "
        f"{day_words(document['run']['end'])}</p>"
    )


def _answer(document: Document) -> str:
    return "".join(f"<p><b>{escape(head)}</b> {escape(text)}</p>" for head, text in in_words(document))


def _verdicts(document: Document) -> str:
    found: list[dict[str, Any]] = document["objectives"]
    if not found:
        return ""
    rows = [
        [
            Cell(_objective_words(verdict["key"])),
            cell(document, f"/objectives/{i}/wanted", with_days),
            cell(document, f"/objectives/{i}/found", with_days),
            cell(document, f"/objectives/{i}/met", lambda met: "✓ met" if met else "✗ MISSED"),
        ]
        for i, verdict in enumerate(found)
    ]
    met = sum(verdict["met"] for verdict in found)
    return f"<p>{met} of {len(found)} met.</p>" + table(("objective", "wanted", "found", "verdict"), rows, "verdicts")


def _objective_words(key: str) -> str:
    measure, _, quantile = key.rpartition("_p")
    return f"{measure.replace('_', ' ')}, P{quantile}"


def _figures(charts: Iterable[Chart | None]) -> str:
    return "".join(figure(chart) for chart in charts if chart is not None)


def _indices(document: Document) -> str:
    found = indices(document)
    if found is None:
        return ""
    title, header, rows = found
    return f'<div class="keep"><h3>{escape(title)}</h3>{table(header, rows)}</div>'


def _assumptions(document: Document) -> str:
    entries: list[dict[str, Any]] = document["assumptions"]
    changed = [i for i, entry in enumerate(entries) if entry["differs"]]
    rest = [i for i, entry in enumerate(entries) if not entry["differs"]]
    parts = []
    if changed:
        parts.append("<p>What this scenario has otherwise than the plan of the letter of June 2020:</p>")
        parts.append(_knobs(document, changed, with_default=True))
    else:
        parts.append("<p>Every assumption stands at its default: the world of the letter of June 2020.</p>")
    guesses = sum("estimate" in entries[i]["source"] for i in rest)
    others = f"All {len(rest)}{' others' if changed else ''}"
    parts.append(
        f"<details><summary>{others}, at their defaults ({guesses} of them estimates)</summary>"
        f"{_knobs(document, rest, with_default=False)}</details>"
    )
    sources = [_source(document, name) for name in document["sources"]]
    parts.append("<h3>Sources</h3>" + table(("name", "what it is"), sources))
    return "".join(parts)


def _source(document: Document, name: str) -> list[Cell]:
    return [Cell(name), cell(document, f"/sources/{name}", str)]


def _knobs(document: Document, indices: list[int], *, with_default: bool) -> str:
    rows = []
    for i in indices:
        entry = document["assumptions"][i]
        unit = entry["unit"] if isinstance(entry["value"], int | float) and not isinstance(entry["value"], bool) else ""

        def say(value: Any, unit: str = unit) -> str:
            return value_words(value, unit)

        rows.append(
            [
                cell(document, f"/assumptions/{i}/meaning", str),
                cell(document, f"/assumptions/{i}/value", say),
                *([cell(document, f"/assumptions/{i}/default", say)] if with_default else []),
                cell(document, f"/assumptions/{i}/source", str),
                cell(document, f"/assumptions/{i}/knob", str),
            ]
        )
    return table(("assumption", "value", *(["default"] if with_default else []), "source", "knob"), rows, "knobs")


def _foot(document: Document) -> str:
    command = f"machtigen simulate {_named(document)} --runs {document['replications']} --seed {document['seed']}"
    command += "".join(f" --compare {_named(other)}" for other in document["comparisons"])
    command += f" --sensitivity {document['sensitivity']['method']}" if document["sensitivity"] else ""
    command += (f" --date {document['prepared']}" if document["prepared"] else "") + " --out DIR"
    return (
        f"<footer><p>Machtigen {escape(document['machtigen'])} · seed {document['seed']} · scenario hash "
        f"{document['hash']} · inherits: {escape(' ← '.join(document['lineage']))}</p>"
        f"<p>Made by <code>{escape(command)}</code>. The same command gives the same bytes. Every figure on this page "
        "stands in result.json.</p></footer>"
    )


def _named(document: Document) -> str:
    """What to type for a scenario: a shipped name, or its file."""
    name = str(document["scenario"])
    return name if name in shipped() else f"{name}.toml"
