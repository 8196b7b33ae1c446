"""The reading side: the records of a directory, and which of them are looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from server.audit.directory import SEGMENT
from server.audit.records import CHANGE, LOOK

REQUEST: Final = "adl.core.request"
RESPONSE: Final = "adl.core.response"
Told = Callable[[int, int], None]
"""How many bytes have been read, of how many."""


class NoRecords(Exception):
    """There is no such directory: one line that says so."""


class Record(msgspec.Struct, frozen=True):
    """A record as it stands in a file; `place`: the file and the record's number in it."""

    event_name: str
    timestamp: int
    trace_id: str = ""
    span_id: str = ""
    parent_span_id: str = ""
    status: str = ""
    attributes: dict[str, Any] = {}
    body: dict[str, Any] = {}
    record: int = 0
    file: str = ""

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.file}:{self.record}"

    @property
    def request(self) -> dict[str, Any]:
        """What was asked, in AuthZEN's format; empty for a change."""
        found: dict[str, Any] = self.body.get(REQUEST, {})
        return found

    @property
    def context(self) -> dict[str, Any]:
        """Of one decision's answer."""
        found: dict[str, Any] = self.body.get(RESPONSE, {}).get("context", {})
        return found

    @property
    def results(self) -> list[dict[str, Any]]:
        """Of a search."""
        found: list[dict[str, Any]] = self.body.get(RESPONSE, {}).get("results", [])
        return found

    @property
    def change(self) -> dict[str, Any]:
        """Of a change."""
        found: dict[str, Any] = self.body.get(CHANGE, {})
        return found

    @property
    def stated(self) -> list[str]:
        """`type/id` of what was stated in a change, or shown to who looked around."""
        found: list[str] = self.change.get("facts", []) or self.body.get(LOOK, {}).get("shown", [])
        return found

    @property
    def ledger(self) -> str:
        """The ledger token."""
        found: str = self.attributes.get("adl.core.information", {}).get("ledger", "")
        return found

    def caller(self, what: str) -> str:
        """`role`, `subject` or `party` of who asked."""
        found: str = self.attributes.get(f"machtigen.caller.{what}", "")
        return found


class Wanted(msgspec.Struct, frozen=True):
    """What is looked for; "" and None: any. Times in milliseconds, `until` not included."""

    person: str = ""
    provider: str = ""
    outcome: str = ""
    caller: str = ""
    operation: str = ""
    trace: str = ""
    since: int | None = None
    until: int | None = None

    def texts(self) -> list[bytes]:
        """Each stands in every line that is looked for, so that most lines need not be read further."""
        return [text.encode() for text in (self.person, self.provider, self.outcome, self.caller, self.trace) if text]

    def has(self, record: Record) -> bool:
        """Whether it is one of those."""
        return (
            (self.since is None or record.timestamp >= self.since)
            and (self.until is None or record.timestamp < self.until)
            and self.trace in ("", record.trace_id)
            and (not self.operation or self.operation in _operations(record))
            and (not self.outcome or self.outcome in _outcomes(record))
            and (not self.caller or self.caller in {record.caller(what) for what in ("role", "subject", "party")})
            and (not self.person or self.person in _people(record))
            and (not self.provider or self.provider in _providers(record))
        )


ANY: Final = Wanted()


def _operations(record: Record) -> set[str]:
    return {record.attributes.get("machtigen.operation", ""), record.change.get("mutation", ""), record.event_name}


def _outcomes(record: Record) -> set[str]:
    return {each.get("outcome", "") for each in (record.context, *(one.get("context", {}) for one in record.results))}


def _people(record: Record) -> set[str]:
    """Everybody in it: both sides, whom a search found, who must consent, who asked, and what was stated about them."""
    found = {record.caller("subject")}
    for side in ("subject", "resource"):
        entity = record.request.get(side, {})
        found |= {entity.get("id", ""), entity.get("properties", {}).get("organisation", "")}
    found |= {each.get("id", "") for each in record.results}
    for context in (record.context, *(one.get("context", {}) for one in record.results)):
        found |= set(context.get("required_consents", ()))
    found |= {fact.partition("/")[2] for fact in record.stated}
    return found - {""}


def _providers(record: Record) -> set[str]:
    action = record.request.get("action", {})
    services = [action.get("name", ""), *(each.get("name", "") for each in record.results)]
    services += [fact.partition("/")[2] for fact in record.stated if fact.startswith("service/")]
    providers = {fact.partition("/")[2] for fact in record.stated if fact.startswith("provider/")}
    found = {name.rpartition("/")[0] for name in services} | providers
    return (found | {action.get("provider", ""), record.caller("party")}) - {""}


_record: Final = msgspec.json.Decoder(Record).decode


def segments_of(directory: Path) -> list[Path]:
    """In the order of their names, which is that of their beginnings. Raises NoRecords."""
    if not directory.is_dir():
        raise NoRecords(f"{directory}: no directory of audit records is there")
    return sorted(path for path in directory.iterdir() if SEGMENT.fullmatch(path.name))


def records_in(directory: Path, wanted: Wanted = ANY, told: Told = lambda done, total: None) -> Iterator[Record]:
    """Those that are looked for, segment by segment; `checking` says whether they are sound. Raises NoRecords."""
    segments = segments_of(directory)
    total, done, texts = sum(path.stat().st_size for path in segments), 0, wanted.texts()
    for path in segments:
        with path.open("rb") as file:
            for line in file:
                done += len(line)
                if all(text in line for text in texts):
                    record = _read(line)
                    if record is not None and wanted.has(record):
                        yield msgspec.structs.replace(record, file=path.name)
                told(done, total)


def _read(line: bytes) -> Record | None:
    """None: the first or last line of a segment, or none that can be read."""
    try:
        return _record(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def batched(records: Iterator[Record], count: int) -> Iterator[Sequence[Record]]:
    """So many at a time."""
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        if len(batch) == count:
            yield batch
            batch = []
    if batch:
        yield batch
