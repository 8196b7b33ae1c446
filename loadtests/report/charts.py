"""What happened over time, how long it took, and what it took of the machine."""

from __future__ import annotations

from math import log10
from typing import Any, Final

from loadtests.report.plot import Plot, counts, logarithmic, named, seconds, time_values
from loadtests.report.words import count, rate, share, time_words
from simulator.report.axes import nice
from simulator.report.chart import Chart, Drawing, cell
from simulator.report.svg import line, words

Document = dict[str, Any]
_LEFT, _TOP, _HIGH = 56.0, 44.0, 250.0
_ROWS_MAX: Final = 60
_NINES: Final = ((0.0, "0 %"), (90.0, "90 %"), (99.0, "99 %"), (99.9, "99.9 %"), (99.99, "99.99 %"))


def over_time(document: Document) -> Chart | None:
    """P50 and P99 by intended start, on both clocks."""
    rows = document["intervals"]
    if not document["load"]["requests"]:
        return None
    xs = [row["at_s"] for row in rows]
    drawn = (("response_p99_ms", "c1"), ("response_p50_ms", "c6"), ("service_p99_ms", "c2 dashed"))
    response, service = document["times"]["response"], document["times"]["service"]

    def draw(width: float) -> Drawing:
        values = [[row[key] for row in rows] for key, _ in drawn]
        plot = logarithmic(_LEFT, width - 8, _TOP, _TOP + _HIGH, document["seconds"], values)
        parts = time_values(plot, "time") + seconds(plot)
        for (_, style), column in zip(drawn, values, strict=True):
            parts += plot.lines(xs, column, style)
        parts += named(plot, [("P99", "c1"), ("P50", "c6"), ("P99 sent", "c2 dashed")])
        return Drawing(_TOP + _HIGH + 28, parts)

    return Chart(
        key="over-time",
        title=(
            f"Half of the requests were answered within {time_words(response['p50_ms'])} of their intended start, "
            f"99 in 100 within {time_words(response['p99_ms'])}"
        ),
        note=(
            "By the second in which a request was meant to start. Solid: from the intended start, which is what "
            f"somebody waits. Dashed: from sending alone (P99 {time_words(service['p99_ms'])}), which hides what "
            "waited to be sent."
        ),
        draw=draw,
        header=("from", "requests", "P50", "P90", "P99", "P99 from sending"),
        rows=[
            [
                cell(document, f"/intervals/{i}/at_s", lambda value: f"{value:g} s"),
                cell(document, f"/intervals/{i}/requests", count),
                *(
                    cell(document, f"/intervals/{i}/{key}_ms", time_words)
                    for key in ("response_p50", "response_p90", "response_p99", "service_p99")
                ),
            ]
            for i in _spread(len(rows))
        ],
    )


def rates(document: Document) -> Chart:
    """Requests, failures and drops by second."""
    rows, width_s = document["intervals"], _width(document)
    xs = [row["at_s"] for row in rows]
    done = [row["requests"] / width_s for row in rows]
    failed = [row["failed"] / width_s for row in rows]
    dropped = [row["dropped"] / width_s for row in rows]
    load = document["load"]

    def draw(width: float) -> Drawing:
        ticks = nice(max([a + b for a, b in zip(done, dropped, strict=True)], default=1.0))
        plot = Plot(_LEFT, width - 8, _TOP, _TOP + 170.0, document["seconds"], ticks[-1])
        parts = counts(plot, ticks, "a second") + seconds(plot)
        parts += plot.steps(xs, width_s, [a + b for a, b in zip(done, dropped, strict=True)], "fill c5")
        parts += plot.steps(xs, width_s, done, "fill c6")
        parts += plot.steps(xs, width_s, failed, "fill c2")
        parts += named(plot, [("answered", "c1"), ("failed", "c2"), ("dropped", "c5")])
        return Drawing(_TOP + 198.0, parts)

    return Chart(
        key="rates",
        title=(
            f"{count(load['requests'])} requests, {rate(load['requests_per_second'])} on average: "
            f"{share(load['failed'] / max(1, load['requests']))} failed, {share(load['dropped_share'])} of the "
            "arrivals dropped"
        ),
        note=(
            "Arrivals come when the plan says. One that finds no free user in time is dropped, and counted; requests "
            "that follow from another are not arrivals."
        ),
        draw=draw,
        header=("from", "requests", "failed", "dropped"),
        rows=[
            [
                cell(document, f"/intervals/{i}/at_s", lambda value: f"{value:g} s"),
                *(cell(document, f"/intervals/{i}/{key}", count) for key in ("requests", "failed", "dropped")),
            ]
            for i in _spread(len(rows))
        ],
    )


