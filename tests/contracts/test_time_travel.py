"""`at`, `knownAt` and `asOf` on every query, and all the way down: the same on every graph."""

from __future__ import annotations

from typing import Any

import pytest

from graph.ledger import Ledger, Token
from resolvers.nodes import node_id
from schema.api import api_schema
from tests.resolvers.small import QUESTION, fill
from tests.schema.asking import data, error

EARLIER: list[dict[str, Any]] = [
    {"fact": "provider", "id": "h1", "sector": "HOSPITAL", "status": "LIVE", "live_from": "2026-06-01"},
    {"fact": "service", "id": "h1/record", "provider": "h1", "domain": "CARE_RECORD", "minimum_assurance": "LOW"},
    {"fact": "person", "id": "child", "born": "2018-03-01", "name": "Noor"},
    {"fact": "person", "id": "mother", "born": "1985-03-01"},
    {"fact": "organisation", "id": "office", "kind": "OTHER"},
    {"fact": "authority", "id": "a", "kind": "PARENTAL_SOLE", "representative": "mother", "represented": "child"}
    | {"valid_from": "2026-02-01", "valid_until": "2036-03-01"},
    {"fact": "register", "id": "BRP", "heard_from": "2026-11-01T00:00:00Z", "max_silence": "P7D"},
]
LATER: list[dict[str, Any]] = [
    {"fact": "provider", "id": "h1", "sector": "GP", "status": "SUSPENDED"},
    {"fact": "service", "id": "h1/record", "provider": "h1", "domain": "TAX", "minimum_assurance": "HIGH"},
    {"fact": "person", "id": "child", "born": "2018-03-01", "died": "2026-10-01"},
    {"fact": "organisation", "id": "office", "kind": "OTHER", "name": "Renamed"},
    {"fact": "authority", "id": "a", "kind": "PARENTAL_SOLE", "representative": "office", "represented": "child"}
    | {"status": "ENDED", "valid_from": "2026-02-01", "under_investigation": True},
    {"fact": "register", "id": "BRP", "heard_from": "2026-11-23T00:00:00Z", "max_silence": "P7D", "name": "Renamed"},
]
THEN, KNOWN, SINCE = "2026-11-05T00:00:00Z", "2026-11-06T00:00:00Z", "2026-11-10T00:00:00Z"

NESTED = """kind inForce status represented { id name died } register { name stale heardFrom }
  representative { __typename ... on Person { born } ... on Organisation { name } }"""
PROVIDER = "sector live status services { domain minimumAssurance provider { sector live } }"
QUERY = f"""query($at: DateTime, $k: DateTime, $o: String, $h: ID!, $a: ID!, $s: ID!, $c: ID!, $r: ID!) {{
  authority(id: "a", at: $at, knownAt: $k, asOf: $o) {{ {NESTED} }}
  person(id: "child", knownAt: $k, asOf: $o) {{ name died }}
  provider(id: "h1", at: $at, knownAt: $k, asOf: $o) {{ {PROVIDER} }}
  providers(at: $at, knownAt: $k, asOf: $o) {{ nodes {{ {PROVIDER} }} edges {{ node {{ live }} }} }}
  service(id: "h1/record", at: $at, knownAt: $k, asOf: $o) {{ domain provider {{ {PROVIDER} }} }}
  registers(at: $at, knownAt: $k, asOf: $o) {{ id name stale heardFrom }}
  h: node(id: $h, at: $at, knownAt: $k, asOf: $o) {{ ... on Provider {{ {PROVIDER} }} }}
  a: node(id: $a, at: $at, knownAt: $k, asOf: $o) {{ ... on Authority {{ {NESTED} }} }}
  s: node(id: $s, at: $at, knownAt: $k, asOf: $o) {{ ... on Service {{ domain provider {{ {PROVIDER} }} }} }}
  c: node(id: $c, at: $at, knownAt: $k, asOf: $o) {{ ... on Person {{ name died }} }}
  r: node(id: $r, at: $at, knownAt: $k, asOf: $o) {{ ... on Register {{ name stale heardFrom }} }}
}}"""
IDS = {
    "h": node_id("Provider", "h1"),
    "a": node_id("Authority", "a"),
    "s": node_id("Service", "h1/record"),
    "c": node_id("Person", "child"),
    "r": node_id("Register", "BRP"),
}


