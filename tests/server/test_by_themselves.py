"""Birthdays, deaths, next of kin, ends of terms arrive by themselves: the facts stand still, and only the clock moves.

Over HTTP on every graph. No question says `at`. Each story is told as what is answered from which instant on; the
answer before has announced that instant as its `validUntil`, and a microsecond before it nothing has changed yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import httpx

from authority.moments import instant, instant_text
from graph.ledger import Ledger
from tests.contracts.homes import Home
from tests.resolvers.small import fill
from tests.server.asking import ask, in_process

DECISION = "query($question: Question!) { decision(question: $question) { outcome reason validUntil asOf } }"
DOMAINS = {
    "record": "CARE_RECORD",
    "treatment": "CARE_DECISION",
    "policy": "PROPERTY",
    "return": "TAX",
    "desk": "GOVERNMENT",
    "class": "SCHOOL",
}
START = "2026-01-05T08:00:00Z"


def person(name: str, born: str = "1980-05-05", **fields: Any) -> dict[str, Any]:
    return {"fact": "person", "id": name, "born": born, **fields}


def holds(name: str, kind: str, representative: str, represented: str, **fields: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "fact": "authority",
        "id": name,
        "kind": kind,
        "representative": representative,
        "represented": represented,
    }
    if kind == "VOLUNTARY_MANDATE":
        said |= {"services": ["h/record", "h/return"], "valid_from": "2020-01-01"}
    return said | fields


FACTS: list[dict[str, Any]] = [
    {"fact": "provider", "id": "h", "sector": "HOSPITAL", "status": "LIVE"},
    {"fact": "provider", "id": "new", "sector": "GP", "status": "LIVE", "live_from": "2026-04-01"},
    *(
        {"fact": "service", "id": f"h/{short}", "provider": "h", "domain": domain, "minimum_assurance": "LOW"}
        for short, domain in DOMAINS.items()
    ),
    {"fact": "service", "id": "new/record", "provider": "new", "domain": "CARE_RECORD", "minimum_assurance": "LOW"},
    person("mother"),
    person("father"),
    person("adult", "1950-05-05"),
    person("friend"),
    # a child whose birthdays lie on both sides of the night in March when the clocks go forward
    person("child", "2014-03-30"),
    holds("c1", "PARENTAL_SOLE", "mother", "child"),
    person("leap", "2012-02-29"),
    holds("l1", "PARENTAL_SOLE", "mother", "leap"),
    person("young", "2008-10-25"),
    person("baby", "2025-10-01"),
    holds("y1", "PARENTAL_SOLE", "young", "baby"),
    # one of two parents dies in the afternoon
    person("doomed", died="2026-03-03T15:30:00+01:00"),
    person("orphan", "2020-01-01"),
    holds("o1", "PARENTAL_JOINT", "mother", "orphan"),
    holds("o2", "PARENTAL_JOINT", "doomed", "orphan"),
    # somebody dies, and the first of two next of kin does too
    person("dead", "1940-01-01", died="2026-06-01"),
    holds("d1", "VOLUNTARY_MANDATE", "friend", "dead"),
    person("kin", died="2026-08-01T12:00:00+02:00"),
    person("kin2"),
    holds("k1", "NEXT_OF_KIN_MANDATE", "kin", "dead", valid_from="2026-06-15"),
    holds("k2", "NEXT_OF_KIN_MANDATE", "kin2", "dead", valid_from="2026-06-20"),
    holds("k3", "NEXT_OF_KIN_MANDATE", "friend", "late", valid_from="2020-01-01"),
    person("late", "1940-01-01", died="2026-06-01"),
    # terms
    holds("m1", "VOLUNTARY_MANDATE", "friend", "adult", valid_from="2026-02-01", valid_until="2026-07-01"),
    person("ward", "1970-01-01"),
    holds("w1", "VOLUNTARY_MANDATE", "friend", "ward"),
    holds("w2", "CURATELE", "mother", "ward", valid_from="2026-09-01", valid_until="2026-12-01T00:00:00Z"),
    person("pair", "2020-02-02"),
    holds("p1", "PARENTAL_JOINT", "mother", "pair"),
    holds("p2", "PARENTAL_JOINT", "father", "pair"),
    {"fact": "consent", "id": "passport", "from": "father", "representative": "mother", "represented": "pair"}
    | {"act": "PASSPORT", "valid_from": "2026-02-10", "valid_until": "2026-05-10"},
    {"fact": "block", "id": "b", "provider": "h", "represented": "pair", "representative": "father", "reason": "RULING"}
    | {"valid_from": "2026-03-01", "valid_until": "2026-06-01"},
    {"fact": "organisation", "id": "gi", "kind": "GUARDIANSHIP_INSTITUTION", "certified_until": "2026-10-25"},
    {"fact": "employment", "id": "e1", "employee": "friend", "organisation": "gi", "valid_until": "2026-11-15"},
    person("placed", "2018-01-01"),
    holds("g1", "GUARDIANSHIP", "gi", "placed"),
    # a register of its own that falls silent
    {"fact": "register", "id": "OWN", "serves": ["VOLUNTARY_MANDATE"], "max_silence": "P2D"}
    | {"heard_from": "2026-01-06T09:00:00Z"},
    person("quiet", "1960-01-01"),
    holds("q1", "VOLUNTARY_MANDATE", "friend", "quiet", register="OWN"),
]

Turn = tuple[str, str]
STORIES: dict[str, tuple[dict[str, str], Sequence[Turn]]] = {
    "a parent, through the birthdays of a child": (
        {"representative": "mother", "represented": "child", "service": "record"},
        (
            (START, "PARENTAL_AUTHORITY"),
            ("2026-03-29T22:00:00Z", "CHILD_CONSENT_UNKNOWN"),
            ("2030-03-29T23:00:00Z", "REPRESENTED_DECIDES_ALONE"),
            ("2032-03-29T22:00:00Z", "REPRESENTED_IS_ADULT"),
        ),
    ),
    "the child itself": (
        {"representative": "child", "represented": "child", "service": "record"},
        ((START, "SELF_NOT_ABLE"), ("2026-03-29T22:00:00Z", "SELF")),
    ),
    "a school, until the child of 29 February is of age on 1 March": (
        {"representative": "mother", "represented": "leap", "service": "class"},
        ((START, "PARENTAL_AUTHORITY"), ("2030-02-28T23:00:00Z", "REPRESENTED_IS_ADULT")),
    ),
    "a mother who comes of age on the night when the clocks go back": (
        {"representative": "young", "represented": "baby", "service": "record"},
        (
            (START, "REPRESENTATIVE_TOO_YOUNG"),
            ("2026-10-24T22:00:00Z", "PARENTAL_AUTHORITY"),
            ("2037-09-30T22:00:00Z", "CHILD_CONSENT_UNKNOWN"),
            ("2041-09-30T22:00:00Z", "REPRESENTED_DECIDES_ALONE"),
            ("2043-09-30T22:00:00Z", "REPRESENTED_IS_ADULT"),
        ),
    ),
    "the other parent dies": (
        {"representative": "mother", "represented": "orphan", "service": "treatment"},
        (
            (START, "OTHER_HOLDER_MUST_CONSENT"),
            ("2026-03-03T14:30:00Z", "PARENTAL_AUTHORITY"),
            ("2031-12-31T23:00:00Z", "CHILD_MUST_CONSENT"),
            ("2035-12-31T23:00:00Z", "REPRESENTED_DECIDES_ALONE"),
            ("2037-12-31T23:00:00Z", "REPRESENTED_IS_ADULT"),
        ),
    ),
    "the parent who dies": (
        {"representative": "doomed", "represented": "orphan", "service": "record"},
        ((START, "PARENTAL_AUTHORITY"), ("2026-03-03T14:30:00Z", "REPRESENTATIVE_DECEASED")),
    ),
    "a mandate of somebody who dies": (
        {"representative": "friend", "represented": "dead", "service": "record"},
        ((START, "VOLUNTARY_MANDATE"), ("2026-05-31T22:00:00Z", "REPRESENTED_DECEASED")),
    ),
    "the first next of kin": (
        {"representative": "kin", "represented": "dead", "service": "return"},
        (
            (START, "NOT_YET_VALID"),
            ("2026-06-14T22:00:00Z", "NEXT_OF_KIN_MANDATE"),
            ("2026-08-01T10:00:00Z", "REPRESENTATIVE_DECEASED"),
        ),
    ),
    "the second next of kin, once the first has died": (
        {"representative": "kin2", "represented": "dead", "service": "return"},
        (
            (START, "NOT_YET_VALID"),
            ("2026-06-19T22:00:00Z", "SECOND_HOLDER"),
            ("2026-08-01T10:00:00Z", "NEXT_OF_KIN_MANDATE"),
        ),
    ),
    "a next of kin's mandate opens nothing before the death": (
        {"representative": "friend", "represented": "late", "service": "return"},
        ((START, "NOT_YET_VALID"), ("2026-05-31T22:00:00Z", "NEXT_OF_KIN_MANDATE")),
    ),
    "the term of a mandate": (
        {"representative": "friend", "represented": "adult", "service": "record"},
        (
            (START, "NOT_YET_VALID"),
            ("2026-01-31T23:00:00Z", "VOLUNTARY_MANDATE"),
            ("2026-06-30T22:00:00Z", "EXPIRED"),
        ),
    ),
    "a mandate lapses under curatele, and does not revive": (
        {"representative": "friend", "represented": "ward", "service": "return"},
        ((START, "VOLUNTARY_MANDATE"), ("2026-08-31T22:00:00Z", "LAPSED_BY_MEASURE")),
    ),
    "the term of the curator": (
        {"representative": "mother", "represented": "ward", "service": "return"},
        ((START, "NOT_YET_VALID"), ("2026-08-31T22:00:00Z", "CURATELE"), ("2026-12-01T00:00:00Z", "EXPIRED")),
    ),
    "the person under curatele": (
        {"representative": "ward", "represented": "ward", "service": "return"},
        ((START, "SELF"), ("2026-08-31T22:00:00Z", "SELF_NOT_ABLE"), ("2026-12-01T00:00:00Z", "SELF")),
    ),
    "three months of consent to a passport": (
        {"representative": "mother", "represented": "pair", "service": "desk", "act": "PASSPORT"},
        (
            (START, "OTHER_HOLDER_MUST_CONSENT"),
            ("2026-02-09T23:00:00Z", "PARENTAL_AUTHORITY"),
            ("2026-05-09T22:00:00Z", "OTHER_HOLDER_MUST_CONSENT"),
            ("2038-02-01T23:00:00Z", "REPRESENTED_IS_ADULT"),
        ),
    ),
    "a block, until the register has caught up": (
        {"representative": "father", "represented": "pair", "service": "record"},
        (
            (START, "PARENTAL_AUTHORITY"),
            ("2026-02-28T23:00:00Z", "BLOCKED"),
            ("2026-05-31T22:00:00Z", "PARENTAL_AUTHORITY"),
            ("2032-02-01T23:00:00Z", "CHILD_CONSENT_UNKNOWN"),
            ("2036-02-01T23:00:00Z", "REPRESENTED_DECIDES_ALONE"),
            ("2038-02-01T23:00:00Z", "REPRESENTED_IS_ADULT"),
        ),
    ),
    "an institution's certificate, and then its employee's job": (
        {"representative": "friend", "represented": "placed", "service": "record", "organisation": "gi"},
        (
            (START, "GUARDIANSHIP"),
            ("2026-10-24T22:00:00Z", "CERTIFICATE_EXPIRED"),
            ("2026-11-14T23:00:00Z", "NOT_EMPLOYED"),
        ),
    ),
    "a provider that goes live": (
        {"representative": "mother", "represented": "orphan", "provider": "new", "service": "record"},
        (
            (START, "PROVIDER_NOT_LIVE"),
            ("2026-03-31T22:00:00Z", "PARENTAL_AUTHORITY"),
            ("2031-12-31T23:00:00Z", "CHILD_CONSENT_UNKNOWN"),
            ("2035-12-31T23:00:00Z", "REPRESENTED_DECIDES_ALONE"),
            ("2037-12-31T23:00:00Z", "REPRESENTED_IS_ADULT"),
        ),
    ),
    "a register that falls silent": (
        {"representative": "friend", "represented": "quiet", "service": "record"},
        ((START, "VOLUNTARY_MANDATE"), ("2026-01-08T09:00:00Z", "REGISTER_STALE")),
    ),
}


class Hands:
    """A clock that stands where it was put."""

    def __init__(self) -> None:
        self.now = instant(START)

    def __call__(self) -> int:
        return self.now


def question(story: dict[str, str]) -> dict[str, str]:
    return {"provider": "h", "assurance": "HIGH", **story}


async def decided(client: httpx.AsyncClient, story: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = (await ask(client, DECISION, {"question": question(story)}))["decision"]
    return found


async def told(client: httpx.AsyncClient, clock: Hands, story: dict[str, str], turns: Sequence[Turn]) -> None:
    """The story from its beginning to its end."""
    for (begins, reason), ends in zip(turns, [*(begins for begins, _ in turns[1:]), None], strict=True):
        moments = [instant(begins)] if ends is None else [instant(begins), instant(ends) - 1]
        for clock.now in moments:
            decision = await decided(client, story)
            assert (decision["reason"], decision["validUntil"]) == (reason, ends), (story, instant_text(clock.now))


async def test_the_facts_stand_still_and_the_clock_moves(home: Home) -> None:
    ledger = await home.empty()
    await fill(ledger, FACTS)
    head, clock = str(await ledger.head()), Hands()
    async with in_process(ledger, clock=clock) as client:
        for story, turns in STORIES.values():
            await told(client, clock, story, turns)
    assert str(await ledger.head()) == head, "nothing was written, and no job has run"


async def test_lists_change_at_the_same_instants(home: Home) -> None:
    ledger = await home.empty()
    await fill(ledger, FACTS)
    clock = Hands()
    query = """{ representedBy(representative: "friend", provider: "h", service: "record", assurance: HIGH) {
      nodes { person { id } } }
      representativesOf(represented: "dead", provider: "h", service: "return", assurance: HIGH) {
        nodes { person { id } } } }"""
    turns = {
        START: ({"dead", "quiet", "ward"}, {"friend"}),
        "2026-01-08T09:00:00Z": ({"dead", "ward"}, {"friend"}),
        "2026-01-31T23:00:00Z": ({"adult", "dead", "ward"}, {"friend"}),
        "2026-05-31T22:00:00Z": ({"adult", "ward"}, set()),
        "2026-06-14T22:00:00Z": ({"adult", "ward"}, {"kin"}),
        "2026-06-30T22:00:00Z": ({"ward"}, {"kin"}),
        "2026-08-01T10:00:00Z": ({"ward"}, {"kin2"}),
        "2026-08-31T22:00:00Z": (set(), {"kin2"}),
    }
    async with in_process(ledger, clock=clock) as client:
        seen: tuple[set[str], set[str]] | None = None
        for begins, expected in turns.items():
            for clock.now, shown in ((instant(begins) - 1, seen), (instant(begins), expected)):
                found = await ask(client, query)
                lists = [{node["person"]["id"] for node in each["nodes"]} for each in found.values()]
                assert shown is None or tuple(lists) == shown, instant_text(clock.now)
            seen = expected


async def test_a_death_that_becomes_known_counts_from_the_next_question_on(home: Home) -> None:
    """No announcement can know it: nothing new was learnt then. What was known before stays what it was."""
    ledger: Ledger = await home.empty()
    await fill(ledger, FACTS)
    clock = Hands()
    story = {"representative": "friend", "represented": "ward", "service": "record"}
    async with in_process(ledger, clock=clock) as client:
        before = await decided(client, story)
        assert (before["outcome"], before["validUntil"]) == ("PERMIT", "2026-08-31T22:00:00Z")
        clock.now = instant("2026-04-10T09:00:00Z")
        died = person("ward", "1970-01-01", died="2026-04-07")
        mutation = "mutation($facts: [JSON!]!) { recordFacts(facts: $facts) { recorded userErrors { message } } }"
        done = await ask(client, mutation, {"facts": [died]})
        assert done["recordFacts"] == {"recorded": 1, "userErrors": []}
        after = await decided(client, story)
        assert (after["outcome"], after["reason"], after["validUntil"]) == ("DENY", "REPRESENTED_DECEASED", None)
        # of the days between the death and the message: known then, and known now
        day_between = story | {"at": "2026-04-08T12:00:00Z"}
        assert (await decided(client, day_between))["reason"] == "REPRESENTED_DECEASED"
        as_known = await decided(client, day_between | {"knownAt": "2026-04-08T12:00:00Z"})
        assert (as_known["reason"], as_known["outcome"]) == ("VOLUNTARY_MANDATE", "PERMIT")


def test_every_story_has_a_turn() -> None:
    assert all(len(turns) > 1 for _, turns in STORIES.values())
    assert all(instant(a) < instant(b) for _, turns in STORIES.values() for (a, _), (b, _) in pairwise(turns))
