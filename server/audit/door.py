"""The door: nothing that was decided or changed for a caller leaves before it has been recorded."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from resolvers.caller import NOBODY, Caller
from resolvers.telling import Change, Told, telling
from schema.errors import Code, simple
from server.audit.directory import AuditUnavailable
from server.audit.records import Asking, Trace, records_of
from server.audit.trail import Trail
from server.identity.door import CALLER
from server.metering import OPERATION
from server.negotiation import header
from server.replies import reply

_LOG: Final = logging.getLogger("machtigen.audit")
_MESSAGE: Final = "the audit record cannot be written at the moment, so no answer is given"
_STARTS: Final = frozenset({"http.response.start", "websocket.accept"})


class Audited:
    """Around the application. `trail` None: nothing is recorded, in tests only. `clock` in microseconds."""

    def __init__(self, app: ASGIApp, trail: Callable[[], Trail | None], clock: Callable[[], int]) -> None:
        self._app, self._trail, self._clock = app, trail, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or connection, or the server's start and end."""
        trail = self._trail() if scope["type"] in ("http", "websocket") else None
        if trail is None:
            await self._app(scope, receive, send)
            return
        if trail.failing and scope.get("method") not in ("GET", "HEAD"):
            # a change would be made that cannot be recorded
            try:
                trail.resume()
            except AuditUnavailable as wrong:
                await _refused(scope, send, wrong)
                return
        request = _Request(scope, trail, self._clock)
        token = telling.set(request.told.append)
        try:
            await self._app(scope, receive, request.sending(send))
        finally:
            telling.reset(token)
            await request.rest()


class _Request:
    def __init__(self, scope: Scope, trail: Trail, clock: Callable[[], int]) -> None:
        self._scope, self._trail, self._clock = scope, trail, clock
        self._trace: Trace | None = None
        self.told: list[Told] = []

    def sending(self, send: Send) -> Send:
        """Sends a message once what was told before it is recorded; else an error, and nothing of the answer."""
        started = refused = False

        async def recorded(message: Message) -> None:
            nonlocal started, refused
            if refused:
                return
            if self.told:
                try:
                    await self._record()
                except AuditUnavailable as wrong:
                    if started:
                        raise  # the connection is broken off: an answer that lacks its end is none
                    refused = True
                    await _refused(self._scope, send, wrong)
                    return
            started = started or message["type"] in _STARTS
            await send(message)

        return recorded

    async def rest(self) -> None:
        """What was told and no message followed: the caller is gone, or the request failed."""
        if self.told:
            try:
                await self._record()
            except AuditUnavailable as wrong:
                _LOG.error("%s", wrong)

    async def _record(self) -> None:
        told, self.told[:] = self.told[:], ()
        if self._trace is None:
            self._trace = Trace.of(header(self._scope, b"traceparent"))
        caller: Caller = self._scope.get(CALLER, NOBODY)
        operation = self._scope.get(OPERATION, self._scope["path"])
        changed = any(isinstance(each, Change) for each in told)
        self._trail.append(records_of(told, Asking(self._trace, caller, operation, self._clock())), done=changed)
        if changed:
            await self._trail.sync()


async def _refused(scope: Scope, send: Send, wrong: AuditUnavailable) -> None:
    _LOG.error("%s", wrong)
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1011, "reason": Code.AUDIT_UNAVAILABLE.value})
        return
    error = simple(Code.AUDIT_UNAVAILABLE, _MESSAGE)
    if scope["path"].startswith("/graphql"):
        body: object = {"errors": [error]}
    else:
        body = {"error": {"code": Code.AUDIT_UNAVAILABLE.value, "message": _MESSAGE}}
    await reply(send, 503, "application/json; charset=utf-8", msgspec.json.encode(body))
