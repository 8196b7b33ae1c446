"""What has been learnt since a past decision: the same on every graph, and the reason wherever the answer differs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from authority.codes import FactType
from authority.decide import decide
from authority.facts import TYPES, Authority, Fact, type_of
from authority.learnt import DECISION_FIELDS
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from graph.ledger import Ledger, View
from resolvers.decisions import decide_at
from resolvers.explanation import learnt_since
from tests import generated
from tests.contracts.facts import AT, EARLY, LAST, LATER, hospital, mandate, may, person
from tests.contracts.homes import Home
from tests.contracts.reference import Reference
from tests.contracts.test_agreement import what_matters

_FIXTURES_STAY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def _over_another(fact: Fact) -> bool:
    """Nobody holds authority over themselves: who must be asked then is the one whose refusal nobody learns of."""
    return not (isinstance(fact, Authority) and fact.representative == fact.represented)


def _around(question: Question, everything: Neighbourhood) -> Iterator[tuple[FactType, str]]:
    """The facts that may matter to a question, as the contract of graphs has it."""
    for part in what_matters(question, everything):
        found = part.values() if isinstance(part, dict) else part if isinstance(part, set) else [part]
        for each in found:
            for fact in each if isinstance(each, (set, tuple)) else [each]:
                if isinstance(fact, tuple(TYPES.values())):
                    yield type_of(fact), fact.id  # type: ignore[arg-type, attr-defined]


def _stated(held: tuple[int, Fact] | None) -> Fact | None:
    return None if held is None or held[1].retracted else held[1]


@pytest.mark.parametrize("home", ["embedded"], indirect=True)
@settings(_FIXTURES_STAY, max_examples=60)
@given(data=st.data())
async def test_an_answer_differs_only_for_a_fact_that_is_listed(home: Home, data: st.DataObject) -> None:
    await _an_answer_differs_only_for_a_fact_that_is_listed(home, data)


@pytest.mark.parametrize("home", ["neo4j"], indirect=True)
@settings(_FIXTURES_STAY, max_examples=8)  # each is some twenty round trips; what both read is compared elsewhere
@given(data=st.data())
async def test_an_answer_differs_only_for_a_fact_that_is_listed_in_neo4j(home: Home, data: st.DataObject) -> None:
    await _an_answer_differs_only_for_a_fact_that_is_listed(home, data)


async def _an_answer_differs_only_for_a_fact_that_is_listed(home: Home, data: st.DataObject) -> None:
    world = [fact for fact in data.draw(generated.worlds(most=20)) if _over_another(fact)]
    more = data.draw(st.lists(generated.facts.filter(_over_another), max_size=8))
    ledger, reference = await home.empty(), Reference()
    for portion in (world, more):
        await ledger.append(portion)
        reference.append(portion)
    positions = st.one_of(st.none(), st.just(len(world)), st.integers(0, len(reference.facts)))
    for question in data.draw(st.lists(generated.questions([*world, *more]), min_size=2, max_size=4)):
        as_of = data.draw(positions)
        (answer,) = await decide_at(ledger, [question], as_of)
        since, now = await learnt_since(ledger, answer)

        everything = decide(question, reference.neighbourhood(replace(question, known_at=None)))
        assert replace(since.decision_now, as_of="") == replace(everything, as_of="")
        assert now.decision == since.decision_now
        told = {name: getattr(answer.decision, name) for name in DECISION_FIELDS}
        assert (since.differs_in == ()) == (told == {name: getattr(everything, name) for name in DECISION_FIELDS})
        assert since.facts or not since.differs, "something must have been learnt"

        event(f"differs: {since.differs}, learnt: {bool(since.facts)}")
        then, is_now = reference.versions(as_of, question.known_at), reference.versions(None, None)
        around = {
            key
            for known_at, until in ((question.known_at, as_of), (None, None))
            for key in _around(question, reference.neighbourhood(replace(question, known_at=known_at), until))
        }
        stated_anew = {key for key in around if _stated(then.get(key)) != _stated(is_now.get(key))}
        listed = {(each.fact, each.id) for each in since.facts}
        assert {key for key in listed ^ stated_anew if key[0] != "consent"} == set(), "all of it, and nothing else"
        for each in since.facts:
            position, version = is_now[each.fact, each.id]
            if each.fact != "consent":  # one that is overruled bears the marks of what overrules it
                assert (position, version.recorded_at) == (each.position, each.recorded_at)
                assert then.get((each.fact, each.id)) != (position, version)
                assert version.retracted == (each.change == "RETRACTED")


async def test_nothing_learnt_is_nothing_different(ledger: Ledger) -> None:
    await ledger.append([*hospital(), person("anna"), person("bram"), mandate("m", "anna", "bram")])
    for question, as_of in ((may("anna", "bram"), 5), (may("anna", "bram", known_at=LATER), None)):
        (answer,) = await decide_at(ledger, [question], as_of)
        assert answer.decision.outcome == "PERMIT"
        since, now = await learnt_since(ledger, answer)
        assert (since.facts, since.differs_in, since.decision_now) == ((), (), answer.decision)
        assert now.around.as_of == str(await ledger.head())


async def test_a_withdrawal_that_the_ledger_learnt_later(ledger: Ledger) -> None:
    await ledger.append([*hospital(), person("anna"), person("bram"), mandate("m", "anna", "bram")])
    withdrawn = mandate("m", "anna", "bram", status="WITHDRAWN", recorded_at=LATER)
    elsewhere: list[Fact] = [person("cora"), mandate("other", "cora", "dirk", recorded_at=LAST)]
    await ledger.append([withdrawn, *elsewhere])

    # the ledger as it was knew nothing of it, whenever the register says that it knew
    (then,) = await decide_at(ledger, [may("anna", "bram")], 5)
    since, _ = await learnt_since(ledger, then)
    assert [(f.fact, f.id, f.change, f.position, f.recorded_at) for f in since.facts] == [
        ("authority", "m", "CORRECTED", 6, LATER)
    ]
    assert since.decision_now.reason == "WITHDRAWN"
    assert since.differs_in == ("outcome", "reason", "reasons")

    # by then the register knew it, though the ledger learnt it later: it was part of that decision
    (then,) = await decide_at(ledger, [may("anna", "bram", known_at=LATER)], None)
    assert then.decision.reason == "WITHDRAWN"
    since, _ = await learnt_since(ledger, then)
    assert (since.facts, since.differs) == ((), False)

    # both: neither the ledger nor the register
    for question, as_of in ((may("anna", "bram", known_at=LATER), 5), (may("anna", "bram", known_at=EARLY), 6)):
        (then,) = await decide_at(ledger, [question], as_of)
        assert then.decision.outcome == "PERMIT"
        since, _ = await learnt_since(ledger, then)
        assert [(f.id, f.position) for f in since.facts] == [("m", 6)]
        assert since.differs


async def test_facts_added_and_taken_back(ledger: Ledger) -> None:
    await ledger.append([*hospital(), person("anna"), person("bram"), mandate("m", "anna", "bram")])
    (then,) = await decide_at(ledger, [may("anna", "bram", known_at=EARLY)], None)
    moved = mandate("m", "anna", "cora", recorded_at=LATER)
    await ledger.append([moved, mandate("n", "anna", "bram", recorded_at=LATER), person("bram", died=AT - 1)])
    await ledger.append([person("anna", retracted=True, recorded_at=LAST)])
    assert await ledger.versions([("person", "anna")], View(8)) == {("person", "anna"): (3, person("anna"))}
    since, _ = await learnt_since(ledger, then)
    assert [(f.id, f.change) for f in since.facts if f.position > 5] == [
        ("m", "CORRECTED"),  # now over somebody else
        ("n", "ADDED"),
        ("bram", "CORRECTED"),
        ("anna", "RETRACTED"),
    ]
    assert since.decision_now.reason == "NO_GROUND"
