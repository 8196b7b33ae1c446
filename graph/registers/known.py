"""People of ours as a register that is searched by name knows them."""

from __future__ import annotations

import unicodedata

import msgspec


class KnownPerson(msgspec.Struct, frozen=True, order=True):
    """A person of ours whom the register can be asked about. `folded`: the surname as it is compared."""

    folded: str
    born: str
    id: str
    surname: str


def folded(surname: str) -> str:
    """A surname as it is compared: without case, accents and doubled spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", surname) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())
