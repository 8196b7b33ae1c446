"""What was learnt since, among a few facts; `tests/contracts/test_learnt.py` has the same over every graph."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from authority.decide import decide
from authority.facts import Fact, type_of
from authority.learnt import Since, keys_of, since
from authority.moments import instant
from graph.gathering import Pile, gather
from tests.authority.asking import ORDINARY, asked_of, authority, consent, fact, person, refusal, register

LATER = instant("2026-03-01T00:00:00Z")
SOLE, TEEN = authority("PARENTAL_SOLE"), person("bram", 13)


def learnt(before: tuple[Fact, ...], *after: Fact, **asked: Any) -> Since:
    """Since a decision that knew what was recorded before LATER; `after` was recorded then."""
    question, _ = asked_of((), known_at="2026-01-01T00:00:00Z", **asked)
    own = {(type_of(each), each.id) for each in before}
    ordinary = [each for each in ORDINARY if (type_of(each), each.id) not in own]
    pile = Pile([*ordinary, *before, *(replace(each, recorded_at=LATER) for each in after)])
    then, now = gather(question, pile), gather(replace(question, known_at=None), pile)
    keys = keys_of(question, then, now)
    told = pile.versions(keys, question.known_at), pile.versions(keys, None)
    found = since(question, decide(question, then), now, *told)
    return replace(found, decision_now=replace(found.decision_now, as_of=""))  # a digest of all that was read


def listed(found: Since) -> list[tuple[str, str, str]]:
    assert all(each.recorded_at == LATER for each in found.facts)
    return [(each.fact, each.id, each.change) for each in found.facts]


def test_what_is_not_around_the_question_is_not_told() -> None:
    found = learnt((SOLE, TEEN), person("dirk"), authority("PARENTAL_SOLE", "dirk", represented="elsa"))
    assert (found.facts, found.differs) == ((), False)


def test_a_fact_that_changes_nothing_is_told_all_the_same() -> None:
    found = learnt((SOLE, person("bram", 5)), authority("TREATMENT_SUBSTITUTE", "cora"))
    assert listed(found) == [("authority", "TREATMENT_SUBSTITUTE-cora", "ADDED")]
    assert not found.differs


def test_another_birth_date() -> None:
    found = learnt((SOLE, TEEN), person("bram", 5))
    assert listed(found) == [("person", "bram", "CORRECTED")]
    assert found.differs_in == ("outcome", "reason", "valid_until", "reasons")
    assert found.decision_now.outcome == "PERMIT"


def test_that_a_silent_register_was_heard_from_is_something_learnt() -> None:
    """Its silence is measured at `known_at` then and now, so that the clock alone makes no difference."""
    silent = register("BRP", heard_from="2025-12-01T00:00:00Z", max_silence="P7D")
    assert not learnt((SOLE, person("bram", 5), silent)).differs
    found = learnt(
        (SOLE, person("bram", 5), silent), register("BRP", heard_from="2025-12-31T00:00:00Z", max_silence="P7D")
    )
    assert listed(found) == [("register", "BRP", "CORRECTED")]
    assert (found.decision_now.reason, found.differs_in[:2]) == ("PARENTAL_AUTHORITY", ("outcome", "reason"))


class TestAChildsRefusal:
    """Told like its silence (facts.md 5.3, rule K): nobody learns of it from what was learnt."""

    def test_of_who_was_silent_before_is_not_told(self) -> None:
        assert learnt((SOLE, TEEN), refusal("bram")) == learnt((SOLE, TEEN))

    def test_beside_a_consent_is_told_as_if_the_consent_were_taken_back(self) -> None:
        agreed = consent("bram", valid_from="2025-06-01")
        refused = learnt((SOLE, TEEN, agreed), refusal("bram"))
        taken_back = learnt((SOLE, TEEN, agreed), replace(agreed, retracted=True))
        assert listed(refused) == [("consent", "consent-bram", "RETRACTED")]
        assert refused.decision_now.reason == "CHILD_CONSENT_UNKNOWN"
        assert refused == taken_back

    def test_in_place_of_its_consent_likewise(self) -> None:
        agreed = consent("bram", valid_from="2025-06-01")
        assert learnt((SOLE, TEEN, agreed), replace(agreed, given=False)) == learnt(
            (SOLE, TEEN, agreed), replace(agreed, retracted=True)
        )

    def test_taken_back_lets_the_consent_count_again(self) -> None:
        before = (SOLE, TEEN, consent("bram", valid_from="2025-06-01"), refusal("bram"))
        found = learnt(before, replace(refusal("bram"), retracted=True))
        assert listed(found) == [("consent", "consent-bram", "ADDED")]
        assert found.decision_now.outcome == "PERMIT"

    def test_in_doubt_is_no_secret_for_the_decision_says_so(self) -> None:
        found = learnt((SOLE, TEEN), refusal("bram", under_investigation=True), service="treatment")
        assert found.decision_now.reason == "UNDER_INVESTIGATION"
        assert listed(found) == [("consent", "refusal-bram", "ADDED")]

    def test_that_of_another_holder_is_told(self) -> None:
        both = (authority("PARENTAL_JOINT"), authority("PARENTAL_JOINT", "cora"), person("bram", 5))
        found = learnt(both, refusal("cora"), service="class")
        assert listed(found) == [("consent", "refusal-cora", "ADDED")]
        assert found.decision_now.reason == "OBJECTION_BY_OTHER_HOLDER"


def test_an_employee_who_left() -> None:
    office = fact("organisation", "office", kind="ADMINISTRATION_OFFICE")
    job = fact("employment", "job", employee="anna", organisation="office")
    bewind = authority("BEWIND", "office")
    found = learnt((office, job, bewind), replace(job, valid_until=LATER), organisation="office", service="policy")
    assert listed(found) == [("employment", "job", "CORRECTED")]
    assert found.decision_now.reason == "NOT_EMPLOYED"
