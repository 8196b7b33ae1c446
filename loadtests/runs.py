"""One run from begin to verdict: generators as processes of their own, watched; what they saw, and what it means.

Locust runs in other processes, for it rewrites much of Python's library in its own.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import psutil

from loadtests.errors import LoadTestError
from loadtests.objectives import Objectives, Verdict, judge
from loadtests.plan import Plan
from loadtests.recording import Samples
from loadtests.watching import Look, Watch, busiest, pid_at

LOCUSTFILE: Final = Path(__file__).with_name("locustfile.py")
POOL: Final = 200
"""Users of all generators together: how many requests may be under way."""
_START_SECONDS_MAX: Final = 120.0
_END_SECONDS_MAX: Final = 180.0
_WORKERS_SECONDS_MAX: Final = 120

Told = Callable[[float, dict[str, int]], None]
"""Seconds since the begin, and counts: due, begun, dropped, false_permits."""


@dataclass(frozen=True)
class Run:
    """What one run was and what came of it. `service` and `generators` are looks whose time counts from the begin."""

    plan: Plan
    url: str
    begun: str
    processes: int
    pool: int
    samples: Samples
    generators: list[Look]
    service: list[Look]
    verdict: Verdict
    machine: dict[str, Any]

    @property
    def generator_cpu(self) -> float | None:
        """Of the busiest process in its busiest ten seconds, in cores."""
        return busiest(self.generators, 0.0, self.plan.seconds)

    @property
    def rate(self) -> float:
        """Requests a second that were answered, well or not, over the plan's time."""
        return self.samples.whole.count / self.plan.seconds

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "plan": json.loads(self.plan.dumps()),
            "url": self.url,
            "begun": self.begun,
            "processes": self.processes,
            "pool": self.pool,
            "samples": self.samples.as_json(),
            "generators": [look._asdict() for look in self.generators],
            "service": [look._asdict() for look in self.service],
            "verdict": asdict(self.verdict),
            "machine": self.machine,
        }


def machine() -> dict[str, Any]:
    """Where a figure was measured."""
    return {
        "cores": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        "load_average": [round(value, 2) for value in os.getloadavg()],
        "python": platform.python_version(),
        "machtigen": version("machtigen"),
        "locust": version("locust"),
    }


def run(
    plan: Plan,
    url: str,
    objectives: Objectives,
    *,
    processes: int = 1,
    pool: int = POOL,
    told: Told | None = None,
    during: Callable[[float], None] | None = None,
) -> Run:
    """Load `url` as planned. `during` is called once a second with the seconds since the begin (a fault, say).

    Raises LoadTestError where the service does not answer or the generators do not begin.
    """
    begun = time.strftime("%Y-%m-%dT%H:%M:%S%z")
    before = machine()
    pid = pid_at(url)
    with tempfile.TemporaryDirectory(prefix="loadtest-") as folder:
        generator = _Generator(plan, url, Path(folder), processes, pool)
        try:
            watches = [Watch(generator.pid).start(), *([Watch(pid).start()] if pid is not None else [])]
            begin = generator.follow(told or (lambda seconds, counts: None), during)
            looks = [_since(watch, begin) for watch in watches]
            samples = generator.samples()
        finally:
            generator.end()
    missing = processes - samples.generators
    cpu = busiest(looks[0], 0.0, plan.seconds)
    return Run(
        plan=plan,
        url=url,
        begun=begun,
        processes=processes,
        pool=pool,
        samples=samples,
        generators=looks[0],
        service=looks[1] if len(looks) > 1 else [],
        verdict=judge(objectives, samples, cpu, missing),
        machine=before | {"load_average_after": [round(value, 2) for value in os.getloadavg()]},
    )


def _since(watch: Watch, begin: float) -> list[Look]:
    shift = watch.begin - begin
    return [look._replace(at_s=round(look.at_s + shift, 3)) for look in watch.stop()]


def free_port() -> int:
    """Any."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


class _Generator:
    """Locust with our locustfile, in one process or as master and workers."""

    def __init__(self, plan: Plan, url: str, folder: Path, processes: int, pool: int) -> None:
        self._plan, self._samples, self._errors = plan, folder / "samples.json", folder / "stderr"
        (folder / "plan.json").write_text(plan.dumps(), encoding="utf-8")
        command = [str(Path(sys.executable).with_name("locust")), "-f", str(LOCUSTFILE)]
        command += ["--headless", "--only-summary", "--host", url, "--plan", f"@{folder / 'plan.json'}"]
        command += ["--samples", str(self._samples), "--progress", "-u", str(pool), "-r", str(pool)]
        command += ["--exit-code-on-error", "0", "--run-time", f"{int(plan.seconds + _END_SECONDS_MAX)}s"]
        if processes > 1:
            port = str(free_port())
            command += ["--processes", str(processes), "--master-bind-host", "127.0.0.1", "--master-host", "127.0.0.1"]
            command += ["--master-bind-port", port, "--master-port", port]
            command += ["--expect-workers-max-wait", str(_WORKERS_SECONDS_MAX)]
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - our own
                command, stdout=subprocess.PIPE, stderr=errors, start_new_session=True, cwd=LOCUSTFILE.parent.parent
            )
        self._counts: dict[int, dict[str, int]] = {}
        self._begin: float | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Of the first process."""
        return self._process.pid

    def _read(self) -> None:
        """Lines of progress: a JSON object from each generator each second; whatever else it prints is Locust's."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(b"{"):
                with suppress(ValueError, KeyError):
                    found = json.loads(line)
                    self._counts[found.pop("part")] = found
                    if self._begin is None:
                        self._begin = time.monotonic() - found.pop("seconds")

    def follow(self, told: Told, during: Callable[[float], None] | None) -> float:
        """Until it ends; the begin on the monotonic clock."""
        started = time.monotonic()
        while self._process.poll() is None:
            time.sleep(0.25)
            now = time.monotonic()
            if self._begin is None:
                if now - started > _START_SECONDS_MAX:
                    raise LoadTestError(f"the generators did not begin in {_START_SECONDS_MAX:.0f} s: {self._said()}")
                continue
            seconds = now - self._begin
            told(seconds, self._summed())
            if during is not None:
                during(seconds)
            if seconds > self._plan.seconds + _END_SECONDS_MAX + 30.0:
                raise LoadTestError("the generators did not end")
        self._reader.join(5.0)
        if self._begin is None or not self._samples.exists():
            raise LoadTestError(self._said())
        return self._begin

    def _summed(self) -> dict[str, int]:
        names = ("due", "begun", "dropped", "false_permits")
        return {name: sum(counts.get(name, 0) for counts in list(self._counts.values())) for name in names}

    def samples(self) -> Samples:
        """What all of them saw."""
        return Samples.from_json(json.loads(self._samples.read_text(encoding="utf-8")))

    def _said(self) -> str:
        lines = self._errors.read_text(encoding="utf-8", errors="replace").splitlines()
        own = [line.partition("loadtest: ")[2] for line in lines if line.startswith("loadtest: ")]
        return own[0] if own else f"the generator ended: {lines[-1] if lines else 'it said nothing'}"

    def end(self) -> None:
        """None of its processes stays."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
