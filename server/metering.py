"""Every request is counted and timed, and every decision given in it counted, through whichever door it came."""

from __future__ import annotations

import time
from collections.abc import Callable, Container
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from resolvers.decisions import counting
from server.tallies import Tallies

OPERATION: Final = "machtigen.operation"
"""In the scope: a word for what is asked, of which there are few. Without it a request is known by its path."""
STREAM: Final = "stream"
"""Of an operation that lasts as long as its reader stays: it is not timed."""


class Metered:
    """Around the application. `paths`: those that are named; all others are `other`, for a caller may send anything."""

    def __init__(self, app: ASGIApp, tallies: Callable[[], Tallies], paths: Container[str]) -> None:
        self._app, self._tallies, self._paths = app, tallies, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the server's start and end."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        tallies, began = self._tallies(), time.perf_counter()
        counting.set(tallies.decided)
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            path = scope["path"] if scope["path"] in self._paths else "other"
            operation = scope.get(OPERATION, path)
            if operation != STREAM:
                tallies.served(operation, time.perf_counter() - began)
