"""How surely somebody logged in, by the words that issuers have for it (domain.md 8.1). Unknown is the lowest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from authority.codes import Assurance

LEVELS: Final[Mapping[str, Assurance]] = {
    # ST-SAML and OIDC NL GOV (TVS)
    "http://eid.logius.nl/loa/basic": "BASIC",
    "http://eidas.europa.eu/loa/low": "LOW",
    "http://eidas.europa.eu/loa/substantial": "SUBSTANTIAL",
    "http://eidas.europa.eu/loa/high": "HIGH",
    # DigiD's older SAML interface
    "urn:oasis:names:tc:saml:2.0:ac:classes:passwordprotectedtransport": "BASIC",
    "urn:oasis:names:tc:saml:2.0:ac:classes:mobiletwofactorcontract": "LOW",
    "urn:oasis:names:tc:saml:2.0:ac:classes:smartcard": "SUBSTANTIAL",
    "urn:oasis:names:tc:saml:2.0:ac:classes:smartcardpki": "HIGH",
    # eHerkenning
    "urn:etoegang:core:assurance-class:loa1": "BASIC",
    "urn:etoegang:core:assurance-class:loa2": "BASIC",
    "urn:etoegang:core:assurance-class:loa2plus": "LOW",
    "urn:etoegang:core:assurance-class:loa3": "SUBSTANTIAL",
    "urn:etoegang:core:assurance-class:loa4": "HIGH",
    # our own words
    "basic": "BASIC",
    "low": "LOW",
    "substantial": "SUBSTANTIAL",
    "high": "HIGH",
}


def assurance_of(word: str) -> Assurance | None:
    """None where nothing was said; a word that is not known is the lowest level."""
    if not word:
        return None
    return LEVELS.get(word.lower(), "BASIC")
