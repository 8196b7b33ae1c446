from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from authority.decide import decide
from authority.facts import Fact
from authority.question import Question
from graph.intake import fact_of_line
from graph.ledger import Ledger, Token
from tests.contracts.facts import EARLY, LAST, LATER, hospital, mandate, may, person
from tests.contracts.homes import Home


async def reason(ledger: Ledger, question: Question, as_of: int | None = None) -> str:
    return decide(question, await ledger.neighbourhood(question, as_of)).reason


def two_people() -> list[Fact]:
    return [*hospital(), person("anna"), person("bram"), mandate("m", "anna", "bram")]


async def test_an_empty_ledger_is_at_position_0(ledger: Ledger) -> None:
    assert (await ledger.head()).position == 0
    assert [change async for change in ledger.changes()] == []
    assert await ledger.neighbourhood(may("anna", "bram")) is not None
    assert await reason(ledger, may("anna", "bram")) == "SERVICE_NOT_OFFERED"


async def test_what_is_appended_is_answered_from(ledger: Ledger) -> None:
    appended = await ledger.append(two_people())
    assert appended.recorded == 5
    assert appended.token == Token((await ledger.head()).ledger, 5)
    assert await reason(ledger, may("anna", "bram")) == "VOLUNTARY_MANDATE"
    assert await reason(ledger, may("bram", "anna")) == "NO_GROUND"


async def test_the_token_is_the_decisions_as_of(ledger: Ledger) -> None:
    token = (await ledger.append(two_people())).token
    around = await ledger.neighbourhood(may("anna", "bram"))
    assert around.as_of == str(token)
    assert Token.parse(around.as_of) == token


async def test_appending_nothing_changes_nothing(ledger: Ledger) -> None:
    before = await ledger.head()
    appended = await ledger.append([])
    assert (appended.token, appended.recorded) == (before, 0)


async def test_the_same_again_is_no_change(ledger: Ledger) -> None:
    await ledger.append(two_people())
    again = await ledger.append(two_people())
    assert (again.token.position, again.recorded) == (5, 0)


async def test_the_same_twice_in_one_batch_counts_once(ledger: Ledger) -> None:
    appended = await ledger.append([person("anna"), person("anna")])
    assert (appended.token.position, appended.recorded) == (1, 1)


async def test_an_old_version_again_is_no_change(ledger: Ledger) -> None:
    """After a crash an import starts anew: what is there stays, whatever came after it."""
    first, second = mandate("m", "anna", "bram"), mandate("m", "anna", "bram", status="WITHDRAWN", recorded_at=LATER)
    await ledger.append([first, second])
    assert (await ledger.append([first, person("anna")])).recorded == 1
    assert (await ledger.holding_versions([("authority", "m")]))["authority", "m"] == second


async def test_other_content_of_the_same_instant_is_a_version_that_holds(ledger: Ledger) -> None:
    await ledger.append([mandate("m", "anna", "bram")])
    other = mandate("m", "anna", "bram", status="ENDED")
    assert (await ledger.append([other])).recorded == 1
    assert await ledger.find("authority", ["m"]) == {"m": other}
    assert (await ledger.append([mandate("m", "anna", "bram")])).recorded == 0
    assert await ledger.find("authority", ["m"]) == {"m": other}


async def test_a_later_version_supersedes_and_the_earlier_can_be_replayed(ledger: Ledger) -> None:
    await ledger.append(two_people())
    await ledger.append([mandate("m", "anna", "bram", status="WITHDRAWN", recorded_at=LATER)])
    asked = may("anna", "bram")
    assert await reason(ledger, asked) == "WITHDRAWN"
    assert await reason(ledger, may("anna", "bram", known_at=LATER - 1)) == "VOLUNTARY_MANDATE"
    assert await reason(ledger, may("anna", "bram", known_at=LATER)) == "WITHDRAWN"
    assert await reason(ledger, may("anna", "bram", known_at=EARLY - 1)) == "SERVICE_NOT_OFFERED"
    assert await reason(ledger, asked, as_of=5) == "VOLUNTARY_MANDATE"
    assert await reason(ledger, asked, as_of=6) == "WITHDRAWN"
    assert await reason(ledger, asked, as_of=4) == "NO_GROUND"
    assert await reason(ledger, may("anna", "bram", known_at=LATER), as_of=5) == "VOLUNTARY_MANDATE"


async def test_a_version_recorded_earlier_comes_late(ledger: Ledger) -> None:
    """It is history the moment it comes: what holds is what the register knew last."""
    await ledger.append([*two_people(), mandate("m", "anna", "bram", status="ENDED", recorded_at=LAST)])
    await ledger.append([mandate("m", "anna", "bram", status="WITHDRAWN", recorded_at=LATER)])
    assert await reason(ledger, may("anna", "bram")) == "EXPIRED"
    assert await reason(ledger, may("anna", "bram", known_at=LATER)) == "WITHDRAWN"
    assert await reason(ledger, may("anna", "bram", known_at=LATER), as_of=6) == "VOLUNTARY_MANDATE"


async def test_a_version_of_the_future_holds_unless_known_at_is_given(ledger: Ledger) -> None:
    far = EARLY + 10**15
    await ledger.append([*two_people(), mandate("m", "anna", "bram", status="ENDED", recorded_at=far)])
    assert await reason(ledger, may("anna", "bram")) == "EXPIRED"
    assert await reason(ledger, may("anna", "bram", known_at=may("anna", "bram").at)) == "VOLUNTARY_MANDATE"


