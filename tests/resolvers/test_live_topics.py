"""No fact that changes a decision is missed: what a standing question waits for, against the plainest reading."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from authority.decide import decide
from authority.facts import Authority, Fact, Person, Register, type_of
from authority.moments import DAY_US, SINCE_EVER
from authority.question import Question
from graph.following import Step, topics_of
from resolvers.decisions import Answer
from resolvers.live import _Standing, _topics
from tests import generated
from tests.contracts.reference import Reference


def step_of(reference: Reference, fact: Fact) -> Step:
    before = reference.newest().get((type_of(fact), fact.id))
    return Step(len(reference.facts) + 1, fact, before, before is None or fact.recorded_at >= before.recorded_at)


def tell(standing: _Standing, reference: Reference, now: int) -> None:
    question = standing.at(now)
    around = reference.neighbourhood(question)
    standing.told = decide(question, around)
    standing.topics = _topics(standing, Answer(question, standing.told, around))


def near(question: Question, world: list[Fact]) -> st.SearchStrategy[Fact]:
    """Facts that are likely to matter to it: what was stated before stated anew, and new ones about it."""
    people = [fact for fact in world if isinstance(fact, Person)]
    held = [fact for fact in world if isinstance(fact, Authority)]
    return st.one_of(
        *(st.sampled_from(again).flatmap(stated_anew) for again in (world, people, held, held)),
        generated.facts,
        grounds(question),
        generated.service_facts(question.service_id),
        generated.provider_facts(question.provider),
        generated.registers(),
    )


@st.composite
def asked(draw: st.DrawFn) -> Question:
    """By somebody of age, of a service that there is."""
    return Question(
        representative="p1",
        represented=draw(st.sampled_from(("p1", "p2", *("p3",) * 6))),
        provider="h1",
        service=draw(st.sampled_from([f"h1/{short}" for short in generated.SHORT_NAMES])),
        assurance="HIGH",
        at=generated.NOW - DAY_US,
        known_at=draw(st.sampled_from((None, None, None, generated.NOW))),
        organisation=draw(st.sampled_from((*(None,) * 9, "o1"))),
        act=draw(st.sampled_from(("ORDINARY", "ORDINARY", "DISPOSAL"))),
    )


_HELD = generated.authorities().filter(lambda fact: fact.representative is not None)


@st.composite
def grounds(draw: st.DrawFn, question: Question) -> Authority:
    """In force, and mostly for the one who asks."""
    asker = draw(st.sampled_from((question.asker, question.asker, "p2", "p5", "o2")))
    parental = draw(st.sampled_from(("PARENTAL_JOINT", "PARENTAL_JOINT", "SHARED_AUTHORITY", None)))
    return replace(
        draw(_HELD),
        **({"kind": parental, "register": "BRP", "goods": None, "candidates": ()} if parental else {}),
        represented=draw(st.sampled_from((question.represented, question.represented, question.represented, asker))),
        representative=asker,
        services=(question.service,),
        providers=None,
        domains=None,
        status="ACTIVE",
        valid_from=generated.DAYS[0],
        valid_until=None,
        retracted=False,
        under_investigation=False,
        recorded_at=SINCE_EVER,
    )


@st.composite
def stated_anew(draw: st.DrawFn, fact: Fact) -> Fact:
    """By its register, now: withdrawn, moved to somebody else, or otherwise."""
    changed: dict[str, Any] = {"recorded_at": generated.NOW}
    match fact:
        case Authority():
            changed |= draw(
                st.sampled_from(
                    (
                        {"status": "WITHDRAWN"},
                        {"represented": draw(generated.people)},
                        {"representative": draw(generated.people)} if fact.representative else {},
                        {"valid_until": generated.NOW - 1},
                        {"under_investigation": True},
                    )
                )
            )
        case Person():
            changed |= {"born": draw(st.sampled_from(generated.BORN)), "died": draw(st.sampled_from((None, 0)))}
        case Register():
            changed |= {"heard_from": draw(st.sampled_from((generated.NOW - DAY_US, generated.NOW)))}
        case _:
            changed |= {"retracted": draw(st.booleans())}
    return replace(fact, **changed)


@settings(deadline=None, max_examples=120)
@given(data=st.data())
def test_whatever_changes_the_decision_is_waited_for(data: st.DataObject) -> None:
    question = data.draw(asked())
    world = [*data.draw(generated.worlds(most=0)), *data.draw(st.lists(grounds(question), min_size=1, max_size=4))]
    child = Person(id="p3", register="BRP", born="2016-07-01", recorded_at=SINCE_EVER)
    world = generated.without_conflicts([child, *world])
    about_now = data.draw(st.sampled_from((True, True, False)))
    reference = Reference()
    reference.append(world)
    now = question.at
    standing = _Standing(question, about_now=about_now)
    tell(standing, reference, now)
    for fact in data.draw(st.lists(near(question, world), min_size=5, max_size=25)):
        if fact in reference.facts:
            continue
        now += data.draw(st.sampled_from((0, 0, 0, DAY_US)))
        topics = topics_of(step_of(reference, fact), now)
        reference.append([fact])
        before, waits = standing.told, bool(topics & standing.topics)
        assert before is not None
        came = about_now and before.valid_until is not None and before.valid_until <= now
        decision = decide(standing.at(now), reference.neighbourhood(standing.at(now)))
        assert waits or came or not standing._differs(before, decision, now), (fact, question, before)
        if waits or came:
            tell(standing, reference, now)
