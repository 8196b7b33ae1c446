"""GraphQL over WebSocket, subprotocol `graphql-transport-ws`: queries, mutations and subscriptions on one connection.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md, also for the codes that a connection is closed with.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from typing import Any, Final

import msgspec
from starlette.types import Receive, Scope, Send

from schema.context import Context
from schema.errors import Code, simple
from schema.execution import GraphQLRequest, stream
from server.bodies import BYTES_MAX
from server.graphql_sse import BEAT_EVERY_S, first_of
from server.identity.door import EXPIRES
from server.identity.errors import Unidentified
from server.sending import TooSlow, patiently

SUBPROTOCOL: Final = "graphql-transport-ws"
INIT_SECONDS_MAX: Final = 10.0
_LIVES_S_MAX: Final = 86_400.0
OPERATIONS_MAX: Final = 100
"""At once, of one connection."""
SLOW_CONSUMER: Final = 4490
"""Ours: nothing was read for too long."""
_ID_MAX: Final = 200
_REASON_BYTES_MAX: Final = 123


class _Message(msgspec.Struct, frozen=True):
    type: str
    id: str = ""
    payload: msgspec.Raw = msgspec.Raw(b"null")


_AS_HEADERS: Final = frozenset({"authorization", "accept-language", "machtigen-purpose"})
"""What a browser cannot put in the headers of a handshake, and puts in the payload of connection_init instead."""
_init: Final = msgspec.json.Decoder(dict[str, Any] | None).decode
_message: Final = msgspec.json.Decoder(_Message).decode
_request: Final = msgspec.json.Decoder(GraphQLRequest).decode
_encode: Final = msgspec.json.Encoder().encode


class _Close(Exception):
    """The connection is to be closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(reason)


class GraphQLSocket:
    """An ASGI application. `context`: what an operation of this connection is executed with."""

    def __init__(self, context: Callable[[Scope], Awaitable[Context]]) -> None:
        self._context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        await _Connection(scope, receive, send, self._context).run()


