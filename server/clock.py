"""The one clock of the server. Whatever needs now takes such a callable, which gives microseconds.

`system` is the machine's. A `RehearsalClock` stands still until it is moved, and only `serve --dev --clock rehearsal`
has one: `machtigen rehearse` plays a year through it in minutes.
"""

from __future__ import annotations

import fcntl
import mmap
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from authority.moments import instant, instant_text
from schema.context import clock as system

PATH: Final = "/dev/clock"
_BYTES: Final = 8
_BODY_BYTES_MAX: Final = 1_000


class Backwards(ValueError):
    """The clock would have gone back; one line that says so."""


class RehearsalClock:
    """A file of eight bytes, mapped by every worker of one server, so that all of them have the same now.

    It begins at 1970-01-01T00:00:00Z, where it stands until it is first moved.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        with self._path.open("r+b") as file:
            self._now = memoryview(mmap.mmap(file.fileno(), _BYTES)).cast("q")

    @staticmethod
    @contextmanager
    def made() -> Iterator[str]:
        """The path of a new one's file, which is there as long as its server."""
        with tempfile.NamedTemporaryFile(prefix="machtigen-clock-") as file:
            file.write(bytes(_BYTES))
            file.flush()
            yield file.name

    def __call__(self) -> int:
        """The instant now, in microseconds."""
        return self._now[0]

    def move(self, now: int) -> None:
        """Set it, for all workers. Raises Backwards, and then it stays where it was."""
        with self._path.open("r+b") as file:
            # for two that move it; who reads sees eight bytes that were written at once
            fcntl.flock(file, fcntl.LOCK_EX)
            if now < self._now[0]:
                raise Backwards(f"the clock is at {instant_text(self._now[0])} and does not go back")
            self._now[0] = now


class Moved(msgspec.Struct, forbid_unknown_fields=True):
    """What moves the clock: `now`, an RFC 3339 instant."""

    now: str


def rehearsal_route(clock: RehearsalClock) -> Route:
    """GET tells the clock, POST `{"now": …}` moves it: 400 for what is no such thing, 409 where it would go back."""

    async def endpoint(request: Request) -> Response:
        if request.method == "POST":
            # a page of another site can send a form, but not JSON
            if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
                return JSONResponse({"error": "send application/json"}, 415)
            if int(request.headers.get("content-length") or _BODY_BYTES_MAX) >= _BODY_BYTES_MAX:
                return JSONResponse({"error": "expected one instant, and its length"}, 413)
            try:
                clock.move(instant(msgspec.json.decode(await request.body(), type=Moved).now))
            except Backwards as wrong:
                return JSONResponse({"error": str(wrong)}, 409)
            except (ValueError, msgspec.MsgspecError) as wrong:
                return JSONResponse({"error": str(wrong)}, 400)
        return JSONResponse({"now": instant_text(clock())})

    return Route(PATH, endpoint, methods=["GET", "POST"])


__all__ = ["PATH", "Backwards", "RehearsalClock", "rehearsal_route", "system"]
