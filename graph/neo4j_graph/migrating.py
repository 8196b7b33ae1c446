"""Making a database ours: whose it is, and the migrations that it lacks."""

from __future__ import annotations

import secrets
from typing import Final

from graph.chain import GENESIS
from graph.errors import ForeignLedger, LedgerUnavailable
from graph.neo4j_graph.connection import Connection
from graph.neo4j_graph.queries import Migration, migrations, query

_INDEXES_WITHIN_S: Final = 300


async def ledger_in(connection: Connection, *, read_only: bool = False) -> str:
    """The id of the ledger in this database, made in an empty one; what was migrated before is completed.

    Raises ForeignLedger for a database that holds something else or was made by a later version, LedgerUnavailable
    for one that is empty or behind where nothing may be written.
    """
    found = await connection.one(query("examine"), from_leader=True)
    ours, done, ledger = migrations(), set(found["migrations"]), found["ledger"]
    if ledger is None and found["holds_something"] and not done:
        raise ForeignLedger(f"{connection.uri}: this database holds something that is no Machtigen graph")
    if unknown := done - {migration.number for migration in ours}:
        raise ForeignLedger(f"{connection.uri}: made by a later version of Machtigen (migration {max(unknown)})")
    missing = [migration for migration in ours if migration.number not in done]
    if read_only and (ledger is None or missing):
        raise LedgerUnavailable(f"{connection.uri}: no graph there yet; it is made by the first that may write")
    if missing:
        await _migrate(connection, missing)
    if ledger is None:
        await connection.run_alone(query("found"), id=secrets.token_hex(8), genesis=GENESIS.hex())
        ledger = (await connection.one(query("examine"), from_leader=True))["ledger"]
    return str(ledger)


async def _migrate(connection: Connection, missing: list[Migration]) -> None:
    for migration in missing:
        for statement in migration.statements:
            await connection.run_alone(statement)
        await connection.run_alone(query("await_indexes"), seconds=_INDEXES_WITHIN_S)
        await connection.run_alone(query("migrated"), number=migration.number, name=migration.name)
