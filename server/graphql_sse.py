"""GraphQL over Server-Sent Events, *distinct connections mode*: one operation, one stream.

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. Its *single connection mode* keeps a reservation
between requests, which any worker would have to know of; whoever wants many operations on one connection has the
WebSocket.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing, suppress
from typing import Any, Final

import msgspec
from starlette.types import Receive, Send

from schema.errors import Code, simple
from schema.execution import GraphQLResponse
from server.sending import TooSlow, patiently

EVENT_STREAM: Final = "text/event-stream"
BEAT_EVERY_S: Final = 15.0
"""A comment line, so that whatever stands between does not take silence for the end, and we notice who has gone."""
_SLEEP_MAX_S: Final = 86_400.0
"""A stream that is older begins again."""
_encode: Final = msgspec.json.Encoder().encode
_HEADERS: Final = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
_COMPLETE: Final = b"event: complete\ndata:\n\n"


class _Expired(Exception):
    """The caller's token holds no longer."""


async def send_events(
    receive: Receive, send: Send, responses: AsyncGenerator[GraphQLResponse, None], until: float
) -> None:
    """Each response as `next`, then `complete`. Ends when they do, when the client goes, or when it is too slow.

    `until`: in seconds since 1970, when the caller's token expires; then too it ends.
    """
    await patiently(send, {"type": "http.response.start", "status": 200, "headers": _HEADERS})
    try:
        await first_of(_told(send, responses), _gone(receive), _beats(send), _expired(until))
        return
    except _Expired:
        why = simple(Code.UNAUTHENTICATED, "the token has expired: begin again with a new one")
    except TooSlow:
        why = simple(Code.SLOW_CONSUMER, "nothing was read for too long: begin again at the last token")
    with suppress(TooSlow):
        await patiently(send, _body(_next({"errors": [why]}) + _COMPLETE, last=True), last=True)


async def first_of(*works: Coroutine[Any, Any, None]) -> None:
    """All of them at once, until the first has ended; then none goes on. Raises what that one raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    try:
        for task in ended:
            task.result()
    finally:
        # an error that is raised remembers this frame, which would remember the error: connections would stay in memory
        del task, tasks, ended


async def _expired(until: float) -> None:
    await asyncio.sleep(min(max(until - time.time(), 0.0), _SLEEP_MAX_S))
    raise _Expired


async def _told(send: Send, responses: AsyncGenerator[GraphQLResponse, None]) -> None:
    async with aclosing(responses):
        async for response in responses:
            await patiently(send, _body(_next(response.body)))
    await patiently(send, _body(_COMPLETE, last=True))


def _next(body: dict[str, Any]) -> bytes:
    return b"event: next\ndata: " + _encode(body) + b"\n\n"


def _body(content: bytes, *, last: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": content, "more_body": not last}


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _beats(send: Send) -> None:
    while True:
        await asyncio.sleep(BEAT_EVERY_S)
        await patiently(send, _body(b":\n\n"))
