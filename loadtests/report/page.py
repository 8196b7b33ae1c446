"""The page of one run: verdict, both clocks over time, who did what, answers, the machine, another run beside it."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

from loadtests.mix import READING
from loadtests.report.charts import machine, over_time, percentiles, rates
from loadtests.report.words import DASH, amount, count, objective_words, rate, time_words, verdict_line
from simulator.report.chart import Cell, cell, figure, table
from simulator.report.shell import shell
from simulator.report.words import day_words

Document = dict[str, Any]
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def page(document: Document) -> str:
    """The whole report."""
    charts = [chart for chart in (over_time(document), rates(document), percentiles(document)) if chart is not None]
    beside = machine(document)
    sections = [
        ("verdict", "Verdict", _verdict(document)),
        ("time", "How long it took", "".join(map(figure, charts))),
        ("who", "Who did what", _names(document) + _errors(document)),
        ("answers", "Were the answers right", _answers(document)),
        ("machine", "What it took", figure(beside) if beside else ""),
        ("compared", "Beside another run", _compared(document)),
        ("how", "How it was done", _how(document)),
    ]
    return shell("Machtigen · load test", document["title"], _about(document), sections, _foot(document))


def _about(document: Document) -> str:
    load, machine = document["load"], document["machine"]
    return (
        f'<p class="about">{escape(document["begun"])} · {document["seconds"]:,.0f} seconds · '
        f"{rate(load['requests_per_second'])} requests, {rate(load['decisions_per_second'])} decisions · "
        f"{machine['cores']} cores, load average {machine['load_average'][0]:g} before</p>"
    )


def _verdict(document: Document) -> str:
    outcome = document["verdict"]["outcome"]
    rows = [
        [
            Cell(objective_words(each["key"])),
            cell(document, f"/verdict/objectives/{i}/wanted", partial(amount, each["key"])),
            cell(document, f"/verdict/objectives/{i}/found", partial(amount, each["key"])),
            cell(document, f"/verdict/objectives/{i}/met", lambda met: "✓ met" if met else "✗ MISSED"),
        ]
        for i, each in enumerate(document["verdict"]["objectives"])
    ]
    line = f'<p class="verdict {outcome}"><b>{escape(verdict_line(document))}</b></p>'
    return line + table(("objective", "at most", "found", "verdict"), rows, "verdicts")


def _names(document: Document) -> str:
    header = ("activity", "requests", "failed", "P50", "P90", "P99", "longest", "P99 from sending")
    rows = [
        [
            cell(document, f"/names/{i}/name", str),
            cell(document, f"/names/{i}/requests", count),
            cell(document, f"/names/{i}/failed", count),
            *(
                cell(document, f"/names/{i}/response/{key}", time_words)
                for key in ("p50_ms", "p90_ms", "p99_ms", "max_ms")
            ),
            cell(document, f"/names/{i}/service/p99_ms", time_words),
        ]
        for i in range(len(document["names"]))
    ]
    return "<p>Times from the intended start, but for the last column.</p>" + table(header, rows)


def _errors(document: Document) -> str:
    if not document["errors"]:
        return "<p>No request failed.</p>"
    rows = [
        [cell(document, f"/errors/{i}/{key}", str if key != "count" else count) for key in ("error", "name", "count")]
        for i in range(len(document["errors"]))
    ]
    return "<h3>What failed</h3>" + table(("error", "activity", "count"), rows)


def _answers(document: Document) -> str:
    findings = document["findings"]
    fresh = document["freshness"]
    words = (
        f"<p>{count(findings['checked'])} answers were compared with what the population makes true: "
        f"<b>{count(findings['false_permit'])} false permits</b>, {count(findings['wrong'])} answers wrong otherwise"
        f"{_behind(findings['undecided'])}.</p>"
    )
    if findings["acknowledged"]:
        words += (
            f"<p>{count(findings['acknowledged'])} writes were acknowledged; each was asked for at its own ledger "
            f"token, and all once more when the load was over: <b>{count(findings['lost'])} lost</b>."
        )
        words += f" Without a token a write showed within {time_words(fresh['p99_ms'])} (P99).</p>" if fresh else "</p>"
    examples = "".join(f"<li><code>{escape(str(example))}</code></li>" for example in document["examples"])
    return words + (f"<h3>Examples</h3><ul>{examples}</ul>" if examples else "")


def _behind(undecided: int) -> str:
    return f"; {count(undecided)} said that the ledger was behind" if undecided else ""


def _compared(document: Document) -> str:
    found = document["compared"]
    if found is None:
        return ""
    rows = []
    for i, each in enumerate(found["differences"]):
        low, high = each["low_ms"], each["high_ms"]
        between = DASH if low is None else f"{low:+.3g} to {high:+.3g} ms".replace("-", "\u2212")
        told = {None: "too few seconds to tell", True: "more than chance", False: "may be chance"}[each["significant"]]
        pointer = f"/compared/differences/{i}"
        rows.append(
            [
                cell(document, f"{pointer}/percent", lambda value: f"P{value:g}"),
                cell(document, f"{pointer}/this_ms", time_words),
                cell(document, f"{pointer}/other_ms", time_words),
                Cell(between, f"{pointer}/low_ms"),
                Cell(told, f"{pointer}/significant"),
            ]
        )
    header = ("response time", "this run", "the other", "difference, 95 %", "")
    note = (
        f"<p>With {escape(found['with'])}. Seconds of both runs are drawn again 400 times; what lies within the "
        "interval may be chance.</p>"
    )
    return note + table(header, rows)


def _how(document: Document) -> str:
    plan, about, machine = document["plan"], document["about"], document["machine"]
    spacing = {"poisson": "at random (Poisson)", "constant": "evenly"}[plan["spacing"]]
    where = (
        f"the simulator's rates of <b>{escape(about['scenario'])}</b>, {_DAYS[about['hour'] // 24]} from "
        f"{about['hour'] % 24} to {about['hour'] % 24 + 1} o'clock in the week of {day_words(about['week'])}: "
        f"{about['decisions_per_second']:.3g} decisions a second"
        if "scenario" in about
        else "a stated rate"
    )
    rows = [
        [
            Cell(name),
            cell(document, f"/rates/{name}", rate),
            Cell(str(READING[name].decisions) if name in READING else "a write"),
        ]
        for name in document["rates"]
    ]
    return (
        f"<p>Rates: {where}, times {about.get('scale', 1.0):g}. Arrivals {spacing}, seed {plan['seed']}; "
        f"{document['processes']} generator{'s' if document['processes'] > 1 else ''} with {document['pool']} users, "
        f"each waited for at most {plan['patience_s']:g} s. Population of {plan['people']:,} people, seed "
        f"{plan['people_seed']}.</p>"
        f"<p>One arrival in a hundred was handed out {time_words(document['load']['lateness_p99_ms'])} late or later. "
        f"Machine: {machine['cores']} cores, {machine['memory_bytes'] / 2**30:.0f} GiB, load average "
        f"{machine['load_average'][0]:g} before and {machine['load_average_after'][0]:g} after, Python "
        f"{escape(machine['python'])}, Locust {escape(machine['locust'])}.</p>"
        f"<details><summary>Highest rate of each activity</summary>"
        f"{table(('activity', 'arrivals', 'decisions each'), rows)}</details>"
    )


def _foot(document: Document) -> str:
    return (
        f"<footer><p>Machtigen {escape(document['machine']['machtigen'])}. Made by "
        f"<code>{escape(document['command'])}</code>. Every figure on this page stands in result.json; run.json has "
        "the histograms, to compare a later run with.</p></footer>"
    )
