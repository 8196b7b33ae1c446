"""Whoever tries what is not theirs, and what they get."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from graph.desk import Codes
from graph.embedded import EmbeddedGraph
from resolvers.caller import WITHIN, Caller
from resolvers.office import Limits
from tests.desk_town import DAY, HOUR, NOBODY, Town, citizen, codes, official, provider, town
from tests.resolvers.small import fill

RECORD = 'service: "zee/record"'
WRONG = "BBBB-BBBB-BBBB"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    ledger = EmbeddedGraph.open(str(tmp_path / "graph"))
    made = await town(ledger, tmp_path / "desk.sqlite")
    yield made
    made.close()
    await ledger.close()


async def guess(here: Town, person: str, represented: str = "ria", code: str = WRONG) -> list[str]:
    return codes(await here.activate(citizen(person), represented, code))


async def test_five_wrong_codes_an_hour_and_then_the_right_one_does_not_help_either(here: Town) -> None:
    right = (await here.request(citizen("ria"), RECORD))["activationCode"]
    assert [await guess(here, "ingrid") for _ in range(6)] == [["WRONG_CODE"]] * 5 + [["TOO_MANY_ATTEMPTS"]]
    assert await guess(here, "ingrid", code=right) == ["TOO_MANY_ATTEMPTS"]
    assert await guess(here, "ingrid", "nobody") == ["TOO_MANY_ATTEMPTS"], "whoever it is about"
    here.clock += HOUR
    assert await guess(here, "ingrid", code=right) == []


async def test_fifteen_a_day_and_twenty_about_one_person_by_everybody_together(here: Town) -> None:
    heard = []
    for _ in range(4):
        heard += [(await guess(here, "ingrid"))[0] for _ in range(5)]
        here.clock += HOUR
    assert heard == ["WRONG_CODE"] * 15 + ["TOO_MANY_ATTEMPTS"] * 5
    assert [(await guess(here, "peter"))[0] for _ in range(5)] == ["WRONG_CODE"] * 5
    assert await guess(here, "karin") == ["TOO_MANY_ATTEMPTS"]
    assert await guess(here, "karin", "nobody") == ["WRONG_CODE"]
    here.clock += DAY
    assert await guess(here, "karin") == ["WRONG_CODE"]


async def test_many_guesses_at_once_are_no_way_round(here: Town) -> None:
    heard = await asyncio.gather(*(guess(here, "ingrid") for _ in range(20)))
    assert sorted(each[0] for each in heard) == ["TOO_MANY_ATTEMPTS"] * 15 + ["WRONG_CODE"] * 5


async def test_a_right_code_does_not_count_as_a_guess(here: Town) -> None:
    for _ in range(4):
        assert await guess(here, "ingrid") == ["WRONG_CODE"]
    right = (await here.request(citizen("ria"), RECORD))["activationCode"]
    assert await guess(here, "ingrid", code=right) == []
    assert await guess(here, "ingrid") == ["WRONG_CODE"]
    assert await guess(here, "ingrid") == ["TOO_MANY_ATTEMPTS"]


async def test_a_wrong_code_and_an_unknown_person_are_one_answer(here: Town) -> None:
    await here.request(citizen("ria"), RECORD)
    known = await here.activate(citizen("ingrid"), "ria", WRONG)
    unknown = await here.activate(citizen("ingrid"), "nobody-at-all", WRONG)
    without = await here.activate(citizen("ingrid"), "peter", WRONG)
    under_curatele = await here.activate(citizen("ingrid"), "ward", WRONG)
    assert known == unknown == without == under_curatele


async def test_a_wrong_code_costs_the_same_whoever_it_is_about(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hashes, the same reads of the ledger, and the same statements in the desk, in the same order."""
    await here.request(citizen("ria"), RECORD)
    done: list[str] = []
    here.office.desk.database._connection.set_trace_callback(lambda text: done.append(text.split("'")[0][:60]))
    for name in ("neighbourhood", "find", "history", "holding_versions"):
        method = getattr(here.ledger, name)

        async def counted(*given: Any, name: str = name, method: Any = method, **more: Any) -> Any:
            done.append(name)
            return await method(*given, **more)

        monkeypatch.setattr(here.ledger, name, counted)
    hash_of = Codes.hash_of

    def hashed(self: Codes, code: str, represented: str) -> bytes:
        done.append("hash")
        return hash_of(self, code, represented)

    monkeypatch.setattr(Codes, "hash_of", hashed)
    work = {}
    for person in ("ria", "peter", "ward", "gone", "nobody-at-all"):
        done.clear()
        assert await guess(here, "ingrid", person) == ["WRONG_CODE"]
        work[person] = list(done)
    assert work["ria"].count("hash") == 1
    assert len(set(map(tuple, work.values()))) == 1