def percentiles(document: Document) -> Chart | None:
    """The whole distribution: the rarer, the further to the right."""
    rows = document["curve"]
    if not document["load"]["requests"]:
        return None

    def place(percent: float) -> float:
        return min(_nines(percent), _nines(99.99))

    def draw(width: float) -> Drawing:
        kept = [row for row in rows if row["percent"] < 100.0]
        xs = [place(row["percent"]) for row in kept]
        values = [[row[f"{clock}_ms"] for row in kept] for clock in ("response", "service")]
        plot = logarithmic(_LEFT, width - 16, _TOP, _TOP + 200.0, _nines(99.99), values)
        parts = time_values(plot, "time")
        for percent, text in _NINES:
            x = plot.x(place(percent))
            parts.append(line((x, plot.bottom), (x, plot.bottom + 5), "tickline"))
            anchor = "start" if percent == 0.0 else "end" if percent > 99.95 else "middle"
            parts.append(words(x + (12 if anchor == "end" else 0), plot.bottom + 18, text, anchor, "tick"))
        for column, style in zip(values, ("c1", "c2 dashed"), strict=True):
            parts += plot.lines(xs, column, style)
        parts += named(plot, [("response", "c1"), ("service", "c2 dashed")])
        return Drawing(_TOP + 228.0, parts)

    longest = document["times"]["response"]["max_ms"]
    return Chart(
        key="percentiles",
        title=f"The slowest of all took {time_words(longest)}",
        note="How many percent took no longer; each step to the right is ten times as rare.",
        draw=draw,
        header=("percent", "response", "service"),
        rows=[
            [
                cell(document, f"/curve/{i}/percent", lambda value: f"{value:g} %"),
                cell(document, f"/curve/{i}/response_ms", time_words),
                cell(document, f"/curve/{i}/service_ms", time_words),
            ]
            for i in range(len(rows))
        ],
    )


def machine(document: Document) -> Chart | None:
    """CPU of the service and of the generators, in cores; the service's memory in the table."""
    service, generators = document["service"], document["generators"]
    if not generators:
        return None
    most = max(look["cpu"] for look in [*service, *generators])

    def draw(width: float) -> Drawing:
        ticks = nice(max(most, 0.1))
        plot = Plot(_LEFT, width - 8, _TOP, _TOP + 150.0, document["seconds"], ticks[-1])
        parts = counts(plot, ticks, "cores") + seconds(plot)
        for looks, style in ((service, "c1"), (generators, "c4 dashed")):
            kept = [look for look in looks if look["at_s"] <= document["seconds"]]
            parts += plot.lines([look["at_s"] for look in kept], [look["cpu"] for look in kept], style)
        parts += named(plot, [("service", "c1"), ("generators", "c4 dashed")])
        return Drawing(_TOP + 178.0, parts)

    memory = max((look["memory_mib"] for look in service), default=None)
    used = sum(look["cpu"] for look in service) / len(service) if service else None
    busiest = document["generator_cpu"]
    generator = f"the busiest generator {share(busiest)} of one core" if busiest is not None else "the generators few"
    own = (
        f"The service used {used:.2g} cores on average and {count(memory)} MiB of memory of its own, {generator}"
        if used is not None
        else f"The service runs elsewhere; {generator}"
    )
    return Chart(
        key="machine",
        title=own,
        note="All processes of each together. Memory without pages that are shared, such as those of the graph's file.",
        draw=draw,
        header=("at", "service, cores", "service, MiB"),
        rows=[
            [
                cell(document, f"/service/{i}/at_s", lambda value: f"{value:.0f} s"),
                cell(document, f"/service/{i}/cpu", lambda value: f"{value:.2f}"),
                cell(document, f"/service/{i}/memory_mib", count),
            ]
            for i in _spread(len(service))
        ],
    )


def _nines(percent: float) -> float:
    """0 for none, 1 for 90 %, 2 for 99 %, and so on."""
    return -log10(max(1e-9, 1.0 - percent / 100.0))


def _width(document: Document) -> float:
    rows = document["intervals"]
    return float(rows[1]["at_s"] - rows[0]["at_s"]) if len(rows) > 1 else 1.0


def _spread(length: int) -> list[int]:
    """Row numbers, at most so many."""
    every = max(1, -(-length // _ROWS_MAX))
    return list(range(0, length, every))