LISTS_OF_NOW = ("contradictions", "myMandates", "myMandateRequests")


async def _learnt(ledger: Ledger) -> str:
    """The token of the position before LATER was learnt."""
    await fill(ledger, [fact | {"recorded_at": THEN} for fact in EARLIER])
    before = str(await ledger.head())
    await fill(ledger, [fact | {"recorded_at": SINCE} for fact in LATER])
    return before


def test_every_query_about_facts_can_travel() -> None:
    """In its arguments, or in the question that it takes."""
    for name, field in api_schema._schema.query_type.fields.items():  # type: ignore[union-attr]
        if name.startswith("_") or name in ("whatIf", "playground", *LISTS_OF_NOW):
            continue  # the federation's own; what is supposed of now; no facts of the graph; what is to be done now
        asked = {"question", "questions"} & field.args.keys()
        needed = {"asOf"} if asked else {"asOf", "knownAt"}
        assert needed <= field.args.keys(), name
        assert asked or name in ("person", "graph", "search") or "at" in field.args, (
            name
        )  # nothing there rests on the hour


async def test_what_was_known_then_is_answered_as_if_nothing_had_come_since(ledger: Ledger) -> None:
    """By position and by `knownAt`, every field of every answer is the same as before LATER was learnt."""
    await fill(ledger, [fact | {"recorded_at": THEN} for fact in EARLIER])
    before = str(await ledger.head())
    whenever = [{"at": "2026-01-15T00:00:00Z"}, {"at": "2026-07-01T00:00:00Z"}, {"at": "2040-01-01T00:00:00Z"}]
    at_position = [await data(ledger, QUERY, IDS | at) for at in (*whenever, {})]
    by_register = [await data(ledger, QUERY, IDS | at | {"k": KNOWN}) for at in (*whenever, {})]
    await fill(ledger, [fact | {"recorded_at": SINCE} for fact in LATER])
    assert [await data(ledger, QUERY, IDS | at | {"o": before}) for at in (*whenever, {})] == at_position
    assert [await data(ledger, QUERY, IDS | at | {"k": KNOWN}) for at in (*whenever, {})] == by_register
    assert [await data(ledger, QUERY, IDS | at | {"k": KNOWN, "o": before}) for at in (*whenever, {})] == by_register
    after = [await data(ledger, QUERY, IDS | at) for at in (*whenever, {})]
    for changed, unchanged in zip(after, at_position, strict=True):
        assert not [name for name in changed if changed[name] == unchanged[name]]


async def test_what_the_hour_changes(ledger: Ledger) -> None:
    before = await _learnt(ledger)

    async def seen(at: str | None, known_at: str | None) -> tuple[bool, bool, bool, bool]:
        found = await data(ledger, QUERY, IDS | {"at": at, "k": known_at, "o": before})
        [stale] = [each["stale"] for each in found["registers"] if each["id"] == "BRP"]
        assert stale == found["authority"]["register"]["stale"] == found["r"]["stale"]
        live = found["provider"]["live"]
        assert live == found["service"]["provider"]["services"][0]["provider"]["live"] == found["h"]["live"]
        return found["authority"]["inForce"], live, stale, found["provider"]["sector"] == "HOSPITAL"

    assert await seen("2026-01-31T22:59:59.999999Z", None) == (False, False, False, True)
    assert await seen("2026-01-31T23:00:00Z", None) == (True, False, False, True)
    assert await seen("2026-05-31T22:00:00Z", None) == (True, True, False, True)
    assert await seen("2026-11-08T00:00:00Z", None) == (True, True, True, True)
    assert await seen("2036-02-29T23:00:00Z", None) == (False, True, True, True)
    # a register's silence by what is known, not by when it is to be done (facts.md chapter 2)
    assert await seen("2036-02-29T23:00:00Z", KNOWN) == (False, True, False, True)
    assert await seen(None, None) == (True, True, True, True), "now"


