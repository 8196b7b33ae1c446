"""The signed statement (bevoegdheidsverklaring): one decision, for one provider, for a few minutes.

Who signs is the server's; what is said is here. A statement is only ever about now and about the newest position of the
ledger, so that nobody can be shown an old answer as if it were today's. It says whom it is about in the ids that the
question was asked with, and nothing that the provider cannot ask for.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final, Protocol

from authority.moments import instant_text
from graph.pseudonyms import number_free
from resolvers.caller import Caller
from resolvers.decisions import Answer, grounds_shown
from resolvers.telling import Signed, tell

SECONDS_MAX: Final = 300
_SECOND_US: Final = 1_000_000
_ADDRESSEE: Final = Caller("PROVIDER")
"""Whoever asks, a provider is to read it."""


class Signer(Protocol):
    """Who signs."""

    @property
    def issuer(self) -> str:
        """The address that this service is known by."""
        ...

    def signed(self, claims: Mapping[str, Any]) -> str:
        """The statement that says this."""
        ...


def statement(answer: Answer, signer: Signer, *, now: int) -> str | None:
    """The statement of a decision that was taken at the newest position.

    None where there is nothing to state: asked about another time than now, or about what was known at another time;
    the ledger was behind; the answer holds for less than a second; or the question has what may not leave, a number
    that could be a BSN.
    """
    claims = claims_of(answer, signer.issuer, now=now)
    if claims is None:
        return None
    tell(Signed(claims["jti"], claims["exp"], answer))
    return signer.signed(claims)


def claims_of(answer: Answer, issuer: str, *, now: int) -> dict[str, Any] | None:
    """What it says (docs/statement.md)."""
    question, decision = answer.question, answer.decision
    if question.at != now or question.known_at is not None or decision.reason == "LEDGER_BEHIND":
        return None
    issued = now // _SECOND_US
    expires = issued + SECONDS_MAX
    if decision.valid_until is not None:
        expires = min(expires, decision.valid_until // _SECOND_US)
    if expires <= issued:
        return None
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": question.representative,
        "aud": question.provider,
        "iat": issued,
        "exp": expires,
        "jti": secrets.token_urlsafe(16),
        "represents": {"sub": question.represented, "iss": issuer},
        "outcome": decision.outcome,
        "reason": decision.reason,
        "ground_kinds": sorted({ground.kind for ground in grounds_shown(answer, _ADDRESSEE)}),
        "service": question.service_id,
        "act": question.act,
        "assurance": question.assurance,
        "as_of": decision.as_of,
    }
    said = {"organisation": question.organisation, "good": question.good, "claim": question.claim}
    claims |= {name: value for name, value in said.items() if value is not None}
    if decision.valid_until is not None:
        claims["valid_until"] = instant_text(decision.valid_until)
    texts = [question.representative, question.represented, question.organisation or "", question.good or ""]
    return claims if all(number_free(text) == text for text in texts) else None
