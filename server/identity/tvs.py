"""The SAML attributes of TVS, the Dutch routing service, in our words (ST-SAML v1.0 RC1; domain.md 8.2).

Who checks the SAML signature passes them on as claims of the same names, decrypted. `LegalSubjectID` is there only with
representation: its presence is the signal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from authority.codes import AuthorityKind
from server.identity.errors import Unidentified

ACTING: Final = "urn:nl-eid-gdi:1.0:ActingSubjectID"
LEGAL: Final = "urn:nl-eid-gdi:1.0:LegalSubjectID"
REPRESENTATION_TYPE: Final = "urn:nl-eid-gdi:1.1:RepresentationType"
_TYPES_MAX: Final = 10

KINDS: Final[Mapping[str, tuple[AuthorityKind, ...]]] = {
    "urn:nl-eid-gdi:1.1:RT:Zorg_Volledig_Gezag_Kind": ("PARENTAL_SOLE", "PARENTAL_JOINT", "SHARED_AUTHORITY"),
    "urn:nl-eid-gdi:1.1:RT:WV_Curator": ("CURATELE",),
    "urn:nl-eid-gdi:1.1:RT:WV_Bewindvoerder": ("BEWIND",),
    "urn:nl-eid-gdi:1.1:RT:WV_Mentor": ("MENTORSCHAP",),
}
"""What a representation type leans on. Those that are not here are unknown, whatever they look like."""


class Asserted(msgspec.Struct, frozen=True):
    """`represented`: None for oneself. `kinds`: the kinds of ground that it leans on; a mandate where none is named.

    `settled` False: a representation type is unknown; nothing may be permitted on it.
    """

    representative: str
    represented: str | None
    kinds: tuple[AuthorityKind, ...]
    settled: bool


def asserted(attributes: Mapping[str, Any], *, representation: bool = False) -> Asserted:
    """What these attributes say. `representation`: it was asked for, so that it may not be missing.

    Raises Unidentified.
    """
    acting, legal = _one(attributes, ACTING), _one(attributes, LEGAL)
    types = _many(attributes, REPRESENTATION_TYPE)
    if not acting:
        raise Unidentified("ActingSubjectID: missing")
    if not legal and (representation or types):
        raise Unidentified("LegalSubjectID: missing, where somebody is represented")
    if not legal:
        return Asserted(acting, None, (), settled=True)
    known = [KINDS[each] for each in types if each in KINDS]
    kinds = tuple(kind for each in known for kind in each) if types else ("VOLUNTARY_MANDATE",)
    return Asserted(acting, legal, kinds, settled=len(known) == len(types))


def _one(attributes: Mapping[str, Any], name: str) -> str:
    values = _many(attributes, name)
    if len(values) > 1:
        raise Unidentified(f"{name.rpartition(':')[2]}: given more than once")
    return values[0] if values else ""


def _many(attributes: Mapping[str, Any], name: str) -> list[str]:
    said = attributes.get(name)
    values = said if isinstance(said, list) else [] if said is None else [said]
    if len(values) > _TYPES_MAX or not all(isinstance(each, str) and each for each in values):
        raise Unidentified(f"{name.rpartition(':')[2]}: expected text")
    return values
