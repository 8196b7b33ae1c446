"""The desk's file, and what is in it by topic."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from graph.desk.attempts import Attempts
from graph.desk.database import Database
from graph.desk.deeds import Deeds
from graph.desk.outbox import Outbox
from graph.desk.requests import Requests
from graph.registers.store import store_path


def desk_path(graph: str, environment: Mapping[str, str]) -> Path:
    """Beside what the connectors of this graph remember, unless MACHTIGEN_DESK says where."""
    configured = environment.get("MACHTIGEN_DESK")
    return Path(configured) if configured else store_path(graph, environment).with_suffix(".desk.sqlite")


class Desk:
    """Opened once a process; several processes may share the file."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path)
        self.requests = Requests(self.database)
        self.attempts = Attempts(self.database)
        self.deeds = Deeds(self.database)
        self.outbox = Outbox(self.database)

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()
