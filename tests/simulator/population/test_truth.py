from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest

from authority.decide import decide
from authority.facts import Authority
from authority.moments import day
from graph.gathering import Pile, gather
from graph.intake import question_of, read_fact
from simulator.population import Lines, Population, Posed, questions, truth
from simulator.population.institutions import ServiceKind
from simulator.population.questions import MIX
from simulator.population.truth import Asked, Held, Someone, expected

PEOPLE = 40_000
ASKED = 6_000
COUNTRY = Population(PEOPLE, 21, date(2027, 3, 1))


@pytest.fixture(scope="module")
def pile() -> Pile:
    lines = Lines(COUNTRY)
    text = b"".join(lines.first()) + lines.of(np.arange(PEOPLE))
    return Pile(read_fact(line, recorded_at=None)[0] for line in text.splitlines())


@pytest.fixture(scope="module")
def posed() -> list[Posed]:
    return list(questions(COUNTRY, ASKED))


def test_decide_answers_as_the_generator_knows(pile: Pile, posed: list[Posed]) -> None:
    for one in posed:
        question = question_of(one.question, now=0)
        decision = decide(question, gather(question, pile))
        assert (decision.outcome, decision.reason) == (one.outcome, one.reason), one


def test_questions_are_of_many_kinds(posed: list[Posed]) -> None:
    outcomes = Counter(one.outcome for one in posed)
    assert outcomes["PERMIT"] / ASKED == pytest.approx(0.5, abs=0.1)
    assert min(outcomes.values()) > 0.02 * ASKED
    assert len(outcomes) == 4
    assert len({one.reason for one in posed}) >= 28
    for asking, share in MIX.items():
        found = sum(one.asking == asking for one in posed) / ASKED
        # where nobody of a rare kind was met, a stranger asks
        assert found == pytest.approx(share, abs=0.02), asking
    assert any("organisation" in one.question and one.outcome == "PERMIT" for one in posed)


def test_question_k_is_the_same_however_many_are_asked(posed: list[Posed]) -> None:
    assert list(questions(COUNTRY, 100)) == posed[:100]
    other = list(questions(COUNTRY, 100, stream=1))
    assert [one.question["represented"] for one in other] != [one.question["represented"] for one in posed[:100]]


def test_truth_is_what_the_lines_say(pile: Pile) -> None:
    rows = np.arange(0, PEOPLE, 7)
    ids = COUNTRY.pseudonyms
    for row, held in truth(COUNTRY, rows).items():
        person = f"{int(ids.of(np.array([row]))[0]):016x}"
        said = {one.id: one for one in pile.authorities_over(person, None)}
        assert said.keys() == {one.id for one in held}
        for one in held:
            assert_same(one, said[one.id])


def assert_same(one: Held, said: Authority) -> None:
    ids = COUNTRY.pseudonyms
    assert (one.kind, one.status, one.ground, one.services) == (said.kind, said.status, said.ground, said.services)
    if one.representative is not None:
        assert said.representative is not None
        assert ids.row(int(said.representative, 16)) == one.representative
    else:
        assert (one.organisation is None) == (said.representative is None)
    assert tuple(ids.row(int(candidate, 16)) for candidate in said.candidates) == one.candidates
    assert one.house_only == (said.goods is not None)
    for here, there in ((one.valid_from, said.valid_from), (one.valid_until, said.valid_until)):
        assert (None if here is None else day(here.isoformat())) == there


# the generator's own knowledge, by hand

TODAY = date(2027, 3, 1)
MOTHER = Someone(row=1, age=40, measure=0, dead=False, died_under_16=False)
CHILD = Someone(row=2, age=8, measure=0, dead=False, died_under_16=False)
RECORD = ServiceKind("record", "CARE_RECORD")
TREATMENT = ServiceKind("treatment", "CARE_DECISION")


def held_by_mother(**changes: object) -> Held:
    joint = Held(
        id="x/0",
        kind="PARENTAL_JOINT",
        represented=2,
        representative=1,
        organisation=None,
        provider=None,
        services=None,
        status="ACTIVE",
        ground=None,
        house_only=False,
        candidates=(),
        valid_from=None,
        valid_until=None,
    )
    return joint._replace(**changes)  # type: ignore[arg-type]


def asked(**changes: object) -> Asked:
    asked = Asked(
        asker=MOTHER,
        organisation=None,
        represented=CHILD,
        service=RECORD,
        service_id="h/record",
        live=True,
        mandatable=True,
        assurance="SUBSTANTIAL",
    )
    return asked._replace(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "held", "outcome", "reason"),
    [
        (asked(), held_by_mother(), "PERMIT", "PARENTAL_AUTHORITY"),
        (asked(live=False), held_by_mother(), "DENY", "PROVIDER_NOT_LIVE"),
        (asked(assurance="LOW"), held_by_mother(), "DENY", "STEP_UP_REQUIRED"),
        (asked(service=TREATMENT), held_by_mother(), "CONSENT_REQUIRED", "OTHER_HOLDER_MUST_CONSENT"),
        (asked(service=TREATMENT), held_by_mother(kind="PARENTAL_SOLE"), "PERMIT", "PARENTAL_AUTHORITY"),
        (asked(represented=CHILD._replace(age=13)), held_by_mother(), "INDETERMINATE", "CHILD_CONSENT_UNKNOWN"),
        (asked(represented=CHILD._replace(age=16)), held_by_mother(), "DENY", "REPRESENTED_DECIDES_ALONE"),
        (asked(), held_by_mother(representative=3), "DENY", "NO_GROUND"),
        (asked(), held_by_mother(valid_until=TODAY), "DENY", "EXPIRED"),
        (asked(), held_by_mother(status="WITHDRAWN"), "DENY", "WITHDRAWN"),
    ],
)
def test_expected(question: Asked, held: Held, outcome: str, reason: str) -> None:
    assert expected(question, [held], TODAY) == (outcome, reason)
