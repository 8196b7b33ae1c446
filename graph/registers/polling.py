"""One page of one source, taken into the ledger: all of it that can be understood, or nothing.

The order is what makes a crash harmless: first the facts are durable in the ledger, then the watermark moves. A crash
in between brings the same page again, and the same facts are no change. Nothing else is remembered.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from authority.codes import FactType
from authority.facts import Fact, Register, type_of
from authority.moments import instant_text
from graph.admission import admit
from graph.errors import BadInput, GraphError, Problem
from graph.intake import fact_of, read_fact
from graph.ledger import Ledger
from graph.registers.connector import Connector, Page, Refused, Row, SourceFailed
from graph.registers.doubts import doubted, keys_in
from graph.registers.store import LEFT_OUT, ConnectorStore

_FOREIGN: Final = "register: "
"""How the problem begins of a row that states another register's word; it stays so however often it is replayed."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What is agreed with a source. Microseconds; `max_silence` and `delay` None: none agreed.

    `complete` None: as table 3 of facts.md has it. `serves` None: likewise.
    """

    every: int
    timeout: int = 30_000_000
    max_silence: int | None = None
    delay: int | None = None
    complete: bool | None = None
    serves: tuple[str, ...] | None = None
    title: str | None = None


class Taken(msgspec.Struct, frozen=True):
    """What one poll did. `failed`: why nothing was taken; None: it was."""

    source: str
    recorded: int = 0
    refused: int = 0
    more: bool = False
    failed: str | None = None


async def poll_once(
    connector: Connector,
    terms: Terms,
    ledger: Ledger,
    store: ConnectorStore,
    *,
    now: int,
    chance: Callable[[], float],
) -> Taken:
    """Ask for the page after the watermark, take it in, move the watermark. A failure only changes the health."""
    since = store.watermark(connector.name)
    health = store.health(connector.name)
    began = store.round_began(connector.name)
    began = now if began is None else began
    try:
        register = await _introduced(connector.register, terms, ledger, now)
        page = await _page(connector, terms, since)
        facts, refused, understood = await _admitted(connector, page, ledger, now)
        nonsense = not understood and (bool(refused) or store.nonsense(connector.name))
        facts = await doubted(ledger, connector.register, facts, [key for row in refused for key in row.about], now)
        # of a file in which nothing can be understood we cannot say that the register has spoken
        silent = page.more or (nonsense and page.heard_at is not msgspec.UNSET)
        heard = [] if silent else _heard(register, page, now, began)
        appended = await ledger.append([*facts, *heard])
    except GraphError as error:
        store.failed(connector.name, health.failed(now, str(error), chance))
        return Taken(connector.name, failed=str(error))
    every = 0 if page.more else terms.every
    store.took(
        connector.name,
        page.watermark,
        health.succeeded(now, every),
        refused,
        page.notices,
        now,
        began if page.more else None,
        register=connector.register,
        nonsense=nonsense,
    )
    return Taken(connector.name, appended.recorded - len(heard), len(refused), page.more)


async def replay(number: int, ledger: Ledger, store: ConnectorStore, *, now: int, mended: str | None = None) -> Fact:
    """Take a quarantined row in after all, as an operator mended it: one fact line of facts.md, of its own register.

    Raises BadInput; the row then stays, with what is wrong with it now.
    """
    row = store.quarantined(number)
    if row is None or row.status != "WAITING":
        raise BadInput([Problem("MALFORMED", found=f"row {number}", expected="the number of a row that waits")])
    text = row.raw if mended is None else mended
    if LEFT_OUT in text:
        expected = "the row with an id where a number was left out"
        raise BadInput([Problem("MALFORMED", found=f"row {number} as it is kept", expected=expected)])
    if mended is None and row.problem.startswith(_FOREIGN):
        raise BadInput([Problem("WRONG_VALUE", field="register", expected="the source's own: say it with --mended")])
    try:
        fact, stated = read_fact(text.encode(), recorded_at=now)
        await _check_own(ledger, fact, store.register_of(row.source))
        await ledger.append(await admit(ledger, [(1, fact, stated)], source=row.place))
    except Problem as problem:
        store.mend(number, text, problem.sentence)
        raise BadInput([problem], source=row.place) from None
    except BadInput as error:
        store.mend(number, text, error.problems[0].sentence)
        raise
    store.settle(number, "TAKEN")
    return fact


async def _check_own(ledger: Ledger, fact: Fact, register: str | None) -> None:
    """Raises Problem: it is another register's word, or stands under another's id."""
    if register is None:
        return
    if (foreign := _foreign(fact, register)) is not None:
        raise foreign
    for problem in (await _of_others(ledger, [fact], register)).values():
        raise problem


async def _of_others(ledger: Ledger, facts: Sequence[Fact], register: str) -> dict[tuple[FactType, str], Problem]:
    """Of these facts those whose id stands for something that another register stated: what is wrong with each."""
    held = await ledger.holding_versions([(type_of(fact), fact.id) for fact in facts])
    return {
        key: Problem("WRONG_VALUE", field="register", found=f"{known.register} at this id", expected="an id of its own")
        for key, known in held.items()
        if known.register != register
    }


async def _page(connector: Connector, terms: Terms, since: str) -> Page:
    try:
        async with asyncio.timeout(terms.timeout / 1_000_000):
            page = await connector.poll(since)
    except TimeoutError:
        raise SourceFailed(f"{connector.name}: no answer within {terms.timeout / 1_000_000:g} s") from None
    except GraphError:
        raise
    except Exception as error:
        # whatever a source can make its connector stumble over must not end the others; its words may name somebody
        raise SourceFailed(f"{connector.name}: {type(error).__name__} while reading it") from error
    if page.watermark == since and page.more:
        raise SourceFailed(f"{connector.name}: says there is more, yet gives the same page again")
    return page


async def _admitted(
    connector: Connector, page: Page, ledger: Ledger, now: int
) -> tuple[Sequence[Fact], list[Refused], int]:
    """What a page changes, the rows that break facts.md or are not the source's to state, and how many others."""
    refused = list(page.refused)
    read: dict[int, tuple[Row, Fact, bool]] = {}
    for number, row in enumerate(page.rows, 1):
        try:
            fact, stated = fact_of({"register": connector.register, **row.fact}, recorded_at=now)
        except Problem as problem:
            refused.append(Refused(row.place, _line_of(connector, row), problem.sentence, keys_in(row.fact)))
            continue
        if (foreign := _foreign(fact, connector.register)) is not None:
            refused.append(Refused(row.place, row.raw, foreign.sentence))
            continue
        read[number] = row, fact, stated
    refused += await _without_others(read, ledger, connector.register)
    while read:
        try:
            facts = await admit(ledger, [(number, fact, stated) for number, (_, fact, stated) in read.items()])
        except BadInput as error:
            for wrong in error.problems:
                if wrong.line in read:
                    row, _, _ = read.pop(wrong.line)
                    refused.append(Refused(row.place, _line_of(connector, row), wrong.sentence, keys_in(row.fact)))
        else:
            return facts, refused, len(read)
    return [], refused, 0


