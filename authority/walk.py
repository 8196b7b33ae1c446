"""The walk of an explanation: `authority.decide.answer` and `authority.grounds.weigh`, with notes.

The steps are the very tuples that those fold over (CHECKS, WEIGHING, SOURCES); what is added is only what is told.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Literal, NamedTuple

import msgspec

from authority.case import ANCIENT, NEWBORN, Case
from authority.codes import Outcome
from authority.decide import best
from authority.facts import Authority, Person
from authority.finding import Finding, found
from authority.grounds import PERMISSION, SOURCES, WEIGHING, registers_that_matter
from authority.moments import moment_text
from authority.reasons import TEXTS
from authority.rules import about
from authority.rules.before import CHECKS, covering_employments
from authority.rules.good_care_block import blocked
from authority.rules.no_ground import no_ground
from authority.rules.oneself import oneself
from authority.rules.table import covers, rule_for
from authority.step import About
from authority.witness import FactRef, Look, Witness

State = Literal["PASSED", "FOUND", "NOT_REACHED", "NOT_ASKED"]


class Texts(msgspec.Struct, frozen=True):
    """The same in Dutch and English."""

    nl: str
    en: str


class StepTaken(msgspec.Struct, frozen=True, kw_only=True):
    """One step of facts.md chapter 5.

    `state`: PASSED it stands in nobody's way; FOUND it gave `reason`; NOT_REACHED an earlier one had answered already;
    NOT_ASKED it does not concern this (the sources of what is not permitted, a block where there is no ground).
    `section` is of facts.md, `law` the article or document that it rests on.
    """

    name: str
    section: str
    law: str
    text: Texts
    state: State
    reason: str | None = None
    looks: tuple[Look, ...] = ()


class GroundWeighed(msgspec.Struct, frozen=True, kw_only=True):
    """One authority of the asker over the represented. `counts`: it gave the winning outcome and reason.

    `leaned_on`: the facts whose being under investigation would have made it INDETERMINATE.
    """

    id: str
    kind: str
    representative: str
    register: str
    status: str
    valid_from: str | None
    valid_until: str | None
    outcome: Outcome
    reason: str
    required_consents: tuple[str, ...]
    step_up: str | None
    counts: bool
    steps: tuple[StepTaken, ...]
    leaned_on: tuple[FactRef, ...]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The walk with certain birth days; one for each combination of the days that partial birth dates can be.

    `checks` are the steps of 5.1, then what led to the grounds or past them; `grounds` is empty for oneself and for who
    has none, and best first. A birth day is a date, 150_YEARS_BEFORE or DAY_OF_QUESTION for an unknown year, or null
    for somebody unknown.
    """

    representative_born: str | None
    represented_born: str | None
    outcome: Outcome
    reason: str
    checks: tuple[StepTaken, ...]
    grounds: tuple[GroundWeighed, ...]
    leaned_on: tuple[FactRef, ...]


class _Route:
    """Steps as they are taken: once one has found something, later ones are not reached."""

    def __init__(self, case: Witness) -> None:
        self.case = case
        self.steps: list[StepTaken] = []
        self.finding: Finding | None = None

    def take(
        self, step: About, section: str, check: Callable[[], Finding | None], told: About | None = None
    ) -> Finding | None:
        """Take a step if nothing was found yet; what was found. `told`: what to say of it where it was taken."""
        if self.finding is not None:
            self._add(step, section, "NOT_REACHED")
        else:
            self.case.notes()
            self.finding = check()
            self._add(told or step, section, "PASSED" if self.finding is None else "FOUND")
        return self.finding

    def end(self, step: About, section: str, finding: Finding) -> None:
        """The last step, which answers whatever came before."""
        self.finding = finding
        self._add(step, section, "FOUND")

    def skip(self, step: About, section: str) -> None:
        """A step that does not concern this."""
        self._add(step, section, "NOT_ASKED")

    def _add(self, step: About, section: str, state: State) -> None:
        found_here = self.finding if state == "FOUND" else None
        self.steps.append(
            StepTaken(
                name=step.name,
                section=section,
                law=TEXTS[found_here.reason].source if found_here is not None else step.law,
                text=Texts(step.nl, step.en),
                state=state,
                reason=found_here.reason if found_here is not None else None,
                looks=self.case.notes() if state in ("PASSED", "FOUND") else (),
            )
        )


class Walk(NamedTuple):
    """A reading, and the ids of the registers that matter to it."""

    reading: Reading
    registers: frozenset[str]


