"""What has been learnt since a decision, and whether it would be another one now (time travel; facts.md chapter 1).

*Then* is what the decision saw: the versions up to a position of the ledger, recorded by the question's `known_at`.
*Now* is everything recorded. Both are asked the very same question, so that time itself changes nothing: where
nothing was learnt the two decisions are equal. Of a register that the question measures at its `known_at`, the silence
is measured there now too; that it has been heard from since is something learnt.

The other way round: two decisions that differ do so because of a fact that is listed. A refusal by the represented is
told like silence here too (facts.md 5.3, rule K): the consent that it overrules is as if it were taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final, Literal

import msgspec

from authority.codes import FactType
from authority.decide import decide
from authority.decision import Decision
from authority.facts import Consent, Fact, type_of
from authority.neighbourhood import Neighbourhood, other_holders
from authority.question import Question

Key = tuple[FactType, str]
Versions = Mapping[Key, tuple[int, Fact]]
"""The version of each statement that holds, retracted ones too, with its position in the ledger."""

Change = Literal["ADDED", "CORRECTED", "RETRACTED"]
DECISION_FIELDS: Final = tuple(name for name in Decision.__struct_fields__ if name not in {"id", "as_of"})
"""What can differ between two decisions of one question: all but whose it is and where it was taken."""


class Learnt(msgspec.Struct, frozen=True, kw_only=True):
    """A fact around the question that does not hold as it did then.

    ADDED: it was not known, or taken back; CORRECTED: it has been stated anew; RETRACTED: it has been taken back.
    `position` (0: it came from no ledger) and `recorded_at` are of the version that holds now.
    """

    fact: FactType
    id: str
    change: Change
    position: int
    recorded_at: int


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """`facts`: what was learnt around the question, in ledger order. `differs_in`: fields of the decision."""

    facts: tuple[Learnt, ...]
    decision_now: Decision
    differs_in: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the answer would be another one now."""
        return bool(self.differs_in)


def keys_of(question: Question, *arounds: Neighbourhood) -> list[Key]:
    """The statements that `authority.neighbourhood` asks for, in any of these; what else a graph brought is not."""
    return sorted({(type_of(fact), fact.id) for around in arounds for fact in _facts(question, around)})


def since(question: Question, decision: Decision, around_now: Neighbourhood, then: Versions, now: Versions) -> Since:
    """Compare a decision with the one that the same question has from everything known now.

    `then` and `now`: of `keys_of` both neighbourhoods, as they held then and as they hold now.
    """
    decision_now = decide(question, around_now)
    return Since(
        facts=tuple(sorted(_learnt(question, then, now), key=_in_order)),
        decision_now=decision_now,
        differs_in=tuple(name for name in DECISION_FIELDS if getattr(decision, name) != getattr(decision_now, name)),
    )


def _in_order(learnt: Learnt) -> tuple[int, int, str, str]:
    return learnt.position, learnt.recorded_at, learnt.fact, learnt.id


def _facts(question: Question, around: Neighbourhood) -> Iterator[Fact]:
    about = question.represented
    everybody = {question.representative, about, *other_holders(question, around.authorities.get(about, ()))}
    single: list[Fact | None] = [around.service, around.provider, *(around.people.get(party) for party in everybody)]
    yield from chain.from_iterable(around.authorities.get(party, ()) for party in everybody)
    yield from (consent for consent in around.consents if consent.represented == about)
    yield from (ability for ability in around.abilities if ability.person == about)
    yield from (block for block in around.blocks if block.represented == about)
    yield from around.registers.values()
    if question.organisation is not None and not question.oneself:
        employed = (question.representative, question.organisation)
        yield from (each for each in around.employments if (each.employee, each.organisation) == employed)
        single.append(around.organisation)
    yield from (fact for fact in single if fact is not None)


def _learnt(question: Question, then: Versions, now: Versions) -> Iterator[Learnt]:
    before, after = _told(question, then), _told(question, now)
    refusals = [now[key] for key, (_, fact) in now.items() if _own_word(question, fact) and now[key] != then.get(key)]
    for key in {**before, **after}:
        was, is_ = before.get(key), after.get(key)
        if was == is_:
            continue
        change: Change = "ADDED" if was is None else "RETRACTED" if is_ is None else "CORRECTED"
        # a consent with no new version of its own: it is overruled, or no longer, by a refusal that has one
        sources = [now[key]] if now[key] != then.get(key) else refusals
        position, version = max(sources, key=lambda held: (held[0], held[1].recorded_at))
        yield Learnt(fact=key[0], id=key[1], change=change, position=position, recorded_at=version.recorded_at)


def _told(question: Question, versions: Versions) -> dict[Key, Fact]:
    """What is stated, but for the represented's own refusals and the consents that these overrule.

    A refusal in doubt is no secret: the decision itself is INDETERMINATE for it (facts.md 5.2, step 6).
    """
    stated = {key: fact for key, (_, fact) in versions.items() if not fact.retracted}
    refusals = [
        fact
        for fact in stated.values()
        if isinstance(fact, Consent) and _own_word(question, fact) and not fact.given and not fact.under_investigation
    ]
    return {
        key: fact
        for key, fact in stated.items()
        if fact not in refusals and not any(_overrules(refusal, fact, question.at) for refusal in refusals)
    }


def _own_word(question: Question, fact: Fact) -> bool:
    return isinstance(fact, Consent) and fact.from_ == question.represented == fact.represented


def _overrules(refusal: Consent, fact: Fact, at: int) -> bool:
    """Whether a refusal wins over this consent now or later; its scope is not looked at, so perhaps too often."""
    return (
        isinstance(fact, Consent)
        and fact.given
        and (fact.from_, fact.representative) == (refusal.from_, refusal.representative)
        and (refusal.valid_until is None or at < refusal.valid_until)
    )
