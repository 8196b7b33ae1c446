"""A real HTTP server that answers at once, but freezes for the first second of every five: simulation.md 1.3.

Run by itself: prints its URL, serves until it is stopped. It freezes as a process does that collects garbage or waits
for a disk: nothing is accepted, read or answered meanwhile. With `--steady` it never does, with `--permits` it says
yes to everybody.
"""

from __future__ import annotations

import asyncio
import sys
import time

PERIOD_S, FREEZE_S = 5.0, 1.0


def answer(head: bytes) -> tuple[str, bytes]:
    if b" /graphql" not in head.split(b"\r\n")[0]:
        return "404 Not Found", b"{}"
    outcome = b"PERMIT" if "--permits" in sys.argv else b"DENY"
    return "200 OK", b'{"data":{"decision":{"outcome":"%s","reason":"VOLUNTARY_MANDATE"}}}' % outcome


async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int((head.lower().partition(b"content-length: ")[2] or b"0").split(b"\r\n")[0])
            await reader.readexactly(length)
            status, content = answer(head)
            lines = (f"HTTP/1.1 {status}", "content-type: application/json", f"content-length: {len(content)}", "", "")
            writer.write("\r\n".join(lines).encode() + content)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main(freezes: bool) -> None:
    server = await asyncio.start_server(client, "127.0.0.1", 0, backlog=1024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    while True:
        await asyncio.sleep(PERIOD_S - FREEZE_S)
        if freezes:
            time.sleep(FREEZE_S)  # noqa: ASYNC251 - that is the point


if __name__ == "__main__":
    asyncio.run(main("--steady" not in sys.argv))
