"""Dates and the freeze: days since 1 January 2020, when going live is forbidden, when it is allowed again.

Source of the freeze: letter 26 643 nr. 693, footnote 6 (Digistorm: no other large projects) and V2 (half a year).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

EPOCH: Final = date(2020, 1, 1)
DAYS_PER_WEEK: Final = 7.0
WEEKS_PER_YEAR: Final = 365.25 / 7.0
WEEKS_PER_QUARTER: Final = WEEKS_PER_YEAR / 4.0
_A_MINUTE: Final = 1.0 / 1440.0
_WINDOW = re.compile(r"(\d{4}-)?(\d{2}-\d{2})/(\d{4}-)?(\d{2}-\d{2})")


def to_day(on: date) -> float:
    """Days since 1 January 2020."""
    return float(on.toordinal() - EPOCH.toordinal())


def to_date(day: float) -> date | None:
    """The date of a day, None for "not within what was looked at" (nan) and beyond the calendar's end.

    A minute's grace: sums of floats that should be midnight may fall just short of it.
    """
    if not np.isfinite(day):
        return None
    ordinal = EPOCH.toordinal() + int(np.floor(day + _A_MINUTE))
    return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else None


class Window(NamedTuple):
    """No large work from `begin` to `end`; `resumes` is `end` and the remobilisation. Days."""

    begin: float
    end: float
    resumes: float


def windows(texts: Sequence[str], *, first_year: int, last_year: int, remobilise_weeks: float) -> list[Window]:
    """The freeze windows in order, those that touch merged.

    `MM-DD/MM-DD` returns every year from `first_year` to `last_year`; `YYYY-MM-DD/YYYY-MM-DD` is once. ValueError for
    anything else, and for an end that is not after its begin.
    """
    spans: list[tuple[date, date]] = []
    for text in texts:
        found = _WINDOW.fullmatch(text)
        if found is None or bool(found[1]) != bool(found[3]):
            raise ValueError(f"{text!r} is no window such as 02-01/07-01 or 2021-02-01/2021-07-01")
        years = [""] if found[1] else [f"{year}-" for year in range(first_year, last_year + 1)]
        for year in years:
            begin = date.fromisoformat((found[1] or year) + found[2])
            end = date.fromisoformat((found[3] or year) + found[4])
            if end <= begin:
                raise ValueError(f"{text!r} ends before it begins")
            spans.append((begin, end))
    merged: list[Window] = []
    for begin, end in sorted(spans):
        window = Window(to_day(begin), to_day(end), to_day(end + timedelta(0)) + remobilise_weeks * DAYS_PER_WEEK)
        if merged and window.begin <= merged[-1].resumes:
            last = merged[-1]
            merged[-1] = Window(last.begin, max(last.end, window.end), max(last.resumes, window.resumes))
        else:
            merged.append(window)
    return merged


def next_allowed(days: Reals, freeze: Sequence[Window]) -> Reals:
    """When what is ready on `days` may go live: at once, or when the window that it falls in resumes.

    The first day of a window still belongs to what came before: ready by then is in time.
    """
    live = days.copy()
    for window in freeze:
        live = np.where((live > window.begin) & (live < window.resumes), window.resumes, live)
    return live
