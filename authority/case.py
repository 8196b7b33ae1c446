"""One question among its facts at one moment: what every rule asks of them.

All time passes through `Case.reached`: it remembers in `until` the nearest instant at which any comparison made so far
would turn out otherwise. Up to that instant the same evaluation takes the same course, so the answer stands; there
`authority.decide` evaluates anew to find `valid_until`.
"""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache
from typing import Final, Literal

from authority import moments
from authority.codes import CARE_DOMAINS, CURATELE, REGISTER_STATEMENTS
from authority.facts import Ability, Authority, Block, Consent, Employment, Person
from authority.moments import LAST_INSTANT, SINCE_EVER, possible_birth_days
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from authority.registers import Registers

NEVER: Final = LAST_INSTANT + 1
"""After all time: an instant that nothing reaches."""

NEWBORN: Final = 0
"""Birth day of somebody of unknown birth year, latest possible: born on the day of the question."""
ANCIENT: Final = -1
"""The same, earliest possible: born 150 years before, so older than any age that the law asks for."""

Word = Literal["GIVEN", "REFUSED", "SILENT"]


def birth_days(person: Person | None) -> tuple[int, ...]:
    """The birth days to decide with, earliest first: one where it is certain, else the earliest and the latest."""
    return (ANCIENT,) if person is None else _birth_days(person.born)


@lru_cache(maxsize=262_144)
def _birth_days(born: str) -> tuple[int, ...]:
    days = possible_birth_days(born)
    if days is None:
        return ANCIENT, NEWBORN
    return days if days[0] != days[1] else days[:1]


@lru_cache(maxsize=524_288)
def turns(born: int, years: int) -> int:
    """The instant at which somebody born on this day becomes `years` old."""
    if born > 0:
        return moments.birthday(born, years)
    return NEVER if born == NEWBORN else SINCE_EVER


def registers_of(around: Neighbourhood) -> Registers:
    """The registers with what is asked of them worked out; kept by the graph, or made here."""
    registers = around.registers
    return registers if isinstance(registers, Registers) else Registers(registers)


