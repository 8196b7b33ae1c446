"""A mandate by each of its three channels, as people meet it: over HTTP, each with a token of their own, to a decision
at the hospital and the audit record that says who asked what, and on which ground. On both graphs.

Ria is 81 and not at home on the internet. Ingrid, her daughter, helps her. Zeeduin is her hospital.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph.opening import open_ledger
from server.audit.checking import check
from server.audit.reading import ANY, Record, Wanted, batched, records_in
from server.audit.replaying import replay
from tests.contracts.homes import EmbeddedHome, Home
from tests.desk_town import FACTS
from tests.neo4j_server import Neo4jHome
from tests.resolvers.small import fill
from tests.server.asking import served
from tests.tokens import header

HOSPITAL = header("PROVIDER", party="zee", purpose=None)
RIA = header("CITIZEN", sub="ria", acr="substantial", purpose=None)
INGRID = header("CITIZEN", sub="ingrid", acr="substantial", purpose=None)
OFFICIAL = header("COUNTER", sub="official-7", party="town", purpose=None)
AUDITOR = header("AUDITOR", sub="auditor-1", purpose="a complaint")
LETTER_SECONDS_MAX = 30


class Service:
    """The service as everybody reaches it, and the directory of its audit records."""

    def __init__(self, client: httpx.AsyncClient, directory: Path, graph: str) -> None:
        self.client, self.directory, self.graph = client, directory, graph
        self.traces = 0

    async def ask(self, who: dict[str, str], query: str, **variables: Any) -> tuple[dict[str, Any], str]:
        """The data, and the trace by which it is found again."""
        self.traces += 1
        trace = f"{self.traces:032x}"
        headers = {**who, "traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
        answer = await self.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        body = answer.json()
        assert "errors" not in body, body
        data: dict[str, Any] = body["data"]
        return data, trace

    async def do(self, who: dict[str, str], mutation: str) -> tuple[dict[str, Any], str]:
        """The payload of one mutation that succeeds."""
        data, trace = await self.ask(who, f"mutation {{ {mutation} }}")
        (payload,) = data.values()
        assert payload["userErrors"] == [], payload
        return payload, trace

    async def may_ingrid_see_the_record(self, known_from: str = "") -> tuple[str, str]:
        """What the hospital is answered. `known_from`: the token of what it must have heard of."""
        question = {"representative": "ingrid", "represented": "ria", "provider": "zee", "service": "zee/record"}
        data, trace = await self.ask(
            HOSPITAL,
            """query($q: Question!, $token: String) {
              decision(question: $q, atLeast: $token) { outcome reason grounds { id kind } statement } }""",
            q=question | {"assurance": "SUBSTANTIAL"},
            token=known_from or None,
        )
        found = data["decision"]
        return f"{found['outcome']} {found['reason']}", trace

    async def letter_to_ria(self) -> str:
        """The code in the newest letter; the outbox of a demo is a page."""
        until = time.monotonic() + LETTER_SECONDS_MAX
        while time.monotonic() < until:
            page = (await self.client.get("/dev/outbox")).text
            codes = re.findall(r"\b[A-Z0-9]{4}(?:-[A-Z0-9]{4})+\b", page)
            if codes:
                return str(codes[0])
            await asyncio.sleep(0.5)
        raise AssertionError("no letter came")

    def record(self, trace: str, event: str) -> Record:
        """The only one of this trace and event."""
        (found,) = (each for each in records_in(self.directory, Wanted(trace=trace)) if each.event_name == event)
        return found

    def decided(self, trace: str, said: str, ground: str | None) -> None:
        """The record of a decision says who asked, what was answered, and on which ground."""
        record = self.record(trace, "adl.access_evaluation")
        assert (record.caller("role"), record.caller("party")) == ("PROVIDER", "zee")
        assert (record.request["subject"]["id"], record.request["resource"]["id"]) == ("ingrid", "ria")
        assert f"{record.context['outcome']} {record.context['reason']}" == said
        assert record.context.get("grounds", []) == ([ground] if ground else [])

    def changed(self, trace: str, who: tuple[str, str], mutation: str, channel: str, evidence: str = "") -> Record:
        """The record of a change says who made it, by which channel, and what was seen."""
        record = self.record(trace, "machtigen.change")
        assert (record.caller("role"), record.caller("subject") or record.caller("party")) == who
        assert (record.change["mutation"], record.change.get("channel")) == (mutation, channel)
        assert record.change.get("evidence", "") == evidence
        return record


@pytest.fixture(params=["embedded", "neo4j"])
async def service(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Service]:
    """`machtigen serve --dev`, a process of its own, over the town."""
    home: Home = EmbeddedHome(tmp_path)
    variables = {"MACHTIGEN_CONNECTORS": str(tmp_path / "connectors.sqlite")}
    if request.param == "neo4j":
        server = request.getfixturevalue("neo4j_server")
        home = Neo4jHome(server)
        variables |= {"NEO4J_USERNAME": server.username, "NEO4J_PASSWORD": server.password}
    await fill(await home.empty(), FACTS)
    address = home.address
    await home.close()
    places = ("--audit", str(tmp_path / "audit"), "--replica", str(tmp_path / "replica"))
    async with AsyncExitStack() as stack:
        url, _ = stack.enter_context(served(address, "--dev", *places, **variables))
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=30))
        made = Service(client, tmp_path / "audit", address)
        yield made
        await soundly_recorded(made, variables)


async def soundly_recorded(service: Service, variables: dict[str, str]) -> None:
    """However it went: every record is as it was written, and every answer is the same when it is asked again."""
    checked = check(service.directory)
    assert (checked.problems, checked.records > 0) == ([], True)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        ledger = await open_ledger(service.graph, read_only=True)
    try:
        replayed = await replay(ledger, batched(records_in(service.directory, ANY), 100))
    finally:
        await ledger.close()
    assert replayed.differs == []
    assert replayed.same > 0


async def test_ria_asks_and_hands_the_code_over(service: Service) -> None:
    # before there is anything, the hospital is told that Ingrid has no ground, and that is on record
    said, trace = await service.may_ingrid_see_the_record()
    assert said == "DENY NO_GROUND"
    service.decided(trace, said, None)

    # Ria asks for a mandate, and gets a code on her screen
    asked, trace = await service.do(
        RIA, 'requestMandate(service: "zee/record") { request { id } activationCode userErrors { code } }'
    )
    service.changed(trace, ("CITIZEN", "ria"), "requestMandate", "ONLINE")
    assert (await service.may_ingrid_see_the_record())[0] == "DENY NO_GROUND", "a request is no mandate"

    # she tells it to Ingrid, who activates the mandate with it
    code = asked["activationCode"]
    given, trace = await service.do(
        INGRID,
        f'activateMandate(represented: "ria", code: "{code}") {{ asOf mandate {{ id status }} userErrors {{ code }} }}',
    )
    mandate = given["mandate"]["id"]
    change = service.changed(trace, ("CITIZEN", "ingrid"), "activateMandate", "ONLINE")
    assert f"authority/{mandate}" in change.change["facts"]
    assert code not in str(change), "a code is nobody's to read"

    # from that moment the hospital lets her in, and the record says on which ground
    said, trace = await service.may_ingrid_see_the_record(given["asOf"])
    assert said == "PERMIT VOLUNTARY_MANDATE"
    service.decided(trace, said, mandate)
    statement = service.record(trace, "machtigen.statement").body["machtigen.statement"]
    assert statement["aud"] == "zee"

    # Ingrid lays it down; at once it is over
    ended, trace = await service.do(
        INGRID, f'withdrawMandate(id: "{mandate}") {{ asOf mandate {{ status }} userErrors {{ code }} }}'
    )
    service.changed(trace, ("CITIZEN", "ingrid"), "withdrawMandate", "ONLINE")
    said, trace = await service.may_ingrid_see_the_record(ended["asOf"])
    assert said == "DENY WITHDRAWN"
    service.decided(trace, said, mandate)


async def test_ingrid_asks_and_ria_gets_the_code_by_letter(service: Service) -> None:
    # Ingrid asks; she gets no code, and is told nothing about Ria
    asked, trace = await service.do(
        INGRID,
        'requestMandate(service: "zee/record", represented: "ria") '
        "{ request { id } activationCode userErrors { code } }",
    )
    assert asked["activationCode"] is None
    service.changed(trace, ("CITIZEN", "ingrid"), "requestMandate", "LETTER")

    # the code comes to Ria's own address; she hands it to Ingrid
    code = await service.letter_to_ria()
    given, trace = await service.do(
        INGRID, f'activateMandate(represented: "ria", code: "{code}") {{ asOf mandate {{ id }} userErrors {{ code }} }}'
    )
    service.changed(trace, ("CITIZEN", "ingrid"), "activateMandate", "LETTER")
    said, trace = await service.may_ingrid_see_the_record(given["asOf"])
    assert said == "PERMIT VOLUNTARY_MANDATE"
    service.decided(trace, said, given["mandate"]["id"])

    # Ria changes her mind
    mandate = given["mandate"]["id"]
    ended, _ = await service.do(RIA, f'withdrawMandate(id: "{mandate}") {{ asOf userErrors {{ code }} }}')
    assert (await service.may_ingrid_see_the_record(ended["asOf"]))[0] == "DENY WITHDRAWN"


async def test_an_official_registers_it_at_the_counter(service: Service) -> None:
    # Ria comes to the town hall with her passport
    given, trace = await service.do(
        OFFICIAL,
        'registerMandateAtCounter(represented: "ria", representative: "ingrid", service: "zee/record", '
        "identityDocument: PASSPORT) { asOf mandate { id } userErrors { code } }",
    )
    service.changed(trace, ("COUNTER", "official-7"), "registerMandateAtCounter", "COUNTER", "PASSPORT")
    mandate = given["mandate"]["id"]
    said, trace = await service.may_ingrid_see_the_record(given["asOf"])
    assert said == "PERMIT VOLUNTARY_MANDATE"
    service.decided(trace, said, mandate)

    # a ruling against Ingrid reaches the hospital on paper, before any register has it
    placed, trace = await service.do(
        HOSPITAL,
        'placeBlock(represented: "ria", representative: "ingrid", reason: RULING, evidence: "C/10/712345") '
        "{ asOf block { id } userErrors { code } }",
    )
    service.changed(trace, ("PROVIDER", "zee"), "placeBlock", "PAPER", "C/10/712345")
    said, trace = await service.may_ingrid_see_the_record(placed["asOf"])
    assert said == "DENY BLOCKED"
    service.decided(trace, said, None)

    # an auditor finds all of it by Ria's id, and asks again what was known before the ruling
    found = [each.event_name for each in records_in(service.directory, Wanted(person="ria"))]
    assert found.count("adl.access_evaluation") == 2
    question = {"representative": "ingrid", "represented": "ria", "provider": "zee", "service": "zee/record"}
    data, trace = await service.ask(
        AUDITOR,
        "query($q: Question!, $t: String) { decision(question: $q, asOf: $t) { outcome grounds { id } } }",
        q=question | {"assurance": "SUBSTANTIAL"},
        t=given["asOf"],
    )
    assert data["decision"] == {"outcome": "PERMIT", "grounds": [{"id": mandate}]}
    looked = service.record(trace, "adl.access_evaluation")
    assert (looked.caller("role"), looked.attributes["machtigen.purpose"]) == ("AUDITOR", "a complaint")
