"""One child: the way through the tree, and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from authority.parental.before import minor_and_alive, resident
from authority.parental.brp import PersonRecord, ThirdParty
from authority.parental.derivation import DOUBTFUL_FLAGS, ONE_RECORD, Derivation, Flag, Missing, Population
from authority.parental.question import Ending, Outcome, Question
from authority.parental.records import Doubts, Record, adult_since, incomplete
from authority.parental.texts import Because, data_missing
from authority.reasons import Text

QUESTIONS_MAX: Final = 12
"""No way through the tree is longer."""


class Step(NamedTuple):
    """A question that was asked, and what was answered."""

    number: str
    question: Text
    answer: str


class Determination(NamedTuple):
    """Who holds authority over a minor, as the register shows, and how that was found."""

    minor: str
    outcome: Outcome
    parents: tuple[str | None, ...]
    """Those who hold it; None: one without a BSN."""
    third_parties: tuple[ThirdParty, ...]
    because: Because | None
    """With NO_AUTHORITY and UNDETERMINED."""
    route: tuple[Step, ...]
    under_investigation: bool
    """The register doubts a value that this rests on (in onderzoek)."""
    flags: tuple[Flag, ...]
    candidates: tuple[str, ...]
    """The legal parents with a BSN, whether they hold authority or not."""

    @property
    def doubtful(self) -> bool:
        """By the register's own word, or since the tree is known to err here (domain.md 7.5)."""
        return self.under_investigation or not DOUBTFUL_FLAGS.isdisjoint(self.flags)

    @property
    def holders(self) -> tuple[str, ...]:
        """All with a BSN who hold authority: parents, and third parties whom the register names."""
        thirds = (third.bsn for third in self.third_parties)
        return tuple(bsn for bsn in (*self.parents, *thirds) if bsn is not None)


def determine(bsn: str, population: Population, today: date) -> Determination | None:
    """Ask the questions of domain.md 7.2 about this child, in order; None for somebody whom the register does not know.

    Never raises: what is missing makes it UNDETERMINED, and so do two records for this one BSN.
    """
    records = population.all_of(bsn)
    if not records:
        return None
    if len(records) > 1:
        return _of_several(bsn, records, today)
    case = Derivation(records[0], population, today)
    if incomplete(case.child.birth_date):
        case.flags.add("BIRTH_DATE_INCOMPLETE")
    # an adult is not asked for a residence: the official module looks at age before the tree begins
    route, ending = _walk(case, minor_and_alive if case.child.adult else resident)
    holders = tuple(parent.named() for parent in ending.parents)
    return Determination(
        minor=bsn,
        outcome=ending.outcome,
        parents=holders,
        third_parties=ending.third_parties,
        because=ending.because,
        route=route,
        under_investigation=bool(case.doubts.fields),
        flags=tuple(sorted(case.flags)),
        candidates=case.legal_parents(),
    )


def _walk(case: Derivation, first: Question) -> tuple[tuple[Step, ...], Ending]:
    route: list[Step] = []
    then: Question | Ending = first
    while isinstance(then, Question):
        assert len(route) < QUESTIONS_MAX
        asked = then
        try:
            given, then = asked.ask(case)
        except Missing as missing:
            given, then = f"missing: {missing}", Ending("UNDETERMINED", because=data_missing(str(missing)))
        route.append(Step(asked.number, asked.text, given))
    if then.outcome != "NOT_APPLICABLE":
        case.child.look_at_name()
    return tuple(route), then


def _of_several(bsn: str, records: Sequence[PersonRecord], today: date) -> Determination:
    """Which of them is true is not for us to guess; that all are adults' settles it."""
    adults = all(adult_since(Record(record, Doubts(today), today).birth_date, today) for record in records)
    because = None if adults else data_missing(ONE_RECORD)
    return Determination(bsn, "NOT_APPLICABLE" if adults else "UNDETERMINED", (), (), because, (), False, (), ())
