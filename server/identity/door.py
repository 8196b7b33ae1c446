"""The door: who sends this request, whichever endpoint it is for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Protocol

import msgspec
from starlette.types import Scope

from resolvers.caller import NOBODY, Caller
from server.identity.claims import ClaimNames, purpose_of
from server.identity.dev import AUDIENCE, ISSUER, DevIssuer, key_path, made_key
from server.identity.errors import BadIdentity, Unidentified
from server.identity.keys import FromFile, FromIssuer, Keys, Origin, checked_url
from server.identity.tokens import Tokens

PURPOSE: Final = b"machtigen-purpose"
_SCHEME: Final = "bearer"
_BY_PURPOSE: Final = frozenset({"EXPLORER", "AUDITOR"})


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Whose tokens are taken: those of `issuer` for `audience`.

    `jwks`: its keys, a URL or a file; "": where the issuer says. `dev_key`: the key of the built-in issuer instead.
    """

    issuer: str = ISSUER
    audience: str = AUDIENCE
    jwks: str = ""
    claims: ClaimNames = ClaimNames()
    dev_key: str | None = None

    def checked(self) -> Identity:
        """Itself. Raises BadIdentity where it cannot be used."""
        if self.dev_key is not None:
            DevIssuer(Path(self.dev_key))
            return self
        if not self.audience:
            raise BadIdentity("an issuer needs an audience: --audience, or MACHTIGEN_AUDIENCE")
        if "://" in self.jwks:
            checked_url(self.jwks)
        elif self.jwks:
            if not Path(self.jwks).is_file():
                raise BadIdentity(f"--jwks {self.jwks}: no such file")
        else:
            checked_url(self.issuer)
        return self


CALLER: Final = "machtigen.caller"
"""In the scope, once the door was asked: the Caller."""


EXPIRES: Final = "machtigen.expires"
"""In the scope beside it: until when its token is taken, in seconds since 1970."""


class Door(Protocol):
    """What an endpoint asks."""

    async def caller(self, scope: Scope) -> Caller:
        """Who sends this; NOBODY where no token was sent. Raises Unidentified."""
        ...

    @property
    def ready(self) -> bool:
        """Whether tokens can be checked now."""
        ...


class TokenDoor:
    """Bearer tokens in the Authorization header, and nowhere else (RFC 6750 2.1)."""

    def __init__(self, tokens: Tokens, keys: Keys) -> None:
        self._tokens, self._keys = tokens, keys

    @property
    def ready(self) -> bool:
        """Whether there are keys."""
        return self._keys.ready

    async def caller(self, scope: Scope) -> Caller:
        """Raises Unidentified."""
        said = [value for name, value in scope["headers"] if name == b"authorization"]
        if b"access_token=" in scope["query_string"]:
            raise Unidentified("a token is sent in the Authorization header, never in a URL", "invalid_request", 400)
        if not said:
            scope[CALLER] = NOBODY
            return NOBODY
        scheme, _, token = str(said[0], "latin-1").partition(" ")
        if len(said) > 1 or scheme.lower() != _SCHEME or not token.strip():
            raise Unidentified("expected one header, Authorization: Bearer and a token")
        caller, scope[EXPIRES] = await self._tokens.caller(token.strip())
        if caller.role in _BY_PURPOSE:
            purposes = [purpose_of(str(value, "latin-1")) for name, value in scope["headers"] if name == PURPOSE]
            if purposes and purposes[0]:
                caller = msgspec.structs.replace(caller, purpose=purposes[0])
        scope[CALLER] = caller
        return caller


@asynccontextmanager
async def opened(identity: Identity) -> AsyncIterator[TokenDoor]:
    """The door, its keys kept fresh for as long as this lasts."""
    keys = Keys(_origin(identity))
    tokens = Tokens(keys, issuer=identity.issuer, audience=identity.audience, names=identity.claims)
    async with keys.kept_fresh():
        yield TokenDoor(tokens, keys)


def _origin(identity: Identity) -> Origin:
    if identity.dev_key is not None:
        return DevIssuer(Path(identity.dev_key))
    if identity.jwks and "://" not in identity.jwks:
        return FromFile(Path(identity.jwks))
    return FromIssuer(identity.issuer, identity.jwks)


def built_in(graph: str, environment: Mapping[str, str]) -> Identity:
    """The built-in issuer of this graph, its key made where there is none. Raises BadIdentity."""
    path = key_path(graph, environment)
    made_key(path)
    return Identity(dev_key=str(path))


def claim_names(environment: Mapping[str, str]) -> ClaimNames:
    """From MACHTIGEN_CLAIM_SUBJECT, _ROLE, _PARTY and _PURPOSE."""
    said = {name: environment.get(f"MACHTIGEN_CLAIM_{name.upper()}") for name in ClaimNames.__struct_fields__}
    return ClaimNames(**{name: value for name, value in said.items() if value})