class Case:
    """The question, its facts, and for both sides the birth day that is taken for granted here; then the moment.

    One case serves every moment at which the question is evaluated: `look_at` moves it on. `until` is then the nearest
    later instant at which a comparison made here would differ.

    `grounds` are the asker's own authorities over the represented, in force or not; none over somebody unknown.
    `doubt` is set as soon as a rule leans on a fact that is under investigation (facts.md 5.2.6); whoever weighs a
    ground clears it first.
    """

    __slots__ = (
        "around",
        "asker",
        "at",
        "domain",
        "doubt",
        "grounds",
        "oneself",
        "over_represented",
        "question",
        "registers",
        "representative",
        "representative_born",
        "represented",
        "represented_born",
        "service",
        "through_organisation",
        "until",
    )

    def __init__(
        self,
        question: Question,
        around: Neighbourhood,
        registers: Registers,
        representative_born: int,
        represented_born: int,
    ) -> None:
        representative, represented, service = question.representative, question.represented, around.service
        self.question = question
        self.around = around
        self.representative_born = representative_born
        self.represented_born = represented_born
        self.oneself = representative == represented
        self.through_organisation = question.organisation is not None and not self.oneself
        asker = question.organisation or representative if self.through_organisation else representative
        self.asker = asker
        self.representative = around.people.get(representative)
        self.represented = around.people.get(represented)
        self.over_represented = around.authorities.get(represented, ())
        self.service = service
        self.domain = service.domain if service is not None else ""
        self.registers = registers
        self.grounds = [
            a
            for a in (self.over_represented if self.represented is not None else ())
            if a.representative == asker and a.kind not in REGISTER_STATEMENTS
        ]
        self.look_at(question.at)

    def look_at(self, at: int) -> None:
        """See it at this moment, with nothing compared yet."""
        self.at = at
        self.until = NEVER
        self.doubt = False

    # time

    def reached(self, instant: int) -> bool:
        """Whether the instant has come: `instant ≤ at`."""
        if instant <= self.at:
            return True
        if instant < self.until:  # noqa: PLR1730 - a call of min() takes as long as all the rest here
            self.until = instant
        return False

    def runs(self, fact: Authority | Consent | Ability | Block | Employment) -> bool:
        """`valid_from ≤ at < valid_until`."""
        begins, ends = fact.valid_from, fact.valid_until
        if begins is not None and begins > self.at:
            return self.reached(begins)
        return ends is None or not self.reached(ends)

    def in_force(self, authority: Authority) -> bool:
        """ACTIVE and running; retracted ones never come in."""
        return authority.status == "ACTIVE" and self.runs(authority)

    def dead(self, person: Person | None) -> bool:
        """Died at or before the moment; somebody unknown is not dead."""
        return person is not None and person.died is not None and self.reached(person.died)

    def represented_is(self, years: int) -> bool:
        """The represented is `years` old or older."""
        birthday = turns(self.represented_born, years)
        if birthday <= self.at:
            return True
        if birthday < self.until:  # noqa: PLR1730 - as `reached`, without the call: every rule asks for ages
            self.until = birthday
        return False

    def representative_is(self, years: int) -> bool:
        """The representative is `years` old or older."""
        birthday = turns(self.representative_born, years)
        if birthday <= self.at:
            return True
        if birthday < self.until:  # noqa: PLR1730 - as `reached`, without the call: every rule asks for ages
            self.until = birthday
        return False

    def died_before(self, years: int) -> bool:
        """The represented died before reaching this age."""
        died = self.represented.died if self.represented is not None else None
        return died is not None and died < turns(self.represented_born, years)

    # people

    def under(self, kinds: Container[str], person: str, born: int) -> bool:
        """18 or over, with an authority of one of these kinds in force over him, whoever holds it."""
        for a in self.around.authorities.get(person, ()):
            if a.kind in kinds and self.in_force(a) and self.reached(turns(born, 18)):
                return True
        return False

    def holds_nothing(self, holder: str) -> bool:
        """A holder who is dead, under 18 or under curatele is not asked (rule J, table 5.4).

        Their birth date is the earliest possible. A holder who is an organisation, or unknown, is asked.
        """
        person = self.around.people.get(holder)
        if person is None:
            return False
        if holder == self.question.representative:
            born = self.representative_born
        elif holder == self.question.represented:
            born = self.represented_born
        else:
            born = birth_days(person)[0]
        return self.dead(person) or not self.reached(turns(born, 18)) or self.under(CURATELE, holder, born)

    # authorities over the represented

    def standing(self, kinds: Container[str]) -> list[Authority]:
        """Authorities over the represented, of these kinds, in force, whoever holds them."""
        return [a for a in self.over_represented if a.kind in kinds and self.in_force(a)]

    # what people said and what the provider found

    def word_of(self, giver: str, *, not_before: int | None = None) -> Word:
        """Whether `giver` consents to what is asked; a refusal wins over a consent.

        `not_before`: a consent (never a refusal) counts only if its `valid_from` is not before this instant.
        """
        question = self.question
        named_only = question.act in ("PASSPORT", "IDENTITY_CARD")
        word: Word = "SILENT"
        for c in self.around.consents:
            if (
                c.from_ != giver
                or c.representative != self.asker
                or c.represented != question.represented
                or (c.provider is not None and c.provider != question.provider)
                or (c.domain is not None and c.domain != self.domain)
                or (c.act != question.act and (named_only or c.act is not None))
                or not self.runs(c)
            ):
                continue
            if c.given and not_before is not None and (c.valid_from is None or c.valid_from < not_before):
                continue
            self.lean_on(c)
            if not c.given:
                word = "REFUSED"
            elif word == "SILENT":
                word = "GIVEN"
        return word

    def consents(self, giver: str) -> bool:
        """Consent in force and no refusal."""
        return self.word_of(giver) == "GIVEN"

    def child_consents(self) -> bool:
        """The child's own consent; one from before its 12th birthday does not count (facts.md 5.3)."""
        twelfth = turns(self.represented_born, 12)
        return self.word_of(self.question.represented, not_before=twelfth) == "GIVEN"

    def able(self) -> bool | None:
        """Able to judge this matter, as recorded in a care domain; None: not recorded, or contradictory."""
        if self.domain not in CARE_DOMAINS:
            return None
        answers = set()
        for a in self.around.abilities:
            if (
                a.person == self.question.represented
                and (a.provider is None or a.provider == self.question.provider)
                and (a.domain is None or a.domain == self.domain)
                and self.runs(a)
            ):
                answers.add(a.able)
                self.lean_on(a)
        return answers.pop() if len(answers) == 1 else None

    def lean_on(self, fact: Ability | Authority | Consent | Person | None) -> None:
        """Remember that the result rests on this fact; matters where the fact is in doubt."""
        if fact is not None and fact.under_investigation:
            self.doubt = True

    # registers

    def stale(self, register: str) -> bool:
        """Whether this register has been silent too long, at `known_at` where given, else as time runs."""
        silent_from = self.registers.silences.get(register)
        if silent_from is None:
            return False
        known_at = self.question.known_at
        return self.reached(silent_from) if known_at is None else silent_from <= known_at
