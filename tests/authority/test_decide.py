"""Birth dates that are not certain, `known_at`, and what an answer carries (facts.md 5, 7)."""

from __future__ import annotations

import pytest

from authority.moments import day, instant
from tests.authority.asking import ask, authority, consent, fact, person, register

SOLE = authority("PARENTAL_SOLE")


@pytest.mark.parametrize(
    ("born", "reason"),
    [
        ("2014-06-15", "CHILD_CONSENT_UNKNOWN"),
        ("2014-06-16", "PARENTAL_AUTHORITY"),
        ("2014-06-00", "BIRTH_DATE_UNCERTAIN"),
        ("2014-07-00", "PARENTAL_AUTHORITY"),
        ("2014-05-00", "CHILD_CONSENT_UNKNOWN"),
        ("2014-00-00", "BIRTH_DATE_UNCERTAIN"),
        ("2014-00-16", "BIRTH_DATE_UNCERTAIN"),
        ("2015-00-00", "PARENTAL_AUTHORITY"),
        ("0000-00-00", "BIRTH_DATE_UNCERTAIN"),
    ],
)
def test_the_represented_is_born_on_some_day(born: str, reason: str) -> None:
    decision = ask((SOLE, person("bram", born=born)))
    assert (decision.reason, decision.grounds == ()) == (reason, reason == "BIRTH_DATE_UNCERTAIN")


@pytest.mark.parametrize(
    ("born", "reason"),
    [
        ("2008-06-15", "PARENTAL_AUTHORITY"),
        ("2008-06-00", "BIRTH_DATE_UNCERTAIN"),
        ("2008-05-00", "PARENTAL_AUTHORITY"),
        ("2008-07-00", "REPRESENTATIVE_TOO_YOUNG"),
        ("0000-00-00", "BIRTH_DATE_UNCERTAIN"),
    ],
)
def test_the_representative_is_born_on_some_day(born: str, reason: str) -> None:
    assert ask((SOLE, person("bram", 5), person("anna", born=born))).reason == reason


def test_of_everybody_else_the_earliest_day_counts() -> None:
    both = authority("PARENTAL_JOINT"), authority("PARENTAL_JOINT", "cora")
    other = person("cora", born="2008-00-00")
    assert ask((*both, person("bram", 1), other), service="class").reason == "OTHER_HOLDER_MUST_CONSENT"


def test_birth_dates_that_make_no_difference() -> None:
    mandate = authority("VOLUNTARY_MANDATE")
    assert ask((mandate, person("bram", born="1950-00-00"), person("anna", born="1980-02-00"))).outcome == "PERMIT"


@pytest.mark.parametrize(
    ("born", "reason"),
    [("2008-05-00", "OTHER_HOLDER_MUST_CONSENT"), ("2008-06-00", "BIRTH_DATE_UNCERTAIN")],
)
def test_required_consents_that_differ_are_a_difference(born: str, reason: str) -> None:
    # anna asks for the office, and is a guardian herself: asked for her consent only if she is 18
    guardians = [authority("GUARDIANSHIP", name, exercise="JOINT") for name in ("office", "anna", "cora")]
    office = fact("organisation", "office", kind="OTHER")
    employed = fact("employment", "e", employee="anna", organisation="office")
    facts = (*guardians, office, employed, person("bram", 5), person("anna", born=born))
    assert ask(facts, organisation="office", service="class").reason == reason


def test_oneself_born_on_some_day() -> None:
    assert ask((person("bram", born="2014-06-00"),), representative="bram").reason == "BIRTH_DATE_UNCERTAIN"
    assert ask((person("bram", born="2014-06-00"),), representative="bram", service="policy").reason == "SELF_NOT_ABLE"


