"""Sending to somebody who may not be reading."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.types import Message, Send

SECONDS_MAX: Final = 10.0
"""How long a message may wait for its reader."""
LAST_SECONDS_MAX: Final = 60.0
"""The same for the last one, which tells why it is; nothing else is kept for that reader by then."""


class TooSlow(Exception):
    """The reader took nothing for too long."""


async def patiently(send: Send, message: Message, *, last: bool = False) -> None:
    """Send it. Raises TooSlow; whatever was under way then is not sent again."""
    try:
        async with asyncio.timeout(LAST_SECONDS_MAX if last else SECONDS_MAX):
            await send(message)
    except TimeoutError:
        raise TooSlow from None