async def _without_others(read: dict[int, tuple[Row, Fact, bool]], ledger: Ledger, register: str) -> list[Refused]:
    """Take out of `read` what stands under another register's id."""
    others = await _of_others(ledger, [fact for _, fact, _ in read.values()], register)
    refused = []
    for number, (row, fact, _) in list(read.items()):
        if (problem := others.get((type_of(fact), fact.id))) is not None:
            del read[number]
            refused.append(Refused(row.place, row.raw, problem.sentence))
    return refused


def _foreign(fact: Fact, register: str) -> Problem | None:
    """What is wrong with it where this register has no say. Of a register itself only the configuration has."""
    if isinstance(fact, Register):
        return Problem("WRONG_VALUE", field="fact", found="register", expected="one that is no register's own")
    if fact.register != register:
        return Problem("WRONG_VALUE", field="register", found=fact.register, expected=register)
    return None


def _line_of(connector: Connector, row: Row) -> str:
    """The row as a fact line that can be replayed once what it refers to is known."""
    return json.dumps({"register": connector.register, **row.fact}, ensure_ascii=False)


async def _introduced(name: str, terms: Terms, ledger: Ledger, now: int) -> Register:
    """The register's own fact on the agreed terms, recorded before anything is heard.

    So a source that never answers is stale from the beginning, and what is agreed anew holds at once.
    """
    held = (await ledger.holding_versions([("register", name)])).get(("register", name))
    before = held if isinstance(held, Register) else None
    agreed = Register(
        id=name,
        register=name,
        recorded_at=max(now, before.recorded_at) if before else now,
        heard_from=before.heard_from if before else None,
        serves=terms.serves,  # type: ignore[arg-type]  # the configuration checked the words
        complete=terms.complete,
        max_silence=terms.max_silence,
        delay=terms.delay,
        name=terms.title or (before.name if before else None),
    )
    if before is not None and msgspec.structs.replace(agreed, recorded_at=before.recorded_at) == before:
        return before
    await ledger.append([agreed])
    return agreed


def _heard(register: Register, page: Page, now: int, began: int) -> list[Register]:
    """Heard from when the round began, for its first page is that old; or when the source itself says."""
    if page.heard_at is None:
        return []
    heard_from = began if page.heard_at is msgspec.UNSET else min(page.heard_at, began)
    if heard_from == register.heard_from:
        return []
    return [msgspec.structs.replace(register, recorded_at=max(now, register.recorded_at), heard_from=heard_from)]


def told(taken: Taken, now: int) -> str:
    """One line for the log and for `machtigen sync`."""
    if taken.failed is not None:
        return f"{instant_text(now)} {taken.failed}"
    more = ", more to come" if taken.more else ""
    return f"{instant_text(now)} {taken.source}: {taken.recorded} recorded, {taken.refused} in quarantine{more}"
