"""`explain`: every step with its state, why others do not count, and what would change the answer."""

from __future__ import annotations

from typing import Any

import msgspec

from authority.explanation import Explanation, explain
from authority.facts import Fact
from authority.walk import Reading, StepTaken
from tests.authority.asking import ability, asked_of, authority, consent, fact, person, refusal, register, silent

CHILD, TEEN = person("bram", 5), person("bram", 13)
SOLE = authority("PARENTAL_SOLE")
BOTH = (authority("PARENTAL_JOINT"), authority("PARENTAL_JOINT", "cora"))


def explained(*facts: Fact, **question: Any) -> Explanation:
    return explain(*asked_of(facts, **question))


def reading(*facts: Fact, **question: Any) -> Reading:
    (only,) = explained(*facts, **question).readings
    return only


def states(steps: tuple[StepTaken, ...]) -> dict[str, str]:
    return {step.name: step.state if step.reason is None else step.reason for step in steps}


class TestChecks:
    def test_the_first_that_finds_something_ends_them(self) -> None:
        read = reading(SOLE, CHILD, person("anna", died="2026-01-01"))
        assert states(read.checks) == {
            "SERVICE_OFFERED": "PASSED",
            "PROVIDER_LIVE": "PASSED",
            "REPRESENTATIVE_KNOWN": "PASSED",
            "REPRESENTATIVE_ALIVE": "REPRESENTATIVE_DECEASED",
            "REPRESENTATIVE_CAPABLE": "NOT_REACHED",
            "EMPLOYEE_AUTHORISED": "NOT_REACHED",
        }
        assert read.grounds == ()

    def test_without_a_ground_a_block_is_not_asked(self) -> None:
        taken = states(reading().checks)
        assert list(taken)[6:] == ["REPRESENTED_KNOWN", "GROUND_FOUND", "NOT_BLOCKED", "NO_GROUND"]
        assert (taken["REPRESENTED_KNOWN"], taken["GROUND_FOUND"]) == ("PASSED", "NO_GROUND")
        assert (taken["NOT_BLOCKED"], taken["NO_GROUND"]) == ("NOT_ASKED", "NO_GROUND")

    def test_somebody_unknown(self) -> None:
        taken = states(reading(represented="nobody", claim="GUARDIANSHIP").checks)
        assert (taken["REPRESENTED_KNOWN"], taken["GROUND_FOUND"]) == ("NO_GROUND", "NOT_REACHED")
        assert taken["NO_GROUND"] == "CLAIM_NOT_IN_REGISTER"

    def test_oneself(self) -> None:
        read = reading(authority("MENTORSCHAP", "anna"), ability(True), representative="bram")
        assert states(read.checks)["ONESELF"] == "PASSED"
        assert [step.name for step in read.checks][-3:] == ["NOT_UNDER_INVESTIGATION", "REGISTERS_HEARD", "ASSURANCE"]
        assert {(ref.type, ref.id) for ref in read.leaned_on} == {("person", "bram"), ("ability", "able-True")}


class TestGrounds:
    def test_every_step_of_every_ground_best_first(self) -> None:
        read = reading(SOLE, authority("VOLUNTARY_MANDATE", status="WITHDRAWN"), CHILD)
        best, other = read.grounds
        assert (best.id, best.counts, best.reason) == ("PARENTAL_SOLE-anna", True, "PARENTAL_AUTHORITY")
        assert set(states(best.steps).values()) == {"PASSED"}
        assert (other.counts, other.reason) == (False, "WITHDRAWN")
        taken = list(states(other.steps).values())
        assert taken == ["WITHDRAWN", *["NOT_REACHED"] * 6, *["NOT_ASKED"] * 3]

    def test_the_kinds_rule_is_named_with_its_law_and_what_it_looked_at(self) -> None:
        (ground,) = reading(SOLE, TEEN).grounds
        rule = next(step for step in ground.steps if step.name == "RULE_K")
        assert (rule.state, rule.reason, rule.section) == ("FOUND", "CHILD_CONSENT_UNKNOWN", "5.2.5")
        assert "BW 7:450" in rule.law
        looked = [(look.what, look.of, look.found, look.detail) for look in rule.looks]
        assert looked == [
            ("AGE", "bram", False, "16"),
            ("AGE", "bram", True, "12"),
            ("ABILITY", "bram", None, ""),
            ("CONSENT", "bram", "SILENT", ""),
        ]

    def test_other_holders_and_their_words(self) -> None:
        (ground,) = reading(*BOTH, CHILD, refusal("cora"), service="class").grounds
        rule = next(step for step in ground.steps if step.name == "RULE_J")
        assert ("CONSENT", "cora", "REFUSED") in [(look.what, look.of, look.found) for look in rule.looks]
        assert ("authority", "PARENTAL_JOINT-cora") in [(ref.type, ref.id) for ref in ground.leaned_on]
        assert ground.required_consents == ("cora",)

    def test_a_childs_refusal_is_told_like_its_silence(self) -> None:
        for service in ("record", "treatment"):
            silence = explained(SOLE, TEEN, service=service)
            refused = explained(SOLE, TEEN, refusal("bram"), service=service)
            assert _without_digest(refused) == _without_digest(silence)

    def test_through_an_office_it_leans_on_the_office_and_the_employment(self) -> None:
        office = fact("organisation", "office", kind="OTHER")
        employed = fact("employment", "e", employee="anna", organisation="office")
        (ground,) = reading(office, employed, authority("VOLUNTARY_MANDATE", "office"), organisation="office").grounds
        assert {ref.type for ref in ground.leaned_on} == {"authority", "person", "organisation", "employment"}
        assert ground.representative == "office"


