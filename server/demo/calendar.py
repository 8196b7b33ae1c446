"""Days and instants relative to the moment at which the demo is made, as a facts file writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from authority.moments import AMSTERDAM

_DAYS_A_YEAR: Final = 365.25
_SINCE_BIRTHDAY: Final = timedelta(days=100)
"""A hundred days past their birthday: whoever plays with the demo for a season sees nobody's age change."""


class Calendar:
    """What day it is, was and will be. `now` has an offset."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(AMSTERDAM)

    def day(self, days: int) -> str:
        """So many days from today; negative: ago."""
        return (self.now + timedelta(days=days)).date().isoformat()

    def years(self, years: float) -> str:
        """So many years from today."""
        return self.day(round(years * _DAYS_A_YEAR))

    def born(self, age: int) -> str:
        """The birth date of somebody who is this old now."""
        return (self.now - timedelta(days=round(age * _DAYS_A_YEAR)) - _SINCE_BIRTHDAY).date().isoformat()

    def instant(self, ago: timedelta) -> str:
        """The instant so long ago, in UTC to the second."""
        return (self.now - ago).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def recorded(self, days: int) -> str:
        """At office hours so many days from today, when a register knew something."""
        return (self.now + timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0).isoformat()

    def last_tuesday(self, at_least_days: int) -> datetime:
        """06:30 on the latest Tuesday that is at least so many days ago."""
        latest = self.now - timedelta(days=at_least_days)
        tuesday = latest - timedelta(days=(latest.weekday() - 1) % 7)
        return tuesday.replace(hour=6, minute=30, second=0, microsecond=0)
