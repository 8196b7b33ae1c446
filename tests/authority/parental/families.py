"""A small family to ask about: a child, a mother, a father and a partner, each to be changed by the test."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import msgspec

from authority.parental.brp import PersonRecord
from authority.parental.derivation import Population
from authority.parental.determine import Determination, determine

TODAY: Final = date(2026, 4, 23)
MOTHER, FATHER, CHILD, PARTNER = "000000012", "000000024", "000000036", "000000048"
BORN: Final = "2015-06-01"

Fields = dict[str, Any]


def mother(**changes: Any) -> Fields:
    return {"bsn": MOTHER, "surname": "N1", "birth_date": "1985-01-01", "sex": "V", "birth_country": "6030", **changes}


def father(**changes: Any) -> Fields:
    return {"bsn": FATHER, "surname": "N2", "birth_date": "1984-01-01", "sex": "M", "birth_country": "6030", **changes}


def partner(**changes: Any) -> Fields:
    return {"bsn": PARTNER, "surname": "N4", "birth_date": "1983-01-01", "sex": "V", "birth_country": "6030", **changes}


def as_parent(record: Fields, **changes: Any) -> Fields:
    """As the child's record names them: with a birth deed, a parent since the birth."""
    return {**record, "deed_no": "1AA0100", "family_relation_from": BORN, **changes}


def child(**changes: Any) -> Fields:
    """Born and living in the Netherlands, of two parents."""
    return {
        "bsn": CHILD,
        "surname": "N1",
        "birth_date": BORN,
        "birth_country": "6030",
        "sex": "M",
        "deed_no": "1AA0100",
        "residence": {"municipality": "0518"},
        "parents": {"1": as_parent(mother()), "2": as_parent(father())},
        **changes,
    }


def child_of(*parents: Fields | None, **changes: Any) -> Fields:
    """The same child with these parents; None: nobody in that place."""
    named = {str(place): each for place, each in enumerate(parents, start=1) if each is not None}
    return child(parents=named, **changes)


def union(record: Fields, start: str = "2010-01-01", **changes: Any) -> Fields:
    """A row on the other's record that says they married this person."""
    named: Fields = {key: record[key] for key in ("bsn", "surname", "birth_date", "sex") if key in record}
    return {**named, "start": start, **changes}


def ended(record: Fields, end: str, reason: str = "S", start: str = "2010-01-01") -> Fields:
    """As the register does it: today's row states the end, and the start stays behind in history."""
    return {**union(record, start), "start": None, "end": end, "end_reason": reason, "history": [union(record, start)]}


DEAD: Final[Fields] = {"record_suspended": {"reason": "O", "since": "2024-01-01"}, "date_of_death": "2024-01-01"}
CURATELE: Final[Fields] = {"authority_record": {"curatele_register": True}}
A_MINOR: Final[Fields] = {"birth_date": "2009-01-01"}


def ruling(indication: str, since: str = "2020-01-01") -> Fields:
    return {"indication": indication, "effective_from": since}


def population(*records: Fields) -> Population:
    return Population(msgspec.convert(records, tuple[PersonRecord, ...]))


def derive(*records: Fields, today: date = TODAY) -> Determination:
    """About the child. A mother and father not given are added as they are by default."""
    given = {record.get("bsn") for record in records}
    added = [each for each in (mother(), father()) if each["bsn"] not in given]
    found = determine(CHILD, population(*records, *added), today)
    assert found is not None
    return found


def answers(found: Determination) -> dict[str, str]:
    return {step.number: step.answer for step in found.route}
