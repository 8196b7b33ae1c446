"""`whatIf`: what the answer would be with some facts more or less. Nothing of it is stored, signed or counted.

The facts around the question are laid beside the hypothetical ones in a pile in memory, checked by the same door as
facts that are recorded, and the law decides from that: what comes out is what recording them would give. One thing is
otherwise: somebody's hypothetical word for themselves stands in place of what they said, as in an explanation's
changes; a child's refusal is told to nobody, and by trying it would be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from authority.codes import FactType
from authority.explanation import Explanation, explain
from authority.facts import TYPES, Consent, Fact, type_of
from authority.neighbourhood import Neighbourhood, other_holders
from authority.question import Question
from graph.admission import admit
from graph.errors import BadInput, Problem
from graph.fields import shown
from graph.gathering import Pile, gather
from graph.intake import fact_of
from graph.ledger import Ledger, View
from resolvers.browsing import about, told_to_nobody
from resolvers.decisions import Answer
from resolvers.nodes import NODE_TYPES, read_node_id
from resolvers.telling import Given, tell

FACTS_MAX: Final = 50
"""Hypothetical facts, and facts left out, in one request."""

Key = tuple[FactType, str]


class Hypothesis(msgspec.Struct, frozen=True):
    """`added`: what would be recorded, without what is known already; `removed`: what would be taken back."""

    explanation: Explanation
    answer: Answer
    added: tuple[Key, ...]
    removed: tuple[Key, ...]


async def what_if(
    ledger: Ledger, question: Question, add: Sequence[object], remove: Sequence[str], *, now: int
) -> Hypothesis:
    """The explanation that the question would have. Raises BadInput that names the place in `add` or `remove`.

    A hypothetical fact without `recorded_at` is recorded at the question's `known_at`, or else now.
    """
    moment = now if question.known_at is None else question.known_at
    added = await _added(ledger, add, moment)
    removed = await _removed(ledger, remove, question.known_at)
    taken_back = [_taken_back(fact, moment) for fact in removed]
    around = await _overlaid(ledger, question, [*added, *taken_back])
    explanation = explain(question, around)
    answer = Answer(question, explanation.decision, around)
    tell(Given([answer], hypothetical=True))
    return Hypothesis(explanation, answer, tuple(map(_key, added)), tuple(map(_key, removed)))


async def _added(ledger: Ledger, add: Sequence[object], moment: int) -> list[Fact]:
    """What of these would be recorded: checked as `recordFacts` does."""
    _bounded("add", add)
    facts: list[tuple[int, Fact, bool]] = []
    try:
        for line, data in enumerate(add, 1):
            try:
                facts.append((line, *fact_of(data, recorded_at=moment)))
            except Problem as problem:
                problem.line = line
                raise BadInput([problem]) from None
        return await admit(ledger, facts)
    except BadInput as bad:
        raise BadInput([_placed(problem) for problem in bad.problems]) from None


def _placed(problem: Problem) -> Problem:
    """The problem with its place in `add` for a field."""
    place = f"add[{problem.line - 1}]"
    field = f"{place}.{problem.field}" if problem.field else place
    return Problem(problem.code, field=field, found=problem.found, expected=problem.expected)


async def _removed(ledger: Ledger, remove: Sequence[str], known_at: int | None) -> list[Fact]:
    """The facts that these ids name, each once: a plain id, a nodeId, or the type and the id with a space between."""
    _bounded("remove", remove)
    found: dict[Key, Fact] = {}
    for place, name in enumerate(remove):
        keys = list(_keys(name, f"remove[{place}]"))
        held = await ledger.versions(keys, View(known_at=known_at))
        facts = [fact for _, fact in held.values() if not fact.retracted and not told_to_nobody(fact)]
        if len(facts) != 1:
            expected = "the id of a fact that holds"
            if facts:
                expected = " or ".join(sorted(f'"{type_of(fact)} {fact.id}"' for fact in facts))
            raise BadInput([Problem("WRONG_VALUE", field=f"remove[{place}]", found=shown(name), expected=expected)])
        found[_key(facts[0])] = facts[0]
    return list(found.values())


def _keys(name: str, field: str) -> Iterable[Key]:
    if name.startswith("~"):
        type_name, own = read_node_id(name, field)
        return [(NODE_TYPES[type_name], own)]
    first, space, rest = name.partition(" ")
    return [(each, rest) for each in TYPES if each == first] if space else [(each, name) for each in TYPES]


def _bounded(field: str, given: Sequence[object]) -> None:
    if len(given) > FACTS_MAX:
        raise BadInput([Problem("WRONG_VALUE", field=field, found=f"{len(given)}", expected=f"at most {FACTS_MAX}")])


def _taken_back(fact: Fact, moment: int) -> Fact:
    """Its retraction, which holds whenever it was recorded."""
    return msgspec.structs.replace(fact, retracted=True, recorded_at=max(moment, fact.recorded_at))


async def _overlaid(ledger: Ledger, question: Question, hypothetical: Sequence[Fact]) -> Neighbourhood:
    """The neighbourhood that the question would have with these facts recorded."""
    around = await ledger.neighbourhood(question)
    view = View(known_at=question.known_at)
    held = await ledger.versions([_key(fact) for fact in hypothetical], view)
    own_words = {each.from_ for each in hypothetical if isinstance(each, Consent) and each.from_ == each.represented}
    known = [
        fact
        for fact in [*around.facts(), *(fact for _, fact in held.values())]
        if not (told_to_nobody(fact) and isinstance(fact, Consent) and fact.from_ in own_words)
    ]
    pile = _pile(known, hypothetical)
    parties = other_holders(question, pile.authorities_over(question.represented, question.known_at))
    seen = {question.representative, question.represented, *around.people, *around.authorities}
    for party in sorted(parties - seen):
        known += (await ledger.neighbourhood(about(party, view))).facts()
    return gather(question, _pile(known, hypothetical))


def _pile(known: Iterable[Fact], hypothetical: Iterable[Fact]) -> Pile:
    """Of equal instants the later one holds: the hypothetical one, as if recorded now."""
    return Pile([*dict.fromkeys(known), *hypothetical])


def _key(fact: Fact) -> Key:
    return type_of(fact), fact.id