def _without_digest(explanation: Explanation) -> Explanation:
    return msgspec.structs.replace(explanation, decision=msgspec.structs.replace(explanation.decision, as_of=""))


def test_a_partial_birth_date_is_read_in_every_way() -> None:
    explanation = explained(SOLE, person("bram", born="2014-06-00"))
    assert explanation.decision.reason == "BIRTH_DATE_UNCERTAIN"
    assert [(r.represented_born, r.reason) for r in explanation.readings] == [
        ("2014-06-01", "CHILD_CONSENT_UNKNOWN"),
        ("2014-06-30", "PARENTAL_AUTHORITY"),
    ]
    unknown = explained(SOLE, person("bram", born="0000-00-00"))
    assert [r.represented_born for r in unknown.readings] == ["150_YEARS_BEFORE", "DAY_OF_QUESTION"]


def test_why_other_authorities_do_not_count() -> None:
    others = explained(
        SOLE,
        CHILD,
        authority("PARENTAL_JOINT", "cora", status="ENDED"),
        authority("GUARDIANSHIP", None),
        authority("UNDETERMINED", None),
        fact("organisation", "office", kind="OTHER"),
        fact("employment", "e", employee="anna", organisation="office"),
        authority("GUARDIANSHIP", "office"),
        organisation="office",
    ).other_authorities
    assert {other.id: (other.why, other.in_force) for other in others} == {
        "GUARDIANSHIP-None": ("HOLDER_NOT_NAMED", True),
        "PARENTAL_JOINT-cora": ("HELD_BY_ANOTHER", False),
        "PARENTAL_SOLE-anna": ("HELD_PERSONALLY", True),
        "UNDETERMINED-None": ("REGISTER_STATEMENT", True),
    }


def test_registers_that_matter_and_those_that_are_silent() -> None:
    mandate = authority("VOLUNTARY_MANDATE")
    heard = register("CCBR", heard_from="2026-06-15T08:00:00Z", max_silence="P1D")
    registers = explained(mandate, heard, silent("ESTATE")).registers
    assert {r.id: (r.matters, r.stale, r.stale_from) for r in registers} == {
        "BRP": (True, False, None),
        "CCBR": (True, False, "2026-06-16T08:00:00Z"),
        "DIGID_MACHTIGEN": (True, False, None),
        "ESTATE": (False, True, "2026-06-08T00:00:00Z"),
    }


class TestChanges:
    def changes(self, *facts: Fact, **question: Any) -> list[tuple[Any, ...]]:
        return [
            (change.what, change.at or change.who or change.level, change.outcome, change.reason)
            for change in explained(*facts, **question).changes
        ]

    def test_nothing_would(self) -> None:
        assert self.changes() == []

    def test_time(self) -> None:
        assert self.changes(SOLE, CHILD) == [("TIME", "2033-03-01", "INDETERMINATE", "CHILD_CONSENT_UNKNOWN")]

    def test_all_who_must_consent(self) -> None:
        facts = (*BOTH, authority("PARENTAL_JOINT", "dirk"), CHILD, refusal("cora"))
        (change, *_) = [c for c in self.changes(*facts, service="class") if c[0] == "CONSENT"]
        assert change == ("CONSENT", ("cora", "dirk"), "PERMIT", "PARENTAL_AUTHORITY")

    def test_either_the_court_or_the_person(self) -> None:
        assert self.changes(authority("BEWIND"), service="policy", act="DISPOSAL") == [
            ("CONSENT", ("COURT",), "PERMIT", "BEWIND"),
            ("CONSENT", ("bram",), "PERMIT", "BEWIND"),
        ]

    def test_a_passport_is_consented_to_by_name(self) -> None:
        changes = self.changes(*BOTH, CHILD, consent("cora"), service="desk", act="PASSPORT")
        assert ("CONSENT", ("cora",), "PERMIT", "PARENTAL_AUTHORITY") in changes

    def test_ones_own_consents_are_asked_for_oneself(self) -> None:
        changes = self.changes(*BOTH, TEEN, representative="bram", service="treatment")
        assert ("CONSENT", ("anna", "cora"), "PERMIT", "SELF") in changes

    def test_level(self) -> None:
        mandate = authority("VOLUNTARY_MANDATE")
        assert self.changes(mandate, assurance="LOW") == [
            ("STEP_UP", "SUBSTANTIAL", "PERMIT", "VOLUNTARY_MANDATE"),
        ]

    def test_a_silent_register(self) -> None:
        assert self.changes(authority("VOLUNTARY_MANDATE"), silent("BRP")) == [
            ("HEARD", ("BRP",), "PERMIT", "VOLUNTARY_MANDATE"),
        ]
