"""One decision in Python, typed from the question to the reason.

    TOKEN=… python decide.py http://127.0.0.1:8000/graphql sanne lotte zeeduin record

`--follow`: and every one that differs from it later.
"""

from __future__ import annotations

import asyncio
import os
import sys

from machtigen_client import Assurance, Client, Question, Shown


def show(decision: Shown) -> None:
    """Outcome, reason, and what it says to people."""
    print(f"{decision.outcome.value} {decision.reason.value}: {decision.reasons[0].text}", flush=True)


async def main(url: str, token: str, question: Question, follow: bool) -> None:
    """Ask, and perhaps follow."""
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    address = url.replace("http", "ws", 1)
    async with Client(url, headers, ws_url=address, ws_connection_init_payload=headers) as machtigen:
        decision = (await machtigen.decide(question)).decision
        show(decision)
        if follow:
            async for event in machtigen.follow(question, after=decision.as_of):
                show(event.decision_changed.decision)


if __name__ == "__main__":
    arguments = [each for each in sys.argv[1:] if each != "--follow"]
    if len(arguments) != 5 or "TOKEN" not in os.environ:
        sys.exit("TOKEN=… python decide.py URL REPRESENTATIVE REPRESENTED PROVIDER SERVICE [--follow]")
    where, representative, represented, provider, service = arguments
    asked = Question(
        representative=representative,
        represented=represented,
        provider=provider,
        service=service,
        assurance=Assurance.SUBSTANTIAL,
    )
    asyncio.run(main(where, os.environ["TOKEN"], asked, "--follow" in sys.argv))
