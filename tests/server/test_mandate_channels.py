"""Three people get a mandate, each in their own way: over HTTP with tokens, to a decision and its audit record."""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contracts.homes import Home
from tests.desk_town import FACTS
from tests.resolvers.small import fill
from tests.server.asking import served
from tests.server.cli.commands import machtigen
from tests.server.test_cases import credentials

SECONDS_MAX = 10
DECISION = """query($representative: ID!, $after: String) { decision(atLeast: $after, question: {
  representative: $representative, represented: "ria", provider: "zee", service: "record", assurance: SUBSTANTIAL
}) { outcome reason } }"""


class Service:
    """A running one, its graph and its audit."""

    def __init__(self, client: httpx.AsyncClient, audit: str) -> None:
        self.client, self.audit = client, audit

    async def as_(self, role: str, sub: str = "", party: str = "") -> Caller:
        asked = {"role": role, "sub": sub, "party": party}
        answer = await self.client.get("/dev/token", params={name: said for name, said in asked.items() if said})
        return Caller(self.client, answer.json()["access_token"])

    async def letter_with_code(self) -> str:
        """The newest, as the represented reads it; the desk sends within a second."""
        until = time.monotonic() + SECONDS_MAX
        while time.monotonic() < until:
            page = (await self.client.get("/dev/outbox")).text
            if found := re.search(r"Uw code is <code>([0-9A-Z-]{14})</code>", page):
                return found[1]
        raise AssertionError("no letter came")

    def recorded(self, event: str) -> list[dict[str, Any]]:
        told = machtigen("audit", "search", "--audit", self.audit, "--json")
        assert told.status == 0, told
        found = [json.loads(line) for line in told.out.splitlines()]
        return [each for each in found if each["event_name"] == event]


class Caller:
    """Somebody with a token."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self._client, self._headers = client, {"authorization": f"Bearer {token}"}

    async def ask(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        body = {"query": query, "variables": variables}
        answer = (await self._client.post("/graphql", json=body, headers=self._headers)).json()
        assert "errors" not in answer, answer
        (data,) = answer["data"].values()
        return data

    async def do(self, mutation: str, gives: str) -> Any:
        done = await self.ask(f"mutation {{ {mutation} {{ asOf {gives} userErrors {{ code message }} }} }}")
        assert done["userErrors"] == [], done
        return done


@pytest.fixture
async def service(home: Home, tmp_path: Path) -> Any:
    ledger = await home.empty()
    await fill(ledger, FACTS)
    if hasattr(home, "_open"):
        await home.close()
    address, audit = home.address, str(tmp_path / "audit")

    @asynccontextmanager
    async def running() -> AsyncIterator[Service]:
        variables = {"MACHTIGEN_DESK": str(tmp_path / "desk.sqlite"), "MACHTIGEN_DEV_KEY": str(tmp_path / "dev.json")}
        options = ["--dev", "--audit", audit, "--replica", "off"]
        with served(address, *options, **variables, **credentials(home)) as (url, _):
            async with httpx.AsyncClient(base_url=url, timeout=SECONDS_MAX) as client:
                yield Service(client, audit)

    return running


async def test_ria_asks_and_hands_her_daughter_the_code(service: Any) -> None:
    async with service() as at:
        ria, ingrid, hospital = (
            await at.as_("citizen", "ria"),
            await at.as_("citizen", "ingrid"),
            await at.as_("provider", party="zee"),
        )
        nothing = {"representative": "ingrid", "after": None}
        assert (await hospital.ask(DECISION, nothing))["reason"] == "NO_GROUND"
        # Ria asks on her own screen, and reads the code to Ingrid over the telephone
        asked = await ria.do('requestMandate(service: "zee/record")', "activationCode request { id }")
        made = await ingrid.do(
            f'activateMandate(represented: "ria", code: "{asked["activationCode"].lower()}")', "mandate { id status }"
        )
        assert made["mandate"] == {"id": asked["request"]["id"], "status": "ACTIVE"}
        # the hospital asks, and must have seen it
        decided = await hospital.ask(DECISION, {"representative": "ingrid", "after": made["asOf"]})
        assert decided == {"outcome": "PERMIT", "reason": "VOLUNTARY_MANDATE"}
        # Ria thinks better of it
        gone = await ria.do(f'withdrawMandate(id: "{made["mandate"]["id"]}")', "mandate { status }")
        decided = await hospital.ask(DECISION, {"representative": "ingrid", "after": gone["asOf"]})
        assert decided == {"outcome": "DENY", "reason": "WITHDRAWN"}
    _check_records(at, ["requestMandate", "activateMandate", "withdrawMandate"], ["ria", "ingrid", "ria"], "ONLINE")
    outcomes = [
        each["body"]["adl.core.response"]["context"]["outcome"] for each in at.recorded("adl.access_evaluation")
    ]
    assert outcomes == ["DENY", "PERMIT", "DENY"]


async def test_ingrid_asks_and_a_letter_goes_to_ria(service: Any) -> None:
    async with service() as at:
        ingrid, hospital = await at.as_("citizen", "ingrid"), await at.as_("provider", party="zee")
        asked = await ingrid.do(
            'requestMandate(service: "zee/record", represented: "ria")', "activationCode request { id }"
        )
        assert asked["activationCode"] is None
        # the letter lies on Ria's mat, and she gives it to Ingrid
        code = await at.letter_with_code()
        made = await ingrid.do(f'activateMandate(represented: "ria", code: "{code}")', "mandate { id }")
        decided = await hospital.ask(DECISION, {"representative": "ingrid", "after": made["asOf"]})
        assert decided == {"outcome": "PERMIT", "reason": "VOLUNTARY_MANDATE"}
    _check_records(at, ["requestMandate", "activateMandate"], ["ingrid", "ingrid"], "LETTER")


async def test_an_official_at_the_counter_has_seen_a_passport(service: Any) -> None:
    async with service() as at:
        official, hospital = await at.as_("counter", "clerk", "town"), await at.as_("provider", party="zee")
        made = await official.do(
            'registerMandateAtCounter(represented: "ria", representative: "peter", service: "zee/record",'
            " identityDocument: PASSPORT)",
            "mandate { id status }",
        )
        decided = await hospital.ask(DECISION, {"representative": "peter", "after": made["asOf"]})
        assert decided == {"outcome": "PERMIT", "reason": "VOLUNTARY_MANDATE"}
    (record,) = _check_records(at, ["registerMandateAtCounter"], ["clerk"], "COUNTER")
    assert "PASSPORT" in json.dumps(record)


def _check_records(at: Service, mutations: list[str], callers: list[str], channel: str) -> list[dict[str, Any]]:
    records = at.recorded("machtigen.change")
    changes = [each["body"]["machtigen.change"] for each in records]
    assert [each["mutation"] for each in changes] == mutations
    assert {each["channel"] for each in changes} == {channel}
    for record, caller in zip(records, callers, strict=True):
        assert record["attributes"]["machtigen.caller.subject"] == caller
    return records
