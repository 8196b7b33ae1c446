"""Scalars of time. What is written is text, what is held is microseconds (`authority.moments`)."""

from __future__ import annotations

from typing import Any, NewType

import strawberry

from authority.moments import instant_text
from graph.fields import duration_text

DateTime = NewType("DateTime", int)
"""In an answer microseconds; as an argument still text, which `graph.intake` reads and whose field it names."""
Duration = NewType("Duration", int)
"""Microseconds."""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("an instant is RFC 3339 text with offset, such as 2026-01-01T09:00:00+01:00")
    return value


SCALARS: dict[Any, Any] = {
    DateTime: strawberry.scalar(
        name="DateTime",
        description="An instant: RFC 3339 with offset, such as 2026-01-01T09:00:00+01:00. Answers are in UTC with Z.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=instant_text,
        parse_value=_text,
    ),
    Duration: strawberry.scalar(
        name="Duration",
        description="A duration of fixed length: ISO 8601 in days of 24 hours and less, such as P92D or PT5M.",
        serialize=duration_text,
    ),
}
