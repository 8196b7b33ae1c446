"""Facts in: a whole input is checked, then stored in transactions of some thousands (`machtigen import`)."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import msgspec

from graph.admission import Admission, Refusals
from graph.ledger import Ledger
from graph.reading import Source

_TELL_EVERY_LINES = 5_000
_OBJECTS_BEFORE_COLLECTING = 200_000
"""Facts make no circles of references; looking for some after every 700 objects took a seventh of the time."""


Progress = Callable[[str, int, int | None], None]
"""Told a stage (`checking`, in bytes; `storing`, in facts), how far it is, and of how much (None: nobody knows)."""


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """`read` facts stood in the input, `recorded` of them were new, `unchanged` were in the ledger already.

    `as_of`: the token after them.
    """

    read: int
    recorded: int
    unchanged: int
    as_of: str


def untold(stage: str, done: int, total: int | None) -> None:
    """A `Progress` that tells nobody."""


async def import_facts(
    ledger: Ledger, source: Source, *, recorded_at: int, keep_going: bool = False, progress: Progress = untold
) -> Imported:
    """Store the facts of an open source; `recorded_at` is when the lines that do not say it were recorded.

    Nothing is stored unless all of it is right: raises BadInput with the first problem or, to `keep_going`, with all.
    A crash while storing leaves what was stored by then; the same import again adds the rest.
    """
    async with _admitted(source, recorded_at, keep_going=keep_going, progress=progress) as admission:
        await admission.check(ledger)
        return await _stored(admission, ledger, progress)


async def import_into_new(
    opened: Callable[[], Awaitable[Ledger]],
    source: Source,
    *,
    recorded_at: int,
    keep_going: bool = False,
    progress: Progress = untold,
) -> Imported:
    """The same into a graph that is not there yet: `opened` makes it, once all of the input is known to be right."""
    async with _admitted(source, recorded_at, keep_going=keep_going, progress=progress) as admission:
        await admission.check(None)
        ledger = await opened()
        try:
            await admission.check(ledger)  # somebody else may have made it meanwhile
            return await _stored(admission, ledger, progress)
        finally:
            await ledger.close()


@asynccontextmanager
async def _admitted(
    source: Source, recorded_at: int, *, keep_going: bool, progress: Progress
) -> AsyncIterator[Admission]:
    """All facts of the source, each checked by itself. Raises BadInput."""
    admission = Admission(Refusals(source.name, keep_going=keep_going))
    thresholds = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTING, *thresholds[1:])
    try:
        for number in admission.take_lines(source.lines(), recorded_at):
            if number % _TELL_EVERY_LINES == 0:
                progress("checking", source.read_bytes, source.size_bytes)
        progress("checking", source.read_bytes, source.read_bytes)
        yield admission
    finally:
        gc.set_threshold(*thresholds)
        admission.close()


async def _stored(admission: Admission, ledger: Ledger, progress: Progress) -> Imported:
    token, recorded, done = await ledger.head(), 0, 0
    async for batch in admission.batches(ledger):
        appended = await ledger.append(batch)
        token, recorded = appended.token, recorded + appended.recorded
        done = min(done + ledger.batch_facts, admission.count)
        progress("storing", done, admission.count)
    read = admission.count
    return Imported(read=read, recorded=recorded, unchanged=read - recorded, as_of=str(token))
