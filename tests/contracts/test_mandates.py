"""The mandate life cycle by its three channels, on every ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.ledger import Ledger
from tests.desk_town import DAY, HOUR, Town, citizen, codes, official, town
from tests.resolvers.small import fill

RECORD = 'service: "zee/record"'


@pytest.fixture
async def here(ledger: Ledger, tmp_path: Path) -> AsyncIterator[Town]:
    made = await town(ledger, tmp_path / "desk.sqlite")
    yield made
    made.close()


async def test_the_represented_asks_and_hands_over_the_code(here: Town) -> None:
    assert await here.decided("ingrid", "ria", "zee/record") == "DENY NO_GROUND"
    done = await here.request(citizen("ria"), RECORD)
    assert done["userErrors"] == []
    assert done["request"]["status"] == "REQUESTED"
    assert await here.decided("ingrid", "ria", "zee/record") == "DENY NO_GROUND", "a request is no mandate"

    here.clock += HOUR
    made = await here.activate(citizen("ingrid"), "ria", done["activationCode"].lower().replace("-", " "))
    assert made["mandate"]["status"] == "ACTIVE"
    assert made["mandate"]["id"] == done["request"]["id"], "one id from the request to the end"
    assert made["asOf"] == str(await here.ledger.head())
    assert await here.decided("ingrid", "ria", "zee/record") == "PERMIT VOLUNTARY_MANDATE"
    assert await here.decided("ingrid", "ria", "tax/return") == "DENY NOT_IN_SCOPE", "for one service"
    assert await here.decided("peter", "ria", "zee/record") == "DENY NO_GROUND"
    assert sorted(here.letters("GIVEN")) == [(side, made["mandate"]["id"]) for side in ("ingrid", "ria")]


async def test_the_helper_asks_and_the_code_goes_by_letter(here: Town) -> None:
    done = await here.request(citizen("ingrid"), f'{RECORD}, represented: "ria"')
    assert (done["userErrors"], done["activationCode"]) == ([], None)
    assert here.letters() == [], "nothing is looked at while the helper waits"
    await here.look()
    ((to, mandate),) = here.letters()
    assert (to, mandate) == ("ria", done["request"]["id"])

    # the represented hands it over; only the helper who asked can use it
    assert codes(await here.activate(citizen("peter"), "ria", here.code_in(mandate))) == ["WRONG_CODE"]
    made = await here.activate(citizen("ingrid"), "ria", here.code_in(mandate))
    assert made["mandate"]["status"] == "ACTIVE"
    assert await here.decided("ingrid", "ria", "zee/record") == "PERMIT VOLUNTARY_MANDATE"


async def test_an_official_registers_it_at_a_counter(here: Town) -> None:
    arguments = f'{RECORD}, represented: "ria", representative: "ingrid", identityDocument: PASSPORT'
    made = await here.mandate(official(), "registerMandateAtCounter", arguments)
    assert made["userErrors"] == []
    assert await here.decided("ingrid", "ria", "zee/record") == "PERMIT VOLUNTARY_MANDATE"
    assert sorted(to for to, _ in here.letters("GIVEN")) == ["ingrid", "ria"]


@pytest.mark.parametrize("side", ["ria", "ingrid"])
async def test_either_side_withdraws_at_once_and_the_past_stays_known(here: Town, side: str) -> None:
    mandate = await here.mandated()
    seen_at = here.clock
    here.clock += HOUR
    done = await here.mandate(citizen(side), "withdrawMandate", f'id: "{mandate}"')
    assert done["mandate"]["status"] == "WITHDRAWN"
    assert await here.decided("ingrid", "ria", "zee/record") == "DENY WITHDRAWN"
    past = {"at": "2026-11-24T12:30:00Z", "known_at": "2026-11-24T12:30:00Z"}
    assert seen_at < here.clock
    assert await here.decided("ingrid", "ria", "zee/record", **past) == "PERMIT VOLUNTARY_MANDATE"
    head = await here.ledger.head()
    again = await here.mandate(citizen(side), "withdrawMandate", f'id: "{mandate}"')
    assert (again["userErrors"], await here.ledger.head()) == ([], head), "again changes nothing"
    assert sorted(to for to, _ in here.letters("WITHDRAWN")) == ["ingrid", "ria"], "and tells nobody twice"


async def test_the_represented_renews_at_once_and_the_helper_by_letter(here: Town) -> None:
    done = await here.request(citizen("ria"), f'{RECORD}, validUntil: "2027-01-01T00:00:00Z"')
    made = await here.activate(citizen("ingrid"), "ria", done["activationCode"])
    mandate = made["mandate"]["id"]
    here.clock += DAY
    later = 'validUntil: "2027-06-01T00:00:00Z"'
    renewed = await here.do(
        citizen("ria"), "renewMandate", f'id: "{mandate}", {later}', "mandate { id validUntil } request { id }"
    )
    assert (renewed["mandate"], renewed["request"]) == ({"id": mandate, "validUntil": "2027-06-01T00:00:00Z"}, None)

    asked = await here.do(
        citizen("ingrid"),
        "renewMandate",
        f'id: "{mandate}", validUntil: "2028-01-01T00:00:00Z"',
        "mandate { id } request { id validFrom validUntil }",
    )
    assert asked["userErrors"] == []
    assert (asked["mandate"], asked["request"]["validFrom"]) == (None, "2027-06-01T00:00:00Z")
    await here.look()
    following = await here.activate(citizen("ingrid"), "ria", here.code_in(asked["request"]["id"]))
    assert following["mandate"]["status"] == "PENDING_START"
    in_2027 = {"at": "2027-09-01T00:00:00Z"}
    assert await here.decided("ingrid", "ria", "zee/record", **in_2027) == "PERMIT VOLUNTARY_MANDATE"

    # what was to follow ends with it: it does not come back by itself after half a year
    here.clock += DAY
    gone = await here.do(citizen("ria"), "withdrawMandate", f'id: "{mandate}"', "mandate { id status }")
    assert gone["mandate"] == {"id": mandate, "status": "WITHDRAWN"}
    assert await here.decided("ingrid", "ria", "zee/record") == "DENY WITHDRAWN"
    assert await here.decided("ingrid", "ria", "zee/record", **in_2027) == "DENY WITHDRAWN"
    assert sorted(to for to, _ in here.letters("WITHDRAWN")) == ["ingrid", "ingrid", "ria", "ria"]


async def test_who_withdraws_only_what_was_to_follow_keeps_what_runs(here: Town) -> None:
    made = await here.activate(citizen("ingrid"), "ria", (await here.request(citizen("ria"), RECORD))["activationCode"])
    later = await here.request(citizen("ria"), f'{RECORD}, validFrom: "2027-06-01T00:00:00Z"')
    following = await here.activate(citizen("ingrid"), "ria", later["activationCode"])
    assert following["mandate"]["status"] == "PENDING_START"
    here.clock += DAY
    await here.do(citizen("ria"), "withdrawMandate", f'id: "{following["mandate"]["id"]}"', "mandate { id status }")
    assert await here.decided("ingrid", "ria", "zee/record") == "PERMIT VOLUNTARY_MANDATE"
    assert made["mandate"]["status"] == "ACTIVE"


async def test_a_measure_ends_a_mandate_and_no_new_one_can_be_given(here: Town) -> None:
    mandate = await here.mandated()
    here.clock += DAY
    measure = {"fact": "authority", "id": "c9", "kind": "CURATELE", "representative": "peter", "represented": "ria"}
    await fill(here.ledger, [measure | {"valid_from": "2026-11-25T00:00:00Z"}], recorded_at=here.clock)
    assert await here.decided("ingrid", "ria", "zee/record") == "DENY LAPSED_BY_MEASURE"
    mine = await here.ask(citizen("ingrid"), "{ myMandates(side: RECEIVED) { nodes { id status represented } } }")
    assert mine["data"]["myMandates"]["nodes"] == [{"id": mandate, "status": "LAPSED_BY_LAW", "represented": "ria"}]
    assert codes(await here.request(citizen("ria"), RECORD)) == ["REPRESENTED_NOT_ABLE"]
    renewed = await here.do(citizen("ria"), "renewMandate", f'id: "{mandate}"', "mandate { id }")
    assert codes(renewed) == ["LAPSED_BY_LAW"]


async def test_what_a_crash_left_begun_is_finished_once(here: Town) -> None:
    """The deed was begun and nothing was appended: whoever comes next finishes it."""
    done = await here.request(citizen("ria"), RECORD)

    async def dies(facts: object) -> object:
        raise KeyboardInterrupt

    append = here.ledger.append
    here.ledger.append = dies  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        await here.activate(citizen("ingrid"), "ria", done["activationCode"])
    here.ledger.append = append  # type: ignore[method-assign]
    assert await here.decided("ingrid", "ria", "zee/record") == "DENY NO_GROUND"
    assert codes(await here.activate(citizen("peter"), "ria", done["activationCode"])) == ["CODE_USED"]
    again = await here.activate(citizen("ingrid"), "ria", done["activationCode"])
    assert again["mandate"]["id"] == done["request"]["id"]
    assert len(await here.ledger.history("authority", done["request"]["id"])) == 1
    await here.look()
    assert len(await here.ledger.history("authority", done["request"]["id"])) == 1
    assert sorted(to for to, _ in here.letters("GIVEN")) == ["ingrid", "ria"]


async def test_a_withdrawal_that_a_crash_left_begun_is_not_undone_by_a_renewal(here: Town) -> None:
    mandate = await here.mandated()
    here.clock += HOUR

    async def dies(facts: object) -> object:
        raise KeyboardInterrupt

    append = here.ledger.append
    here.ledger.append = dies  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        await here.mandate(citizen("ria"), "withdrawMandate", f'id: "{mandate}"')
    here.ledger.append = append  # type: ignore[method-assign]
    here.clock += HOUR
    renewed = await here.do(citizen("ria"), "renewMandate", f'id: "{mandate}"', "mandate { id }")
    assert codes(renewed) == ["NOT_ACTIVE"]
    assert await here.decided("ingrid", "ria", "zee/record") == "DENY WITHDRAWN"


async def test_a_register_that_has_not_heard_of_a_withdrawal_does_not_bring_it_back(here: Town) -> None:
    stated = {
        "fact": "authority",
        "id": "digid/1",
        "kind": "VOLUNTARY_MANDATE",
        "representative": "peter",
        "represented": "ria",
        "services": ["zee/record"],
        "valid_from": "2026-01-01",
    }
    await fill(here.ledger, [stated], recorded_at=here.clock)
    here.clock += HOUR
    assert codes(await here.mandate(citizen("ria"), "withdrawMandate", 'id: "digid/1"')) == []
    here.clock += HOUR
    await fill(here.ledger, [stated], recorded_at=here.clock)
    assert await here.decided("peter", "ria", "zee/record") == "PERMIT VOLUNTARY_MANDATE", "until the desk looks"
    await here.look()
    assert await here.decided("peter", "ria", "zee/record") == "DENY WITHDRAWN"
    assert here.office.desk.requests.kept_withdrawn() == ["digid/1"]
    # it has heard
    here.clock += HOUR
    await fill(here.ledger, [stated | {"status": "ENDED"}], recorded_at=here.clock)
    await here.look()
    assert here.office.desk.requests.kept_withdrawn() == []
    assert await here.decided("peter", "ria", "zee/record") == "DENY EXPIRED"
