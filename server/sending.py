"""Sending to somebody who may not be reading."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.types import Message, Send

SECONDS_MAX: Final = 10.0
"""How long a message may wait for its reader, and then once more the one that tells why it was the last."""


class TooSlow(Exception):
    """The reader took nothing for too long."""


async def patiently(send: Send, message: Message) -> None:
    """Send it. Raises TooSlow; whatever was under way then is not sent again."""
    try:
        async with asyncio.timeout(SECONDS_MAX):
            await send(message)
    except TimeoutError:
        raise TooSlow from None
