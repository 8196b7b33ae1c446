"""Rule G: a bewind over named goods (facts.md 5.3), then rule C. Source: BW 1:431 lid 1, 1:433."""

from __future__ import annotations

from authority.case import Case
from authority.facts import Authority
from authority.finding import Finding, found
from authority.rules.court_leave import court_leave


def administration(case: Case, ground: Authority) -> Finding | None:
    """The good concerned must be one of those named in the ruling, where it names any."""
    if ground.goods is not None and case.question.good not in ground.goods:
        return found("GOODS_UNKNOWN")
    return court_leave(case, ground)
