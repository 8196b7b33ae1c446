"""What a rule finds: a reason, which carries its outcome, and what is still missing."""

from __future__ import annotations

from typing import Final

import msgspec

from authority.codes import Assurance, Outcome
from authority.reasons import OUTCOME_OF


class Finding(msgspec.Struct, frozen=True, gc=False):
    """A rule's result. `required`: who must still consent; `step_up`: the level needed.

    A rule gives None where nothing stands in the way; the ground then permits, with its kind's reason.
    """

    reason: str
    required: frozenset[str] = frozenset()
    step_up: Assurance | None = None

    @property
    def outcome(self) -> Outcome:
        """Each reason belongs to one outcome (facts.md chapter 6)."""
        return OUTCOME_OF[self.reason]


_PLAIN: Final[dict[str, Finding]] = {reason: Finding(reason) for reason in OUTCOME_OF}


def found(reason: str) -> Finding:
    """The finding that is just this reason."""
    return _PLAIN[reason]
