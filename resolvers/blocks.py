"""Blocks: a provider refuses representatives, for good care, a ruling or safety (BW 7:457 lid 3, 7:465 lid 4).

Nobody is told: a message to the one who is kept out could harm the one who is kept safe.
"""

from __future__ import annotations

import msgspec

from authority.codes import BlockReason
from authority.consents import ended, runs
from authority.facts import Block
from graph.ledger import Ledger, Token
from resolvers.caller import Caller
from resolvers.office import Office, Plan, new_id, perform
from resolvers.refusals import Refused
from resolvers.sides import provider_of
from resolvers.telling import Change


class Placed(msgspec.Struct, frozen=True):
    """`token`: the ledger's position after it; `block`: as it holds now."""

    token: Token
    block: Block


class WantedBlock(msgspec.Struct, frozen=True):
    """`representative` None: everybody but the person. `until` None: until it is lifted."""

    represented: str
    representative: str | None
    reason: BlockReason
    until: int | None = None


async def place(ledger: Ledger, office: Office, caller: Caller, wanted: WantedBlock, now: int, evidence: str) -> Placed:
    """The provider's own, from now on. Raises Refused."""
    provider = provider_of(caller)
    if not evidence:
        raise Refused("EVIDENCE_REQUIRED", "evidence")
    if wanted.until is not None and wanted.until <= now:
        raise Refused("WRONG_PERIOD", "valid_until")
    block = Block(
        id=new_id("block"),
        register="PROVIDER",
        recorded_at=now,
        provider=provider,
        represented=wanted.represented,
        representative=wanted.representative,
        reason=wanted.reason,
        valid_from=now,
        valid_until=wanted.until,
    )

    async def plan() -> Plan:
        change = Change("placeBlock", "", (f"block/{block.id}",), channel="PAPER", evidence=evidence)
        return Plan((block,), {f"block/{block.id}": None}, change)

    return Placed(await perform(ledger, office.desk, caller, [f"block/{block.id}"], plan, now), block)


async def lift(ledger: Ledger, office: Office, caller: Caller, block_id: str, now: int, evidence: str) -> Placed:
    """The provider's own, at once; one that has ended stays as it is. Raises Refused."""
    provider = provider_of(caller)
    if not evidence:
        raise Refused("EVIDENCE_REQUIRED", "evidence")
    lifted: list[Block] = []

    async def plan() -> Plan:
        held = (await ledger.find("block", [block_id])).get(block_id)
        if not isinstance(held, Block) or held.provider != provider:
            raise Refused("BLOCK_UNKNOWN", "id")
        after = ended(held, now) if runs(held, now) or _to_come(held, now) else held
        assert isinstance(after, Block)
        lifted[:] = [after]
        change = Change("liftBlock", "", (f"block/{block_id}",), channel="PAPER", evidence=evidence)
        return Plan(() if after is held else (after,), {f"block/{block_id}": held.recorded_at}, change)

    token = await perform(ledger, office.desk, caller, [f"block/{block_id}"], plan, now)
    return Placed(token, lifted[0])


def _to_come(block: Block, now: int) -> bool:
    return block.valid_from is not None and block.valid_from > now
