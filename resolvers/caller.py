"""Who is asking: what a token showed of the caller, in our own words (docs/security.md)."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from authority.codes import Assurance

Role = Literal["CITIZEN", "PROVIDER", "REGISTER", "COUNTER", "OPERATOR", "AUDITOR", "EXPLORER"]

PURPOSE_MAX: Final = 200
"""Characters of a stated purpose."""


class Caller(msgspec.Struct, frozen=True, gc=False):
    """One caller, for one request.

    `role`: None where nobody has been identified. `subject`: the opaque id of the person who logged in. `party`: the id
    of the provider, register or organisation that asks. `assurance`: how surely the person logged in, where the token
    tells. `represented`: for whom the person asks, where the token tells (`represents` of NL GOV, or RFC 8693).
    `purpose`: why an explorer or auditor looks, where that was stated. `within`: our own commands, which have the graph
    itself in their hands; no token ever gives it.
    """

    role: Role | None = None
    subject: str = ""
    party: str = ""
    assurance: Assurance | None = None
    represented: str | None = None
    purpose: str = ""
    within: bool = False


NOBODY: Final = Caller()
WITHIN: Final = Caller(within=True)


class Forbidden(Exception):
    """The caller may not have this: one line for them, which tells nothing of what there is."""


class NotIdentified(Forbidden):
    """The same, where nobody has been identified at all."""

    def __init__(self) -> None:
        super().__init__("send a token: Authorization: Bearer …")
