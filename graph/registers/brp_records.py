"""The population register as records, without answers on authority: these are derived here (authority/parental).

The source is a JSON Lines file of cases as `machtigen parental-authority` reads them: the records around one person,
and the day of asking. With `scoped` each case is a world of its own, so that equal numbers of two cases are two people;
the official test cases need that.

The file may be appended to, and replaced by another: one whose beginning is no longer what was taken is read anew, and
what a child's own case says no longer ends on its day.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

import anyio.to_thread
import msgspec

from authority.facts import Authority
from authority.moments import day
from authority.parental.brp import Case, PersonRecord
from authority.parental.derivation import Population
from authority.parental.determine import determine
from authority.parental.statements import Statement, statements_of
from graph.ledger import Ledger
from graph.pseudonyms import NotABsn, Pseudonyms
from graph.registers.brp_facts import authority_fact, curatele_fact, doubted_fact, earliest, ended_fact, stated_again
from graph.registers.connector import Page, Refused, Row, SourceFailed, last_words
from graph.registers.identities import identified
from graph.registers.parts import Common, Parts
from graph.registers.standing import around

CASES_A_PAGE: Final = 50

_decode: Final = msgspec.json.Decoder(Case).decode


class _Place(msgspec.Struct, frozen=True):
    """The watermark: bytes and lines taken of the file, a digest of them, and which file it was when we looked last."""

    offset: int = 0
    lines: int = 0
    digest: str = ""
    file: tuple[int, int, int] = (0, 0, 0)
    """Inode, size, and when it was written in nanoseconds."""


class _Read(msgspec.Struct, frozen=True):
    """The next lines, the place before and after them, and when the file was written; None: it changes as we read."""

    lines: list[bytes]
    before: _Place
    after: _Place
    written_at: int | None


class BrpRecords:
    """None of the records is in the watermark."""

    register = "BRP"

    def __init__(self, *, name: str, path: Path, ledger: Ledger, pseudonyms: Pseudonyms, scoped: bool) -> None:
        self.name = name
        self._path, self._ledger, self._pseudonyms, self._scoped = path, ledger, pseudonyms, scoped

    async def poll(self, since: str) -> Page:
        """The next fifty cases. Raises SourceFailed."""
        read = await anyio.to_thread.run_sync(self._next_lines, _place_in(since))
        rows: list[Row] = []
        refused: list[Refused] = []
        for number, line in enumerate(read.lines, read.before.lines + 1):
            place = f"{self._path.name}:{number}"
            if not line.strip():
                continue
            try:
                rows.extend(await self._rows(place, _decode(line), rows))
            except (msgspec.MsgspecError, UnicodeDecodeError):
                refused.append(Refused(place, "", "not a case as docs/parental-authority.md has it"))
            except NotABsn as error:
                refused.append(Refused(place, "", str(error)))
        more = len(read.lines) == CASES_A_PAGE
        watermark = msgspec.json.encode(read.after).decode()
        heard_at = None if more else read.written_at
        return Page(last_words(rows), watermark, more=more, refused=refused, heard_at=heard_at)

    def place(self, watermark: str) -> str:
        """In words: the next line."""
        return f"{self._path.name}, line {_place_in(watermark).lines + 1}"

    def _next_lines(self, place: _Place) -> _Read:
        try:
            with self._path.open("rb") as stream:
                file = _file_of(stream)
                place = self._place_now(stream, file, place)
                stream.seek(place.offset)
                lines = list(islice(stream, CASES_A_PAGE))
                written_at = file[2] // 1_000 if _file_of(stream) == file else None
        except OSError as error:
            raise SourceFailed(f"{self.name}: {self._path.name} cannot be read ({error.strerror})") from None
        if lines and not lines[-1].endswith(b"\n"):
            raise SourceFailed(f"{self.name}: {self._path.name}:{place.lines + len(lines)} has no end; half a file?")
        if not lines and place.lines == 0:
            raise SourceFailed(f"{self.name}: {self._path.name} is empty; half a file?")
        offset = place.offset + sum(map(len, lines))
        after = _Place(offset, place.lines + len(lines), _digest(lines, place.digest), file)
        return _Read(lines, place, after, written_at)

    def _place_now(self, stream: BinaryIO, file: tuple[int, int, int], place: _Place) -> _Place:
        """Where to go on: at the place, or at the beginning of a file that is another one by now."""
        if file == place.file and place.offset < file[1]:
            return place  # between two pages of the same file; reading all of it again for each would be slow
        if file[0] == place.file[0] and file[1] < place.offset:
            # overwritten where it lies, and perhaps not to its end yet
            raise SourceFailed(
                f"{self.name}: {self._path.name} is shorter than what was taken of it; half a file? Put a whole one in "
                "its place under another name, and rename it"
            )
        return place if _digest(_lines_to(stream, place.offset)) == place.digest else _Place()

    async def _rows(self, place: str, case: Case, before: Sequence[Row]) -> list[Row]:
        """What a case states, after the rows `before` it on the same page."""
        population = Population(case.facts.persons)
        people = [person for person in case.facts.persons if population.all_of(person.bsn)]
        numbers = dict.fromkeys(person.bsn for person in people if person.bsn is not None)
        stated = [statement for bsn in numbers for statement in self._stated(bsn, population, case)]
        pseudonyms = self._pseudonyms.scoped(case.id) if self._scoped else self._pseudonyms
        identify = await identified(self._ledger, pseudonyms, {*numbers, *_numbers_in(stated)})
        facts = [_person(person, identify) for person in people if person.bsn is not None]
        facts.extend(_under_curatele(people, identify))
        facts.extend(_authority(statement, identify) for statement in stated)
        facts.extend(await self._no_longer(case, {bsn: identify(bsn) for bsn in numbers}, facts, before))
        return [Row(place, fact, json.dumps(fact)) for fact in facts]

    async def _no_longer(
        self,
        case: Case,
        numbers: Mapping[str, str],
        facts: Sequence[dict[str, object]],
        before: Sequence[Row],
    ) -> list[dict[str, object]]:
        """What this register says over these people (ids by number) and the case does not.

        The case that is about somebody has every record around them: what it does not say ends on its day. Another
        one may lack a record, so what it does not say is in doubt.
        """
        said = {fact["id"] for fact in facts}
        today = day(case.evaluation_date.isoformat())
        earlier = [row.fact for row in before if row.fact["fact"] == "authority"]
        found: list[dict[str, object]] = []
        people = list(numbers.values())
        for person, near in zip(people, await around(self._ledger, people, today), strict=True):
            prefix = f"brp/{person}/"
            standing = {a.id: stated_again(a) for a in near.authorities.get(person, ()) if self._open(a, prefix)}
            standing.update({str(f["id"]): dict(f) for f in earlier if str(f["id"]).startswith(prefix)})
            own = case.query.bsn in numbers and person == numbers[case.query.bsn]
            for authority_id, fact in standing.items():
                if authority_id not in said and "valid_until" not in fact:
                    found.append(ended_fact(fact, today) if own else doubted_fact(fact))
        return found

    def _open(self, authority: Authority, prefix: str) -> bool:
        return authority.register == self.register and authority.valid_until is None and authority.id.startswith(prefix)

    def _stated(self, bsn: str, population: Population, case: Case) -> Sequence[Statement]:
        found = determine(bsn, population, case.evaluation_date)
        return statements_of(found) if found is not None else ()


def _place_in(watermark: str) -> _Place:
    """A watermark of before, a count of lines, says nothing of what was read: the file is read anew."""
    return msgspec.json.decode(watermark, type=_Place) if watermark.startswith("{") else _Place()


def _file_of(stream: BinaryIO) -> tuple[int, int, int]:
    found = os.fstat(stream.fileno())
    return found.st_ino, found.st_size, found.st_mtime_ns


def _lines_to(stream: BinaryIO, offset: int) -> Iterator[bytes]:
    """The lines of the first `offset` bytes."""
    stream.seek(0)
    while offset > 0 and (line := stream.readline(offset)):
        offset -= len(line)
        yield line


def _digest(lines: Iterable[bytes], digest: str = "") -> str:
    """Of these lines after those that have the `digest`."""
    for line in lines:
        digest = sha256(digest.encode() + line).hexdigest()
    return digest


def _numbers_in(statements: Sequence[Statement]) -> Iterator[str]:
    for statement in statements:
        if statement.representative is not None:
            yield statement.representative
        yield from statement.candidates


def _person(record: PersonRecord, identify: Callable[[str], str]) -> dict[str, object]:
    assert record.bsn is not None
    fact: dict[str, object] = {
        "fact": "person",
        "id": identify(record.bsn),
        "born": record.birth_date or "0000-00-00",
        "under_investigation": record.under_investigation is not None and record.under_investigation.until is None,
    }
    suspended = record.record_suspended
    if record.date_of_death is not None or (suspended is not None and suspended.reason == "O"):
        fact["died"] = earliest(record.date_of_death or (suspended.since if suspended is not None else None))
    return fact


def _under_curatele(people: Sequence[PersonRecord], identify: Callable[[str], str]) -> Iterator[dict[str, object]]:
    for person in people:
        if person.bsn is not None and person.authority_record is not None and person.authority_record.curatele_register:
            yield curatele_fact(identify(person.bsn))


def _authority(statement: Statement, identify: Callable[[str], str]) -> dict[str, object]:
    return authority_fact(
        statement.kind,
        identify(statement.represented),
        identify(statement.representative) if statement.representative is not None else None,
        doubt=statement.under_investigation,
        candidates=[identify(candidate) for candidate in statement.candidates],
    )


class Settings(Common, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keys of a `kind = "brp_records"` source."""

    file: str
    scoped: bool = False
    eleven_test: bool = True


def connector(settings: Settings, parts: Parts) -> BrpRecords:
    """Raises BadConfiguration."""
    return BrpRecords(
        name=settings.name,
        path=parts.folder / settings.file,
        ledger=parts.ledger,
        pseudonyms=parts.pseudonyms(eleven_test=settings.eleven_test),
        scoped=settings.scoped,
    )
