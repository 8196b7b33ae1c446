"""A town with a mandate desk: who is there, what they may ask, and questions to see what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from authority.mandates import Terms
from authority.moments import DAY_US, instant
from graph.desk import Codes, Desk
from graph.ledger import Ledger
from resolvers.caller import NOBODY, Caller
from resolvers.decisions import decide_at
from resolvers.mandate_requests import look_at_requests
from resolvers.mandates import keep_withdrawn_ones
from resolvers.office import Limits, Office, settle
from schema.context import Context
from schema.execution import GraphQLRequest, execute
from tests.resolvers.small import asked, fill

NOW = instant("2026-11-24T12:00:00Z")
HOUR = 3_600_000_000
DAY = DAY_US
KEY = bytes(range(32))
FACTS: list[dict[str, Any]] = [
    {"fact": "provider", "id": "zee", "sector": "HOSPITAL", "status": "LIVE", "route": "ROUTING", "name": "Zeeduin"},
    {"fact": "provider", "id": "tax", "sector": "TAX", "status": "LIVE", "route": "DIRECT"},
    {"fact": "provider", "id": "town", "sector": "MUNICIPALITY", "status": "LIVE", "route": "DIRECT"},
    {"fact": "provider", "id": "paper", "sector": "GP", "status": "LIVE"},
    {"fact": "provider", "id": "new", "sector": "GP", "status": "TESTED", "route": "DIRECT"},
    {"fact": "service", "id": "zee/record", "provider": "zee", "domain": "CARE_RECORD"}
    | {"minimum_assurance": "SUBSTANTIAL", "name": "Mijn dossier"},
    {"fact": "service", "id": "tax/return", "provider": "tax", "domain": "TAX", "minimum_assurance": "LOW"},
    {"fact": "service", "id": "town/travel", "provider": "town", "domain": "GOVERNMENT", "minimum_assurance": "LOW"},
    {"fact": "service", "id": "town/own", "provider": "town", "domain": "GOVERNMENT", "minimum_assurance": "LOW"}
    | {"mandatable": False},
    {"fact": "service", "id": "paper/record", "provider": "paper", "domain": "CARE_RECORD", "minimum_assurance": "LOW"},
    {"fact": "service", "id": "new/record", "provider": "new", "domain": "CARE_RECORD", "minimum_assurance": "LOW"},
    {"fact": "person", "id": "ria", "born": "1945-05-05"},
    {"fact": "person", "id": "ingrid", "born": "1971-03-01"},
    {"fact": "person", "id": "peter", "born": "1974-03-01"},
    {"fact": "person", "id": "clerk", "born": "1980-01-01"},
    {"fact": "person", "id": "teen", "born": "2010-01-01"},
    {"fact": "person", "id": "kid", "born": "2013-06-01"},
    {"fact": "person", "id": "small", "born": "2018-06-01"},
    {"fact": "person", "id": "foggy", "born": "0000-00-00"},
    {"fact": "person", "id": "ward", "born": "1950-05-05"},
    {"fact": "person", "id": "owner", "born": "1950-05-05"},
    {"fact": "person", "id": "tim", "born": "1990-05-05"},
    {"fact": "person", "id": "gone", "born": "1930-05-05", "died": "2026-01-01"},
    {"fact": "person", "id": "karin", "born": "1985-05-05"},
    {"fact": "person", "id": "kees", "born": "1986-05-05"},
    {"fact": "organisation", "id": "kompas", "kind": "ADMINISTRATION_OFFICE"},
    {"fact": "organisation", "id": "cijfers", "kind": "FISCAL_INTERMEDIARY"},
    {"fact": "employment", "id": "e1", "employee": "karin", "organisation": "cijfers", "services": ["tax/return"]},
    {"fact": "employment", "id": "e2", "employee": "kees", "organisation": "cijfers", "services": ["zee/record"]},
    {"fact": "authority", "id": "c1", "kind": "CURATELE", "representative": "peter", "represented": "ward"},
    {"fact": "authority", "id": "b1", "kind": "BEWIND", "representative": "kompas", "represented": "owner"},
    {"fact": "authority", "id": "m1", "kind": "MENTORSCHAP", "representative": "peter", "represented": "tim"},
    {"fact": "authority", "id": "p1", "kind": "PARENTAL_JOINT", "representative": "ingrid", "represented": "kid"},
    {"fact": "authority", "id": "p2", "kind": "PARENTAL_JOINT", "representative": "peter", "represented": "kid"},
    {"fact": "authority", "id": "p3", "kind": "PARENTAL_JOINT", "representative": "ingrid", "represented": "small"},
    {"fact": "authority", "id": "p4", "kind": "PARENTAL_JOINT", "representative": "peter", "represented": "small"},
]


def citizen(person: str, **more: Any) -> Caller:
    return Caller(**{"role": "CITIZEN", "subject": person, "assurance": "SUBSTANTIAL"} | more)


def official(person: str = "official") -> Caller:
    return Caller(role="COUNTER", subject=person, party="town")


def provider(name: str) -> Caller:
    return Caller(role="PROVIDER", party=name)


class Town:
    """One ledger, one desk, one clock."""

    def __init__(self, ledger: Ledger, path: Path, *, limits: Limits | None = None, terms: Terms | None = None) -> None:
        self.ledger, self.clock, self.path = ledger, NOW, path
        self.office = Office(Desk(path), Codes(KEY), terms=terms or Terms(), limits=limits or Limits(), letters=True)

    async def ask(
        self, caller: Caller, query: str, variables: dict[str, Any] | None = None, *, language: str = ""
    ) -> dict[str, Any]:
        context = Context(
            self.ledger, caller=caller, clock=lambda: self.clock, office=self.office, accept_language=language
        )
        return (await execute(GraphQLRequest(query, variables), context)).body

    async def do(self, caller: Caller, mutation: str, arguments: str, gives: str, **more: Any) -> dict[str, Any]:
        """The payload of one mutation; whom the policy refuses hears it as an error, told here as one of its codes."""
        body = await self.ask(
            caller,
            f"mutation {{ {mutation}({arguments}) {{ asOf {gives} userErrors {{ code message field }} }} }}",
            **more,
        )
        if "errors" in body:
            (error,) = body["errors"]
            assert error["extensions"]["code"] in ("FORBIDDEN", "UNAUTHENTICATED"), body
            return {"userErrors": [{"code": error["extensions"]["code"]}]}
        payload: dict[str, Any] = body["data"][mutation]
        return payload

    async def request(self, caller: Caller, arguments: str) -> dict[str, Any]:
        gives = (
            "request { id status channel representative represented services validFrom validUntil codeValidUntil }"
            " activationCode"
        )
        return await self.do(caller, "requestMandate", arguments, gives)

    async def activate(self, caller: Caller, represented: str, code: str, more: str = "") -> dict[str, Any]:
        return await self.mandate(caller, "activateMandate", f'represented: "{represented}", code: "{code}"{more}')

    async def mandate(self, caller: Caller, mutation: str, arguments: str) -> dict[str, Any]:
        gives = "mandate { id status representative represented services validFrom validUntil }"
        return await self.do(caller, mutation, arguments, gives)

    async def mandated(self, represented: str = "ria", helper: str = "ingrid", service: str = "zee/record") -> str:
        """A mandate by the first channel; its id."""
        done = await self.request(citizen(represented), f'service: "{service}"')
        assert done["userErrors"] == [], done
        made = await self.activate(citizen(helper), represented, done["activationCode"])
        assert made["userErrors"] == [], made
        return str(made["mandate"]["id"])

    async def decided(self, representative: str, represented: str, service: str, **more: Any) -> str:
        question = asked(
            representative=representative,
            represented=represented,
            provider=service.partition("/")[0],
            service=service,
            **more,
        )
        if "at" not in more:
            question = msgspec.structs.replace(question, at=self.clock)
        (answer,) = await decide_at(self.ledger, [question], None)
        return f"{answer.decision.outcome} {answer.decision.reason}"

    async def look(self) -> None:
        """What the server does by itself."""
        await look_at_requests(self.ledger, self.office, self.clock)
        await keep_withdrawn_ones(self.ledger, self.office, self.clock)
        await settle(self.ledger, self.office.desk, self.clock, lambda change, caller: None)

    def letters(self, kind: str = "CODE") -> list[tuple[str, str]]:
        """Recipient and mandate of each message of a kind, oldest first."""
        listed = reversed(self.office.desk.outbox.listed())
        return [(each.recipient, each.about.mandate) for each in listed if each.kind == kind]

    def code_in(self, mandate: str) -> str:
        """As the letter has it."""
        assert self.office.codes is not None
        return self.office.codes.code_of(mandate)

    def close(self) -> None:
        self.office.desk.close()


async def town(ledger: Ledger, path: Path, **more: Any) -> Town:
    await fill(ledger, FACTS)
    return Town(ledger, path, **more)


def codes(payload: dict[str, Any]) -> list[str]:
    return [each["code"] for each in payload["userErrors"]]


__all__ = ["DAY", "HOUR", "NOBODY", "NOW", "Town", "citizen", "codes", "official", "provider", "town"]
