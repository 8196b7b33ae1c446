"""Replies, and the headers that every one of them has."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.negotiation import header

_CONTENT: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",  # GraphiQL's editor places its lines by style
    "img-src 'self' data:",
    "font-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)
HEADERS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"cache-control", b"private, no-store"),
    (b"content-security-policy", "; ".join(_CONTENT).encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"referrer-policy", b"no-referrer"),
    (b"vary", b"accept, accept-encoding, accept-language, authorization"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
_NAMES: Final = frozenset(name for name, _ in HEADERS) - {b"vary"}
"""What a response may say otherwise; what it varies by is more, never less."""
_ANY: Final = "*"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


async def reply(send: Send, status: int, media: str, body: bytes, extra: Sequence[tuple[bytes, bytes]] = ()) -> None:
    """A whole response."""
    headers = [*extra]
    if status != 304:
        headers += [(b"content-type", media.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Edge:
    """Around the whole application: only our own host names, and the headers on everything.

    A page on the internet that makes its own name resolve to the loopback address would otherwise reach a service
    that listens there alone (DNS rebinding). `*` among `hosts`: any name, where a gateway before this looks at it.
    `origins`: other sites whose pages may open a WebSocket here.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str] = LOOPBACK, origins: Collection[str] = ()) -> None:
        self._app, self._hosts, self._origins = app, hosts, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the server's start and end."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            # a browser lets any page open one, and tells whose page it is
            host, origin = header(scope, b"host"), header(scope, b"origin")
            ours = not origin or origin.partition("://")[2] == host or origin in self._origins
            if not self._is_ours(host) or not ours:
                await send({"type": "websocket.close", "code": 1008, "reason": "not from here"})
                return
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]} & _NAMES
                message["headers"] = [*message["headers"], *(each for each in HEADERS if each[0] not in own)]
            await send(message)

        if not self._is_ours(header(scope, b"host")):
            await reply(with_headers, 421, "text/plain; charset=utf-8", b"no such host here\n")
            return
        await self._app(scope, receive, with_headers)

    def _is_ours(self, host: str) -> bool:
        return _ANY in self._hosts or _name(host) in self._hosts


def _name(host: str) -> str:
    """The host without its port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()