def walk(case: Witness) -> Walk:
    """One reading, and the registers that matter to it."""
    route = _Route(case)
    finding: Finding | None = None
    for step in CHECKS:
        finding = route.take(step.about, step.section, partial(step.check, case))
    if finding is not None:
        return Walk(_reading(case, route, finding), frozenset())
    if case.oneself:
        case.begin()
        finding = route.take(about.ONESELF, "5.4", lambda: oneself(case)) or found("SELF")
        finding = _sources(route, finding, None)
        leaned = _leaned_on(case, None)
        return Walk(_reading(case, route, finding, leaned=leaned), frozenset(registers_that_matter(case, None)))
    grounds = case.grounds
    unknown = case.represented is None
    route.take(about.REPRESENTED_KNOWN, "5.1.6", lambda: found("NO_GROUND") if unknown else None)
    if route.take(about.GROUND_FOUND, "5.2", lambda: None if grounds else found("NO_GROUND")) is not None:
        route.skip(about.BLOCK, "5.1.7")
        finding = no_ground(case)
        route.end(about.NO_GROUND, "5.6", finding)
        return Walk(_reading(case, route, finding), frozenset())
    finding = route.take(about.BLOCK, "5.1.7", lambda: found("BLOCKED") if blocked(case) else None)
    if finding is not None:
        return Walk(_reading(case, route, finding), frozenset())
    return _weighed(case, route, grounds)


def _weighed(case: Witness, route: _Route, grounds: list[Authority]) -> Walk:
    """Every ground through its steps, in the order in which they win."""
    weighed = []
    for ground in grounds:
        finding, steps, leaned = _weigh(case, ground)
        weighed.append((finding, ground, steps, leaned))
    verdict = best([(finding, ground.id) for finding, ground, _, _ in weighed])
    weighed.sort(key=lambda each: (verdict.reasons.index(each[0].reason), each[1].id))
    described = tuple(
        GroundWeighed(
            id=ground.id,
            kind=ground.kind,
            representative=case.asker,
            register=ground.register,
            status=ground.status,
            valid_from=moment_or_none(ground.valid_from),
            valid_until=moment_or_none(ground.valid_until),
            outcome=finding.outcome,
            reason=finding.reason,
            required_consents=tuple(sorted(finding.required)) if finding.outcome == "CONSENT_REQUIRED" else (),
            step_up=finding.step_up,
            counts=ground.id in verdict.grounds,
            steps=tuple(steps),
            leaned_on=leaned,
        )
        for finding, ground, steps, leaned in weighed
    )
    matter = frozenset(register for ground in grounds for register in registers_that_matter(case, ground))
    return Walk(_reading(case, route, verdict.finding, described), matter)


def _weigh(case: Witness, ground: Authority) -> tuple[Finding, list[StepTaken], tuple[FactRef, ...]]:
    """`authority.grounds.weigh`, with notes."""
    case.begin()
    route = _Route(case)
    finding: Finding | None = None
    for step in WEIGHING:
        check = partial(step.check, case, ground)
        finding = route.take(step.about, step.section, check, _rule(step.about, case, ground))
    finding = _sources(route, finding or PERMISSION[ground.kind], ground)
    return finding, route.steps, _leaned_on(case, ground)


def _rule(step: About, case: Case, ground: Authority) -> About | None:
    """What to say of a step in particular: the rule of this kind in this domain, where it has one."""
    if step.name == "BEFORE_THE_KIND":
        return about.before(ground.kind)
    if step.name == "KINDS_OWN_RULE" and case.service is not None and covers(ground.kind, case.service, ground.goods):
        return about.ABOUT[rule_for(ground, case.domain)]
    return None


def _sources(route: _Route, finding: Finding, ground: Authority | None) -> Finding:
    """`authority.grounds.sources`, with notes."""
    if finding.outcome not in ("PERMIT", "CONSENT_REQUIRED"):
        for step in SOURCES:
            route.skip(step.about, step.section)
        return finding
    route.finding = against = None
    for step in SOURCES:
        against = route.take(step.about, step.section, partial(step.check, route.case, ground))
    return against or finding


def _leaned_on(case: Witness, ground: Authority | None) -> tuple[FactRef, ...]:
    """What rules leaned on, and what step 6 looks at besides."""
    case.lean((ground, case.representative, case.represented))
    if case.through_organisation:
        case.lean((case.around.organisation, *covering_employments(case)))
    return case.leaned()


def _reading(
    case: Case,
    route: _Route,
    finding: Finding,
    grounds: tuple[GroundWeighed, ...] = (),
    *,
    leaned: tuple[FactRef, ...] = (),
) -> Reading:
    return Reading(
        representative_born=_born(case.representative, case.representative_born),
        represented_born=_born(case.represented, case.represented_born),
        outcome=finding.outcome,
        reason=finding.reason,
        checks=tuple(route.steps),
        grounds=grounds,
        leaned_on=leaned,
    )


def moment_or_none(instant: int | None) -> str | None:
    """The text of an instant, if there is one."""
    return None if instant is None else moment_text(instant)


def _born(person: Person | None, born: int) -> str | None:
    """The day taken for granted; None: nobody known."""
    if person is None:
        return None
    if born == ANCIENT:
        return "150_YEARS_BEFORE"
    return "DAY_OF_QUESTION" if born == NEWBORN else date.fromordinal(born).isoformat()
