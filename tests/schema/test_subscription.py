"""What the three subscriptions tell, and of whom they tell nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

from authority.moments import instant_text
from graph.embedded import EmbeddedGraph
from resolvers.caller import WITHIN
from resolvers.live import Live
from schema.context import Context
from schema.execution import GraphQLRequest, GraphQLResponse, execute, stream
from tests.resolvers.small import NOW, QUESTION, fill

AUTHORITY = """subscription($representative: ID, $represented: ID, $after: String) {
  authorityChanged(representative: $representative, represented: $represented, after: $after) {
    id changed asOf authority { status representative { ... on Person { id } } represented { id } } } }"""
PROVIDER = """subscription($id: ID, $after: String) { providerChanged(id: $id, after: $after) {
    id serviceId changed asOf provider { status name } service { id name } } }"""
DECISION = """subscription($question: Question!, $after: String) { decisionChanged(question: $question, after: $after) {
    cause resume decision { outcome reason asOf grounds { id status } } } }"""
MANDATE: dict[str, Any] = {
    "fact": "authority",
    "id": "m1",
    "kind": "VOLUNTARY_MANDATE",
    "representative": "mother",
    "represented": "father",
    "services": ["h1/record"],
    "valid_from": "2020-01-01",
}


class Asker:
    def __init__(self, ledger: EmbeddedGraph) -> None:
        self.live = Live(ledger, lambda: NOW)
        self._ledger = ledger

    def context(self) -> Context:
        return Context(self._ledger, caller=WITHIN, clock=lambda: NOW, live=self.live)

    def __call__(self, query: str, **variables: Any) -> AsyncGenerator[GraphQLResponse, None]:
        return stream(GraphQLRequest(query, variables), self.context())

    async def record(self, *facts: dict[str, Any], at: int = NOW) -> str:
        await fill(self._ledger, facts, recorded_at=at)
        self.live.wake()
        return str(await self._ledger.head())


@asynccontextmanager
async def asking(ledger: EmbeddedGraph) -> AsyncIterator[Asker]:
    asker = Asker(ledger)
    yield asker
    await asyncio.sleep(0)
    assert asker.live.waiting == 0


async def told(responses: AsyncGenerator[GraphQLResponse, None], field: str) -> Any:
    async with asyncio.timeout(10):
        response = await anext(responses)
    assert "errors" not in response.body, response.body
    return response.body["data"][field]


async def code(responses: AsyncGenerator[GraphQLResponse, None]) -> str:
    """Of the only error of a stream that is over with it."""
    async with asyncio.timeout(10):
        (only,) = [response async for response in responses]
    (error,) = only.body["errors"]
    assert only.refused == error["extensions"]["code"]
    return str(error["extensions"]["code"])


async def test_an_authority_is_withdrawn_moved_and_taken_back(ledger: EmbeddedGraph) -> None:
    start = str(await ledger.head())
    async with asking(ledger) as ask, aclosing(ask(AUTHORITY, represented="father", after=start)) as changes:
        as_of = await ask.record({**MANDATE, "status": "WITHDRAWN"})
        people = {"representative": {"id": "mother"}, "represented": {"id": "father"}}
        assert await told(changes, "authorityChanged") == {
            "id": "m1",
            "changed": ["status"],
            "asOf": as_of,
            "authority": {"status": "WITHDRAWN", **people},
        }
        await ask.record({**MANDATE, "status": "WITHDRAWN"}, at=NOW + 1)  # the register says it once more
        await ask.record({"fact": "person", "id": "father", "born": "1984-03-02"})  # nothing of an authority
        as_of = await ask.record({**MANDATE, "represented": "client"}, at=NOW + 2)
        gone: dict[str, Any] = {"id": "m1", "changed": [], "asOf": as_of, "authority": None}
        assert await told(changes, "authorityChanged") == gone
        await ask.record({**MANDATE, "represented": "client", "status": "ENDED"}, at=NOW + 3)
        as_of = await ask.record(MANDATE, at=NOW + 4)
        back = {"id": "m1", "changed": [], "asOf": as_of, "authority": {"status": "ACTIVE", **people}}
        assert await told(changes, "authorityChanged") == back
        as_of = await ask.record({**MANDATE, "retracted": True}, at=NOW + 5)
        assert await told(changes, "authorityChanged") == {**gone, "asOf": as_of}


async def test_a_version_that_a_later_one_overtook_is_no_change(ledger: EmbeddedGraph) -> None:
    start = str(await ledger.head())
    async with asking(ledger) as ask, aclosing(ask(AUTHORITY, representative="mother", after=start)) as changes:
        await ask.record({**MANDATE, "status": "WITHDRAWN"}, at=NOW)
        late = {**MANDATE, "status": "REQUESTED", "recorded_at": instant_text(NOW - 1)}
        await ask.record(late)
        last = await ask.record({**MANDATE, "status": "ENDED"}, at=NOW + 1)
        assert (await told(changes, "authorityChanged"))["authority"]["status"] == "WITHDRAWN"
        change = await told(changes, "authorityChanged")
        assert (change["authority"]["status"], change["asOf"]) == ("ENDED", last)


async def test_both_sides_of_an_authority(ledger: EmbeddedGraph) -> None:
    start = str(await ledger.head())
    sides = {"representative": "mother", "represented": "father"}
    async with asking(ledger) as ask, aclosing(ask(AUTHORITY, **sides, after=start)) as changes:
        other = {**MANDATE, "id": "m2", "representative": "client"}
        await ask.record(other, {**MANDATE, "id": "m3", "represented": "client"}, {**MANDATE, "status": "ENDED"})
        assert (await told(changes, "authorityChanged"))["id"] == "m1"


async def test_a_provider_and_its_services(ledger: EmbeddedGraph) -> None:
    provider = {"fact": "provider", "id": "h1", "sector": "HOSPITAL", "status": "LIVE", "live_from": "2020-09-01"}
    service = {
        "fact": "service",
        "id": "h1/record",
        "provider": "h1",
        "domain": "CARE_RECORD",
        "minimum_assurance": "SUBSTANTIAL",
        "name": "Record",
    }
    start = str(await ledger.head())
    async with asking(ledger) as ask:
        one, every = ask(PROVIDER, id="h1", after=start), ask(PROVIDER, after=start)
        async with aclosing(one), aclosing(every):
            await ask.record({"fact": "provider", "id": "t1", "sector": "TAX", "status": "SUSPENDED"})
            suspended = await ask.record({**provider, "status": "SUSPENDED"})
            named = await ask.record(service)
            assert await told(one, "providerChanged") == {
                "id": "h1",
                "serviceId": None,
                "changed": ["status"],
                "asOf": suspended,
                "provider": {"status": "SUSPENDED", "name": None},
                "service": None,
            }
            second = await told(one, "providerChanged")
            assert second == {
                "id": "h1",
                "serviceId": "h1/record",
                "changed": ["name"],
                "asOf": named,
                "provider": {"status": "SUSPENDED", "name": None},
                "service": {"id": "h1/record", "name": "Record"},
            }
            assert [(await told(every, "providerChanged"))["id"] for _ in range(3)] == ["t1", "h1", "h1"]
            await ask.record({**service, "retracted": True}, at=NOW + 1)
            assert (await told(one, "providerChanged"))["service"] is None


async def test_a_decision_with_what_hangs_on_it(ledger: EmbeddedGraph) -> None:
    question = {**QUESTION, "represented": "father"}
    async with asking(ledger) as ask:
        async with aclosing(ask(DECISION, question=question)) as decisions:
            first = await told(decisions, "decisionChanged")
            assert first["cause"] == "START"
            assert first["decision"]["grounds"] == [{"id": "m1", "status": "ACTIVE"}]
            await ask.record({**MANDATE, "status": "WITHDRAWN"})
            second = await told(decisions, "decisionChanged")
            assert (second["cause"], second["decision"]["reason"]) == ("FACT", "WITHDRAWN")
            assert second["decision"]["grounds"] == [{"id": "m1", "status": "WITHDRAWN"}]
        await ask.record(MANDATE, at=NOW + 1)
        async with aclosing(ask(DECISION, question=question, after=second["resume"])) as decisions:
            third = await told(decisions, "decisionChanged")
            assert (third["cause"], third["decision"]["outcome"]) == ("FACT", "PERMIT")
        async with aclosing(ask(DECISION, question=question, after=third["decision"]["asOf"])) as decisions:
            assert (await told(decisions, "decisionChanged"))["cause"] == "START"


async def test_what_is_wrong_is_told_once(ledger: EmbeddedGraph) -> None:
    head = await ledger.head()
    async with asking(ledger) as ask:
        assert await code(ask(AUTHORITY)) == "BAD_INPUT"
        assert await code(ask(AUTHORITY, represented="bsn:123456789")) == "BSN_NOT_CONFIGURED"
        assert await code(ask(AUTHORITY, represented="child", after="x")) == "BAD_TOKEN"
        assert await code(ask(PROVIDER, after=f"{head.ledger}.{head.position + 1}")) == "LEDGER_BEHIND"
        assert await code(ask(DECISION, question={**QUESTION, "service": ""})) == "BAD_INPUT"
        assert await code(ask(DECISION, question=QUESTION, after=f"{head}@soon")) == "BAD_TOKEN"
        assert await code(ask(DECISION, question=QUESTION, after=f"{head}@{10**18}")) == "BAD_TOKEN"
        assert await code(ask("subscription { nothing }")) == "GRAPHQL_VALIDATION_FAILED"
        assert await code(ask("subscription {")) == "GRAPHQL_PARSE_FAILED"


async def test_a_subscription_is_no_query_and_a_query_may_be_streamed(ledger: EmbeddedGraph) -> None:
    async with asking(ledger) as ask:
        refused = await execute(GraphQLRequest(DECISION, {"question": QUESTION}), ask.context())
        assert refused.refused == "OPERATION_NOT_ALLOWED"
        assert "text/event-stream" in refused.body["errors"][0]["message"]
        responses = [each async for each in ask("{ providers { nodes { id } } }")]
        assert [each.body for each in responses] == [{"data": {"providers": {"nodes": [{"id": "h1"}, {"id": "t1"}]}}}]
