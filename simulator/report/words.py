"""How the report says things: dates as people read them, numbers with their units, names in plain words."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DASH: Final = "\u2013"
MINUS: Final = "\u2212"
HARD: Final = "\u00a0"
"""A space at which no line is broken."""
LATER: Final = "after the run"
"""What is not reached within the run."""

MILESTONE_WORDS: Final = {
    "website_live": "New website live",
    "first_login_connection": "First login through routing",
    "counter_live": "Counters register mandates",
    "routing_test": "Test of routed mandates",
    "mandate_ready": "Routed mandates ready",
    "mandate_live": "Routed mandates live",
    "first_routed_connection": "First provider with mandates",
    "login_half": "Login at half of the providers",
    "login_90": "Login at nine in ten",
    "pgo_half": "Login and mandates at half",
    "pgo_90": "Login and mandates at nine in ten",
    "first_direct_connection": "First direct connection",
    "legal_resolved": "Questions of law resolved",
    "administration_pilot": "Pilot with administrators",
    "development_start": "Register of administrators: start",
    "register_live": "Register of administrators live",
    "first_other_sector": "First outside care",
}
KIND_WORDS: Final = {
    "hospital": "Hospitals and clinics",
    "gp": "GP practices",
    "mental": "Mental health care",
    "other_care": "Other care",
}
MEASURE_WORDS: Final = {
    **MILESTONE_WORDS,
    "excluded_person_weeks": "Exclusion, person-weeks",
    "cost_euro": "Cost",
}
LEVER_WORDS: Final = {
    "demand_with_mandates": "Demand the higher level only where mandates work",
    "one_more_slot": "One more supplier integration at the same time",
    "hospitals_first": "Hospitals before all others",
    "half_again_staff": "Half as many people again in the pool",
    "half_the_remobilisation": "Half the time to start up after a freeze",
}
SKILL_WORDS: Final = {"low": "low digital skill", "other": "other"}


def day_of(iso: str) -> date:
    """A date from JSON."""
    return date.fromisoformat(iso)


def day_words(day: date | str | None) -> str:
    """25 Jan 2021."""
    if day is None:
        return LATER
    if isinstance(day, str):
        day = day_of(day)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month_words(day: date) -> str:
    """Mar 2027."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def with_days(text: str) -> str:
    """A text with its ISO dates as people read them."""
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda found: day_words(found[0]), text)


def number(value: float | None) -> str:
    """1,234 or 12.3; a dash for what is not known."""
    if value is None:
        return DASH
    digits = 0 if abs(value) >= 20 or abs(value - round(value)) < 1e-6 else 1
    return f"{value + 0.0:,.{digits}f}".replace("-", MINUS)


def large(value: float | None) -> str:
    """33.5 million, 41 thousand, 999."""
    if value is None:
        return DASH
    size = abs(value)
    sign = MINUS if value < 0 else ""
    if size >= 999_500:
        return f"{sign}{size / 1e6:,.1f} million"
    if size >= 9_950:
        return f"{sign}{size / 1e3:,.0f} thousand"
    return f"{sign}{size:,.0f}"


def euros(value: float | None) -> str:
    """€ 8.6 million."""
    return DASH if value is None else f"€{HARD}{large(value)}"


def percent(share: float | None) -> str:
    """45 %, 0.4 %, 0 %."""
    if share is None:
        return DASH
    value = 100.0 * share
    rough = f"{value:.0f}" if value >= 9.95 or abs(value - round(value)) < 1e-6 else f"{value:.1f}"
    return f"{rough}{HARD}%"


def weeks(days: float | None) -> str:
    """A difference in days as weeks with its sign: +26.4 weeks."""
    if days is None:
        return LATER
    value = days / 7.0
    if abs(value) < 0.05:
        return "no change"
    return f"{'+' if value > 0 else MINUS}{abs(value):.1f} weeks"


def change(value: float | None, say: Any = large) -> str:
    """A difference with its sign."""
    if value is None:
        return DASH
    if abs(value) < 0.5:
        return "no change"
    return f"+{say(value)}" if value > 0 else str(say(value))


def lower_first(text: str) -> str:
    """For the middle of a sentence; GP stays GP."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def value_words(value: Any, unit: str = "") -> str:
    """A knob's value for a table."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, int | float):
        plain = f"{value:,.10g}" if unit != "year" else f"{value:.0f}"
        return plain if unit in ("", "number", "year") else f"{plain} {unit}"
    return str(value)
