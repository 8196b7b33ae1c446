"""What the tree is made of: questions, their answers, and the ends that they lead to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from authority.parental.brp import ThirdParty
from authority.parental.derivation import Derivation
from authority.parental.records import Parent
from authority.parental.texts import Because
from authority.reasons import Text

Outcome = Literal[
    "PARENTAL_SOLE",
    "PARENTAL_JOINT",
    "SHARED_AUTHORITY",
    "GUARDIANSHIP",
    "NO_AUTHORITY",
    "UNDETERMINED",
    "NOT_APPLICABLE",
]
"""OG1, OG2, GG, V, G, N and NVT of domain.md 7, by the names of its glossary."""


class Ending(NamedTuple):
    """Where a route ends: what holds, who holds it, and with NO_AUTHORITY and UNDETERMINED why."""

    outcome: Outcome
    parents: tuple[Parent, ...] = ()
    third_parties: tuple[ThirdParty, ...] = ()
    because: Because | None = None


class Question(NamedTuple):
    """One question of the tree."""

    number: str
    text: Text
    ask: Callable[[Derivation], Answer]


class Answer(NamedTuple):
    """What was answered, and what that leads to."""

    given: str
    then: Question | Ending


def question(number: str, *, nl: str, en: str, source: str) -> Callable[[Callable[[Derivation], Answer]], Question]:
    """Make a function the question of this number: it takes the derivation and gives the answer."""
    return lambda ask: Question(number, Text(nl, en, source), ask)
