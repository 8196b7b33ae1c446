"""Time (facts.md 1 and 5)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authority.moments import (
    LAST_INSTANT,
    SINCE_EVER,
    birthday,
    day,
    duration,
    instant,
    instant_text,
    local_day,
    moment_text,
    possible_birth_days,
    start_of_day,
)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-01T09:00:00+01:00", "2026-01-01T08:00:00Z"),
        ("2026-01-01t09:00:00z", "2026-01-01T09:00:00Z"),
        ("2026-01-01T09:00:00.5-00:30", "2026-01-01T09:30:00.500000Z"),
        ("2026-01-01T09:00:00.000001Z", "2026-01-01T09:00:00.000001Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
        ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
    ],
)
def test_instant(text: str, utc: str) -> None:
    assert instant_text(instant(text)) == utc


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01T09:00:00",
        "2026-01-01",
        "2026-01-01 09:00:00Z",
        "2026-01-01T09:00Z",
        "2026-13-01T09:00:00Z",
        "2026-02-29T09:00:00Z",
        "2026-01-01T09:00:00.1234567Z",
        "2026-01-01T24:00:01Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "",
    ],
)
def test_not_an_instant(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        instant(text)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("2026-01-01", "2025-12-31T23:00:00Z"),
        ("2026-07-01", "2026-06-30T22:00:00Z"),
        ("2026-03-29", "2026-03-28T23:00:00Z"),
        ("2026-03-30", "2026-03-29T22:00:00Z"),
        ("2026-10-25", "2026-10-24T22:00:00Z"),
        ("2026-10-26", "2026-10-25T23:00:00Z"),
    ],
)
def test_a_day_begins_at_midnight_in_amsterdam(text: str, begins: str) -> None:
    assert instant_text(day(text)) == begins
    assert moment_text(day(text)) == text


@given(st.integers(SINCE_EVER, LAST_INSTANT))
def test_an_instant_and_its_text_are_one(us: int) -> None:
    assert instant(instant_text(us)) == us


@given(st.dates(date(1892, 5, 2), date(9999, 12, 30)))
def test_a_day_lies_between_its_beginning_and_the_next(on: date) -> None:
    begins, ends = start_of_day(on.toordinal()), start_of_day(on.toordinal() + 1)
    assert begins < ends
    assert local_day(begins) == local_day(ends - 1) == on.toordinal()
    assert local_day(ends) == on.toordinal() + 1


@pytest.mark.parametrize(
    ("born", "years", "on"),
    [
        ("2010-06-15", 16, "2026-06-15"),
        ("2008-02-29", 18, "2026-03-01"),
        ("2008-02-29", 16, "2024-02-29"),
        ("2008-02-28", 18, "2026-02-28"),
    ],
)
def test_birthday(born: str, years: int, on: str) -> None:
    assert birthday(date.fromisoformat(born).toordinal(), years) == day(on)


def test_a_birthday_beyond_the_calendar_never_comes() -> None:
    assert birthday(date(9990, 1, 1).toordinal(), 18) > LAST_INSTANT


@pytest.mark.parametrize(
    ("born", "days"),
    [
        ("2010-06-15", ("2010-06-15", "2010-06-15")),
        ("2010-06-00", ("2010-06-01", "2010-06-30")),
        ("2012-02-00", ("2012-02-01", "2012-02-29")),
        ("2010-12-00", ("2010-12-01", "2010-12-31")),
        ("2010-11-00", ("2010-11-01", "2010-11-30")),
        ("2010-00-00", ("2010-01-01", "2010-12-31")),
        ("2010-00-15", ("2010-01-01", "2010-12-31")),
        ("9999-12-00", ("9999-12-01", "9999-12-31")),
        ("0000-00-00", None),
        ("0000-06-15", None),
    ],
)
def test_possible_birth_days(born: str, days: tuple[str, str] | None) -> None:
    expected = None if days is None else tuple(date.fromisoformat(text).toordinal() for text in days)
    assert possible_birth_days(born) == expected


@pytest.mark.parametrize("born", ["2010-13-00", "2010-02-30", "2010-13-15"])
def test_not_in_the_calendar(born: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        possible_birth_days(born)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("P92D", 92 * 86400), ("PT5M", 300), ("P1W", 604800), ("P1DT2H3M4S", 93784), ("P0D", 0), ("P1W2DT1S", 777601)],
)
def test_duration(text: str, seconds: int) -> None:
    assert duration(text) == seconds * 1_000_000


@pytest.mark.parametrize("text", ["P", "PT", "P1Y", "P1M", "1D", "P-1D", "P1.5D", "PT1H2D", "P1D ", ""])
def test_not_a_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        duration(text)
