"""Whose turn it is: of all processes that share a file, one holds it."""

from __future__ import annotations

import asyncio
import fcntl
import os
from pathlib import Path
from typing import Literal, NamedTuple

Role = Literal["serve", "sync"]


class Holder(NamedTuple):
    """The process that has the turn, and what it is: a server, which keeps it, or a command that ends."""

    process: int
    role: str


class Turn:
    """A lock that the operating system takes back when its process ends, however it ends. The file says whose it is."""

    def __init__(self, path: Path, role: Role = "serve") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._role = role
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self) -> bool:
        """Take the turn if no other process has it; whether we have it now."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()} {self._role}\n".encode(), 0)
        return True

    async def wait(self, every_s: float) -> None:
        """Until we have the turn, looking so often."""
        while not self.take():  # noqa: ASYNC110 - the lock is of the operating system
            await asyncio.sleep(every_s)

    def holder(self) -> Holder | None:
        """Who has it, where another has; None: it has not said so yet."""
        process, _, role = os.pread(self._file, 100, 0).decode("ascii", "replace").strip().partition(" ")
        return Holder(int(process), role) if process.isdigit() else None

    def give_up(self) -> None:
        """Let another have it; for good."""
        os.close(self._file)
