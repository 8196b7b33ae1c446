"""Two sources that cannot both be right about somebody are shown to an operator, never resolved silently.

About minors `authority.rules.minors` gives SOURCES_DISAGREE to whoever asks meanwhile. Source: domain.md 7.6. Here is
what contradicts what; `graph.registers.watchlist` knows about whom to ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import Final

import msgspec

from authority.case import birth_days, turns
from authority.codes import AUTHORITY_OVER_MINORS, MEASURES, REGISTER_STATEMENTS
from authority.facts import Authority, Block, Fact, Person
from authority.moments import LAST_INSTANT, SINCE_EVER, local_day
from authority.neighbourhood import Neighbourhood
from graph.registers.brp_facts import unnamed_curator

_ABOUT_MINORS: Final = AUTHORITY_OVER_MINORS | REGISTER_STATEMENTS
_MINOR: Final = "minor"
RULING: Final = "ruling"
"""What a block says; a single one is worth watching."""


class Contradiction(msgspec.Struct, frozen=True, gc=False):
    """About whom, what, and since when (microseconds): the newest of what is said, or of what began or ended by it.

    The sentence bears the day, so that the same contradiction arising anew is another sentence.
    """

    person: str
    sentence: str
    since: int


def topic_of(fact: Fact) -> tuple[str, str] | None:
    """About whom a fact says something that another register may contradict, and on what; None: about nobody."""
    if isinstance(fact, Authority):
        if fact.kind in MEASURES:
            return fact.represented, fact.kind
        return (fact.represented, _MINOR) if fact.kind in _ABOUT_MINORS else None
    return (fact.represented, RULING) if isinstance(fact, Block) and fact.reason == "RULING" else None


def contradictions(near: Neighbourhood, person: str, at: int) -> list[Contradiction]:
    """What sources say about this person at this instant that cannot be true together."""
    known = near.people.get(person)
    if known is not None and known.died is not None and known.died <= at:
        return []
    found: list[Contradiction] = []
    if not _surely_adult(known, at):
        found.extend(_about_a_minor(near, person, at))
    if not _surely_minor(known, at):
        found.extend(_about_measures(near, person, at))
    found.extend(_overruled(near, person, at))
    return found


def next_change(near: Neighbourhood, person: str, at: int) -> int | None:
    """The first instant after `at` at which something of this begins or ends by itself; None: never."""
    known = near.people.get(person)
    instants = [instant for fact in concerned(near, person) for instant in (fact.valid_from, fact.valid_until)]
    if known is not None:
        instants.extend((known.died, *(turns(born, 18) for born in birth_days(known))))
    later = [instant for instant in instants if instant is not None and at < instant <= LAST_INSTANT]
    return min(later, default=None)


def concerned(near: Neighbourhood, person: str) -> list[Authority | Block]:
    """Whatever is looked at for this person."""
    stated: list[Authority | Block] = [*near.authorities.get(person, ()), *near.blocks]
    return [fact for fact in stated if (topic := topic_of(fact)) is not None and topic[0] == person]


def _surely_adult(person: Person | None, at: int) -> bool:
    return person is not None and turns(birth_days(person)[-1], 18) <= at


def _surely_minor(person: Person | None, at: int) -> bool:
    return person is not None and at < turns(birth_days(person)[0], 18)


def _about_a_minor(near: Neighbourhood, child: str, at: int) -> Iterator[Contradiction]:
    """Two registers of which one says another kind, or the same kind of other holders."""
    stated = [a for a in near.authorities.get(child, ()) if a.kind in _ABOUT_MINORS and _in_force(a, at)]
    said = sorted({(a.register, a.kind) for a in stated})
    registers = {register for register, _ in said}
    if len(registers) < 2:
        return
    if len({kind for _, kind in said}) > 1:
        words = [f"{register} says {kind}" for register, kind in said]
    elif _others([_holders(a for a in stated if a.register == register) for register in registers]):
        words = [
            f"{register} says {kind} of {_names(a for a in stated if a.register == register)}"
            for register, kind in said
        ]
    else:
        return
    since = _since(stated, at)
    yield Contradiction(child, f"sources disagree about {child}{_on(since)}: {'; '.join(words)}", since)


def _about_measures(near: Neighbourhood, person: str, at: int) -> Iterator[Contradiction]:
    """Two registers on the same measure over an adult: another holder, another period, or for one it is over."""
    over = [a for a in near.authorities.get(person, ()) if a.kind in MEASURES and a.status != "REQUESTED"]
    for kind in sorted({a.kind for a in over}):
        words = [
            _Word(register, [a for a in over if (a.kind, a.register) == (kind, register)], at)
            for register in sorted({a.register for a in over if a.kind == kind})
        ]
        if any(a.contradicts(b) for a, b in combinations(words, 2)):
            since = _since([a for word in words for a in word.stated], at)
            told = "; ".join(f"{word.register} says {word.told()}" for word in words)
            yield Contradiction(person, f"sources disagree about {kind} over {person}{_on(since)}: {told}", since)


class _Word:
    """What one register says of one measure over one person."""

    def __init__(self, register: str, stated: Sequence[Authority], at: int) -> None:
        self.register, self.stated = register, stated
        self._current = [a for a in stated if _in_force(a, at)]
        self._over = [end for a in stated if (end := _ended(a)) is not None and end <= at]
        self._later = [a.valid_from for a in stated if a.status == "ACTIVE" and (a.valid_from or SINCE_EVER) > at]

    @property
    def _period(self) -> tuple[int | None, int | None] | None:
        """Of what is in force; None: the register states no period."""
        begins = [a.valid_from for a in self._current if a.valid_from is not None]
        ends = [a.valid_until for a in self._current if a.valid_until is not None]
        if not begins and not ends:
            return None
        return min(begins, default=None), max(ends) if len(ends) == len(self._current) else None

    def contradicts(self, other: _Word) -> bool:
        """Whether both cannot be true; what a register leaves out contradicts nothing."""
        if self._current and other._current:
            return _others([_holders(self._current), _holders(other._current)]) or self._other_period(other)
        running, quiet = (self, other) if self._current else (other, self)
        return bool(running._current) and (quiet._ended_beside(running) or quiet._begins_beside(running))

    def _other_period(self, other: _Word) -> bool:
        if self._period is None or other._period is None:
            return False
        (began, ends), (other_began, other_ends) = self._period, other._period
        return ends != other_ends or (None not in (began, other_began) and began != other_began)

    def _ended_beside(self, running: _Word) -> bool:
        """Over here, yet running there; a measure that began after this one ended is another one."""
        began = running._period[0] if running._period is not None else None
        return bool(self._over) and (began is None or began < max(self._over))

    def _begins_beside(self, running: _Word) -> bool:
        """Not begun yet here, yet running there; what begins when the one there ends follows it."""
        if not self._later or self._over:
            return False
        ends = running._period[1] if running._period is not None else None
        return ends is None or min(begin for begin in self._later if begin is not None) < ends

    def told(self) -> str:
        """In words, for the sentence."""
        if self._current:
            began, ends = self._period or (None, None)
            whose = f"of {_names(self._current)}" if _holders(self._current) else "it runs"
            return f"{whose}{_dated(' from', began)}{_dated(' until', ends)}"
        if self._over:
            return f"it ended{_dated(' on', max(self._over))}"
        return f"it begins{_dated(' on', min(begin for begin in self._later if begin is not None))}"


def _overruled(near: Neighbourhood, represented: str, at: int) -> Iterator[Contradiction]:
    """A provider saw a ruling that takes authority away: removal wins, until somebody lifts it."""
    for block in near.blocks:
        if block.reason != "RULING" or block.represented != represented or not _runs(block, at):
            continue
        named = [a for a in near.authorities.get(represented, ()) if _in_force(a, at) and _concerns(block, a)]
        whom = block.representative or "everybody"
        since = _since([block], at)
        ruling = f"{block.provider} recorded a ruling against {whom} over {represented}{_on(since)}"
        if named:
            registers = ", ".join(sorted({a.register for a in named}))
            sentence = f"{ruling}, whom {registers} still shows"
        else:
            sentence = f"{ruling}; no register shows that any more, so the block {block.id} can be lifted"
        yield Contradiction(represented, sentence, since)


def _concerns(block: Block, authority: Authority) -> bool:
    return block.representative is None or block.representative == authority.representative


def _holders(stated: Iterable[Authority]) -> frozenset[str]:
    """Those that are named; empty where one is not: a register that leaves a holder out says nothing of the others."""
    found = {a.representative for a in stated}
    if None in found or any(a.representative == unnamed_curator(a.represented) for a in stated):
        return frozenset()
    return frozenset(name for name in found if name is not None)


def _names(stated: Iterable[Authority]) -> str:
    return ", ".join(sorted(a.representative or "somebody not named" for a in stated))


def _others(holders: Sequence[frozenset[str]]) -> bool:
    """Whether two of these name others; one who names fewer contradicts nobody."""
    return any(a and b and not a <= b and not b <= a for a, b in combinations(holders, 2))


def _ended(authority: Authority) -> int | None:
    """When it ended or will; a status that ends it without an end does so when it was recorded."""
    if authority.status in ("WITHDRAWN", "ENDED"):
        return min(authority.recorded_at, authority.valid_until or LAST_INSTANT)
    return authority.valid_until


def _since(facts: Sequence[Authority | Block], at: int) -> int:
    """When it was last said, or began or ended by itself."""
    instants = [instant for fact in facts for instant in (fact.valid_from, fact.valid_until) if instant is not None]
    return max(*(fact.recorded_at for fact in facts), *(instant for instant in instants if instant <= at), SINCE_EVER)


def _on(since: int) -> str:
    return _dated(" since", since)


def _dated(word: str, instant: int | None) -> str:
    return "" if instant is None or instant == SINCE_EVER else f"{word} {date.fromordinal(local_day(instant))}"


def _in_force(authority: Authority, at: int) -> bool:
    return authority.status == "ACTIVE" and _runs(authority, at)


def _runs(fact: Authority | Block, at: int) -> bool:
    return (fact.valid_from is None or fact.valid_from <= at) and (fact.valid_until is None or at < fact.valid_until)
