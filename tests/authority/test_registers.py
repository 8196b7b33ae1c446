"""Registers: table 3, silence and completeness (facts.md 2 and 3)."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from authority.codes import AuthorityKind, FactType
from authority.facts import Register
from authority.moments import SINCE_EVER, instant
from authority.registers import DEFAULT_REGISTER, Registers, complete_for, serves, stale_from
from tests.authority.asking import register as fact


def register(name: str, **fields: Any) -> Register:
    made = fact(name, **fields)
    assert isinstance(made, Register)
    return made


@pytest.mark.parametrize(
    ("served", "name"),
    [
        ("person", "BRP"),
        ("PARENTAL_JOINT", "BRP"),
        ("UNDETERMINED", "BRP"),
        ("GUARDIANSHIP", "GEZAGSREGISTER"),
        ("BEWIND", "CCBR"),
        ("MENTORSCHAP", "COURT"),
        ("VOLUNTARY_MANDATE", "DIGID_MACHTIGEN"),
        ("NEXT_OF_KIN_MANDATE", "NEXT_OF_KIN"),
        ("HEIR", "ESTATE"),
        ("organisation", "HANDELSREGISTER"),
        ("employment", "EHERKENNING"),
        ("RECORD_AFTER_DEATH", "PROVIDER"),
        ("block", "PROVIDER"),
    ],
)
def test_default_register(served: str, name: str) -> None:
    assert DEFAULT_REGISTER[served] == name


def test_every_kind_and_type_has_one() -> None:
    assert set(DEFAULT_REGISTER) == {*get_args(AuthorityKind), *get_args(FactType)} - {"authority", "register"}


HEARD = {"heard_from": "2026-06-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("fields", "stale"),
    [
        ({}, None),
        (HEARD, None),
        ({"max_silence": "P1D"}, SINCE_EVER),
        ({**HEARD, "max_silence": "P1D"}, instant("2026-06-02T00:00:00Z")),
        ({**HEARD, "max_silence": "PT0S"}, instant("2026-06-01T00:00:00Z")),
    ],
)
def test_stale_from(fields: dict[str, Any], stale: int | None) -> None:
    assert stale_from(register("BRP", **fields)) == stale


def test_stale_at_is_sorted_and_includes_the_very_instant() -> None:
    registers = Registers.of(register(name, **HEARD, max_silence="P1D") for name in ("ESTATE", "BRP"))
    at = instant("2026-06-02T00:00:00Z")
    assert registers.stale_at(at) == ("BRP", "ESTATE")
    assert registers.stale_at(at - 1) == ()
    assert Registers().stale_at(at) == ()


def test_what_it_serves_by_its_own_word_else_table_3() -> None:
    assert serves(register("CCBR")) == ("CURATELE", "BEWIND")
    assert serves(register("CCBR", serves=["HEIR"])) == ("HEIR",)


@pytest.mark.parametrize(
    ("fields", "curatele", "bewind"),
    [({}, True, False), ({"complete": True}, True, True), ({"complete": False}, False, False)],
)
def test_complete_by_its_own_word_else_table_3(fields: dict[str, Any], curatele: bool, bewind: bool) -> None:
    ccbr = register("CCBR", **fields)
    assert (complete_for(ccbr, "CURATELE"), complete_for(ccbr, "BEWIND")) == (curatele, bewind)


def test_another_register_is_complete_only_if_it_says_so() -> None:
    other = register("OTHER", serves=["CURATELE"])
    assert not complete_for(other, "CURATELE")
    assert not Registers.of([other]).complete_everywhere("CURATELE")
    assert Registers().complete_everywhere("CURATELE")
    assert not Registers().complete_everywhere("BEWIND")
