"""Run the real generator, Locust and all, in processes of its own; and small servers to aim it at."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from loadtests.plan import Plan
from loadtests.recording import Samples

ROOT = Path(__file__).parent.parent.parent
LOCUST = str(Path(sys.executable).parent / "locust")
LOCUSTFILE = str(ROOT / "loadtests/locustfile.py")
SECONDS_MAX = 120


def command(url: str, *arguments: str) -> list[str]:
    return [LOCUST, "-f", LOCUSTFILE, "--headless", "--only-summary", "--host", url, *arguments]


def generated(url: str, plan: Plan, folder: Path, *arguments: str, pool: int = 100) -> Samples:
    """What one run of one process, or of `--processes`, saw."""
    (folder / "plan.json").write_text(plan.dumps())
    told = ("--plan", f"@{folder / 'plan.json'}", "--samples", str(folder / "samples.json"))
    with started(command(url, *told, "-u", str(pool), "-r", str(pool), *arguments)) as process:
        out, _ = process.communicate(timeout=SECONDS_MAX + plan.seconds)
    assert "Traceback" not in out, out[-3000:]
    assert (folder / "samples.json").exists(), out[-2000:]
    return Samples.from_json(json.loads((folder / "samples.json").read_text()))


@contextmanager
def started(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A process and its children, none of which outlives the test."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(SECONDS_MAX)
        if process.stdout is not None:
            process.stdout.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def stalling(*arguments: str) -> Iterator[str]:
    """The URL of a server of simulation.md table 1.3."""
    program = str(Path(__file__).with_name("stalling_server.py"))
    process = subprocess.Popen([sys.executable, program, *arguments], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(SECONDS_MAX)
        process.stdout.close()
