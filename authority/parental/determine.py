"""One child: the way through the tree, and what it comes to."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from authority.parental.before import minor_and_alive, resident
from authority.parental.brp import PersonRecord, ThirdParty
from authority.parental.derivation import DOUBTFUL_FLAGS, Derivation, Flag, Missing, Population
from authority.parental.question import Ending, Outcome, Question
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

    minor: str | None
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


def determine(child: PersonRecord, population: Population, today: date) -> Determination:
    """Ask the questions of domain.md 7.2 in order. Never raises: what is missing makes it UNDETERMINED."""
    case = Derivation(child, population, today)
    if "00" in (child.birth_date or "00-00-00").split("-") or child.birth_date is None:
        case.flags.add("BIRTH_DATE_INCOMPLETE")
    # an adult is not asked for a residence; the official module looks at age before the tree begins
    asked: Question = minor_and_alive if case.child.adult else resident
    route: list[Step] = []
    ending: Ending | None = None
    while ending is None:
        assert len(route) < QUESTIONS_MAX
        try:
            answer = asked.ask(case)
        except Missing as missing:
            route.append(Step(asked.number, asked.text, f"missing: {missing}"))
            ending = Ending("UNDETERMINED", because=data_missing(str(missing)))
            break
        route.append(Step(asked.number, asked.text, answer.given))
        if isinstance(answer.then, Ending):
            ending = answer.then
        else:
            asked = answer.then
    minor = case.child.named() if ending.outcome != "NOT_APPLICABLE" else child.bsn
    return Determination(
        minor=minor,
        outcome=ending.outcome,
        parents=tuple(parent.named() for parent in ending.parents),
        third_parties=ending.third_parties,
        because=ending.because,
        route=tuple(route),
        under_investigation=bool(case.doubts.fields),
        flags=tuple(sorted(case.flags)),
        candidates=tuple(
            parent.row.bsn for parent in case.parents if parent.row.bsn is not None and parent.row.surname != "."
        ),
    )
