"""Providers with their services, and the organisations that act for clients: published counts scaled to the population.

Every sector and kind has at least one. Providers stand in the order of `figures.PROVIDERS` and are numbered within
their sector; a household's own are found from its place, so that neighbours share them.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from authority.codes import Assurance, Channel, Domain, Matter, OrganisationKind, ProviderStatus, Sector
from simulator.population import figures
from simulator.population.draws import Rows, draw, shares
from simulator.population.population import Population


class ServiceKind(NamedTuple):
    """What providers of a sector offer, by short name."""

    short: str
    domain: Domain
    assurance: Assurance = "SUBSTANTIAL"
    routine: bool = False
    channel: Channel = "PROVIDER"
    matter: Matter = "GENERAL"


SERVICES: Final[dict[Sector, tuple[ServiceKind, ...]]] = {
    "HOSPITAL": (
        ServiceKind("record", "CARE_RECORD"),
        ServiceKind("appointments", "CARE_DECISION", routine=True),
        ServiceKind("treatment", "CARE_DECISION"),
    ),
    "GP": (
        ServiceKind("record", "CARE_RECORD"),
        ServiceKind("appointments", "CARE_DECISION", routine=True),
        ServiceKind("prescriptions", "CARE_DECISION", routine=True),
    ),
    "PHARMACY": (
        ServiceKind("medication", "CARE_RECORD"),
        ServiceKind("prescriptions", "CARE_DECISION", routine=True),
    ),
    "MENTAL_CARE": (ServiceKind("record", "CARE_RECORD"), ServiceKind("treatment", "CARE_DECISION")),
    "DENTAL": (ServiceKind("appointments", "CARE_DECISION", "LOW", routine=True), ServiceKind("bills", "PROPERTY")),
    "NURSING_HOME": (ServiceKind("record", "CARE_RECORD"), ServiceKind("care-plan", "CARE_DECISION")),
    "PGO": (ServiceKind("record", "CARE_RECORD", channel="PUBLIC"),),
    "INSURER": (ServiceKind("claims", "PROPERTY"), ServiceKind("policy", "PROPERTY")),
    "MUNICIPALITY": (
        ServiceKind("local-tax", "GOVERNMENT", matter="FINANCIAL"),
        ServiceKind("care-assessment", "GOVERNMENT", matter="CARE_ASSESSMENT"),
        ServiceKind("travel-documents", "GOVERNMENT"),
    ),
    "TAX": (ServiceKind("return", "TAX"), ServiceKind("assessment", "TAX")),
    "BENEFITS": (ServiceKind("benefits", "GOVERNMENT", matter="FINANCIAL"),),
    "OTHER": (ServiceKind("pupil", "SCHOOL", "LOW"),),
}
SECTORS: Final[tuple[Sector, ...]] = tuple(SERVICES)
_PREFIX: Final[dict[Sector, str]] = {sector: sector.lower().replace("_", "-") for sector in SECTORS} | {
    "OTHER": "school"
}
_NOT_LIVE: Final[tuple[ProviderStatus, ...]] = ("APPLIED", "ASSESSED", "CONNECTED", "TESTED", "SUSPENDED")
_ALWAYS_LIVE: Final = ("TAX", "BENEFITS")
NOT_LIVE_SHARE: Final = 0.06
"""Providers that have applied but are not live. Estimate."""
CERTIFICATE_LAPSED: Final = 7
"""The number of the guardianship institution whose certificate has run out, where there are so many. Estimate."""

KINDS: Final[tuple[OrganisationKind, ...]] = (
    "GUARDIANSHIP_INSTITUTION",
    "ADMINISTRATION_OFFICE",
    "FISCAL_INTERMEDIARY",
    "NOTARY",
)
_ID: Final[dict[OrganisationKind, str]] = {
    "GUARDIANSHIP_INSTITUTION": "gi",
    "ADMINISTRATION_OFFICE": "office",
    "FISCAL_INTERMEDIARY": "fiscal",
    "NOTARY": "notary",
}


def scaled(counts: dict[str, int], people: int) -> list[int]:
    """Counts for a population of this size, each at least one."""
    return [max(1, round(count * people / figures.PEOPLE)) for count in counts.values()]


class Institutions:
    """The providers and organisations of one population."""

    def __init__(self, population: Population) -> None:
        self.population = population
        assert list(figures.PROVIDERS) == list(SECTORS)
        self.providers_of = scaled(figures.PROVIDERS, population.people)
        self.first_provider = [sum(self.providers_of[:i]) for i in range(len(SECTORS))]
        self.organisations_of = scaled(figures.ORGANISATIONS, population.people)
        self.first_organisation = [sum(self.organisations_of[:i]) for i in range(len(KINDS))]

    # providers

    @cached_property
    def sector(self) -> npt.NDArray[np.int64]:
        """By provider: index in SECTORS."""
        return np.repeat(np.arange(len(SECTORS)), self.providers_of)

    @cached_property
    def provider_ids(self) -> list[str]:
        """By provider: `gp-00012`."""
        return [
            f"{_PREFIX[sector]}-{number:05}"
            for sector, count in zip(SECTORS, self.providers_of, strict=True)
            for number in range(1, count + 1)
        ]

    @cached_property
    def statuses(self) -> list[ProviderStatus]:
        """By provider."""
        chance = shares(draw(self.population.key("status"), np.arange(len(self.sector), dtype=np.int64)))
        return [
            "LIVE"
            # the first of a sector is live, so that each sector can be tried out however small the population
            if SECTORS[sector] in _ALWAYS_LIVE or index in self.first_provider or share >= NOT_LIVE_SHARE
            else _NOT_LIVE[int(share / NOT_LIVE_SHARE * len(_NOT_LIVE))]
            for index, (sector, share) in enumerate(zip(self.sector.tolist(), chance.tolist(), strict=True))
        ]

    def mandatable(self, provider: int) -> bool:
        """Of municipalities only the first in every fourteen take mandates (24 of 342 in 2023, domain.md)."""
        sector = int(self.sector[provider])
        every = figures.MUNICIPALITIES // figures.MUNICIPALITIES_WITH_MANDATES
        return SECTORS[sector] != "MUNICIPALITY" or (provider - self.first_provider[sector]) % every == 0

    @cached_property
    def takes_mandates(self) -> npt.NDArray[np.bool_]:
        """By provider: `mandatable`."""
        return np.array([self.mandatable(provider) for provider in range(len(self.sector))], dtype=np.bool_)

    def service_kinds(self, provider: int) -> tuple[ServiceKind, ...]:
        """What it offers."""
        return SERVICES[SECTORS[int(self.sector[provider])]]

    def service_ids(self, provider: int, chosen: int = 0b111) -> list[str]:
        """Full ids of its services; `chosen` has a bit for each that is meant."""
        own = self.provider_ids[provider]
        return [f"{own}/{kind.short}" for i, kind in enumerate(self.service_kinds(provider)) if chosen >> i & 1]

    def nearest(self, sector: Rows | int, place: npt.NDArray[np.uint16], municipality: npt.NDArray[np.uint16]) -> Rows:
        """The provider of a sector that a household at a place goes to; its municipality's own is the municipality."""
        of_sector = np.asarray(self.providers_of, dtype=np.int64)[sector]
        number = (place.astype(np.int64) * of_sector) >> 16
        number = np.where(np.equal(sector, SECTORS.index("MUNICIPALITY")), municipality % of_sector, number)
        found: Rows = np.asarray(self.first_provider, dtype=np.int64)[sector] + number
        return found

    # organisations

    @cached_property
    def organisation_ids(self) -> list[str]:
        """By organisation: `office-00012`."""
        return [
            f"{_ID[kind]}-{number:05}"
            for kind, count in zip(KINDS, self.organisations_of, strict=True)
            for number in range(1, count + 1)
        ]

    def kind_of(self, organisation: int) -> int:
        """Index in KINDS."""
        return max(i for i, first in enumerate(self.first_organisation) if first <= organisation)

    def certificate_lapsed(self, organisation: int) -> bool:
        """Whether this is the guardianship institution whose certificate has run out."""
        return organisation == CERTIFICATE_LAPSED and self.kind_of(organisation) == 0

    def organisation(self, kind: int, place: npt.NDArray[np.uint64]) -> Rows:
        """One of a kind for each 64-bit draw; the smaller numbers have more clients (estimate)."""
        share = shares(place)
        found: Rows = self.first_organisation[kind] + (share**1.5 * self.organisations_of[kind]).astype(np.int64)
        return found

    def employees(self, organisation: int) -> Rows:
        """Rows of those who act for its clients: living adults under no measure."""
        kind = self.kind_of(organisation)
        count = figures.EMPLOYEES[KINDS[kind]]
        counters = organisation * 64 + np.arange(count, dtype=np.int64)
        street = (draw(self.population.key("employee"), counters) % np.uint64(self.population.whole_streets)).astype(
            np.int64
        )
        rows = street * 32
        found = self.population.fit_elsewhere(rows, self.population.pattern_rows(rows), "employee")
        return np.unique(found[found >= 0])
