"""The population register as records, without answers on authority: these are derived here (authority/parental).

The source is a JSON Lines file of cases as `machtigen parental-authority` reads them: the records around one person,
and the day of asking. With `scoped` each case is a world of its own, so that equal numbers of two cases are two people;
the official test cases need that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import anyio.to_thread
import msgspec

from authority.parental.brp import Case, PersonRecord
from authority.parental.derivation import Population
from authority.parental.determine import determine
from authority.parental.statements import Statement, statements_of
from graph.ledger import Ledger
from graph.pseudonyms import NotABsn, Pseudonyms
from graph.registers.brp_facts import authority_fact, curatele_fact, earliest
from graph.registers.connector import Page, Refused, Row, SourceFailed
from graph.registers.identities import identified
from graph.registers.parts import Common, Parts

CASES_A_PAGE: Final = 50

_decode: Final = msgspec.json.Decoder(Case).decode


class BrpRecords:
    """The watermark is how many lines of the file were taken; none of it is in the watermark."""

    register = "BRP"

    def __init__(self, *, name: str, path: Path, ledger: Ledger, pseudonyms: Pseudonyms, scoped: bool) -> None:
        self.name = name
        self._path, self._ledger, self._pseudonyms, self._scoped = path, ledger, pseudonyms, scoped

    async def poll(self, since: str) -> Page:
        """The next fifty cases. Raises SourceFailed."""
        start = int(since) if since else 0
        lines = await anyio.to_thread.run_sync(self._lines, start)
        rows: list[Row] = []
        refused: list[Refused] = []
        for number, line in enumerate(lines, start + 1):
            place = f"{self._path.name}:{number}"
            if not line.strip():
                continue
            try:
                rows.extend(await self._rows(place, _decode(line)))
            except (msgspec.MsgspecError, UnicodeDecodeError):
                refused.append(Refused(place, "", "not a case as docs/parental-authority.md has it"))
            except NotABsn as error:
                refused.append(Refused(place, "", str(error)))
        more = len(lines) == CASES_A_PAGE
        written_at = self._path.stat().st_mtime_ns // 1_000
        return Page(rows, str(start + len(lines)), more=more, refused=refused, heard_at=written_at)

    def place(self, watermark: str) -> str:
        """In words: the next line."""
        return f"{self._path.name}, line {int(watermark or 0) + 1}"

    def _lines(self, start: int) -> list[bytes]:
        try:
            with self._path.open("rb") as file:
                lines = list(islice(file, start, start + CASES_A_PAGE))
        except OSError as error:
            raise SourceFailed(f"{self.name}: {self._path.name} cannot be read ({error.strerror})") from None
        if lines and not lines[-1].endswith(b"\n"):
            raise SourceFailed(f"{self.name}: {self._path.name}:{start + len(lines)} has no end; half a file?")
        return lines

    async def _rows(self, place: str, case: Case) -> list[Row]:
        population = Population(case.facts.persons)
        people = [person for person in case.facts.persons if population.all_of(person.bsn)]
        numbers = dict.fromkeys(person.bsn for person in people if person.bsn is not None)
        stated = [statement for bsn in numbers for statement in self._stated(bsn, population, case)]
        pseudonyms = self._pseudonyms.scoped(case.id) if self._scoped else self._pseudonyms
        identify = await identified(self._ledger, pseudonyms, {*numbers, *_numbers_in(stated)})
        facts = [_person(person, identify) for person in people if person.bsn is not None]
        facts.extend(_under_curatele(people, identify))
        facts.extend(_authority(statement, identify) for statement in stated)
        return [Row(place, fact, json.dumps(fact)) for fact in facts]

    def _stated(self, bsn: str, population: Population, case: Case) -> Sequence[Statement]:
        found = determine(bsn, population, case.evaluation_date)
        return statements_of(found) if found is not None else ()


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
