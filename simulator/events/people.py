"""The actors of the event engine: what is known of one provider and one supplier."""

from __future__ import annotations

import dataclasses

import simpy


@dataclasses.dataclass
class Provider:
    """One care provider, practice or organisation. Days; None: not yet."""

    kind: int
    supplier: int
    other: bool
    login_live: float | None = None
    mandate_live: float | None = None
    enforced: float | None = None
    direct: float | None = None

    @property
    def stage(self) -> str:
        """As the life cycle of a provider has it."""
        if self.mandate_live is not None or self.direct is not None:
            return "LIVE"
        return "CONNECTED" if self.login_live is not None else "APPLIED"

    @property
    def services(self) -> frozenset[str]:
        """What one connection has opened so far."""
        opened = {"login"} if self.login_live is not None else set()
        return frozenset(opened | ({"mandate"} if self.mandate_live is not None or self.direct is not None else set()))

    @property
    def pgo_ready(self) -> bool:
        """Login and mandates both: a PGO can serve everybody (letter P2)."""
        return self.services == {"login", "mandate"}

    @property
    def informal_help_works(self) -> bool:
        """A lent password opens the door until Substantieel is demanded (letter V1)."""
        return self.enforced is None


@dataclasses.dataclass
class Supplier:
    """One software vendor. `released` happens when its software knows the mandates."""

    column: int
    customers: list[Provider]
    released: simpy.Event
    asked: float | None = None
    started: float | None = None
    integrated: float | None = None
