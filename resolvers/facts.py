"""Facts in: the same checks as every other door, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from authority.facts import Fact
from graph.admission import admit
from graph.errors import BadInput, Problem
from graph.intake import fact_of, problems_of
from graph.ledger import Ledger, Token
from graph.pseudonyms import could_be_bsn
from resolvers import keeping
from resolvers.telling import stated_by


class Recorded(msgspec.Struct, frozen=True):
    """`token`: the ledger's position after it; `recorded`: how many were new; with problems nothing was.

    `stated`: all that were stated, new or not, as `resolvers.telling` has them.
    """

    token: Token
    recorded: int
    problems: tuple[Problem, ...] = ()
    stated: tuple[str, ...] = ()


async def record(
    ledger: Ledger, stated: Sequence[object], *, now: int, keeper: str | None = None, provider: str | None = None
) -> Recorded:
    """Record these decoded JSON objects; where one says no `recorded_at`, it is recorded now.

    `keeper`: only the word of this register, `provider`: only what holds at this provider; raises Forbidden for
    anything else (`resolvers.keeping`). A problem's `line` is the object's place, counted from 1. Every problem is
    told, not only the first.
    """
    facts: list[tuple[int, Fact, bool]] = []
    problems: list[Problem] = []
    for line, data in enumerate(stated, 1):
        try:
            fact, says_when = fact_of(data, recorded_at=now)
        except Problem:
            for problem in problems_of(data):
                problem.line = line
                problems.append(problem)
        else:
            problems.extend(_numbers(line, data))
            facts.append((line, fact, says_when))
    if problems:
        return Recorded(await ledger.head(), 0, tuple(problems))
    if keeper is not None:
        await keeping.check(ledger, keeper, [(line, fact) for line, fact, _ in facts])
    if provider is not None:
        await keeping.check_provider(ledger, provider, [(line, fact) for line, fact, _ in facts])
    try:
        changed = await admit(ledger, facts)
    except BadInput as refused:
        return Recorded(await ledger.head(), 0, refused.problems)
    names = stated_by(fact for _, fact, _ in facts)
    if not changed:
        return Recorded(await ledger.head(), 0, stated=names)
    done = await ledger.append(changed)
    return Recorded(done.token, done.recorded, stated=names)


def _numbers(line: int, data: object) -> Iterator[Problem]:
    """Every field with a citizen service number in it: an id is kept, and a number never is."""
    assert isinstance(data, dict), "a fact was read from it"
    for field, value in data.items():
        said = value if isinstance(value, list) else [value]
        if any(isinstance(each, str) and could_be_bsn(each) for each in said):
            yield Problem("RESERVED_ID", line=line, field=field, expected="no number that could be a BSN")
