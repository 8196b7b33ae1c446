"""A step of facts.md chapter 5: a check with its name, what it asks in words, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from authority.case import Case
from authority.facts import Authority
from authority.finding import Finding


class About(NamedTuple):
    """What a step or rule asks, for people: `name` is stable, `law` the article or document that it rests on."""

    name: str
    nl: str
    en: str
    law: str


class Check(NamedTuple):
    """A step before any ground (facts.md 5.1)."""

    about: About
    section: str
    check: Callable[[Case], Finding | None]


class Step(NamedTuple):
    """A step of weighing a ground (facts.md 5.2). The ground is None for who acts for oneself."""

    about: About
    section: str
    check: Callable[[Case, Authority], Finding | None]


class SourceStep(NamedTuple):
    """A step that looks at the sources of a PERMIT or CONSENT_REQUIRED (facts.md 5.2.6 to 8)."""

    about: About
    section: str
    check: Callable[[Case, Authority | None], Finding | None]