def test_the_doubt_ends_when_every_possible_day_gives_the_same() -> None:
    decision = ask((SOLE, person("bram", born="2014-06-00")))
    assert decision.valid_until == day("2026-06-30")
    assert ask((SOLE, person("bram", born="2014-06-00")), at="2026-06-29T22:00:00Z").reason == "CHILD_CONSENT_UNKNOWN"


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        ("2026-02-28T22:59:59.999999Z", "PARENTAL_AUTHORITY"),
        ("2026-02-28T23:00:00Z", "CHILD_CONSENT_UNKNOWN"),
    ],
)
def test_a_birthday_begins_at_midnight_in_amsterdam_and_29_february_becomes_1_march(at: str, reason: str) -> None:
    assert ask((SOLE, person("bram", born="2014-03-01")), at=at).reason == reason


class TestKnownAt:
    MANDATE = authority("VOLUNTARY_MANDATE", id="m", recorded_at="2026-03-01T09:00:00Z")
    ENDED = authority("VOLUNTARY_MANDATE", id="m", status="WITHDRAWN", recorded_at="2026-05-01T09:00:00Z")

    @pytest.mark.parametrize(
        ("known_at", "reason"),
        [
            ("2026-03-01T08:59:59Z", "NO_GROUND"),
            ("2026-03-01T09:00:00Z", "VOLUNTARY_MANDATE"),
            ("2026-04-30T00:00:00Z", "VOLUNTARY_MANDATE"),
            ("2026-05-01T09:00:00Z", "WITHDRAWN"),
            (None, "WITHDRAWN"),
        ],
    )
    def test_what_was_known_then(self, known_at: str | None, reason: str) -> None:
        assert ask((self.MANDATE, self.ENDED), known_at=known_at).reason == reason

    def test_what_moved_to_other_people_leaves_no_trace(self) -> None:
        moved = authority("VOLUNTARY_MANDATE", id="m", represented="cora", recorded_at="2026-05-01T09:00:00Z")
        assert ask((self.MANDATE, moved)).reason == "NO_GROUND"
        assert ask((self.MANDATE, moved), represented="cora").reason == "VOLUNTARY_MANDATE"


class TestAnswer:
    def test_the_id_is_echoed(self) -> None:
        assert ask((), id="q1").id == "q1"
        assert ask(()).id is None

    def test_all_stale_registers_are_named_whether_they_matter_or_not(self) -> None:
        silent = {"heard_from": "2026-06-01T00:00:00Z", "max_silence": "P1D"}
        facts = (register("ESTATE", **silent), register("CCBR", **silent), register("BRP", max_silence="P1D"))
        decision = ask(
            (*facts, register("COURT"), register("PROVIDER", heard_from="2026-06-15T09:59:00Z", max_silence="PT1M"))
        )
        assert decision.stale_registers == ("BRP", "CCBR", "ESTATE", "PROVIDER")

    def test_required_consents_are_sorted_and_only_with_consent_required(self) -> None:
        parents = [authority("PARENTAL_JOINT", name) for name in ("anna", "zus", "cora")]
        assert ask((person("bram", 5), *parents), service="class").required_consents == ("cora", "zus")
        unnamed = authority("PARENTAL_JOINT"), authority("SHARED_AUTHORITY", None)
        assert ask((person("bram", 5), *unnamed), service="class").required_consents == ()

    def test_nothing_ends_what_never_changes(self) -> None:
        assert ask((authority("VOLUNTARY_MANDATE"),)).valid_until is None

    def test_an_end_beyond_several_changes_that_do_not_matter(self) -> None:
        word = consent("bram", valid_from="2026-01-01", valid_until="2026-09-01")
        again = consent("bram", id="again", valid_from="2026-08-01", valid_until="2027-01-01")
        assert ask((SOLE, person("bram", 13), word, again)).valid_until == day("2027-01-01")

    def test_the_last_day_of_the_calendar(self) -> None:
        mandate = authority("VOLUNTARY_MANDATE", valid_until="9999-12-31")
        assert ask((mandate,)).valid_until == instant("9999-12-30T23:00:00Z")


def test_an_office_and_its_employee_are_both_named_in_a_question() -> None:
    office = fact("organisation", "office", kind="OTHER")
    employed = fact("employment", "e", employee="anna", organisation="office", valid_until="2026-07-01")
    ground = authority("VOLUNTARY_MANDATE", "office")
    assert ask((office, employed, ground), organisation="office").valid_until == day("2026-07-01")
