"""Tokens for tests: an issuer of our own, whose keys the servers under test are given.

`BY_WHAT_IS_ASKED` sends with each request a token of the role that it needs; a test about identity sends its own.
"""

from __future__ import annotations

import atexit
import json
import re
import shutil
import tempfile
import time
from collections.abc import Generator
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx
from joserfc import jwt
from joserfc.jwk import OKPKey

from server.identity.dev import AUDIENCE, ISSUER, made_key
from server.identity.door import Identity

_MUTATION: Final = re.compile(rb'"query":\s*"\s*mutation\b')
CLAIMS: Final = {"role": "machtigen_role", "party": "machtigen_party", "purpose": "machtigen_purpose"}


@cache
def key_file() -> Path:
    """The private key, as `serve --dev` takes it."""
    path = _folder() / "key.json"
    made_key(path)
    return path


@cache
def jwks_file() -> Path:
    """The public half, as `serve --jwks` takes it."""
    path = _folder() / "jwks.json"
    path.write_text(json.dumps({"keys": [_key().as_dict(private=False)]}))
    return path


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="machtigen-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _key() -> OKPKey:
    return OKPKey.import_key(json.loads(key_file().read_text()))


def identity() -> Identity:
    """What an application under test is given."""
    return Identity(issuer=ISSUER, audience=AUDIENCE, jwks=str(jwks_file()))


def serving() -> list[str]:
    """The same, for `machtigen serve`."""
    return ["--issuer", ISSUER, "--audience", AUDIENCE, "--jwks", str(jwks_file())]


def claims(role: str, **said: Any) -> dict[str, Any]:
    """Those of a good token; `said` by short names (`party`) or by their own (`exp`); None leaves one out."""
    now = int(time.time())
    made = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now,
        "nbf": now,
        "exp": now + 3_600,
        "machtigen_role": role,
        "machtigen_purpose": "a test",
        "acr": "high",
    } | {CLAIMS.get(name, name): value for name, value in said.items()}
    return {name: value for name, value in made.items() if value is not None}


def token(role: str, **said: Any) -> str:
    """A good token, but for what is said otherwise."""
    return signed(claims(role, **said))


def signed(said: dict[str, Any]) -> str:
    """By the tests' issuer."""
    return jwt.encode({"alg": "Ed25519", "kid": _key().kid}, said, _key(), algorithms=["Ed25519"])


def header(role: str, **said: Any) -> dict[str, str]:
    """The header of a request."""
    return {"authorization": f"Bearer {token(role, **said)}"}


class _ByWhatIsAsked(httpx.Auth):
    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """An operator changes, an explorer asks."""
        if "authorization" not in request.headers:
            request.headers.update(_kept("OPERATOR" if _MUTATION.search(_content(request)) else "EXPLORER"))
        yield request


def _content(request: httpx.Request) -> bytes:
    try:
        return request.content
    except httpx.RequestNotRead:  # it is a stream
        return b""


@cache
def _kept(role: str) -> dict[str, str]:
    return header(role)


BY_WHAT_IS_ASKED: Final = _ByWhatIsAsked()
NO_TOKEN: Final = httpx.Auth()
"""For a request that is to have none, or the one in its headers."""
