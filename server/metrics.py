"""`/metrics`: how the registers, their connectors and the server fare, in the text format of Prometheus.

https://prometheus.io/docs/instrumenting/exposition_formats/. No label has anything that a caller sent, nor any person.
The same from every worker. Alert rules that go by these names: `deploy/prometheus/alerts.yml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final, get_args

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from authority.codes import Outcome
from graph.errors import GraphError
from graph.ledger import Ledger
from graph.registers.condition import Condition
from graph.registers.health import Breaker
from graph.replica import Replica
from resolvers.office import Office
from resolvers.registers import RegisterState, registers
from server.tallies import SECONDS, Total
from server.watch import ServerWatch

PATH: Final = "/metrics"
_SECOND: Final = 1_000_000
_FACTS_MAX: Final = 100_000
_PEOPLE_MAX: Final = 5_000
_BOUNDS: Final = (*map(str, SECONDS), "+Inf")


def metrics_route(
    ledger: Callable[[], Ledger],
    watch: Callable[[], ServerWatch],
    clock: Callable[[], int],
    office: Callable[[], Office | None] = lambda: None,
) -> Route:
    """GET tells it. A ledger that does not answer is one of the things told."""

    async def endpoint(_: Request) -> Response:
        now, seen = clock(), watch()
        try:
            stated: Mapping[str, int] | None = await ledger().authorities_stated()
            found = await registers(ledger())
        except GraphError:
            stated, found = None, []
        families = [
            GaugeMetricFamily("machtigen_ledger_up", "1: the ledger answers.", float(stated is not None)),
            *_of_replica(ledger()),
            *_of_registers(found, stated or {}, seen, now),
            *_of_connectors(seen.conditions(now)),
            *await _of_contradictions(ledger(), seen, now),
            *_of_requests(seen.tallies.totals()),
            *_of_outbox(office()),
        ]
        return Response(_text(families), headers={"content-type": CONTENT_TYPE_LATEST})

    return Route(PATH, endpoint, methods=["GET"])


def _of_replica(ledger: Ledger) -> Iterator[Metric]:
    if isinstance(ledger, Replica):
        behind = ledger.behind()
        yield GaugeMetricFamily("machtigen_replica_behind_seconds", "How far the copy may be behind.", behind)


def _of_registers(
    found: Iterable[RegisterState], stated: Mapping[str, int], watch: ServerWatch, now: int
) -> Iterator[Metric]:
    heard = _gauge("register_heard_from_timestamp_seconds", "When it was last heard from.", "register")
    silence = _gauge("register_silence_seconds", "How long ago that is.", "register")
    longest = _gauge("register_max_silence_seconds", "How long it may be silent before it is stale.", "register")
    stale = _gauge("register_stale", "1: silent too long; what leans on it is INDETERMINATE.", "register")
    authorities = _gauge("register_authorities", "Authorities that hold by its word.", "register")
    named = _gauge("register_stale_decisions", "Decisions of the last 24 hours that named it stale.", "register")
    for register in found:
        own, labels = register.fact, [register.id]
        if own is not None and own.heard_from is not None:
            heard.add_metric(labels, own.heard_from / _SECOND)
            silence.add_metric(labels, max(now - own.heard_from, 0) / _SECOND)
        if own is not None and own.max_silence is not None:
            longest.add_metric(labels, own.max_silence / _SECOND)
        stale.add_metric(labels, float(register.stale_from is not None and register.stale_from <= now))
        authorities.add_metric(labels, stated.get(register.id, 0))
        named.add_metric(labels, watch.stale_decisions(register.id).count)
    yield from (heard, silence, longest, stale, authorities, named)


def _of_connectors(conditions: Sequence[Condition]) -> Iterator[Metric]:
    labels = ("connector", "register")
    success = _gauge("connector_last_success_timestamp_seconds", "When it last took a page in.", *labels)
    in_a_row = _gauge("connector_failures_in_a_row", "Failures since then.", *labels)
    failures = CounterMetricFamily("machtigen_connector_failures", "Failures ever.", labels=labels)
    breaker = _gauge("connector_breaker", "1: the circuit breaker is in this state.", *labels, "state")
    waiting = _gauge("connector_quarantine_waiting", "Rows that could not be understood and wait.", *labels)
    notices = _gauge("connector_notices", "Notices that no operator has looked at.", *labels)
    for each in conditions:
        own = [each.name, each.register]
        if each.last_heard is not None:
            success.add_metric(own, each.last_heard / _SECOND)
        in_a_row.add_metric(own, each.failures)
        failures.add_metric(own, each.failures_total)
        for state in get_args(Breaker):
            breaker.add_metric([*own, state], float(each.breaker == state))
        waiting.add_metric(own, each.quarantine)
        notices.add_metric(own, each.notices)
    yield from (success, in_a_row, failures, breaker, waiting, notices)


async def _of_contradictions(ledger: Ledger, watch: ServerWatch, now: int) -> Sequence[Metric]:
    """Brought up to now, as far as that takes no longer than a scrape may; nothing where the ledger does not answer."""
    try:
        reach = await watch.watchlist.follow(ledger, now, facts_max=_FACTS_MAX, people_max=_PEOPLE_MAX)
    except GraphError:
        return ()
    hold = _gauge("contradictions", "Contradictions between sources that hold now.")
    hold.add_metric([], watch.watchlist.count())
    unseen = _gauge("contradictions_unseen", "Notices of them that no operator has looked at.")
    unseen.add_metric([], watch.watchlist.unseen())
    behind = _gauge("contradictions_unread_facts", "Facts in which none was looked for yet.")
    behind.add_metric([], reach.behind)
    return hold, unseen, behind


def _of_requests(totals: Mapping[Total, float]) -> Iterator[Metric]:
    decisions = CounterMetricFamily("machtigen_decisions", "Decisions given.", labels=["outcome"])
    for outcome in get_args(Outcome):
        decisions.add_metric([outcome], totals.get(Total("decisions", outcome), 0))
    stale = CounterMetricFamily("machtigen_stale_decisions", "Decisions that named it stale.", labels=["register"])
    for name, register in sorted(totals):
        if name == "stale_decisions":
            stale.add_metric([register], totals[Total(name, register)])
    took = HistogramMetricFamily("machtigen_request_seconds", "How long requests took.", labels=["operation"])
    for name, operation in sorted(totals):
        if name == "requests_seconds":
            counts = (totals.get(Total(f"requests_{n}", operation), 0) for n in range(len(_BOUNDS)))
            took.add_metric(
                [operation], list(zip(_BOUNDS, accumulate(counts), strict=True)), totals[Total(name, operation)]
            )
    yield from (decisions, stale, took)


def _of_outbox(office: Office | None) -> Iterator[Metric]:
    if office is None:
        return
    messages = _gauge("outbox_messages", "Letters and e-mails; DEAD: an operator must look.", "state")
    try:
        for state, count in sorted(office.desk.outbox.counts().items()):
            messages.add_metric([state], count)
    except GraphError:
        return
    yield messages


def _gauge(name: str, about: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"machtigen_{name}", about, labels=labels)


def _text(families: Iterable[Metric]) -> bytes:
    class Found(Collector):
        def collect(self) -> Iterable[Metric]:
            return families

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Found())
    return generate_latest(registry)
