"""A ruling on paper, before any register shows it: what a provider records holds at once, and removal wins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from authority.decision import Decision
from authority.moments import day, moment_text
from graph.ledger import Ledger
from resolvers.facts import record
from tests.graph.registers.brp_server import person, sole
from tests.graph.registers.town import CHILD, FATHER, MOTHER, PARTNER, WARD, Town, pid, town


@pytest.fixture
async def here(ledger: Ledger, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(ledger, tmp_path / "town") as made:
        await made.sync("brp", "provider")
        yield made


def said(decision: Decision) -> str:
    return f"{decision.outcome} {decision.reason}"


def block(**more: object) -> dict[str, object]:
    return {
        "fact": "block",
        "id": "umc/ruling-1",
        "provider": "umc",
        "represented": pid(CHILD),
        "representative": pid(MOTHER),
        "reason": "RULING",
    } | more


async def test_what_a_ruling_takes_away_is_gone_at_once_until_the_register_catches_up(here: Town) -> None:
    seen_at = here.clock
    assert said(await here.ask(MOTHER, CHILD, "umc/record")) == "PERMIT PARENTAL_AUTHORITY"

    here.clock += 1
    await here.record(block())
    assert said(await here.ask(MOTHER, CHILD, "umc/record")) == "DENY BLOCKED"
    assert said(await here.ask(FATHER, CHILD, "umc/record")) == "PERMIT PARENTAL_AUTHORITY"
    # another provider has not seen it
    assert said(await here.ask(MOTHER, CHILD, "tax/return")) == "PERMIT PARENTAL_AUTHORITY"

    # the register says again what it said: removal wins, and an operator is told
    here.clock += 60_000_000
    await here.sync("brp")
    assert said(await here.ask(MOTHER, CHILD, "umc/record")) == "DENY BLOCKED"
    ruling = f"umc recorded a ruling against {pid(MOTHER)} over {pid(CHILD)} since 2026-11-24"
    assert await here.notices() == [f"{ruling}, whom BRP still shows"]

    # the register catches up
    here.clock = day("2027-01-11")
    here.brp.people[CHILD] = person(CHILD, "2020-03-01", gezag=[sole(CHILD, FATHER)])
    await here.sync("brp")
    assert said(await here.ask(MOTHER, CHILD, "umc/record")) == "DENY BLOCKED"
    here.clock += 60_000_000
    await here.sync("brp")
    lift = f"{ruling}; no register shows that any more, so the block umc/ruling-1 can be lifted"
    assert (await here.notices())[0] == lift

    await here.record(block(valid_until=moment_text(here.clock)))
    assert said(await here.ask(MOTHER, CHILD, "umc/record")) == "DENY EXPIRED"
    assert said(await here.ask(MOTHER, CHILD, "tax/return")) == "DENY EXPIRED"
    assert said(await here.ask(FATHER, CHILD, "umc/record")) == "PERMIT PARENTAL_AUTHORITY"

    # and what was known before anybody saw the ruling stays what was known
    past = {"at": moment_text(seen_at), "known_at": moment_text(seen_at)}
    assert said(await here.ask(MOTHER, CHILD, "umc/record", **past)) == "PERMIT PARENTAL_AUTHORITY"


async def test_what_a_ruling_grants_holds_at_the_provider_who_saw_it_and_nowhere_else(here: Town) -> None:
    assert said(await here.ask(PARTNER, WARD, "umc/record")) == "DENY NO_GROUND"
    await here.record(
        {
            "fact": "authority",
            "id": "umc/ruling-2",
            "register": "PROVIDER",
            "kind": "GUARDIANSHIP",
            "representative": pid(PARTNER),
            "represented": pid(WARD),
            "providers": ["umc"],
        }
    )
    assert said(await here.ask(PARTNER, WARD, "umc/record")) == "PERMIT GUARDIANSHIP"
    assert said(await here.ask(PARTNER, WARD, "tax/return")) == "DENY NOT_IN_SCOPE"


async def test_a_grant_on_paper_that_contradicts_the_register_is_shown_and_not_resolved(here: Town) -> None:
    paper: dict[str, object] = {
        "fact": "authority",
        "id": "umc/ruling-3",
        "register": "PROVIDER",
        "kind": "PARENTAL_SOLE",
        "representative": pid(MOTHER),
        "represented": pid(CHILD),
        "providers": ["umc"],
    }
    await here.record(paper)
    # facts.md 5.3, before the minor kinds: the father's joint authority cannot be true beside it
    assert said(await here.ask(FATHER, CHILD, "umc/record")) == "INDETERMINATE SOURCES_DISAGREE"
    here.clock += 60_000_000
    await here.sync("brp")
    assert await here.notices() == [
        f"sources disagree about {pid(CHILD)} since 2026-11-24: BRP says PARENTAL_JOINT; PROVIDER says PARENTAL_SOLE"
    ]

    here.clock = day("2027-01-11")
    here.brp.people[CHILD] = person(CHILD, "2020-03-01", gezag=[sole(CHILD, MOTHER)])
    await here.sync("brp")
    await here.record(paper | {"valid_until": moment_text(here.clock)})
    assert said(await here.ask(MOTHER, CHILD, "umc/record")) == "PERMIT PARENTAL_AUTHORITY"
    assert said(await here.ask(FATHER, CHILD, "umc/record")) == "DENY EXPIRED"


async def test_evidence_is_no_part_of_the_fact(here: Town) -> None:
    refused = await record(here.ledger, [block(evidence="C/16/2026/17")], now=here.clock)
    assert [(p.code, p.field) for p in refused.problems] == [("UNKNOWN_FIELD", "evidence")]
    assert said(await here.ask(MOTHER, CHILD, "umc/record")) == "PERMIT PARENTAL_AUTHORITY"
