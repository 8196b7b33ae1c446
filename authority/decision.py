"""The decision (facts.md chapter 7)."""

from __future__ import annotations

import msgspec

from authority.codes import Assurance, Outcome


class Decision(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The answer to one question. Only PERMIT opens a door.

    `reasons` are codes, the winning one first; their Dutch and English texts are `authority.reasons.TEXTS`.
    `grounds` and `required_consents` are sorted ids. `valid_until` is the first instant after the question's `at`
    at which outcome or reason would differ if nothing new is learnt; None: never.
    """

    id: str | None
    outcome: Outcome
    reason: str
    required_consents: tuple[str, ...] = ()
    step_up: Assurance | None = None
    grounds: tuple[str, ...] = ()
    valid_until: int | None = None
    reasons: tuple[str, ...] = ()
    as_of: str = ""
    stale_registers: tuple[str, ...] = ()
