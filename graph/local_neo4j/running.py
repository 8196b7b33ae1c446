"""Start, find and stop the Neo4j of a home."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from neo4j import GraphDatabase
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from graph.errors import LedgerUnavailable
from graph.local_neo4j import processes
from graph.local_neo4j.artefacts import Tell, jars, java
from graph.local_neo4j.home import HOST, USERNAME, Home, Server, Settings, write_private

_SERVER_CLASS: Final = "org.neo4j.server.CommunityEntryPoint"
_ADMIN_CLASS: Final = "org.neo4j.server.startup.Neo4jAdminCommand"
_STARTS_WITHIN_S: Final = 180.0
_STOPS_WITHIN_S: Final = 120.0
_LOOK_EVERY_S: Final = 0.2
_LOG_LINES_TOLD: Final = 8
_JAVA_OPTIONS: Final = (
    "-XX:+UseParallelGC",  # of the collectors the one that takes least from two cores
    "-XX:-OmitStackTraceInFastThrow",
    "-XX:+ExitOnOutOfMemoryError",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Djdk.nio.maxCachedBufferSize=1024",
    *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ("java.nio", "java.io", "sun.nio.ch")),
)


def running(home: Home) -> Server | None:
    """The server that runs in this home: the process that was recorded, if it still is that process."""
    server = home.recorded()
    if server is None or processes.started(server.pid) != server.started:
        return None
    return server if str(home.path) in processes.command_line(server.pid) else None


def start(home: Home, settings: Settings, *, tied: bool = False, tell: Tell = lambda _: None) -> Server:
    """Start Neo4j in this home and wait until it answers; where it runs already, that one.

    `tied`: it ends when this process does (Linux); else it goes on until `stop`. Raises LedgerUnavailable in one line
    where a port is taken, the jars cannot be had, or the server does not come up.
    """
    home.make()
    with _alone(home):
        server = running(home)
        if server is None:
            for port in (settings.bolt_port, settings.http_port):
                _check_free(port)
            class_path = jars(tell, browser=settings.browser)
            home.configure(settings)
            _set_password(home, class_path, tell)
            tell("starting")
            server = _launch(home, settings, class_path, tied=tied)
            home.record(server)
        _wait_until_it_answers(home, server)
        return server


def stop(home: Home) -> Server | None:
    """Stop the server of this home and wait until its store is closed; None: none ran. Raises LedgerUnavailable."""
    if not home.path.exists():
        return None
    home.make()
    with _alone(home):
        server = running(home)
        if server is not None and not processes.end(server.pid, server.started, _STOPS_WITHIN_S):
            raise LedgerUnavailable(
                f"Neo4j (pid {server.pid}) has not ended in {_STOPS_WITHIN_S:.0f} s; see {home.log}"
            )
        home.record(None)
        return server


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    with home.lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise LedgerUnavailable(
                f"port {port} cannot be listened on: {error.strerror}; choose others with --bolt-port and --http-port"
            ) from None


def _set_password(home: Home, class_path: list[Path], tell: Tell) -> None:
    """Before its first start, so that the server never runs with a password that everybody knows."""
    password = home.password()
    if home.has_password:
        return
    tell("giving it a password")
    arguments = home.path / "run" / "password.arguments"
    command = ("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", _joined(class_path), _ADMIN_CLASS)
    # in a private file, because everybody may read a command line
    write_private(arguments, _argument_lines(*command, "dbms", "set-initial-password", password))
    try:
        done = subprocess.run(  # noqa: S603 - our own Java, no shell
            [java(), f"@{arguments}"],
            env=_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_STARTS_WITHIN_S,
            check=False,
        )
    finally:
        arguments.unlink()
    if done.returncode:
        raise LedgerUnavailable(f"Neo4j takes no password: {_one_line(done.stdout)}")


def _launch(home: Home, settings: Settings, class_path: list[Path], *, tied: bool) -> Server:
    options = (f"-Xmx{settings.heap_mib}m", *_JAVA_OPTIONS, *settings.java_options)
    write_private(home.java_arguments, _argument_lines(*options, "-cp", _joined(class_path)))
    command = [
        str(java()),
        f"@{home.java_arguments}",
        _SERVER_CLASS,
        f"--home-dir={home.path}",
        f"--config-dir={home.path / 'conf'}",
    ]
    with home.log.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own Java, no shell
            command,
            env=_environment(home),
            cwd=home.path,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=processes.die_with_parent if tied else None,  # noqa: PLW1509 - no threads of ours hold a lock
        )
    # it outlives us and is found again by its pid: not a child to wait for, so no warning that it still runs
    process.returncode = 0
    return Server(
        pid=process.pid,
        started=processes.started(process.pid),
        bolt_port=settings.bolt_port,
        http_port=settings.http_port,
        browser=settings.browser,
    )


def _wait_until_it_answers(home: Home, server: Server) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    while not _listens(server.bolt_port):
        _check_alive(home, server)
        if time.monotonic() > until:
            raise LedgerUnavailable(f"Neo4j does not answer after {_STARTS_WITHIN_S:.0f} s: {_last_words(home)}")
        time.sleep(_LOOK_EVERY_S)
    while True:
        try:
            with GraphDatabase.driver(server.uri, auth=(USERNAME, home.password())) as driver:
                driver.execute_query("RETURN 1", database_="neo4j")
            return
        except AuthError:
            raise LedgerUnavailable(
                f"Neo4j refuses the password in {home.password_file}: put the right one there, "
                f"or begin with an empty store by removing {home.path}"
            ) from None
        except (Neo4jError, DriverError) as error:
            _check_alive(home, server)
            if time.monotonic() > until:
                raise LedgerUnavailable(f"Neo4j does not answer: {_one_line(str(error))}") from error
            time.sleep(_LOOK_EVERY_S)


def _check_alive(home: Home, server: Server) -> None:
    _reap(server.pid)
    if processes.started(server.pid) != server.started:
        home.record(None)
        raise LedgerUnavailable(f"Neo4j ended while it started: {_last_words(home)}")


def _reap(pid: int) -> None:
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _last_words(home: Home) -> str:
    lines = home.log.read_text(encoding="utf-8", errors="replace").splitlines() if home.log.exists() else []
    told = [line.strip() for line in lines if line.strip() and not line.startswith("\tat ")]
    return f"{' | '.join(told[-_LOG_LINES_TOLD:]) or 'it said nothing'} (all of it: {home.log})"


def _one_line(text: str) -> str:
    return " | ".join(line.strip() for line in text.splitlines() if line.strip())[:500]


def _joined(class_path: list[Path]) -> str:
    return os.pathsep.join(map(str, class_path))


def _argument_lines(*arguments: str) -> str:
    """As `java @FILE` reads them: quoted, with backslashes doubled."""
    return "".join('"' + argument.replace("\\", "\\\\").replace('"', '\\"') + '"\n' for argument in arguments)


def _environment(home: Home) -> dict[str, str]:
    """Ours, but for what would change how Java or Neo4j runs."""
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("JAVA", "JDK_", "_JAVA", "NEO4J"))
    }
    return {**ours, "NEO4J_HOME": str(home.path), "NEO4J_CONF": str(home.path / "conf")}
