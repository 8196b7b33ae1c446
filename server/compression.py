"""Answers compressed with zstd or gzip, for who asks for it (RFC 9110, 12.5.3 and 8.4).

Compression tells, by an answer's length, whether what an attacker had put into it also stands in it otherwise (BREACH).
For that the attacker must make somebody's browser ask with that person's rights, with words of the attacker's choice.
Here rights come with a bearer token that a browser never adds by itself, there are no cookies, no page elsewhere can
send JSON, nor a GET that is answered (`cross_site`), and an answer holds no secret that another request could be
forged with. So answers are compressed.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from typing import Final, Literal

import zstandard
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.negotiation import header, weight

Coding = Literal["zstd", "gzip"]
BYTES_MIN: Final = 1_024
"""Below it the bytes saved are not worth the work; most decisions are."""
_LEVEL: Final = {"zstd": 3, "gzip": 5}
_TEXT: Final = re.compile(rb"(?:text/(?!event-stream)|application/(?:[\w.-]+\+)?json|image/svg\+xml)")
_SUFFIXED: Final = re.compile(rb'-(?:zstd|gzip)"')
_zstd: Final = zstandard.ZstdCompressor(level=_LEVEL["zstd"])


class Compressed:
    """Around the application: whole answers of text, from some length on. A stream of events is left alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the server's start and end."""
        coding = coding_of(header(scope, b"accept-encoding")) if scope["type"] == "http" else None
        if coding is None:
            await self._app(scope, receive, send)
            return
        await self._app(_with_own_tags(scope), receive, _Sending(send, coding))


class _Sending:
    """Holds the head back until it is known how long the body is, where it may be compressed."""

    def __init__(self, send: Send, coding: Coding) -> None:
        self._send, self._coding = send, coding
        self._head: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _compressible(message):
            self._head = message
            return
        head, self._head = self._head, None
        if head is not None:
            body = message.get("body", b"")
            if not message.get("more_body", False) and len(body) >= BYTES_MIN:
                body = compressed(body, self._coding)
                head["headers"] = _headers(head, self._coding, len(body))
                message = {**message, "body": body}
            await self._send(head)
        await self._send(message)


def compressed(body: bytes, coding: Coding) -> bytes:
    """The body in this coding."""
    if coding == "zstd":
        return _zstd.compress(body)
    packer = zlib.compressobj(_LEVEL["gzip"], wbits=zlib.MAX_WBITS | 16)
    return packer.compress(body) + packer.flush()


@lru_cache(maxsize=256)
def coding_of(accept: str) -> Coding | None:
    """The one with the greater weight, zstd where they are equal; None: none that we have."""
    weights: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, *parameters = (each.strip() for each in part.split(";"))
        weights[name] = weight(parameters)
    zstd, gzip = weights.get("zstd", 0.0), weights.get("gzip", 0.0)
    if max(zstd, gzip) <= 0:
        return None
    return "zstd" if zstd >= gzip else "gzip"


def _compressible(head: Message) -> bool:
    headers = dict(head["headers"])
    return b"content-encoding" not in headers and _TEXT.match(headers.get(b"content-type", b"")) is not None


def _headers(head: Message, coding: Coding, length: int) -> list[tuple[bytes, bytes]]:
    """A strong entity tag is one of the bytes sent, so each coding has its own."""
    name = coding.encode()
    changed = {b"content-length": str(length).encode()}
    kept = [(key, changed.get(key, value)) for key, value in head["headers"] if key != b"etag"]
    tags = [(key, value[:-1] + b"-" + name + b'"') for key, value in head["headers"] if key == b"etag"]
    return [*kept, *tags, (b"content-encoding", name)]


def _with_own_tags(scope: Scope) -> Scope:
    """The request with the entity tags that the application gave, before they were those of a coding."""
    if not any(key == b"if-none-match" for key, _ in scope["headers"]):
        return scope
    headers = [
        (key, _SUFFIXED.sub(b'"', value) if key == b"if-none-match" else value) for key, value in scope["headers"]
    ]
    return {**scope, "headers": headers}
