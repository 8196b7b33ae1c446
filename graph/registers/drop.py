"""A source that drops files into a folder: JSON Lines or CSV, with a mapping in TOML (docs/registers.md).

Files are read in the order of their names and stay where they are. One that comes later and sorts before what was taken
is not passed over in silence: the source fails until it bears another name. One still being written bears a name ending
in `.part`; once renamed it does not change any more. The watermark says how far into which file we are, with its size
and a digest of what was read last, so that a file changed under our hands is noticed rather than half taken.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final, Literal

import anyio.to_thread
import msgspec

from graph.ledger import Ledger
from graph.pseudonyms import NotABsn, Pseudonyms
from graph.registers.connector import Page, Refused, Row, SourceFailed, last_words
from graph.registers.doubts import keys_in
from graph.registers.identities import identified
from graph.registers.mapping import BadRow, Identify, RowMapping, bsns_in, fact_from, mappings_of, named
from graph.registers.parts import BadConfiguration, Common, Parts

Format = Literal["csv", "jsonl"]
Columns = Mapping[str, str]

ROWS_A_PAGE: Final = 1_000
_ROW_BYTES_MAX: Final = 1_000_000
_UNFINISHED: Final = (".part", ".tmp", ".filepart")
_DIGESTED_BYTES: Final = 4_096


class _Place(msgspec.Struct, frozen=True):
    """The watermark: bytes and lines taken of a file, its size, and the digest of the last bytes taken.

    `seen`: the latest arrival among the files that lay there, in nanoseconds of this machine's clock.
    """

    file: str = ""
    offset: int = 0
    lines: int = 0
    size: int = 0
    digest: str = ""
    seen: int | None = None


class _Taken(msgspec.Struct):
    """What was read of one file: rows understood, rows that are not, and the place after both."""

    rows: list[tuple[str, Columns]]
    refused: list[Refused]
    after: _Place


class Drop:
    """One folder. Each row becomes one fact by each mapping; none: JSON Lines of facts as they are.

    `pseudonyms` None: no mapping names a BSN.
    """

    def __init__(
        self,
        *,
        name: str,
        register: str,
        folder: Path,
        file_format: Format,
        mappings: Sequence[RowMapping],
        ledger: Ledger,
        pseudonyms: Pseudonyms | None = None,
        delimiter: str = ",",
    ) -> None:
        self.name, self.register = name, register
        self._folder, self._format, self._delimiter = folder, file_format, delimiter
        self._mappings, self._ledger, self._pseudonyms = mappings, ledger, pseudonyms

    async def poll(self, since: str) -> Page:
        """The next rows, at most ROWS_A_PAGE, of one file. Raises SourceFailed."""
        place = msgspec.json.decode(since, type=_Place) if since else _Place()
        taken, more = await anyio.to_thread.run_sync(self._next_rows, place)
        rows, refused, notices = await self._facts(taken.rows)
        rows = last_words(rows)
        watermark = msgspec.json.encode(taken.after).decode()
        heard_at = None if more else await anyio.to_thread.run_sync(self._written_at, taken.after.file)
        return Page(rows, watermark, more=more, refused=[*taken.refused, *refused], notices=notices, heard_at=heard_at)

    def place(self, watermark: str) -> str:
        """In words: the file that is being read, and its next line."""
        place = msgspec.json.decode(watermark, type=_Place) if watermark else _Place()
        return f"{place.file}, line {place.lines + 1}" if place.file else "the first file"

    def _written_at(self, file: str) -> int | None:
        """When the newest file was written: a folder into which nothing comes any more is a source that is silent."""
        try:
            return (self._folder / file).stat().st_mtime_ns // 1_000 if file else None
        except OSError:
            return None

    def _next_rows(self, place: _Place) -> tuple[_Taken, bool]:
        """Rows of the first file that has any left; and whether to ask again at once."""
        listed = self._listed()
        late = [
            f for f, arrived in listed.items() if f < place.file and place.seen is not None and arrived > place.seen
        ]
        if late:
            raise SourceFailed(
                f"{self.name}: {min(late)} came after {place.file} was taken and sorts before it; give it a later name"
            )
        seen = max([place.seen or 0, *listed.values()])
        nothing = _Taken([], [], place)
        for file in sorted(name for name in listed if name >= place.file):
            taken = self._rows_of(file, place if file == place.file else _Place(file=file))
            taken.after = msgspec.structs.replace(taken.after, seen=seen)
            if taken.rows or taken.refused:
                return taken, True
            nothing = taken
        return nothing, False

    def _listed(self) -> dict[str, int]:
        """Every file that is whole, and when it came here."""
        try:
            return {
                path.name: path.stat().st_ctime_ns
                for path in self._folder.iterdir()
                if not path.name.startswith(".") and not path.name.endswith(_UNFINISHED)
            }
        except OSError as error:
            raise SourceFailed(f"{self.name}: the folder cannot be read ({error.strerror})") from error

    def _rows_of(self, file: str, place: _Place) -> _Taken:
        try:
            with (self._folder / file).open("rb") as stream:
                self._check_unchanged(stream, place)
                lines = _Lines(stream, f"{self.name}: {file}")
                rows = self._csv(lines, file, place) if self._format == "csv" else self._jsonl(lines, file, place)
                taken = _Taken([], [], place)
                for where, row in rows:
                    if isinstance(row, BadRow):
                        taken.refused.append(Refused(where, "", str(row)))
                    else:
                        taken.rows.append((where, row))
                    if len(taken.rows) + len(taken.refused) == ROWS_A_PAGE:
                        break
                taken.after = self._place_now(stream, file, lines)
                return taken
        except OSError as error:
            raise SourceFailed(f"{self.name}: {file} cannot be read ({error.strerror})") from error

    def _check_unchanged(self, stream: BinaryIO, place: _Place) -> None:
        if place.offset == 0:
            return
        if stream.seek(0, 2) != place.size or _digest_before(stream, place.offset) != place.digest:
            raise SourceFailed(f"{self.name}: {place.file} changed after {place.lines} lines of it were taken")
        stream.seek(0)

    def _place_now(self, stream: BinaryIO, file: str, lines: _Lines) -> _Place:
        size = stream.seek(0, 2)
        return _Place(file, lines.offset, lines.number, size, _digest_before(stream, lines.offset))

    def _csv(self, lines: _Lines, file: str, place: _Place) -> Iterator[tuple[str, Columns | BadRow]]:
        header = next(csv.reader(lines, delimiter=self._delimiter, strict=True), None)
        if header is None:
            raise SourceFailed(f"{self.name}: {file} is empty, without a header; half a file?")
        names = [name.strip().removeprefix("\ufeff") for name in header]
        missing = {column for mapping in self._mappings for column in mapping.columns} - set(names)
        if missing:
            raise SourceFailed(f"{self.name}: {file} has no column {min(missing)!r}")
        lines.skip_to(place)
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        while True:
            first = lines.number + 1
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise SourceFailed(f"{self.name}: {file}:{first} is not CSV ({error})") from None
            if row is None:
                return
            if len(row) == len(names):
                yield f"{file}:{first}", dict(zip(names, row, strict=True))
            elif row:
                yield f"{file}:{first}", BadRow(f"{len(row)} columns where the header has {len(names)}")

    def _jsonl(self, lines: _Lines, file: str, place: _Place) -> Iterator[tuple[str, Columns | BadRow]]:
        lines.skip_to(place)
        for line in lines:
            if not line.strip():
                continue
            where = f"{file}:{lines.number}"
            try:
                found = json.loads(line)
            except (ValueError, RecursionError):
                yield where, BadRow("not a JSON object")
                continue
            yield where, found if isinstance(found, dict) else BadRow("not a JSON object")

    async def _facts(self, read: list[tuple[str, Columns]]) -> tuple[list[Row], list[Refused], list[str]]:
        """All facts of a row, or none of them; what was refused; what an operator should see."""
        if not self._mappings:
            return [Row(where, columns, json.dumps(columns)) for where, columns in read], [], []
        numbers = {bsn for _, columns in read for each in self._mappings for bsn in bsns_in(_texts(columns), each)}
        identify = await identified(self._ledger, self._pseudonyms, numbers)
        rows: list[Row] = []
        refused: list[Refused] = []
        for where, columns in read:
            try:
                facts = [fact_from(_texts(columns), mapping, identify) for mapping in self._mappings]
            except BadRow as error:
                about = [
                    key for mapping in self._mappings for key in keys_in(named(_texts(columns), mapping, identify))
                ]
                refused.append(Refused(where, self._shown(columns), str(error), about))
            else:
                rows.extend(Row(where, fact, json.dumps(fact, ensure_ascii=False)) for fact in facts)
        return rows, refused, await self._nobody(rows, numbers, identify)

    async def _nobody(self, rows: Sequence[Row], numbers: Iterable[str], identify: Identify) -> list[str]:
        """Holders whom a row names by another register's number, of whom that register told us nothing.

        The authority counts all the same, for it may restrict; until its holder is known it opens nothing. People named
        by their citizen service number may well be unknown (facts.md chapter 1).
        """
        holders = {str(row.fact["representative"]) for row in rows if row.fact.get("representative") is not None}
        for bsn in numbers:
            with suppress(NotABsn):
                holders.discard(identify(bsn))
        asked = sorted(holders)
        known = {*await self._ledger.find("organisation", asked), *await self._ledger.find("person", asked)}
        return [f"names {holder} as representative, whom no register knows" for holder in asked if holder not in known]

    def _shown(self, columns: Columns) -> str:
        """What an operator may see of a row: the columns that a mapping reads, and no number."""
        named = {column for mapping in self._mappings for column in mapping.columns - mapping.bsn_columns}
        numbers = {column for mapping in self._mappings for column in mapping.bsn_columns}
        return json.dumps({name: columns[name] for name in columns if name in named - numbers}, ensure_ascii=False)


class _Lines:
    """Lines of text of a file, with the bytes and lines consumed so far. A last line without its end is half a file."""

    def __init__(self, stream: BinaryIO, source: str) -> None:
        self._stream, self._source = stream, source
        self.offset = self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(_ROW_BYTES_MAX + 1)
        if not line:
            raise StopIteration
        if not line.endswith(b"\n"):
            what = "is longer than a row can be" if len(line) > _ROW_BYTES_MAX else "has no end; half a file?"
            raise SourceFailed(f"{self._source}:{self.number + 1} {what}")
        self.offset += len(line)
        self.number += 1
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            raise SourceFailed(f"{self._source}:{self.number} is not UTF-8") from None

    def skip_to(self, place: _Place) -> None:
        """Go on from a place that lies further."""
        if place.offset > self.offset:
            self._stream.seek(place.offset)
            self.offset, self.number = place.offset, place.lines


def _digest_before(stream: BinaryIO, offset: int) -> str:
    start = max(0, offset - _DIGESTED_BYTES)
    stream.seek(start)
    return sha256(stream.read(offset - start)).hexdigest()


def _texts(columns: Mapping[str, object]) -> dict[str, str]:
    """JSON values as the text that a mapping reads; null is empty, a list or an object is no column."""
    found: dict[str, str] = {}
    for name, value in columns.items():
        if value is None:
            found[name] = ""
        elif isinstance(value, bool):
            found[name] = "true" if value else "false"
        elif isinstance(value, (str, int, float)):
            found[name] = str(value)
    return found


class Settings(Common, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keys of a `kind = "drop"` source. Without `fact` the lines of a `jsonl` drop are facts already.

    `fact` is a mapping, `[source.fact]`, or several, each `[[source.fact]]`: a row then gives a fact by each.
    """

    register: str
    folder: str
    format: Format
    delimiter: str = ","
    eleven_test: bool = True
    fact: dict[str, object] | list[dict[str, object]] = msgspec.field(default_factory=list)
    values: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)


def connector(settings: Settings, parts: Parts) -> Drop:
    """Raises BadConfiguration, BadMapping."""
    tables = settings.fact if isinstance(settings.fact, list) else [settings.fact]
    if not tables and (settings.format == "csv" or settings.values):
        raise BadConfiguration("fact: a mapping is needed, in [source.fact]")
    mappings = mappings_of(tables, settings.values)
    if len(settings.delimiter) != 1:
        raise BadConfiguration(f"delimiter: found {settings.delimiter!r}, expected one character")
    numbers = any(mapping.bsn_columns for mapping in mappings)
    return Drop(
        name=settings.name,
        register=settings.register,
        folder=parts.folder / settings.folder,
        file_format=settings.format,
        mappings=mappings,
        ledger=parts.ledger,
        pseudonyms=parts.pseudonyms(eleven_test=settings.eleven_test) if numbers else None,
        delimiter=settings.delimiter,
    )
