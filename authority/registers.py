"""The registers: which serves what, whether it is complete for it, when it has been silent too long.

facts.md chapters 2 (*register*) and 3 (table 3); the registers themselves: domain.md chapter 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Final

import msgspec

from authority.facts import Register
from authority.moments import LAST_INSTANT, SINCE_EVER


class RegisterDefaults(msgspec.Struct, frozen=True):
    """A row of table 3: what a register serves, and which of it completely."""

    serves: tuple[str, ...]
    complete_for: frozenset[str]


def _row(*complete: str, incomplete: tuple[str, ...] = ()) -> RegisterDefaults:
    return RegisterDefaults((*complete, *incomplete), frozenset(complete))


TABLE: Final[dict[str, RegisterDefaults]] = {
    "BRP": _row("person", "PARENTAL_SOLE", "PARENTAL_JOINT", "SHARED_AUTHORITY", "NO_AUTHORITY", "UNDETERMINED"),
    "GEZAGSREGISTER": _row(incomplete=("GUARDIANSHIP", "TREATMENT_SUBSTITUTE")),
    "CCBR": _row("CURATELE", incomplete=("BEWIND",)),
    "COURT": _row(incomplete=("MENTORSCHAP",)),
    "DIGID_MACHTIGEN": _row("VOLUNTARY_MANDATE"),
    "NEXT_OF_KIN": _row("NEXT_OF_KIN_MANDATE"),
    "ESTATE": _row(incomplete=("EXECUTOR", "HEIR")),
    "HANDELSREGISTER": _row("organisation"),
    "EHERKENNING": _row("employment"),
    "PROVIDER": _row("provider", "service", "consent", "ability", "block", "RECORD_AFTER_DEATH"),
}
"""Table 3 of facts.md."""

DEFAULT_REGISTER: Final[dict[str, str]] = {served: name for name, row in TABLE.items() for served in row.serves}
"""The register of a kind of authority or type of fact, where the fact names none."""


def serves(register: Register) -> tuple[str, ...]:
    """What it serves: its own word, else table 3."""
    if register.serves is not None:
        return register.serves
    row = TABLE.get(register.id)
    return row.serves if row else ()


def complete_for(register: Register, served: str) -> bool:
    """Whether absence from it proves absence: its own word for all that it serves, else table 3; other ids: no."""
    if register.complete is not None:
        return register.complete
    row = TABLE.get(register.id)
    return row is not None and served in row.complete_for


def stale_from(register: Register) -> int | None:
    """The instant from which it has been silent too long; None: never. Never heard of: since ever."""
    if register.max_silence is None:
        return None
    if register.heard_from is None:
        return SINCE_EVER
    return register.heard_from + register.max_silence


class Registers(dict[str, Register]):
    """The register facts that hold, by id, with what is asked of them all the time worked out once.

    A graph keeps one of these between questions for as long as no register fact changes.
    """

    @classmethod
    def of(cls, facts: Iterable[Register]) -> Registers:
        """Registers by id."""
        return cls((fact.id, fact) for fact in facts)

    @cached_property
    def silences(self) -> dict[str, int]:
        """From when each is stale, in the order of their ids; those that never are left out."""
        return {name: instant for name, fact in sorted(self.items()) if (instant := stale_from(fact)) is not None}

    @cached_property
    def serving(self) -> dict[str, tuple[str, ...]]:
        """By kind or type, the ids of the registers that have a fact and serve it."""
        found: dict[str, list[str]] = {}
        for name, fact in self.items():
            for served in serves(fact):
                found.setdefault(served, []).append(name)
        return {served: tuple(names) for served, names in found.items()}

    def stale_at(self, instant: int) -> tuple[str, ...]:
        """Ids of the registers that are stale at this instant, sorted."""
        if instant < self._first_silence:
            return ()
        return tuple(name for name, silent in self.silences.items() if silent <= instant)

    @cached_property
    def _first_silence(self) -> int:
        return min(self.silences.values(), default=LAST_INSTANT + 1)

    def complete_everywhere(self, served: str) -> bool:
        """Whether every register that serves this, table 3's rows without a fact included, is complete for it."""
        by_fact = all(complete_for(self[name], served) for name in self.serving.get(served, ()))
        by_table = all(
            served in row.complete_for for name, row in TABLE.items() if served in row.serves and name not in self
        )
        return by_fact and by_table
