"""Numbers in an evaluation or search: `bsn:` and nine digits as a person's id, turned into an opaque id at once."""

from __future__ import annotations

from typing import Any

from graph.errors import BadInput
from graph.ledger import Ledger
from graph.pseudonyms import Pseudonyms
from schema.numbers import looked_up
from server.authzen.messages import PERSON, Malformed


async def with_ids(ledger: Ledger, pseudonyms: Pseudonyms | None, body: dict[str, Any]) -> dict[str, Any]:
    """The body with ids in the place of numbers of people; any other number is refused later. Raises Malformed."""
    try:
        numbers = await looked_up(ledger, pseudonyms, body)
    except BadInput as wrong:
        problem = wrong.problems[0]
        raise Malformed(f"{problem.field}: expected {problem.expected}") from None
    if not numbers:
        return body
    found = _replaced(body, numbers)
    if isinstance(items := body.get("evaluations"), list):
        found["evaluations"] = [_replaced(each, numbers) if isinstance(each, dict) else each for each in items]
    return found


def _replaced(asked: dict[str, Any], numbers: Any) -> dict[str, Any]:
    found = dict(asked)
    for side in ("subject", "resource"):
        entity = asked.get(side)
        if isinstance(entity, dict) and entity.get("type") == PERSON and entity.get("id") in numbers:
            found[side] = entity | {"id": numbers[entity["id"]]}
    return found
