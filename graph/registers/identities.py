"""Who is meant by a citizen service number: the id that the person is known by, else one of the newest key."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from graph.ledger import Ledger
from graph.pseudonyms import NoKey, NotABsn, Pseudonyms

_LOOKED_UP_AT_ONCE = 1_000


async def identified(ledger: Ledger, pseudonyms: Pseudonyms | None, bsns: Iterable[str]) -> Callable[[str], str]:
    """A function from each of these numbers to an id, read at one go; it raises NotABsn for what is no number.

    Raises NoKey where there are numbers and no `pseudonyms`.

    After a key rotation a person keeps the id that they are known by (DESIGN.md chapter 3).
    """
    candidates: dict[str, list[str]] = {}
    for bsn in bsns:
        if pseudonyms is None:
            raise NoKey("no key to turn a BSN into an id: set MACHTIGEN_BSN_KEY_1 to 64 hexadecimal digits")
        try:
            candidates[bsn] = list(pseudonyms.ids_of(bsn))
        except NotABsn:
            continue
    asked = [candidate for ids in candidates.values() for candidate in ids]
    known: set[str] = set()
    for start in range(0, len(asked), _LOOKED_UP_AT_ONCE):
        known.update(await ledger.find("person", asked[start : start + _LOOKED_UP_AT_ONCE]))
    chosen = {bsn: next((i for i in ids if i in known), ids[0]) for bsn, ids in candidates.items()}

    def identify(bsn: str) -> str:
        if bsn not in chosen:
            raise NotABsn
        return chosen[bsn]

    return identify
