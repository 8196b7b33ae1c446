"""A citizen service number (BSN) becomes an opaque id at the edge, and goes no further (DESIGN.md chapter 3).

The id is a keyed hash (HMAC-SHA-256) under the newest of the numbered keys in the environment:
`MACHTIGEN_BSN_KEY_1`, `MACHTIGEN_BSN_KEY_2`, … Old ids stay valid after rotation: a number is looked up under the
newest key first, then under the older ones. No error here repeats the number.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final

_NINE_DIGITS: Final = re.compile(r"\d{9}", re.ASCII)
_KEY_NAME: Final = re.compile(r"MACHTIGEN_BSN_KEY_([1-9]\d{0,8})", re.ASCII)
LEFT_OUT: Final = "…"
"""In the place of a number."""
_BY_ITSELF: Final = re.compile(r"(?<![0-9A-Za-z])\d{9}(?![0-9A-Za-z])", re.ASCII)
_DIGITS_AS_ZEROS: Final = bytes(48 if chr(byte).isdigit() and byte < 128 else 32 for byte in range(256))
_KEY_BYTES_MIN: Final = 32
_HASH_BYTES: Final = 20
"""160 bits: no two of 18 million people collide, and the id stays short."""


class NotABsn(ValueError):
    """Not nine digits that pass the eleven test. Says nothing of what was given."""

    def __init__(self) -> None:
        super().__init__("a BSN has nine digits and passes the eleven test")


class NoKey(ValueError):
    """No key is configured, or one cannot be used: names the environment variable, never its content."""


def passes_eleven_test(bsn: str) -> bool:
    """The sum of the digits weighted 9, 8, …, 2, -1 is a multiple of eleven; nine zeros are no number."""
    if _NINE_DIGITS.fullmatch(bsn) is None or bsn == "000000000":
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, bsn, strict=True)) % 11 == 0


def could_be_bsn(text: str) -> bool:
    """Whether this is a citizen service number by itself; one that begins with a zero may have lost it."""
    return len(text) in (8, 9) and text.isdecimal() and passes_eleven_test(text.zfill(9))


def number_free(text: str) -> str:
    """The text without a citizen service number: nine digits by themselves that pass the eleven test."""
    if b"000000000" not in text.encode(errors="replace").translate(_DIGITS_AS_ZEROS):  # faster than an expression
        return text
    return _BY_ITSELF.sub(lambda found: LEFT_OUT if passes_eleven_test(found[0]) else found[0], text)


class Pseudonyms:
    """Turns numbers into ids. `eleven_test` False is for invented numbers, which may fail it (refused outside --dev).

    `scope` is mixed into the hash: equal numbers of two scopes are two people (the official test cases need that).
    """

    def __init__(self, keys: Mapping[int, bytes], *, eleven_test: bool = True, scope: str = "") -> None:
        if not keys:
            raise NoKey("no key to turn a BSN into an id: set MACHTIGEN_BSN_KEY_1 to 64 hexadecimal digits")
        for number, key in keys.items():
            if len(key) < _KEY_BYTES_MIN:
                raise NoKey(
                    f"MACHTIGEN_BSN_KEY_{number}: a key is at least {_KEY_BYTES_MIN} bytes, as hexadecimal digits"
                )
        self._keys = dict(sorted(keys.items(), reverse=True))
        self._eleven_test = eleven_test
        self._scope = scope

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *, eleven_test: bool = True) -> Pseudonyms:
        """The keys named MACHTIGEN_BSN_KEY_n, as hexadecimal digits. Raises NoKey."""
        keys: dict[int, bytes] = {}
        for name, value in environment.items():
            found = _KEY_NAME.fullmatch(name)
            if found is None:
                continue
            try:
                keys[int(found[1])] = bytes.fromhex(value)
            except ValueError:
                raise NoKey(f"{name}: a key is written in hexadecimal digits") from None
        return cls(keys, eleven_test=eleven_test)

    def scoped(self, scope: str) -> Pseudonyms:
        """The same keys for numbers that mean somebody only within `scope`."""
        return Pseudonyms(self._keys, eleven_test=self._eleven_test, scope=scope)

    def ids_of(self, bsn: str) -> Sequence[str]:
        """Every id that this number can have been given, that of the newest key first. Raises NotABsn."""
        if self._eleven_test and not passes_eleven_test(bsn):
            raise NotABsn
        if _NINE_DIGITS.fullmatch(bsn) is None:
            raise NotABsn
        return [self._id(number, key, bsn) for number, key in self._keys.items()]

    def id_of(self, bsn: str, known: Iterable[str] = ()) -> str:
        """The id under which the person is known, else the one of the newest key. Raises NotABsn."""
        candidates = self.ids_of(bsn)
        already = set(known)
        return next((candidate for candidate in candidates if candidate in already), candidates[0])

    def _id(self, number: int, key: bytes, bsn: str) -> str:
        digest = hmac.new(key, f"{self._scope}\0{bsn}".encode(), sha256).digest()[:_HASH_BYTES]
        return f"p{number}.{b32encode(digest).decode('ascii').lower()}"


def pseudonyms_in(environment: Mapping[str, str]) -> Pseudonyms | None:
    """Those of the keys in the environment; None where there is none. Raises NoKey for one that cannot be used."""
    if not any(_KEY_NAME.fullmatch(name) for name in environment):
        return None
    return Pseudonyms.from_environment(environment)
