"""Run the application under Granian, each worker a process with one thread.

Its single-thread runtime and HTTP/1 alone were fastest on one core (bench/README.md, *What the machine allows*).
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.request import urlopen

import msgspec
from granian.constants import HTTPModes, Interfaces, Loops, RuntimeModes
from granian.server.mp import MPServer
from starlette.applications import Starlette

from graph.desk import desk_path
from graph.errors import LedgerUnavailable
from graph.ledger import Ledger
from graph.opening import is_neo4j, open_ledger
from graph.pseudonyms import NoKey, pseudonyms_in
from graph.registers.store import store_path
from graph.replica import lag_max, open_replica
from server import clock as clocks
from server.application import application
from server.audit.directory import AuditUnavailable, Directory, audit_path
from server.connectors import SourcesFile, followed, opened
from server.desk.running import checked
from server.desk.settings import DeskFile
from server.documents.known import BadDocuments, known
from server.http_settings import HttpSettings
from server.identity.door import Identity
from server.identity.errors import BadIdentity
from server.logs import LOGGING
from server.replies import LOOPBACK
from server.statement.keys import BadSigningKey, Signing, keys_in, made
from server.tallies import tallies_path

LOOPBACK_HOSTS: Final = ("127.0.0.1", "localhost", "::1")
START_SECONDS_MAX: Final = 60.0
STOP_SECONDS_MAX: Final = 10
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where that is configured
_SETTINGS: Final = "MACHTIGEN_SERVE"
"""Hands the settings to the workers, which are other processes."""
_END_STREAMS: Final = signal.SIGUSR1
_STREAMS_END_S: Final = 0.1
"""For the last message of each stream to leave; Granian cuts WebSockets off."""


class _Server(MPServer):
    """Granian waits for answers that are under way, and a stream is under way until we end it."""

    def shutdown(self, exit_code: int = 0) -> None:
        """Stop the workers."""
        for worker in multiprocessing.active_children():
            if worker.pid is not None:
                os.kill(worker.pid, _END_STREAMS)
        time.sleep(_STREAMS_END_S)
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]


class PortTaken(Exception):
    """The port cannot be listened at; one line that says so."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`graph`: a path or a Neo4j address; `identity`: whose tokens are taken; `port` 0: any free one.

    `hosts`: the names that it is asked for by, beside this machine's own. `example`: the question GraphiQL opens with.
    `audit`: the directory of the audit records; None: beside the graph. `public_url`: by which others know this
    service, the issuer of its statements; None: `url`, in `dev` only. `registers`: the file of sources to follow
    (docs/registers.md); None: no register is asked. `rehearsal`: the file of a clock that is moved from outside, which
    the workers share; only with `dev`. `replica`: the folder of the copy that answers for a Neo4j (docs/replica.md);
    None: the Neo4j itself answers. `desk`: the file of the mandate desk; None: beside the graph. `log`: every request
    has a line. `http`: see there.
    """

    graph: str
    identity: Identity
    hosts: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    dev: bool = False
    log: bool = False
    registers: str | None = None
    audit: str | None = None
    public_url: str | None = None
    http: HttpSettings = HttpSettings()
    example: dict[str, Any] | None = None
    rehearsal: str | None = None
    replica: str | None = None
    desk: str | None = None

    @property
    def address(self) -> str:
        """The address to bind."""
        return "127.0.0.1" if self.host == "localhost" else self.host

    @property
    def url(self) -> str:
        """Where it is found, from this machine."""
        host = _EVERYWHERE.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def serve(settings: Settings, when_ready: Callable[[str], None] | None = None) -> None:
    """Serve until told to stop (SIGINT, SIGTERM); answers that are under way are finished first.

    `when_ready` gets the URL once the ledger answers. Raises LedgerUnavailable, BadConfiguration (the file of sources),
    AuditUnavailable, BadIdentity, BadSigningKey, BadDocuments or PortTaken before anything is started.
    """
    known(settings.http)
    asyncio.run(_try(settings))
    settings = msgspec.structs.replace(settings, port=_free(settings.address, settings.port))
    if settings.dev and keys_in(os.environ) is None:
        os.environ["MACHTIGEN_SIGNING_KEY_1"] = made()
    _signing(settings)
    os.environ[_SETTINGS] = msgspec.json.encode(settings).decode()
    # a worker that is not ready to end its streams is not ended by it either
    signal.signal(_END_STREAMS, signal.SIG_IGN)
    server = _Server(
        "server.running:from_environment",
        factory=True,
        address=settings.address,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        runtime_mode=RuntimeModes.st,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=True,
        log_enabled=settings.log,
        log_access=settings.log,
        log_dictconfig=LOGGING,
        # its lines have the method and the path, never what was asked: that is in the body, or after the `?`
        log_access_format='%(addr)s "%(method)s %(path)s" %(status)d %(dt_ms).1f ms',
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS_MAX,
    )
    if when_ready is not None:
        threading.Thread(target=_tell, args=(settings.url, when_ready), daemon=True).start()
    server.serve()


def from_environment() -> Starlette:
    """A worker's application."""
    # a batch of decisions makes many small records at once; the collector's defaults would look through them all the
    # time for the cycles that they do not have
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    settings = msgspec.json.decode(os.environ[_SETTINGS], type=Settings)
    clock = clocks.RehearsalClock(settings.rehearsal) if settings.dev and settings.rehearsal else clocks.system
    return application(
        lambda: _opened(settings),
        http=settings.http,
        identity=settings.identity,
        pseudonyms=pseudonyms_in(os.environ),
        hosts=LOOPBACK | {each.lower() for each in (settings.host, *settings.hosts)},
        example=settings.example,
        clock=clock,
        dev=settings.dev,
        tallies=tallies_path(settings.graph, os.environ),
        audit=audit_path(settings.graph, settings.audit),
        desk=_desk(settings),
        watchlist=store_path(settings.graph, os.environ),
        signing=_signing(settings),
        stopping=_at_signal,
        connectors=None if settings.registers is None else partial(followed, _sources(settings, settings.registers)),
    )


