"""Whose turn it is: of all processes that share a file, one holds it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Turn:
    """A lock that the operating system takes back when its process ends, however it ends. The file has its number."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self) -> bool:
        """Take the turn if no other process has it; whether we have it now."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
        return True

    def give_up(self) -> None:
        """Let another have it; for good."""
        os.close(self._file)
