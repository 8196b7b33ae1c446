"""Starts and ends, each a row of its own, put together again."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from authority.parental.brp import PersonRecord
from authority.parental.records import Doubts, Record
from authority.parental.unions import unions

A, B = "000000024", "000000048"
TODAY = date(2026, 4, 23)


def found(*entries: Any) -> list[tuple[str | None, str, str | None]]:
    record = Record(msgspec.convert({"unions": entries}, PersonRecord), Doubts(TODAY), TODAY)
    return [(each.partner, each.start, each.end) for each in unions(record.union_rows())]


def start(day: str, bsn: str | None = A, **more: Any) -> Any:
    return {"bsn": bsn, "start": day, **more}


def end(day: str, bsn: str | None = A, **more: Any) -> Any:
    return {"bsn": bsn, "end": day, **more}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], []),
        ([start("2010-01-01")], [(A, "2010-01-01", None)]),
        ([start("2010-01-01", end="2012-01-01")], [(A, "2010-01-01", "2012-01-01")]),
        ([end("2012-01-01", history=[start("2010-01-01")])], [(A, "2010-01-01", "2012-01-01")]),
        # the start is said of a partner whose BSN was not known yet
        ([end("2012-01-01", history=[start("2010-01-01", None)])], [(A, "2010-01-01", "2012-01-01")]),
        # a partner without a BSN: the end counts all the same
        ([end("2012-01-01", None, history=[start("2010-01-01", None)])], [(None, "2010-01-01", "2012-01-01")]),
        # a partnership turned into a marriage
        ([start("2015-01-01", history=[start("2010-01-01")])], [(A, "2010-01-01", None)]),
        (
            [start("2015-01-01", B), end("2012-01-01", history=[start("2010-01-01")])],
            [(B, "2015-01-01", None), (A, "2010-01-01", "2012-01-01")],
        ),
        # remarried each other
        (
            [start("2015-01-01"), end("2012-01-01", history=[start("2010-01-01")])],
            [(A, "2015-01-01", None), (A, "2010-01-01", "2012-01-01")],
        ),
        # remarried, on the very day of the divorce, to somebody else
        (
            [start("2012-01-01", B), end("2012-01-01", history=[start("2010-01-01")])],
            [(B, "2012-01-01", None), (A, "2010-01-01", "2012-01-01")],
        ),
        # the BSN became known between two rows that state the same end
        (
            [end("2012-01-01", history=[end("2012-01-01", None), start("2010-01-01", None)]), start("2005-01-01", B)],
            [(A, "2010-01-01", "2012-01-01"), (B, "2005-01-01", None)],
        ),
        # married and widowed on one day
        ([end("2012-01-01", history=[start("2012-01-01")])], [(A, "2012-01-01", "2012-01-01")]),
        # two at once
        ([start("2015-01-01", B), start("2010-01-01")], [(B, "2015-01-01", None), (A, "2010-01-01", None)]),
        # corrected away, or without any date
        ([start("2010-01-01", incorrect=True)], []),
        ([{"valid_from": "2010-01-01", "history": [start("2010-01-01", incorrect=True)]}], []),
        ([end("2012-01-01")], []),
    ],
)
def test_unions(entries: Any, expected: Any) -> None:
    assert found(*entries) == expected
    assert found(*reversed(entries)) == expected
