"""Processes by pid, told apart from another that got the same pid later."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_LOOK_EVERY_S: Final = 0.1


def started(pid: int) -> str:
    """When a process began, in the system's own words; empty: there is no such process, or it has ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return "" if sys.platform == "linux" else _asked("lstart=", pid)
    state, *fields = stat.rpartition(") ")[2].split()
    return "" if state == "Z" else fields[18]


def command_line(pid: int) -> str:
    """The command that a process runs; empty: there is no such process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except FileNotFoundError:
        return "" if sys.platform == "linux" else _asked("command=", pid)


def _asked(what: str, pid: int) -> str:
    done = subprocess.run(["ps", "-o", what, "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
    return done.stdout.strip()


def end(pid: int, began: str, seconds: float) -> bool:
    """Ask a process to end and wait for it; whether it ended in time."""
    os.kill(pid, signal.SIGTERM)
    return gone(pid, began, seconds)


def gone(pid: int, began: str, seconds: float) -> bool:
    """Wait until a process is gone; whether it went in time."""
    until = time.monotonic() + seconds
    while started(pid) == began:
        if time.monotonic() > until:
            return False
        time.sleep(_LOOK_EVERY_S)
    return True


def die_with_parent() -> None:
    """In a child before it runs its program: the system ends it when its parent does, however that ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
