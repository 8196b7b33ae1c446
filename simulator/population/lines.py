"""Fact lines from columns: whole chunks at once, without a Python object for each field.

A line is a row of a byte matrix: fixed texts and columns side by side, padded with NUL; dropping the NULs leaves the
lines. That takes a third of the time of formatting each line by itself (`tests/benchmarks/bench_population.py`).
The lines are canonical (the order of facts.md, defaults left out); `recorded_at` is left out too, so that the import
says when the registers knew.

Order: registers, providers with their services, organisations with their employments; then household by household
the people and what is held over them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from authority.registers import TABLE
from simulator.population import figures
from simulator.population.authorities import GROUNDS, KINDS, NONE, STATUSES, Authorities, authorities
from simulator.population.draws import Draws, Rows
from simulator.population.institutions import KINDS as ORGANISATION_KINDS
from simulator.population.institutions import SECTORS, Institutions
from simulator.population.names import names
from simulator.population.population import BIRTHDAY_UNKNOWN, NO_DATE, People, Population, days

Texts = npt.NDArray[np.bytes_]

_OF_COURTS: Final = ("BRP", "GEZAGSREGISTER", "CCBR", "COURT")
_DELAY: Final = "P92D"
"""Up to three months until a ruling shows (the letter of June 2020)."""
_SUPPLIERS: Final = 60
_HEX: Final = np.array([f"{number:04x}" for number in range(65_536)], dtype="S4").view(np.uint32)


def hexadecimal(pseudonyms: Draws) -> Texts:
    """Sixteen hexadecimal digits each."""
    parts = pseudonyms.astype(">u8").view(">u2").astype(np.int64)
    return _HEX.take(parts).view("S16")


def assembled(count: int, *parts: bytes | Texts) -> bytes:
    """`count` texts, each made of the parts side by side: a fixed text, or a column of texts padded with NUL."""
    pieces: list[npt.NDArray[np.uint8]] = []
    for part in parts:
        if isinstance(part, bytes):
            pieces.append(np.frombuffer(part, dtype=np.uint8)[None, :])
        else:
            pieces.append(np.ascontiguousarray(part).view(np.uint8).reshape(count, -1))
    matrix = np.empty((count, sum(piece.shape[1] for piece in pieces)), dtype=np.uint8)
    at = 0
    for piece in pieces:
        matrix[:, at : at + piece.shape[1]] = piece
        at += piece.shape[1]
    lines: bytes = matrix[matrix != 0].tobytes()
    return lines


def _line(**values: Any) -> bytes:
    """One line in plain Python, for the few facts that come first."""
    kept = {name: value for name, value in values.items() if value is not None}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class Lines:
    """The fact lines of one population; `with_names` gives people a name for display."""

    def __init__(self, population: Population, *, with_names: bool = True) -> None:
        self.population, self.with_names = population, with_names
        self.institutions = Institutions(population)

    # what comes first

    def first(self) -> Iterator[bytes]:
        """Registers, providers, services, organisations, employments."""
        yield from (_line(fact="register", id=name, delay=_DELAY if name in _OF_COURTS else None) for name in TABLE)
        for provider in range(len(self.institutions.sector)):
            yield from self._provider(provider)
        for organisation in range(len(self.institutions.organisation_ids)):
            yield from self._organisation(organisation)

    def _provider(self, provider: int) -> Iterator[bytes]:
        institutions = self.institutions
        own = institutions.provider_ids[provider]
        yield _line(
            fact="provider",
            id=own,
            sector=SECTORS[int(institutions.sector[provider])],
            status=institutions.statuses[provider],
            route="ROUTING",
            supplier=f"supplier-{provider % _SUPPLIERS + 1:02}",
            name=own.replace("-", " ").capitalize(),
        )
        mandatable = None if institutions.mandatable(provider) else False
        for kind in institutions.service_kinds(provider):
            yield _line(
                fact="service",
                id=f"{own}/{kind.short}",
                provider=own,
                domain=kind.domain,
                minimum_assurance=kind.assurance,
                channel=kind.channel if kind.channel != "PROVIDER" else None,
                routine=kind.routine or None,
                mandatable=mandatable,
                matter=kind.matter if kind.matter != "GENERAL" else None,
            )

    def _organisation(self, organisation: int) -> Iterator[bytes]:
        institutions, as_of = self.institutions, self.population.as_of
        own = institutions.organisation_ids[organisation]
        certified = None
        kind = ORGANISATION_KINDS[institutions.kind_of(organisation)]
        if kind == "GUARDIANSHIP_INSTITUTION":
            lapsed = institutions.certificate_lapsed(organisation)
            certified = (as_of + timedelta(days=-30 if lapsed else 1_000)).isoformat()
        name = own.replace("-", " ").capitalize()
        yield _line(fact="organisation", id=own, kind=kind, certified_until=certified, name=name)
        people = hexadecimal(self.population.pseudonyms.of(institutions.employees(organisation)))
        for number, employee in enumerate(people.tolist(), start=1):
            yield _line(fact="employment", id=f"{own}/{number}", employee=employee.decode(), organisation=own)

    # the people

    def of(self, rows: Rows) -> bytes:
        """The lines of consecutive rows that hold whole streets: people and what is held over them."""
        people = self.population.at(rows)
        held = authorities(self.population, self.institutions, rows)
        persons = self._persons(people).split(b"\n")
        statements = self._authorities(held)
        household = people.household.astype(np.int64)
        over = household[held.represented - int(rows[0])]
        together = np.empty(len(rows) + len(held), dtype=object)
        together[np.arange(len(rows)) + np.searchsorted(over, household, side="left")] = persons[:-1]
        together[np.arange(len(held)) + np.searchsorted(household, over, side="right")] = statements
        return b"\n".join(together.tolist()) + b"\n"

    @cached_property
    def _first_day(self) -> int:
        return days(date(self.population.as_of.year - figures.OLDEST - 2, 1, 1))

    @cached_property
    def _dates(self) -> Texts:
        last = self.population.today + 4_000
        return np.datetime_as_string(np.arange(self._first_day, last).astype("datetime64[D]")).astype("S10")

    def _date(self, day: npt.NDArray[np.int64] | npt.NDArray[np.int32]) -> Texts:
        return self._dates.take(day.astype(np.int64) - self._first_day)

    def _date_field(self, name: bytes, day: npt.NDArray[np.int64] | npt.NDArray[np.int32]) -> Texts:
        """`,"name":"YYYY-MM-DD"` where there is a day, nothing elsewhere."""
        return self._field(name, self._date(np.where(day == NO_DATE, 0, day)), day != NO_DATE)

    def _field(self, name: bytes, texts: Texts, present: npt.NDArray[np.bool_]) -> Texts:
        before, width = b',"' + name + b'":"', texts.dtype.itemsize
        made = np.zeros((len(texts), len(before) + width + 1), dtype=np.uint8)
        chosen = np.flatnonzero(present)
        if len(chosen):
            made[chosen, : len(before)] = np.frombuffer(before, dtype=np.uint8)
            made[chosen, len(before) : -1] = (
                np.ascontiguousarray(texts[chosen]).view(np.uint8).reshape(len(chosen), width)
            )
            made[chosen, -1] = ord('"')
        return made.view(f"S{made.shape[1]}").ravel()

    def _persons(self, people: People) -> bytes:
        born = self._date(people.birth)
        unknown = np.flatnonzero(people.flags & BIRTHDAY_UNKNOWN)
        if len(unknown):
            born = born.copy()
            born[unknown] = [text[:4] + b"-00-00" for text in born[unknown].tolist()]
        parts: list[bytes | Texts] = [
            b'{"fact":"person","id":"',
            hexadecimal(people.id),
            b'","born":"',
            born,
            b'"',
            self._date_field(b"died", people.died),
        ]
        if self.with_names:
            first, last = self._name_texts
            parts += [b',"name":"', first.take(people.first), b" ", last.take(people.last), b'"']
        return assembled(len(people.id), *parts, b"}\n")

    @cached_property
    def _name_texts(self) -> tuple[Texts, Texts]:
        lists = names()

        def texts(words: list[str]) -> Texts:
            return np.array([json.dumps(word, ensure_ascii=False)[1:-1].encode() for word in words], dtype=np.bytes_)

        prefixes = [lists.prefix[code] for code in lists.prefix_of]
        full = [f"{prefix} {last}".strip() for prefix, last in zip(prefixes, lists.last, strict=True)]
        return texts(list(lists.first)), texts(full)

    # what is held over them

    def _authorities(self, held: Authorities) -> npt.NDArray[np.object_]:
        """A line for each. Parental ones, which are short, apart from the others."""
        lines = np.empty(len(held), dtype=object)
        short = (
            (held.provider == NONE) & (held.ground == NONE) & (held.candidate_1 == NONE) & (held.organisation == NONE)
        )
        for chosen in (np.flatnonzero(short), np.flatnonzero(~short)):
            if len(chosen):
                lines[chosen] = self._some(held, chosen).split(b"\n")[:-1]
        return lines

    def _some(self, held: Authorities, chosen: npt.NDArray[np.int64]) -> bytes:
        represented = hexadecimal(self.population.pseudonyms.of(held.represented[chosen]))
        parts: list[bytes | Texts] = [
            b'{"fact":"authority","id":"',
            represented,
            self._suffixes.take(held.number[chosen]),
            b',"kind":"',
            self._kinds.take(held.kind[chosen]),
            b'","representative":',
            self._holders(held.representative[chosen], held.organisation[chosen]),
            b',"represented":"',
            represented,
            b'"',
        ]
        provider, ground, candidates = held.provider[chosen], held.ground[chosen], held.candidate_1[chosen]
        if (provider != NONE).any():
            parts.append(np.where(provider != NONE, self._services.take(provider * 8 + held.services[chosen]), b""))
        if (held.house[chosen] != 0).any():
            parts.append(np.array([b"", b',"goods":["house"]']).take(held.house[chosen]))
        if (ground != NONE).any():
            parts.append(self._grounds.take(ground + 1))
        if (candidates != NONE).any():
            parts.append(self._candidates(candidates, held.candidate_2[chosen]))
        parts += [
            self._statuses.take(held.status[chosen]),
            self._date_field(b"valid_from", held.valid_from[chosen]),
            self._date_field(b"valid_until", held.valid_until[chosen]),
        ]
        return assembled(len(chosen), *parts, b"}\n")

    def _holders(self, person: Rows, organisation: Rows) -> Texts:
        """A quoted id, or null."""
        made = np.full(len(person), b"null", dtype="S24")
        people, bodies = np.flatnonzero(person != NONE), np.flatnonzero(organisation != NONE)
        quoted = np.full((len(people), 18), ord('"'), dtype=np.uint8)
        quoted[:, 1:17] = hexadecimal(self.population.pseudonyms.of(person[people])).view(np.uint8).reshape(-1, 16)
        made[people] = quoted.view("S18").ravel()
        made[bodies] = self._organisations.take(organisation[bodies])
        return made

    def _candidates(self, first: Rows, second: Rows) -> Texts:
        made = np.zeros(len(first), dtype="S64")
        for index in np.flatnonzero(first != NONE).tolist():
            people = np.array([row for row in (first[index], second[index]) if row != NONE], dtype=np.int64)
            ids = hexadecimal(self.population.pseudonyms.of(people)).tolist()
            made[index] = b',"candidates":[' + b",".join(b'"' + text + b'"' for text in ids) + b"]"
        return made

    @cached_property
    def _suffixes(self) -> Texts:
        return np.array([f'/{number}"' for number in range(16)], dtype=np.bytes_)

    @cached_property
    def _kinds(self) -> Texts:
        return np.array(KINDS, dtype=np.bytes_)

    @cached_property
    def _statuses(self) -> Texts:
        return np.array([f',"status":"{word}"' if word != "ACTIVE" else "" for word in STATUSES], dtype=np.bytes_)

    @cached_property
    def _grounds(self) -> Texts:
        return np.array(["", *(f',"ground":"{word}"' for word in GROUNDS)], dtype=np.bytes_)

    @cached_property
    def _organisations(self) -> Texts:
        return np.array([f'"{own}"' for own in self.institutions.organisation_ids], dtype=np.bytes_)

    @cached_property
    def _services(self) -> Texts:
        """By provider times 8 plus bits: the list of services."""

        def listed(provider: int, chosen: int) -> bytes:
            ids = self.institutions.service_ids(provider, chosen)
            return b"" if not ids else f',"services":{json.dumps(ids, separators=(",", ":"))}'.encode()

        # bits beyond 0b011 and 0b100 are never drawn
        made = [listed(p, bits) if bits < 5 else b"" for p in range(len(self.institutions.sector)) for bits in range(8)]
        return np.array(made, dtype=np.bytes_)
