"""The question (facts.md chapter 4)."""

from __future__ import annotations

import msgspec

from authority.codes import Act, Assurance, Claim


class Question(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """May `representative` act for `represented` at this provider for this service, at `at`?

    `at` is always an instant here: whoever asks without one gets the asker's now from the edge, so that the law
    needs no clock. `known_at` None: everything recorded.
    """

    representative: str
    represented: str
    provider: str
    service: str
    assurance: Assurance
    at: int
    id: str | None = None
    known_at: int | None = None
    organisation: str | None = None
    act: Act = "ORDINARY"
    good: str | None = None
    claim: Claim | None = None

    @property
    def service_id(self) -> str:
        """The full service id; a short name is completed with the provider's id."""
        return self.service if "/" in self.service else f"{self.provider}/{self.service}"

    @property
    def oneself(self) -> bool:
        """Acting for oneself; `organisation` is then not looked at."""
        return self.representative == self.represented

    @property
    def asker(self) -> str:
        """Whose grounds count: the organisation where one is named, else the representative personally."""
        return self.organisation or self.representative
