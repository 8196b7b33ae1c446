"""Records out: as JSON Lines in the shape of the standard, or flat as CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, Final

import msgspec

from server.audit.directory import Header
from server.audit.reading import Record
from server.audit.sealing import line_of

COLUMNS: Final = (
    "timestamp",
    "event",
    "status",
    "operation",
    "caller_role",
    "caller_subject",
    "caller_party",
    "purpose",
    "representative",
    "organisation",
    "represented",
    "service",
    "assurance",
    "at",
    "known_at",
    "outcome",
    "reason",
    "grounds",
    "found",
    "mutation",
    "facts",
    "refused",
    "channel",
    "evidence",
    "ledger",
    "trace_id",
    "span_id",
    "parent_span_id",
    "file",
    "record",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of one."""


def json_line(record: Record, resource: dict[str, str]) -> bytes:
    """The record with its producer and the place where it stands, without its seal."""
    said: dict[str, Any] = {
        name: value
        for name in ("trace_id", "span_id", "parent_span_id", "event_name", "timestamp", "status", "attributes", "body")
        if (value := getattr(record, name)) not in ("", {})
    }
    said["resource"] = {**resource, "machtigen.audit.file": record.file, "machtigen.audit.record": record.record}
    return msgspec.json.encode(said) + b"\n"


def resource_of(segment: Path) -> dict[str, str]:
    """Who made the records of this segment, by its first line."""
    with segment.open("rb") as file:
        header = msgspec.json.decode(line_of(file.readline()[:-1]).content + b"}", type=Header)
    return dict(header.resource)


def csv_line(values: tuple[str, ...]) -> bytes:
    """One row. What a spreadsheet would take for a formula begins with an apostrophe."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([f"'{v}" if v.startswith(_FORMULA) else v for v in values])
    return text.getvalue().encode()


def row_of(record: Record, timestamp: str) -> tuple[str, ...]:
    """The record's values in the order of COLUMNS; several in one are divided by a space."""
    subject, action = record.request.get("subject", {}), record.request.get("action", {})
    asked, change = record.request.get("context", {}), record.change
    return (
        timestamp,
        record.event_name,
        record.status,
        record.attributes.get("machtigen.operation", ""),
        record.caller("role"),
        record.caller("subject"),
        record.caller("party"),
        record.attributes.get("machtigen.purpose", ""),
        subject.get("id", ""),
        subject.get("properties", {}).get("organisation", ""),
        record.request.get("resource", {}).get("id", ""),
        action.get("name", ""),
        subject.get("properties", {}).get("assurance", ""),
        asked.get("at", ""),
        asked.get("known_at", ""),
        record.context.get("outcome", ""),
        record.context.get("reason", ""),
        " ".join(record.context.get("grounds", ())),
        " ".join(each.get("id", each.get("name", "")) for each in record.results),
        change.get("mutation", ""),
        " ".join(record.stated),
        " ".join(change.get("refused", ())),
        change.get("channel", ""),
        change.get("evidence", ""),
        record.ledger,
        record.trace_id,
        record.span_id,
        record.parent_span_id,
        record.file,
        str(record.record),
    )
