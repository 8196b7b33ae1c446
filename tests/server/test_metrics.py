"""`/metrics`, and the alert rules that go by it."""

from __future__ import annotations

import operator
import re
from typing import Any

import httpx
import yaml
from prometheus_client.parser import text_string_to_metric_families as parsed

from authority.facts import Register
from graph.embedded import EmbeddedGraph
from tests.resolvers.small import NOW, QUESTION
from tests.server.asking import ROOT, ask, in_process

PAGE = (ROOT / "docs/registers.md").read_text(encoding="utf-8")
RULES = ROOT / "deploy/prometheus/alerts.yml"
DECISION = "query Named($question: Question!) { decision(question: $question) { outcome } }"
REGISTERS = """{ registers { id heardFrom silence maxSilence delay stale authorityCount completeFor
  staleDecisions { count since } connectors { name } } }"""
HOUR = 3_600_000_000
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


async def told(client: httpx.AsyncClient) -> Samples:
    response = await client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    return samples(response.text)


def samples(text: str) -> Samples:
    return {(s.name, frozenset(s.labels.items())): s.value for family in parsed(text) for s in family.samples}


def at(found: Samples, metric: str, **labels: str) -> float | None:
    return found.get((f"machtigen_{metric}", frozenset(labels.items())))


async def test_decisions_and_requests_are_counted_through_every_door(client: httpx.AsyncClient) -> None:
    await ask(client, DECISION, {"question": QUESTION})
    await ask(client, "query($q: [Question!]!) { decisions(questions: $q) { outcome } }", {"q": [QUESTION] * 3})
    await ask(client, "{ a: providers { nodes { id } } b: registers { id } }")
    evaluation = {
        "subject": {"type": "person", "id": "mother", "properties": {"assurance": "SUBSTANTIAL"}},
        "action": {"name": "h1/record"},
        "resource": {"type": "person", "id": "child"},
    }
    answered = await client.post("/access/v1/evaluation", json=evaluation)
    assert answered.json()["decision"] is True
    await client.post("/graphql", json={"query": "{ mother_and_child }"})
    await client.get("/mother/child")
    found = await told(client)
    assert at(found, "decisions_total", outcome="PERMIT") == 5
    assert at(found, "decisions_total", outcome="DENY") == 0
    expected = {"decision", "decisions", "several", "/access/v1/evaluation", "refused", "other"}
    for operation in expected:
        assert at(found, "request_seconds_count", operation=operation) == 1, operation
        assert at(found, "request_seconds_bucket", operation=operation, le="+Inf") == 1
    assert {dict(labels).get("operation") for _, labels in found} == expected | {None}
    assert "mother" not in str(found)


async def test_a_register_that_falls_silent(ledger: EmbeddedGraph) -> None:
    """Told in /metrics, by an alert that fires, by `registers`, and in the count of decisions that named it."""
    await ledger.append(
        [Register(id="BRP", register="BRP", heard_from=NOW - 2 * HOUR, max_silence=3 * HOUR, delay=92 * 24 * HOUR)]
    )
    async with in_process(ledger) as client:
        found = await told(client)
        assert at(found, "register_silence_seconds", register="BRP") == 7_200
        assert at(found, "register_max_silence_seconds", register="BRP") == 10_800
        assert at(found, "register_heard_from_timestamp_seconds", register="BRP") == (NOW - 2 * HOUR) / 1e6
        assert at(found, "register_authorities", register="BRP") == 2
        assert at(found, "register_authorities", register="CCBR") == 1
        assert at(found, "register_silence_seconds", register="CCBR") is None
        assert fires("RegisterStale", found) == []
    later = NOW + HOUR
    async with in_process(ledger, clock=lambda: later) as client:
        assert (await ask(client, DECISION, {"question": QUESTION}))["decision"]["outcome"] == "INDETERMINATE"
        found = await told(client)
        assert at(found, "stale_decisions_total", register="BRP") == 1
        assert at(found, "register_stale_decisions", register="BRP") == 1
        assert fires("RegisterStale", found) == [{"register": "BRP"}]
        brp = next(each for each in (await ask(client, REGISTERS))["registers"] if each["id"] == "BRP")
    assert brp.pop("staleDecisions")["count"] == 1
    assert brp == {
        "id": "BRP",
        "heardFrom": "2026-11-24T10:00:00Z",
        "silence": "PT3H",
        "maxSilence": "PT3H",
        "delay": "P92D",
        "stale": True,
        "authorityCount": 2,
        "completeFor": [
            "person",
            "PARENTAL_SOLE",
            "PARENTAL_JOINT",
            "SHARED_AUTHORITY",
            "NO_AUTHORITY",
            "UNDETERMINED",
        ],
        "connectors": [],
    }


async def test_the_page_names_what_is_there(client: httpx.AsyncClient) -> None:
    operations = re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL)
    first, second = (each for each in operations if not each.startswith("mutation"))
    assert (await ask(client, first))["registers"]
    assert (await ask(client, second))["contradictions"]["complete"]
    (table,) = re.findall(r"\| metric .*?\n\n", PAGE, re.DOTALL)
    rows = [line.split("|")[1] for line in table.splitlines()[2:] if line]
    named = {f"machtigen_{name}".removesuffix("_total") for row in rows for name in re.findall(r"`([a-z]\w+)`", row)}
    text = (await client.get("/metrics")).text
    families = {family.name for family in parsed(text)}
    assert named == families


async def test_a_ledger_that_does_not_answer_is_told(ledger: EmbeddedGraph) -> None:
    async with in_process(ledger) as client:
        assert at(await told(client), "ledger_up") == 1
        await ledger.close()
        found = await told(client)
    assert at(found, "ledger_up") == 0
    assert fires("LedgerDown", found) == [{}]


# the rules


def rules() -> dict[str, dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    found = [rule for group in groups for rule in group["rules"]]
    assert len({rule["alert"] for rule in found}) == len(found)
    return {rule["alert"]: rule for rule in found}


COMPARES = {"==": operator.eq, ">": operator.gt}


def fires(alert: str, found: Samples) -> list[dict[str, str]]:
    """For which labels a rule of the plainest form, one metric compared with a number, is true."""
    plain = re.fullmatch(r'(\w+)(?:\{(\w+)="(\w+)"\})? (==|>) ([\d.]+)', rules()[alert]["expr"])
    assert plain is not None, alert
    name, label, value, compare, number = plain.groups()
    return [
        dict(labels)
        for (metric, labels), sample in found.items()
        if metric == name and (label is None or (label, value) in labels) and COMPARES[compare](sample, float(number))
    ]


def test_every_rule_is_complete() -> None:
    for alert, rule in rules().items():
        assert rule["labels"]["severity"] in {"info", "warning", "critical"}, alert
        assert rule["annotations"]["summary"], alert
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}


def metrics_named() -> set[str]:
    return {name for rule in rules().values() for name in re.findall(r"machtigen_\w+", rule["expr"])}
