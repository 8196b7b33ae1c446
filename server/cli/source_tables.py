"""What `machtigen sync` shows of the sources: their health, the quarantine, the notices; tables or JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import click
import msgspec
from rich.table import Table

from authority.facts import Register
from authority.moments import instant_text
from authority.registers import stale_from
from graph.registers.condition import TellsPlace
from graph.registers.scheduler import Source
from graph.registers.store import ConnectorStore, Notice, Quarantined
from graph.registers.watchlist import Watchlist
from server.cli.console import Console

_WATERMARK_SHOWN: Final = 40


def show_sources(
    sources: Sequence[Source], store: ConnectorStore, registers: Mapping[str, Register], now: int, *, as_json: bool
) -> None:
    """Where each source stands: how far it is taken in, how long it is silent, when it is asked again."""
    waiting: dict[str, int] = {}
    for row in store.quarantine():
        waiting[row.source] = waiting.get(row.source, 0) + 1
    shown = [
        _state(source, store, registers.get(source.connector.register), waiting.get(source.connector.name, 0), now)
        for source in sources
    ]
    if as_json:
        _print_lines(shown)
        return
    table = Table("source", "register", "state", "silent", "next try", "in quarantine", "goes on at", "last error")
    for state in shown:
        table.add_row(
            str(state["source"]),
            str(state["register"]),
            _state_in_words(state),
            _silence_in_words(state["silent_s"], state["max_silence_s"]),
            "now" if state["next_try"] is None else str(state["next_try"])[:19] + "Z",
            str(state["in_quarantine"]),
            _shortened(str(state["place"] or state["watermark"])),
            str(state["last_error"] or ""),
        )
    _print(table)


def show_what_waits(store: ConnectorStore, watchlist: Watchlist) -> None:
    """Under the table of sources: contradictions, which belong to no single source, and notices not looked at."""
    hold, new = watchlist.count(), sum(store.noticed().values())
    if hold or new:
        sources = f"{hold:,} {'contradiction' if hold == 1 else 'contradictions'} between sources now"
        click.echo(f"{sources}; {new:,} to look at: machtigen sync --notices")


def show_quarantine(rows: Sequence[Quarantined], *, as_json: bool) -> None:
    """Rows that could not be understood."""
    if as_json:
        _print_lines(_row_shown(row) for row in rows)
        return
    table = Table("number", "source", "place", "problem", "since")
    for row in rows:
        table.add_row(str(row.number), row.source, row.place, row.problem, instant_text(row.seen_at)[:19] + "Z")
    _print(table) if rows else click.echo("nothing waits in the quarantine")


def show_row(row: Quarantined, *, as_json: bool) -> None:
    """One row whole, as it can be mended."""
    if as_json:
        _print_lines([_row_shown(row)])
        return
    click.echo(f"row {row.number} of {row.source}, {row.place}, {row.status}, since {instant_text(row.seen_at)}")
    click.echo(f"problem: {row.problem}")
    click.echo(f"row:     {row.raw or '(not kept: it may hold a citizen service number)'}")


def show_notices(notices: Sequence[Notice], *, as_json: bool) -> None:
    """What an operator should look at, newest first."""
    if as_json:
        _print_lines(
            msgspec.structs.asdict(notice) | {"noticed_at": instant_text(notice.noticed_at)} for notice in notices
        )
        return
    for notice in notices:
        click.echo(f"{notice.number}  {instant_text(notice.noticed_at)[:19]}Z  {notice.source}: {notice.sentence}")
    if not notices:
        click.echo("no notices")


def _state(
    source: Source, store: ConnectorStore, register: Register | None, waiting: int, now: int
) -> dict[str, object]:
    name = source.connector.name
    health = store.health(name)
    heard = register.heard_from if register is not None else None
    stale = stale_from(register) if register is not None else None
    return {
        "source": name,
        "register": source.connector.register,
        "breaker": health.breaker(now),
        "failures": health.failures,
        "heard_from": None if heard is None else instant_text(heard),
        "silent_s": None if heard is None else max(0, now - heard) // 1_000_000,
        "max_silence_s": None if source.terms.max_silence is None else source.terms.max_silence // 1_000_000,
        "stale": stale is not None and now >= stale,
        "next_try": instant_text(health.next_try) if health.next_try > now else None,
        "last_success": None if health.last_success is None else instant_text(health.last_success),
        "last_failure": None if health.last_failure is None else instant_text(health.last_failure),
        "last_error": health.last_error,
        "in_quarantine": waiting,
        "watermark": store.watermark(name),
        "place": source.connector.place(store.watermark(name)) if isinstance(source.connector, TellsPlace) else None,
    }


def _state_in_words(state: Mapping[str, object]) -> str:
    words = ["stale"] if state["stale"] else []
    if state["failures"]:
        words.append(f"{state['failures']} failures, {str(state['breaker']).lower().replace('_', ' ')}")
    return "; ".join(words) or "well"


def _silence_in_words(silent: object, most: object) -> str:
    if not isinstance(silent, int):
        return "never heard"
    return _in_words(silent) + (f" of {_in_words(most)}" if isinstance(most, int) else "")


def _in_words(seconds: int) -> str:
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    return f"{days} d {hours} h" if days else f"{hours} h {rest // 60} min"


def _shortened(text: str) -> str:
    return text if len(text) <= _WATERMARK_SHOWN else f"{text[:_WATERMARK_SHOWN]}…"


def _row_shown(row: Quarantined) -> dict[str, object]:
    return msgspec.structs.asdict(row) | {"seen_at": instant_text(row.seen_at)}


def _print_lines(objects: Iterable[Mapping[str, object]]) -> None:
    for each in objects:
        click.echo(json.dumps(each, ensure_ascii=False))


def _print(table: Table) -> None:
    console = Console()
    if not console.is_terminal:
        console.width = 200  # no terminal to fit into: a line a row, for grep
    console.print(table)
