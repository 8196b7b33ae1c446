"""Questions as a portal would ask them, each with the answer that the generator knows to be right.

Question k of a stream is a function of the population, the stream and k. The mix is an estimate (`MIX`): parents for
their children, mandates, protected adults (their administrators' employees among them), people for themselves, next
of kin, and strangers. Roughly half of the answers are PERMIT.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from authority.codes import Assurance, Outcome, Sector
from authority.moments import AMSTERDAM
from simulator.population.draws import Rows, below, draw, key, shares, words
from simulator.population.institutions import SECTORS, Institutions
from simulator.population.places import places
from simulator.population.population import NO_MEASURE, Population
from simulator.population.streets import STREET, streets
from simulator.population.truth import Asked, Held, expected, someone, truth

Asking = Literal["PARENT", "MANDATE", "MEASURE", "SELF", "ESTATE", "STRANGER"]

MIX: Final[dict[Asking, float]] = {
    "PARENT": 0.45,
    "MANDATE": 0.25,
    "MEASURE": 0.10,
    "SELF": 0.08,
    "ESTATE": 0.04,
    "STRANGER": 0.08,
}
_CANDIDATES: Final[dict[Asking, int]] = {
    "PARENT": 64,
    "MANDATE": 64,
    "MEASURE": 512,
    "SELF": 8,
    "ESTATE": 1_024,
    "STRANGER": 1,
}
"""Rows looked at for each question until one fits; where none does, a stranger asks about the first."""
_SECTORS: Final[dict[Asking, tuple[Sector, ...]]] = {
    "PARENT": ("GP", "GP", "GP", "HOSPITAL", "HOSPITAL", "PHARMACY", "DENTAL", "OTHER", "INSURER", "PGO"),
    "MANDATE": ("TAX", "GP", "HOSPITAL"),
    "MEASURE": ("INSURER", "TAX", "BENEFITS", "MUNICIPALITY", "GP", "HOSPITAL", "NURSING_HOME", "INSURER"),
    "SELF": ("GP", "HOSPITAL", "TAX", "MUNICIPALITY", "INSURER", "PGO", "MENTAL_CARE"),
    "ESTATE": ("TAX", "TAX", "INSURER", "HOSPITAL", "MUNICIPALITY"),
    "STRANGER": ("GP", "HOSPITAL", "TAX", "INSURER"),
}
_BATCH: Final = 4_096
_TOO_LOW: Final = 0.03
"""Share of askers who log in one level too low. Estimate."""
_OUT_OF_SCOPE: Final = 0.12
"""Share of mandates used for something else than they name. Estimate."""


class Posed(NamedTuple):
    """A question object (facts.md chapter 4) and the answer's outcome and reason."""

    question: dict[str, str]
    asking: Asking
    outcome: Outcome
    reason: str


def questions(population: Population, count: int, *, stream: int = 0) -> Iterator[Posed]:
    """The first `count` questions of a stream, asked at noon of the population's `as_of`."""
    institutions = Institutions(population)
    for first in range(0, count, _BATCH):
        numbers = np.arange(first, min(first + _BATCH, count), dtype=np.int64)
        yield from _batch(population, institutions, numbers, stream)


def _batch(population: Population, institutions: Institutions, numbers: Rows, stream: int) -> Iterator[Posed]:
    def chance(what: str) -> npt.NDArray[np.uint64]:
        return draw(key(population.seed, f"questions/{stream}/{what}"), numbers)

    edges = np.cumsum(list(MIX.values()))
    which = np.minimum(np.searchsorted(edges, shares(chance("asking")), side="right"), len(MIX) - 1)
    rows = np.empty(len(numbers), dtype=np.int64)
    asking: list[Asking] = [list(MIX)[index] for index in which]
    for index, name in enumerate(MIX):
        mine = np.flatnonzero(which == index)
        found = _subjects(population, numbers[mine], name, stream)
        rows[mine] = np.maximum(found, ~found)
        for number in mine[found < 0].tolist():
            asking[number] = "STRANGER"
    held = truth(population, rows, institutions)
    strangers = _adults(population, chance("stranger"))
    picks, service_picks = words(chance("picks")), words(chance("service"))
    chosen = [
        _asker(population, institutions, name, held[int(row)], int(row), int(stranger), picks[i])
        for i, (name, row, stranger) in enumerate(zip(asking, rows, strangers, strict=True))
    ]
    askers = someone(population, np.array([asker for asker, _, _ in chosen], dtype=np.int64))
    represented = someone(population, rows)
    ids = population.pseudonyms.of(np.array([[a.row, r.row] for a, r in zip(askers, represented, strict=True)]).ravel())
    place = population.place(rows, population.pattern_rows(rows))
    municipality = places().municipality.take(place)
    noon = datetime.combine(population.as_of, time(12), AMSTERDAM).isoformat()
    for i, (_, organisation, ground) in enumerate(chosen):
        pick = service_picks[i].tolist()
        provider, service = _service(institutions, asking[i], ground, place[i : i + 1], municipality[i : i + 1], pick)
        kind = institutions.service_kinds(provider)[service]
        service_id = f"{institutions.provider_ids[provider]}/{kind.short}"
        assurance = _assurance(kind.assurance, too_low=pick[3] < _TOO_LOW * 65_536)
        asked = Asked(
            asker=askers[i],
            organisation=organisation,
            represented=represented[i],
            service=kind,
            service_id=service_id,
            live=institutions.statuses[provider] == "LIVE",
            mandatable=bool(institutions.takes_mandates[provider]),
            assurance=assurance,
        )
        certified = organisation is None or not institutions.certificate_lapsed(organisation)
        verdict = expected(asked, held[represented[i].row], population.as_of, certified=certified)
        question: dict[str, str] = {
            "id": f"q{stream}-{int(numbers[i])}",
            "representative": f"{int(ids[2 * i]):016x}",
            "represented": f"{int(ids[2 * i + 1]):016x}",
            "provider": institutions.provider_ids[provider],
            "service": service_id,
            "assurance": assurance,
            "at": noon,
        }
        if organisation is not None:
            question["organisation"] = institutions.organisation_ids[organisation]
        yield Posed(question, asking[i], verdict.outcome, verdict.reason)


