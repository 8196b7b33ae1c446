"""The answer as a page for whoever decides: in words, the calculation, the quarters, what was measured, regret."""

from __future__ import annotations

from html import escape
from typing import Any

from loadtests.capacity.words import headline, machines, month_of, sentences
from loadtests.report.plot import Plot, counts, named
from loadtests.report.words import count, share
from simulator.report.axes import nice
from simulator.report.chart import Cell, Chart, Drawing, cell, figure, table
from simulator.report.shell import shell
from simulator.report.svg import area, box, dot, line, words
from simulator.report.words import DASH, HARD, day_words

Document = dict[str, Any]
_LEFT, _TOP = 56.0, 44.0


def page(document: Document) -> str:
    """The whole answer."""
    sections = [
        ("answer", "In plain words", "".join(f"<p><b>{escape(a)}</b> {escape(b)}</p>" for a, b in sentences(document))),
        ("quarters", "Quarter by quarter", figure(_quarters(document)) + _table(document)),
        ("calculation", f"The calculation for {month_of(document)}", _calculation(document)),
        ("regret", "Too early, too late", _regret(document)),
        ("measured", "What was measured", figure(_scalability(document)) + _points(document)),
        ("assumptions", "What is assumed", _assumptions(document)),
    ]
    about = (
        f'<p class="about">Plan: {escape(document["title"])} (<b>{escape(document["scenario"])}</b>) · '
        f"{document['replications']:,} runs of it, 1,000 draws of what nobody knows · measured "
        f"{escape(document['measured']['begun'][:10])}</p>"
    )
    return shell("Machtigen · capacity", headline(document), about, sections, _foot(document))