async def test_a_helper_waits_as_long_for_somebody_as_for_nobody(tmp_path: Path) -> None:
    """By the ranks of 200 answers each, taken in turns (Mann-Whitney): further apart than chance allows would show."""
    ledger = EmbeddedGraph.open(str(tmp_path / "graph"))
    here = await town(ledger, tmp_path / "desk.sqlite", limits=Limits(requests_a_day=10_000))
    took: list[tuple[float, str]] = []
    for turn in range(400):
        person = ("ria", "nobody-at-all")[turn % 2]
        began = time.perf_counter()
        await here.request(citizen("ingrid"), f'{RECORD}, represented: "{person}"')
        took.append((time.perf_counter() - began, person))
    ranks = sum(rank for rank, (_, person) in enumerate(sorted(took), 1) if person == "ria")
    mean, deviation = 200 * 401 / 2, (200 * 200 * 401 / 12) ** 0.5
    assert abs(ranks - mean) / deviation < 4.5
    here.close()
    await ledger.close()


async def test_a_used_code_is_of_no_use_to_another_and_changes_nothing_for_its_own(here: Town) -> None:
    right = (await here.request(citizen("ria"), RECORD))["activationCode"]
    first = await here.activate(citizen("ingrid"), "ria", right)
    head = await here.ledger.head()
    assert await guess(here, "peter", code=right) == ["CODE_USED"]
    again = await here.activate(citizen("ingrid"), "ria", right)
    assert (again["mandate"], again["userErrors"]) == (first["mandate"], [])
    assert await here.ledger.head() == head
    await here.mandate(citizen("ria"), "withdrawMandate", f'id: "{first["mandate"]["id"]}"')
    replayed = await here.activate(citizen("ingrid"), "ria", right)
    assert replayed["mandate"]["status"] == "WITHDRAWN", "a replay brings nothing back"
    assert await here.decided("ingrid", "ria", "zee/record") == "DENY WITHDRAWN"


async def test_two_who_bring_one_code_at_once_make_one_mandate(here: Town) -> None:
    right = (await here.request(citizen("ria"), RECORD))["activationCode"]
    heard = await asyncio.gather(*(here.activate(citizen(each), "ria", right) for each in ("ingrid", "peter")))
    assert sorted(codes(each) for each in heard) == [[], ["CODE_USED"]]
    (winner,) = [each["mandate"]["representative"] for each in heard if each["mandate"]]
    loser = {"ingrid": "peter", "peter": "ingrid"}[winner]
    assert await here.decided(winner, "ria", "zee/record") == "PERMIT VOLUNTARY_MANDATE"
    assert await here.decided(loser, "ria", "zee/record") == "DENY NO_GROUND"


