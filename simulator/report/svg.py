"""SVG as text: elements and their escaping; how wide words are, and how labels keep clear of one another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

TEXT: Final = 13.0
"""Size of all words in charts, in CSS pixels, whatever the chart's width: charts are drawn for a width, not scaled."""
SMALL: Final = 12.0
STRONG: Final = 14.6
"""As wide as bold words of the size TEXT."""
LINE: Final = 17.0
"""From one line of words to the next."""
_WIDE = set("MWmw@%")
_NARROW = set("iIljtfr.,:;'!|() ")

Point = tuple[float, float]


def tag(name: str, *inside: str, **attributes: object) -> str:
    """An element; `stroke_width=2` is stroke-width="2", `class_` is class; None leaves an attribute out."""
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_plain(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{shown}>{''.join(inside)}</{name}>" if inside else f"<{name}{shown}/>"


def words(x: float, y: float, text: str, anchor: str = "start", class_: str | None = None, **more: object) -> str:
    """A line of text whose baseline is at y."""
    placed = None if anchor == "start" else anchor
    return tag("text", escape(text), x=x, y=y, text_anchor=placed, class_=class_, **more)


def line(start: Point, end: Point, class_: str, **more: object) -> str:
    """A straight line."""
    return tag("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], class_=class_, **more)


def path(points: Iterable[Point], class_: str, **more: object) -> str:
    """A line through points; those on a straight line between their neighbours are left out."""
    kept = _needed([(round(x, 1), round(y, 1)) for x, y in points])
    return tag("path", d="M" + "L".join(f"{_plain(x)} {_plain(y)}" for x, y in kept), class_=class_, **more)


def area(upper: Sequence[Point], lower: Sequence[Point], class_: str, **more: object) -> str:
    """What lies between two lines."""
    above = _needed([(round(x, 1), round(y, 1)) for x, y in upper])
    below = _needed([(round(x, 1), round(y, 1)) for x, y in lower])
    points = [*above, *reversed(below)]
    return tag("path", d="M" + "L".join(f"{_plain(x)} {_plain(y)}" for x, y in points) + "Z", class_=class_, **more)


def box(x: float, y: float, width: float, height: float, class_: str, **more: object) -> str:
    """A rectangle; never of negative width."""
    return tag("rect", x=x, y=y, width=max(0.0, width), height=height, class_=class_, **more)


def dot(at: Point, class_: str, radius: float = 4.5) -> str:
    """A round mark."""
    return tag("circle", cx=at[0], cy=at[1], r=radius, class_=class_)


def width_of(text: str, size: float = TEXT) -> float:
    """How wide a text is, a little more rather than less: fonts differ."""
    return size * sum(0.9 if c in _WIDE else 0.36 if c in _NARROW else 0.62 for c in text)


def wrapped(text: str, width: float, size: float = TEXT) -> list[str]:
    """A text in lines that fit a width."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width_of(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def spread(wished: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places as near as may be to those wished, at least `gap` apart, within `low` and `high` where they all fit."""
    order = sorted(range(len(wished)), key=lambda i: wished[i])
    placed = [0.0] * len(wished)
    before = low - gap
    for index in order:
        before = placed[index] = max(wished[index], before + gap)
    after = high + gap
    for index in reversed(order):
        after = placed[index] = min(placed[index], after - gap)
    return placed


def _needed(points: list[Point]) -> list[Point]:
    kept: list[Point] = []
    for point in points:
        while len(kept) > 1 and _straight(kept[-2], kept[-1], point):
            kept.pop()
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept


def _straight(a: Point, b: Point, c: Point) -> bool:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) < 1e-6


def _plain(value: object) -> str:
    """A number with one digit after the point, if any; else the escaped text."""
    if isinstance(value, float):
        text = f"{value:.1f}"
        return text.removesuffix(".0") if text != "-0.0" else "0"
    return escape(str(value))