class _Connection:
    def __init__(
        self, scope: Scope, receive: Receive, send: Send, context: Callable[[Scope], Awaitable[Context]]
    ) -> None:
        self._scope, self._receive, self._send, self._context = scope, receive, send, context
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Fails with why an operation cannot go on, nor its connection."""

    async def run(self) -> None:
        await self._receive()  # websocket.connect
        known = SUBPROTOCOL in self._scope.get("subprotocols", ())
        await self._send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL if known else None})
        try:
            if not known:
                raise _Close(4406, f"Subprotocol not acceptable: speak {SUBPROTOCOL}")
            await self._begin()
            await first_of(self._read(), self._beat(), self._fail(), self._expire())
        except _Close as close:
            await self._end(close.code, close.reason)
        except Unidentified as wrong:
            await self._end(4401, wrong.why)
        except _Gone:
            pass
        finally:
            await self._stop()
            del self._failed  # its error remembers us

    async def _end(self, code: int, reason: str) -> None:
        """Nothing goes on while the reader is waited for, who may be slow."""
        await self._stop()
        short = reason.encode()[:_REASON_BYTES_MAX].decode(errors="ignore")
        with suppress(TooSlow):
            await patiently(self._send, {"type": "websocket.close", "code": code, "reason": short}, last=True)

    async def _stop(self) -> None:
        operations = list(self._operations.values())
        for operation in operations:
            operation.cancel()
        await asyncio.gather(*operations, return_exceptions=True)

    # what comes

    async def _begin(self) -> None:
        try:
            async with asyncio.timeout(INIT_SECONDS_MAX):
                message = await self._next()
                while message.type in ("ping", "pong"):
                    await self._heard(message)
                    message = await self._next()
        except TimeoutError:
            raise _Close(4408, "Connection initialisation timeout") from None
        if message.type != "connection_init":
            raise _Close(4401, "Unauthorized: begin with connection_init")
        await self._identify(message.payload)
        await self._tell({"type": "connection_ack"})

    async def _identify(self, payload: msgspec.Raw) -> None:
        """By a token in the payload, as a browser sends it, or in the header of the handshake."""
        try:
            said = _init(payload) or {}
            headers = {
                name.lower().encode(): msgspec.convert(value, str).encode("latin-1", "replace")
                for name, value in said.items()
                if name.lower() in _AS_HEADERS
            }
        except (msgspec.MsgspecError, RecursionError):
            raise _Close(4400, "Invalid message: the payload of connection_init is an object of texts") from None
        rest = [each for each in self._scope["headers"] if each[0] not in headers]
        self._scope["headers"] = [*rest, *headers.items()]
        try:
            context = await self._context(self._scope)
        except Unidentified as wrong:
            raise _Close(4401, f"Unauthorized: {wrong.why}") from None
        if context.caller.role is None:
            raise _Close(4401, "Unauthorized: a token in the payload of connection_init, as authorization")

    async def _expire(self) -> None:
        """The connection lives no longer than the token that it was made with."""
        await asyncio.sleep(min(max(self._scope[EXPIRES] - time.time(), 0.0), _LIVES_S_MAX))
        raise _Close(4401, "Unauthorized: the token has expired; connect anew")

    async def _read(self) -> None:
        while True:
            await self._heard(await self._next())

    async def _next(self) -> _Message:
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            raise _Gone
        text = event.get("text")
        if text is None:
            raise _Close(4400, "Invalid message: send text")
        if len(text) > BYTES_MAX:
            raise _Close(1009, f"a message has at most {BYTES_MAX} characters")
        try:
            return _message(text)
        except (msgspec.MsgspecError, RecursionError):
            raise _Close(4400, "Invalid message: a JSON object with a type") from None

    async def _heard(self, message: _Message) -> None:
        match message.type:
            case "ping":
                await self._tell({"type": "pong"})
            case "pong":
                pass
            case "subscribe":
                await self._subscribe(message)
            case "complete":
                if (task := self._operations.pop(message.id, None)) is not None:
                    task.cancel()
            case "connection_init":
                raise _Close(4429, "Too many initialisation requests")
            case _:
                raise _Close(4400, "Invalid message: no such type")

    async def _subscribe(self, message: _Message) -> None:
        if not 0 < len(message.id) <= _ID_MAX:
            raise _Close(4400, f"Invalid message: an id of 1 to {_ID_MAX} characters")
        if message.id in self._operations:
            raise _Close(4409, f"Subscriber for {message.id} already exists")
        try:
            request = _request(message.payload)
        except (msgspec.MsgspecError, RecursionError):
            raise _Close(4400, "Invalid message: the payload is no GraphQL request") from None
        if len(self._operations) >= OPERATIONS_MAX:
            error = simple(Code.TOO_MANY_SUBSCRIPTIONS, f"at most {OPERATIONS_MAX} operations at once on a connection")
            await self._tell({"id": message.id, "type": "error", "payload": [error]})
            return
        self._operations[message.id] = asyncio.create_task(self._operate(message.id, request))

    # what goes

    async def _operate(self, name: str, request: GraphQLRequest) -> None:
        try:
            async with aclosing(stream(request, await self._context(self._scope))) as responses:
                async for response in responses:
                    if response.refused is not None:
                        await self._tell({"id": name, "type": "error", "payload": response.body["errors"]})
                        break
                    await self._tell({"id": name, "type": "next", "payload": response.body})
                else:
                    await self._tell({"id": name, "type": "complete"})
        except Exception as wrong:  # noqa: BLE001 - the connection tells it
            if not self._failed.done():
                self._failed.set_exception(wrong)
        finally:
            if self._operations.get(name) is asyncio.current_task():
                del self._operations[name]

    async def _tell(self, message: dict[str, Any]) -> None:
        try:
            await patiently(self._send, {"type": "websocket.send", "text": _encode(message).decode()})
        except TooSlow:
            raise _Close(SLOW_CONSUMER, "nothing was read for too long: begin again at the last token") from None

    async def _fail(self) -> None:
        await self._failed

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_EVERY_S)
            await self._tell({"type": "ping"})


class _Gone(Exception):
    """The other side closed the connection."""
