"""Each record replays: the same question at the same ledger token has the same answer, whatever was learnt since."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authority.codes import ASSURANCE_RANK
from graph.embedded import EmbeddedGraph
from server.audit.checking import check
from server.audit.reading import ANY, batched, records_in
from server.audit.replaying import Replayed, replay
from tests.resolvers.small import FACTS, QUESTION, fill
from tests.server.asking import ask, in_process

ONE = "query($q: Question!, $l: String) { decision(question: $q, atLeast: $l) { outcome asOf } }"
MANY = "query($q: [Question!]!) { decisions(questions: $q) { outcome } }"
RECORD = "mutation($f: [JSON!]!) { recordFacts(facts: $f) { asOf userErrors { message } } }"
LISTS = """query($a: String) { representedBy(representative: "mother", provider: "h1", service: "record",
  assurance: SUBSTANTIAL, first: 1, after: $a) { pageInfo { endCursor hasNextPage } } }"""
HOLDERS = """{ representativesOf(represented: "client", provider: "t1", service: "return", assurance: HIGH, first: 1) {
  nodes { person { id } } pageInfo { endCursor } } }"""
PEOPLE = [fact["id"] for fact in FACTS if fact["fact"] == "person"]


@pytest.fixture
async def audited(ledger: EmbeddedGraph, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with in_process(ledger, audit=tmp_path / "audit") as made:
        yield made


async def replayed(ledger: EmbeddedGraph, directory: Path) -> Replayed:
    return await replay(ledger, batched(records_in(directory, ANY), 3))


async def test_every_sort_of_answer_is_the_same_again_after_the_world_has_changed(
    audited: httpx.AsyncClient, ledger: EmbeddedGraph, tmp_path: Path
) -> None:
    await ask(audited, ONE, {"q": QUESTION})
    await ask(audited, MANY, {"q": [QUESTION | {"representative": who} for who in PEOPLE]})
    through = QUESTION | {"representative": "clerk", "organisation": "office", "represented": "client"}
    await ask(
        audited, ONE, {"q": through | {"provider": "t1", "service": "return", "good": "house", "act": "DISPOSAL"}}
    )
    await ask(audited, ONE, {"q": QUESTION | {"representative": "x", "claim": "GUARDIANSHIP", "provider": "nowhere"}})
    page = (await ask(audited, LISTS))["representedBy"]["pageInfo"]
    assert page["hasNextPage"]
    await ask(audited, LISTS, {"a": page["endCursor"]})
    await ask(audited, HOLDERS)
    action = {"subject": {"type": "person", "id": "mother", "properties": {"assurance": "HIGH"}}}
    await audited.post("/access/v1/search/action", json=action | {"resource": {"type": "person", "id": "child"}})
    await ask(audited, ONE, {"q": QUESTION, "l": f"{(await ledger.head()).ledger}.999"})
    whatif = 'query($q: Question!) { whatIf(question: $q, remove: ["authority a1"]) { outcome } }'
    await ask(audited, whatif, {"q": QUESTION})
    blocked = [{"fact": "block", "id": "k1", "provider": "h1", "represented": "child", "reason": "SAFETY"}]
    ended = [fact | {"retracted": True} for fact in FACTS if fact["id"] in ("m1", "b1")]
    assert (await ask(audited, RECORD, {"f": blocked + ended}))["recordFacts"]["userErrors"] == []
    assert (await ask(audited, ONE, {"q": QUESTION}))["decision"]["outcome"] == "DENY"
    found = await replayed(ledger, tmp_path / "audit")
    assert found.differs == []
    assert found.same == 1 + len(PEOPLE) + 2 + 2 + 1 + 1 + 1
    assert found.not_replayed == {"hypothetical": 1, "the ledger was behind then": 1, "not a decision": 1}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    representative=st.sampled_from(PEOPLE),
    represented=st.sampled_from(PEOPLE),
    service=st.sampled_from(["h1/record", "t1/return"]),
    assurance=st.sampled_from(sorted(ASSURANCE_RANK)),
    at=st.sampled_from([None, "2020-06-01T00:00:00Z", "2031-01-01T00:00:00.000001Z"]),
    known_at=st.sampled_from([None, "2026-01-01T00:00:00Z"]),
    organisation=st.sampled_from([None, "office"]),
    act=st.sampled_from([None, "DISPOSAL", "PASSPORT"]),
)
async def test_any_question_replays(
    audited: httpx.AsyncClient, ledger: EmbeddedGraph, tmp_path: Path, service: str, **said: Any
) -> None:
    question = {"knownAt" if name == "known_at" else name: value for name, value in said.items()}
    await ask(audited, ONE, {"q": question | {"provider": service[:2], "service": service}})
    found = await replayed(ledger, tmp_path / "audit")
    assert found.differs == []
    assert (found.same > 0, found.not_replayed) == (True, {})


async def test_an_answer_that_was_never_given_is_found(
    audited: httpx.AsyncClient, ledger: EmbeddedGraph, tmp_path: Path
) -> None:
    """Somebody who can seal records anew still cannot make the ledger say otherwise."""
    await ask(audited, ONE, {"q": QUESTION})
    (path,) = (tmp_path / "audit").glob("2*.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"person","id":"mother"', b'"person","id":"client"'))
    (differs,) = (await replayed(ledger, tmp_path / "audit")).differs
    assert differs.place == f"{path.name}:1"
    assert (differs.then["context"]["outcome"], differs.now["context"]["reason"]) == ("PERMIT", "NO_GROUND")
    assert not differs.rules
    assert "then PERMIT PARENTAL_AUTHORITY, now DENY NO_GROUND" in str(differs)
    assert check(tmp_path / "audit").problems


async def test_of_another_graph_nothing_is_replayed(
    audited: httpx.AsyncClient, ledger: EmbeddedGraph, tmp_path: Path
) -> None:
    await ask(audited, ONE, {"q": QUESTION})
    other = EmbeddedGraph.open(str(tmp_path / "other"))
    await fill(other)
    found = await replayed(other, tmp_path / "audit")
    await other.close()
    assert (found.same, found.differs, found.not_replayed) == (0, [], {"of another ledger": 1})


async def test_rules_that_changed_are_said_beside_the_difference(
    audited: httpx.AsyncClient, ledger: EmbeddedGraph, tmp_path: Path
) -> None:
    await ask(audited, ONE, {"q": QUESTION})
    (path,) = (tmp_path / "audit").glob("2*.jsonl")
    header, record = path.read_text(encoding="utf-8").splitlines()
    spoilt = json.loads(record)
    spoilt["attributes"]["adl.core.policies"]["authority"] = "0" * 40
    spoilt["body"]["adl.core.response"]["context"]["reason"] = "SELF"
    path.write_text(f"{header}\n{json.dumps(spoilt)}\n", encoding="utf-8")
    (differs,) = (await replayed(ledger, tmp_path / "audit")).differs
    assert differs.rules
    assert str(differs).endswith("; the rules have changed since")
