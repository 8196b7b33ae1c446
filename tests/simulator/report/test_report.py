"""The report: of one file, of the document's figures, of the same bytes, and readable in a real browser."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from simulator.publishing import publish
from simulator.report import page
from simulator.report.chart import looked_up
from simulator.report.words import MINUS, MONTHS
from simulator.running import run
from simulator.scenario import load
from simulator.study import Study, document, study
from tests.chromium import chromium

RUNS = 120
TITLE = "<script>alert('x')</script> & \"half\" ]]> </title></style>"
PLAN = f"""
inherits = "june_2020"
title = '''{TITLE}'''
gp_practices = 900
[objectives]
mandate_live_p50 = 2021-07-31
connected_p50 = {{ least = 5000, on = 2022-12-31 }}
excluded_person_weeks_p90 = 70_000_000
"""
SVG = "{http://www.w3.org/2000/svg}"


def studied(folder: Path, **more: Any) -> Study:
    plan = folder / "plan.toml"
    plan.write_text(PLAN, encoding="utf-8")
    others = (load("no_setback").changed(gp_practices=900), load("direct_only"))
    return study(run(load(str(plan)), RUNS), others, **more)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("study")
    publish(studied(found, prepared=date(2026, 11, 27)), found)
    return found


@pytest.fixture(scope="module")
def html(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def figures(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "result.json").read_text(encoding="utf-8")))


def test_nothing_is_fetched_and_nothing_runs(html: str) -> None:
    outside = html.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?:|//[a-z]|@import|url\(|<script|\bsrc=|\bon[a-z]+=", outside)


def test_names_are_escaped(html: str, figures: dict[str, Any]) -> None:
    assert figures["title"] == TITLE
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; &quot;half&quot;" in html
    assert html.count("</style>") == html.count("</title>") - html.count("<svg") == 1


def test_the_same_study_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    publish(studied(tmp_path, prepared=date(2026, 11, 27)), tmp_path)
    for name in ("report.html", "result.json", "comparisons.csv", "levers.csv", "one_at_a_time.csv", "assumptions.csv"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_a_date_stands_in_it_only_if_given(folder: Path, html: str, figures: dict[str, Any]) -> None:
    assert "27 Nov 2026" in html
    assert page(figures) == html
    assert "Nov 2026 ·" not in page(figures | {"prepared": None})


class Cells(HTMLParser):
    """The text of each cell that says where its figure stands."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pointer = dict(attrs).get("data-json")
        self._inside = pointer is not None
        if pointer is not None:
            self.found.append((pointer, ""))

    def handle_data(self, data: str) -> None:
        if self._inside:
            pointer, before = self.found[-1]
            self.found[-1] = (pointer, before + data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = False


def read(text: str) -> float:
    """The number that a text says, in its own words."""
    found = re.search(rf"([{MINUS}-]?)(?:€\s)?([\d,.]+)(e[+-]\d+)?", text)
    assert found is not None, text
    number = float(found[2].replace(",", "") + (found[3] or "")) * (-1.0 if found[1] else 1.0)
    for word, times in (("million", 1e6), ("thousand", 1e3), ("%", 0.01), ("weeks", 7.0)):
        if word in text:
            number *= times
    return number


def says(text: str, value: Any, pointer: str) -> bool:
    if isinstance(value, bool) or value is None or "/assumptions/" in pointer or isinstance(value, list):
        return bool(text)
    if isinstance(value, str):
        iso = r"(\d{4})-(\d\d)-(\d\d)"
        return text == re.sub(iso, lambda day: f"{int(day[3])} {MONTHS[int(day[2]) - 1]} {day[1]}", value)
    if text == "no change":
        return abs(float(value)) < 0.5
    if re.fullmatch(r"\d+ [A-Z][a-z]{2} \d{4}", text):
        return True  # weeks shown as a date: the tornado's own test
    unit = 1e6 if "million" in text else 1e3 if "thousand" in text else 7.0 if "weeks" in text else 1.0
    rounding = 0.0501 * unit if "." in text else 0.501 * unit
    return abs(read(text) - float(value)) <= (rounding * 0.01 if "%" in text else rounding) + 1e-9


def test_every_figure_is_that_of_the_json(html: str, figures: dict[str, Any]) -> None:
    cells = Cells()
    cells.feed(html)
    assert len(cells.found) > 1_000
    wrong = [(p, text, looked_up(figures, p)) for p, text in cells.found if not says(text, looked_up(figures, p), p)]
    assert wrong == []
    tables = {pointer.split("/")[1] for pointer, _ in cells.found}
    assert tables >= {
        "weekly", "loads", "milestones", "totals", "excluded_person_weeks_mean", "mandate_live_by_month", "levers",
        "one_at_a_time", "comparisons", "cost_euro_by_work", "objectives", "assumptions", "target",
    }  # fmt: skip


def drawing(html: str, key: str) -> ET.Element:
    found = next(svg for svg in re.findall(r"<svg .*?</svg>", html) if f'aria-labelledby="{key}-title' in svg)
    return ET.fromstring(found)


def ys(svg: ET.Element) -> tuple[float, float]:
    """How a height in pixels becomes a value: value = a + b * y, from the ticks of the value axis."""
    ticks = [t for t in svg.iter(f"{SVG}text") if t.get("class") == "tick" and t.get("text-anchor") == "end"]
    marks = [(float(str(t.get("y"))) - 4.0, read(str(t.text))) for t in ticks]
    (y0, v0), (y1, v1) = marks[0], marks[-1]
    return v0 - y0 * (v1 - v0) / (y1 - y0), (v1 - v0) / (y1 - y0)


def drawn(svg: ET.Element, class_: str) -> list[tuple[float, float]]:
    path = next(p for p in svg.iter(f"{SVG}path") if p.get("class") == class_)
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", str(path.get("d")))]


@pytest.mark.parametrize(
    ("key", "class_", "curve"),
    [
        ("connected-wide", "line c1", "pgo_ready"),
        ("connected-narrow", "line c2 dashed", "login"),
        ("excluded-wide", "line c2", "excluded_people"),
        ("burnup-wide", "line c1", "pgo_ready"),
    ],
)
def test_a_drawn_curve_is_that_of_the_json(
    html: str, figures: dict[str, Any], key: str, class_: str, curve: str
) -> None:
    svg = drawing(html, key)
    a, b = ys(svg)
    shown = drawn(svg, class_)
    unit = 1e6 if any("million" in str(t.text) for t in svg.iter(f"{SVG}text")) else 1e3 if any(
        "thousand" in str(t.text) for t in svg.iter(f"{SVG}text")
    ) else 1.0  # fmt: skip
    values = figures["weekly"][curve]["p50"]
    left, right = shown[0][0], shown[-1][0]
    pixels = abs(b) * 0.06 * unit
    last = max(i for i in range(len(values)) if values[i] != values[-1]) if len(set(values)) > 1 else 0
    for x, y in shown:
        value = (a + b * y) * unit
        assert min(abs(value - v) for v in values) <= pixels, (x, value)
    assert max((a + b * y) * unit for _, y in shown) == pytest.approx(max(values), abs=pixels)
    assert left < right
    assert last > 0


def test_drawn_dots_lie_on_their_dates(html: str, figures: dict[str, Any]) -> None:
    svg = drawing(html, "milestones-wide")
    dots = sorted(float(str(c.get("cx"))) for c in svg.iter(f"{SVG}circle"))
    days = sorted(
        date.fromisoformat(m["p50"]).toordinal() for m in figures["milestones"].values() if m["known"] and m["p50"]
    )
    assert len(dots) == len(days)
    per_day = (dots[-1] - dots[0]) / (days[-1] - days[0])
    for x, day in zip(dots, days, strict=True):
        assert x == pytest.approx(dots[0] + (day - days[0]) * per_day, abs=0.2)


def test_drawn_bars_are_as_long_as_their_figures(html: str, figures: dict[str, Any]) -> None:
    for key, values in (
        ("groups-wide", [v for k, v in figures["excluded_person_weeks_mean"].items() if not k.startswith("0-17")]),
        ("cost-wide", [*figures["cost_euro_by_work"].values(), figures["totals"]["cost_euro"]["mean"]]),
    ):
        bars = [float(str(r.get("width"))) for r in drawing(html, key).iter(f"{SVG}rect")]
        assert len(bars) == len(values)
        for bar, value in zip(bars, values, strict=True):
            assert bar == pytest.approx(max(1.0, value * max(bars) / max(values)), abs=0.2)


def test_verdicts_are_shown(html: str, figures: dict[str, Any]) -> None:
    assert [verdict["met"] for verdict in figures["objectives"]] == [True, False, True]
    assert "2 of 3 met." in html
    assert "at most 70,000,000" in html
    assert "✗ MISSED" in html


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield found
        found.close()


CLASHES = """() => {
  const clashes = []
  for (const svg of document.querySelectorAll("svg")) {
    const frame = svg.getBoundingClientRect()
    if (!frame.width) continue
    const labels = [...svg.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect()])
    labels.forEach(([name, a], i) => {
      if (a.width && (a.left < frame.left - 1 || a.right > frame.right + 1)) clashes.push(["outside", name])
      for (const [other, b] of labels.slice(i + 1))
        if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
          clashes.push([name, other])
    })
  }
  return clashes
}"""


@pytest.mark.parametrize("width", [1000, 375])
def test_in_a_browser_no_label_touches_another_and_nothing_is_asked(browser: Any, folder: Path, width: int) -> None:
    shown: Page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    complaints: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("console", lambda message: complaints.append(message.text))
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.goto(f"file://{folder / 'report.html'}")
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []
    assert complaints == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.locator("svg:visible").count() == shown.locator("figure").count() >= 14
    assert shown.evaluate(CLASHES) == []
    shown.close()


def test_plans_that_leave_charts_empty_have_a_page_too() -> None:
    for name in ("direct_only", "hospitals_2027", "filing_window_only"):
        assert "In plain words" in page(document(Study(run(load(name), 20))))
    cut = load("june_2020").changed(horizon_weeks=40, scope="all")
    assert "after the run" in page(document(study(run(cut, 20), (load("one_setback"),))))
