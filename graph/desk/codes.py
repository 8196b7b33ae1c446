"""Activation codes (machtigingscodes): made from a secret, kept as a hash, never stored as they are.

A code is a keyed hash of its request's id, so a letter that waits to be sent holds the id and no code. What is kept to
recognise it is a keyed and slow hash of code and represented person together: a copy of the file alone gives nobody a
code, and neither does the key alone.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

KEY_NAME: Final = "MACHTIGEN_CODE_KEY"
_KEY_BYTES_MIN: Final = 32
ALPHABET: Final = "BCDFGHJKLMNPQRSTVWXZ23456789"
"""Without vowels, so that no code spells a word, and without 0, 1 and Y, which are misread."""
LENGTH: Final = 12
"""28 ** 12 is 2 ** 57.6 codes; in three groups of four."""
_GROUP: Final = 4
_SCRYPT: Final = {"n": 2**13, "r": 8, "p": 1, "maxmem": 2**26, "dklen": 32}
"""Some 20 ms and 8 MB for a guess."""
DEV_KEY: Final = b"machtigen --dev has no secrets; never use this key elsewhere"


class NoCodeKey(ValueError):
    """No key is configured, or one cannot be used: names the environment variable, never its content."""


class Codes:
    """Makes and recognises codes under one secret key. Another key: open codes stop working."""

    def __init__(self, key: bytes) -> None:
        if len(key) < _KEY_BYTES_MIN:
            raise NoCodeKey(f"{KEY_NAME}: a key is at least {_KEY_BYTES_MIN} bytes, as hexadecimal digits")
        self._key = key

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Codes | None:
        """None where no key is set. Raises NoCodeKey for one that cannot be used."""
        written = environment.get(KEY_NAME)
        if not written:
            return None
        try:
            key = bytes.fromhex(written)
        except ValueError:
            raise NoCodeKey(f"{KEY_NAME}: a key is written in hexadecimal digits") from None
        return cls(key)

    def code_of(self, request: str) -> str:
        """The code of this request, as it is shown and printed: `BCDF-GHJK-LMNP`."""
        number = int.from_bytes(self._keyed("code", request))
        letters = []
        for _ in range(LENGTH):
            number, place = divmod(number, len(ALPHABET))
            letters.append(ALPHABET[place])
        text = "".join(letters)
        return "-".join(text[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))

    def hash_of(self, code: str, represented: str) -> bytes:
        """What is kept of a code; the same work for whatever is typed."""
        salt = self._keyed("salt", represented)
        return hashlib.scrypt(plain(code).encode(), salt=salt, **_SCRYPT)

    def _keyed(self, purpose: str, text: str) -> bytes:
        return hmac.new(self._key, f"{purpose}\0{text}".encode(), hashlib.sha256).digest()


def plain(typed: str) -> str:
    """As people type it: small letters, spaces and dashes do not matter."""
    return "".join(typed.upper().replace("-", " ").split())[: 4 * LENGTH]