def _quarters(document: Document) -> Chart:
    """Demand as bands, and what one, two, … machines carry."""
    quarters, usable = document["quarters"], document["machine"]["usable"]["p50"]
    asked = document["asked"]["decisions"]
    most = max(quarter["decisions"]["p90"] for quarter in quarters)

    def draw(width: float) -> Drawing:
        top = max(most * 1.15, usable * 1.15 if usable < 4 * most else most * 1.3)
        ticks = nice(top)
        plot = Plot(_LEFT, width - 8, _TOP, _TOP + 230.0, float(len(quarters)), ticks[-1])
        parts = counts(plot, ticks, "decisions/s")
        step = (plot.right - plot.left) / len(quarters)
        every = max(1, -(-len(quarters) * 62 // int(plot.right - plot.left)))
        for i, quarter in enumerate(quarters):
            x, bands = plot.x(i + 0.5), quarter["decisions"]
            wide = min(26.0, 0.5 * step)
            chosen = i == document["asked_index"]
            style = "bar c2" if chosen else "bar c1"
            parts.append(
                box(x - wide / 2, plot.y(bands["p90"]), wide, plot.y(bands["p10"]) - plot.y(bands["p90"]), style)
            )
            level = plot.y(bands["p50"])
            parts.append(line((x - wide / 2, level), (x + wide / 2, level), "whisker"))
            if i % every == 0 or chosen:
                parts.append(words(x, plot.bottom + 18, quarter["name"], "middle", "tick"))
        for number in (1, 2, 3, 4):
            if number * usable <= ticks[-1]:
                y = plot.y(number * usable)
                parts.append(line((plot.left, y), (plot.right, y), "mark"))
                parts.append(words(plot.right - 4, y - 5, f"{machines(number)} carry", "end", "label quiet"))
        return Drawing(_TOP + 258.0, parts)

    return Chart(
        key="demand",
        title=(
            f"The busiest hour of {document['asked']['name']} asks between "
            f"{asked['p10']:,.3g} and {asked['p90']:,.3g} decisions a second; one machine carries {usable:,.0f}"
        ),
        note="Bars hold eight draws in ten (P10 to P90), the line in them is the middle; the quarter asked for in red.",
        draw=draw,
        header=("quarter", "P10", "P50", "P90"),
        rows=[
            [cell(document, f"/quarters/{i}/name", str)]
            + [
                cell(document, f"/quarters/{i}/decisions/{band}", lambda value: f"{value:,.3g}")
                for band in ("p10", "p50", "p90")
            ]
            for i in range(len(quarters))
        ],
    )


def _table(document: Document) -> str:
    machine, neo4j = document["machine"], document["neo4j"]
    rows = [
        [
            cell(document, f"/quarters/{i}/name", str),
            cell(document, f"/quarters/{i}/ready/p50", count),
            cell(document, f"/quarters/{i}/decisions/p90", lambda value: f"{value:,.3g}"),
            cell(document, f"/quarters/{i}/writes/p90", lambda value: f"{value:,.2g}"),
            cell(document, f"/quarters/{i}/machines/p50", count),
            cell(document, f"/quarters/{i}/machines/p90", count),
            Cell(f"{machine['needed_gib']:.2g}{HARD}GiB", "/machine/needed_gib"),
            Cell(f"{neo4j['members']} + {neo4j['replicas']}", "/neo4j/members"),
        ]
        for i in range(len(document["quarters"]))
    ]
    header = (
        *("quarter", "providers with mandates", "decisions/s, P90", "writes/s, P90", "machines, P50", "machines, P90"),
        *("memory each", "Neo4j members + replicas"),
    )
    return table(header, rows)


def _calculation(document: Document) -> str:
    machine, made = document["machine"], document["calculation"]
    uncertain = {
        key: f"{low:g} to {high:g}, likely {likely:g}" for key, (low, likely, high) in made["uncertain"].items()
    }
    fitted = document["measured"]["fit"]

    def bands(pointer: str) -> list[Cell]:
        return [cell(document, f"{pointer}/{band}", lambda value: f"{value:,.4g}") for band in ("p50", "p90")]

    rows = [
        [Cell("providers with login and mandates"), *bands("/calculation/ready"), Cell("the simulator, P50 and P90")],
        [Cell("clients of one, on average"), *_both(f"{made['clients']:,.0f}"), Cell("the scenario's knobs")],
        [Cell("decisions a year for a client"), *_both(uncertain["decisions_per_client"]), Cell("nobody knows; drawn")],
        [Cell("busiest hour over the mean one"), *_both(uncertain["peak_factor"]), Cell("nobody knows; drawn")],
        [Cell("mandates a second for those who lent a password"), *bands("/calculation/surge"), Cell("the surge")],
        [Cell("= decisions a second, busiest hour"), *bands("/asked/decisions"), Cell("1,000 draws")],
        [
            Cell("one worker does, decisions a second"),
            Cell(f"{machine['per_worker']['p50']:,.4g}", "/machine/per_worker/p50"),
            Cell(f"{machine['per_worker']['p10']:,.4g}", "/machine/per_worker/p10"),
            Cell(
                f"measured; 95 %: {fitted['most_low']:,.0f} to {fitted['most_high']:,.0f} on "
                f"{document['measured']['workers']}"
            ),
        ],
        [Cell("x cores of a machine"), *_both(f"{machine['cores']:g}"), Cell("assumptions")],
        [
            Cell("x (1 less headroom)"),
            *_both(f"{1.0 - machine['headroom']:.2f}"),
            Cell("0.712 / cores^0.448, or as stated"),
        ],
        [
            Cell("= one machine may be asked"),
            Cell(f"{machine['usable']['p50']:,.4g}", "/machine/usable/p50"),
            Cell(f"{machine['usable']['p10']:,.4g}", "/machine/usable/p10"),
            Cell("decisions a second; the lean value beside P90"),
        ],
        [Cell("machines for the load, rounded up"), *bands("/asked/bare"), Cell("draw by draw")],
        [Cell("+ that may fail"), *_both(f"{machine['spare']:g}"), Cell("assumptions")],
        [Cell("= machines"), *bands("/asked/machines"), Cell("")],
    ]
    return table(("quantity", "P50", "P90", "from"), rows, "calculation")


def _both(text: str) -> list[Cell]:
    return [Cell(text), Cell(text)]


def _regret(document: Document) -> str:
    rows = [
        [
            cell(document, f"/policies/{i}/name", str),
            Cell(", ".join(map(str, policy["machines"])), f"/policies/{i}/machines"),
            cell(document, f"/policies/{i}/euro", _euros),
            cell(document, f"/policies/{i}/short", share),
            cell(document, f"/policies/{i}/regret", _euros),
            cell(document, f"/policies/{i}/regret_p90", _euros),
        ]
        for i, policy in enumerate(document["policies"])
    ]
    price, shortage = document["assumptions"]["machine"]["euro_per_quarter"], document["assumptions"]["shortage"]
    note = (
        f"<p>A machine costs € {price:,.0f} a quarter; a quarter whose busiest hours are not served € "
        f"{shortage['euro_per_quarter']:,.0f}, and one in {1 / max(1e-9, shortage['failures_per_quarter']):,.0f} has a "
        "machine missing then (all assumed). Regret is what is paid beyond what somebody would have "
        "paid who had known the draw.</p>"
    )
    header = ("buy", "machines by quarter", "cost", "some quarter not served", "regret, mean", "regret, P90")
    return note + table(header, rows, "wrapped")


def _small(value: float) -> str:
    return f"{value:.2g}" if value > 1e-6 else "none"


def _euros(value: float) -> str:
    return f"€{HARD}{value:,.0f}"


def _scalability(document: Document) -> Chart:
    """Points, the fitted law and its band."""
    measured = document["measured"]
    points, curve, fitted = measured["points"], measured["curve"], measured["fit"]
    end = max(point["users"] for point in points)

    def draw(width: float) -> Drawing:
        ticks = nice(max([point["decisions"] for point in points] + [row["high"] for row in curve]))
        plot = Plot(_LEFT, width - 12, _TOP, _TOP + 210.0, float(end), ticks[-1])
        parts = counts(plot, ticks, "decisions/s")
        xs = [row["users"] for row in curve]
        upper = [(plot.x(x), plot.y(row["high"])) for x, row in zip(xs, curve, strict=True)]
        lower = [(plot.x(x), plot.y(row["low"])) for x, row in zip(xs, curve, strict=True)]
        parts.append(area(upper, lower, "band c1"))
        parts += plot.lines(xs, [row["fitted"] for row in curve], "c1")
        parts += [dot((plot.x(point["users"]), plot.y(point["decisions"])), "dot c2", 3.5) for point in points]
        for users in sorted({point["users"] for point in points}):
            if users == 1 or users >= end / 16:
                x = plot.x(users)
                parts.append(line((x, plot.bottom), (x, plot.bottom + 5), "tickline"))
                parts.append(words(x, plot.bottom + 18, f"{users}", "middle", "tick"))
        parts += named(plot, [("fitted, 95 %", "c1")])
        return Drawing(_TOP + 238.0, parts)

    peak = (
        "beyond what was measured"
        if fitted["peak"] is None or fitted["peak"] > end
        else f"at {fitted['peak']:.0f} users"
    )
    return Chart(
        key="scalability",
        title=f"One service does {fitted['most']:,.0f} decisions a second; throughput is highest {peak}",
        note=(
            "Users at once, each asking again as soon as it is answered. The line is the Universal Scalability Law: "
            f"one alone {fitted['rate']:,.0f}/s, contention {fitted['alpha']:.2g}, coherence {_small(fitted['beta'])}; "
            f"points lie {fitted['error']:.0%} from it."
        ),
        draw=draw,
        header=("users", "fitted", "low", "high"),
        rows=[
            [cell(document, f"/measured/curve/{i}/{key}", lambda value: f"{value:,.4g}") for key in curve[i]]
            for i in range(len(curve))
        ],
    )


def _points(document: Document) -> str:
    measured = document["measured"]
    rows = [
        [
            cell(document, f"/measured/points/{i}/users", count),
            cell(document, f"/measured/points/{i}/decisions", count),
            cell(document, f"/measured/points/{i}/p50_ms", lambda value: f"{value:.3g}"),
            cell(document, f"/measured/points/{i}/p99_ms", lambda value: f"{value:.3g}"),
            cell(document, f"/measured/points/{i}/cores", lambda value: DASH if value is None else f"{value:.2f}"),
        ]
        for i in range(len(measured["points"]))
    ]
    machine = measured["machine"]
    load = machine["load_average"][0]
    cpu = measured["cpu_per_decision_us"]
    note = (
        f"<p>{measured['workers']} worker{'s' if measured['workers'] > 1 else ''}, {measured['people']:,} people, on "
        f"{machine['cores']} cores that generator and service shared, load average {load:g}"
        + (" (others were at work there: the figures are low)" if load > machine["cores"] else "")
        + (f". {cpu:,.0f} µs of CPU a decision" if cpu else "")
        + f". Wrong answers meanwhile: {measured['wrong']}.</p>"
    )
    return note + table(("users", "decisions/s", "P50, ms", "P99, ms", "service, cores"), rows)


def _assumptions(document: Document) -> str:
    uncertain = document["calculation"]["uncertain"]
    rows = [
        [Cell(key), Cell(f"{low:g} / {likely:g} / {high:g}", f"/calculation/uncertain/{key}")]
        for key, (low, likely, high) in uncertain.items()
    ]
    rest = [
        [Cell(f"{section}.{key}"), Cell(f"{value:,g}", f"/assumptions/{section}/{key}")]
        for section, values in document["assumptions"].items()
        for key, value in values.items()
    ]
    return (
        "<p>What nobody knows, low, likely and high:</p>"
        + table(("drawn", "low / likely / high"), rows)
        + "<p>What is set; sources stand in assumptions.toml:</p>"
        + table(("set", "value"), rest)
    )


def _foot(document: Document) -> str:
    return (
        f"<footer><p>Machtigen {escape(document['machtigen'])} · scenario hash {document['hash']} · enforced on "
        f"{day_words(document['enforced_on']) if document['enforced_on'] else 'no date'}. Made by "
        f"<code>{escape(document['command'])}</code>. Every figure on this page stands in capacity.json.</p></footer>"
    )
