"""One Neo4j: its driver, what it is asked in one round trip, and its errors in one line each."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, LiteralString, TypeVar

from neo4j import READ_ACCESS, WRITE_ACCESS, AsyncDriver, AsyncGraphDatabase, AsyncManagedTransaction, AsyncSession
from neo4j.exceptions import (
    AuthConfigurationError,
    AuthError,
    ClientError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    UnsupportedServerProduct,
)

from graph.errors import LedgerUnavailable

OLDEST_VERSION: Final = (5, 26)
_Result = TypeVar("_Result")
_CONNECT_S: Final = 10.0
_RETRY_S: Final = 15.0
_RETRIES_AFTER_S: Final = (0.05, 0.2, 0.5, 1.0)
"""A read that met a server going down or a new leader is repeated after these times, then given up."""

logging.getLogger("neo4j").addHandler(
    logging.NullHandler()
)  # what the driver warns of, `errors_told` tells in one line

Row = dict[str, Any]
Transaction = AsyncManagedTransaction


class Connection:
    """A driver with one chain of bookmarks, so that everything read here includes everything written here."""

    def __init__(self, driver: AsyncDriver, uri: str, database: str | None) -> None:
        self._driver = driver
        self.uri = uri
        self._database = database
        self._bookmarks = AsyncGraphDatabase.bookmark_manager()

    @classmethod
    async def open(cls, uri: str, *, username: str, password: str, database: str | None) -> Connection:
        """Connect and look at the server's version. Raises LedgerUnavailable."""
        try:
            driver = AsyncGraphDatabase.driver(
                uri,
                auth=(username, password),
                connection_timeout=_CONNECT_S,
                connection_acquisition_timeout=_CONNECT_S * 3,
                max_transaction_retry_time=_RETRY_S,
                notifications_min_severity="OFF",
                telemetry_disabled=True,
                user_agent="machtigen",
            )
        except (ConfigurationError, ValueError) as error:
            raise LedgerUnavailable(f"{uri}: not the address of a Neo4j: {_first_line(error)}") from error
        try:
            with errors_told(uri):
                server = await driver.get_server_info()
            _check_version(uri, server.agent)
        except ValueError as error:  # a name that cannot be resolved
            await driver.close()
            raise LedgerUnavailable(f"{uri}: no Neo4j can be reached: {_first_line(error)}") from error
        except BaseException:
            await driver.close()
            raise
        return cls(driver, uri, database)

    async def close(self) -> None:
        """Let go of every connection."""
        await self._driver.close()

    @asynccontextmanager
    async def session(self, access: str = WRITE_ACCESS) -> AsyncIterator[AsyncSession]:
        """A session of this graph's bookmarks, with errors in our words."""
        with errors_told(self.uri):
            async with self._driver.session(
                database=self._database,
                bookmark_manager=self._bookmarks,
                default_access_mode=access,
                fetch_size=-1,
            ) as session:
                yield session

    async def read(self, query: LiteralString, *, from_leader: bool = False, **parameters: Any) -> list[Row]:
        """Rows of one query in one round trip.

        `from_leader`: from the member of a cluster that has every acknowledged write; else from any that has ours.
        """
        access = WRITE_ACCESS if from_leader else READ_ACCESS
        for pause in (*_RETRIES_AFTER_S, None):
            try:
                async with self.session(access) as session:
                    result = await session.run(query, parameters)
                    return [record.data() async for record in result]
            except LedgerUnavailable as unavailable:
                if pause is None or not _is_retryable(unavailable.__cause__):
                    raise
                await asyncio.sleep(pause)
        raise AssertionError("the last attempt raises")

    async def one(self, query: LiteralString, *, from_leader: bool = False, **parameters: Any) -> Row:
        """The only row of a query."""
        (row,) = await self.read(query, from_leader=from_leader, **parameters)
        return row

    async def write(self, work: Callable[[Transaction], Awaitable[_Result]]) -> _Result:
        """Do the work in one transaction, again where the server says that this may help."""
        async with self.session() as session:
            return await session.execute_write(work)

    async def run_alone(self, query: LiteralString, **parameters: Any) -> None:
        """A statement that wants no other in its transaction (schema)."""
        async with self.session() as session:
            await (await session.run(query, parameters)).consume()


class errors_told:  # noqa: N801 - used as a context, like contextlib.suppress
    """What the driver raises, as LedgerUnavailable in one line."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, (Neo4jError, DriverError, OSError)):
            raise LedgerUnavailable(f"{self._uri}: {_why(error)}") from error


def _why(error: Exception) -> str:
    if isinstance(error, (AuthError, AuthConfigurationError)):
        return "Neo4j refuses this user name or password (NEO4J_USERNAME, NEO4J_PASSWORD)"
    if isinstance(error, UnsupportedServerProduct):
        return "answers, but not as a Neo4j of version 5.26 or later"
    if isinstance(error, (ServiceUnavailable, OSError)):
        return f"no Neo4j can be reached: {_first_line(error)}"
    if isinstance(error, ClientError) and error.code == "Neo.ClientError.Database.DatabaseNotFound":
        return f"there is no such database: {_first_line(error)}"
    if isinstance(error, Neo4jError) and "MemoryPool" in str(error.code):
        return "Neo4j has too little memory for this many facts at once: append fewer, or give it a larger heap"
    return f"Neo4j failed: {_first_line(error)}"


def _first_line(error: Exception) -> str:
    told = error.message if isinstance(error, Neo4jError) and error.message else str(error)
    return (told.strip().partition("\n")[0] or type(error).__name__)[:300]


def _is_retryable(error: BaseException | None) -> bool:
    return isinstance(error, (Neo4jError, DriverError)) and error.is_retryable()


def _check_version(uri: str, agent: str) -> None:
    stated = re.fullmatch(r"Neo4j/(\d+)\.(\d+).*", agent)
    if stated is None or (int(stated[1]), int(stated[2])) < OLDEST_VERSION:
        oldest = ".".join(map(str, OLDEST_VERSION))
        raise LedgerUnavailable(f"{uri}: {agent or 'something'} answers; Neo4j {oldest} or later is needed")