async def test_a_retracted_version_is_as_if_it_never_was(ledger: Ledger) -> None:
    await ledger.append(two_people())
    await ledger.append([mandate("m", "anna", "bram", retracted=True, recorded_at=LATER)])
    assert await reason(ledger, may("anna", "bram")) == "NO_GROUND"
    assert await reason(ledger, may("anna", "bram", known_at=LATER - 1)) == "VOLUNTARY_MANDATE"
    assert await ledger.find("authority", ["m"]) == {}
    assert (await ledger.holding_versions([("authority", "m")]))["authority", "m"].retracted
    assert await ledger.ids("authority") == ["m"]
    await ledger.append([mandate("m", "anna", "bram", recorded_at=LAST)])
    assert await reason(ledger, may("anna", "bram")) == "VOLUNTARY_MANDATE"


async def test_a_retracted_person_service_or_provider_is_unknown(ledger: Ledger) -> None:
    provider, service = hospital()
    await ledger.append(two_people())
    unknown = ((person("anna"), "NO_GROUND"), (service, "SERVICE_NOT_OFFERED"), (provider, "SERVICE_NOT_OFFERED"))
    for fact, expected in unknown:
        await ledger.append([replace(fact, retracted=True, recorded_at=LATER)])
        assert await reason(ledger, may("anna", "bram")) == expected
        assert await reason(ledger, may("anna", "bram", known_at=LATER - 1)) == "VOLUNTARY_MANDATE"
        await ledger.append([replace(fact, recorded_at=LAST)])
        assert await reason(ledger, may("anna", "bram")) == "VOLUNTARY_MANDATE"


async def test_an_authority_that_moves_leaves_one_person_for_another(ledger: Ledger) -> None:
    await ledger.append([*two_people(), person("cees"), mandate("m", "anna", "cees", recorded_at=LATER)])
    assert await reason(ledger, may("anna", "bram")) == "NO_GROUND"
    assert await reason(ledger, may("anna", "cees")) == "VOLUNTARY_MANDATE"
    assert await reason(ledger, may("anna", "bram", known_at=EARLY)) == "VOLUNTARY_MANDATE"
    assert await reason(ledger, may("anna", "cees", known_at=EARLY)) == "NO_GROUND"
    assert await ledger.represented_by("anna") == ["bram", "cees"]
    assert await ledger.holders_over("bram") == ["anna"]


async def test_what_happened_between_two_people_stays_found_by_both_holders(ledger: Ledger) -> None:
    await ledger.append([*two_people(), mandate("m", "cees", "bram", recorded_at=LATER)])
    assert await ledger.holders_over("bram") == ["anna", "cees"]
    assert await ledger.represented_by("anna") == ["bram"]
    assert await ledger.represented_by("cees") == ["bram"]


async def test_a_holder_named_only_in_a_version_that_came_late_is_found(ledger: Ledger) -> None:
    await ledger.append([mandate("m", "anna", "bram", recorded_at=LAST)])
    await ledger.append([mandate("m", "cees", "bram", recorded_at=LATER), mandate("m", "dora", "ella")])
    assert await ledger.holders_over("bram") == ["anna", "cees"]
    assert await ledger.holders_over("ella") == ["dora"]


async def test_a_batch_that_fails_leaves_nothing_behind(ledger: Ledger) -> None:
    await ledger.append([person("anna")])
    broken = mandate("m", "anna", "bram", valid_until="not an instant")
    with pytest.raises((TypeError, ValueError, AttributeError)):
        await ledger.append([person("bram"), broken, person("cees")])
    assert (await ledger.head()).position == 1
    assert await ledger.ids("person") == ["anna"]
    assert await ledger.find("person", ["bram"]) == {}
    assert (await ledger.verify()).problems == ()
    assert (await ledger.append([person("bram")])).token.position == 2


async def test_tasks_that_write_at_once_leave_no_gap_and_lose_nothing(ledger: Ledger) -> None:
    async def write(writer: int) -> list[int]:
        tokens = []
        for n in range(5):
            batch = [person(f"w{writer}.{n}.{k}") for k in range(3)]
            tokens.append((await ledger.append(batch)).token.position)
        return tokens

    positions = [position for tokens in await asyncio.gather(*map(write, range(6))) for position in tokens]
    assert sorted(positions) == [3 * n for n in range(1, 31)]
    changes = [change async for change in ledger.changes()]
    assert [change.position for change in changes] == list(range(1, 91))
    ids = [fact_of_line(change.line).id for change in changes]
    assert [ids[n][:-2] for n in range(0, 90, 3)] == [ids[n + 2][:-2] for n in range(0, 90, 3)], (
        "a batch stays together"
    )
    assert (await ledger.stats())["person"] == 90
    assert (await ledger.verify()).problems == ()


async def test_a_write_whose_caller_gave_up_is_whole_or_not_there(ledger: Ledger) -> None:
    task = asyncio.create_task(ledger.append([person(f"p{n}") for n in range(200)]))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    after = await ledger.append([person("last")])
    assert after.token.position in {1, 201}
    assert (await ledger.verify()).problems == ()


async def test_closed_and_opened_again(home: Home) -> None:
    ledger = await home.empty()
    token = (await ledger.append(two_people())).token
    again = await home.again()
    assert await again.head() == token
    assert await reason(again, may("anna", "bram")) == "VOLUNTARY_MANDATE"
    assert (await again.append([person("cees")])).token == Token(token.ledger, 6)
    assert (await again.verify()).problems == ()


async def test_two_ledgers_have_different_names(home: Home) -> None:
    first = (await (await home.empty()).head()).ledger
    assert (await (await home.empty()).head()).ledger != first
