"""The signing keys, numbered, in the environment: MACHTIGEN_SIGNING_KEY_1, MACHTIGEN_SIGNING_KEY_2, …

Each is a P-256 key in PEM, or the path of a file with one. The one with the highest number signs, unless
MACHTIGEN_SIGN_WITH names another; all are published, so that a new key can be known before it signs and an old one is
known until its last statement has expired. Of an old one the public half is enough.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from resolvers.statements import SECONDS_MAX

ALGORITHM: Final = "ES256"
TYPE: Final = "authority-statement+jwt"
JWKS: Final = "/.well-known/jwks.json"
_NAME: Final = re.compile(r"MACHTIGEN_SIGNING_KEY_([1-9]\d{0,8})", re.ASCII)
_SIGN_WITH: Final = "MACHTIGEN_SIGN_WITH"
_PEM: Final = "-----BEGIN "


class BadSigningKey(ValueError):
    """A key cannot be used, or none of that number is there: one line that names the variable, never its content."""


class SigningKeys:
    """`with_number`: the one that signs."""

    def __init__(self, keys: Mapping[int, ECKey], with_number: int) -> None:
        if with_number not in keys or not keys[with_number].is_private:
            raise BadSigningKey(f"MACHTIGEN_SIGNING_KEY_{with_number}: signing needs it, a private key")
        self._keys, self._number = keys, with_number

    def signed(self, claims: Mapping[str, Any]) -> str:
        """A compact JWS."""
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": _id_of(self._number, self._keys[self._number])}
        return jwt.encode(header, dict(claims), self._keys[self._number], algorithms=[ALGORITHM])

    def public(self) -> dict[str, Any]:
        """The JWK Set, the key that signs first."""
        numbers = sorted(self._keys, key=lambda number: (number != self._number, -number))
        return {"keys": [_published(number, self._keys[number]) for number in numbers]}


class Signing(msgspec.Struct, frozen=True):
    """The server's signer (`resolvers.statements.Signer`)."""

    issuer: str
    keys: SigningKeys

    def signed(self, claims: Mapping[str, Any]) -> str:
        """The statement that says this."""
        return self.keys.signed(claims)


def keys_in(environment: Mapping[str, str]) -> SigningKeys | None:
    """None: there are none, and nothing is signed. Raises BadSigningKey."""
    keys: dict[int, ECKey] = {}
    for name, value in environment.items():
        found = _NAME.fullmatch(name)
        if found is not None:
            keys[int(found[1])] = _key(name, value)
    if not keys:
        return None
    said = environment.get(_SIGN_WITH, "")
    if said and not (said.isascii() and said.isdigit()):
        raise BadSigningKey(f"{_SIGN_WITH}: expected the number of a key")
    signing = int(said) if said else max(keys)
    return SigningKeys(keys, signing)


def made() -> str:
    """A new private key, in PEM."""
    return ECKey.generate_key("P-256").as_pem(private=True).decode("ascii")


def _key(name: str, value: str) -> ECKey:
    try:
        text = value if value.lstrip().startswith(_PEM) else Path(value).read_text(encoding="ascii")
        key = ECKey.import_key(text)
    except OSError as wrong:
        raise BadSigningKey(f"{name}: no key in PEM, and no file that can be read: {wrong.strerror}") from None
    except (JoseError, ValueError, TypeError):
        raise BadSigningKey(f"{name}: expected a P-256 key in PEM") from None
    if key.curve_name != "P-256":
        raise BadSigningKey(f"{name}: expected a key of the curve P-256, found {key.curve_name}")
    return key


def _id_of(number: int, key: ECKey) -> str:
    """Its number, and the beginning of its thumbprint (RFC 7638), so that two keys never share an id."""
    return f"{number}.{key.thumbprint()[:12]}"


def _published(number: int, key: ECKey) -> dict[str, Any]:
    public: dict[str, Any] = key.as_dict(private=False)
    return public | {"kid": _id_of(number, key), "use": "sig", "alg": ALGORITHM}


def jwks_route(keys: SigningKeys | None) -> Route:
    """The JWK Set; without keys an empty one. It may be kept as long as a statement holds."""
    found = keys.public() if keys is not None else {"keys": []}

    async def endpoint(_: Request) -> Response:
        headers = {"cache-control": f"public, max-age={SECONDS_MAX}"}
        return JSONResponse(found, headers=headers, media_type="application/jwk-set+json")

    return Route(JWKS, endpoint, methods=["GET"])
