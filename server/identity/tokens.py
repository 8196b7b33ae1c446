"""A bearer token checked: signature, issuer, audience and times (RFC 7519, RFC 8725); then it says who asks.

What was checked is remembered by the token's hash until it expires or the issuer's keys change, for a signature costs
more than a decision.
"""

from __future__ import annotations

import json
import time
import warnings
from base64 import urlsafe_b64decode
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final

import msgspec
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError, SecurityWarning

from resolvers.caller import Caller
from server.identity.claims import ClaimNames, caller_of
from server.identity.errors import Unidentified
from server.identity.keys import ALGORITHMS, Keys

BYTES_MAX: Final = 8_192
LEEWAY_S: Final = 30
"""How far the issuer's clock may be from ours."""
_REMEMBERED_MAX: Final = 4_096
_SKEWED: Final = {"nbf": "not valid yet", "iat": "issued in the future", "aud": "not meant for this service"}


class _Checked(msgspec.Struct, frozen=True, gc=False):
    caller: Caller
    not_before: float
    expires: float
    generation: int


class Tokens:
    """Of one issuer and one audience. `clock`: seconds since 1970, the machine's own."""

    def __init__(
        self,
        keys: Keys,
        *,
        issuer: str,
        audience: str,
        names: ClaimNames,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._keys, self._issuer, self._names, self._clock = keys, issuer, names, clock
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
        )
        self._remembered: OrderedDict[bytes, _Checked] = OrderedDict()

    async def caller(self, token: str) -> tuple[Caller, float]:
        """Who asks with this token, and until when it is taken. Raises Unidentified."""
        if len(token) > BYTES_MAX:
            raise Unidentified(f"longer than {BYTES_MAX} characters")
        name = sha256(token.encode("utf-8", "replace")).digest()
        known = self._remembered.get(name)
        if known is not None and known.generation == self._keys.generation and self._keys.ready:
            now = self._clock()
            if known.not_before - LEEWAY_S <= now < known.expires + LEEWAY_S:
                return known.caller, known.expires + LEEWAY_S
        self._remembered.pop(name, None)
        checked = await self._check(token)
        self._remembered[name] = checked
        if len(self._remembered) > _REMEMBERED_MAX:
            self._remembered.popitem(last=False)
        return checked.caller, checked.expires + LEEWAY_S

    async def _check(self, token: str) -> _Checked:
        algorithm, key_id = _header(token)
        if algorithm not in ALGORITHMS:
            raise Unidentified("signed in a way that is not taken")
        signing = await self._keys.key(key_id)
        if algorithm not in signing.algorithms:
            raise Unidentified("signed in another way than its key is for")
        generation = self._keys.generation
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SecurityWarning)  # about the name EdDSA
                claims = jwt.decode(token, signing.key, algorithms=[algorithm]).claims
            self._claims.validate(claims)
        except ExpiredTokenError:
            raise Unidentified("expired") from None
        except MissingClaimError as missing:
            raise Unidentified(f"{missing.claim}: missing") from None
        except InvalidClaimError as wrong:
            raise Unidentified(_SKEWED.get(wrong.claim, f"{wrong.claim}: not what is expected")) from None
        except (JoseError, ValueError, TypeError, RecursionError, OverflowError):
            raise Unidentified("not signed by the issuer") from None
        caller = caller_of(claims, self._names, self._issuer)
        return _Checked(caller, float(claims.get("nbf", 0)), float(claims["exp"]), generation)


def _header(token: str) -> tuple[str, str]:
    """The algorithm and the key id that it says it has; nothing of it is believed."""
    first, dot, _ = token.partition(".")
    if token.count(".") != 2 or not dot:
        raise Unidentified("not a signed token")
    try:
        header: Mapping[str, Any] = json.loads(urlsafe_b64decode(first + "=" * (-len(first) % 4)))
        algorithm, key_id = header["alg"], header.get("kid")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unidentified("not a signed token") from None
    if not isinstance(algorithm, str) or not isinstance(key_id, str):
        raise Unidentified("its header names no algorithm and key (alg, kid)")
    return algorithm, key_id
