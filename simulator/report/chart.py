"""A chart for people: what it shows in one sentence, the drawing for two widths, and the figures behind it.

Every figure in a table says where it stands in result.json (a JSON pointer), so that none can be the report's own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from simulator.report.svg import tag
from simulator.study import Document

WIDE = 760.0
NARROW = 340.0


@dataclasses.dataclass(frozen=True)
class Cell:
    """What a table shows, and where in the document its value stands; no pointer: words."""

    text: str
    pointer: str = ""


@dataclasses.dataclass(frozen=True)
class Drawing:
    """What was drawn and how high it is."""

    height: float
    parts: list[str]


@dataclasses.dataclass(frozen=True)
class Chart:
    """`title` says what is seen; `note` how to read it. `draw` takes the width in pixels."""

    key: str
    title: str
    note: str
    draw: Callable[[float], Drawing]
    header: tuple[str, ...]
    rows: list[list[Cell]]


def looked_up(document: Document, pointer: str) -> Any:
    """The value at a JSON pointer (RFC 6901; no name of ours has a slash or a tilde but the exclusion's groups)."""
    found: Any = document
    for part in pointer.split("/")[1:]:
        found = found[int(part)] if isinstance(found, list) else found[part.replace("~1", "/").replace("~0", "~")]
    return found


def cell(document: Document, pointer: str, say: Callable[[Any], str]) -> Cell:
    """A figure of the document in words."""
    return Cell(say(looked_up(document, pointer)), pointer)


def figure(chart: Chart) -> str:
    """The chart in HTML: wide, narrow, its note and its figures."""
    return (
        f'<figure id="{chart.key}"><h3>{escape(chart.title)}</h3>'
        f'<p class="note">{escape(chart.note)}</p>'
        f"{_drawn(chart, WIDE, 'wide')}{_drawn(chart, NARROW, 'narrow')}"
        f"<details><summary>The figures</summary>{table(chart.header, chart.rows)}</details></figure>"
    )


def table(header: Iterable[str], rows: Iterable[Iterable[Cell]], class_: str = "") -> str:
    """A table; the first cell of a row is its heading."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    body = "".join(f"<tr>{''.join(_cell(i, shown) for i, shown in enumerate(row))}</tr>" for row in rows)
    kind = f' class="{class_}"' if class_ else ""
    return f'<div class="scroll"><table{kind}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(index: int, shown: Cell) -> str:
    source = f' data-json="{escape(shown.pointer)}"' if shown.pointer else ""
    if index == 0:
        return f'<th scope="row"{source}>{escape(shown.text)}</th>'
    return f"<td{source}>{escape(shown.text)}</td>"


def _drawn(chart: Chart, width: float, class_: str) -> str:
    drawing = chart.draw(width)
    name = f"{chart.key}-{class_}"
    return tag(
        "svg",
        tag("title", escape(chart.title), id=f"{name}-title"),
        tag("desc", escape(chart.note), id=f"{name}-desc"),
        *drawing.parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {drawing.height:g}",
        width=f"{width:g}",
        height=f"{drawing.height:g}",
        class_=class_,
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )
