"""`decide`: one question, its neighbourhood, one decision (facts.md chapter 5).

Deterministic: the same question and the same facts give the same answer, whatever the facts' order.
"""

from __future__ import annotations

import msgspec

from authority.case import NEVER, Case, birth_days, registers_of
from authority.decision import Decision
from authority.finding import Finding, found
from authority.grounds import sources, weigh
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from authority.reasons import RANK
from authority.rules.before import before_any_ground
from authority.rules.good_care_block import blocked
from authority.rules.no_ground import no_ground
from authority.rules.oneself import oneself


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """The winning finding, the grounds that gave it, and all reasons in the order in which they would win."""

    finding: Finding
    grounds: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def required_consents(self) -> tuple[str, ...]:
        """Only where consent is what is missing."""
        return tuple(sorted(self.finding.required)) if self.finding.outcome == "CONSENT_REQUIRED" else ()


def decide(question: Question, around: Neighbourhood) -> Decision:
    """The decision on `question`, given the facts around it.

    `valid_until` is found by evaluating anew at each instant at which a comparison made so far would turn out
    otherwise, until outcome or reason differ. There are finitely many: each lies after the one before.
    """
    cases = cases_of(question, around)
    verdict = verdict_on(cases)
    finding = verdict.finding
    valid_until = None
    while (next_instant := _next_instant(cases)) < NEVER:
        for case in cases:
            case.look_at(next_instant)
        if verdict_on(cases).finding.reason != finding.reason:
            valid_until = next_instant
            break
    return Decision(
        id=question.id,
        outcome=finding.outcome,
        reason=finding.reason,
        required_consents=verdict.required_consents,
        step_up=finding.step_up,
        grounds=verdict.grounds,
        valid_until=valid_until,
        reasons=verdict.reasons,
        as_of=around.as_of,
        stale_registers=cases[0].registers.stale_at(question.at if question.known_at is None else question.known_at),
    )


def cases_of(question: Question, around: Neighbourhood) -> list[Case]:
    """One case where both birth dates are certain, else one for every combination of the possible ones."""
    registers = registers_of(around)
    representatives = birth_days(around.people.get(question.representative))
    if question.representative == question.represented:
        return [Case(question, around, registers, born, born) for born in representatives]
    represented = birth_days(around.people.get(question.represented))
    return [Case(question, around, registers, first, second) for first in representatives for second in represented]


def _next_instant(cases: list[Case]) -> int:
    """The nearest instant at which a comparison made in any of them would turn out otherwise."""
    return cases[0].until if len(cases) == 1 else min(case.until for case in cases)


def verdict_on(cases: list[Case]) -> Verdict:
    """The verdict at the moment that the cases are seen at; uncertain where the birth dates give different ones."""
    if len(cases) == 1:
        return answer(cases[0])
    verdicts = [answer(case) for case in cases]
    if len({(v.finding.reason, v.required_consents) for v in verdicts}) == 1:
        return verdicts[0]
    return _verdict(found("BIRTH_DATE_UNCERTAIN"))


def answer(case: Case) -> Verdict:
    """Chapter 5 from top to bottom, with certain birth days."""
    finding = before_any_ground(case)
    if finding is not None:
        return _verdict(finding)
    if case.oneself:
        return _verdict(sources(case, oneself(case) or found("SELF"), None))
    grounds = case.grounds
    if not grounds:
        return _verdict(no_ground(case))
    if blocked(case):
        return _verdict(found("BLOCKED"))
    if len(grounds) == 1:
        finding = weigh(case, grounds[0])
        return Verdict(finding, (grounds[0].id,), (finding.reason,))
    return best([(weigh(case, ground), ground.id) for ground in grounds])


def best(weighed: list[tuple[Finding, str]]) -> Verdict:
    """Of what the grounds give: the best outcome, then the reason that stands first, then the smallest id."""
    weighed = sorted(weighed, key=_precedence)
    winner = weighed[0][0]
    return Verdict(
        winner,
        tuple(sorted(ground_id for finding, ground_id in weighed if finding.reason == winner.reason)),
        tuple(dict.fromkeys(finding.reason for finding, _ in weighed)),
    )


def _precedence(weighed: tuple[Finding, str]) -> tuple[int, str]:
    return RANK[weighed[0].reason], weighed[1]


def _verdict(finding: Finding) -> Verdict:
    return Verdict(finding, (), (finding.reason,))
