"""The record of one person or organisation: everything that can matter to a question about or by them.

A decision reads two or three of these and nothing else of what changes often. A record holds the versions that hold
now (the greatest `recorded_at`, also one in the future: facts.md chapters 1 and 4). It follows the holding version: an
authority that moves to somebody else leaves this record and enters theirs. What it left behind stays named in `gone`,
so that older views can be put together from the versions.
"""

from __future__ import annotations

from typing import Any, Final, cast

import msgspec

from authority.codes import FactType
from authority.facts import (
    Ability,
    Authority,
    Block,
    Consent,
    Employment,
    Fact,
    Organisation,
    Person,
    type_of,
)
from authority.moments import SINCE_EVER

Key = tuple[FactType, str]


class Record(msgspec.Struct, array_like=True, gc=False):
    """`authorities` are those over this person, `employments` those of this person; none is retracted.

    `position` and `recorded_at`: the newest position, and the greatest `recorded_at`, of any version that said
    something about this id, or once did and now says it of another. A reader who asks for no less than both sees the
    record as it is; for an older view, the statements are those in the record and those in `gone`.
    `former_holders`: who was named as representative in any version that does not hold.
    """

    position: int = 0
    recorded_at: int = SINCE_EVER
    person: Person | None = None
    authorities: list[Authority] = []
    consents: list[Consent] = []
    abilities: list[Ability] = []
    blocks: list[Block] = []
    employments: list[Employment] = []
    organisation: Organisation | None = None
    gone: list[Key] = []
    former_holders: list[str] = []

    def statements(self) -> set[Key]:
        """Every statement of which any version ever said something about this id."""
        keys: set[Key] = set(self.gone)
        for fact in (self.person, self.organisation):
            if fact is not None:
                keys.add((type_of(fact), fact.id))
        for name, key_type in _LISTS.items():
            keys.update((key_type, fact.id) for fact in getattr(self, name))
        return keys

    def facts(self) -> list[Fact]:
        """Everything in it that holds."""
        single = [fact for fact in (self.person, self.organisation) if fact is not None]
        return [*single, *self.authorities, *self.consents, *self.abilities, *self.blocks, *self.employments]

    def holders(self) -> set[str]:
        """Who was ever named as representative over this person."""
        current = {a.representative for a in self.authorities if a.representative is not None}
        return current.union(self.former_holders)


EMPTY: Final = Record()
decode = msgspec.msgpack.Decoder(Record).decode
encode = msgspec.msgpack.Encoder().encode

_LIST_OF: Final[dict[type[Fact], str]] = {
    Authority: "authorities",
    Consent: "consents",
    Ability: "abilities",
    Block: "blocks",
    Employment: "employments",
}
_SINGLE: Final[dict[type[Fact], str]] = {Person: "person", Organisation: "organisation"}
_LISTS: Final[dict[str, FactType]] = {
    "authorities": "authority",
    "consents": "consent",
    "abilities": "ability",
    "blocks": "block",
    "employments": "employment",
}
_ABOUT: Final[dict[type[Fact], str]] = {
    Person: "id",
    Organisation: "id",
    Authority: "represented",
    Consent: "represented",
    Block: "represented",
    Ability: "person",
    Employment: "employee",
}


def about(fact: Fact) -> str | None:
    """Whose record the fact belongs in; None: a provider, service or register, which are the catalogue."""
    field = _ABOUT.get(type(fact))
    return None if field is None else cast("str", getattr(fact, field))


def enter_new(record: Record, fact: Fact, position: int) -> None:
    """Put in the first version of a statement."""
    record.position = position
    record.recorded_at = max(record.recorded_at, fact.recorded_at)
    if fact.retracted:
        _leave_behind(record, fact)
    else:
        _put(record, fact)


def enter_holding(record: Record, fact: Fact, position: int) -> None:
    """Put in a version that holds now; the one before it was taken out with `take_out`."""
    enter_new(record, fact, position)
    key = (type_of(fact), fact.id)
    if not fact.retracted and key in record.gone:
        record.gone.remove(key)


def take_out(record: Record, before: Fact, position: int, recorded_at: int) -> None:
    """Take out a version that no longer holds, because of a version at `position` that was recorded then."""
    record.position = position
    record.recorded_at = max(record.recorded_at, recorded_at)
    single = _SINGLE.get(type(before))
    if single is not None:
        setattr(record, single, None)
    else:
        kept: list[Any] = getattr(record, _LIST_OF[type(before)])
        kept[:] = [fact for fact in kept if fact.id != before.id]
    _leave_behind(record, before)


def note_history(record: Record, fact: Fact, position: int, held_since: int) -> None:
    """Remember a version that came late: one recorded at `held_since` holds already, here or in another record.

    Whoever asks for what was known before that sees the late one.
    """
    record.position = position
    record.recorded_at = max(record.recorded_at, held_since)
    if (type_of(fact), fact.id) not in record.statements():
        _leave_behind(record, fact)
    elif isinstance(fact, Authority):
        _remember_holder(record, fact)


def _put(record: Record, fact: Fact) -> None:
    single = _SINGLE.get(type(fact))
    if single is not None:
        setattr(record, single, fact)
    else:
        getattr(record, _LIST_OF[type(fact)]).append(fact)


def _leave_behind(record: Record, fact: Fact) -> None:
    key = (type_of(fact), fact.id)
    if key not in record.gone:
        record.gone.append(key)
    if isinstance(fact, Authority):
        _remember_holder(record, fact)


def _remember_holder(record: Record, authority: Authority) -> None:
    holder = authority.representative
    if holder is not None and holder not in record.former_holders:
        record.former_holders.append(holder)