async def test_an_expired_code_and_a_cancelled_one_do_not_work(here: Town) -> None:
    done = await here.request(citizen("ria"), RECORD)
    other = await here.request(citizen("ria"), 'service: "tax/return"')
    cancelled = await here.mandate(citizen("ria"), "withdrawMandate", f'id: "{other["request"]["id"]}"')
    assert (cancelled["userErrors"], cancelled["mandate"]) == ([], None)
    assert await guess(here, "ingrid", code=other["activationCode"]) == ["WRONG_CODE"]
    here.clock += 90 * DAY
    assert await guess(here, "ingrid", code=done["activationCode"]) == ["CODE_EXPIRED"]
    assert await here.decided("ingrid", "ria", "zee/record") == "DENY NO_GROUND"
    listed = await here.ask(citizen("ria"), "{ myMandateRequests { id status } }")
    assert {each["id"]: each["status"] for each in listed["data"]["myMandateRequests"]} == {
        done["request"]["id"]: "CODE_EXPIRED",
        other["request"]["id"]: "CANCELLED",
    }


async def test_a_code_for_one_person_is_none_for_another_and_none_for_oneself(here: Town) -> None:
    right = (await here.request(citizen("ria"), f'{RECORD}, representative: "ingrid"'))["activationCode"]
    assert await guess(here, "ingrid", "peter", right) == ["WRONG_CODE"]
    assert await guess(here, "peter", "ria", right) == ["WRONG_CODE"], "it was meant for Ingrid"
    assert await guess(here, "ria", "ria", right) == ["OWN_MANDATE"]
    assert await guess(here, "ingrid", "ria", right) == []


@pytest.mark.parametrize(
    "person", ["nobody-at-all", "gone", "small", "foggy", "ward", "owner", "tim", "ria", "peter", "kompas"]
)
async def test_a_helper_learns_nothing_about_a_stranger(here: Town, person: str) -> None:
    """The same answer and the same list, whoever it is, and nothing of the person is read meanwhile."""
    read: list[str] = []
    neighbourhood = here.ledger.neighbourhood

    async def watched(question: Any, as_of: int | None = None) -> Any:
        read.extend((question.represented, question.representative))
        return await neighbourhood(question, as_of)

    here.ledger.neighbourhood = watched  # type: ignore[method-assign]
    done = await here.request(citizen("ingrid"), f'{RECORD}, represented: "{person}"')
    assert person not in read
    here.ledger.neighbourhood = neighbourhood  # type: ignore[method-assign]
    for _ in range(2):
        listed = await here.ask(citizen("ingrid"), "{ myMandateRequests { id status represented codeValidUntil } }")
        (mine,) = listed["data"]["myMandateRequests"]
        assert (mine["id"], mine["status"], mine["represented"]) == (done["request"]["id"], "REQUESTED", person)
        await here.look()
    assert (done["userErrors"], done["activationCode"], done["request"]["status"]) == ([], None, "REQUESTED")
    sent = [to for to, _ in here.letters()]
    assert sent == ([person] if person in ("ria", "peter") else []), "and only who can give one gets a letter"


async def test_nobody_is_flooded_with_letters_and_nobody_floods(here: Town) -> None:
    for _ in range(10):
        assert codes(await here.request(citizen("ingrid"), f'{RECORD}, represented: "ria"')) == []
    assert codes(await here.request(citizen("ingrid"), f'{RECORD}, represented: "ria"')) == ["TOO_MANY_REQUESTS"]
    await here.look()
    assert len(here.letters()) == 3
    listed = (await here.ask(citizen("ingrid"), "{ myMandateRequests { status } }"))["data"]["myMandateRequests"]
    assert [each["status"] for each in listed] == ["REQUESTED"] * 10, "which of them had a letter is not told"
    assert len((await here.ask(citizen("ria"), "{ myMandateRequests { id } }"))["data"]["myMandateRequests"]) == 3
    for _ in range(4):
        assert codes(await here.request(citizen("peter"), f'{RECORD}, represented: "ria"')) == []
    await here.look()
    assert len(here.letters()) == 5, "one helper leaves some for another"


