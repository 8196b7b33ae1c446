"""A population into a file: Parquet or fact lines, chunk by chunk, in one process or several.

Memory is bounded by the chunks under way. The bytes are the same whatever the number of processes: workers make
chunks, one process writes them in order. A file appears under its name when it is whole.
"""

from __future__ import annotations

import gzip
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar, cast

import numpy as np

from simulator.population.lines import Lines
from simulator.population.names import names
from simulator.population.population import NO_DATE, NO_ROW, SKILLS, People, Population

if TYPE_CHECKING:
    import pyarrow

SUFFIXES: Final = (".parquet", ".jsonl", ".jsonl.zst", ".jsonl.gz")
LINE_ROWS: Final = 32_768
PARQUET_ROWS: Final = 1 << 20
_ZSTD_LEVEL: Final = 3
_PARQUET_ZSTD_LEVEL: Final = 1
_GZIP_LEVEL: Final = 1
"""Fact lines are for machines next door: fast before small."""

Progress = Callable[[int], None]
"""Told of the rows that have been written since it was last told."""

Made = TypeVar("Made")
Span = tuple[int, int]


class UnknownFormat(ValueError):
    """A file name that says no format that is written here."""


def write(population: Population, out: str, *, with_names: bool, processes: int, progress: Progress) -> None:
    """The population into `out`: a file name ending in one of SUFFIXES, or `-` for fact lines on standard output.

    Raises UnknownFormat, or OSError where the file cannot be written.
    """
    if out == "-":
        _lines_into(sys.stdout.buffer, population, with_names, processes, progress)
        return
    path = Path(out)
    suffix = next((s for s in sorted(SUFFIXES, key=len, reverse=True) if path.name.endswith(s)), None)
    if suffix is None:
        raise UnknownFormat(f"found {out}, expected a name ending in {', '.join(SUFFIXES)}, or - for standard output")
    with _whole(path) as part:
        if suffix == ".parquet":
            _parquet_into(part, population, processes, progress)
            return
        with ExitStack() as stack:
            target: IO[bytes] = stack.enter_context(part.open("wb"))
            if suffix == ".jsonl.gz":
                # without name and time, so that the same population is the same bytes
                packed = gzip.GzipFile("", "wb", _GZIP_LEVEL, target, mtime=0)
                target = cast("IO[bytes]", stack.enter_context(packed))
            elif suffix == ".jsonl.zst":
                import zstandard  # noqa: PLC0415 - only this format needs it

                # one frame: not every reader goes on after the first
                target = stack.enter_context(zstandard.ZstdCompressor(level=_ZSTD_LEVEL).stream_writer(target))
            _lines_into(target, population, with_names, processes, progress)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A name beside `path` to write to, which becomes `path` at the end and is removed where that is not reached."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def spans(people: int, size: int) -> list[Span]:
    """Row ranges of `size`, a whole number of streets."""
    return [(start, min(start + size, people)) for start in range(0, people, size)]


def _lines_into(out: IO[bytes], population: Population, with_names: bool, processes: int, progress: Progress) -> None:
    lines = Lines(population, with_names=with_names)
    for line in lines.first():
        out.write(line)
    wanted = spans(population.people, LINE_ROWS)
    for (start, stop), made in zip(wanted, _made(_lines_of, lines, wanted, processes), strict=True):
        out.write(made)
        progress(stop - start)


def _lines_of(lines: Lines, span: Span) -> bytes:
    return lines.of(np.arange(*span, dtype=np.int64))


def _columns_of(population: Population, span: Span) -> People:
    return population.columns(*span)


def _parquet_into(path: Path, population: Population, processes: int, progress: Progress) -> None:
    import pyarrow.parquet  # noqa: PLC0415 - heavy, and only this format needs it

    wanted = spans(population.people, PARQUET_ROWS)
    with ExitStack() as stack:
        writer: Any = None
        for (start, stop), people in zip(wanted, _made(_columns_of, population, wanted, processes), strict=True):
            batch = arrow(people)
            if writer is None:
                schema = batch.schema.with_metadata(
                    {"seed": str(population.seed), "people": str(population.people), "as_of": str(population.as_of)}
                )
                writer = stack.enter_context(
                    pyarrow.parquet.ParquetWriter(
                        path,
                        schema,
                        compression="zstd",
                        compression_level=_PARQUET_ZSTD_LEVEL,
                        use_dictionary=[name for name in schema.names if name not in _PLAIN],
                    )
                )
            writer.write_batch(batch.replace_schema_metadata(writer.schema.metadata), row_group_size=PARQUET_ROWS)
            progress(stop - start)


_PLAIN: Final = ("id", "birth", "household", "parent_1", "parent_2")
"""Columns with too many different values for a dictionary."""


def arrow(people: People) -> pyarrow.RecordBatch:
    """The columns for Arrow: dates as dates, names and words by dictionary, nobody as null."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    lists = names()

    def coded(codes: Any, words: tuple[str, ...]) -> Any:
        # men and women share names, and surnames differ by their prefix alone: each word stands there once
        once = {word: number for number, word in enumerate(dict.fromkeys(words))}
        numbers = np.array([once[word] for word in words], dtype=codes.dtype)
        return pa.DictionaryArray.from_arrays(pa.array(numbers.take(codes)), pa.array(list(once), pa.string()))

    def with_nulls(column: Any, nothing: int, kind: Any) -> Any:
        return pa.array(column, mask=column == nothing).cast(kind)

    return pa.record_batch(
        {
            "id": pa.array(people.id),
            "sex": coded(people.sex, ("MALE", "FEMALE")),
            "birth": pa.array(people.birth).cast(pa.date32()),
            "died": with_nulls(people.died, NO_DATE, pa.date32()),
            "first": coded(people.first, lists.first),
            "last": coded(people.last, lists.last),
            "prefix": coded(people.prefix, lists.prefix),
            "pc4": pa.array(people.pc4),
            "municipality": pa.array(people.municipality),
            "household": pa.array(people.household),
            "parent_1": with_nulls(people.parent_1, NO_ROW, pa.uint32()),
            "parent_2": with_nulls(people.parent_2, NO_ROW, pa.uint32()),
            "skill": coded(people.skill, SKILLS),
            "flags": pa.array(people.flags),
        }
    )


# several processes

_job: tuple[Callable[[Any, Span], Any], Any] | None = None
"""In a worker: what it does, and with what."""


def _start(function: Callable[[Any, Span], Any], subject: Any) -> None:
    global _job  # noqa: PLW0603 - a worker process has one job for its life
    _job = function, subject


def _work(span: Span) -> Any:
    assert _job is not None
    function, subject = _job
    return function(subject, span)


def _made(function: Callable[[Any, Span], Made], subject: Any, wanted: list[Span], processes: int) -> Iterator[Made]:
    """`function(subject, span)` for each span, in order; at most two a process under way."""
    if processes == 1:
        yield from (function(subject, span) for span in wanted)
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), _start, (function, subject)) as pool:
        left = iter(wanted)
        under_way: deque[Future[Made]] = deque(pool.submit(_work, span) for span in islice(left, 2 * processes))
        while under_way:
            yield under_way.popleft().result()
            under_way.extend(pool.submit(_work, span) for span in islice(left, 1))
