"""What a server knows of its registers beside the ledger: how its connectors fare, and what it has counted."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from graph.registers.condition import Condition, conditions
from graph.registers.watchlist import Watchlist
from resolvers.registers import StaleDecisions
from server.connectors import Connectors
from server.tallies import Tallies


class ServerWatch(msgspec.Struct, frozen=True):
    """`resolvers.registers.Watch`; `connectors` None: this server asks no register."""

    tallies: Tallies
    watchlist: Watchlist
    connectors: Connectors | None

    def conditions(self, now: int) -> Sequence[Condition]:
        """Of every connector, the same in all workers."""
        return () if self.connectors is None else conditions(self.connectors.sources, self.connectors.store, now)

    def stale_decisions(self, register: str) -> StaleDecisions:
        """In the last 24 hours, of all workers."""
        return self.tallies.stale_decisions(register)
