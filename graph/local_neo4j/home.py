"""Where a local Neo4j lives: one folder with its configuration, store, logs, password, and who runs it now."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

import msgspec

USERNAME: Final = "neo4j"
HOST: Final = "127.0.0.1"

_CONFIGURATION: Final = """\
# Written anew by every `machtigen neo4j start`.
server.bolt.listen_address={host}:{bolt_port}
server.bolt.advertised_address={host}:{bolt_port}
server.http.listen_address={host}:{http_port}
server.http.advertised_address={host}:{http_port}
server.https.enabled=false
server.memory.pagecache.size={page_cache_mib}m
dbms.security.auth_enabled=true
dbms.usage_report.enabled=false
client.allow_telemetry=false
# else an empty database takes 500 MB
db.tx_log.preallocate=false
db.tx_log.rotation.size=64m
db.tx_log.rotation.retention_policy=keep_none
# else every stop waits ten seconds for connections that are closed already
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
"""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How it is to run; memory in MiB. `browser`: with Neo4j Browser's pages."""

    bolt_port: int = 7687
    http_port: int = 7474
    browser: bool = False
    heap_mib: int = 1024
    page_cache_mib: int = 256
    java_options: tuple[str, ...] = ()


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A process that runs Neo4j in a home. `started`: as the system tells it, so that a reused pid is not ours."""

    pid: int
    started: str
    bolt_port: int
    http_port: int
    browser: bool

    @property
    def uri(self) -> str:
        """What a driver connects to."""
        return f"neo4j://{HOST}:{self.bolt_port}"

    @property
    def http(self) -> str:
        """Where Neo4j answers over HTTP."""
        return f"http://{HOST}:{self.http_port}/"

    @property
    def browser_page(self) -> str | None:
        """Neo4j Browser, which then asks for the password; None: started without it."""
        return f"{self.http}browser/?dbms=neo4j://{USERNAME}@{HOST}:{self.bolt_port}" if self.browser else None


class Home:
    """The folder of one local Neo4j. Only its owner may look into it."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).absolute()

    @property
    def password_file(self) -> Path:
        """Readable by its owner alone."""
        return self.path / "password"

    @property
    def log(self) -> Path:
        """What the process says, from its last start on."""
        return self.path / "logs" / "process.log"

    @property
    def java_arguments(self) -> Path:
        """Read by `java @FILE`: hundreds of jars make no good command line."""
        return self.path / "run" / "java.arguments"

    @property
    def lock(self) -> Path:
        """Held by whoever starts or stops it."""
        return self.path / "run" / "lock"

    @property
    def has_password(self) -> bool:
        """Whether the store has been given one."""
        return (self.path / "data" / "dbms" / "auth.ini").exists() or (
            self.path / "data" / "databases" / "system"
        ).exists()

    @property
    def _record(self) -> Path:
        return self.path / "run" / "server.json"

    def make(self) -> None:
        """Make the folders that are missing."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in ("conf", "logs", "run"):
            (self.path / name).mkdir(exist_ok=True)

    def password(self) -> str:
        """The password of the user `neo4j`; made at random the first time."""
        if not self.password_file.exists():
            write_private(self.password_file, secrets.token_urlsafe(18))
        return self.password_file.read_text(encoding="utf-8").strip()

    def configure(self, settings: Settings) -> None:
        """Write the server's configuration."""
        text = _CONFIGURATION.format(host=HOST, **msgspec.structs.asdict(settings))
        (self.path / "conf" / "neo4j.conf").write_text(text, encoding="utf-8")

    def record(self, server: Server | None) -> None:
        """Remember which process runs here, or that none does."""
        if server is None:
            self._record.unlink(missing_ok=True)
        else:
            self._record.write_bytes(msgspec.json.encode(server))

    def recorded(self) -> Server | None:
        """The process that was started here last, if it has not been stopped."""
        try:
            return msgspec.json.decode(self._record.read_bytes(), type=Server)
        except (FileNotFoundError, msgspec.MsgspecError):
            return None


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
