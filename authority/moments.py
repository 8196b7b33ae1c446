"""Time: instants as whole microseconds, days and birthdays in Europe/Amsterdam (facts.md chapter 1 and 5).

An *instant* is an `int`: microseconds since 1970-01-01T00:00:00Z. Integers compare fast, pack small and keep
every microsecond. A date means 00:00 of that day in Europe/Amsterdam. Intervals are half-open.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
DAY_US: Final = 86_400_000_000

SINCE_EVER: Final = (date(1, 1, 1).toordinal() - _EPOCH_DAY) * DAY_US
"""The least instant, 0001-01-01T00:00:00Z. As `recorded_at` it says: known since ever."""
LAST_INSTANT: Final = (date(9999, 12, 31).toordinal() - _EPOCH_DAY + 1) * DAY_US - 1

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:[0-5]\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DURATION = re.compile(r"P(?=\d|T\d)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII)


def _utc_us(moment: datetime) -> int:
    """Microseconds of an aware datetime; unlike `astimezone` it cannot overflow at the calendar's ends."""
    offset = moment.utcoffset()
    assert offset is not None
    return (moment.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND - offset // _MICROSECOND


@lru_cache(maxsize=65_536)
def instant(text: str) -> int:
    """The instant of an RFC 3339 text with offset. Raises ValueError for anything else."""
    if _INSTANT.fullmatch(text) is None:
        raise ValueError("an instant is RFC 3339 with offset, such as 2026-01-01T09:00:00+01:00")
    us = _utc_us(datetime.fromisoformat(text.upper()))
    if not SINCE_EVER <= us <= LAST_INSTANT:
        raise ValueError("an instant lies between the years 0001 and 9999 in UTC")
    return us


@lru_cache(maxsize=131_072)
def day(text: str) -> int:
    """The instant at which a day `YYYY-MM-DD` begins in Europe/Amsterdam. Raises ValueError."""
    if _DATE.fullmatch(text) is None:
        raise ValueError("a date is YYYY-MM-DD")
    return start_of_day(date.fromisoformat(text).toordinal())


def moment(text: str) -> int:
    """A date or an instant. Raises ValueError."""
    return day(text) if len(text) == 10 else instant(text)


@lru_cache(maxsize=131_072)
def start_of_day(ordinal: int) -> int:
    """The instant at which the day with this proleptic ordinal begins in Europe/Amsterdam."""
    return _utc_us(datetime.combine(date.fromordinal(ordinal), datetime.min.time(), AMSTERDAM))


def local_day(us: int) -> int:
    """The proleptic ordinal of the day in Europe/Amsterdam that an instant falls in."""
    if us < SINCE_EVER + DAY_US:
        return 1
    if us > LAST_INSTANT - DAY_US:
        return date.max.toordinal()
    return (_EPOCH + timedelta(microseconds=us)).astimezone(AMSTERDAM).toordinal()


@lru_cache(maxsize=65_536)
def instant_text(us: int) -> str:
    """RFC 3339 in UTC with `Z`; the fraction only where there is one."""
    whole, fraction = divmod(us, 1_000_000)
    text = (_EPOCH + timedelta(seconds=whole)).strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    return f"{text}.{fraction:06d}Z" if fraction else f"{text}Z"


@lru_cache(maxsize=131_072)
def moment_text(us: int) -> str:
    """The canonical form of a moment: the date where it is the beginning of a Dutch day, else the instant."""
    ordinal = local_day(us)
    if start_of_day(ordinal) == us:
        return date.fromordinal(ordinal).isoformat()
    return instant_text(us)


@lru_cache(maxsize=4_096)
def duration(text: str) -> int:
    """Microseconds of an ISO 8601 duration of fixed length (weeks, days of 24 hours, hours, minutes, seconds)."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError("a duration is ISO 8601 in weeks, days, hours, minutes and seconds, such as P92D or PT5M")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000_000


Side = Literal["EARLIEST", "LATEST"]


@lru_cache(maxsize=262_144)
def possible_birth_days(born: str) -> tuple[int, int] | None:
    """The earliest and latest day (proleptic ordinals) that a partial birth date can be; None: unknown year.

    `2010-06-00` is a day in June 2010, `2010-00-15` a day in 2010 (a known day in an unknown month is not
    looked at). Raises ValueError for a date that is not in the calendar.
    """
    year, month, day_of_month = int(born[:4]), int(born[5:7]), int(born[8:10])
    if year == 0:
        return None
    if month == 0:
        return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    if day_of_month == 0:
        first = date(year, month, 1)
        after = date(year + month // 12, month % 12 + 1, 1) if (year, month) != (9999, 12) else date.max
        return first.toordinal(), after.toordinal() - (after != date.max)
    known = date(year, month, day_of_month).toordinal()
    return known, known


@lru_cache(maxsize=524_288)
def birthday(born: int, years: int) -> int:
    """The instant at which somebody born on this day (proleptic ordinal) becomes `years` old.

    29 February becomes 1 March in common years. Beyond the calendar: after the last instant.
    """
    birth = date.fromordinal(born)
    year = birth.year + years
    if year > 9999:
        return LAST_INSTANT + 1
    try:
        return start_of_day(birth.replace(year=year).toordinal())
    except ValueError:
        return start_of_day(date(year, 3, 1).toordinal())
