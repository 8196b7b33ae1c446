"""What would be answered with facts more or less: exactly what recording them gives, and nothing of it stays."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from authority.facts import Consent, Fact, type_of
from graph.errors import BadInput
from graph.intake import line_of
from graph.ledger import Ledger
from resolvers.explanation import explained
from resolvers.facts import record
from resolvers.whatif import what_if
from tests import generated
from tests.contracts.facts import AT, EARLY, hospital, mandate, may, person
from tests.contracts.homes import Home

_FIXTURES_STAY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
MANDATE: dict[str, Any] = {
    "fact": "authority",
    "id": "new",
    "kind": "VOLUNTARY_MANDATE",
    "representative": "anna",
    "represented": "bert",
    "services": ["h1/record"],
    "valid_from": "2026-01-01",
}


def _object(fact: Fact) -> dict[str, Any]:
    stated: dict[str, Any] = msgspec.json.decode(line_of(fact))
    return stated


def _is_own_refusal(fact: Fact) -> bool:
    return isinstance(fact, Consent) and fact.from_ == fact.represented and not fact.given


@pytest.mark.parametrize("home", ["embedded"], indirect=True)
@settings(_FIXTURES_STAY, max_examples=150)
@given(data=st.data())
async def test_it_is_what_recording_gives(home: Home, data: st.DataObject) -> None:
    await _it_is_what_recording_gives(home, data)


@pytest.mark.parametrize("home", ["neo4j"], indirect=True)
@settings(_FIXTURES_STAY, max_examples=8)  # each is some twenty round trips
@given(data=st.data())
async def test_it_is_what_recording_gives_in_neo4j(home: Home, data: st.DataObject) -> None:
    await _it_is_what_recording_gives(home, data)


async def _it_is_what_recording_gives(home: Home, data: st.DataObject) -> None:
    world = [fact for fact in data.draw(generated.worlds(most=25)) if not _is_own_refusal(fact)]
    more = generated.without_conflicts(data.draw(st.lists(generated.facts, max_size=4)))
    question = data.draw(generated.questions([*world, *more]))
    ledger = await home.empty()
    await ledger.append(world)
    removed = data.draw(st.lists(st.sampled_from(world), max_size=2, unique_by=lambda f: (type_of(f), f.id)))
    add = [_object(fact) for fact in more]
    for each in data.draw(st.lists(st.sampled_from(add), unique_by=id)) if add else ():
        del each["recorded_at"]
    before = await ledger.head()
    moment = generated.NOW if question.known_at is None else question.known_at
    try:
        supposed = await what_if(
            ledger, question, add, [f"{type_of(fact)} {fact.id}" for fact in removed], now=generated.NOW
        )
    except BadInput:
        event("refused")
        return
    assert await ledger.head() == before
    held = await ledger.holding_versions([(type_of(fact), fact.id) for fact in removed])
    if question.known_at is not None:
        at_known = [(type_of(fact), fact.id) for fact in removed]
        held = {}
        for key in at_known:
            versions = [v for _, v in await ledger.history(*key) if v.recorded_at <= question.known_at]
            held[key] = max(reversed(versions), key=lambda version: version.recorded_at)
    done = await record(ledger, add, now=moment)
    assert not done.problems
    await ledger.append(
        [replace(fact, retracted=True, recorded_at=max(moment, fact.recorded_at)) for fact in held.values()]
    )
    real, _ = await explained(ledger, question)
    assert replace(supposed.explanation, decision=replace(supposed.explanation.decision, as_of="")) == replace(
        real, decision=replace(real.decision, as_of="")
    )
    event(supposed.explanation.decision.outcome)


async def _hospital(ledger: Ledger) -> Ledger:
    await ledger.append([*hospital(), person("anna"), person("bert"), person("carl"), mandate("old", "carl", "bert")])
    return ledger


async def test_a_mandate_more_and_a_mandate_less(ledger: Ledger) -> None:
    await _hospital(ledger)
    more = await what_if(ledger, may("anna", "bert"), [MANDATE], [], now=AT)
    assert more.explanation.decision.reason == "VOLUNTARY_MANDATE"
    assert more.added == (("authority", "new"),)
    less = await what_if(ledger, may("carl", "bert"), [], ["old"], now=AT)
    assert less.explanation.decision.reason == "NO_GROUND"
    assert less.removed == (("authority", "old"),)
    assert (await explained(ledger, may("carl", "bert")))[0].decision.reason == "VOLUNTARY_MANDATE"
    assert (await explained(ledger, may("anna", "bert")))[0].decision.reason == "NO_GROUND"


@pytest.mark.parametrize(
    ("add", "remove", "field"),
    [
        ([{"fact": "person", "id": "x"}], [], "add[0].born"),
        ([MANDATE, MANDATE | {"kind": "MAGIC"}], [], "add[1].kind"),
        ([MANDATE, "no object"], [], "add[1]"),
        ([{"fact": "employment", "id": "e", "employee": "anna", "organisation": "nobody"}], [], "add[0].organisation"),
        ([MANDATE] * 51, [], "add"),
        ([], ["old", "unheard-of"], "remove[1]"),
        ([], ["~bm9uZQ"], "remove[0]"),
        ([], ["old"] * 51, "remove"),
        ([], ["both"], "remove[0]"),
    ],
)
async def test_what_is_wrong_is_named_by_its_place(ledger: Ledger, add: Any, remove: list[str], field: str) -> None:
    await _hospital(ledger)
    await ledger.append([mandate("both", "anna", "carl"), _consent("both", "carl", given=True)])
    with pytest.raises(BadInput) as refused:
        await what_if(ledger, may("anna", "bert"), add, remove, now=AT)
    assert refused.value.problems[0].field == field


async def test_a_childs_refusal_is_learnt_neither_by_removing_nor_by_adding(ledger: Ledger) -> None:
    await _hospital(ledger)
    child = person("child", born="2013-01-01")
    parent = replace(mandate("p", "anna", "child"), kind="PARENTAL_SOLE", register="BRP", services=None)
    await ledger.append([child, parent])
    word = {"fact": "consent", "id": "w", "from": "child", "representative": "anna", "represented": "child"}
    supposed = word | {"valid_from": "2026-01-01"}
    silent = await what_if(ledger, may("anna", "child"), [supposed], [], now=AT)
    await ledger.append([_consent("refusal", "child", given=False)])
    refused = await what_if(ledger, may("anna", "child"), [supposed], [], now=AT)
    assert silent.explanation.decision.reason == "PARENTAL_AUTHORITY"
    assert replace(refused.explanation.decision, as_of="") == replace(silent.explanation.decision, as_of="")
    problems = []
    for name in ("refusal", "unheard-of"):
        with pytest.raises(BadInput) as wrong:
            await what_if(ledger, may("anna", "child"), [], [name], now=AT)
        problems.append(wrong.value.problems[0].expected)
    assert problems[0] == problems[1]


def _consent(name: str, giver: str, *, given: bool) -> Consent:
    return Consent(
        id=name,
        register="PROVIDER",
        from_=giver,
        representative="anna",
        represented=giver,
        given=given,
        recorded_at=EARLY,
    )