async def test_what_a_decision_leads_to_is_seen_at_its_own_hour(ledger: Ledger) -> None:
    before = await _learnt(ledger)
    query = f"""query($q: Question!, $o: String) {{ decision(question: $q, asOf: $o) {{
      outcome staleRegisters grounds {{ {NESTED} }} }} }}"""
    asked = QUESTION | {"at": "2026-07-01T00:00:00Z"}
    found = (await data(ledger, query, {"q": asked, "o": before}))["decision"]
    assert (found["outcome"], found["staleRegisters"]) == ("PERMIT", [])
    [ground] = found["grounds"]
    assert (ground["inForce"], ground["register"]["stale"]) == (True, False)
    assert ground["represented"] == {"id": "child", "name": "Noor", "died": None}
    now = (await data(ledger, query, {"q": QUESTION, "o": before}))["decision"]
    assert (now["staleRegisters"], now["grounds"][0]["register"]["stale"]) == (["BRP"], True)


async def test_history_is_complete_and_says_what_changed(ledger: Ledger) -> None:
    before = await _learnt(ledger)
    late = EARLIER[5] | {"recorded_at": "2026-11-01T00:00:00Z", "exercise": "JOINT"}
    await fill(ledger, [late])  # the register knew it first, and the ledger learns it last
    back = LATER[4] | {"recorded_at": "2026-11-20T00:00:00Z", "retracted": True}
    await fill(ledger, [back])
    query = """query($at: DateTime, $k: DateTime, $o: String) {
      history(authority: "a", at: $at, knownAt: $k, asOf: $o) {
      asOf changed holds authority { recordedAt inForce represented { died } } } }"""
    ledger_id = (await ledger.head()).ledger
    whole = (await data(ledger, query))["history"]
    assert [Token.parse(version["asOf"]) for version in whole] == [Token(ledger_id, n) for n in (6, 12, 14, 15)]
    assert [(v["authority"]["recordedAt"][:10], v["holds"], v["changed"]) for v in whole] == [
        ("2026-11-05", False, []),
        ("2026-11-10", False, ["underInvestigation", "representative", "status", "validUntil"]),
        ("2026-11-01", False, ["underInvestigation", "representative", "exercise", "status", "validUntil"]),
        ("2026-11-20", True, ["retracted", "underInvestigation", "representative", "exercise", "status", "validUntil"]),
    ]
    assert [version["authority"]["represented"]["died"] for version in whole] == [None] + ["2026-09-30T22:00:00Z"] * 3
    assert [version["authority"]["inForce"] for version in whole] == [True, False, True, False]
    early = (await data(ledger, query, {"at": "2026-01-15T00:00:00Z"}))["history"]
    assert [version["authority"]["inForce"] for version in early] == [False] * 4
    known = (await data(ledger, query, {"k": KNOWN}))["history"]
    assert [(v["authority"]["recordedAt"][:10], v["holds"]) for v in known] == [
        ("2026-11-05", True),
        ("2026-11-01", False),
    ]
    assert [v["asOf"] for v in (await data(ledger, query, {"o": before}))["history"]] == [f"{ledger_id}.6"]


@pytest.mark.parametrize("field", ["at", "knownAt"])
async def test_what_is_no_instant_is_named(ledger: Ledger, field: str) -> None:
    query = f'query($i: DateTime) {{ authority(id: "a", {field}: $i) {{ id }} }}'
    wrong = await error(ledger, query, {"i": "yesterday"})
    assert wrong["extensions"]["field"] == field
