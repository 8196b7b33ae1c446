"""A run for a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from loadtests.report.words import amount, objective_words, share, time_words, verdict_line

_COLOURS = {"met": "green", "missed": "red", "invalid": "yellow"}


def summary(document: dict[str, Any]) -> RenderableType:
    """Verdict, both clocks by name, objectives, answers."""
    return Group(
        Text(document["title"], style="bold"),
        Text(verdict_line(document), style=_COLOURS[document["verdict"]["outcome"]]),
        _times(document),
        _objectives(document),
        Text(_load(document)),
    )


def _times(document: dict[str, Any]) -> Table:
    columns = ("requests", "failed", "P50", "P99", "P99 sent", "longest")
    title = "Response time from the intended start; the last but one from sending alone"
    table = Table("", *columns, box=None, padding=(0, 2, 0, 0), title=title, title_justify="left", title_style="dim")
    for column in table.columns[1:]:
        column.justify = "right"
    whole = {"name": "all", **document["load"], **document["times"]}
    for row in [*document["names"], whole]:
        response, service = row["response"], row["service"]
        times = (response["p50_ms"], response["p99_ms"], service["p99_ms"], response["max_ms"])
        table.add_row(row["name"], f"{row['requests']:,}", f"{row['failed']:,}", *map(time_words, times))
    return table


def _objectives(document: dict[str, Any]) -> Table:
    table = Table("objective", "at most", "found", "", box=None, padding=(0, 2, 0, 0))
    for each in document["verdict"]["objectives"]:
        verdict = "met" if each["met"] else "MISSED"
        name = objective_words(each["key"])
        table.add_row(name, amount(each["key"], each["wanted"]), amount(each["key"], each["found"]), verdict)
    return table


def _load(document: dict[str, Any]) -> str:
    load, findings = document["load"], document["findings"]
    return (
        f"{load['due']:,} arrivals due, {load['dropped']:,} dropped ({share(load['dropped_share'])}); "
        f"{findings['checked']:,} answers checked, {findings['wrong']:,} wrong, {findings['false_permit']:,} false "
        f"permits; {findings['acknowledged']:,} writes acknowledged, {findings['lost']:,} lost"
    )
