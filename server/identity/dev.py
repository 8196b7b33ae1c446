"""The built-in issuer of `serve --dev` and `machtigen demo`: whoever reaches it can be anybody, so it is for loopback.

Its key is a file beside the graph that only its owner can read; every worker and `machtigen token` use the same.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from graph.registers.store import store_path
from server.identity.claims import ClaimNames, caller_of, role_of
from server.identity.errors import BadIdentity, Unidentified

ISSUER: Final = "machtigen-dev"
AUDIENCE: Final = "machtigen"
PATH: Final = "/dev/token"
SECONDS: Final = 12 * 3_600
PURPOSE: Final = "development"
_PARAMETERS: Final = frozenset({"role", "sub", "party", "assurance", "represents", "purpose"})
_OWNER_ONLY: Final = 0o600


def key_path(graph: str, environment: Mapping[str, str]) -> Path:
    """Where the key of this graph's built-in issuer lies: beside what its connectors remember, or as configured."""
    configured = environment.get("MACHTIGEN_DEV_KEY")
    if configured:
        return Path(configured)
    return store_path(graph, environment).with_suffix(".dev-issuer.json")


def made_key(path: Path) -> None:
    """Make the key where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    except FileExistsError:
        DevIssuer(path)
        return
    with os.fdopen(file, "w", encoding="ascii") as opened:
        key = OKPKey.generate_key("Ed25519", {"kid": f"dev-{secrets.token_hex(4)}", "use": "sig"})
        json.dump(key.as_dict(private=True), opened)


class DevIssuer:
    """Raises BadIdentity where the key's file is missing, is not ours alone, or has no key."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                self._key = OKPKey.import_key(json.loads(file.read()))
            if mode & 0o077:
                raise BadIdentity(f"{path}: others can read it; chmod 600, or remove it so that it is made anew")
            if not self._key.is_private or not self._key.kid:
                raise BadIdentity(f"{path}: has no private key; remove it, so that it is made anew")
        except FileNotFoundError:
            raise BadIdentity(f"{path}: no such key; `machtigen serve --dev` and `machtigen demo` make it") from None
        except (OSError, ValueError, TypeError, JoseError):
            raise BadIdentity(f"{path}: cannot be read as a key; remove it, so that it is made anew") from None

    async def read(self) -> Mapping[str, Any]:
        """The public half, as a JWK Set (`server.identity.keys.Origin`)."""
        return {"keys": [self._key.as_dict(private=False)]}

    def token(self, said: Mapping[str, str], *, now: float | None = None, seconds: int = SECONDS) -> str:
        """A token that says this: role, sub, party, assurance, represents, purpose. Raises Unidentified."""
        role = role_of(said.get("role", ""))
        if role is None:
            raise Unidentified("role: one of citizen, provider, register, counter, operator, auditor, explorer")
        issued = int(time.time() if now is None else now)
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": issued,
            "nbf": issued,
            "exp": issued + seconds,
            "machtigen_role": role,
            "machtigen_purpose": said.get("purpose") or PURPOSE,
            "acr": said.get("assurance") or "substantial",
        }
        if said.get("sub"):
            claims["sub"] = said["sub"]
        if said.get("party"):
            claims["machtigen_party"] = said["party"]
        if said.get("represents"):
            claims["represents"] = {"sub": said["represents"], "iss": ISSUER}
        caller_of(claims, ClaimNames(), ISSUER)  # what would be refused is not made
        return jwt.encode({"alg": "Ed25519", "kid": self._key.kid}, claims, self._key, algorithms=["Ed25519"])


def token_route(issuer: DevIssuer) -> Route:
    """GET gives a token, as OAuth's token endpoint writes it; as plain text to whoever accepts that."""

    async def endpoint(request: Request) -> Response:
        said = dict(request.query_params)
        if unknown := said.keys() - _PARAMETERS:
            return JSONResponse({"error": f"{min(unknown)}: not one of {', '.join(sorted(_PARAMETERS))}"}, 400)
        try:
            token = issuer.token(said)
        except Unidentified as wrong:
            return JSONResponse({"error": wrong.why}, 400)
        if request.headers.get("accept", "").partition(",")[0].partition(";")[0].strip() == "text/plain":
            return PlainTextResponse(f"{token}\n")
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": SECONDS})

    return Route(PATH, endpoint, methods=["GET"])
