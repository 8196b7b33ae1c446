"""A request's body, read to its end and never past what a request may have."""

from __future__ import annotations

from typing import Final

from starlette.types import Receive, Scope

from server.negotiation import header

BYTES_MAX: Final = 2 * 2**20
"""A thousand questions with the longest ids are under one megabyte."""


class TooLarge(Exception):
    """More bytes than a request may have."""

    def __init__(self) -> None:
        super().__init__(f"a request has at most {BYTES_MAX} bytes")


class BrokenOff(Exception):
    """The request ended before its body did."""

    def __init__(self) -> None:
        super().__init__("the request ended before its body did")


async def body_of(scope: Scope, receive: Receive) -> bytes:
    """All of it. Raises TooLarge, at once where the request itself says so, and BrokenOff."""
    length = header(scope, b"content-length")
    if length.isdigit() and int(length) > BYTES_MAX:
        raise TooLarge
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BrokenOff
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > BYTES_MAX:
            raise TooLarge
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)
