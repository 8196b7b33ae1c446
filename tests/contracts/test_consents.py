"""Consents, refusals and blocks, on every ledger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from graph.ledger import Ledger
from resolvers.caller import Caller
from tests.desk_town import DAY, HOUR, NOBODY, Town, citizen, codes, official, provider, town
from tests.resolvers.small import fill

GIVES = "consents { id from provider given validFrom validUntil }"


@pytest.fixture
async def here(ledger: Ledger, tmp_path: Path) -> AsyncIterator[Town]:
    made = await town(ledger, tmp_path / "desk.sqlite")
    yield made
    made.close()


async def say(here: Town, caller: Caller, representative: str, represented: str, more: str = "") -> dict[str, Any]:
    arguments = f'representative: "{representative}", represented: "{represented}"{more}'
    return await here.do(caller, "giveConsent", arguments, GIVES)


async def end(here: Town, caller: Caller, mutation: str, ids: str) -> dict[str, Any]:
    here.clock += HOUR
    return await here.do(caller, mutation, ids, GIVES)


async def test_a_child_of_13_says_yes_per_provider_and_takes_it_back(here: Town) -> None:
    assert await here.decided("ingrid", "kid", "zee/record") == "INDETERMINATE CHILD_CONSENT_UNKNOWN"
    assert codes(await say(here, citizen("kid"), "ingrid", "kid")) == ["PROVIDER_REQUIRED"]
    said = await say(here, citizen("kid"), "ingrid", "kid", ', provider: "zee"')
    assert await here.decided("ingrid", "kid", "zee/record") == "PERMIT PARENTAL_AUTHORITY"
    assert await here.decided("peter", "kid", "zee/record") == "INDETERMINATE CHILD_CONSENT_UNKNOWN"
    gone = await end(here, citizen("kid"), "withdrawConsent", f'id: "{said["consents"][0]["id"]}"')
    assert gone["userErrors"] == []
    assert await here.decided("ingrid", "kid", "zee/record") == "INDETERMINATE CHILD_CONSENT_UNKNOWN"
    # again, and then a refusal: the newest word alone counts, and a refusal is answered like silence
    here.clock += HOUR
    await say(here, citizen("kid"), "ingrid", "kid", ', provider: "zee"')
    assert await here.decided("ingrid", "kid", "zee/record") == "PERMIT PARENTAL_AUTHORITY"
    here.clock += HOUR
    await say(here, citizen("kid"), "ingrid", "kid", ', provider: "zee", given: false')
    assert await here.decided("ingrid", "kid", "zee/record") == "INDETERMINATE CHILD_CONSENT_UNKNOWN"


async def test_a_child_under_12_is_not_asked(here: Town) -> None:
    assert codes(await say(here, citizen("small"), "ingrid", "small", ', provider: "zee"')) == ["CHILD_TOO_YOUNG"]


async def test_the_passport_joint_holders_one_by_one_and_once(here: Town) -> None:
    passport = ', provider: "town", act: PASSPORT'
    ask = ("ingrid", "small", "town/travel")
    assert await here.decided(*ask, act="PASSPORT") == "CONSENT_REQUIRED OTHER_HOLDER_MUST_CONSENT"
    assert codes(await say(here, citizen("peter"), "ingrid", "small", ", act: PASSPORT")) == ["PROVIDER_REQUIRED"]
    too_long = ', validUntil: "2027-03-24T00:00:00Z"'
    assert codes(await say(here, citizen("peter"), "ingrid", "small", passport + too_long)) == ["WRONG_PERIOD"]
    said = await say(here, citizen("peter"), "ingrid", "small", passport)
    (consent,) = said["consents"]
    assert consent["validUntil"] == "2027-02-23T23:00:00Z", "three months, by the Dutch calendar"
    assert await here.decided(*ask, act="PASSPORT") == "PERMIT PARENTAL_AUTHORITY"
    # of two clerks who use it at once one goes on
    here.clock += HOUR
    clerks = [here.do(provider("town"), "useConsents", f'ids: ["{consent["id"]}"]', GIVES) for _ in range(2)]
    heard = [codes(each) for each in await asyncio.gather(*clerks)]
    assert sorted(heard) == [[], ["CONSENT_ENDED"]]
    assert await here.decided(*ask, act="PASSPORT") == "CONSENT_REQUIRED OTHER_HOLDER_MUST_CONSENT"
    here.clock += HOUR
    await say(here, citizen("peter"), "ingrid", "small", passport)
    assert await here.decided(*ask, act="PASSPORT") == "PERMIT PARENTAL_AUTHORITY"
    here.clock += 92 * DAY
    assert await here.decided(*ask, act="PASSPORT") == "CONSENT_REQUIRED OTHER_HOLDER_MUST_CONSENT"


async def test_used_together_or_not_at_all(here: Town) -> None:
    passport = ', provider: "town", act: PASSPORT'
    first = (await say(here, citizen("peter"), "ingrid", "small", passport))["consents"][0]["id"]
    second = (await say(here, citizen("peter"), "ingrid", "kid", passport))["consents"][0]["id"]
    await end(here, citizen("peter"), "withdrawConsent", f'id: "{second}"')
    assert codes(await end(here, provider("town"), "useConsents", f'ids: ["{first}", "{second}"]')) == ["CONSENT_ENDED"]
    assert await here.decided("ingrid", "small", "town/travel", act="PASSPORT") == "PERMIT PARENTAL_AUTHORITY"


async def test_the_owner_under_bewind_or_the_court_agrees_to_an_act_that_needs_it(here: Town) -> None:
    facts = [
        {"fact": "service", "id": "town/money", "provider": "town", "domain": "PROPERTY", "minimum_assurance": "LOW"},
        {"fact": "employment", "id": "e9", "employee": "karin", "organisation": "kompas"},
    ]
    await fill(here.ledger, facts)
    ask = ("karin", "owner", "town/money")
    borrows = {"organisation": "kompas", "act": "DISPOSAL"}
    assert await here.decided(*ask, **borrows) == "CONSENT_REQUIRED REPRESENTED_OR_COURT_MUST_CONSENT"
    leave = ', from: "COURT", act: DISPOSAL'
    assert codes(await say(here, provider("town"), "kompas", "owner", leave)) == ["EVIDENCE_REQUIRED"]
    seen = ', evidence: "leave C/16/2026/17"'
    said = await say(here, provider("town"), "kompas", "owner", leave + seen)
    assert await here.decided(*ask, **borrows) == "PERMIT BEWIND"
    await end(here, provider("town"), "withdrawConsent", f'id: "{said["consents"][0]["id"]}"')
    assert await here.decided(*ask, **borrows) == "CONSENT_REQUIRED REPRESENTED_OR_COURT_MUST_CONSENT"
    await say(here, citizen("owner"), "kompas", "owner", ", act: DISPOSAL")
    assert await here.decided(*ask, **borrows) == "PERMIT BEWIND"


async def test_what_a_provider_recorded_does_not_undo_what_the_person_said(here: Town) -> None:
    await say(here, citizen("kid"), "ingrid", "kid", ', provider: "zee", given: false')
    here.clock += HOUR
    paper = ', from: "kid", evidence: "form"'
    assert codes(await say(here, provider("zee"), "ingrid", "kid", paper)) == []
    assert await here.decided("ingrid", "kid", "zee/record") == "INDETERMINATE CHILD_CONSENT_UNKNOWN"


async def test_who_takes_back_a_yes_is_not_held_to_what_a_provider_recorded_of_it(here: Town) -> None:
    paper = ', from: "kid", evidence: "form"'
    on_paper = (await say(here, provider("zee"), "ingrid", "kid", paper))["consents"][0]["id"]
    await say(here, provider("town"), "ingrid", "kid", paper)
    await say(here, provider("zee"), "peter", "kid", paper)
    here.clock += HOUR
    own = (await say(here, citizen("kid"), "ingrid", "kid", ', provider: "zee", domain: CARE_RECORD'))["consents"][0][
        "id"
    ]
    assert await here.decided("ingrid", "kid", "zee/record") == "PERMIT PARENTAL_AUTHORITY"
    gone = await end(here, citizen("kid"), "withdrawConsent", f'id: "{own}"')
    assert {each["id"] for each in gone["consents"]} == {own, on_paper}
    assert await here.decided("ingrid", "kid", "zee/record") == "INDETERMINATE CHILD_CONSENT_UNKNOWN"
    # another's yes and another place's are untouched, and a second time changes nothing
    assert await here.decided("peter", "kid", "zee/record") == "PERMIT PARENTAL_AUTHORITY"
    head = await here.ledger.head()
    assert codes(await end(here, citizen("kid"), "withdrawConsent", f'id: "{own}"')) == []
    assert await here.ledger.head() == head
    # a form that is signed after it counts, until that is taken back too, with what was said here again
    await say(here, provider("zee"), "ingrid", "kid", paper)
    assert await here.decided("ingrid", "kid", "zee/record") == "PERMIT PARENTAL_AUTHORITY"
    here.clock += HOUR
    await say(here, citizen("kid"), "ingrid", "kid", ', provider: "zee"')
    await end(here, citizen("kid"), "withdrawConsent", f'id: "{on_paper}"')
    assert await here.decided("ingrid", "kid", "zee/record") == "INDETERMINATE CHILD_CONSENT_UNKNOWN"


async def test_nobody_speaks_for_another(here: Town) -> None:
    before = await here.ledger.head()
    zee = ', provider: "zee"'
    tried = [
        await say(here, citizen("ingrid"), "ingrid", "kid", zee),
        await say(here, citizen("ingrid"), "ingrid", "kid", zee + ', from: "kid"'),
        await say(here, citizen("karin"), "ingrid", "kid", zee),
        await say(here, citizen("karin"), "ingrid", "nobody", zee),
        await say(here, citizen("peter"), "karin", "kid", zee),
        await say(here, provider("town"), "ingrid", "kid", zee + ', from: "kid", evidence: "form"'),
        await say(here, provider("zee"), "ingrid", "kid", zee + ', evidence: "form"'),
        await say(here, official(), "ingrid", "kid", zee),
        await say(here, Caller(role="OPERATOR", subject="kid"), "ingrid", "kid", zee),
        await say(here, NOBODY, "ingrid", "kid", zee),
        await say(here, Caller(within=True, subject="kid"), "ingrid", "kid", zee),
    ]
    assert [codes(each) for each in tried] == [
        ["NOTHING_TO_CONSENT_TO"],
        ["FORBIDDEN"],
        ["NOTHING_TO_CONSENT_TO"],
        ["NOTHING_TO_CONSENT_TO"],
        ["NOTHING_TO_CONSENT_TO"],
        ["FORBIDDEN"],
        ["NOTHING_TO_CONSENT_TO"],
        ["FORBIDDEN"],
        ["FORBIDDEN"],
        ["UNAUTHENTICATED"],
        ["UNAUTHENTICATED"],
    ]
    assert await here.ledger.head() == before
    theirs = (await say(here, citizen("kid"), "ingrid", "kid", zee))["consents"][0]["id"]
    for caller in (citizen("ingrid"), provider("town"), citizen("karin")):
        assert codes(await end(here, caller, "withdrawConsent", f'id: "{theirs}"')) == ["CONSENT_UNKNOWN"]
    assert codes(await end(here, citizen("karin"), "withdrawConsent", 'id: "none"')) == ["CONSENT_UNKNOWN"]
    assert codes(await end(here, citizen("kid"), "useConsents", f'ids: ["{theirs}"]')) == ["FORBIDDEN"]


async def test_a_provider_blocks_at_once_for_itself_and_lifts(here: Town) -> None:
    await here.mandated()
    gives = "block { id provider reason validUntil }"
    block = 'represented: "ria", representative: "ingrid", reason: SAFETY, evidence: "report 12"'
    placed = await here.do(provider("zee"), "placeBlock", block, gives)
    assert placed["block"]["provider"] == "zee"
    assert await here.decided("ingrid", "ria", "zee/record") == "DENY BLOCKED"
    assert here.letters("WITHDRAWN") == [], "nobody is told"
    name = placed["block"]["id"]
    here.clock += HOUR
    lift = f'id: "{name}", evidence: "report 13"'
    assert codes(await here.do(provider("town"), "liftBlock", lift, gives)) == ["BLOCK_UNKNOWN"]
    assert codes(await here.do(provider("zee"), "liftBlock", 'id: "none", evidence: "x"', gives)) == ["BLOCK_UNKNOWN"]
    for caller in (citizen("ria"), official(), NOBODY, Caller(role="PROVIDER")):
        assert codes(await here.do(caller, "liftBlock", lift, gives))[0] in ("FORBIDDEN", "UNAUTHENTICATED")
    assert await here.decided("ingrid", "ria", "zee/record") == "DENY BLOCKED"
    lifted = await here.do(provider("zee"), "liftBlock", lift, gives)
    assert lifted["userErrors"] == []
    assert await here.decided("ingrid", "ria", "zee/record") == "PERMIT VOLUNTARY_MANDATE"
    head = await here.ledger.head()
    assert codes(await here.do(provider("zee"), "liftBlock", lift, gives)) == []
    assert await here.ledger.head() == head


async def test_a_block_and_its_lift_at_the_same_instant_leave_no_block(here: Town) -> None:
    await here.mandated()
    gives = "block { id }"
    block = 'represented: "ria", reason: GOOD_CARE, evidence: "note"'
    placed = await here.do(provider("zee"), "placeBlock", block, gives)
    assert await here.decided("ingrid", "ria", "zee/record") == "DENY BLOCKED"
    await here.do(provider("zee"), "liftBlock", f'id: "{placed["block"]["id"]}", evidence: "note"', gives)
    here.clock += 1
    assert await here.decided("ingrid", "ria", "zee/record") == "PERMIT VOLUNTARY_MANDATE"
