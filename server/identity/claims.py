"""What a checked token says, as a Caller.

| | representative | represented |
|---|---|---|
| OIDC NL GOV | `sub` | `represents.sub` |
| RFC 8693 token exchange | `act.sub` | `sub` |
| ST-SAML, its attributes passed on as claims | `ActingSubjectID` | `LegalSubjectID` |

The first two mirror each other (domain.md 8.4). A token that says it in two ways, or names a chain, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from graph.fields import is_id
from resolvers.caller import PURPOSE_MAX, Caller, Role
from schema.errors import without_numbers
from server.identity import tvs
from server.identity.errors import Unidentified
from server.identity.levels import assurance_of

ROLES: Final[dict[str, Role]] = {
    "citizen": "CITIZEN",
    "provider": "PROVIDER",
    "register": "REGISTER",
    "register-keeper": "REGISTER",
    "counter": "COUNTER",
    "counter-official": "COUNTER",
    "operator": "OPERATOR",
    "auditor": "AUDITOR",
    "explorer": "EXPLORER",
}
_OF_A_PARTY: Final = frozenset({"PROVIDER", "REGISTER", "COUNTER"})
_NUMBER: Final = re.compile(r"\d{8,9}", re.ASCII)


class ClaimNames(msgspec.Struct, frozen=True):
    """Which claims say it; an issuer may have its own names."""

    subject: str = "sub"
    role: str = "machtigen_role"
    party: str = "machtigen_party"
    purpose: str = "machtigen_purpose"


def role_of(word: str) -> Role | None:
    """The role that a word names, in any case, with - or _ or a space."""
    return ROLES.get(word.strip().lower().replace("_", "-").replace(" ", "-"))


def caller_of(claims: Mapping[str, Any], names: ClaimNames, issuer: str) -> Caller:
    """Who is asking. Raises Unidentified, naming the claim."""
    role = role_of(_text(claims, names.role))
    if role is None:
        raise Unidentified(f"{names.role}: no role of this service")
    subject, represented = _sides(claims, names, issuer)
    party = _id(_text(claims, names.party), names.party)
    if role == "CITIZEN" and not subject:
        raise Unidentified(f"{names.subject}: a citizen is somebody")
    if role in _OF_A_PARTY and not party:
        raise Unidentified(f"{names.party}: missing, and the role needs it")
    purpose = purpose_of(_text(claims, names.purpose))
    return Caller(role, subject, party, assurance_of(_text(claims, "acr")), represented, purpose)


def purpose_of(text: str) -> str:
    """Why somebody looks, as they state it: short, printable, and without numbers that could be a person's."""
    return without_numbers(" ".join(text.split())[:PURPOSE_MAX]) if text.isprintable() else ""


def _sides(claims: Mapping[str, Any], names: ClaimNames, issuer: str) -> tuple[str, str | None]:
    """The representative, and the represented where the token names one."""
    said = _id(_text(claims, names.subject), names.subject)
    ways = [way for way in ("represents", "act", tvs.ACTING, tvs.LEGAL) if claims.get(way) is not None]
    if not ways:
        return said, None
    if ways == ["represents"]:
        return _needed(said, names.subject), _named(claims["represents"], "represents", issuer)
    if ways == ["act"]:
        return _named(claims["act"], "act", issuer), _needed(said, names.subject)
    if set(ways) <= {tvs.ACTING, tvs.LEGAL}:
        told = tvs.asserted(claims)
        if not told.settled:
            raise Unidentified("RepresentationType: unknown, which nobody may lean on")
        represented = None if told.represented is None else _id(told.represented, "LegalSubjectID")
        return _id(told.representative, "ActingSubjectID"), represented
    raise Unidentified("it says in two ways for whom is asked")


def _named(said: Any, claim: str, issuer: str) -> str:
    """The one whom a nested claim names: one step, of this issuer."""
    if not isinstance(said, Mapping):
        raise Unidentified(f"{claim}: expected an object with sub")
    if any(said.get(deeper) is not None for deeper in ("represents", "act")):
        raise Unidentified(f"{claim}: a chain, where representation is one step")
    if said.get("iss", issuer) != issuer:
        raise Unidentified(f"{claim}: of another issuer, whose ids mean nobody here")
    return _needed(_id(_text(said, "sub"), f"{claim}.sub"), f"{claim}.sub")


def _needed(text: str, claim: str) -> str:
    if not text:
        raise Unidentified(f"{claim}: missing")
    return text


def _text(claims: Mapping[str, Any], name: str) -> str:
    said = claims.get(name)
    if said is None:
        return ""
    if not isinstance(said, str):
        raise Unidentified(f"{name}: expected one text")
    return said


def _id(text: str, claim: str) -> str:
    if not text:
        return ""
    if text.startswith("bsn:") or _NUMBER.fullmatch(text):
        raise Unidentified(f"{claim}: a number, where an opaque id is expected")
    if not is_id(text):
        raise Unidentified(f"{claim}: expected an id of at most 128 plain characters")
    return text