async def _opened(settings: Settings) -> Ledger:
    """The graph; a Neo4j behind its replica."""
    ledger = await open_ledger(settings.graph)
    if settings.replica is None or not is_neo4j(settings.graph):
        return ledger
    return await open_replica(ledger, Path(settings.replica), lag_max=lag_max(os.environ))


def _signing(settings: Settings) -> Signing | None:
    """By the keys in the environment. Raises BadSigningKey."""
    keys = keys_in(os.environ)
    if keys is None:
        return None
    if settings.public_url is None and not settings.dev:
        raise BadSigningKey("statements need the address that others know this service by: --public-url")
    return Signing((settings.public_url or settings.url).rstrip("/"), keys)


def _desk(settings: Settings) -> DeskFile:
    path = desk_path(settings.graph, os.environ) if settings.desk is None else Path(settings.desk)
    return DeskFile(path, os.environ, settings.dev)


def _at_signal(end_streams: Callable[[], None]) -> None:
    """In a worker: streams end when the server says so; Ctrl-C, which all of them get, is for the server to answer."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(_END_STREAMS, end_streams)
    loop.add_signal_handler(signal.SIGINT, lambda: None)


def _sources(settings: Settings, registers: str) -> SourcesFile:
    return SourcesFile(Path(registers), store_path(settings.graph, os.environ), os.environ, dev=settings.dev)


async def _try(settings: Settings) -> None:
    """Open all of it once, so that what is wrong is said in one line and not by every worker."""
    settings.identity.checked()
    try:
        pseudonyms_in(os.environ)
    except NoKey as wrong:
        raise BadIdentity(str(wrong)) from None
    lag_max(os.environ)
    ledger = await open_ledger(settings.graph)
    try:
        await ledger.head()
        if settings.registers is not None:
            async with opened(_sources(settings, settings.registers), ledger, clocks.system):
                pass
        await checked(_desk(settings))
    finally:
        await ledger.close()
    Directory(audit_path(settings.graph, settings.audit))


def _free(address: str, port: int) -> int:
    """The port, or any free one for 0. Raises PortTaken."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as wrong:
            why = wrong.strerror or str(wrong)
            raise PortTaken(f"cannot listen at {address} port {port}: {why.lower()}; choose another --port") from None
        found: int = probe.getsockname()[1]
        return found


def _tell(url: str, when_ready: Callable[[str], None]) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{url}/readyz", timeout=2):  # noqa: S310 - our own
                when_ready(url)
                return
        except (URLError, OSError):
            time.sleep(0.05)


__all__ = [
    "LOOPBACK_HOSTS",
    "AuditUnavailable",
    "BadDocuments",
    "BadIdentity",
    "BadSigningKey",
    "LedgerUnavailable",
    "PortTaken",
    "Settings",
    "from_environment",
    "serve",
]
