"""The issuer's public keys: from a file or a URL, renewed in the background, and asked for anew when one is unknown.

A set that cannot be had anew is kept for `KEPT_S`; after that no token is taken. Only keys that sign with an algorithm
of ALGORITHMS are read from a set: no shared secret can ever be one (RFC 8725 3.1, 3.2).
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from server.identity.errors import BadIdentity, KeysUnavailable, Unidentified

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""Fixed, whatever a token or a key set says: signatures with a public key, never `none`, never a shared secret.

EdDSA is the older name of Ed25519 (RFC 9864), which issuers still use.
"""
REFRESH_S: Final = 300.0
RETRY_S: Final = 15.0
UNKNOWN_EVERY_S: Final = 10.0
"""How often, at most, unknown key ids make us ask: a stranger can invent as many as he likes."""
KEPT_S: Final = 86_400.0
_KEYS_MAX: Final = 50
_BYTES_MAX: Final = 262_144
_SECONDS_MAX: Final = 5.0
_RSA_BITS_MIN: Final = 2_048
_LOG: Final = logging.getLogger("machtigen.identity")


class SigningKey(NamedTuple):
    """A public key, and the algorithms that it signs with."""

    algorithms: frozenset[str]
    key: RSAKey | ECKey | OKPKey


class Origin(Protocol):
    """Where a key set comes from."""

    async def read(self) -> Mapping[str, Any]:
        """The set as it is now. Raises OSError, ValueError or httpx.HTTPError."""
        ...


class FromFile:
    """A JWK Set in a file, which an operator replaces when keys rotate."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def read(self) -> Mapping[str, Any]:
        """All of it."""
        return _object(self._path.read_bytes())


class FromIssuer:
    """A JWK Set at a URL, or where the issuer's own description says that it is."""

    def __init__(self, issuer: str, url: str = "") -> None:
        self._issuer, self._url = issuer, url

    async def read(self) -> Mapping[str, Any]:
        """Over HTTPS; no redirect is followed."""
        async with httpx.AsyncClient(timeout=_SECONDS_MAX, follow_redirects=False) as client:
            return await self._get(client, self._url or await self._discovered(client))

    async def _discovered(self, client: httpx.AsyncClient) -> str:
        """OpenID Connect Discovery 1.0 chapter 4."""
        told = await self._get(client, self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        if told.get("issuer") != self._issuer:
            raise ValueError("the description is of another issuer")
        return checked_url(str(told.get("jwks_uri", "")))

    @staticmethod
    async def _get(client: httpx.AsyncClient, url: str) -> Mapping[str, Any]:
        async with client.stream("GET", url, headers={"accept": "application/json"}) as response:
            if response.status_code != httpx.codes.OK:
                raise ValueError(f"{url} answered {response.status_code}")
            body = b""
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > _BYTES_MAX:
                    raise ValueError(f"{url} answered more than {_BYTES_MAX} bytes")
        return _object(body)


def checked_url(url: str) -> str:
    """The URL, where it is HTTPS or of this machine. Raises BadIdentity."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return url
    if parts.scheme == "http" and _is_loopback(parts.hostname or ""):
        return url
    raise BadIdentity("an issuer and its keys are had over https:// (http:// only from this machine)")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _object(body: bytes) -> Mapping[str, Any]:
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError("expected a JSON object")
    return found


def public_keys(key_set: Mapping[str, Any]) -> dict[str, SigningKey]:
    """By key id. What we do not use is left out."""
    listed = key_set.get("keys")
    if not isinstance(listed, list) or len(listed) > _KEYS_MAX:
        raise ValueError(f"expected a JWK Set of at most {_KEYS_MAX} keys")
    found: dict[str, SigningKey] = {}
    for data in listed:
        key_id = data.get("kid") if isinstance(data, dict) else None
        if not isinstance(key_id, str) or data.get("use", "sig") != "sig":
            continue
        with suppress(JoseError, ValueError, TypeError, KeyError):
            read = _public_key(data)
            if read is not None:
                found[key_id] = read
    return found


def _public_key(data: Mapping[str, Any]) -> SigningKey | None:
    kind, curve, algorithm = data.get("kty"), data.get("crv"), data.get("alg")
    public = {name: value for name, value in data.items() if name in ("kty", "crv", "x", "y", "n", "e")}
    if kind == "RSA" and algorithm in (None, "RS256", "PS256"):
        rsa = RSAKey.import_key(public)
        algorithms = frozenset({algorithm} if algorithm else {"RS256", "PS256"})
        return SigningKey(algorithms, rsa) if rsa.public_key.key_size >= _RSA_BITS_MIN else None
    if kind == "EC" and curve == "P-256" and algorithm in (None, "ES256"):
        return SigningKey(frozenset({"ES256"}), ECKey.import_key(public))
    if kind == "OKP" and curve == "Ed25519" and algorithm in (None, "EdDSA", "Ed25519"):
        return SigningKey(frozenset({"EdDSA", "Ed25519"}), OKPKey.import_key(public))
    return None


class Keys:
    """The keys of one issuer, in one worker."""

    def __init__(self, origin: Origin, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._origin, self._clock = origin, clock
        self._keys: dict[str, SigningKey] = {}
        self._read_at: float | None = None
        self._asked_at: float | None = None
        self._one = asyncio.Lock()
        self.generation = 0
        """Grows whenever the set is another one than before: what was checked with the old set is checked anew."""

    async def key(self, key_id: str) -> SigningKey:
        """The key of this id. Raises Unidentified."""
        found = self._keys.get(key_id)
        if found is None:
            await self._ask_for_unknown()
            found = self._keys.get(key_id)
        if not self.ready:
            raise KeysUnavailable
        if found is None:
            raise Unidentified("signed with a key that the issuer does not have")
        return found

    @property
    def ready(self) -> bool:
        """Whether tokens can be checked: there is a set, and it is not too old."""
        return self._read_at is not None and self._clock() - self._read_at < KEPT_S

    async def refresh(self) -> bool:
        """Read the set anew; whether that went well. What cannot be read leaves the old one."""
        self._asked_at = self._clock()
        try:
            keys = public_keys(await self._origin.read())
            if not keys:
                raise ValueError("no key that we can use: RSA, P-256 or Ed25519, with a kid")
        except (OSError, ValueError, BadIdentity, httpx.HTTPError, httpx.InvalidURL) as wrong:
            _LOG.warning("the issuer's keys cannot be read: %s", str(wrong) or type(wrong).__name__)
            return False
        if _names(keys) != _names(self._keys):
            self.generation += 1
        self._keys, self._read_at = keys, self._clock()
        return True

    async def _ask_for_unknown(self) -> None:
        """At most once in UNKNOWN_EVERY_S, however many are unknown and however many ask."""
        async with self._one:
            if self._asked_at is None or self._clock() - self._asked_at >= UNKNOWN_EVERY_S:
                await self.refresh()

    @asynccontextmanager
    async def kept_fresh(self) -> AsyncIterator[None]:
        """Read now, and anew in the background for as long as this lasts."""
        done = await self.refresh()

        async def keep() -> None:
            nonlocal done
            while True:
                await asyncio.sleep(REFRESH_S if done else RETRY_S)
                done = await self.refresh()

        keeping = asyncio.create_task(keep(), name="keys")
        try:
            yield
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping


def _names(keys: Mapping[str, SigningKey]) -> set[tuple[str, str, frozenset[str]]]:
    return {(key_id, each.key.thumbprint(), each.algorithms) for key_id, each in keys.items()}
