"""Names: Faker's Dutch word lists with weights of our own.

Faker holds 251 men's and 251 women's first names and 1,073 different surnames, all equally likely; real ones are not.
Each list gets a Zipf weight (exponent 1, the order fixed by a hash: estimates). A name is drawn by looking a 16-bit
number up in a table of 65,536 codes; it stays a code until somebody reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint16]

DRAWN_FROM: Final = 65_536
_EXPONENT: Final = 1.0
_PREFIX = re.compile(r"((?:(?:van|de|der|den|ter|het|uit|la|le|'t|'s|d')\s+)+)(\S.*)", re.IGNORECASE)


class Names(NamedTuple):
    """The lists, and the tables to draw from them.

    `first`: men's names, then women's; `first_codes[sex]` and `last_codes` have 65,536 entries each. A surname is
    `last` with the prefix (tussenvoegsel) `prefix[prefix_of[code]]` before it.
    """

    first: tuple[str, ...]
    last: tuple[str, ...]
    prefix: tuple[str, ...]
    prefix_of: npt.NDArray[np.uint8]
    first_codes: tuple[Codes, Codes]
    last_codes: Codes

    def text(self, first: int, last: int) -> str:
        """A full name for display."""
        prefix = self.prefix[self.prefix_of[last]]
        return " ".join(part for part in (self.first[first], prefix, self.last[last]) if part)


def zipf_table(words: int, exponent: float = _EXPONENT) -> Codes:
    """Code of each of 65,536 equally likely numbers, so that word k comes in proportion to 1 / (k + 1) ** exponent."""
    weights = 1 / np.arange(1, words + 1) ** exponent
    edges = np.round(np.cumsum(weights) * (DRAWN_FROM / weights.sum())).astype(np.int64)
    return np.repeat(np.arange(words, dtype=np.uint16), np.diff(edges, prepend=0))


def _in_fixed_order(words: Iterable[str]) -> list[str]:
    """Each word once, in an order that nothing but the words decides."""
    return sorted(set(words), key=lambda word: blake2b(word.encode()).digest())


def _split(surname: str) -> tuple[str, str]:
    """(prefix, rest): `van der Berg` → (`van der`, `Berg`)."""
    if ", " in surname:
        rest, prefix = surname.split(", ", 1)
        return prefix, rest
    found = _PREFIX.fullmatch(surname)
    return (found[1].strip().lower(), found[2]) if found else ("", surname)


@cache
def names() -> Names:
    """The word lists with their tables."""
    from faker.providers.person.nl_NL import Provider  # noqa: PLC0415 - an optional dependency, needed for names only

    men, women = _in_fixed_order(Provider.first_names_male), _in_fixed_order(Provider.first_names_female)
    surnames = sorted({_split(word) for word in Provider.last_names}, key=lambda s: blake2b(repr(s).encode()).digest())
    prefixes = sorted({prefix for prefix, _ in surnames})
    return Names(
        first=tuple(men + women),
        last=tuple(last for _, last in surnames),
        prefix=tuple(prefixes),
        prefix_of=np.array([prefixes.index(prefix) for prefix, _ in surnames], dtype=np.uint8),
        first_codes=(zipf_table(len(men)), zipf_table(len(women)) + np.uint16(len(men))),
        last_codes=zipf_table(len(surnames)),
    )