async def test_mass_withdrawal_is_slowed_down_and_told_but_never_of_ones_own(tmp_path: Path) -> None:
    ledger = EmbeddedGraph.open(str(tmp_path / "graph"))
    here = await town(ledger, tmp_path / "desk.sqlite", limits=Limits(withdrawals_an_hour=3, requests_a_day=100))
    mandates = [await here.mandated() for _ in range(6)]
    taken = [
        codes(await here.mandate(official(), "withdrawMandate", f'id: "{each}", identityDocument: PASSPORT'))
        for each in mandates[:4]
    ]
    assert taken == [[], [], [], ["TOO_MANY_REQUESTS"]]
    assert len(here.letters("WITHDRAWN")) == 6, "both sides hear of each"
    for each in mandates[3:]:
        assert codes(await here.mandate(citizen("ria"), "withdrawMandate", f'id: "{each}"')) == []
    mandates = [await here.mandated() for _ in range(4)]
    taken = [codes(await here.mandate(citizen("ingrid"), "withdrawMandate", f'id: "{each}"')) for each in mandates]
    assert taken == [[], [], [], ["TOO_MANY_REQUESTS"]]
    here.close()
    await ledger.close()


async def test_a_mandate_of_others_is_one_that_is_not_there(here: Town) -> None:
    mandate = await here.mandated()
    head = await here.ledger.head()
    for mutation in ("withdrawMandate", "renewMandate"):
        for name in (mandate, "mandate/none", "c1", "p1"):
            done = await here.do(citizen("peter"), mutation, f'id: "{name}"', "mandate { id }")
            assert codes(done) == ["MANDATE_UNKNOWN"], (mutation, name)
    assert await here.ledger.head() == head
    mine = await here.ask(citizen("peter"), "{ myMandates(side: RECEIVED) { nodes { id } } myMandateRequests { id } }")
    assert mine["data"] == {"myMandates": {"nodes": []}, "myMandateRequests": []}


CALLS = {
    "requestMandate": (RECORD, "request { id }"),
    "activateMandate": (f'represented: "ria", code: "{WRONG}"', "mandate { id }"),
    "registerMandateAtCounter": (
        f'{RECORD}, represented: "ria", representative: "ingrid", identityDocument: PASSPORT',
        "mandate { id }",
    ),
    "renewMandate": ('id: "m"', "mandate { id }"),
    "withdrawMandate": ('id: "m"', "mandate { id }"),
}


@pytest.mark.parametrize("mutation", CALLS)
async def test_nobody_and_the_wrong_role_may_do_nothing(here: Town, mutation: str) -> None:
    head = await here.ledger.head()
    for caller in (NOBODY, WITHIN, Caller(subject="ria"), Caller(role="CITIZEN"), Caller(role="COUNTER")):
        heard = codes(await here.do(caller, mutation, *CALLS[mutation]))
        assert heard in (["UNAUTHENTICATED"], ["FORBIDDEN"], ["MANDATE_UNKNOWN"]), caller
    for role in ("PROVIDER", "REGISTER", "OPERATOR", "AUDITOR", "EXPLORER"):
        caller = Caller(role=role, subject="ria", party="zee", assurance="HIGH")
        assert codes(await here.do(caller, mutation, *CALLS[mutation])) == ["FORBIDDEN"], role
    assert await here.ledger.head() == head
    assert here.office.desk.requests.of_person("ria", 0) == []


async def test_an_official_does_nothing_for_themselves_or_without_a_document(here: Town) -> None:
    counter = f'{RECORD}, identityDocument: PASSPORT, represented: "ria", representative: '
    assert codes(await here.mandate(official("clerk"), "registerMandateAtCounter", f'{counter}"clerk"')) == [
        "FORBIDDEN"
    ]
    assert codes(await here.mandate(citizen("clerk"), "registerMandateAtCounter", f'{counter}"ingrid"')) == [
        "FORBIDDEN"
    ]
    mandate = await here.mandated("ria", "clerk")
    for mutation in ("withdrawMandate", "renewMandate"):
        seen = f'id: "{mandate}", identityDocument: PASSPORT'
        assert codes(await here.do(official("clerk"), mutation, seen, "mandate { id }")) == ["FORBIDDEN"]
        bare = await here.do(official(), mutation, f'id: "{mandate}"', "mandate { id }")
        assert codes(bare) == ["EVIDENCE_REQUIRED"]


