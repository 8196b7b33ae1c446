"""CPU and memory of processes beside a run: the generator's, to know whether it was the limit, and the service's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import psutil

EVERY_S: Final = 1.0
WINDOW_S: Final = 10.0
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class Look(NamedTuple):
    """`cpu` in cores since the look before, `busiest` of one process; `memory` of their own in bytes.

    Pages that are shared, such as those of the graph's file, are the system's to take back and do not count.
    """

    at_s: float
    cpu: float
    busiest: float
    memory: int


class Watch:
    """Looks at a process and its children each second, from `start` to `stop`."""

    def __init__(self, pid: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.looks: list[Look] = []
        self._root, self._clock = pid, clock
        self._begin = clock()
        self._used: dict[tuple[int, float], float] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._before = self._begin
        self._look(first=True)

    def start(self) -> Watch:
        """In a thread of its own."""
        self._thread.start()
        return self

    def stop(self) -> list[Look]:
        """What was seen."""
        self._ended.set()
        self._thread.join()
        return self.looks

    @property
    def begin(self) -> float:
        """On the clock."""
        return self._begin

    def _run(self) -> None:
        while not self._ended.wait(EVERY_S):
            self._look()

    def _look(self, *, first: bool = False) -> None:
        now = self._clock()
        passed, memory, spent = now - self._before, 0, [0.0]
        for process in _tree(self._root):
            with suppress(psutil.Error):
                key = (process.pid, process.create_time())
                times = process.cpu_times()
                used = times.user + times.system
                # a process that was not there before has used all of it since
                spent.append(used - self._used.get(key, 0.0))
                self._used[key] = used
                held = process.memory_info()
                memory += held.rss - getattr(held, "shared", 0)
        self._before = now
        if not first and passed > 0.0:
            self.looks.append(Look(now - self._begin, sum(spent) / passed, max(spent) / passed, memory))


def _tree(pid: int) -> Sequence[psutil.Process]:
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.Error:
        return []


def busiest(looks: Sequence[Look], begin_s: float, end_s: float) -> float | None:
    """The share of a core that the busiest process used in its busiest ten seconds; None where nobody looked."""
    values = [look.busiest for look in looks if begin_s <= look.at_s <= end_s]
    width = max(1, min(len(values), round(WINDOW_S / EVERY_S)))
    means = [sum(values[i : i + width]) / width for i in range(len(values) - width + 1)]
    return max(means, default=None)


def pid_at(url: str) -> int | None:
    """The process that listens there, if it is on this machine and we may see it; of several the one that began."""
    address = urlsplit(url)
    if address.hostname not in _LOOPBACK:
        return None
    with suppress(psutil.Error, PermissionError):
        found = {
            each.pid
            for each in psutil.net_connections("tcp")
            if each.status == psutil.CONN_LISTEN and each.laddr and each.laddr.port == address.port and each.pid
        }
        children = {child.pid for pid in found for child in _tree(pid)[1:]}
        parents = {psutil.Process(pid).ppid() for pid in found}
        # workers share the port: their parent has them all
        if len(found) > 1 and len(parents) == 1:
            return parents.pop()
        return min(found - children, default=None)
    return None