def _subjects(population: Population, numbers: Rows, asking: Asking, stream: int) -> Rows:
    """A row of the wished kind for each question; `~row` of any row where none was met."""
    tries = _CANDIDATES[asking]
    counters = (numbers[:, None] * 1_024 + np.arange(tries)).ravel()
    rows = below(draw(key(population.seed, f"questions/{stream}/{asking}"), counters), population.people)
    age = streets().age.take(population.pattern_rows(rows))
    dead, measure = population.dead_and_measure(rows, age)
    if asking == "PARENT":
        fits = age < 18
    elif asking == "MEASURE":
        fits = measure != NO_MEASURE
    elif asking == "ESTATE":
        fits = dead & (age >= 18)
    elif asking == "MANDATE":
        from simulator.population.mandates import grants  # noqa: PLC0415 - only this kind of question needs it

        fits = (age >= 18) & (measure == NO_MEASURE) & grants(population, rows, age)
    else:
        fits = (age >= 18) & ~dead
    table, fitting = rows.reshape(-1, tries), fits.reshape(-1, tries)
    first = fitting.argmax(axis=1)
    index = np.arange(len(table))
    found: Rows = np.where(fitting[index, first], table[index, first], ~table[index, 0])
    return found


def _adults(population: Population, chance: npt.NDArray[np.uint64]) -> Rows:
    """An adult for each draw: the helper of a random street."""
    street = below(chance, population.whole_streets)
    pattern = population.pattern_rows(street * STREET) >> 5
    position = streets().helper[pattern, 6, (chance & np.uint64(7)).astype(np.int64)]
    found: Rows = street * STREET + position
    return found


def _asker(
    population: Population,
    institutions: Institutions,
    asking: Asking,
    held: list[Held],
    row: int,
    stranger: int,
    pick: npt.NDArray[np.uint16],
) -> tuple[int, int | None, Held | None]:
    """Who asks: (row, organisation, the ground that the asker has in mind)."""
    if asking == "SELF":
        return row, None, None
    if asking == "STRANGER" or not held:
        return stranger, None, None
    ground = held[int(pick[0]) % len(held)]
    if ground.representative is not None:
        return ground.representative, None, ground
    if ground.organisation is not None:
        employees = institutions.employees(ground.organisation)
        if len(employees):
            return int(employees[int(pick[1]) % len(employees)]), ground.organisation, ground
    if ground.candidates:
        return ground.candidates[0], None, ground
    return stranger, None, ground


def _service(
    institutions: Institutions,
    asking: Asking,
    ground: Held | None,
    place: npt.NDArray[np.uint16],
    municipality: npt.NDArray[np.uint16],
    pick: list[int],
) -> tuple[int, int]:
    """(provider, index of one of its services): what the ground names, most often; else the household's own."""
    if ground is not None and ground.provider is not None and ground.services and pick[1] >= _OUT_OF_SCOPE * 65_536:
        ids = institutions.service_ids(ground.provider)
        return ground.provider, ids.index(ground.services[pick[2] % len(ground.services)])
    sectors = _SECTORS[asking]
    sector = SECTORS.index(sectors[pick[0] % len(sectors)])
    provider = int(institutions.nearest(sector, place, municipality)[0])
    return provider, pick[2] % len(institutions.service_kinds(provider))


def _assurance(needed: Assurance, *, too_low: bool) -> Assurance:
    if not too_low:
        return "SUBSTANTIAL"
    return "LOW" if needed == "SUBSTANTIAL" else "BASIC"