@pytest.mark.parametrize(
    ("person", "arguments", "code"),
    [
        ("teen", RECORD, "REPRESENTED_TOO_YOUNG"),
        ("foggy", RECORD, "BIRTH_DATE_UNCERTAIN"),
        ("ward", RECORD, "REPRESENTED_NOT_ABLE"),
        ("owner", RECORD, "REPRESENTED_NOT_ABLE"),
        ("tim", RECORD, "REPRESENTED_NOT_ABLE"),
        ("gone", RECORD, "REPRESENTED_DECEASED"),
        ("stranger", RECORD, "REPRESENTED_UNKNOWN"),
        ("ria", 'service: "zee/none"', "SERVICE_NOT_OFFERED"),
        ("ria", 'service: "new/record"', "PROVIDER_NOT_LIVE"),
        ("ria", 'service: "paper/record"', "MANDATE_ROUTE_REQUIRED"),
        ("ria", 'service: "town/own"', "NOT_MANDATABLE"),
        ("ria", f'{RECORD}, representative: "ria"', "OWN_MANDATE"),
        ("ria", f'{RECORD}, validUntil: "2032-01-01T00:00:00Z"', "PERIOD_TOO_LONG"),
        ("ria", f'{RECORD}, validUntil: "2026-11-24T11:00:00Z"', "WRONG_PERIOD"),
        ("ria", f'{RECORD}, validFrom: "2026-11-23T12:00:00Z"', "WRONG_PERIOD"),
        ("ria", f'{RECORD}, validFrom: "2028-11-23T12:00:00Z"', "WRONG_PERIOD"),
        ("ingrid", f'{RECORD}, represented: "ria", representative: "peter"', "FORBIDDEN"),
        ("karin", f'{RECORD}, represented: "ria", organisation: "cijfers"', "EMPLOYEE_NOT_AUTHORISED"),
        ("ingrid", f'{RECORD}, represented: "ria", organisation: "cijfers"', "NOT_EMPLOYED"),
        ("kid", f'{RECORD}, represented: "ria"', "REPRESENTATIVE_TOO_YOUNG"),
        ("teen", 'service: "tax/return", represented: "ria"', "REPRESENTATIVE_TOO_YOUNG"),
        ("ward", f'{RECORD}, represented: "ria"', "REPRESENTATIVE_INCAPABLE"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_reason(here: Town, person: str, arguments: str, code: str) -> None:
    assert codes(await here.request(citizen(person), arguments)) == [code]
    assert here.office.desk.requests.of_person(person, 0) == []


async def test_a_weak_login_gives_nothing_away(here: Town) -> None:
    for assurance in ("LOW", "BASIC", None):
        weak = citizen("ria", assurance=assurance)
        assert codes(await here.request(weak, RECORD)) == ["STEP_UP_REQUIRED"]
    right = (await here.request(citizen("ria"), RECORD))["activationCode"]
    heard = await here.activate(citizen("ingrid", assurance="LOW"), "ria", right)
    assert codes(heard) == ["STEP_UP_REQUIRED"]
    assert await guess(here, "ingrid", code=right) == [], "and the code still works"


async def test_an_organisation_acts_through_who_works_there_for_that_service(here: Town) -> None:
    right = (await here.request(citizen("ria"), 'service: "tax/return"'))["activationCode"]
    through = ', organisation: "cijfers"'
    assert codes(await here.activate(citizen("kees"), "ria", right, through)) == ["EMPLOYEE_NOT_AUTHORISED"]
    assert codes(await here.activate(citizen("ingrid"), "ria", right, through)) == ["NOT_EMPLOYED"]
    assert codes(await here.activate(citizen("karin", party="kompas"), "ria", right, through)) == ["FORBIDDEN"]
    made = await here.activate(citizen("karin"), "ria", right, through)
    assert made["mandate"]["representative"] == "cijfers"
    ask = ("karin", "ria", "tax/return")
    assert await here.decided(*ask, organisation="cijfers") == "PERMIT VOLUNTARY_MANDATE"
    assert await here.decided(*ask) == "DENY NO_GROUND"
    name = made["mandate"]["id"]
    assert codes(await here.mandate(citizen("kees"), "withdrawMandate", f'id: "{name}"')) == ["MANDATE_UNKNOWN"]
    assert codes(await here.mandate(citizen("karin"), "withdrawMandate", f'id: "{name}"')) == []


async def test_what_changed_between_asking_and_using_counts(here: Town) -> None:
    right = (await here.request(citizen("ria"), RECORD))["activationCode"]
    measure = {"fact": "authority", "id": "c9", "kind": "CURATELE", "representative": "peter", "represented": "ria"}
    await fill(here.ledger, [measure | {"valid_from": "2026-11-01T00:00:00Z"}], recorded_at=here.clock)
    heard = await here.activate(citizen("ingrid"), "ria", right)
    assert codes(heard) == ["NOT_POSSIBLE"], "why is told to the represented alone"


async def test_a_withdrawal_takes_codes_on_their_way_along(here: Town) -> None:
    mandate = await here.mandated()
    asked = await here.request(citizen("ingrid"), f'{RECORD}, represented: "ria"')
    own = await here.request(citizen("ria"), RECORD)
    other = await here.request(citizen("ria"), f'{RECORD}, representative: "peter"')
    await here.look()
    await here.mandate(citizen("ria"), "withdrawMandate", f'id: "{mandate}"')
    assert await guess(here, "ingrid", code=here.code_in(asked["request"]["id"])) == ["WRONG_CODE"]
    assert await guess(here, "ingrid", code=own["activationCode"]) == ["WRONG_CODE"]
    assert await guess(here, "peter", code=other["activationCode"]) == []


async def test_no_code_stands_in_the_file(here: Town) -> None:
    done = await here.request(citizen("ria"), RECORD)
    await here.request(citizen("ingrid"), f'{RECORD}, represented: "ria"')
    await here.look()
    codes_sent = [done["activationCode"], *(here.code_in(mandate) for _, mandate in here.letters())]
    assert len(codes_sent) == 2
    here.office.desk.database.close()
    for path in here.path.parent.glob("desk.sqlite*"):
        content = path.read_bytes()
        for code in codes_sent:
            assert code.encode() not in content
            assert code.replace("-", "").encode() not in content


async def test_the_message_is_in_the_language_of_the_caller(here: Town) -> None:
    for language, words in (("nl", "Machtigen kan vanaf 18 jaar."), ("en", "One can give a mandate from 18 years on.")):
        done = await here.do(citizen("teen"), "requestMandate", RECORD, "request { id }", language=language)
        assert done["userErrors"][0]["message"] == words


async def test_a_server_without_a_desk_or_key_says_so(here: Town) -> None:
    here.office = msgspec.structs.replace(here.office, codes=None)
    assert codes(await here.request(citizen("ria"), RECORD)) == ["NOT_CONFIGURED"]
    here.office = msgspec.structs.replace(here.office, letters=False)
    assert codes(await here.request(citizen("ingrid"), f'{RECORD}, represented: "ria"')) == ["NOT_CONFIGURED"]
    # at the counter no code is needed
    counter = f'{RECORD}, represented: "ria", representative: "ingrid", identityDocument: PASSPORT'
    assert codes(await here.mandate(official(), "registerMandateAtCounter", counter)) == []


async def test_a_provider_withdraws_nothing(here: Town) -> None:
    mandate = await here.mandated()
    assert codes(await here.mandate(provider("zee"), "withdrawMandate", f'id: "{mandate}"')) == ["FORBIDDEN"]
