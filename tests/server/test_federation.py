"""A subgraph among others: composed without a hint, asked through a real gateway, its entities read together."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph.embedded import EmbeddedGraph
from tests.node_tools import node, node_running
from tests.schema.asking import data
from tests.server.asking import ROOT, SECONDS_MAX, served
from tests.server.test_running import small_world
from tests.tokens import header

SCHEMA = str(ROOT / "schema/schema.graphql")

# composition


@pytest.fixture(scope="module")
def composed() -> Any:
    return json.loads(node("federation", "compose.cjs", SCHEMA))


@pytest.mark.parametrize("by", ["apollo", "guild"])
def test_it_composes_without_an_error_or_a_hint(composed: Any, by: str) -> None:
    assert composed[by]["errors"] == []
    assert composed[by]["hints"] == []
    assert "enum ReasonCode" in composed[by]["supergraph"]


@pytest.mark.parametrize("by", ["apollo", "guild"])
def test_a_field_that_two_give_is_an_error(tmp_path: Path, by: str) -> None:
    sdl = Path(SCHEMA).read_text(encoding="utf-8")
    (tmp_path / "s.graphql").write_text(sdl.replace("type PageInfo @shareable", "type PageInfo"))
    (error, *_) = json.loads(node("federation", "compose.cjs", str(tmp_path / "s.graphql")))[by]["errors"]
    assert "PageInfo" in error


# through a gateway


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with (
        served(asyncio.run(small_world(tmp_path_factory.mktemp("federation") / "g"))) as (url, _),
        node_running("federation", "gateway.cjs", SCHEMA, f"{url}/graphql") as address,
    ):
        yield address


def ask(gateway: str, query: str, headers: dict[str, str] | None = None) -> Any:
    headers = header("EXPLORER") if headers is None else headers
    response = httpx.post(gateway, json={"query": query}, headers=headers, timeout=SECONDS_MAX)
    assert response.status_code == 200, response.text
    return response.json()


def test_a_query_that_crosses_all_three(gateway: str) -> None:
    answer = ask(
        gateway,
        """{ representedBy(representative: "mother", provider: "h1", service: "record", assurance: SUBSTANTIAL) {
               nodes { decision { outcome } person { id born appointments { at provider { live address } } } } } }""",
    )
    assert answer == {
        "data": {
            "representedBy": {
                "nodes": [
                    {
                        "decision": {"outcome": "PERMIT"},
                        "person": {
                            "id": name,
                            "born": born,
                            "appointments": [
                                {"at": at, "provider": {"live": True, "address": "Kade 1, Duinstad"}},
                            ],
                        },
                    }
                    for name, born, at in (
                        ("child", "2018-03-01", "2026-12-01T09:00:00Z"),
                        ("father", "1984-03-01", "2026-12-02T09:00:00Z"),
                    )
                ]
            }
        }
    }


def test_beginning_elsewhere(gateway: str) -> None:
    answer = ask(gateway, "{ appointments { patient { name } provider { sector } } directory { nodes { id live } } }")
    assert answer["data"]["appointments"][0] == {"patient": {"name": "Noor"}, "provider": {"sector": "HOSPITAL"}}
    assert answer["data"]["directory"] == {"nodes": [{"id": "h1", "live": True}, {"id": "t1", "live": True}]}


def test_errors_come_through_with_their_code(gateway: str) -> None:
    answer = ask(gateway, '{ history(authority: "a1", asOf: "nonsense") { asOf } }')
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == "BAD_TOKEN"


BORN = "{ appointments { patient { id born } } }"


def test_each_caller_sees_what_their_own_token_shows(gateway: str) -> None:
    all_born = {"child": "2018-03-01", "father": "1984-03-01", "mother": "1985-03-01", "client": "1950-05-05"}
    tokens = [header("EXPLORER"), header("CITIZEN", sub="mother"), header("CITIZEN", sub="father"), {}] * 3
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda token: ask(gateway, BORN, token), tokens))
    for token, answer, seen in zip(tokens, answers, (set(all_born), {"mother"}, {"father"}, set()) * 3, strict=True):
        patients = [each["patient"] for each in answer["data"]["appointments"]]
        assert {each["id"]: each["born"] for each in patients} == {
            name: born if name in seen else None for name, born in all_born.items()
        }
        codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
        assert codes == ({"UNAUTHENTICATED"} if not token else set() if len(seen) == 4 else {"FORBIDDEN"})


# entities


ENTITIES = """query($r: [_Any!]!) { _entities(representations: $r) { __typename
    ... on Person { id born name } ... on Provider { id sector live } ... on Service { id domain provider { name } }
    ... on Organisation { id kind } ... on Authority { id held: kind represented { born } register { serves } }
    ... on Register { id serves stale } } }"""


class Counted:
    """A ledger whose reads are counted by name."""

    def __init__(self, ledger: EmbeddedGraph) -> None:
        self._ledger = ledger
        self.reads: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._ledger, name)
        if not callable(found):
            return found

        def counted(*arguments: Any, **named: Any) -> Any:
            self.reads[name] += 1
            return found(*arguments, **named)

        return counted


@pytest.mark.parametrize(
    ("type_name", "ids", "reads"),
    [
        ("Person", ["child", "mother", "father", "client", "nobody"], {"find": 1}),
        ("Provider", ["h1", "t1", "nowhere"], {"find": 1}),
        ("Service", ["h1/record", "t1/return", "h1/none"], {"find": 2}),  # the services, then their providers
        ("Organisation", ["office", "none"], {"find": 1}),
        ("Authority", ["a1", "a2", "b1", "m1", "none"], {"find": 3}),  # then whom they are over, then their registers
        ("Register", ["BRP", "DIGID_MACHTIGEN", "CCBR", "none"], {"find": 1}),
    ],
)
async def test_many_entities_are_one_read(
    ledger: EmbeddedGraph, type_name: str, ids: list[str], reads: dict[str, int]
) -> None:
    def many(names: list[str]) -> list[dict[str, str]]:
        return [{"__typename": type_name, "id": name} for name in names]

    counted: Any = Counted(ledger)
    found = (await data(counted, ENTITIES, {"r": many(ids * 20)}))["_entities"]
    assert counted.reads == reads
    assert [each and each["id"] for each in found[: len(ids)]] == [
        name if name not in ("nowhere", "none", "h1/none") else None for name in ids
    ]
    one: Any = Counted(ledger)
    await data(one, ENTITIES, {"r": many(ids[:1])})
    assert one.reads == reads  # one costs as many


async def test_entities_of_all_types_together(ledger: EmbeddedGraph) -> None:
    counted: Any = Counted(ledger)
    asked = [
        ("Person", "child"),
        ("Provider", "h1"),
        ("Person", "mother"),
        ("Authority", "a1"),
        ("Service", "h1/record"),
    ]
    found = await data(counted, ENTITIES, {"r": [{"__typename": kind, "id": name} for kind, name in asked]})
    assert [(each["__typename"], each["id"]) for each in found["_entities"]] == asked
    assert sum(counted.reads.values()) <= 7
