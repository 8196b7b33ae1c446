"""A case that takes notes: what each step looked at, what it found there, and which facts it leaned on."""

# ruff: noqa: D102 - what a watched method means is said where it is defined, in authority.case
from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Literal

import msgspec

from authority.case import Case, Word
from authority.facts import Ability, Authority, Block, Consent, Employment, Fact, Person, type_of

What = Literal[
    "AGE", "ABILITY", "CONSENT", "DEAD", "DIED_BEFORE", "HOLDS_NOTHING", "IN_FORCE", "REGISTER_STALE", "UNDER"
]


class FactRef(msgspec.Struct, frozen=True, order=True):
    """A fact by type and id."""

    type: str
    id: str


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a step looked at.

    AGE: `of` is `detail` years old or older; ABILITY: able, None where not recorded; CONSENT: the word of `of`;
    DEAD, DIED_BEFORE (an age), HOLDS_NOTHING (rule J), UNDER (measures in `detail`): of a person; IN_FORCE: the fact
    `of` of type `detail`; REGISTER_STALE.
    """

    what: What
    of: str
    found: bool | Word | None
    detail: str = ""


class Witness(Case):
    """Answers as any case does; what it noted since it was last asked is `notes`, since `begin` is `leaned`."""

    __slots__ = ("_leaned", "_notes")

    _notes: dict[tuple[What, str, str], bool | Word | None]
    _leaned: set[FactRef]

    @classmethod
    def of(cls, case: Case) -> Witness:
        """The same case, watched."""
        return cls(case.question, case.around, case.registers, case.representative_born, case.represented_born)

    def look_at(self, at: int) -> None:
        """Nothing seen yet at this moment."""
        super().look_at(at)
        self._notes, self._leaned = {}, set()

    def begin(self) -> None:
        """Before a ground is weighed: nothing leaned on, no doubt."""
        self.doubt = False
        self._notes, self._leaned = {}, set()

    def notes(self) -> tuple[Look, ...]:
        """What was looked at since this was last asked, each thing once, in order."""
        taken = tuple(
            Look(what=what, of=of, found=found, detail=detail) for (what, of, detail), found in self._notes.items()
        )
        self._notes = {}
        return taken

    def leaned(self) -> tuple[FactRef, ...]:
        """The facts that were leaned on (facts.md 5.2.6), in doubt or not."""
        return tuple(sorted(self._leaned))

    def lean(self, facts: Iterable[Fact | None]) -> None:
        """Note facts that step 6 looks at of itself, in doubt or not."""
        self._leaned |= {FactRef(type_of(fact), fact.id) for fact in facts if fact is not None}

    # what is watched

    def runs(self, fact: Authority | Consent | Ability | Block | Employment) -> bool:
        return self._note("IN_FORCE", fact.id, super().runs(fact), type_of(fact))

    def in_force(self, authority: Authority) -> bool:
        return self._note("IN_FORCE", authority.id, super().in_force(authority), "authority")

    def dead(self, person: Person | None) -> bool:
        found = super().dead(person)
        return found if person is None else self._note("DEAD", person.id, found)

    def represented_is(self, years: int) -> bool:
        return self._note("AGE", self.question.represented, super().represented_is(years), str(years))

    def representative_is(self, years: int) -> bool:
        return self._note("AGE", self.question.representative, super().representative_is(years), str(years))

    def died_before(self, years: int) -> bool:
        return self._note("DIED_BEFORE", self.question.represented, super().died_before(years), str(years))

    def under(self, kinds: Container[str], person: str, born: int) -> bool:
        measures = " ".join(kind for kind in ("CURATELE", "BEWIND", "MENTORSCHAP") if kind in kinds)
        return self._note("UNDER", person, super().under(kinds, person, born), measures)

    def holds_nothing(self, holder: str) -> bool:
        return self._note("HOLDS_NOTHING", holder, super().holds_nothing(holder))

    def word_of(self, giver: str, *, not_before: int | None = None) -> Word:
        notes, leaned = dict(self._notes), set(self._leaned)
        word = super().word_of(giver, not_before=not_before)
        if not_before is not None and word == "REFUSED":
            # a child's refusal is told like its silence, so that nobody learns of it (facts.md 5.3, rule K)
            self._notes, self._leaned = notes, leaned
            self._notes["CONSENT", giver, ""] = "SILENT"
            return word
        self._notes["CONSENT", giver, ""] = word
        return word

    def able(self) -> bool | None:
        found = super().able()
        self._notes["ABILITY", self.question.represented, ""] = found
        return found

    def lean_on(self, fact: Ability | Authority | Consent | Person | None) -> None:
        super().lean_on(fact)
        self.lean((fact,))

    def stale(self, register: str) -> bool:
        return self._note("REGISTER_STALE", register, super().stale(register))

    def _note(self, what: What, of: str, found: bool, detail: str = "") -> bool:
        self._notes[what, of, detail] = found
        return found
